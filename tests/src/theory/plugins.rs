//! `/api/plugins`: what runs analyses, and which suit a game.

use serde_json::json;

use crate::harness::TestApp;

#[tokio::test]
async fn the_one_plugin_lists_every_analysis() {
    let app = TestApp::start().await;
    let plugins = app.get("/api/plugins/status").await.expect(200);
    assert_eq!(plugins[0]["status"], "ready");
    assert_eq!(plugins[0]["healthy"], true);
    let analyses = app.get("/api/analyses").await.expect(200);
    let names: Vec<_> = analyses
        .as_array()
        .expect("a list")
        .iter()
        .map(|info| info["name"].clone())
        .collect();
    assert_eq!(plugins[0]["analyses"], json!(names));
}

#[tokio::test]
async fn analyses_that_nobody_takes_up_degrade_it() {
    let app = TestApp::start().await;
    app.post("/api/tasks?game_id=trust-game&plugin=IESDS")
        .await
        .expect(200);
    sqlx::query("update tasks set run_at = run_at - interval '1 minute', created_at = created_at - interval '1 minute'")
        .execute(&app.store.pool)
        .await
        .expect("the task can be made older");
    let plugins = app.get("/api/plugins/status").await.expect(200);
    assert_eq!(plugins[0]["status"], "degraded");
    assert_eq!(plugins[0]["healthy"], false);
    assert!(plugins[0]["error"].is_string());
    app.work().await;
    let plugins = app.get("/api/plugins/status").await.expect(200);
    assert_eq!(plugins[0]["status"], "ready");
}

/// Rock, paper, scissors is square, a tree of perfect information is not played by a population.
#[tokio::test]
async fn what_suits_a_game_is_told_with_the_reason() {
    let app = TestApp::start().await;
    let path = "/api/plugins/check-applicable/";
    let square = app
        .get(&format!("{path}rock-paper-scissors"))
        .await
        .expect(200);
    assert_eq!(square["game_id"], "rock-paper-scissors");
    assert_eq!(
        square["analyses"]["Replicator Dynamics"],
        json!({"applicable": true})
    );
    assert_eq!(
        square["analyses"]["MAID Nash Equilibrium"]["applicable"],
        false
    );
    assert!(square["analyses"]["MAID Nash Equilibrium"]["reason"].is_string());
    let unknown = app.get(&format!("{path}none")).await.expect(200);
    assert_eq!(unknown, json!({"error": "Game not found: none"}));
}
