//! A bot's turn: when it has to answer, and who of the workers takes it.

use std::time::Duration;

use rookery_chess::bot::Difficulty;
use rookery_chess::live::{self, Seat, Status};
use uuid::Uuid;

use super::Chess;
use super::change::seat_to_move;
use super::load::{Game, load};
use super::row::GameRow;
use crate::{Store, StoreError};

/// A worker that takes a turn has it this long; dead by then, another one may.
const LEASE: Duration = Duration::from_secs(5);
/// A turn that due hints may still be under way for.
const GRACE: Duration = Duration::from_millis(500);

/// The bots that think for long: those of [`super::BotThink`].
pub fn deep_bots() -> Vec<String> {
    bots(|difficulty| difficulty >= Difficulty::Expert)
}

/// The others.
pub fn quick_bots() -> Vec<String> {
    bots(|difficulty| difficulty < Difficulty::Expert)
}

fn bots(which: impl Fn(Difficulty) -> bool) -> Vec<String> {
    let ids = Difficulty::ALL
        .into_iter()
        .filter(|difficulty| which(*difficulty));
    ids.map(|difficulty| difficulty.bot_id().to_owned())
        .collect()
}

pub(super) fn is_deep(row: &GameRow) -> bool {
    row.bot_id
        .as_deref()
        .and_then(Difficulty::of_bot)
        .is_some_and(|difficulty| difficulty >= Difficulty::Expert)
}

/// Whether the bot has to answer the game as it will be. One that is to seem human puts its turn off itself.
pub(super) fn is_asked(row: &GameRow, next: &live::Game) -> bool {
    row.bot().is_some_and(|bot| {
        next.status == Status::InProgress
            && (seat_to_move(next) == Some(Seat::Bot)
                || next.offers.draw == Some(!bot)
                || next.offers.takeback == Some(!bot))
    })
}

impl Chess {
    /// Puts a taken turn off: the bot seems to think. Nothing happens if the game has changed meanwhile.
    pub async fn postpone_bot_turn(&self, game: &Game, pause: Duration) -> Result<(), StoreError> {
        let due = sqlx::query_as!(
            GameRow,
            r#"update chess_games set bot_due_at = clock_timestamp() + make_interval(secs => $3)
            where id = $1 and version = $2 and bot_due_at is not null returning *, clock_timestamp() as "now!""#,
            game.row.id,
            game.row.version,
            pause.as_secs_f64()
        )
        .fetch_optional(&self.store.pool)
        .await?;
        if let Some(row) = due {
            self.arm_bot(&row);
        }
        Ok(())
    }

    /// Takes the turn for this process. None when there is none: the bot has answered, the game is over, another worker thinks.
    pub async fn take_bot_turn(&self, id: Uuid) -> Result<Option<Game>, StoreError> {
        let taken = sqlx::query_scalar!(
            "update chess_games set bot_due_at = clock_timestamp() + make_interval(secs => $2)
            where id = $1 and status = 'in_progress' and bot_due_at <= clock_timestamp() returning version",
            id,
            LEASE.as_secs_f64()
        )
        .fetch_optional(&self.store.pool)
        .await?;
        if taken.is_none() {
            return Ok(None);
        }
        let mut connection = self.store.pool.acquire().await?;
        load(&mut connection, id, self.recent.get(&id).as_ref()).await
    }
}

/// Turns of these bots that nobody took although they are due.
pub async fn overdue_bots(
    store: &Store,
    bots: &[String],
    limit: i64,
) -> Result<Vec<Uuid>, StoreError> {
    let ids = sqlx::query_scalar!(
        "select id from chess_games
        where status = 'in_progress' and bot_id = any($1) and bot_due_at < clock_timestamp() - make_interval(secs => $2)
        order by bot_due_at limit $3",
        bots,
        GRACE.as_secs_f64(),
        limit
    )
    .fetch_all(&store.pool)
    .await?;
    Ok(ids)
}
