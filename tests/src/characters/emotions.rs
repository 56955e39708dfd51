//! `/api/emotions`: the contract's example, how feelings add up and fade, and what is refused.

use futures_util::future::join_all;
use serde_json::json;

use super::cast::{invalid, missing, pass, tavern};

#[tokio::test]
async fn a_character_feels_as_the_contract_shows() {
    let app = tavern().await;
    let joy = json!({ "emotion": "joy", "intensity": 0.8 });
    let mut felt = app
        .post("/api/emotions/barkeep")
        .json(&joy)
        .await
        .expect(200);
    let created_at = felt["emotions"]["active"][0]["createdAt"].take();
    assert!(created_at.as_i64().is_some_and(|ms| ms > 1_709_000_000_000));
    let expected = json!({ "emotions": {
        "characterId": "barkeep",
        "active": [{ "type": "joy", "intensity": 0.8, "decayRate": 0.05, "createdAt": null }],
        "mood": "joy",
        "moodIntensity": 0.8,
    } });
    assert_eq!(felt, expected);
    // Nobody else feels it, and whoever feels nothing is calm.
    let guard = app.get("/api/emotions/guard").await.expect(200);
    let calm =
        json!({ "characterId": "guard", "active": [], "mood": "trust", "moodIntensity": 0.1 });
    assert_eq!(guard["emotions"], calm);
}

#[tokio::test]
async fn what_is_felt_already_is_felt_more_and_all_of_it_fades() {
    let app = tavern().await;
    for (emotion, intensity) in [("joy", 0.4), ("fear", 0.5), ("joy", 0.6)] {
        let body = json!({ "emotion": emotion, "intensity": intensity });
        app.post("/api/emotions/bard").json(&body).await.expect(200);
    }
    let felt = app.get("/api/emotions/bard").await.expect(200)["emotions"].take();
    // 0.4 and half of 0.6.
    assert_eq!(felt["active"][0]["intensity"], 0.7);
    assert_eq!(
        (&felt["mood"], &felt["moodIntensity"]),
        (&json!("joy"), &json!(0.7))
    );
    // A twentieth goes with each fast tick.
    pass(&app, 2, 0).await;
    let faded = app.get("/api/emotions/bard").await.expect(200)["emotions"].take();
    assert_eq!(faded["moodIntensity"], 0.631_75);
    pass(&app, 5_000, 0).await;
    let gone = app.get("/api/emotions/bard").await.expect(200)["emotions"].take();
    assert_eq!(
        (&gone["active"], &gone["mood"]),
        (&json!([]), &json!("trust"))
    );
}

#[tokio::test]
async fn feelings_that_come_at_once_all_count() {
    let app = tavern().await;
    let other = app.another_node().await;
    let slight = json!({ "emotion": "anger", "intensity": 0.05 });
    let calls = (0..20).map(|number| {
        let node = if number % 2 == 0 { &*app } else { &other };
        node.post("/api/emotions/guard").json(&slight).send()
    });
    for reply in join_all(calls).await {
        reply.expect(200);
    }
    let felt = app.get("/api/emotions/guard").await.expect(200);
    // The first in full, of the others a half.
    assert_eq!(felt["emotions"]["moodIntensity"], 0.525);
}

#[tokio::test]
async fn what_is_no_feeling_is_refused() {
    let app = tavern().await;
    let path = "/api/emotions/barkeep";
    let names =
        r#""joy", "sadness", "anger", "fear", "surprise", "disgust", "trust", "anticipation""#;
    for (body, text) in [
        (json!({}), "Missing required field: emotion".to_owned()),
        (
            json!({ "emotion": "joy" }),
            "Missing required field: intensity".to_owned(),
        ),
        (
            json!({ "emotion": "joy", "intensity": "high" }),
            "Field 'intensity' must be number, got string".to_owned(),
        ),
        (
            json!({ "emotion": 1, "intensity": 0.5 }),
            "Field 'emotion' must be string, got number".to_owned(),
        ),
        (
            json!({ "emotion": "bogus", "intensity": 0.5 }),
            format!("Field 'emotion' must be one of {names}"),
        ),
        (
            json!({ "emotion": "joy", "intensity": 7 }),
            "Field 'intensity': ensure this value is less than or equal to 1".to_owned(),
        ),
        (
            json!({ "emotion": "joy", "intensity": -0.1 }),
            "Field 'intensity': ensure this value is greater than or equal to 0".to_owned(),
        ),
        (
            json!([]),
            "Request body must be object, got array".to_owned(),
        ),
    ] {
        invalid(&app.post(path).json(&body).await, &text);
    }
    invalid(&app.post(path).await, "Request body required");
    invalid(
        &app.post(path).body("{\"emotion\": ").await,
        "Invalid JSON body",
    );
    let untouched = app.get(path).await.expect(200);
    assert_eq!(untouched["emotions"]["active"], json!([]));
    let joy = json!({ "emotion": "joy", "intensity": 0.8 });
    for id in ["unknown_id", "%00", "a%2Fb"] {
        let reply = app.post(&format!("/api/emotions/{id}")).json(&joy).await;
        reply.expect(404);
    }
    let unknown = app.post("/api/emotions/unknown_id").json(&joy).await;
    missing(&unknown, "Character not found: unknown_id");
    let unknown = app.get("/api/emotions/unknown_id").await;
    missing(&unknown, "Character not found: unknown_id");
}

/// As `curl -d` sends it.
#[tokio::test]
async fn the_media_type_does_not_matter() {
    let app = tavern().await;
    let joy = r#"{"emotion":"joy","intensity":0.8}"#;
    for kind in [
        "application/x-www-form-urlencoded",
        "text/plain;charset=utf-8",
        "application/json; charset=utf-16",
    ] {
        let call = app
            .post("/api/emotions/barkeep")
            .header("content-type", kind);
        call.body(joy).await.expect(200);
    }
    app.post("/api/emotions/barkeep")
        .body(joy)
        .await
        .expect(200);
}
