//! The shape in which clients see a game: string ids, numbers, `format_name`, `version`, `tags`.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::meta::VERSION;
use super::{
    Action, DomainValue, ExtensiveGame, Game, InfosetId, MaidGame, MaidKind, Meta, Mover, Name,
    Node, NodeId, NormalGame, Target,
};
use crate::rational::Rational;

/// The name under which nature moves.
pub const CHANCE: &str = "Chance";

impl Game {
    /// The game as the API shows it. Numbers are doubles (whole payoffs of a tree are integers): the exact ones stay in the storage form.
    pub fn wire(&self) -> Value {
        self.shown(Numbers::Doubles)
    }

    /// The same shape with every number as it is.
    pub fn shown(&self, numbers: Numbers) -> Value {
        let mut shown = Map::new();
        put_meta(&mut shown, self.meta());
        let players = match self {
            Game::Maid(_) => "agents",
            _ => "players",
        };
        shown.insert(players.to_owned(), json!(self.players()));
        match self {
            Game::Extensive(game) => put_tree(&mut shown, game, numbers),
            Game::Normal(game) => put_table(&mut shown, game, numbers),
            Game::Maid(game) => put_diagram(&mut shown, game, numbers),
            Game::Vegas(game) => {
                shown.insert("source_code".to_owned(), json!(game.source_code));
            }
        }
        shown.insert("version".to_owned(), json!(VERSION));
        shown.insert("tags".to_owned(), json!(self.tags()));
        shown.insert("format_name".to_owned(), json!(self.format().name()));
        Value::Object(shown)
    }
}

/// How numbers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// As [`number`] and [`whole_or_number`] do.
    Doubles,
    /// Exactly: as a JSON number where its shortest decimal is the number, else as a text like `"2/3"`.
    Exact,
}

impl Numbers {
    fn number(self, value: &Rational) -> Value {
        match self {
            Numbers::Doubles => number(value),
            Numbers::Exact => exact(value),
        }
    }

    fn whole_or_number(self, value: &Rational) -> Value {
        match self {
            Numbers::Doubles => whole_or_number(value),
            Numbers::Exact => exact(value),
        }
    }
}

/// A number as a double, or as text when no double is large enough for it.
pub fn number(value: &Rational) -> Value {
    let double = value.to_f64();
    if double.is_finite() {
        json!(double)
    } else {
        json!(value.to_string())
    }
}

/// A number as an integer when it is a small one, else as [`number`].
pub fn whole_or_number(value: &Rational) -> Value {
    match i64::try_from(value.numerator()) {
        Ok(whole) if value.is_integer() => json!(whole),
        _ => number(value),
    }
}

fn exact(value: &Rational) -> Value {
    let shown = whole_or_number(value);
    if Rational::parse(&shown.to_string()).as_ref() == Ok(value) {
        shown
    } else {
        json!(value.to_string())
    }
}

fn put_meta(shown: &mut Map<String, Value>, meta: &Meta) {
    shown.insert("id".to_owned(), json!(meta.id));
    shown.insert("title".to_owned(), json!(meta.title));
    if let Some(description) = &meta.description {
        shown.insert("description".to_owned(), json!(description));
    }
}

fn put_tree(shown: &mut Map<String, Value>, game: &ExtensiveGame, numbers: Numbers) {
    let tree = Tree {
        game,
        numbers,
        sets: set_ids(game),
    };
    let nodes: Map<String, Value> = game
        .preorder()
        .iter()
        .map(|id| (game.node(*id).id.to_string(), tree.node(game.node(*id))))
        .collect();
    let outcomes: Map<String, Value> = game
        .outcomes()
        .iter()
        .map(|outcome| {
            let payoffs: Map<String, Value> = game
                .players()
                .iter()
                .zip(&outcome.payoffs)
                .map(|(player, payoff)| (player.clone(), numbers.whole_or_number(payoff)))
                .collect();
            (
                outcome.id.to_string(),
                json!({"label": outcome.label, "payoffs": payoffs}),
            )
        })
        .collect();
    shown.insert("root".to_owned(), json!(target_id(game, game.root())));
    shown.insert("nodes".to_owned(), Value::Object(nodes));
    shown.insert("outcomes".to_owned(), Value::Object(outcomes));
    if let Some(text) = game.efg_content() {
        shown.insert("efg_content".to_owned(), json!(text));
    }
    if !game.maid_to_efg_nodes().is_empty() {
        let names = |nodes: &[NodeId]| {
            nodes
                .iter()
                .map(|node| json!(game.node(*node).id))
                .collect()
        };
        let places: Map<String, Value> = game
            .maid_to_efg_nodes()
            .iter()
            .map(|(decision, nodes)| (decision.clone(), Value::Array(names(nodes))))
            .collect();
        shown.insert("maid_to_efg_nodes".to_owned(), Value::Object(places));
    }
}

/// An id for every information set that needs one: its own, unless it has none or another set has it too.
fn set_ids(game: &ExtensiveGame) -> Vec<Option<Name>> {
    let mut taken: HashSet<Name> = HashSet::with_capacity(game.infosets().len());
    let mut ids: Vec<Option<Name>> = game
        .infosets()
        .iter()
        .map(|set| set.id.clone().filter(|id| taken.insert(id.clone())))
        .collect();
    for (number, id) in ids.iter_mut().enumerate() {
        let set = InfosetId::new(number);
        if id.is_none() && (game.members(set).len() > 1 || game.infoset(set).id.is_some()) {
            *id = (number..)
                .map(|number| Name::from(format!("h_{number}")))
                .find(|name| taken.insert(name.clone()));
        }
    }
    ids
}

