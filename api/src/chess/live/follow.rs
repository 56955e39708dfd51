//! One watcher's place in one game: every change once and in order, or the whole game again when some were lost on the way.

use std::collections::VecDeque;
use std::time::Duration;

use rookery_queue::{Heard, Listener};
use rookery_shared::StoreError;
use rookery_shared::chess::events::{self, Missed};
use rookery_shared::chess::{Game, channel};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::time::sleep;
use uuid::Uuid;

use super::Stand;
use super::lookout::Sight;
use super::message::{of_event, snapshot};

/// Goes through a game with its players.
pub(super) struct Follow {
    stand: Stand,
    game: Uuid,
    listener: Listener,
    sight: Sight,
    /// The version up to which the watcher knows the game.
    seen: i64,
    ready: VecDeque<Said>,
    place: Place,
}

/// One message to the watcher.
pub(super) struct Said {
    pub(super) seq: i64,
    /// JSON.
    pub(super) text: String,
}

/// What comes next for the watcher.
pub(super) enum Next {
    Said(Said),
    /// The game has ended, and the watcher knows.
    Over,
    /// The server is on its way out; another one goes on from here.
    Leaving,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Everything up to now has been heard.
    Along,
    /// Something was missed, and is to be read.
    Behind,
    /// There will be nothing more.
    Over,
}

/// What the watcher knows when it comes.
#[derive(Clone, Copy)]
pub(super) enum Knows {
    Nothing,
    /// Every change up to this version.
    UpTo(i64),
}

/// A watcher who comes back gets this many changes one by one.
const MOST_RESUMED: i64 = 1000;
/// One who is too slow, or whose line broke, gets the game again sooner: what is kept for it stays small.
const MOST_CAUGHT_UP: i64 = 64;
/// While Postgres is away.
const PAUSE: Duration = Duration::from_secs(1);

/// What has to be known about an event to pass it on.
#[derive(Deserialize)]
struct Head {
    seq: i64,
    ending: Option<IgnoredAny>,
}

impl Follow {
    /// None when there is no such game.
    pub(super) async fn begin(
        stand: &Stand,
        id: Uuid,
        knows: Knows,
    ) -> Result<Option<Self>, StoreError> {
        // Listening comes first: what happens after the look is heard.
        let queue = &stand.games.store().queue;
        let listener = queue.listen(&channel(id)).await;
        let Some(game) = stand.games.game(id).await? else {
            return Ok(None);
        };
        let mut follow = Self {
            stand: stand.clone(),
            game: id,
            listener,
            sight: stand.lookout.watch(id),
            seen: 0,
            ready: VecDeque::new(),
            place: Place::Along,
        };
        match knows {
            Knows::UpTo(seen) if (1..=game.row.version).contains(&seen) => {
                follow.seen = seen;
                follow.take_in(&game, MOST_RESUMED).await?;
            }
            // A version that never was tells nothing.
            Knows::UpTo(_) | Knows::Nothing => follow.show(&game),
        }
        Ok(Some(follow))
    }

    /// Whether there is nothing to say, now or later.
    pub(super) fn is_over(&self) -> bool {
        self.ready.is_empty() && self.place == Place::Over
    }

    /// May be dropped while it waits without losing anything.
    pub(super) async fn next(&mut self) -> Next {
        loop {
            if let Some(said) = self.ready.pop_front() {
                return Next::Said(said);
            }
            if self.stand.drain.is_draining() {
                return Next::Leaving;
            }
            match self.place {
                Place::Over => return Next::Over,
                Place::Along => self.listen().await,
                // Boxed: of thousands who watch hardly any is reading.
                Place::Behind => Box::pin(self.catch_up()).await,
            }
        }
    }

    async fn listen(&mut self) {
        tokio::select! {
            heard = self.listener.recv() => match heard {
                Heard::Payload(payload) => self.hear(&payload),
                Heard::Missed => self.sight.look_soon(),
            },
            () = self.sight.newer_than(self.seen) => self.place = Place::Behind,
            () = self.stand.drain.begun() => {}
        }
    }

    /// Passes on what follows upon the last; what is older was told, and what is newer came without what was in between.
    fn hear(&mut self, payload: &[u8]) {
        let head = serde_json::from_slice::<Head>(payload);
        let text = std::str::from_utf8(payload);
        let (Ok(head), Ok(text)) = (head, text) else {
            tracing::warn!(game.id = %self.game, "something that is no event was published for watchers");
            return;
        };
        if head.seq == self.seen + 1 {
            self.seen = head.seq;
            self.ready.push_back(Said {
                seq: head.seq,
                text: text.to_owned(),
            });
            if head.ending.is_some() {
                self.place = Place::Over;
            }
        } else if head.seq > self.seen {
            self.place = Place::Behind;
        }
    }

    async fn catch_up(&mut self) {
        let read = match self.stand.games.game(self.game).await {
            Ok(Some(game)) => self.take_in(&game, MOST_CAUGHT_UP).await,
            Ok(None) => {
                self.place = Place::Over;
                Ok(())
            }
            Err(error) => Err(error),
        };
        if let Err(error) = read {
            tracing::debug!(%error, game.id = %self.game, "a watcher cannot be told what it missed yet");
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = self.stand.drain.begun() => {}
            }
        }
    }

    /// Tells what is new in the game: change by change, or as a whole when it is more than `most`.
    async fn take_in(&mut self, game: &Game, most: i64) -> Result<(), StoreError> {
        let behind = game.row.version - self.seen;
        if !(0..=most).contains(&behind) {
            self.show(game);
            return Ok(());
        }
        match events::since(self.stand.games.store(), game, self.seen).await? {
            Missed::Events(missed) => {
                self.ready.extend(missed.iter().map(of_event));
                self.know(game);
            }
            Missed::Snapshot => self.show(game),
        }
        Ok(())
    }

    fn show(&mut self, game: &Game) {
        self.ready.push_back(snapshot(game));
        self.know(game);
    }

    fn know(&mut self, game: &Game) {
        self.seen = game.row.version;
        self.place = match game.row.ended_version {
            Some(_) => Place::Over,
            None => Place::Along,
        };
    }
}
