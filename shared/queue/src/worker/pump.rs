//! Feeds one lane: takes hints from Redis for free slots only, claims the rows, hands them to apalis.

use std::sync::Arc;
use std::time::Duration;

use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;
use sqlx::PgPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use crate::bounded::{PATIENCE, bounded};
use crate::keys::parse_waiting;
use crate::queue::{Queue, is_unavailable};
use crate::task::{Hint, Priority, TaskId};
use crate::worker::claim::{self, Claim, Claimed};
use crate::worker::held::{Held, Holding};

pub(crate) struct Pump {
    pub(crate) queue: Queue,
    /// Commits without waiting for the disk, see `fleet`.
    pub(crate) claims_pool: PgPool,
    pub(crate) worker: String,
    pub(crate) kind: &'static str,
    pub(crate) slots: usize,
    pub(crate) held: Held,
    /// Raised when the process leaves: take nothing new.
    pub(crate) leaving: CancellationToken,
    pub(crate) claims: mpsc::Sender<Claim>,
}

/// How long one blocking pop waits in Redis; also how long leaving may take to be noticed.
const BLOCK: Duration = Duration::from_millis(500);
/// Without Redis the table is looked at this often.
const LOOK: Duration = Duration::from_millis(500);
/// Every so many pops the low priorities are asked first, so that they never starve.
const TURN: usize = 8;
/// One claim statement at most.
const BATCH: usize = 256;

impl Pump {
    /// Until the process leaves or the lane's worker is gone.
    pub(crate) async fn run(self) {
        let slots = Arc::new(Semaphore::new(self.slots));
        let mut connection = None;
        let mut turn = 0_usize;
        while let Some(mut free) = self.free_slots(&slots).await {
            turn += 1;
            let hints = match self.pop(&mut connection, free.len(), turn).await {
                Ok(hints) => hints,
                Err(error) => {
                    tracing::debug!(queue.kind = self.kind, %error, "no hints from redis; looking at the table");
                    connection = None;
                    self.look(free.len()).await
                }
            };
            if self.leaving.is_cancelled() {
                self.put_back(&hints);
                break;
            }
            if hints.is_empty() {
                continue;
            }
            for claimed in self.claim(&hints).await {
                // A claim that Postgres lost in a crash is made again under the same token: it runs here already.
                if self.held.has(claimed.id, claimed.attempt) {
                    continue;
                }
                let Some(slot) = free.pop() else { break };
                self.hand_over(claimed, slot).await;
            }
        }
    }

    /// Waits for a free slot, then takes all there are.
    async fn free_slots(&self, slots: &Arc<Semaphore>) -> Option<Vec<OwnedSemaphorePermit>> {
        let first = tokio::select! {
            slot = Arc::clone(slots).acquire_owned() => slot.ok()?,
            () = self.leaving.cancelled() => return None,
        };
        let mut free = vec![first];
        while free.len() < BATCH
            && let Ok(slot) = Arc::clone(slots).try_acquire_owned()
        {
            free.push(slot);
        }
        Some(free)
    }

    async fn pop(
        &self,
        connection: &mut Option<MultiplexedConnection>,
        count: usize,
        turn: usize,
    ) -> Result<Vec<TaskId>, redis::RedisError> {
        let connection = match connection {
            Some(connection) => connection,
            None => connection.insert(self.connect().await?),
        };
        let mut priorities = Priority::ALL;
        if turn.is_multiple_of(TURN) {
            priorities.reverse();
        }
        let mut pop = redis::cmd("BLMPOP");
        pop.arg(BLOCK.as_secs_f64()).arg(priorities.len());
        for priority in priorities {
            pop.arg(self.queue.inner.keys.waiting(self.kind, priority));
        }
        pop.arg("LEFT").arg("COUNT").arg(count);
        let popped: Option<(String, Vec<Vec<u8>>)> = pop.query_async(connection).await?;
        let elements = popped.map(|(_, elements)| elements).unwrap_or_default();
        Ok(elements
            .iter()
            .filter_map(|element| parse_waiting(element))
            .collect())
    }

