//! A game as the document describes it. The engine makes the JSON; here is only its shape.

use std::borrow::Cow;
use std::collections::BTreeMap;

use poem_openapi::registry::{MetaSchemaRef, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{Enum, Object, Union};
use serde_json::{Value, json};

/// The engine's JSON, passed on as it is.
pub struct GameView(pub Value);

/// A game in one of its forms; `format_name` says in which.
#[derive(Union)]
#[oai(rename = "Game", discriminator_name = "format_name")]
enum Shape {
    #[oai(mapping = "extensive")]
    Extensive(ExtensiveGame),
    #[oai(mapping = "normal")]
    Normal(NormalGame),
    #[oai(mapping = "maid")]
    Maid(MaidGame),
    #[oai(mapping = "vegas")]
    Vegas(VegasGame),
}

/// A tree of decisions.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct ExtensiveGame {
    id: String,
    title: String,
    description: Option<String>,
    /// In playing order, nature not included.
    players: Vec<String>,
    /// The id of the node where play starts.
    root: String,
    /// By id.
    nodes: BTreeMap<String, DecisionNode>,
    /// By id.
    outcomes: BTreeMap<String, Outcome>,
    /// The file that it was read from, if that was an `.efg`.
    efg_content: Option<String>,
    /// Of a game made from an influence diagram: by the diagram's node, the nodes of the tree that stand for it.
    maid_to_efg_nodes: Option<BTreeMap<String, Vec<String>>>,
    /// Of this shape: `v1`.
    version: String,
    tags: Vec<String>,
}

/// A table of payoffs.
#[derive(Object)]
#[oai(rename = "NormalFormGame", skip_serializing_if_is_none)]
struct NormalGame {
    id: String,
    title: String,
    description: Option<String>,
    players: Vec<String>,
    /// Labels, one list per player.
    strategies: Vec<Vec<String>>,
    /// Of two players `payoffs[row][column]` is the pair of payoffs, in the order of the players; with more players there is a
    /// level more for each. Numbers, or texts where no double is large enough.
    payoffs: Value,
    /// Of a game made from an influence diagram: by the diagram's decision, who takes it.
    maid_decision_to_player: Option<BTreeMap<String, String>>,
    /// Of this shape: `v1`.
    version: String,
    tags: Vec<String>,
}

/// A multi-agent influence diagram.
#[derive(Object)]
#[oai(rename = "MAIDGame", skip_serializing_if_is_none)]
struct MaidGame {
    id: String,
    title: String,
    description: Option<String>,
    /// Those who decide; the players of this form.
    agents: Vec<String>,
    nodes: Vec<MaidNode>,
    edges: Vec<MaidEdge>,
    /// One for each chance and each utility node.
    cpds: Vec<TabularCpd>,
    /// Of this shape: `v1`.
    version: String,
    tags: Vec<String>,
}

/// A game written in the Vegas language.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct VegasGame {
    id: String,
    title: String,
    description: Option<String>,
    /// Roles in the order in which they join.
    players: Vec<String>,
    /// The program as it was uploaded.
    source_code: String,
    /// Of this shape: `v1`.
    version: String,
    tags: Vec<String>,
}

/// A variable of an influence diagram.
#[derive(Object)]
#[oai(rename = "MAIDNode", skip_serializing_if_is_none)]
struct MaidNode {
    id: String,
    #[oai(rename = "type")]
    kind: MaidNodeType,
    /// Whose decision or utility it is; a chance node is nobody's.
    agent: Option<String>,
    /// The values that it can take: actions, states of the world, or payoffs.
    domain: Vec<DomainValue>,
}

/// What a variable of an influence diagram stands for.
#[derive(Enum)]
#[oai(rename = "MAIDNodeType", rename_all = "lowercase")]
enum MaidNodeType {
    Chance,
    Decision,
    Utility,
}

/// A value of a variable; of a utility a number, or text where no double is large enough.
#[derive(Union)]
enum DomainValue {
    Truth(bool),
    Number(f64),
    // Last, for poem-openapi reads anything plain as text.
    Text(String),
}

/// What the target depends on; into a decision: what is known when it is taken.
#[derive(Object)]
#[oai(rename = "MAIDEdge")]
struct MaidEdge {
    /// The id of a node.
    source: String,
    /// The id of a node.
    target: String,
}

/// The distribution of a node given its parents.
#[derive(Object)]
#[oai(rename = "TabularCPD")]
struct TabularCpd {
    /// The id of the node whose values it gives.
    node: String,
    /// The ids of the nodes on which it depends.
    parents: Vec<String>,
    /// A row per value of the node, a column per configuration of the parents, the first parent's value most significant. Without
    /// parents one row that holds the distribution.
    values: Vec<Vec<f64>>,
}

/// A node where a player moves, or nature under the name `Chance`.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct DecisionNode {
    id: String,
    /// For people; analyses name a node by its information set or id.
    label: Option<String>,
    /// Who moves: one of `players`, or `Chance`.
    player: String,
    actions: Vec<Action>,
    /// Nodes that share it look alike to their player.
    information_set: Option<String>,
    /// The id of an outcome that passing this node adds.
    outcome: Option<String>,
    /// What the file warns of, or what was put right when it was read, such as probabilities that did not sum to 1.
    warning: Option<String>,
}

/// A move.
#[derive(Object)]
#[oai(skip_serializing_if_is_none)]
struct Action {
    /// As analyses name the move.
    label: String,
    /// The id of a node or an outcome.
    target: String,
    /// At a chance node, nature's.
    probability: Option<f64>,
    /// What the file warns of.
    warning: Option<String>,
}

/// An end of play, or what is collected on the way.
#[derive(Object)]
struct Outcome {
    label: String,
    /// By player.
    payoffs: BTreeMap<String, Payoff>,
}

/// A number, or text where no double is large enough.
#[derive(Union)]
enum Payoff {
    Number(f64),
    // Last, for poem-openapi reads anything plain as text.
    Text(String),
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
        if let Some(schema) = registry.schemas.get_mut(&*Self::name()) {
            schema.example = Some(example());
        }
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

fn example() -> Value {
    json!({
        "format_name": "normal",
        "id": "matching-pennies",
        "title": "Matching Pennies",
        "players": ["Matcher", "Mismatcher"],
        "strategies": [["Heads", "Tails"], ["Heads", "Tails"]],
        "payoffs": [[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]],
        "version": "v1",
        "tags": [],
    })
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
                Ok(Some(doubles(shown))),
                "{}",
                game.id()
            );
        }
    }

    /// The shape knows one type of number, JSON two.
    fn doubles(json: Value) -> Value {
        match json {
            Value::Number(number) => json!(number.as_f64()),
            Value::Array(items) => items.into_iter().map(doubles).collect(),
            Value::Object(fields) => {
                let fields = fields.into_iter();
                Value::Object(fields.map(|(key, value)| (key, doubles(value))).collect())
            }
            other => other,
        }
    }
}
