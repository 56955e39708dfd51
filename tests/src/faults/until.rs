//! Waiting for what gives no sign: a condition is looked at again and again, with a deadline.

use std::time::Duration;

use anyhow::Context as _;
use tokio::time::{Instant, sleep};

/// For whatever has no figure of its own to meet: long enough for a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What `look` finds, once it finds something.
pub async fn until<T>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let deadline = Instant::now() + patience;
    loop {
        let missing = match look().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() > deadline {
            let seconds = patience.as_secs_f64();
            return match missing {
                Some(error) => {
                    Err(error).with_context(|| format!("not within {seconds} s: {what}"))
                }
                None => anyhow::bail!("not within {seconds} s: {what}"),
            };
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until `holds` says so.
pub async fn holds(
    what: &str,
    patience: Duration,
    mut condition: impl AsyncFnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    until(what, patience, async || {
        Ok(condition().await?.then_some(()))
    })
    .await
}
