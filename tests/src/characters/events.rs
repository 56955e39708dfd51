//! `/api/events`, `/api/decisions` and `/api/proximity` with the contract's own examples.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::cast::{furnished, invalid, missing, wrong};
use super::example::{like, proximity_example};
use crate::faults::until::until;
use crate::harness::{Node, PATIENCE, TestApp};

async fn count(app: &TestApp) -> i64 {
    let answer = app.get("/api/decisions/count").await.expect(200);
    answer["count"].as_i64().expect("a number")
}

#[tokio::test]
async fn an_event_is_taken_down_and_reacted_to_and_the_reaction_logged() {
    let app = furnished().await;
    let worker = app.worker();
    let body = json!({ "event": {
        "type": "bar_fight", "source": "patron", "target": "barkeep", "data": { "severity": "minor" }, "importance": 7,
        "timestamp": 1_709_000_000_000_i64,
    } });
    let injected = app.post("/api/events").json(&body).await.expect(200);
    assert_eq!(injected["injected"], true);
    let wish = json!({ "characterId": "barkeep", "triggerType": "event", "limit": 10 });
    let logged = until("Greta reacts", PATIENCE, async || {
        let call = app.post("/api/decisions/query").json(&wish);
        let logged = call.await.expect(200);
        Ok((logged["count"] != 0).then_some(logged))
    });
    let logged = logged.await.expect("Greta reacts");
    let example = json!({ "decisions": [{
        "id": "d_1", "characterId": "barkeep", "playerId": "default", "triggerType": "fast_tick", "triggerEvent": null,
        "contextTokens": 450, "responseTokens": 85, "inferenceTier": "heavy", "action": "serve_drink", "durationMs": 2800,
        "createdAt": 1_709_000_000_000_i64,
    }], "count": 1 });
    like(&example, &logged);
    let decision = &logged["decisions"][0];
    assert_eq!(decision["triggerEvent"], "bar_fight");
    assert_eq!(decision["characterId"], "barkeep");
    worker.leave().await;

    let id = decision["id"].as_str().expect("an id");
    let explained = app.get(&format!("/api/decisions/{id}")).await.expect(200);
    assert!(explained["explanation"]["because"].is_string());
    let all = json!({ "limit": 1000 });
    let call = app.post("/api/decisions/query").json(&all);
    let all = call.await.expect(200);
    assert_eq!(all["count"], count(&app).await, "all are still in the log");
    let nobody = json!({ "characterId": "unknown_id" });
    let call = app.post("/api/decisions/query").json(&nobody);
    assert_eq!(
        call.await.expect(200),
        json!({ "decisions": [], "count": 0 })
    );
    let none = app.get("/api/decisions/d_1").await;
    missing(&none, "Decision not found: d_1");
    for body in [
        json!({ "limit": 0 }),
        json!({ "offset": -1 }),
        json!({ "characterId": [] }),
    ] {
        let reply = app.post("/api/decisions/query").json(&body).await;
        wrong(&reply);
    }
    // What was done shows in the figures, too.
    let stats = app.get("/api/stats").await.expect(200);
    assert_eq!(stats["inference"]["totalRequests"], count(&app).await);
    let metrics = app.get("/api/metrics").await.expect(200);
    assert_eq!(metrics["latency"]["count"], count(&app).await);
    let actions = metrics["actions"].as_object().expect("an object").values();
    let actions: i64 = actions.filter_map(Value::as_i64).sum();
    assert_eq!(actions, count(&app).await);
}

#[tokio::test]
async fn an_event_that_cannot_be_is_refused() {
    let app = furnished().await;
    for (event, text) in [
        (
            json!({ "timestamp": 1 }),
            "Missing required field: event.type",
        ),
        (
            json!({ "type": "gift" }),
            "Missing required field: event.timestamp",
        ),
        (
            json!({ "type": "gift", "timestamp": "now" }),
            "Field 'event.timestamp' must be number, got string",
        ),
    ] {
        let body = json!({ "event": event });
        invalid(&app.post("/api/events").json(&body).await, text);
    }
    let call = app.post("/api/events").json(&json!({}));
    invalid(&call.await, "Missing required field: event");
    for importance in [0.0, 0.5, 10.5, -7.0] {
        let event = json!({ "type": "gift", "timestamp": 1, "importance": importance });
        let call = app.post("/api/events").json(&json!({ "event": event }));
        wrong(&call.await);
    }
    let kept: i64 = sqlx::query_scalar("select count(*) from characters_events")
        .fetch_one(&app.store.pool)
        .await
        .expect("the events can be counted");
    assert_eq!(kept, 0);
}

#[tokio::test]
async fn closeness_is_looked_up_and_moved_within_its_bounds() {
    let app = furnished().await;
    let boost = async |body: Value| {
        let call = app.post("/api/proximity/barkeep/boost").json(&body);
        call.await.expect(200)
    };
    let near = app.get("/api/proximity/barkeep").await.expect(200);
    like(&proximity_example(), &near);
    assert_eq!(near["totalInteractions"], 0);
    let closer = boost(json!({ "amount": 10 })).await;
    like(&proximity_example(), &closer);
    let figures = |one: &Value| {
        ["closeness", "highWaterMark", "totalInteractions"]
            .map(|field| one[field].as_f64().expect("a number"))
    };
    assert_eq!(figures(&closer), [75.0, 75.0, 1.0]);
    let away = boost(json!({ "amount": -60 })).await;
    assert_eq!(figures(&away), [15.0, 75.0, 2.0]);
    assert_eq!(away["activityTier"], "dormant");
    assert_eq!(
        figures(&boost(json!({ "amount": -60 })).await),
        [0.0, 75.0, 3.0]
    );
    assert_eq!(
        figures(&boost(json!({ "amount": 1e9 })).await),
        [100.0, 100.0, 4.0]
    );
    let stranger = boost(json!({ "amount": 1, "playerId": "player1" })).await;
    assert_eq!(figures(&stranger), [66.0, 66.0, 1.0]);
    assert_eq!(stranger["playerId"], "player1");
    for (body, text) in [
        (json!({}), "Missing required field: amount"),
        (
            json!({ "amount": "10" }),
            "Field 'amount' must be number, got string",
        ),
    ] {
        let call = app.post("/api/proximity/barkeep/boost").json(&body);
        invalid(&call.await, text);
    }
    let text = "No proximity data for: unknown_id";
    missing(&app.get("/api/proximity/unknown_id").await, text);
    let call = app.post("/api/proximity/unknown_id/boost");
    missing(&call.json(&json!({ "amount": 1 })).await, text);
    let now = app.get("/api/proximity/barkeep").await.expect(200);
    assert_eq!(figures(&now), [100.0, 100.0, 4.0]);
}

#[tokio::test]
async fn boosts_at_once_over_two_processes_add_up() {
    let app = furnished().await;
    let other = app.another_node().await;
    let boosts = (0..100).map(|number| {
        let node: &Node = match number % 2 {
            0 => &app,
            _ => &other,
        };
        node.post("/api/proximity/guard/boost")
            .json(&json!({ "amount": 0.5 }))
            .send()
    });
    for reply in join_all(boosts).await {
        reply.expect(200);
    }
    let near = other.get("/api/proximity/guard").await.expect(200);
    assert_eq!(
        (&near["closeness"], &near["totalInteractions"]),
        (&json!(60.0), &json!(100))
    );
}
