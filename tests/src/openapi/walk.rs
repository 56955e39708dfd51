//! Every documented operation is called once with its own example.

use super::operation::operations;
use crate::harness::TestApp;
use crate::tasks::steps::short;

/// Sends every operation its example, in a world where that must work, and holds the answer against the document.
#[tokio::test]
async fn every_operation_does_what_its_example_promises() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    for operation in operations() {
        // Whatever the one before did to the games.
        app.post("/api/reset").await.expect(200);
        let task = short(&app).await;
        if operation.name == "retry_task" {
            app.idle().await;
            sqlx::query("update tasks set status = 'cancelled' where id = $1::uuid")
                .bind(&task)
                .execute(&app.store.pool)
                .await
                .expect("the task is cancelled");
        }
        let reply = operation.call(&app, &operation.sample(&task)).await;
        assert!(
            (200..300).contains(&reply.status),
            "{}: {}: {}",
            operation.name,
            reply.status,
            reply.text()
        );
    }
}
