//! Every documented operation is called once with its own example.

use super::board::board;
use super::cast::cast;
use super::operation::operations;
use super::people::people;
use crate::chess::players::app;
use crate::tasks::steps::short;

/// Sends every operation its example, in a world where that must work, and holds the answer against the document.
#[tokio::test]
async fn every_operation_does_what_its_example_promises() {
    let app = app().await;
    let _worker = app.worker();
    for operation in operations() {
        if operation.answers_with_a_socket() || operation.never_ends() {
            // Nothing to read to its end here: tests::chess and tests::characters open them.
            continue;
        }
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
        let mut sample = operation.sample(&task);
        if operation.is_live_chess() {
            sample = operation.at(&board(&app, &operation.name).await, sample);
        }
        if operation.is_of_characters() {
            sample = operation.of_snapshot(&cast(&app, &operation.name).await, sample);
            sample = operation.with(people(&app, &operation.name).await, sample);
        }
        let reply = operation.call(&app, &sample).await;
        assert!(
            (200..300).contains(&reply.status),
            "{}: {}: {}",
            operation.name,
            reply.status,
            reply.text()
        );
    }
}
