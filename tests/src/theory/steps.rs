//! What most theory tests do first: upload a game, run an analysis on it, look at the equilibria.

use serde_json::{Value, json};

use crate::harness::{Node, Reply};

pub const AXELROD: &str = include_str!("../../games/axelrod.json");
pub const POKER: &str = include_str!("../../games/stripped-down-poker.efg");
pub const THREE_AGREE: &str = include_str!("../../games/three-agree.nfg");

/// Uploads a file that is a game and returns its id.
pub async fn upload(node: &Node, name: &str, content: &str) -> String {
    let game = node.post("/api/games/upload").file(name, content).await;
    id_of(&game.expect(200))
}

pub fn id_of(shown: &Value) -> String {
    shown["id"].as_str().expect("it has an id").to_owned()
}

/// Orders an analysis and waits for its result; a worker must be running.
pub async fn analysed(node: &Node, game: &str, plugin: &str, options: &[(&str, &str)]) -> Value {
    let task = node
        .post("/api/tasks")
        .query(&[("game_id", game), ("plugin", plugin)])
        .query(options)
        .header("prefer", "wait=60")
        .await
        .expect(200);
    assert_eq!(task["status"], "completed", "{task}");
    task["result"].clone()
}

/// The same with options in the body's `config`.
pub async fn analysed_with(node: &Node, game: &str, plugin: &str, config: Value) -> Value {
    let task = ordered_with(node, game, plugin, config).await.expect(200);
    assert_eq!(task["status"], "completed", "{task}");
    task["result"].clone()
}

/// The answer to such an order, be it a task or a refusal.
pub async fn ordered_with(node: &Node, game: &str, plugin: &str, config: Value) -> Reply {
    node.post("/api/tasks")
        .query(&[("game_id", game), ("plugin", plugin)])
        .json(&json!({ "config": config }))
        .header("prefer", "wait=60")
        .await
}

/// A number of a result is this, up to rounding.
#[track_caller]
pub fn assert_near(found: &Value, expected: f64, tolerance: f64) {
    let number = found
        .as_f64()
        .unwrap_or_else(|| panic!("{found} is no number"));
    assert!(
        (number - expected).abs() <= tolerance,
        "{number} is not {expected}"
    );
}

pub async fn nash(node: &Node, game: &str, options: &[(&str, &str)]) -> Value {
    analysed(node, game, "Nash Equilibrium", options).await
}

/// The equilibria of a result as exact mixtures, in an order of their own.
pub fn mixtures(result: &Value) -> Vec<Value> {
    let found = result["details"]["equilibria"]
        .as_array()
        .expect("a list of equilibria");
    let exact = found
        .iter()
        .map(|equilibrium| equilibrium["exact"]["strategies"].clone());
    sorted(exact.collect())
}

pub fn sorted(mut values: Vec<Value>) -> Vec<Value> {
    values.sort_by_key(Value::to_string);
    values
}

/// A two-player game whose equilibria take far longer to enumerate than any test: 40 × 40, drawn by a seed. Brute force over the
/// table finds one pure equilibrium in it, so that there is something to show at once.
pub fn endless_game() -> String {
    const SIZE: usize = 40;
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut draw = || {
        // Knuth's MMIX constants.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 1000
    };
    let payoffs: Vec<String> = (0..2 * SIZE * SIZE).map(|_| draw().to_string()).collect();
    format!(
        "NFG 1 R \"endless\" {{ \"Row\" \"Column\" }} {{ {SIZE} {SIZE} }}\n\n{}",
        payoffs.join(" ")
    )
}

/// A two-player game in which nothing is dominated, which shows only in the last column of each of 600 × 600 comparisons of rows.
pub fn stairs() -> String {
    const SIZE: usize = 600;
    let mut text = format!("NFG 1 R \"stairs\" {{ \"Row\" \"Column\" }} {{ {SIZE} {SIZE} }}\n\n");
    for column in 0..SIZE {
        for row in 0..SIZE {
            let sign = if column + 1 == SIZE { "-" } else { "" };
            text.push_str(&format!("{sign}{row} 0 "));
        }
    }
    text
}

/// Kuhn's poker (1950): three cards, an ante of one, a bet of one; the higher card wins.
pub fn kuhn_poker() -> String {
    let mut text = "EFG 2 R \"Kuhn poker\" { \"First\" \"Second\" }\n\n".to_owned();
    let deals: Vec<(u8, u8)> = (1..=3)
        .flat_map(|first| (1..=3).map(move |second| (first, second)))
        .filter(|(first, second)| first != second)
        .collect();
    let chances: Vec<String> = deals
        .iter()
        .map(|(a, b)| format!("\"{a}{b}\" 1/6"))
        .collect();
    text += &format!("c \"\" 1 \"\" {{ {} }} 0\n", chances.join(" "));
    let mut outcomes = 0;
    for (first, second) in deals {
        let mut end = |stake: i32| {
            outcomes += 1;
            format!("t \"\" {outcomes} \"\" {{ {stake}, {} }}\n", -stake)
        };
        let shown = |stake: i32| if first > second { stake } else { -stake };
        // Information sets: what the mover holds, and whether the other has bet.
        text += &format!("p \"\" 1 {first} \"\" {{ \"Check\" \"Bet\" }} 0\n");
        text += &format!("p \"\" 2 {second} \"\" {{ \"Check\" \"Bet\" }} 0\n");
        text += &end(shown(1));
        text += &format!("p \"\" 1 {} \"\" {{ \"Fold\" \"Call\" }} 0\n", first + 3);
        text += &end(-1);
        text += &end(shown(2));
        text += &format!("p \"\" 2 {} \"\" {{ \"Fold\" \"Call\" }} 0\n", second + 3);
        text += &end(1);
        text += &end(shown(2));
    }
    text
}

/// A normal-form game as JSON, two players with numbered strategies.
pub fn table(id: &str, payoffs: Value) -> String {
    let rows = payoffs.as_array().map_or(0, Vec::len);
    let columns = payoffs[0].as_array().map_or(0, Vec::len);
    let labels = |count: usize| {
        (1..=count)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    };
    json!({
        "id": id,
        "title": id,
        "players": ["Row", "Column"],
        "strategies": [labels(rows), labels(columns)],
        "payoffs": payoffs,
    })
    .to_string()
}
