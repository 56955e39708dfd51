//! Diagrams written in a few words, read through the JSON reader, and analyses run on them.

use std::sync::atomic::AtomicBool;

use rookery_theory::{
    AnalysisError, AnalysisResult, Config, Control, Game, Limits, analyze, find, parse,
};
use serde_json::{Value, json};

/// A node with its parents and its table.
pub struct Item {
    node: Value,
    parents: Vec<String>,
    table: Option<Value>,
}

fn names(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub fn decision(id: &str, agent: &str, actions: &[&str], parents: &[&str]) -> Item {
    Item {
        node: json!({"id": id, "type": "decision", "agent": agent, "domain": actions}),
        parents: names(parents),
        table: None,
    }
}

/// A row for each value; no rows for no table.
pub fn chance(id: &str, values: &[&str], parents: &[&str], rows: &[&[&str]]) -> Item {
    Item {
        node: json!({"id": id, "type": "chance", "domain": values}),
        parents: names(parents),
        table: (!rows.is_empty()).then(|| json!(rows)),
    }
}

/// A payoff for each configuration; none for no table.
pub fn payoff(id: &str, agent: &str, parents: &[&str], payoffs: &[i64]) -> Item {
    Item {
        node: json!({"id": id, "type": "utility", "agent": agent}),
        parents: names(parents),
        table: (!payoffs.is_empty()).then(|| json!([payoffs])),
    }
}

pub fn diagram(agents: &[&str], items: &[Item]) -> Game {
    let id = |item: &Item| item.node["id"].clone();
    let nodes: Vec<&Value> = items.iter().map(|item| &item.node).collect();
    let edges: Vec<Value> = items
        .iter()
        .flat_map(|item| {
            let edge = move |parent: &String| json!({"source": parent, "target": id(item)});
            item.parents.iter().map(edge)
        })
        .collect();
    let cpds: Vec<Value> = items
        .iter()
        .filter_map(|item| {
            let values = item.table.as_ref()?;
            Some(json!({"node": id(item), "parents": item.parents, "values": values}))
        })
        .collect();
    let file = json!({
        "id": "d", "title": "D", "players": agents,
        "game_maid": {"nodes": nodes, "edges": edges, "cpds": cpds},
    });
    parse("d.json", file.to_string().as_bytes(), &Limits::default()).expect("a diagram")
}

pub fn run(game: &Game, analysis: &str, config: &Value) -> Result<AnalysisResult, AnalysisError> {
    let stop = AtomicBool::new(false);
    let config = Config::from_json(config)?;
    let info = find(analysis).expect("an analysis");
    analyze(game, info, &config, &Control::new(&stop))
}

/// Summary and details.
pub fn solve(game: &Game, analysis: &str, config: &Value) -> (String, Value) {
    let result = run(game, analysis, config).expect("it fits");
    (result.summary, Value::Object(result.details))
}
