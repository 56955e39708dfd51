//! One command on one game: read or remember, decide, write where nobody was faster, announce.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rookery_chess::live::{Change, Clocks, Command, Event, Refusal, Seat, Status};
use shakmaty::Position as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::commit::{Write, write};
use super::load::{Game, load};
use super::row::{GameRow, PlayedMove};
use super::{Chess, bot_turn};
use crate::StoreError;

/// Why a command changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("no game has this id")]
    NotFound,
    #[error("{0}")]
    Refused(Refusal, Box<Game>),
    /// Refused before there was a game.
    #[error("{0}")]
    Impossible(Refusal),
    /// Others changed the game again and again meanwhile.
    #[error("the game is being changed by others")]
    Contended(Box<Game>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Each try loses only to somebody else's success.
const TRIES: u32 = 16;

impl Chess {
    /// The game as it is now, its flag fallen if its time is over.
    pub async fn game(&self, id: Uuid) -> Result<Option<Game>, StoreError> {
        let mut connection = self.store.pool.acquire().await?;
        let Some(game) = load(&mut connection, id, self.recent.get(&id).as_ref()).await? else {
            return Ok(None);
        };
        drop(connection);
        if game.row.is_overdue() {
            return self.flagged(game).await.map(Some);
        }
        self.remember(&game);
        Ok(Some(game))
    }

    /// Does to the game what `command` says of it. When this returns a game, the change is durable and announced.
    pub async fn command(
        &self,
        id: Uuid,
        arrived: Instant,
        command: impl Fn(&Game) -> Command,
    ) -> Result<Game, CommandError> {
        // What is remembered may be old: good enough to write by, since that compares versions, but not to refuse by.
        let remembered = self.recent.get(&id);
        let mut is_current = remembered.is_none();
        let mut game = match remembered {
            Some(game) => game,
            None => self.existing(id).await?,
        };
        for tried in 0..TRIES {
            let change = match decided(&game, command(&game)).await {
                Ok(change) => change,
                Err(_) if !is_current => {
                    game = self.existing(id).await?;
                    is_current = true;
                    continue;
                }
                Err(refusal) => return Err(CommandError::Refused(refusal, game.into())),
            };
            if let Some(changed) = self.commit(&game, change, arrived).await? {
                return Ok(changed);
            }
            if tried > 1 {
                // Somebody holds the row this very moment.
                tokio::time::sleep(Duration::from_millis(u64::from(tried))).await;
            }
            game = self.existing(id).await?;
            is_current = true;
        }
        Err(CommandError::Contended(game.into()))
    }

    /// The same in the caller's transaction, for answers that are recorded with it. The caller announces after the commit.
    pub async fn command_in(
        &self,
        connection: &mut PgConnection,
        id: Uuid,
        command: impl Fn(&Game) -> Command,
    ) -> Result<Unannounced, CommandError> {
        let arrived = Instant::now();
        let mut last = None;
        for _ in 0..TRIES {
            let game = load(connection, id, None).await?;
            let game = game.ok_or(CommandError::NotFound)?;
            let change = match decided(&game, command(&game)).await {
                Ok(change) => change,
                Err(refusal) => return Err(CommandError::Refused(refusal, game.into())),
            };
            let write_it = Write::of(&game, change, arrived);
            let written = write(connection, std::slice::from_ref(&write_it)).await;
            if let Some(row) = written.map_err(StoreError::from)?.pop() {
                let game = after(&game, row, &write_it.change)?;
                return Ok(Unannounced {
                    game,
                    write: write_it,
                });
            }
            if game.row.is_overdue() {
                // The flag has fallen, which this transaction must not decide: it would be undone with it.
                return Err(CommandError::Refused(Refusal::GameEnded, game.into()));
            }
            last = Some(game);
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        match last {
            Some(game) => Err(CommandError::Contended(game.into())),
            None => Err(CommandError::NotFound),
        }
    }

    /// After the commit of the transaction that [`Chess::command_in`] wrote in.
    pub fn committed(&self, unannounced: &Unannounced) {
        self.remember(&unannounced.game);
        self.announce(&unannounced.game, &unannounced.write);
    }

    pub(super) async fn existing(&self, id: Uuid) -> Result<Game, CommandError> {
        self.game(id).await?.ok_or(CommandError::NotFound)
    }

    /// None when the change no longer applies.
    async fn commit(
        &self,
        game: &Game,
        change: Change,
        arrived: Instant,
    ) -> Result<Option<Game>, StoreError> {
        let write = Write::of(game, change, arrived);
        self.commit_write(game, write).await
    }

    pub(super) async fn commit_write(
        &self,
        game: &Game,
        write: Write,
    ) -> Result<Option<Game>, StoreError> {
        let Some(row) = self.committer.commit(write.clone()).await? else {
            return Ok(None);
        };
        let changed = after(game, row, &write.change)?;
        self.remember(&changed);
        self.announce(&changed, &write);
        Ok(Some(changed))
    }

    pub(super) fn remember(&self, game: &Game) {
        match game.live().status {
            // Nothing will change it any more but talk of a rematch.
            Status::Ended => drop(self.recent.remove(&game.row.id)),
            Status::InProgress | Status::WaitingForOpponent => {
                self.recent.insert(game.row.id, game.clone());
            }
        }
    }
}

/// A change in a transaction that is still open.
pub struct Unannounced {
    pub game: Game,
    write: Write,
}

impl Write {
    pub(super) fn of(game: &Game, change: Change, arrived: Instant) -> Self {
        let bot_asked = bot_turn::is_asked(&game.row, &change.next);
        Self {
            id: game.row.id,
            version: game.row.version,
            change,
            event_id: Uuid::now_v7(),
            bot_asked,
            arrived,
        }
    }
}

/// The game as the row now is, its moves continued instead of read again.
pub(super) fn after(game: &Game, row: GameRow, change: &Change) -> Result<Game, StoreError> {
    let mut moves = Arc::clone(&game.moves);
    match &change.event {
        Event::Moved(played) => {
            let mover = played.color;
            let (had, has) = match mover {
                shakmaty::Color::White => (game.row.white_clock_ms, row.white_clock_ms),
                shakmaty::Color::Black => (game.row.black_clock_ms, row.black_clock_ms),
            };
            let gained = match change.clocks {
                Clocks::Switch => row.time_increment_ms,
                _ => 0,
            };
            Arc::make_mut(&mut moves).push(Arc::new(PlayedMove {
                ply: row.ply,
                version: row.version,
                from: played.from,
                to: played.to,
                promotion: played.promotion,
                san: played.san.as_str().into(),
                played_at: row.now,
                elapsed_ms: had - has + gained,
                clock_ms: has,
            }));
        }
        Event::TakenBack { .. } => {
            Arc::make_mut(&mut moves).truncate(usize::try_from(row.ply).unwrap_or(0));
        }
        _ => {}
    }
    Ok(Game {
        row,
        moves,
        live: Arc::new(change.next.clone()),
    })
}

/// What a command leads to. Off the runtime when whether a side can still mate may have to be searched: some microseconds as a rule,
/// a tenth of a second at worst.
pub(super) async fn decided(game: &Game, command: Command) -> Result<Change, Refusal> {
    if !matches!(command, Command::Flag | Command::ClaimDraw { .. }) {
        return game.live().apply(&command);
    }
    let live = Arc::clone(&game.live);
    let deciding = tokio::task::spawn_blocking(move || live.apply(&command));
    // It does not panic; were it to, nothing has changed.
    deciding.await.unwrap_or(Err(Refusal::VersionConflict))
}

/// Whose turn it is, as a seat.
pub(super) fn seat_to_move(game: &rookery_chess::live::Game) -> Option<Seat> {
    let seats = game.seats?;
    Some(match game.position.turn() {
        shakmaty::Color::White => seats.white,
        shakmaty::Color::Black => seats.black,
    })
}

/// Whether the clock that runs, and so the alarm, is another one after this.
pub(super) fn moves_deadline(clocks: Clocks) -> bool {
    matches!(clocks, Clocks::Start | Clocks::Switch | Clocks::Restart)
}
