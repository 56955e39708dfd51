//! How many decisions this worker has language models make at once, as the settings of the world say now.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Shared by all runs.
#[derive(Clone)]
pub struct Places {
    free: Arc<Semaphore>,
    size: Arc<Mutex<u32>>,
}

/// Some of them, until it is dropped.
pub struct Taken(OwnedSemaphorePermit);

impl Taken {
    pub fn count(&self) -> usize {
        self.0.num_permits()
    }
}

impl Default for Places {
    fn default() -> Self {
        Self {
            free: Arc::new(Semaphore::new(0)),
            size: Arc::new(Mutex::new(0)),
        }
    }
}

impl Places {
    /// Waits for one, and takes as many as are free, up to `wanted`.
    pub async fn places(&self, size: u32, wanted: usize) -> Taken {
        self.resize(size.max(1));
        let mut taken = Arc::clone(&self.free)
            .acquire_owned()
            .await
            .expect("nobody closes it");
        while taken.num_permits() < wanted
            && let Ok(one) = Arc::clone(&self.free).try_acquire_owned()
        {
            taken.merge(one);
        }
        Taken(taken)
    }

    /// Fewer take effect as places come free.
    fn resize(&self, size: u32) {
        let mut now = self.size.lock().unwrap_or_else(PoisonError::into_inner);
        if size > *now {
            self.free.add_permits((size - *now) as usize);
            *now = size;
        } else {
            let gone = self.free.forget_permits((*now - size) as usize);
            *now -= u32::try_from(gone).unwrap_or(u32::MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_are_as_many_as_were_said_last() {
        let places = Places::default();
        let taken = places.places(10, 8).await;
        assert_eq!((taken.count(), places.free.available_permits()), (8, 2));
        places.resize(4);
        assert_eq!(
            places.free.available_permits(),
            0,
            "only what is free can go at once"
        );
        drop(taken);
        assert_eq!(places.places(4, 9).await.count(), 4);
        assert_eq!(places.places(6, 9).await.count(), 6);
    }
}
