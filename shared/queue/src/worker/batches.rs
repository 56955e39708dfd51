//! Due work as a lane's source: hints are ids of an area's rows, and what comes of a run the area has written there itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt as _};
use rand::seq::SliceRandom as _;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;
use tower::timeout::error::Elapsed;
use tracing::Instrument;
use uuid::Uuid;

use crate::ring::Ringer;
use crate::worker::hands::{Hands, Taken};
use crate::worker::job::JobError;
use crate::worker::lane::{DueWork, Panicked};
use crate::worker::piece::{Piece, Returned};
use crate::worker::pump::Source;
use crate::worker::stop::{Reason, Stop};

#[derive(Clone)]
pub(crate) struct Batches {
    pub(crate) kind: &'static str,
    pub(crate) work: DueWork,
    pub(crate) hands: Hands,
    pub(crate) ringer: Ringer,
    pub(crate) suspects: Suspects,
}

impl Source for Batches {
    fn batch(&self) -> usize {
        self.work.batch
    }

    fn look(&self, count: usize) -> BoxFuture<'_, Vec<Uuid>> {
        let look = async move {
            // More than needed, and any of them: the other workers are looking as well.
            let limit = SPREAD * count + self.hands.count();
            let mut ids = self.work.ask(self.kind, limit).await;
            ids.retain(|id| !self.hands.hold(self.kind, *id));
            ids.shuffle(&mut rand::rng());
            ids.truncate(count);
            ids
        };
        look.boxed()
    }

    fn pieces(
        &self,
        hints: Vec<Uuid>,
        free: Vec<OwnedSemaphorePermit>,
    ) -> BoxFuture<'_, Vec<Piece>> {
        let (alone, together) = self.suspects.among(hints);
        let batches = together.chunks(self.work.batch).map(<[Uuid]>::to_vec);
        let mut alone = alone.into_iter().map(|id| vec![id]);
        // One suspect goes before the others' batches, however many of those there always are; the other suspects after them.
        let mut batches = alone.next().into_iter().chain(batches).chain(alone);
        let pieces = free.into_iter().zip(batches.by_ref());
        let pieces: Vec<_> = pieces
            .filter_map(|(slot, ids)| self.piece(ids, slot))
            .collect();
        for id in batches.flatten() {
            self.ringer.due_now(self.kind, id);
        }
        std::future::ready(pieces).boxed()
    }
}

/// How many times more ids are asked for than there is room for, when several workers take from the same table.
const SPREAD: usize = 4;

impl Batches {
    fn piece(&self, ids: Vec<Uuid>, slot: OwnedSemaphorePermit) -> Option<Piece> {
        let stop = Stop::default();
        let taken = self.hands.take(self.kind, ids, &stop);
        let first = taken.ids.first()?;
        let span = tracing::info_span!("due", due.kind = self.kind, due.first = %first, due.count = taken.ids.len());
        let run = (self.work.run)(taken.ids.clone(), stop.clone());
        let work = async move { run.await.map(|()| None) };
        let batches = self.clone();
        let ended_in = span.clone();
        let end = move |returned: Returned| {
            let end = async move {
                batches.end(returned, &stop, taken);
                drop(slot);
            };
            end.instrument(ended_in).boxed()
        };
        Some(Piece {
            work: work.instrument(span).boxed(),
            end: Some(Box::new(end)),
        })
    }

    fn end(&self, returned: Returned, stop: &Stop, taken: Taken) {
        let ids = taken.ids.clone();
        // First, or what is rung below could find them in hand still.
        drop(taken);
        let outcome = match returned {
            Ok(_) => {
                self.suspects.clear(&ids);
                "completed"
            }
            Err(error) => match (error.downcast_ref::<JobError>(), stop.reason()) {
                (Some(JobError::Snooze(delay)), _) => {
                    let due = Instant::now() + *delay;
                    ids.iter()
                        .for_each(|id| self.ringer.arm(self.kind, *id, due));
                    "snoozed"
                }
                (_, Some(Reason::Draining)) => {
                    self.ring(&ids);
                    "handed-back"
                }
                _ => {
                    let error = describe(&*error);
                    tracing::warn!(
                        error,
                        "due work failed; the sweep brings it again while it is overdue"
                    );
                    if self.suspects.suspect(&ids) == Verdict::OneOfThese {
                        self.ring(&ids);
                    }
                    "failed"
                }
            },
        };
        metrics::counter!("jobs_finished_total", "kind" => self.kind, "outcome" => outcome)
            .increment(ids.len() as u64);
    }

    fn ring(&self, ids: &[Uuid]) {
        ids.iter()
            .for_each(|id| self.ringer.due_now(self.kind, *id));
    }
}

fn describe(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    if error.is::<Elapsed>() {
        "it exceeded its time limit".to_owned()
    } else if let Some(Panicked(text)) = error.downcast_ref() {
        format!("it panicked: {text}")
    } else {
        error.to_string()
    }
}

/// Ids of runs that failed. They run alone until they do not fail: whoever fails takes no neighbour with it.
#[derive(Clone, Default)]
pub(crate) struct Suspects {
    since: Arc<Mutex<HashMap<Uuid, Instant>>>,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It failed alone.
    ThisOne,
    /// Tried alone, the others may do better.
    OneOfThese,
}

/// As long as nothing is heard of one, it is forgotten after this.
const SUSPICION: Duration = Duration::from_secs(60);

impl Suspects {
    /// Those under suspicion, and those that are not.
    fn among(&self, ids: Vec<Uuid>) -> (Vec<Uuid>, Vec<Uuid>) {
        let since = self.lock();
        ids.into_iter().partition(|id| since.contains_key(id))
    }

    fn suspect(&self, ids: &[Uuid]) -> Verdict {
        let mut since = self.lock();
        let now = Instant::now();
        since.retain(|_, since| now - *since < SUSPICION);
        since.extend(ids.iter().map(|id| (*id, now)));
        match ids.len() {
            1 => Verdict::ThisOne,
            _ => Verdict::OneOfThese,
        }
    }

    fn clear(&self, ids: &[Uuid]) {
        let mut since = self.lock();
        if !since.is_empty() {
            ids.iter().for_each(|id| {
                since.remove(id);
            });
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Instant>> {
        // Nothing panics while it is held; a poisoned map would still be whole.
        self.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
