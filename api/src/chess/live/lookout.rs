//! What is published may be lost on the way, so every watched game is looked at now and then: many games in one statement, whatever
//! the number of those who watch.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use rookery_shared::StoreError;
use rookery_shared::chess::Chess as Games;
use tokio::sync::{Notify, watch};
use tokio::time::{MissedTickBehavior, interval, sleep};
use uuid::Uuid;

/// One for a node's watchers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Lookout(Arc<Post>);

/// Tells of newer versions of one game while it lives.
pub(super) struct Sight {
    game: Uuid,
    version: watch::Receiver<i64>,
    post: Arc<Post>,
}

struct Post {
    watched: Mutex<HashMap<Uuid, Watched>>,
    hurry: Arc<Notify>,
}

struct Watched {
    /// As it was found last.
    version: watch::Sender<i64>,
    watchers: usize,
    /// Somebody has reason to think that something was missed.
    is_urgent: bool,
}

/// Each second one part of the games has its turn.
const TURNS: u128 = 12;
const TURN: Duration = Duration::from_secs(1);
/// When the line to Redis was made anew, all watchers hurry at once: this lets them be asked for together.
const GATHER: Duration = Duration::from_millis(20);
/// Games in one statement.
const TOGETHER: usize = 1000;
/// Newer than whatever was seen: whoever watches a game that is gone finds that out.
const GONE: i64 = i64::MAX;

impl Lookout {
    /// Must be called inside a tokio runtime.
    pub(super) fn new(games: Games) -> Self {
        let post = Arc::new(Post {
            watched: Mutex::default(),
            hurry: Arc::default(),
        });
        tokio::spawn(keep_looking(Arc::downgrade(&post), games));
        Self(post)
    }

    pub(super) fn watch(&self, game: Uuid) -> Sight {
        let mut watched = self.0.lock();
        let watched = watched.entry(game).or_insert_with(|| Watched {
            version: watch::Sender::new(0),
            watchers: 0,
            is_urgent: false,
        });
        watched.watchers += 1;
        Sight {
            game,
            version: watched.version.subscribe(),
            post: Arc::clone(&self.0),
        }
    }
}

impl Sight {
    /// Waits until a look finds the game at a version newer than this.
    pub(super) async fn newer_than(&mut self, seen: i64) {
        let is_found = self
            .version
            .wait_for(|version| *version > seen)
            .await
            .is_ok();
        if !is_found {
            // It cannot be: the sender lives in the post as long as anybody watches.
            std::future::pending::<()>().await;
        }
    }

    /// Something may have been missed: do not wait for the game's turn.
    pub(super) fn look_soon(&self) {
        if let Some(watched) = self.post.lock().get_mut(&self.game) {
            watched.is_urgent = true;
        }
        self.post.hurry.notify_one();
    }
}

impl Drop for Sight {
    fn drop(&mut self) {
        let mut watched = self.post.lock();
        if let Some(entry) = watched.get_mut(&self.game) {
            entry.watchers -= 1;
            if entry.watchers == 0 {
                watched.remove(&self.game);
            }
        }
    }
}

/// Ends with the last who could watch.
async fn keep_looking(post: Weak<Post>, games: Games) {
    let Some(hurry) = post.upgrade().map(|post| Arc::clone(&post.hurry)) else {
        return;
    };
    let mut turns = interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut turn = 0;
    loop {
        let whose = tokio::select! {
            _ = turns.tick() => {
                turn = (turn + 1) % TURNS;
                Some(turn)
            }
            () = hurry.notified() => {
                sleep(GATHER).await;
                None
            }
        };
        let Some(post) = post.upgrade() else { return };
        for ids in post.due(whose).chunks(TOGETHER) {
            if let Err(error) = post.look(&games, ids).await {
                // Whoever hurries is still marked, and asked for again at the next turn.
                tracing::debug!(%error, "watched games could not be looked at");
                break;
            }
        }
    }
}

impl Post {
    /// Who hurries, and whose turn it is.
    fn due(&self, turn: Option<u128>) -> Vec<Uuid> {
        let watched = self.lock();
        let due = watched.iter().filter(|(id, watched)| {
            watched.is_urgent || turn.is_some_and(|turn| id.as_u128() % TURNS == turn)
        });
        due.map(|(id, _)| *id).collect()
    }

    async fn look(&self, games: &Games, ids: &[Uuid]) -> Result<(), StoreError> {
        let versions: HashMap<Uuid, i64> = games.versions(ids).await?.into_iter().collect();
        let mut watched = self.lock();
        for id in ids {
            if let Some(watched) = watched.get_mut(id) {
                watched.is_urgent = false;
                let found = versions.get(id).copied().unwrap_or(GONE);
                watched
                    .version
                    .send_if_modified(|known| std::mem::replace(known, found) != found);
            }
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Watched>> {
        // Nothing panics while it is held; what it guards would still be whole.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
