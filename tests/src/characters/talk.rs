//! `/api/chat` and `/api/conversations` with the contract's own examples.

use serde_json::{Value, json};

use super::cast::{furnished, invalid, missing, refused, wrong};
use super::example::like;

#[tokio::test]
async fn a_chat_is_answered_remembered_and_brings_closer() {
    let app = furnished().await;
    let worker = app.worker();
    let message = "What is the mood in the tavern tonight?";
    let body = json!({ "message": message });
    let said = app.post("/api/chat/barkeep").json(&body).await.expect(200);
    let reply = said["reply"].as_str().expect("a text");
    assert!(!reply.trim().is_empty());
    let history = app.get("/api/chat/barkeep").await.expect(200);
    let messages = history["messages"].as_array().expect("a list");
    let texts: Vec<_> = messages
        .iter()
        .map(|one| (one["role"].as_str(), one["content"].as_str()))
        .collect();
    assert_eq!(
        texts,
        [
            (Some("user"), Some(message)),
            (Some("assistant"), Some(reply))
        ]
    );
    let near = app.get("/api/proximity/barkeep").await.expect(200);
    assert_eq!(
        (&near["closeness"], &near["totalInteractions"]),
        (&json!(67.0), &json!(1)),
        "two more for a chat"
    );
    let others = app
        .get("/api/chat/barkeep?playerId=player1")
        .await
        .expect(200);
    assert_eq!(others["messages"], json!([]));
    worker.leave().await;
}

#[tokio::test]
async fn a_chat_that_may_not_be_is_refused() {
    let app = furnished().await;
    let body = json!({ "message": "Halt!" });
    let far = app.post("/api/chat/guard").json(&body).await;
    let text = "Cannot chat with character guard (closeness too low)";
    refused(&far, 400, "PROXIMITY_ERROR", text);
    let nobody = app.post("/api/chat/unknown_id").json(&body).await;
    missing(&nobody, "Character not found: unknown_id");
    let history = app.get("/api/chat/unknown_id").await;
    missing(&history, "Character not found: unknown_id");
    for (body, text) in [
        (json!({}), "Missing required field: message"),
        (
            json!({ "message": [] }),
            "Field 'message' must be string, got array",
        ),
    ] {
        invalid(&app.post("/api/chat/barkeep").json(&body).await, text);
    }
    let blank = json!({ "message": " " });
    let blank = app.post("/api/chat/barkeep").json(&blank).await;
    wrong(&blank);
    app.idle().await;
    let history = app.get("/api/chat/guard").await.expect(200);
    assert_eq!(history["messages"], json!([]));
    let near = app.get("/api/proximity/guard").await.expect(200);
    assert_eq!(near["closeness"], 10.0);
}

#[tokio::test]
async fn a_chat_can_be_heard_as_it_grows_or_fetched_later() {
    let app = furnished().await;
    let worker = app.worker();
    let body = json!({ "message": "Have you any stew?" });
    let heard = app.post("/api/chat/barkeep/stream").json(&body).await;
    assert_eq!(heard.status, 200);
    let text = heard.text();
    let kinds: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("event:"))
        .map(str::trim)
        .collect();
    assert_eq!(kinds.last(), Some(&"done"), "{text}");
    assert!(
        kinds[..kinds.len() - 1].iter().all(|kind| *kind == "delta"),
        "{text}"
    );
    let last = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .next_back();
    let last: Value = serde_json::from_str(last.expect("data").trim()).expect("JSON");
    let history = app.get("/api/chat/barkeep").await.expect(200);
    assert_eq!(last["answer"]["reply"], history["messages"][1]["content"]);

    let later = app
        .post("/api/chat/barkeep")
        .header("prefer", "respond-async")
        .json(&body)
        .await;
    let task = later.expect(202);
    let address = later.header("location").expect("an address").to_owned();
    let id = task["id"].as_str().expect("an id");
    assert_eq!(address, format!("/api/tasks/{id}"));
    app.idle().await;
    let done = app.get(&address).await.expect(200);
    let history = app.get("/api/chat/barkeep").await.expect(200);
    assert_eq!(done["result"]["reply"], history["messages"][3]["content"]);
    worker.leave().await;
}

#[tokio::test]
async fn a_conversation_is_held_to_its_end() {
    let app = furnished().await;
    let worker = app.worker();
    let body = json!({ "participantIds": ["barkeep", "guard"], "topic": "The suspicious stranger", "maxTurns": 6 });
    let held = app.post("/api/conversations").json(&body).await.expect(201);
    let example = json!({ "conversation": {
        "id": "conv_abc123", "participantIds": ["barkeep"], "topic": "...",
        "turns": [{ "characterId": "barkeep", "content": "...", "timestamp": 1_709_000_000_000_i64 }],
        "maxTurns": 6, "status": "completed", "startedAt": 1_709_000_000_000_i64, "completedAt": 1_709_000_006_000_i64,
    } });
    like(&example, &held);
    let conversation = &held["conversation"];
    assert_eq!(conversation["status"], "completed");
    assert_eq!(conversation["participantIds"], body["participantIds"]);
    let turns = conversation["turns"].as_array().expect("a list");
    let speakers: Vec<_> = turns.iter().map(|turn| &turn["characterId"]).collect();
    assert!((2..=6).contains(&speakers.len()), "{speakers:?}");
    for (index, speaker) in speakers.iter().enumerate() {
        assert_eq!(**speaker, ["barkeep", "guard"][index % 2], "in turn");
    }
    let said = |turn: &Value| {
        turn["content"]
            .as_str()
            .is_some_and(|said| !said.is_empty())
    };
    assert!(turns.iter().all(said));
    let id = conversation["id"].as_str().expect("an id");
    assert!(id.starts_with("conv_"), "{id}");
    let address = format!("/api/conversations/{id}");
    assert_eq!(app.get(&address).await.expect(200), held);

    let later = app
        .post("/api/conversations")
        .header("prefer", "respond-async")
        .json(&body)
        .await;
    later.expect(202);
    let address = later.header("location").expect("an address").to_owned();
    app.idle().await;
    let followed = app.get(&address).await.expect(200);
    assert_eq!(followed["conversation"]["status"], "completed");
    worker.leave().await;
}

#[tokio::test]
async fn a_conversation_that_cannot_be_is_refused() {
    let app = furnished().await;
    let wish = |ids: Value| json!({ "participantIds": ids, "topic": "The stranger" });
    let call = app.post("/api/conversations");
    let nobody = call.json(&wish(json!(["barkeep", "unknown_id"]))).await;
    missing(&nobody, "Character not found: unknown_id");
    for (body, text) in [
        (
            json!({ "topic": "x" }),
            "Missing required field: participantIds",
        ),
        (
            json!({ "participantIds": ["barkeep", "guard"] }),
            "Missing required field: topic",
        ),
        (
            wish(json!("barkeep")),
            "Field 'participantIds' must be array, got string",
        ),
    ] {
        invalid(&app.post("/api/conversations").json(&body).await, text);
    }
    let mut endless = wish(json!(["barkeep", "guard"]));
    endless["maxTurns"] = json!(0);
    for body in [
        wish(json!([])),
        wish(json!(["barkeep"])),
        wish(json!(["barkeep", "barkeep"])),
        endless,
    ] {
        let reply = app.post("/api/conversations").json(&body).await;
        wrong(&reply);
    }
    let list = app.get("/api/conversations").await.expect(200);
    assert_eq!(list["conversations"], json!([]));
    let none = app.get("/api/conversations/conv_abc123").await;
    missing(&none, "Conversation not found: conv_abc123");
}
