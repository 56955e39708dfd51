//! `/api/characters` with the contract's own examples: listing, registering, removing, introspection.

use serde_json::{Value, json};

use super::cast::{furnished, invalid, missing, wrong};
use super::example::{character_example, emotions_example, like, proximity_example};
use crate::harness::Node;

fn sera() -> Value {
    json!({
        "id": "new_char", "name": "Sera", "archetype": "merchant", "initialCloseness": 30,
        "identity": {
            "personality": "Quiet but perceptive.", "backstory": "A traveling alchemist.",
            "goals": ["Find rare ingredients"], "traits": ["observant", "cautious"],
        },
    })
}

async fn ids(node: &Node) -> Vec<String> {
    let list = node.get("/api/characters").await.expect(200);
    let characters = list["characters"].as_array().expect("a list").iter();
    characters
        .map(|one| one["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn characters_are_listed_and_looked_at() {
    let app = furnished().await;
    let list = app.get("/api/characters").await.expect(200);
    let mut listed = character_example();
    listed["proximity"] = proximity_example();
    like(&json!({ "characters": [listed] }), &list);
    assert_eq!(ids(&app).await, ["bard", "barkeep", "guard", "merchant"]);
    let greta = app.get("/api/characters/barkeep").await.expect(200);
    let example = json!({
        "character": character_example(), "proximity": proximity_example(), "emotions": emotions_example(), "mood": "joy",
    });
    like(&example, &greta);
    assert_eq!(greta["mood"], greta["emotions"]["mood"]);
    for (pointer, value) in [
        ("/character/name", json!("Greta")),
        ("/character/archetype", json!("barkeep")),
        ("/character/activityTier", json!("active")),
        ("/character/closeness", json!(65.0)),
        ("/proximity/closeness", json!(65.0)),
        ("/proximity/playerId", json!("default")),
        ("/emotions/characterId", json!("barkeep")),
    ] {
        assert_eq!(greta.pointer(pointer), Some(&value), "{pointer}");
    }
    let nobody = app.get("/api/characters/unknown_id").await;
    missing(&nobody, "Character not found: unknown_id");
}

#[tokio::test]
async fn a_character_is_registered_once_and_removed_once() {
    let app = furnished().await;
    let made = app.post("/api/characters").json(&sera()).await.expect(201);
    let character = &made["character"];
    like(&character_example(), character);
    for (field, value) in [
        ("id", json!("new_char")),
        ("name", json!("Sera")),
        ("activityTier", json!("background")),
        ("closeness", json!(30.0)),
        ("highWaterMark", json!(30.0)),
        ("metadata", json!({})),
    ] {
        assert_eq!(character[field], value, "{field}");
    }
    let again = app.post("/api/characters").json(&sera()).await;
    wrong(&again);
    let removed = app.delete("/api/characters/new_char").await.expect(200);
    assert_eq!(removed, json!({ "removed": "new_char" }));
    let gone = "Character not found: new_char";
    missing(&app.delete("/api/characters/new_char").await, gone);
    missing(&app.get("/api/characters/new_char").await, gone);
    let inside = app.get("/api/characters/new_char/introspection").await;
    missing(&inside, gone);
    let near = app.get("/api/proximity/new_char").await;
    missing(&near, "No proximity data for: new_char");
}

#[tokio::test]
async fn a_character_that_cannot_be_is_refused_and_nobody_comes() {
    let app = furnished().await;
    let with = |field: &str, value: Value| {
        let mut body = sera();
        body[field] = value;
        body
    };
    for field in ["id", "name", "archetype", "identity"] {
        let mut body = sera();
        body.as_object_mut().expect("an object").remove(field);
        let reply = app.post("/api/characters").json(&body).await;
        invalid(&reply, &format!("Missing required field: {field}"));
    }
    for (body, text) in [
        (
            with("id", json!([])),
            "Field 'id' must be string, got array",
        ),
        (
            with("identity", json!("quiet")),
            "Field 'identity' must be object, got string",
        ),
        (
            with("initialCloseness", json!("30")),
            "Field 'initialCloseness' must be number, got string",
        ),
    ] {
        invalid(&app.post("/api/characters").json(&body).await, text);
    }
    for body in [
        with("archetype", json!("dragon-emperor")),
        with("id", json!("")),
        with("metadata", json!([])),
        with("id", json!("barkeep")),
    ] {
        wrong(&app.post("/api/characters").json(&body).await);
    }
    let broken = app.post("/api/characters").body("{\"id\": ").await;
    invalid(&broken, "Invalid JSON body");
    let empty = app.post("/api/characters").await;
    invalid(&empty, "Request body required");
    assert_eq!(ids(&app).await, ["bard", "barkeep", "guard", "merchant"]);
}

#[tokio::test]
async fn introspection_shows_all_that_is_in_a_character() {
    let app = furnished().await;
    let inside = app
        .get("/api/characters/barkeep/introspection?playerId=player1")
        .await
        .expect(200);
    let example = json!({
        "character": character_example(), "proximity": proximity_example(), "emotions": emotions_example(),
        "relationships": [{ "fromId": "barkeep", "toId": "guard", "type": "friend", "strength": 70, "trust": 80 }],
        "goals": [{ "id": "g1", "description": "...", "priority": 8, "status": "active", "steps": [] }],
        "recentMemories": [{ "id": "m1", "content": "...", "importance": 7, "currentImportance": 6.5 }],
        "summary": null, "groups": [], "workingMemory": [], "routine": null,
        "needs": { "characterId": "barkeep", "needs": [{ "type": "rest", "intensity": 0.3 }] },
        "nearbyCharacters": ["merchant"], "gossipKnown": [],
        "reputation": { "characterId": "barkeep", "scores": {} },
        "hierarchy": [{ "characterId": "barkeep", "factionId": "tavern_staff", "rankLevel": 0 }],
    });
    like(&example, &inside);
    assert_eq!(inside["proximity"]["playerId"], "player1");
    let relationships = inside["relationships"].as_array().expect("a list");
    assert!(relationships.iter().all(|one| one["fromId"] == "barkeep"));
    let nobody = app.get("/api/characters/unknown_id/introspection").await;
    missing(&nobody, "Character not found: unknown_id");
}
