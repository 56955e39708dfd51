//! `POST /v1/games/{id}/moves`.

use std::time::Instant;

use poem::web::Data;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_chess::live::{Command, Seat};
use rookery_shared::chess::{Chess as Games, CommandError};
use rookery_shared::idempotency::once;
use shakmaty::{Role, Square};
use uuid::Uuid;

use super::Tag;
use super::game_view::GameView;
use super::refusals::{BadMove, Conflicting, Foreign, GameMissing, account, bad_field, parse_id};
use crate::auth::Caller;
use crate::errors::{Fail, Problem};
use crate::idempotent::{keyed, refused, replayed};
use crate::written::Written;

pub struct Play {
    games: Games,
}

/// A half-move.
#[derive(Object)]
#[oai(rename = "NewMove", example)]
pub(super) struct MoveBody {
    /// A square, such as `e2`.
    from: String,
    /// A square. Castling is the king's step (`e1` to `g1`); the rook's square is understood too.
    to: String,
    /// `q`, `r`, `b` or `n`; needed when a pawn reaches the last rank, ignored otherwise.
    promotion: Option<String>,
    /// The half-move that this is meant to be, counted from 1. When it is another one's turn in the count, the answer is 409
    /// `ply_conflict` instead of a move that was not meant.
    ply: Option<u32>,
}

#[derive(ApiResponse)]
enum Played {
    /// The game after the move.
    #[oai(status = 200)]
    Game(
        Written<GameView>,
        /// `true` when this is the answer to an earlier request with the same key.
        #[oai(header = "Idempotency-Replayed")]
        Option<bool>,
    ),
}

#[OpenApi]
impl Play {
    pub(super) fn new(games: Games) -> Self {
        Self { games }
    }

    /// Play a move
    ///
    /// When this answers 200 the move is durable. The time that the turn took is reckoned by the database's clock.
    #[oai(
        path = "/v1/games/:game_id/moves",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "play_chess_move"
    )]
    async fn play(
        &self,
        /// The game's id.
        game_id: Path<String>,
        body: Json<MoveBody>,
        /// Makes sending the same move twice one move.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        caller: Data<&Caller>,
    ) -> Result<Played, Fail<(GameMissing, Foreign, BadMove, Conflicting)>> {
        let arrived = Instant::now();
        let id = parse_id(&game_id)?;
        let wish = body.0.read(account(&caller)?)?;
        match key.0 {
            None => {
                let played = self.games.command(id, arrived, |_| wish.clone()).await;
                let game = played.map_err(Problem::from)?;
                Ok(Played::Game(Written::of(&GameView::of(&game))?, None))
            }
            Some(key) => Ok(self.play_once((id, wish), &key, &caller).await?),
        }
    }

    async fn play_once(
        &self,
        (id, wish): (Uuid, Command),
        key: &str,
        caller: &Caller,
    ) -> Result<Played, Problem> {
        // A flag that has fallen is ended first: what the transaction below decides may be undone.
        self.games.game(id).await?;
        let said = format!("{wish:?}");
        let request = keyed(
            key,
            "chess.move",
            caller,
            [id.as_bytes().as_slice(), said.as_bytes()],
        )?;
        let mut made = None;
        let answer = once(self.games.store(), &request, async |mut transaction| {
            let played = self
                .games
                .command_in(&mut transaction, id, |_| wish.clone())
                .await?;
            let view = GameView::of(&played.game);
            made = Some(played);
            Ok::<_, CommandError>((view, transaction))
        });
        let (view, replayed) = replayed(answer.await.map_err(refused)?);
        if let Some(played) = made {
            self.games.committed(&played);
        }
        Ok(Played::Game(Written::of(&view)?, replayed))
    }
}

impl MoveBody {
    pub(super) fn read(self, account: Uuid) -> Result<Command, Problem> {
        Ok(Command::Move {
            by: Seat::Account(account),
            from: square("from", &self.from)?,
            to: square("to", &self.to)?,
            promotion: self.promotion.as_deref().map(promotion).transpose()?,
            ply: self.ply,
        })
    }
}

fn square(field: &str, text: &str) -> Result<Square, Problem> {
    text.parse()
        .map_err(|_| bad_field(field, "is not a square from a1 to h8"))
}

fn promotion(text: &str) -> Result<Role, Problem> {
    match text {
        "q" => Ok(Role::Queen),
        "r" => Ok(Role::Rook),
        "b" => Ok(Role::Bishop),
        "n" => Ok(Role::Knight),
        _ => Err(bad_field("promotion", "is not q, r, b or n")),
    }
}

impl Example for MoveBody {
    fn example() -> Self {
        Self {
            from: "e2".to_owned(),
            to: "e4".to_owned(),
            promotion: None,
            ply: Some(1),
        }
    }
}
