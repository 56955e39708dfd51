//! What players may do beside moving: resign, abort, draws, takebacks, a rematch.

use std::time::Instant;

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::Path;
use rookery_chess::live::{Command, Seat};
use rookery_shared::chess::{Chess as Games, Game};

use super::Tag;
use super::game_view::GameView;
use super::refusals::{Conflicting, Foreign, GameMissing, account, parse_id};
use crate::auth::Caller;
use crate::errors::{Fail, Problem};
use crate::written::Written;

pub struct Offers {
    games: Games,
}

type Answer = Result<Written<GameView>, Fail<(GameMissing, Foreign, Conflicting)>>;

#[OpenApi]
impl Offers {
    pub(super) fn new(games: Games) -> Self {
        Self { games }
    }

    /// Resign
    ///
    /// At any time, whoever's turn it is. The opponent wins.
    #[oai(
        path = "/v1/games/:game_id/resign",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "resign_chess_game"
    )]
    async fn resign(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        self.done(&game_id, &caller, |by, _| Command::Resign { by })
            .await
    }

    /// Abort a game that has hardly begun
    ///
    /// Before the second half-move; without a result.
    #[oai(
        path = "/v1/games/:game_id/abort",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "abort_chess_game"
    )]
    async fn abort(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        self.done(&game_id, &caller, |by, _| Command::Abort { by })
            .await
    }

    /// Offer a draw
    ///
    /// The offer stands until the opponent answers or moves. If the opponent has offered one, this accepts it.
    #[oai(
        path = "/v1/games/:game_id/offer-draw",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "offer_chess_draw"
    )]
    async fn offer_draw(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        self.done(&game_id, &caller, |by, _| Command::OfferDraw { by })
            .await
    }

    /// Accept a draw offer
    ///
    /// The opponent's, as long as it stands. The game ends `draw_agreed`.
    #[oai(
        path = "/v1/games/:game_id/accept-draw",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "accept_chess_draw"
    )]
    async fn accept_draw(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        self.done(&game_id, &caller, |by, _| Command::AcceptDraw { by })
            .await
    }

    /// Decline a draw offer, or withdraw one's own
    ///
    /// The game goes on as it was.
    #[oai(
        path = "/v1/games/:game_id/decline-draw",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "decline_chess_draw"
    )]
    async fn decline_draw(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        self.done(&game_id, &caller, |by, _| Command::DeclineDraw { by })
            .await
    }

    /// Claim a draw
    ///
    /// When the position on the board has occurred three times, or fifty moves went by without a capture or a pawn's move; or when neither side can mate by any sequence of legal moves.
    #[oai(
        path = "/v1/games/:game_id/claim-draw",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "claim_chess_draw"
    )]
    async fn claim_draw(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        self.done(&game_id, &caller, |by, _| Command::ClaimDraw { by })
            .await
    }

    /// Take back
    ///
    /// In unrated games: the first call offers, the other side's accepts. One half-move goes, or two if the opponent has answered
    /// already. A bot agrees at once.
    #[oai(
        path = "/v1/games/:game_id/takeback",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "take_back_chess_move"
    )]
    async fn takeback(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        let takeback = |by, game: &Game| Command::Takeback {
            by,
            moves: game.uci_moves(),
        };
        self.done(&game_id, &caller, takeback).await
    }

    /// Play again
    ///
    /// After the end, colours exchanged: the first call offers, the other side's accepts. The answer is the old game; `rematch_id`
    /// names the new one once both agree. A bot agrees at once.
    #[oai(
        path = "/v1/games/:game_id/rematch",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "rematch_chess_game"
    )]
    async fn rematch(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Answer {
        let rematch = self.games.rematch(parse_id(&game_id)?, account(&caller)?);
        let game = rematch.await.map_err(Problem::from)?;
        Ok(Written::of(&GameView::of(&game))?)
    }

    async fn done(
        &self,
        game_id: &str,
        caller: &Caller,
        command: impl Fn(Seat, &Game) -> Command,
    ) -> Answer {
        let by = Seat::Account(account(caller)?);
        let done = self
            .games
            .command(parse_id(game_id)?, Instant::now(), |game| command(by, game));
        let game = done.await.map_err(Problem::from)?;
        Ok(Written::of(&GameView::of(&game))?)
    }
}
