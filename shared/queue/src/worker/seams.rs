//! Single steps of a worker, for the test that holds the statements against [`crate::state::State::after`].

use std::time::Duration;

use crate::queue::Queue;
use crate::state::{Ending, Token};
use crate::task::TaskId;
use crate::worker::claim;
use crate::worker::commit::{self, Ledger, Outcome};
use crate::worker::held::{Held, Holding};
use crate::worker::lease::Keeper;
use crate::worker::stop::{Reason, Stop};
use crate::worker::sweep::Sweep;

/// The claim's token, when there was something to claim.
pub async fn claim(queue: &Queue, worker: &str, id: TaskId) -> Result<Option<Token>, sqlx::Error> {
    let mut connection = queue.inner.pool.acquire().await?;
    let claimed = claim::claim(&mut connection, worker, &[id]).await?;
    Ok(claimed.first().map(|claimed| Token {
        worker: worker.to_owned(),
        attempt: claimed.attempt.cast_unsigned(),
    }))
}

/// What a holder is told at a renewal, if anything.
pub async fn renew(
    queue: &Queue,
    id: TaskId,
    token: &Token,
) -> Result<Option<Reason>, sqlx::Error> {
    let held = Held::default();
    let stop = Stop::default();
    let holding = Holding {
        attempt: token.attempt.cast_signed(),
        stop: stop.clone(),
    };
    held.insert(id, holding);
    let keeper = Keeper {
        pool: queue.inner.pool.clone(),
        worker: token.worker.clone(),
        held,
    };
    keeper.renew().await?;
    Ok(stop.reason())
}

pub async fn settle(
    queue: &Queue,
    id: TaskId,
    token: &Token,
    ending: Ending,
) -> Result<(), sqlx::Error> {
    let ledger = Ledger {
        pool: queue.inner.pool.clone(),
        worker: token.worker.clone(),
        ringer: queue.inner.ringer.clone(),
        give_up: tokio_util::sync::CancellationToken::new(),
    };
    let ending = match ending {
        Ending::Completed => commit::Ending::Completed(Some("1".to_owned())),
        Ending::Failed => commit::Ending::Failed("failed".to_owned()),
        Ending::Retry { delay } => commit::Ending::Retry {
            error: "retried".to_owned(),
            delay: Duration::from_millis(delay),
        },
        Ending::Snooze { delay } => commit::Ending::Snooze(Duration::from_millis(delay)),
        Ending::Release => commit::Ending::Release,
    };
    let outcome = Outcome {
        id,
        attempt: token.attempt.cast_signed(),
        kind: "",
        ending,
    };
    ledger.store(&[outcome]).await
}

/// One round of the sweep over leases that ran out.
pub async fn expire(queue: &Queue) -> Result<(), sqlx::Error> {
    let sweep = Sweep {
        queue: queue.clone(),
        kinds: Vec::new(),
        retention: Duration::MAX,
    };
    let mut connection = queue.inner.pool.acquire().await?;
    sweep.expire(&mut connection).await
}
