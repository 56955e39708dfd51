//! A newcomer's first minute with the Rust SDK: upload a game, order its equilibria, wait, read; and one error.

use std::error::Error;

use reqwest::multipart::{Form, Part};
use rookery_client::types::{DetailErrorDetail, Game, TaskOptions, TaskStatus};
use rookery_client::{Client, ClientInfo, Error as ApiError};
use serde_json::json;

const MATCHING_PENNIES: &str = r#"NFG 1 R "Pennies from Rust" { "Even" "Odd" } { { "H" "T" } { "H" "T" } } ""
1 -1  -1 1  -1 1  1 -1
"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let api = Client::new(&std::env::var("ROOKERY_URL")?);

    let game = upload(&api).await?.id;
    let ordered = api
        .create_task(&game, None, Some("smoke-rust"), "Nash Equilibrium", None, None, None, None, None, &TaskOptions::default())
        .await?;
    let finished = api.get_task(&ordered.id, Some(30), None, None).await?;
    assert_eq!(finished.status, TaskStatus::Completed);
    // The only equilibrium: both mix half and half.
    let result = finished.result.as_ref().ok_or("no result")?;
    let half = json!({"H": "1/2", "T": "1/2"});
    let equilibria = result["details"]["equilibria"].as_array().ok_or("no equilibria")?;
    assert_eq!(equilibria.len(), 1);
    assert_eq!(equilibria[0]["exact"]["strategies"], json!({"Even": half, "Odd": half}));

    api.delete_game(&game).await?;
    let Err(ApiError::ErrorResponse(missing)) = api.get_game(&game).await else {
        return Err("a deleted game is found".into());
    };
    assert_eq!(missing.status(), 404);
    assert!(matches!(&missing.detail, DetailErrorDetail::String(text) if *text == format!("Game not found: {game}")));
    println!("rust: ok");
    Ok(())
}

/// The generator knows no multipart bodies.
async fn upload(api: &Client) -> Result<Game, reqwest::Error> {
    let file = Part::text(MATCHING_PENNIES).file_name("pennies.nfg");
    let request = api.client().post(format!("{}/api/games/upload", api.baseurl()));
    request.multipart(Form::new().part("file", file)).send().await?.error_for_status()?.json().await
}
