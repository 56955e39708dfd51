//! `/api/relationships`: the contract's example, what is inferred, clamped and drifts, and what is refused.

use serde_json::{Value, json};

use super::cast::{invalid, missing, pass, tavern};
use crate::harness::TestApp;

async fn set(app: &TestApp, body: Value) -> Value {
    let set = app.post("/api/relationships").json(&body).await.expect(200);
    set["relationship"].clone()
}

#[tokio::test]
async fn a_relationship_is_set_as_the_contract_shows() {
    let app = tavern().await;
    let said = json!({ "fromId": "barkeep", "toId": "guard", "type": "friend", "strength": 70, "trust": 80 });
    let tie = set(&app, said).await;
    let expected = json!({
        "fromId": "barkeep", "toId": "guard", "type": "friend", "strength": 70.0, "trust": 80.0, "notes": "",
        "lastInteractionAt": tie["lastInteractionAt"], "updatedAt": tie["updatedAt"],
    });
    assert_eq!(tie, expected);
    assert!(
        tie["lastInteractionAt"]
            .as_i64()
            .is_some_and(|ms| ms > 1_709_000_000_000)
    );
    // One direction only.
    let list = |query: &str| app.get(&format!("/api/relationships?{query}")).send();
    let held = list("characterId=barkeep").await.expect(200);
    assert_eq!(held, json!({ "relationships": [tie] }));
    let held = list("characterId=guard").await.expect(200);
    assert_eq!(held, json!({ "relationships": [] }));
    let held = list("characterId=guard&direction=incoming")
        .await
        .expect(200);
    assert_eq!(held, json!({ "relationships": [tie] }));
    let one = app
        .get("/api/relationships/barkeep/guard")
        .await
        .expect(200);
    assert_eq!(one, json!({ "relationship": tie }));
}

#[tokio::test]
async fn the_unsaid_stays_and_a_type_is_inferred_from_strength_alone() {
    let app = tavern().await;
    let say = |more: Value| {
        let mut body = json!({ "fromId": "bard", "toId": "merchant" });
        let fields = more.as_object().expect("fields").clone();
        body.as_object_mut().expect("an object").extend(fields);
        set(&app, body)
    };
    let of = |tie: &Value| {
        (
            tie["type"].clone(),
            tie["strength"].clone(),
            tie["trust"].clone(),
        )
    };
    let is = |bond: &str, strength: f64, trust: f64| (json!(bond), json!(strength), json!(trust));
    assert_eq!(of(&say(json!({})).await), is("neutral", 50.0, 50.0));
    assert_eq!(
        of(&say(json!({ "trust": 75 })).await),
        is("neutral", 50.0, 75.0)
    );
    assert_eq!(
        of(&say(json!({ "strength": 85 })).await),
        is("friend", 85.0, 75.0)
    );
    assert_eq!(
        of(&say(json!({ "strength": 70 })).await),
        is("ally", 70.0, 75.0)
    );
    assert_eq!(
        of(&say(json!({ "type": "family" })).await),
        is("family", 70.0, 75.0)
    );
    assert_eq!(
        of(&say(json!({ "type": "enemy", "strength": 1000, "trust": -5 })).await),
        is("enemy", 100.0, 0.0)
    );
    let noted = say(json!({ "notes": "She owes him a song." })).await;
    assert_eq!(noted["notes"], "She owes him a song.");
    assert_eq!(
        say(json!({ "trust": 1 })).await["notes"],
        "She owes him a song."
    );
}

#[tokio::test]
async fn it_drifts_back_between_those_who_never_meet() {
    let app = tavern().await;
    set(
        &app,
        json!({ "fromId": "guard", "toId": "bard", "strength": 20, "trust": 60 }),
    )
    .await;
    // By 0.3 a slow tick while there were fewer than three interactions.
    pass(&app, 0, 10).await;
    let tie = app.get("/api/relationships/guard/bard").await.expect(200);
    assert_eq!(tie["relationship"]["strength"], 23.0);
    assert_eq!(tie["relationship"]["trust"], 57.0);
}

#[tokio::test]
async fn strangers_and_the_forgotten_have_none() {
    let app = tavern().await;
    let path = "/api/relationships/barkeep/bard";
    missing(
        &app.get(path).await,
        "Relationship not found: barkeep to bard",
    );
    set(&app, json!({ "fromId": "barkeep", "toId": "bard" })).await;
    assert_eq!(
        app.delete(path).await.expect(200),
        json!({ "removed": true })
    );
    missing(
        &app.delete(path).await,
        "Relationship not found: barkeep to bard",
    );
    set(&app, json!({ "fromId": "barkeep", "toId": "bard" })).await;
    app.delete("/api/characters/bard").await.expect(200);
    missing(&app.get(path).await, "Character not found: bard");
    let left = app
        .get("/api/relationships?characterId=barkeep")
        .await
        .expect(200);
    assert_eq!(left, json!({ "relationships": [] }));
}

#[tokio::test]
async fn what_is_no_relationship_is_refused() {
    let app = tavern().await;
    let post = |body: Value| app.post("/api/relationships").json(&body).send();
    let pair = |more: (&str, Value)| {
        let mut body = json!({ "fromId": "barkeep", "toId": "guard" });
        body[more.0] = more.1;
        body
    };
    for (body, text) in [
        (json!({ "toId": "guard" }), "Missing required field: fromId"),
        (
            json!({ "fromId": "barkeep" }),
            "Missing required field: toId",
        ),
        (
            pair(("fromId", json!(7))),
            "Field 'fromId' must be string, got number",
        ),
        (
            pair(("strength", json!("strong"))),
            "Field 'strength' must be number, got string",
        ),
        (
            pair(("trust", json!(true))),
            "Field 'trust' must be number, got boolean",
        ),
        (
            pair(("toId", json!("barkeep"))),
            "Field 'toId' must be somebody else than fromId",
        ),
    ] {
        invalid(&post(body).await, text);
    }
    let bonds = post(pair(("type", json!("acquaintance"))))
        .await
        .expect(400);
    assert!(
        bonds["error"]
            .as_str()
            .is_some_and(|text| text.contains(r#""romantic""#)),
        "{bonds}"
    );
    missing(
        &post(pair(("toId", json!("nobody")))).await,
        "Character not found: nobody",
    );
    missing(
        &post(pair(("fromId", json!("nobody")))).await,
        "Character not found: nobody",
    );
    let all = app
        .get("/api/relationships?characterId=barkeep")
        .await
        .expect(200);
    assert_eq!(
        all,
        json!({ "relationships": [] }),
        "nothing was half-written"
    );
    invalid(
        &app.get("/api/relationships").await,
        "Missing required parameter: characterId",
    );
    let nobody = app.get("/api/relationships?characterId=nobody").await;
    missing(&nobody, "Character not found: nobody");
}
