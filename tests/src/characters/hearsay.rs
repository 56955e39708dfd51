//! Gossip and reputation: what is said of characters, and what remains of it.

use serde_json::{Value, json};

use super::cast::{invalid, missing, pass, tavern};

const GOSSIP: &str = "/api/characters/barkeep/gossip";
const NAME: &str = "/api/characters/barkeep/reputation";

#[tokio::test]
async fn a_rumour_is_heard() {
    let app = tavern().await;
    let nothing = json!({ "characterId": "barkeep", "gossip": [] });
    assert_eq!(app.get(GOSSIP).await.expect(200), nothing);
    let said = json!({ "content": "The guard sleeps on duty.", "about": "guard", "importance": 6 });
    let rumour = app.post(GOSSIP).json(&said).await.expect(201)["rumour"].take();
    let expected = json!({
        "id": rumour["id"], "content": "The guard sleeps on duty.", "about": "guard", "origin": "player",
        "heardFrom": "player", "importance": 6.0, "credibility": 1.0, "hops": 0, "createdAt": rumour["createdAt"],
    });
    assert_eq!(rumour, expected);
    let heard = app.get(GOSSIP).await.expect(200);
    assert_eq!(heard["gossip"], json!([rumour]));
    for number in 0..30 {
        let more = json!({ "content": format!("Something {number}"), "importance": 2 });
        app.post(GOSSIP).json(&more).await.expect(201);
    }
    let heard = app.get(GOSSIP).await.expect(200)["gossip"].take();
    let heard = heard.as_array().expect("a list");
    assert_eq!(heard.len(), 20);
    assert!(heard.contains(&rumour), "the most interesting one is kept");
}

#[tokio::test]
async fn a_name_is_made_and_fades() {
    let app = tavern().await;
    let shift = |body: Value| app.post(NAME).json(&body).send();
    assert_eq!(
        app.get(NAME).await.expect(200),
        json!({ "characterId": "barkeep", "scores": {} })
    );
    let known = shift(json!({ "delta": 15 })).await.expect(200);
    assert_eq!(known["scores"], json!({ "general": 15.0 }));
    let known = shift(json!({ "delta": -500, "dimension": "cooking" }))
        .await
        .expect(200);
    assert_eq!(
        known["scores"],
        json!({ "cooking": -100.0, "general": 15.0 })
    );
    // By 0.1 a slow tick, toward nothing.
    pass(&app, 0, 100).await;
    let faded = app.get(NAME).await.expect(200);
    assert_eq!(faded["scores"], json!({ "cooking": -90.0, "general": 5.0 }));
}

#[tokio::test]
async fn what_nobody_could_say_is_refused() {
    let app = tavern().await;
    let say = |body: Value| app.post(GOSSIP).json(&body).send();
    invalid(&say(json!({})).await, "Missing required field: content");
    invalid(
        &say(json!({ "content": 1 })).await,
        "Field 'content' must be string, got number",
    );
    invalid(
        &say(json!({ "content": "  " })).await,
        "Field 'content' must not be empty",
    );
    invalid(
        &say(json!({ "content": "x".repeat(1_001) })).await,
        "Field 'content' must not have more than 1000 bytes",
    );
    invalid(
        &say(json!({ "content": "x", "importance": 11 })).await,
        "Field 'importance': ensure this value is less than or equal to 10",
    );
    let nobody = say(json!({ "content": "x", "about": "nobody" })).await;
    missing(&nobody, "Character not found: nobody");
    let reply = app.post(NAME).json(&json!({})).await;
    invalid(&reply, "Missing required field: delta");
    let reply = app.post(NAME).json(&json!({ "delta": "much" })).await;
    invalid(&reply, "Field 'delta' must be number, got string");
    for number in 0..16 {
        let body = json!({ "delta": 1, "dimension": format!("kind {number}") });
        app.post(NAME).json(&body).await.expect(200);
    }
    let reply = app.post(NAME).json(&json!({ "delta": 1 })).await;
    invalid(&reply, "a character has at most 16 kinds of reputation");
    for path in ["gossip", "reputation"] {
        let reply = app.get(&format!("/api/characters/nobody/{path}")).await;
        missing(&reply, "Character not found: nobody");
    }
}