struct Tree<'a> {
    game: &'a ExtensiveGame,
    numbers: Numbers,
    sets: Vec<Option<Name>>,
}

impl Tree<'_> {
    fn node(&self, node: &Node) -> Value {
        let game = self.game;
        let mut shown = Map::new();
        shown.insert("id".to_owned(), json!(node.id));
        if !node.label.is_empty() {
            shown.insert("label".to_owned(), json!(node.label));
        }
        let (player, infoset) = match node.mover {
            Mover::Chance => (CHANCE, None),
            Mover::Infoset(set) => (
                game.players()[game.infoset(set).player.index()].as_str(),
                self.sets[set.index()].as_ref(),
            ),
        };
        shown.insert("player".to_owned(), json!(player));
        let actions = node.actions.iter().map(|action| self.action(action));
        shown.insert("actions".to_owned(), actions.collect());
        if let Some(id) = infoset {
            shown.insert("information_set".to_owned(), json!(id));
        }
        if let Some(outcome) = node.outcome {
            shown.insert("outcome".to_owned(), json!(game.outcome(outcome).id));
        }
        if let Some(warning) = &node.warning {
            shown.insert("warning".to_owned(), json!(warning));
        }
        Value::Object(shown)
    }

    fn action(&self, action: &Action) -> Value {
        let mut shown = Map::new();
        shown.insert("label".to_owned(), json!(action.label));
        let target = target_id(self.game, action.target);
        shown.insert("target".to_owned(), json!(target));
        if let Some(probability) = &action.probability {
            shown.insert("probability".to_owned(), self.numbers.number(probability));
        }
        if let Some(warning) = &action.warning {
            shown.insert("warning".to_owned(), json!(warning));
        }
        Value::Object(shown)
    }
}

fn target_id(game: &ExtensiveGame, target: Target) -> &Name {
    match target {
        Target::Node(node) => &game.node(node).id,
        Target::Outcome(outcome) => &game.outcome(outcome).id,
    }
}

fn put_table(shown: &mut Map<String, Value>, game: &NormalGame, numbers: Numbers) {
    let number = |payoff| numbers.number(payoff);
    let mut level: Vec<Value> = (0..game.profiles())
        .map(|profile| game.payoffs_at(profile).iter().map(number).collect())
        .collect();
    for size in game.sizes().into_iter().rev() {
        level = level
            .chunks(size)
            .map(|row| Value::Array(row.to_vec()))
            .collect();
    }
    shown.insert("strategies".to_owned(), json!(game.strategies()));
    shown.insert("payoffs".to_owned(), level.pop().unwrap_or_default());
    if !game.maid_decision_to_player().is_empty() {
        let players: Map<String, Value> = game
            .maid_decision_to_player()
            .iter()
            .map(|(decision, player)| (decision.clone(), json!(game.players()[player.index()])))
            .collect();
        shown.insert("maid_decision_to_player".to_owned(), Value::Object(players));
    }
}

fn put_diagram(shown: &mut Map<String, Value>, game: &MaidGame, numbers: Numbers) {
    let number = |entry| numbers.number(entry);
    let id = |position: &usize| game.nodes()[*position].id.as_str();
    let value = |value: &DomainValue| match value {
        DomainValue::Text(text) => json!(text),
        DomainValue::Number(exact) => numbers.whole_or_number(exact),
        DomainValue::Truth(truth) => json!(truth),
    };
    let nodes = game.nodes().iter().map(|node| {
        let mut item = Map::new();
        item.insert("id".to_owned(), json!(node.id));
        let (kind, agent) = match node.kind {
            MaidKind::Chance => ("chance", None),
            MaidKind::Decision(agent) => ("decision", Some(agent)),
            MaidKind::Utility(agent) => ("utility", Some(agent)),
        };
        item.insert("type".to_owned(), json!(kind));
        if let Some(agent) = agent {
            item.insert("agent".to_owned(), json!(game.agents()[agent.index()]));
        }
        item.insert("domain".to_owned(), node.domain.iter().map(value).collect());
        Value::Object(item)
    });
    shown.insert("nodes".to_owned(), nodes.collect());
    let edges = game
        .edges()
        .iter()
        .map(|(source, target)| json!({"source": id(source), "target": id(target)}));
    shown.insert("edges".to_owned(), edges.collect());
    let cpds = game.cpds().iter().map(|cpd| {
        let mut values: Vec<Vec<Value>> = cpd
            .values
            .iter()
            .map(|row| row.iter().map(number).collect())
            .collect();
        if cpd.parents.is_empty() {
            // The contract's clients write and read one distribution as one row.
            values = vec![values.concat()];
        }
        let parents: Vec<&str> = cpd.parents.iter().map(id).collect();
        json!({"node": id(&cpd.node), "parents": parents, "values": values})
    });
    shown.insert("cpds".to_owned(), cpds.collect());
}
