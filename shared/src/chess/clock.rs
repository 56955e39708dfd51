//! Fallen flags: whoever looks first ends the game, at its deadline, judged by whether the other side could still have mated.

use std::time::{Duration, Instant};

use rookery_chess::live::Command;
use uuid::Uuid;

use super::Chess;
use super::change::decided;
use super::commit::Write;
use super::load::{Game, load_many};
use crate::{Store, StoreError};

/// Before the sweep takes over, an alarm may still be under way.
const GRACE: Duration = Duration::from_millis(500);

/// Games whose time is over although no alarm came.
pub async fn overdue_clocks(store: &Store, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let ids = sqlx::query_scalar!(
        "select id from chess_games
        where status = 'in_progress' and deadline_at < clock_timestamp() - make_interval(secs => $1)
        order by deadline_at limit $2",
        GRACE.as_secs_f64(),
        limit
    )
    .fetch_all(&store.pool)
    .await?;
    Ok(ids)
}

impl Chess {
    /// Ends those of the games whose time is over. An alarm that came early is set again; of one that came late nothing is seen:
    /// the game ended at its deadline.
    pub async fn check_clocks(&self, ids: &[Uuid]) -> Result<(), StoreError> {
        let games = load_many(&self.store.pool, ids).await?;
        let mut fallen = Vec::new();
        for game in games {
            match game.row.is_overdue() {
                true => fallen.push(game),
                false => self.arm_clock(&game.row),
            }
        }
        let flags = fallen.into_iter().map(|game| self.flag(game));
        for flagged in futures_util::future::join_all(flags).await {
            flagged?;
        }
        Ok(())
    }

    /// The overdue game as it is after its flag fell, or as somebody else has left it meanwhile.
    pub(super) async fn flagged(&self, overdue: Game) -> Result<Game, StoreError> {
        let id = overdue.row.id;
        if let Some(game) = self.flag(overdue).await? {
            return Ok(game);
        }
        // Somebody was faster: a move in the last moment, or another look.
        let mut connection = self.store.pool.acquire().await?;
        let game = super::load::load(&mut connection, id, None).await?;
        game.ok_or_else(|| StoreError::Unreadable(format!("game {id} is gone")))
    }

    async fn flag(&self, game: Game) -> Result<Option<Game>, StoreError> {
        let Ok(change) = decided(&game, Command::Flag).await else {
            return Ok(None);
        };
        let write = Write::of(&game, change, Instant::now());
        self.commit_write(&game, write).await
    }
}
