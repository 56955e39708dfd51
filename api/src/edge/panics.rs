//! A panic in a handler is a 500 for its client and an error in the log, and nothing to anybody else.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use anyhow::anyhow;
use futures_util::FutureExt;
use poem::Result;

use crate::errors::Problem;

/// Runs a handler. State that a panic may leave behind is the pool's and the queue's, which both expect a caller to vanish.
pub async fn caught<T>(handler: impl Future<Output = Result<T>>) -> Result<T> {
    match AssertUnwindSafe(handler).catch_unwind().await {
        Ok(result) => result,
        Err(payload) => {
            Err(Problem::internal(anyhow!("a handler panicked: {}", message(&*payload))).into())
        }
    }
}

fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_client_learns_nothing_and_the_log_everything() {
        let result: Result<()> = caught(async { panic!("secret {}", 42) }).await;
        let error = result.expect_err("a panic is an error");
        let problem = error
            .data::<Problem>()
            .expect("a problem rides on the error");
        assert_eq!(problem.status.as_u16(), 500);
        assert!(!problem.text.contains("secret"));
        let cause = problem.cause.as_ref().expect("the log has the cause");
        assert_eq!(cause.to_string(), "a handler panicked: secret 42");
    }
}
