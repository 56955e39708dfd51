//! Experiments with prompts: variants are registered, shared out among the characters, counted by run, and held against each other.

use std::time::Instant;

use serde_json::{Value, json};

use crate::harness::{PATIENCE, TestApp};

async fn register(app: &TestApp, name: &str, config: Value) {
    let body = json!({ "name": name, "config": config, "weight": 1 });
    let reply = app.post("/api/experiment/variant").json(&body).await;
    assert_eq!(reply.expect(201), json!({ "registered": name }));
}

/// Characters who are asked every fast tick.
async fn crowd(app: &TestApp, count: usize) {
    for number in 0..count {
        let body = json!({ "id": format!("guard_{number}"), "name": "Theron", "archetype": "guard", "identity": {}, "initialCloseness": 90 });
        app.post("/api/characters").json(&body).await.expect(201);
    }
}

fn assignments(report: &Value) -> u64 {
    let variants = report["variants"].as_array().expect("a list");
    variants
        .iter()
        .map(|one| one["assignments"].as_u64().expect("a count"))
        .sum()
}

#[tokio::test]
async fn an_experiment_begins_with_two_variants() {
    let app = TestApp::start().await;
    let nothing = json!({ "active": false, "variants": [] });
    assert_eq!(app.get("/api/experiment").await.expect(200), nothing);
    let started = app.post("/api/experiment/start").await.expect(200);
    assert_eq!(started, json!({ "started": true, "active": false }));
    register(&app, "control", json!({})).await;
    let started = app.post("/api/experiment/start").await.expect(200);
    assert_eq!(started, json!({ "started": true, "active": false }));

    let suffix = json!({ "systemPromptSuffix": "Be very detailed in your reasoning." });
    register(&app, "verbose_prompt", suffix.clone()).await;
    let other = app.another_node().await;
    let started = other.post("/api/experiment/start").await.expect(200);
    assert_eq!(started, json!({ "started": true, "active": true }));
    let none = json!({ "tool_call": 0, "dialogue": 0, "idle": 0 });
    let report = json!({ "active": true, "variants": [
        { "name": "control", "config": {}, "weight": 1.0, "assignments": 0, "outcomes": none },
        { "name": "verbose_prompt", "config": suffix, "weight": 1.0, "assignments": 0, "outcomes": none },
    ] });
    assert_eq!(app.get("/api/experiment").await.expect(200), report);
    let stopped = app.post("/api/experiment/stop").await.expect(200);
    assert_eq!(
        (&stopped["stopped"], &stopped["report"]["active"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn what_decisions_come_to_is_counted_by_variant_and_run() {
    let app = TestApp::start().await;
    register(&app, "control", json!({})).await;
    register(&app, "terse", json!({ "maxTokens": 20 })).await;
    app.post("/api/experiment/start").await.expect(200);
    crowd(&app, 24).await;
    let worker = app.worker();
    let deadline = Instant::now() + PATIENCE;
    // Each decides more than once.
    let report = loop {
        let report = app.get("/api/experiment").await.expect(200);
        let variants = report["variants"].as_array().expect("a list");
        if assignments(&report) >= 60 && variants.iter().all(|one| one["assignments"] != 0) {
            break report;
        }
        assert!(Instant::now() < deadline, "nobody decided: {report}");
    };
    for variant in report["variants"].as_array().expect("a list") {
        let outcomes = variant["outcomes"].as_object().expect("counts");
        let sum: u64 = outcomes.values().filter_map(Value::as_u64).sum();
        assert_eq!(variant["assignments"], sum);
        let rates = variant["rates"].as_object().expect("rates");
        let sum: f64 = rates.values().filter_map(Value::as_f64).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{variant}");
    }
    let stopped = app.post("/api/experiment/stop").await.expect(200);
    worker.leave().await;
    assert!(assignments(&stopped["report"]) >= assignments(&report));

    let kept: Vec<(i64, i64)> = sqlx::query_as(
        "select count(distinct variant), count(variant) from characters_decisions group by key having count(variant) > 0",
    )
    .fetch_all(&app.store.pool)
    .await
    .expect("the decisions can be read");
    assert!(kept.iter().any(|(_, decisions)| *decisions > 1), "{kept:?}");
    assert!(
        kept.iter().all(|(variants, _)| *variants == 1),
        "a character keeps its variant: {kept:?}"
    );

    let last = app.get("/api/experiment").await.expect(200);
    assert!(
        assignments(&last) > 0,
        "the last run is told of until the next"
    );
    app.post("/api/experiment/start").await.expect(200);
    let next = app.get("/api/experiment").await.expect(200);
    assert_eq!(assignments(&next), 0, "each run has counts of its own");
}

#[tokio::test]
async fn variants_that_make_no_sense_are_refused() {
    let app = TestApp::start().await;
    for (body, text) in [
        (json!({ "config": {} }), "Missing required field: name"),
        (json!({ "name": "a" }), "Missing required field: config"),
        (
            json!({ "name": "a", "config": { "temperature": "hot" } }),
            "Field 'config.temperature' must be number, got string",
        ),
        (
            json!({ "name": "a", "config": { "temperature": 9 } }),
            "Field 'config.temperature' must be from 0 to 2",
        ),
        (
            json!({ "name": "a", "config": { "inferenceTier": "huge" } }),
            "Field 'config.inferenceTier' must be one of heavy, mid, light",
        ),
    ] {
        let refused = app
            .post("/api/experiment/variant")
            .json(&body)
            .await
            .expect(400);
        assert_eq!(
            (&refused["error"], &refused["code"]),
            (&json!(text), &json!("VALIDATION_ERROR")),
            "{body}"
        );
    }
    for body in [
        json!({ "name": "", "config": {} }),
        json!({ "name": "a", "config": [] }),
        json!({ "name": "a", "config": {}, "weight": -1 }),
        json!({ "name": "a", "config": {}, "weight": "heavy" }),
        json!({ "name": "a", "config": { "x": "\u{0}" } }),
    ] {
        let refused = app
            .post("/api/experiment/variant")
            .json(&body)
            .await
            .expect(400);
        assert_eq!(refused["code"], "VALIDATION_ERROR", "{body}");
    }
    for number in 0..32 {
        register(&app, &format!("variant_{number}"), json!({})).await;
    }
    let body = json!({ "name": "one_more", "config": {} });
    let refused = app
        .post("/api/experiment/variant")
        .json(&body)
        .await
        .expect(400);
    assert_eq!(refused["error"], "There may be at most 32 variants");
    let body = json!({ "name": "variant_0", "config": { "colour": "red" } });
    let replaced = app
        .post("/api/experiment/variant")
        .json(&body)
        .await
        .expect(201);
    assert_eq!(
        replaced,
        json!({ "registered": "variant_0", "ignored": ["colour"] })
    );
    let report = app.get("/api/experiment").await.expect(200);
    assert_eq!(report["variants"].as_array().map(Vec::len), Some(32));
}
