//! Runs that nobody waits for to the end: what they show on the way, what is left when they are cut short, and going on elsewhere.

use serde_json::{Value, json};

use super::steps::{analysed, endless_game, kuhn_poker, upload};
use crate::harness::TestApp;

/// Brute force over the endless game's table finds one pure equilibrium, and so must whoever listens, cancels or sets a limit.
fn has_found_it(details: &Value) -> bool {
    details["equilibria"]
        .as_array()
        .is_some_and(|found| found.iter().any(|equilibrium| equilibrium["regret"] == 0.0))
}

#[tokio::test]
async fn equilibria_are_told_as_they_are_found_and_survive_the_cancel() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let game = upload(&app, "endless.nfg", &endless_game()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=Nash%20Equilibrium");
    let id = super::steps::id_of(&app.post(&order).await.expect(200));
    let mut events = app.events(&format!("/api/tasks/{id}/events"), None).await;
    let told = loop {
        let event = events.next().await.expect("the run does not end by itself");
        assert_ne!(event.data["status"], "completed", "{event:?}");
        if has_found_it(&event.data["partial"]) {
            break event.data;
        }
    };
    assert_eq!(told["status"], "running");
    assert!(told["progress"]["message"].is_string(), "{told}");
    app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    let rest = events.rest().await;
    let last = &rest.last().expect("its end").data;
    assert_eq!(last["status"], "cancelled");
    let result = &last["result"];
    assert!(has_found_it(&result["details"]), "{result}");
    assert_eq!(result["details"]["exhaustive"], false);
    assert!(
        result["summary"]
            .as_str()
            .is_some_and(|text| text.ends_with('+')),
        "{result}"
    );
}

#[tokio::test]
async fn a_limit_of_time_ends_a_run_with_what_it_has() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let game = upload(&app, "endless.nfg", &endless_game()).await;
    let options = [("timeout", "4")];
    let result = analysed(&app, &game, "Nash Equilibrium", &options).await;
    assert!(has_found_it(&result["details"]), "{result}");
    assert_eq!(result["details"]["exhaustive"], false);
    assert_eq!(result["details"]["timed_out"], true);
    assert!(
        result["summary"]
            .as_str()
            .is_some_and(|text| text.ends_with('+'))
    );
    let game = upload(&app, "kuhn.efg", &kuhn_poker()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=CFR%20Equilibrium&timeout=1");
    let task = app
        .post(&order)
        .json(&json!({ "config": { "iterations": 10_000_000 } }))
        .header("prefer", "wait=60")
        .await
        .expect(200);
    assert_eq!(task["status"], "completed", "{task}");
    let details = &task["result"]["details"];
    let done = details["iterations"].as_u64().expect("a number");
    assert!(0 < done && done < 10_000_000, "{done} iterations");
    assert_eq!(details["timed_out"], true);
    assert!(details["strategy"].is_object());
}

/// A worker that is told to leave keeps the state of what it hands back, and the next attempt goes on from there: its first report is
/// beyond the last of the attempt before.
#[tokio::test]
async fn a_run_goes_on_elsewhere_from_where_it_stood() {
    let app = TestApp::start().await;
    let game = upload(&app, "kuhn.efg", &kuhn_poker()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=CFR%20Equilibrium");
    let config = json!({ "config": { "iterations": 10_000_000 } });
    let leaving = app.hasty_worker();
    let id = super::steps::id_of(&app.post(&order).json(&config).await.expect(200));
    let mut events = app.events(&format!("/api/tasks/{id}/events"), None).await;
    let iterations = |task: &Value| task["partial"]["iterations"].as_u64();
    let mut reports: Vec<u64> = Vec::new();
    // Three, so that an attempt that began anew would not have passed the last by its first.
    while reports.len() < 3 {
        let event = events.next().await.expect("the run takes long");
        assert_eq!(event.data["result"], Value::Null, "{event:?}");
        let done = iterations(&event.data);
        reports.extend(done.filter(|done| Some(done) > reports.last()));
    }
    leaving.leave().await;
    let kept: i64 = sqlx::query_scalar("select count(*) from theory_checkpoints")
        .fetch_one(&app.store.pool)
        .await
        .expect("the checkpoints can be counted");
    assert_eq!(kept, 1);
    let _next = app.worker();
    let resumed = loop {
        let event = events.next().await.expect("the run takes long");
        assert_eq!(event.data["result"], Value::Null, "{event:?}");
        if event.data["attempt"] == 2
            && let Some(done) = iterations(&event.data)
        {
            break done;
        }
    };
    assert!(
        Some(&resumed) > reports.last(),
        "{resumed} after {reports:?}"
    );
    app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    let end = &events.rest().await;
    let end = &end.last().expect("its end").data;
    assert_eq!(end["status"], "cancelled");
    let done = end["result"]["details"]["iterations"].as_u64();
    assert!(done >= Some(resumed), "{done:?}");
}
