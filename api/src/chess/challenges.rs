//! `POST /v1/games` and what becomes of a challenge: join, decline.

use std::time::Instant;

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use rookery_chess::live::{self, ColorPreference, Command};
use rookery_shared::chess::{Chess as Games, CommandError, NewGame, TimeControl};
use rookery_shared::idempotency::once;
use uuid::Uuid;

use super::Tag;
use super::game_view::GameView;
use super::refusals::{
    BadRequest, Conflicting, Foreign, GameMissing, account, bad_field, parse_id,
};
use crate::auth::Caller;
use crate::errors::{Fail, Problem};
use crate::idempotent::{keyed, refused, replayed};
use crate::written::Written;

pub struct Challenges {
    games: Games,
}

/// A challenge.
#[derive(Object)]
#[oai(rename = "LiveChallenge", example)]
struct Challenge {
    /// Who alone may join. Null or absent: anyone but the creator.
    opponent_account_id: Option<Uuid>,
    /// The creator's colour; decided when the opponent joins.
    #[oai(default)]
    color_preference: Preference,
    time_control: TimeControlBody,
    #[oai(default = "yes")]
    rated: bool,
    /// When draws come by themselves.
    #[oai(default)]
    draw_policy: DrawPolicy,
}

/// Each side's time. Not both 0; with `initial_seconds` 0 the clocks begin with one increment.
#[derive(Object, Clone, Copy, Debug)]
#[oai(rename = "NewTimeControl")]
pub(super) struct TimeControlBody {
    /// Seconds on each clock at the start, at most 10800.
    #[oai(validator(minimum(value = "0"), maximum(value = "10800")))]
    initial_seconds: i32,
    /// Seconds gained by each move, at most 180.
    #[oai(default, validator(minimum(value = "0"), maximum(value = "180")))]
    increment_seconds: i32,
}

/// A colour, or chance.
#[derive(Enum, Clone, Copy, Debug, Default)]
#[oai(rename = "ColorPreference", rename_all = "lowercase")]
pub(super) enum Preference {
    White,
    Black,
    #[default]
    Random,
}

/// `fide`: threefold repetition and fifty moves by claim, fivefold and 75 moves by rule. `lichess`: threefold by claim, fivefold and
/// fifty moves by rule. `chesscom`: threefold and fifty moves by rule.
#[derive(Enum, Clone, Copy, Debug, Default)]
#[oai(rename_all = "lowercase")]
pub(super) enum DrawPolicy {
    #[default]
    Fide,
    Lichess,
    Chesscom,
}

#[derive(ApiResponse)]
pub(super) enum Created {
    /// The new game.
    #[oai(status = 201)]
    Game(
        Written<GameView>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
        /// `true` when this is the answer to an earlier request with the same key.
        #[oai(header = "Idempotency-Replayed")]
        Option<bool>,
    ),
}

impl Created {
    pub(super) fn answer(game: &GameView, replayed: Option<bool>) -> Result<Self, Problem> {
        let location = format!("/v1/games/{}", game.id());
        Ok(Self::Game(Written::of(game)?, location, replayed))
    }
}

#[OpenApi]
impl Challenges {
    pub(super) fn new(games: Games) -> Self {
        Self { games }
    }

