//! What this process holds at the moment, for those who renew, cancel and hand back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::task::TaskId;
use crate::worker::stop::{Reason, Stop};

/// The tasks that this process has claimed and not yet settled.
#[derive(Clone, Default)]
pub(crate) struct Held {
    tasks: Arc<Mutex<HashMap<TaskId, Holding>>>,
}

/// Holds a task for as long as it lives.
pub(crate) struct Kept {
    held: Held,
    id: TaskId,
    attempt: i32,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.held.remove(self.id, self.attempt);
    }
}

pub(crate) struct Holding {
    pub(crate) attempt: i32,
    pub(crate) stop: Stop,
}

impl Held {
    pub(crate) fn insert(&self, id: TaskId, holding: Holding) {
        self.lock().insert(id, holding);
    }

    pub(crate) fn keep(&self, id: TaskId, holding: Holding) -> Kept {
        let attempt = holding.attempt;
        self.insert(id, holding);
        Kept {
            held: self.clone(),
            id,
            attempt,
        }
    }

    pub(crate) fn has(&self, id: TaskId, attempt: i32) -> bool {
        self.lock()
            .get(&id)
            .is_some_and(|holding| holding.attempt == attempt)
    }

    /// Only this attempt: a later claim of the same task by the same process stays.
    fn remove(&self, id: TaskId, attempt: i32) {
        let mut tasks = self.lock();
        if tasks
            .get(&id)
            .is_some_and(|holding| holding.attempt == attempt)
        {
            tasks.remove(&id);
        }
    }

    /// Ids and attempts, side by side as the statements take them.
    pub(crate) fn tokens(&self) -> (Vec<uuid::Uuid>, Vec<i32>) {
        self.lock()
            .iter()
            .map(|(id, holding)| (id.0, holding.attempt))
            .unzip()
    }

    pub(crate) fn stop(&self, id: TaskId, attempt: i32, reason: Reason) {
        if let Some(holding) = self.lock().get(&id)
            && holding.attempt == attempt
        {
            holding.stop.raise(reason);
        }
    }

    pub(crate) fn stop_all(&self, reason: Reason) {
        self.lock()
            .values()
            .for_each(|holding| holding.stop.raise(reason));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TaskId, Holding>> {
        // Nothing panics while it is held; a poisoned map would still be whole.
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
