//! `/api/characters/{id}/needs`: they grow with time and shrink when they are met.

use serde_json::{Value, json};

use super::cast::{invalid, missing, pass, tavern};

fn of(needs: &Value, kind: &str) -> Value {
    let all = needs["needs"].as_array().expect("needs are a list");
    let one = all.iter().find(|one| one["type"] == kind);
    one.unwrap_or_else(|| panic!("{kind} is no need in {needs}"))["intensity"].clone()
}

#[tokio::test]
async fn needs_grow_and_are_met() {
    let app = tavern().await;
    let path = "/api/characters/barkeep/needs";
    let fresh = app.get(path).await.expect(200);
    assert_eq!(fresh["characterId"], "barkeep");
    for kind in ["rest", "social", "sustenance", "safety", "purpose"] {
        assert_eq!(of(&fresh, kind), 0.0);
    }
    // By 0.004 and 0.003 a tick.
    pass(&app, 100, 0).await;
    let grown = app.get(path).await.expect(200);
    assert_eq!(
        grown["needs"][0],
        json!({ "type": "sustenance", "intensity": 0.4, "critical": false })
    );
    assert_eq!(of(&grown, "rest"), 0.3);
    // A meal takes 0.6, a night 0.5; nobody lacks less than nothing.
    let fed = app
        .post(path)
        .json(&json!({ "need": "sustenance" }))
        .await
        .expect(200);
    assert_eq!(of(&fed, "sustenance"), 0.0);
    let half = json!({ "need": "rest", "amount": 0.5 });
    let rested = app.post(path).json(&half).await.expect(200);
    assert_eq!(of(&rested, "rest"), 0.05);
    let worse = json!({ "need": "safety", "amount": -2 });
    let afraid = app.post(path).json(&worse).await.expect(200);
    assert_eq!(
        afraid["needs"][0],
        json!({ "type": "safety", "intensity": 1.0, "critical": true })
    );
}

#[tokio::test]
async fn what_is_no_need_is_refused() {
    let app = tavern().await;
    let path = "/api/characters/barkeep/needs";
    let reply = app.post(path).json(&json!({})).await;
    invalid(&reply, "Missing required field: need");
    let reply = app.post(path).json(&json!({ "need": "money" })).await;
    let kinds = r#""rest", "social", "sustenance", "safety", "purpose""#;
    invalid(&reply, &format!("Field 'need' must be one of {kinds}"));
    let reply = app
        .post(path)
        .json(&json!({ "need": "rest", "amount": [] }))
        .await;
    invalid(&reply, "Field 'amount' must be number, got array");
    let reply = app.get("/api/characters/nobody/needs").await;
    missing(&reply, "Character not found: nobody");
    let reply = app
        .post("/api/characters/nobody/needs")
        .json(&json!({ "need": "rest" }))
        .await;
    missing(&reply, "Character not found: nobody");
}