    /// Challenge somebody, or anybody
    ///
    /// The game waits for its opponent. Clocks and colours are settled when somebody joins.
    #[oai(
        path = "/v1/games",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "create_chess_game"
    )]
    async fn create(
        &self,
        body: Json<Challenge>,
        /// Makes sending the same challenge twice one game.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        caller: Data<&Caller>,
    ) -> Result<Created, Fail<(BadRequest, Conflicting)>> {
        let new = body.0.of(account(&caller)?)?;
        let Some(key) = key.0 else {
            let mut connection = self.games.connection().await?;
            let game = self.games.create(&mut connection, &new).await;
            let game = game.map_err(Problem::from)?;
            self.games.created(&game);
            return Ok(Created::answer(&GameView::of(&game), None)?);
        };
        let said = format!("{new:?}");
        let request = keyed(&key, "chess.create", &caller, [said.as_bytes()])?;
        let mut made = None;
        let answer = once(self.games.store(), &request, async |mut transaction| {
            let game = self.games.create(&mut transaction, &new).await?;
            let view = GameView::of(&game);
            made = Some(game);
            Ok::<_, CommandError>((view, transaction))
        });
        let (view, replayed) = replayed(answer.await.map_err(refused)?);
        if let Some(game) = made {
            self.games.created(&game);
        }
        Ok(Created::answer(&view, replayed)?)
    }

    /// Join a game
    ///
    /// Accepts a challenge: colours are given, white's clock begins to run.
    #[oai(
        path = "/v1/games/:game_id/join",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "join_chess_game"
    )]
    async fn join(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Result<Written<GameView>, Fail<(GameMissing, Foreign, Conflicting)>> {
        let (id, account) = (parse_id(&game_id)?, account(&caller)?);
        let coin = rand::random();
        let joined = self
            .games
            .command(id, Instant::now(), |_| Command::Join { account, coin });
        let game = joined.await.map_err(Problem::from)?;
        Ok(Written::of(&GameView::of(&game))?)
    }

    /// Decline a challenge, or withdraw it
    ///
    /// By the invited player, or by its creator as long as nobody has joined. The game ends `declined` or `aborted`, without a result.
    #[oai(
        path = "/v1/games/:game_id/decline",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "decline_chess_game"
    )]
    async fn decline(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Result<Written<GameView>, Fail<(GameMissing, Foreign, Conflicting)>> {
        let (id, account) = (parse_id(&game_id)?, account(&caller)?);
        let declined = self
            .games
            .command(id, Instant::now(), |_| Command::Decline { account });
        let game = declined.await.map_err(Problem::from)?;
        Ok(Written::of(&GameView::of(&game))?)
    }
}

fn yes() -> bool {
    true
}

impl Challenge {
    fn of(self, creator: Uuid) -> Result<NewGame, Problem> {
        Ok(NewGame {
            creator,
            opponent: self.opponent_account_id,
            preference: self.color_preference.into(),
            time: self.time_control.check()?,
            rated: self.rated,
            policy: self.draw_policy.into(),
        })
    }
}

impl TimeControlBody {
    pub(super) fn check(self) -> Result<TimeControl, Problem> {
        if self.initial_seconds + self.increment_seconds == 0 {
            return Err(bad_field(
                "time_control",
                "initial and increment are both 0",
            ));
        }
        Ok(TimeControl {
            initial_ms: self.initial_seconds * 1000,
            increment_ms: self.increment_seconds * 1000,
        })
    }
}

impl From<Preference> for ColorPreference {
    fn from(preference: Preference) -> Self {
        match preference {
            Preference::White => Self::White,
            Preference::Black => Self::Black,
            Preference::Random => Self::Random,
        }
    }
}

impl From<DrawPolicy> for live::DrawPolicy {
    fn from(policy: DrawPolicy) -> Self {
        match policy {
            DrawPolicy::Fide => Self::Fide,
            DrawPolicy::Lichess => Self::Lichess,
            DrawPolicy::Chesscom => Self::Chesscom,
        }
    }
}

impl Example for TimeControlBody {
    fn example() -> Self {
        Self {
            initial_seconds: 300,
            increment_seconds: 0,
        }
    }
}

impl Example for Challenge {
    fn example() -> Self {
        Self {
            opponent_account_id: Some(Uuid::from_u128(0x2b7e_1516_28ae_4d2a_abf7_1588_09cf_4f3c)),
            color_preference: Preference::White,
            time_control: TimeControlBody::example(),
            rated: true,
            draw_policy: DrawPolicy::Fide,
        }
    }
}
