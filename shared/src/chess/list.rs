//! Games by account and status, the newest first.

use uuid::Uuid;

use super::Chess;
use super::row::GameRow;
use crate::StoreError;

/// Which games, and where the page before ended.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// A player, or one who waits for an opponent or is waited for.
    pub account: Option<Uuid>,
    /// `waiting_for_opponent`, `in_progress` or `ended`.
    pub status: Option<&'static str>,
    pub before: Option<Uuid>,
    pub limit: i64,
}

/// One page.
#[derive(Debug)]
pub struct Listed {
    pub games: Vec<GameRow>,
    /// Pass it as `before` for the next page.
    pub next: Option<Uuid>,
}

impl Chess {
    /// Running clocks as they are; a flag that has fallen and that nobody has seen yet is not looked for.
    pub async fn list(&self, filter: &Filter) -> Result<Listed, StoreError> {
        let games = match filter.account {
            Some(account) => self.of_account(account, filter).await?,
            None => self.of_anybody(filter).await?,
        };
        let full = i64::try_from(games.len()).is_ok_and(|found| found == filter.limit);
        let next = games.last().filter(|_| full).map(|last| last.id);
        Ok(Listed { games, next })
    }

    async fn of_anybody(&self, filter: &Filter) -> Result<Vec<GameRow>, StoreError> {
        let games = sqlx::query_as!(
            GameRow,
            r#"select *, clock_timestamp() as "now!" from chess_games
            where ($1::text is null or status = $1) and ($2::uuid is null or id < $2) order by id desc limit $3"#,
            filter.status,
            filter.before,
            filter.limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(games)
    }

    /// By each of the four indexes, since one condition over all of them would read the whole table.
    async fn of_account(&self, account: Uuid, filter: &Filter) -> Result<Vec<GameRow>, StoreError> {
        let games = sqlx::query_as!(
            GameRow,
            r#"with own as (
                (select id from chess_games where white_account_id = $1
                    and ($2::text is null or status = $2) and ($3::uuid is null or id < $3) order by id desc limit $4)
                union
                (select id from chess_games where black_account_id = $1
                    and ($2::text is null or status = $2) and ($3::uuid is null or id < $3) order by id desc limit $4)
                union
                (select id from chess_games where creator_account_id = $1 and status = 'waiting_for_opponent'
                    and ($2::text is null or status = $2) and ($3::uuid is null or id < $3) order by id desc limit $4)
                union
                (select id from chess_games where opponent_account_id = $1 and status = 'waiting_for_opponent'
                    and ($2::text is null or status = $2) and ($3::uuid is null or id < $3) order by id desc limit $4)
            )
            select *, clock_timestamp() as "now!" from chess_games
            where id in (select id from own) order by id desc limit $4"#,
            account,
            filter.status,
            filter.before,
            filter.limit
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(games)
    }
}
