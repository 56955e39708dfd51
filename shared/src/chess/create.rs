//! New games: challenges that wait for somebody, and games that begin at once.

use rookery_chess::live::{self, Challenge, ColorPreference, DrawPolicy, Refusal, Seat};
use shakmaty::Color;
use sqlx::PgConnection;
use uuid::Uuid;

use super::commit::fen;
use super::load::Game;
use super::row::{GameRow, letter};
use super::{Chess, CommandError};
use crate::StoreError;

/// A challenge.
#[derive(Debug, Clone)]
pub struct NewGame {
    pub creator: Uuid,
    /// Nobody: whoever comes first.
    pub opponent: Option<Uuid>,
    pub preference: ColorPreference,
    pub time: TimeControl,
    pub rated: bool,
    pub policy: DrawPolicy,
}

/// A game against a bot: never rated, begins at once.
#[derive(Debug, Clone)]
pub struct NewBotGame {
    pub player: Uuid,
    pub preference: ColorPreference,
    /// The player's colour without a preference.
    pub drawn: Color,
    pub bot_id: String,
    /// What the bot's character and chance follow from.
    pub seed: i64,
    /// Whether it pauses like a human.
    pub thinks: bool,
    pub time: TimeControl,
    pub policy: DrawPolicy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeControl {
    pub initial_ms: i32,
    pub increment_ms: i32,
}

impl TimeControl {
    /// Nobody could make the first move of a game that begins with empty clocks: those get one increment.
    pub(super) fn clock_at_start_ms(self) -> i32 {
        match self.initial_ms {
            0 => self.increment_ms,
            some => some,
        }
    }
}

/// All that a new row is made of.
pub(super) struct NewRow {
    pub(super) live: live::Game,
    pub(super) time: TimeControl,
    pub(super) bot: Option<NewBot>,
    pub(super) rematch_of: Option<Uuid>,
}

pub(super) struct NewBot {
    pub(super) id: String,
    pub(super) color: Color,
    pub(super) seed: i64,
    pub(super) thinks: bool,
}

impl NewGame {
    fn row(&self) -> Result<NewRow, Refusal> {
        let live = live::Game::challenge(Challenge {
            creator: self.creator,
            invited: self.opponent,
            preference: self.preference,
            rated: self.rated,
            policy: self.policy,
        })?;
        Ok(NewRow {
            live,
            time: self.time,
            bot: None,
            rematch_of: None,
        })
    }
}

impl NewBotGame {
    fn row(&self) -> NewRow {
        let live = live::Game::against_bot(self.player, self.preference, self.drawn, self.policy);
        let color = live
            .seats
            .and_then(|seats| seats.color_of(Seat::Bot))
            .unwrap_or(!self.drawn);
        NewRow {
            live,
            time: self.time,
            bot: Some(NewBot {
                id: self.bot_id.clone(),
                color,
                seed: self.seed,
                thinks: self.thinks,
            }),
            rematch_of: None,
        }
    }
}

impl Chess {
    /// In the caller's transaction or on a connection of its own. The caller passes the game to [`Chess::created`] after the commit.
    pub async fn create(
        &self,
        connection: &mut PgConnection,
        new: &NewGame,
    ) -> Result<Game, CommandError> {
        let row = new.row().map_err(CommandError::Impossible)?;
        Ok(insert(connection, &row).await?)
    }

    /// The same for a game against a bot.
    pub async fn create_with_bot(
        &self,
        connection: &mut PgConnection,
        new: &NewBotGame,
    ) -> Result<Game, StoreError> {
        insert(connection, &new.row()).await
    }

    /// After the commit of what made the game.
    pub fn created(&self, game: &Game) {
        self.remember(game);
        self.arm_clock(&game.row);
        self.arm_bot(&game.row);
    }
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    new: &NewRow,
) -> Result<Game, StoreError> {
    let live = &new.live;
    let account = |seat: Seat| match seat {
        Seat::Account(account) => Some(account),
        Seat::Bot => None,
    };
    let bot = new.bot.as_ref();
    let bot_begins = bot.is_some_and(|bot| bot.color == Color::White);
    let row = sqlx::query_as!(
        GameRow,
        r#"with tick as materialized (select clock_timestamp() as at)
        insert into chess_games (id, creator_account_id, opponent_account_id, color_preference, white_account_id, black_account_id,
            status, rated, draw_policy, time_initial_ms, time_increment_ms, white_clock_ms, black_clock_ms, fen, history,
            bot_id, bot_color, bot_seed, bot_thinks, bot_due_at, rematch_of, turn_started_at, deadline_at, started_at,
            created_at, updated_at)
        select $1, $2, $3, $4, $5, $6, $7::text, $8, $9, $10, $11, $20::int, $20::int, $12, $13, $14, $15, $16, $17,
            case when $18 then at end, $19,
            case $7::text when 'in_progress' then at end,
            case $7::text when 'in_progress' then at + make_interval(secs => $20::int / 1000.0) end,
            case $7::text when 'in_progress' then at end, at, at
        from tick
        returning *, created_at as "now!""#,
        Uuid::now_v7(),
        live.creator,
        live.invited,
        live.preference.as_str(),
        live.seats.and_then(|seats| account(seats.white)),
        live.seats.and_then(|seats| account(seats.black)),
        live.status.as_str(),
        live.rated,
        live.policy.as_str(),
        new.time.initial_ms,
        new.time.increment_ms,
        fen(live),
        live.history.to_bytes(),
        bot.map(|bot| bot.id.clone()),
        bot.map(|bot| letter(bot.color)),
        bot.map(|bot| bot.seed),
        bot.is_some_and(|bot| bot.thinks),
        bot_begins,
        new.rematch_of,
        new.time.clock_at_start_ms(),
    )
    .fetch_one(connection)
    .await?;
    Game::of(row, std::sync::Arc::default())
}