    /// A connection of its own, since a blocking pop holds up whatever shares it.
    async fn connect(&self) -> Result<MultiplexedConnection, redis::RedisError> {
        let patience = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(1)))
            .set_response_timeout(Some(BLOCK + Duration::from_secs(3)));
        self.queue
            .inner
            .client
            .get_multiplexed_async_connection_with_config(&patience)
            .await
    }

    async fn look(&self, count: usize) -> Vec<TaskId> {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = self.leaving.cancelled() => return Vec::new(),
        }
        let waiting = bounded(&self.queue.inner.pool, PATIENCE, async |connection| {
            claim::waiting(connection, self.kind, count).await
        });
        waiting.await.unwrap_or_else(|error| {
            tracing::debug!(queue.kind = self.kind, %error, "no look at the table either");
            Vec::new()
        })
    }

    /// Keeps trying while Postgres is away: the hints are in nobody else's hands.
    async fn claim(&self, hints: &[TaskId]) -> Vec<Claimed> {
        let mut tries = 0_u32;
        loop {
            tries += 1;
            let claimed = match tries {
                1 => self.try_claim(hints).await,
                _ => self.claim_again(hints).await,
            };
            match claimed {
                Ok(claimed) => return claimed,
                Err(error) if is_unavailable(&error) && !self.leaving.is_cancelled() => {
                    tracing::warn!(queue.kind = self.kind, %error, "postgres is away; claiming again soon");
                    tokio::time::sleep(LOOK).await;
                }
                Err(error) => {
                    tracing::error!(queue.kind = self.kind, %error, "could not claim; the sweep will hint again");
                    return Vec::new();
                }
            }
        }
    }

    async fn try_claim(&self, hints: &[TaskId]) -> Result<Vec<Claimed>, sqlx::Error> {
        let claimed = bounded(&self.claims_pool, PATIENCE, async |connection| {
            claim::claim(connection, &self.worker, hints).await
        });
        let claimed = claimed.await?;
        if claimed.len() < hints.len() {
            let missed: Vec<_> = hints
                .iter()
                .filter(|id| claimed.iter().all(|claimed| claimed.id != **id))
                .copied()
                .collect();
            let early = bounded(&self.claims_pool, PATIENCE, async |connection| {
                claim::early(connection, &missed).await
            });
            match early.await {
                Ok(hints) => self.queue.ring(hints),
                // What is claimed is claimed: it must not be given up for the sake of the others.
                Err(error) => {
                    tracing::debug!(queue.kind = self.kind, %error, "early hints are left to the sweep");
                }
            }
        }
        Ok(claimed)
    }

    /// The try before may have been committed although its answer got lost.
    async fn claim_again(&self, hints: &[TaskId]) -> Result<Vec<Claimed>, sqlx::Error> {
        let unheard = bounded(&self.claims_pool, PATIENCE, async |connection| {
            claim::unheard(connection, &self.worker, hints).await
        });
        let mut claimed = unheard.await?;
        claimed.extend(self.try_claim(hints).await?);
        Ok(claimed)
    }

    async fn hand_over(&self, claimed: Claimed, slot: OwnedSemaphorePermit) {
        let claim = claimed.seated(slot);
        self.held.insert(
            claim.id,
            Holding {
                attempt: claim.attempt,
                stop: claim.stop.clone(),
            },
        );
        metrics::histogram!("job_queue_latency_seconds", "kind" => self.kind)
            .record(claim.waited_s);
        let (id, attempt) = (claim.id, claim.attempt);
        if self.claims.send(claim).await.is_err() {
            // The lane broke and is being started anew: unrenewed, the lease runs out and the sweep takes over.
            self.held.remove(id, attempt);
        }
    }

    fn put_back(&self, hints: &[TaskId]) {
        let hint = |id: &TaskId| Hint {
            id: *id,
            kind: self.kind.to_owned(),
            priority: Priority::High,
            delay: Duration::ZERO,
        };
        self.queue.ring(hints.iter().map(hint).collect());
    }
}
