//! `GET /api/tasks`: filters, order, pages.

use std::collections::HashSet;

use rookery_queue::{NewTask, Task};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::steps::{SHORT, short, task_id};
use crate::harness::TestApp;

fn ids(tasks: &Value) -> Vec<String> {
    tasks
        .as_array()
        .expect("a list")
        .iter()
        .map(task_id)
        .collect()
}

#[tokio::test]
async fn the_contract_s_fields_newest_first() {
    let app = TestApp::start().await;
    let first = short(&app).await;
    app.work().await;
    let second = app
        .post("/api/tasks?game_id=prisoners-dilemma&plugin=IESDS&owner=session-xyz")
        .await
        .expect(200);
    let tasks = app.get("/api/tasks").await.expect(200);
    assert_eq!(ids(&tasks), [task_id(&second), first]);
    for (name, value) in [
        ("status", json!("pending")),
        ("owner", json!("session-xyz")),
        ("game_id", json!("prisoners-dilemma")),
        ("plugin_name", json!("IESDS")),
    ] {
        assert_eq!(tasks[0][name], value);
    }
    assert_eq!(tasks[1]["status"], "completed");
}

#[tokio::test]
async fn filters_narrow_together() {
    let app = TestApp::start().await;
    let order = |game: &str, owner: &str| {
        app.post("/api/tasks").query(&[
            ("game_id", game),
            ("plugin", "Validation"),
            ("owner", owner),
        ])
    };
    let done = task_id(&order("trust-game", "ann").await.expect(200));
    app.work().await;
    let ann = task_id(&order("stag-hunt", "ann").await.expect(200));
    let bob = task_id(&order("stag-hunt", "bob & co").await.expect(200));
    for (query, expected) in [
        ("", vec![&bob, &ann, &done]),
        ("owner=ann", vec![&ann, &done]),
        ("owner=bob%20%26%20co", vec![&bob]),
        ("owner=nobody", vec![]),
        ("subject=stag-hunt", vec![&bob, &ann]),
        ("status=completed", vec![&done]),
        ("status=pending&owner=ann", vec![&ann]),
        ("kind=theory.analyze&subject=trust-game", vec![&done]),
        ("kind=chess.move", vec![]),
        ("limit=1", vec![&bob]),
    ] {
        let tasks = app.get(&format!("/api/tasks?{query}")).await.expect(200);
        assert_eq!(ids(&tasks).iter().collect::<Vec<_>>(), expected, "{query}");
    }
}

#[tokio::test]
async fn pages_hold_every_task_once_even_while_new_ones_come() {
    let app = TestApp::start().await;
    let batch: Vec<Value> = (0..23)
        .map(|number| json!({ "game_id": "trust-game", "plugin": "Validation", "owner": format!("page-{}", number % 2) }))
        .collect();
    let batch = app
        .post("/api/tasks/batch")
        .json(&json!({ "tasks": batch }))
        .await
        .expect(200);
    let ordered: HashSet<String> = ids(&batch).into_iter().collect();
    let mut seen = Vec::new();
    let mut path = "/api/tasks?limit=5".to_owned();
    let pages = loop {
        let page = app.get(&path).await;
        seen.extend(ids(&page.expect(200)));
        assert!(seen.len() < 100, "the pages do not end");
        app.post(SHORT).await.expect(200);
        let Some(cursor) = page.header("x-next-cursor") else {
            break seen.len();
        };
        let link = page.header("link").expect("a link comes with the cursor");
        // RFC 8288: the address between angle brackets.
        let next = link
            .trim_start_matches('<')
            .split('>')
            .next()
            .unwrap_or_default();
        assert!(
            next.contains(cursor) && next.contains("limit=5") && link.ends_with("rel=\"next\""),
            "{link}"
        );
        path = next.to_owned();
    };
    assert_eq!(pages, 23);
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), ordered);
}

/// A kind of work that is no analysis.
#[derive(Serialize, Deserialize)]
struct Errand;

impl Task for Errand {
    const KIND: &'static str = "test.errand";
    type Output = ();
}

#[tokio::test]
async fn work_that_is_no_analysis_is_listed_by_its_kind() {
    let app = TestApp::start().await;
    let analysis = short(&app).await;
    let errand = NewTask::of(&Errand)
        .expect("it serialises")
        .owner("ann")
        .subject("milk");
    let id = app
        .store
        .queue
        .submit(errand)
        .await
        .expect("it is recorded");
    let tasks = app.get("/api/tasks").await.expect(200);
    assert_eq!(ids(&tasks), [id.to_string(), analysis]);
    for (name, value) in [
        ("kind", json!("test.errand")),
        ("plugin_name", json!("test.errand")),
        ("subject", json!("milk")),
        ("game_id", json!("milk")),
        ("owner", json!("ann")),
        ("config", json!({})),
    ] {
        assert_eq!(tasks[0][name], value, "{name}");
    }
    let one = app.get("/api/tasks?kind=test.errand").await.expect(200);
    assert_eq!(ids(&one), [id.to_string()]);
    let answer = app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    assert_eq!(answer["task"]["status"], "cancelled");
}
