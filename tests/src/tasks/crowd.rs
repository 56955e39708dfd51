//! Many clients and many tasks at once, on a node with four connections to Postgres.

use futures_util::future::{join, join_all};

use super::steps::{SHORT, get, short, task_id};
use crate::harness::TestApp;

#[tokio::test]
async fn a_crowd_that_waits_for_one_task_hears_of_its_end() {
    let app = TestApp::start().await;
    let id = short(&app).await;
    let path = format!("/api/tasks/{id}?wait=60");
    let waiting = join_all((0..150).map(|_| app.get(&path).send()));
    let stream = format!("/api/tasks/{id}/events");
    let following =
        join_all((0..50).map(|_| async { app.events(&stream, None).await.rest().await }));
    let ((waited, followed), ()) = join(join(waiting, following), app.work()).await;
    for reply in waited {
        assert_eq!(reply.expect(200)["status"], "completed");
    }
    for events in followed {
        let last = events.last().expect("a final event");
        assert_eq!(last.data["status"], "completed");
    }
    // Nobody holds a connection for having waited.
    app.get("/api/games").await.expect(200);
}

#[tokio::test]
async fn orders_from_everywhere_are_each_done_once() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let workers = [app.worker(), app.worker()];
    let orders = (0..200).map(|number| {
        let node = if number % 2 == 0 { &*app } else { &other };
        async move { task_id(&node.post(SHORT).await.expect(200)) }
    });
    let ids = join_all(orders).await;
    app.idle().await;
    for worker in workers {
        worker.leave().await;
    }
    for id in ids {
        let task = get(&app, &id).await;
        assert_eq!(task["status"], "completed");
        assert_eq!(task["attempt"], 1, "{task}");
    }
}
