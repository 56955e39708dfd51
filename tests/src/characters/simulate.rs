//! Worlds that run by themselves: the same order gives the same day.

use serde_json::{Value, json};

use crate::harness::TestApp;

async fn simulated(app: &TestApp, order: &Value) -> Value {
    let reply = app.post("/api/state/simulate").json(order).await;
    let task = reply.expect(202);
    let path = reply.header("location").expect("it says where").to_owned();
    assert_eq!(
        path,
        format!("/api/tasks/{}", task["id"].as_str().expect("an id"))
    );
    app.work().await;
    app.get(&path).await.expect(200)["result"].clone()
}

fn a_day(seed: u64) -> Value {
    json!({ "from": "tavern", "seed": seed, "fastTicks": 600, "events": [{
        "atFastTick": 31,
        "event": { "type": "bar_fight", "source": "patron", "data": { "severity": "minor" }, "importance": 8, "timestamp": 0 },
    }] })
}

#[tokio::test]
async fn the_same_seed_gives_the_same_day_in_the_tavern() {
    let app = TestApp::start().await;
    let one = simulated(&app, &a_day(7)).await;
    assert_eq!(one, simulated(&app, &a_day(7)).await);
    assert_ne!(one["digest"], simulated(&app, &a_day(8)).await["digest"]);
    assert!(
        one["byCharacter"]["barkeep"]["serve_drink"].as_u64() > Some(0),
        "{one}"
    );
    let timeline = one["timeline"].as_array().expect("a list");
    let reacted = timeline.iter().find(|entry| entry["trigger"] == "event");
    assert_eq!(reacted.expect("Greta is active")["fastTick"], 31);
    // The world that players are in is another one.
    assert_eq!(
        app.get("/api/characters").await.expect(200)["characters"],
        json!([])
    );
}

#[tokio::test]
async fn a_copy_of_the_world_runs_on_and_the_world_itself_does_not() {
    let app = TestApp::start().await;
    let sera = json!({ "id": "sera", "name": "Sera", "archetype": "merchant", "identity": {}, "initialCloseness": 65 });
    app.post("/api/characters").json(&sera).await.expect(201);
    let snapshot = app
        .post("/api/state/snapshot")
        .json(&json!({}))
        .await
        .expect(201);
    for from in [json!("current"), snapshot["snapshotId"].clone()] {
        let report = simulated(&app, &json!({ "from": from, "fastTicks": 20 })).await;
        assert_eq!(
            report["decisions"], 20,
            "an active character is asked at every tick"
        );
        assert_eq!(report["characters"][0]["id"], "sera");
    }
    let nowhere = json!({ "from": "snap_nowhere", "fastTicks": 20 });
    let reply = app.post("/api/state/simulate").json(&nowhere).await;
    assert_eq!(
        reply.expect(404)["error"],
        "Snapshot not found: snap_nowhere"
    );
}

#[tokio::test]
async fn orders_that_make_no_sense_are_refused() {
    let app = TestApp::start().await;
    let late = json!([{ "atFastTick": 11, "event": { "type": "fire", "timestamp": 0 } }]);
    for order in [
        json!({ "from": 7, "fastTicks": 10 }),
        json!({ "from": "tavern", "fastTicks": 0 }),
        json!({ "from": "tavern", "fastTicks": 43_201 }),
        json!({ "from": "tavern" }),
        json!({ "from": "tavern", "fastTicks": 10, "seed": -1 }),
        json!({ "from": "tavern", "fastTicks": 10, "events": late }),
    ] {
        let reply = app.post("/api/state/simulate").json(&order).await;
        assert_eq!(reply.expect(400)["code"], "VALIDATION_ERROR", "{order}");
    }
}
