//! The due work that runs in this process at this moment: nothing runs twice at once here, and who leaves can ask it to stop.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::ring::Ringer;
use crate::worker::stop::{Reason, Stop};

/// Of all lanes of the process.
#[derive(Clone)]
pub(crate) struct Hands {
    ringer: Ringer,
    full: Arc<Mutex<HashMap<Holding, Hand>>>,
}

type Holding = (&'static str, Uuid);

struct Hand {
    stop: Stop,
    /// Something happened to the row since the run began: it has to be looked at again.
    again: bool,
}

impl Hands {
    pub(crate) fn new(ringer: Ringer) -> Self {
        Self {
            ringer,
            full: Arc::default(),
        }
    }

    pub(crate) fn hold(&self, kind: &'static str, id: Uuid) -> bool {
        self.lock().contains_key(&(kind, id))
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// Takes those that are not in hand, each once; the others are rung again when their run ends.
    pub(crate) fn take(&self, kind: &'static str, ids: Vec<Uuid>, stop: &Stop) -> Taken {
        let mut full = self.lock();
        let mut taken = Vec::with_capacity(ids.len());
        for id in ids {
            match full.entry((kind, id)) {
                Entry::Occupied(mut hand) => hand.get_mut().again = true,
                Entry::Vacant(place) => {
                    place.insert(Hand {
                        stop: stop.clone(),
                        again: false,
                    });
                    taken.push(id);
                }
            }
        }
        Taken {
            hands: self.clone(),
            kind,
            ids: taken,
        }
    }

    pub(crate) fn stop_all(&self, reason: Reason) {
        self.lock()
            .values()
            .for_each(|hand| hand.stop.raise(reason));
    }

    /// Hints for all that is in hand: somebody else is to do it.
    pub(crate) fn give_away(&self) -> usize {
        let full = self.lock();
        for (kind, id) in full.keys() {
            self.ringer.due_now(kind, *id);
        }
        full.len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Holding, Hand>> {
        // Nothing panics while it is held; a poisoned map would still be whole.
        self.full.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ids in hand for as long as this lives.
pub(crate) struct Taken {
    hands: Hands,
    kind: &'static str,
    pub(crate) ids: Vec<Uuid>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        let mut full = self.hands.lock();
        for id in &self.ids {
            if full
                .remove(&(self.kind, *id))
                .is_some_and(|hand| hand.again)
            {
                self.hands.ringer.due_now(self.kind, *id);
            }
        }
    }
}
