//! `/api/stats`, `/api/metrics`, `/api/health` and `/api/config` with the contract's own examples.

use serde_json::json;

use super::cast::{furnished, invalid, wrong};
use super::example::like;

#[tokio::test]
async fn the_figures_are_those_of_the_contracts_example() {
    let app = furnished().await;
    let stats = app.get("/api/stats").await.expect(200);
    let example = json!({
        "characters": { "total": 4, "active": 1, "background": 2, "dormant": 1 },
        "inference": { "totalRequests": 586, "totalTokens": 125_000, "averageLatencyMs": 2800 },
        "scheduler": { "fastTicks": 1200, "slowTicks": 40, "running": true },
    });
    like(&example, &stats);
    assert_eq!(stats["characters"], example["characters"]);
    assert_eq!(stats["scheduler"]["running"], false);
    let metrics = app.get("/api/metrics").await.expect(200);
    let example = json!({
        "latency": { "p50": 2800, "p90": 4200, "p99": 6100, "count": 586, "windowMs": 300_000 },
        "tools": {}, "actions": {}, "hints": {},
    });
    like(&example, &metrics);
    assert_eq!(metrics["latency"]["windowMs"], 300_000);
    assert_eq!(metrics["latency"]["count"], 0);
    assert_eq!(
        app.get("/api/decisions/count").await.expect(200),
        json!({ "count": 0 })
    );
    let health = app.get("/api/health").await.expect(200);
    assert_eq!(
        (&health["inference"], &health["database"]),
        (&json!(true), &json!(true))
    );
}

#[tokio::test]
async fn settings_hold_at_once_in_every_process() {
    let app = furnished().await;
    let other = app.another_node().await;
    let body = json!({ "tick": { "fastTickMs": 3000, "batchSize": 8 } });
    let updated = app.post("/api/config").json(&body).await.expect(200);
    assert_eq!(updated["updated"], true);
    let now = other.get("/api/config").await.expect(200);
    assert_eq!(
        (
            &now["tick"]["fastTickMs"],
            &now["tick"]["slowTickMs"],
            &now["tick"]["batchSize"]
        ),
        (&json!(3000), &json!(30_000), &json!(8))
    );
    // Of the contract's two for proximity, and that who is far may not talk, in a process that was not told.
    let far = other.post("/api/chat/guard");
    let far = far.json(&json!({ "message": "Halt!" })).await;
    assert_eq!(far.expect(400)["code"], "PROXIMITY_ERROR");
    let body = json!({ "proximity": { "decayRatePerTick": 0.5, "interactionBoost": 6, "chatMinCloseness": 5 } });
    app.post("/api/config").json(&body).await.expect(200);
    let worker = app.worker();
    let near = other.post("/api/chat/guard");
    let near = near.json(&json!({ "message": "Halt!" })).await.expect(200);
    assert!(near["reply"].is_string());
    worker.leave().await;
}

#[tokio::test]
async fn settings_that_cannot_be_change_nothing() {
    let app = furnished().await;
    let before = app.get("/api/config").await.expect(200);
    for body in [
        json!({ "tick": { "fastTickMs": -5 } }),
        json!({ "tick": { "fastTickMs": 0 } }),
        json!({ "tick": { "slowTickMs": 0.5 } }),
        json!({ "tick": { "fastTickMs": 3000, "batchSize": 0 } }),
        json!({ "tick": { "fastTickMs": 3000 }, "proximity": { "decayRatePerTick": -1 } }),
        json!({ "tick": { "batchSize": 2.5 } }),
        json!({ "tick": { "batchSize": "many" } }),
        json!({ "tick": [] }),
        json!({ "proximity": { "backgroundThreshold": 90 } }),
        json!([]),
    ] {
        wrong(&app.post("/api/config").json(&body).await);
        assert_eq!(app.get("/api/config").await.expect(200), before, "{body}");
    }
    let text = "Field 'tick.fastTickMs' must be number, got string";
    let call = app.post("/api/config");
    invalid(
        &call
            .json(&json!({ "tick": { "fastTickMs": "fast" } }))
            .await,
        text,
    );
}
