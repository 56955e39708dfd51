//! A game as the document describes it. The engine makes the JSON; here is only its shape.

use std::borrow::Cow;
use std::collections::BTreeMap;

use poem_openapi::Object;
use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{Example, ToJSON, Type};
use serde_json::{Value, json};

/// The engine's JSON, passed on as it is.
pub struct GameView(pub Value);

/// A game. One in extensive form has `root`, `nodes` and `outcomes`; one in normal form has `strategies` and `payoffs`.
#[derive(Object)]
#[oai(rename = "Game", example, skip_serializing_if_is_none)]
struct Shape {
    id: String,
    title: String,
    description: Option<String>,
    /// In playing order, nature not included.
    players: Vec<String>,
    /// The id of the node where play starts.
    root: Option<String>,
    /// By id.
    nodes: Option<BTreeMap<String, DecisionNode>>,
    /// By id.
    outcomes: Option<BTreeMap<String, Outcome>>,
    /// Labels, one list per player.
    strategies: Option<Vec<Vec<String>>>,
    /// Of two players `payoffs[row][column]` is the pair of payoffs; with more players there are more levels.
    payoffs: Option<Value>,
    /// The file that it was read from, if that was an `.efg`.
    efg_content: Option<String>,
    /// Of this shape: `v1`.
    version: String,
    tags: Vec<String>,
    /// `extensive` or `normal`.
    format_name: String,
}

/// A node where a player moves, or nature under the name `Chance`.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct DecisionNode {
    id: String,
    label: Option<String>,
    player: String,
    actions: Vec<Action>,
    /// Nodes that share it look alike to their player.
    information_set: Option<String>,
    /// The id of an outcome that passing this node adds.
    outcome: Option<String>,
    warning: Option<String>,
}

/// A move.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct Action {
    label: String,
    /// The id of a node or an outcome.
    target: String,
    /// At a chance node, nature's.
    probability: Option<f64>,
    warning: Option<String>,
}

/// An end of play, or what is collected on the way.
#[derive(Object)]
struct Outcome {
    label: String,
    /// By player. A number too large for a double is text.
    payoffs: BTreeMap<String, Value>,
}

impl Type for GameView {
    const IS_REQUIRED: bool = true;

    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        Shape::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        Shape::schema_ref()
    }

    fn register(registry: &mut Registry) {
        Shape::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(self.as_raw_value().into_iter())
    }
}

impl ToJSON for GameView {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

impl Example for Shape {
    fn example() -> Self {
        Self {
            id: "matching-pennies".to_owned(),
            title: "Matching Pennies".to_owned(),
            description: None,
            players: vec!["Matcher".to_owned(), "Mismatcher".to_owned()],
            root: None,
            nodes: None,
            outcomes: None,
            strategies: Some(vec![vec!["Heads".to_owned(), "Tails".to_owned()]; 2]),
            payoffs: Some(json!([
                [[1.0, -1.0], [-1.0, 1.0]],
                [[-1.0, 1.0], [1.0, -1.0]]
            ])),
            efg_content: None,
            version: "v1".to_owned(),
            tags: Vec::new(),
            format_name: "normal".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ParseFromJSON;

    use super::*;

    /// The shape admits what the engine shows, and nothing the engine shows is missing in it.
    #[test]
    fn every_example_game_has_this_shape() {
        for game in rookery_theory::examples() {
            let shown = game.wire();
            let read =
                Shape::parse_from_json(Some(shown.clone())).map_err(|error| error.into_message());
            assert_eq!(
                read.map(|shape| shape.to_json()),
                Ok(Some(shown)),
                "{}",
                game.id()
            );
        }
    }
}
