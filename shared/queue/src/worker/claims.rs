//! Recorded tasks as a lane's source: hints are rows to be claimed, and what a job returns is committed to them.

use futures_util::future::{BoxFuture, FutureExt as _};
use sqlx::PgPool;
use tokio::sync::OwnedSemaphorePermit;
use tracing::Instrument;
use uuid::Uuid;

use crate::bounded::{PATIENCE, bounded};
use crate::queue::{Queue, is_unavailable};
use crate::task::TaskId;
use crate::worker::claim::{self, Claimed};
use crate::worker::commit::{Committer, Outcome};
use crate::worker::ending::ending;
use crate::worker::held::{Held, Holding};
use crate::worker::lane::{Attempt, Work};
use crate::worker::piece::{End, Piece, Returned};
use crate::worker::pump::{LOOK, Source};
use crate::worker::report::Board;
use crate::worker::stop::Stop;
use tokio_util::sync::CancellationToken;

#[derive(Clone)]
pub(crate) struct Claims {
    pub(crate) queue: Queue,
    /// Commits without waiting for the disk, see `fleet`.
    pub(crate) claims_pool: PgPool,
    pub(crate) worker: String,
    pub(crate) kind: &'static str,
    pub(crate) work: Work,
    pub(crate) held: Held,
    pub(crate) board: Board,
    pub(crate) committer: Committer,
    /// Raised when the process leaves: nothing is tried again.
    pub(crate) leaving: CancellationToken,
}

impl Source for Claims {
    fn batch(&self) -> usize {
        1
    }

    fn look(&self, count: usize) -> BoxFuture<'_, Vec<Uuid>> {
        let waiting = async move {
            let waiting = bounded(&self.queue.inner.pool, PATIENCE, async |connection| {
                claim::waiting(connection, self.kind, count).await
            });
            match waiting.await {
                Ok(ids) => ids.into_iter().map(|id| id.0).collect(),
                Err(error) => {
                    tracing::debug!(queue.kind = self.kind, %error, "no look at the table either");
                    Vec::new()
                }
            }
        };
        waiting.boxed()
    }

    fn pieces(
        &self,
        hints: Vec<Uuid>,
        mut free: Vec<OwnedSemaphorePermit>,
    ) -> BoxFuture<'_, Vec<Piece>> {
        let pieces = async move {
            let hints: Vec<_> = hints.into_iter().map(TaskId).collect();
            let claimed = self.claim(&hints).await;
            // A claim that Postgres lost in a crash is made again under the same token: it runs here already.
            let new = claimed
                .into_iter()
                .filter(|claimed| !self.held.has(claimed.id, claimed.attempt));
            new.map_while(|claimed| Some(self.piece(claimed, free.pop()?)))
                .collect()
        };
        pieces.boxed()
    }
}

impl Claims {
    fn piece(&self, claimed: Claimed, slot: OwnedSemaphorePermit) -> Piece {
        metrics::histogram!("job_queue_latency_seconds", "kind" => self.kind)
            .record(claimed.waited_s);
        let stop = Stop::default();
        let span = tracing::info_span!("task", task.id = %claimed.id, task.kind = self.kind,
            task.attempt = claimed.attempt, trace.parent = claimed.trace_context);
        let end = self.end(&claimed, stop.clone(), slot);
        let work = (self.work)(Attempt {
            id: claimed.id,
            number: claimed.attempt,
            report: self.board.reporter(claimed.id, claimed.attempt),
            payload: claimed.payload,
            stop,
        });
        Piece {
            work: work.instrument(span).boxed(),
            end: Some(end),
        }
    }

    fn end(&self, claimed: &Claimed, stop: Stop, slot: OwnedSemaphorePermit) -> End {
        let (id, attempt, failures) = (claimed.id, claimed.attempt, claimed.failures);
        let holding = Holding {
            attempt,
            stop: stop.clone(),
        };
        // Unrun and so unrenewed, the lease runs out and the sweep takes over.
        let kept = self.held.keep(id, holding);
        let Self {
            kind,
            board,
            committer,
            ..
        } = self.clone();
        Box::new(move |returned: Returned| {
            let settle = async move {
                board.forget(id, attempt);
                if let Some(ending) = ending(returned, &stop, failures) {
                    let outcome = Outcome {
                        id,
                        attempt,
                        kind,
                        ending,
                    };
                    committer.commit(outcome).await;
                }
                drop(kept);
                drop(slot);
            };
            settle.boxed()
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
}
