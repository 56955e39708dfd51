//! A newcomer's first minutes with the Rust SDK: upload games, order analyses with options, wait, read; and one error.

use std::error::Error;

use reqwest::multipart::{Form, Part};
use rookery_client::types::{DetailErrorDetail, Game, MaidNodeType, Payoff, TaskOptions, TaskStatus};
use rookery_client::{Client, ClientInfo, Error as ApiError};
use serde_json::{Value, json};

const PENNIES: &str = r#"NFG 1 R "Pennies from Rust" { "Even" "Odd" } { { "H" "T" } { "H" "T" } } ""
1 -1  -1 1  -1 1  1 -1
"#;

/// It rains once in four days; who sees the sky decides about the umbrella.
const UMBRELLA: &str = r#"{
  "format_name": "maid", "title": "Umbrella from Rust", "agents": ["Me"],
  "nodes": [
    {"id": "Sky", "type": "chance", "domain": ["rain", "sun"]},
    {"id": "Take", "type": "decision", "agent": "Me", "domain": ["yes", "no"]},
    {"id": "Mood", "type": "utility", "agent": "Me", "domain": [-2, 0, 1]}
  ],
  "edges": [
    {"source": "Sky", "target": "Take"}, {"source": "Sky", "target": "Mood"}, {"source": "Take", "target": "Mood"}
  ],
  "cpds": [
    {"node": "Sky", "parents": [], "values": [["1/4", "3/4"]]},
    {"node": "Mood", "parents": ["Sky", "Take"], "values": [[0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]]}
  ]
}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let api = Client::new(&std::env::var("ROOKERY_URL")?);
    let pennies = table(&api).await?;
    let umbrella = diagram(&api).await?;
    api.delete_game(&umbrella).await?;
    api.delete_game(&pennies).await?;
    let Err(ApiError::ErrorResponse(missing)) = api.get_game(&pennies).await else {
        return Err("a deleted game is found".into());
    };
    assert_eq!(missing.status(), 404);
    assert!(matches!(&missing.detail, DetailErrorDetail::String(text) if *text == format!("Game not found: {pennies}")));
    println!("rust: ok");
    Ok(())
}

async fn table(api: &Client) -> Result<String, Box<dyn Error>> {
    let Game::NormalFormGame(game) = upload(api, "pennies.nfg", PENNIES).await? else {
        return Err("a table is shown as something else".into());
    };
    assert_eq!(game.players, ["Even", "Odd"]);

    // The only equilibrium: both mix half and half.
    let half = json!({"H": "1/2", "T": "1/2"});
    let mixed = json!({"Even": half, "Odd": half});
    let found = details(api, &game.id, "Nash Equilibrium", json!({"solver": "exhaustive"})).await?;
    let equilibria = found["equilibria"].as_array().ok_or("no equilibria")?;
    assert_eq!(equilibria.len(), 1);
    assert_eq!(equilibria[0]["exact"]["strategies"], mixed);

    let verified = details(api, &game.id, "Verify Profile", json!({"profile": mixed})).await?;
    assert_eq!(verified["is_equilibrium"], true);
    // Odd loses one where it could win one.
    let heads = json!({"profile": {"Even": {"H": 1}, "Odd": {"H": 1}}});
    let verified = details(api, &game.id, "Verify Profile", heads).await?;
    assert_eq!(verified["is_equilibrium"], false);
    assert_eq!(verified["max_regret"], 2.0);
    Ok(game.id)
}

async fn diagram(api: &Client) -> Result<String, Box<dyn Error>> {
    let Game::MaidGame(game) = upload(api, "umbrella.json", UMBRELLA).await? else {
        return Err("a diagram is shown as something else".into());
    };
    assert_eq!(game.agents, ["Me"]);
    assert!(game.nodes.iter().any(|node| node.type_ == MaidNodeType::Utility && node.domain.len() == 3));

    // Seeing the sky: 0 when it rains, else 1, so 3/4. Not seeing it, the umbrella stays at home for 1/4.
    let asked = json!({"decision": "Take", "observation": "Sky"});
    let worth = details(api, &game.id, "Value of Information", asked).await?;
    assert_eq!(worth["exact"]["value_of_information"], "1/2");

    let tree = api.convert_game(&game.id, "extensive").await?.into_inner();
    let Game::ExtensiveGame(tree) = tree else {
        return Err("a tree is shown as something else".into());
    };
    assert_eq!(tree.nodes[&tree.root].player, "Chance");
    let is_rain = |payoff: &Payoff| matches!(payoff, Payoff::Double(-2.0));
    assert!(tree.outcomes.values().any(|outcome| is_rain(&outcome.payoffs["Me"])));
    Ok(game.id)
}

/// Orders an analysis, waits for it, and takes what is under `details`.
async fn details(api: &Client, game: &str, plugin: &str, config: Value) -> Result<Value, Box<dyn Error>> {
    let options: TaskOptions = serde_json::from_value(json!({ "config": config }))?;
    let ordered = api.create_task(game, None, Some("smoke-rust"), plugin, None, None, None, None, None, &options).await?;
    let finished = api.get_task(&ordered.id, Some(30), None, None).await?.into_inner();
    assert_eq!(finished.status, TaskStatus::Completed);
    let mut result = finished.result.ok_or("no result")?;
    Ok(result["details"].take())
}

/// The generator knows no multipart bodies.
async fn upload(api: &Client, name: &'static str, content: &'static str) -> Result<Game, reqwest::Error> {
    let file = Part::text(content).file_name(name);
    let request = api.client().post(format!("{}/api/games/upload", api.baseurl()));
    request.multipart(Form::new().part("file", file)).send().await?.error_for_status()?.json().await
}
