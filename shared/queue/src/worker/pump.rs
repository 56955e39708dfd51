//! Feeds one lane: takes hints from Redis for free slots only, and hands what its source makes of them to apalis.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::keys::parse_waiting;
use crate::queue::Queue;
use crate::task::{Hint, Priority, TaskId};
use crate::worker::piece::Piece;

pub(crate) struct Pump {
    pub(crate) queue: Queue,
    pub(crate) kind: &'static str,
    pub(crate) slots: usize,
    pub(crate) source: Arc<dyn Source>,
    /// Raised when the process leaves: take nothing new.
    pub(crate) leaving: CancellationToken,
    pub(crate) pieces: mpsc::Sender<Piece>,
}

/// What hints mean: rows of `tasks` to be claimed, or rows of an area.
pub(crate) trait Source: Send + Sync {
    /// Ids that one slot takes at most.
    fn batch(&self) -> usize;

    /// Straight from the table, while Redis is away: some that wait.
    fn look(&self, count: usize) -> BoxFuture<'_, Vec<Uuid>>;

    /// What there is to do, each piece with its slot; slots that are not needed are given back.
    fn pieces(
        &self,
        hints: Vec<Uuid>,
        free: Vec<OwnedSemaphorePermit>,
    ) -> BoxFuture<'_, Vec<Piece>>;
}

/// How long one blocking pop waits in Redis; also how long leaving may take to be noticed.
const BLOCK: Duration = Duration::from_millis(500);
/// Without Redis the table is looked at this often.
pub(crate) const LOOK: Duration = Duration::from_millis(500);
/// Every so many pops the low priorities are asked first, so that they never starve.
const TURN: usize = 8;
/// Slots filled together at most: as many rows as one claim takes.
const BATCH: usize = 256;
/// Hints taken together at most.
const MOST: usize = 1024;

impl Pump {
    /// Until the process leaves or the lane's worker is gone.
    pub(crate) async fn run(self) {
        let slots = Arc::new(Semaphore::new(self.slots));
        let mut connection = None;
        let mut turn = 0_usize;
        while let Some(free) = self.free_slots(&slots).await {
            turn += 1;
            let count = (free.len() * self.source.batch()).min(MOST);
            let hints = match self.pop(&mut connection, count, turn).await {
                Ok(hints) => hints,
                Err(error) => {
                    tracing::debug!(queue.kind = self.kind, %error, "no hints from redis; looking at the table");
                    connection = None;
                    self.look(count).await
                }
            };
            if self.leaving.is_cancelled() {
                self.put_back(&hints);
                break;
            }
            if hints.is_empty() {
                continue;
            }
            for piece in self.source.pieces(hints, free).await {
                // Should the lane break, what is dropped here unrun gives up its slot and whatever it held.
                let _broken = self.pieces.send(piece).await;
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
    ) -> Result<Vec<Uuid>, redis::RedisError> {
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

    async fn look(&self, count: usize) -> Vec<Uuid> {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = self.leaving.cancelled() => return Vec::new(),
        }
        self.source.look(count).await
    }

    fn put_back(&self, hints: &[Uuid]) {
        let hint = |id: &Uuid| Hint {
            id: TaskId(*id),
            kind: self.kind.to_owned(),
            priority: Priority::High,
            delay: Duration::ZERO,
        };
        self.queue.ring(hints.iter().map(hint).collect());
    }
}
