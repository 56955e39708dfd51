//! `POST /v1/games/bot`: a game that begins at once, against one of ours.

use poem::web::Data;
use poem_openapi::param::Header;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Enum, Object, OpenApi};
use rookery_chess::bot;
use rookery_shared::StoreError;
use rookery_shared::chess::{Chess as Games, NewBotGame};
use rookery_shared::idempotency::once;
use shakmaty::Color;

use super::Tag;
use super::challenges::{Created, DrawPolicy, Preference, TimeControlBody};
use super::game_view::GameView;
use super::refusals::{BadRequest, account};
use crate::auth::Caller;
use crate::errors::Fail;
use crate::idempotent::{keyed, refused, replayed};

pub struct Bots {
    games: Games,
}

/// A game against a bot.
#[derive(Object)]
#[oai(rename = "LiveBotGame", example)]
struct BotGame {
    difficulty: Difficulty,
    #[oai(default)]
    player_color: Preference,
    time_control: TimeControlBody,
    /// Bot games are never rated, whatever is said here.
    #[oai(default)]
    rated: bool,
    /// When draws come by themselves.
    #[oai(default)]
    draw_policy: DrawPolicy,
    /// What the bot's character and chance follow from, 0 to 2^53 - 1: the same seed and the same moves make the same game. Absent: drawn.
    #[oai(validator(minimum(value = "0"), maximum(value = "9007199254740991")))]
    seed: Option<i64>,
    /// Whether the bot pauses before its moves like a human. By default it answers at once.
    #[oai(default)]
    human_pace: bool,
}

/// From one who has just learned the moves to a master; the numbers in the bots' ids are the ratings they aim at.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "BotDifficulty", rename_all = "lowercase")]
enum Difficulty {
    Beginner,
    Easy,
    Medium,
    Hard,
    Expert,
    Master,
}

#[OpenApi]
impl Bots {
    pub(super) fn new(games: Games) -> Self {
        Self { games }
    }

    /// Play against a bot
    ///
    /// The game begins at once. If the bot has white, its first move follows by itself: look again, or watch the events.
    #[oai(
        path = "/v1/games/bot",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "create_chess_bot_game"
    )]
    async fn create(
        &self,
        body: Json<BotGame>,
        /// Makes sending the same request twice one game.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        caller: Data<&Caller>,
    ) -> Result<Created, Fail<BadRequest>> {
        let wish = body.0;
        let said = wish.said();
        let new = NewBotGame {
            player: account(&caller)?,
            preference: wish.player_color.into(),
            drawn: Color::from_white(rand::random()),
            bot_id: bot::Difficulty::from(wish.difficulty).bot_id().to_owned(),
            seed: wish.seed.unwrap_or_else(|| rand::random_range(0..1 << 53)),
            thinks: wish.human_pace,
            time: wish.time_control.check()?,
            policy: wish.draw_policy.into(),
        };
        let Some(key) = key.0 else {
            let mut connection = self.games.connection().await?;
            let game = self.games.create_with_bot(&mut connection, &new).await?;
            self.games.created(&game);
            return Ok(Created::answer(&GameView::of(&game), None)?);
        };
        let request = keyed(&key, "chess.create_bot", &caller, [said.as_bytes()])?;
        let mut made = None;
        let answer = once(self.games.store(), &request, async |mut transaction| {
            let game = self.games.create_with_bot(&mut transaction, &new).await?;
            let view = GameView::of(&game);
            made = Some(game);
            Ok::<_, StoreError>((view, transaction))
        });
        let (view, replayed) = replayed(answer.await.map_err(refused)?);
        if let Some(game) = made {
            self.games.created(&game);
        }
        Ok(Created::answer(&view, replayed)?)
    }
}

impl BotGame {
    /// What two requests with one key have to have in common.
    fn said(&self) -> String {
        format!(
            "{:?} {:?} {:?} {:?} {:?} {}",
            self.difficulty,
            self.player_color,
            self.time_control,
            self.draw_policy,
            self.seed,
            self.human_pace
        )
    }
}

impl From<Difficulty> for bot::Difficulty {
    fn from(difficulty: Difficulty) -> Self {
        match difficulty {
            Difficulty::Beginner => Self::Beginner,
            Difficulty::Easy => Self::Easy,
            Difficulty::Medium => Self::Medium,
            Difficulty::Hard => Self::Hard,
            Difficulty::Expert => Self::Expert,
            Difficulty::Master => Self::Master,
        }
    }
}

impl Example for BotGame {
    fn example() -> Self {
        Self {
            difficulty: Difficulty::Hard,
            player_color: Preference::White,
            time_control: TimeControlBody::example(),
            rated: false,
            draw_policy: DrawPolicy::Fide,
            seed: None,
            human_pace: false,
        }
    }
}
