//! Looking at games: one, its clock's tick, its PGN, and lists.

use poem::Request;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::PlainText;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_chess::board::drawn;
use rookery_shared::chess::{Chess as Games, Filter, Game, pgn};
use shakmaty::Color;
use uuid::Uuid;

use super::Tag;
use super::game_view::{GameView, StatusFilter};
use super::refusals::{BadRequest, GameMissing, account, missing, parse_id};
use crate::auth::Caller;
use crate::errors::{Fail, Problem};
use crate::paging::next_link;
use crate::written::Written;

pub struct Look {
    games: Games,
}

/// A page of games, the newest first, without their moves.
#[derive(Object, serde::Serialize)]
#[oai(rename = "LiveGamePage", example)]
struct Page {
    games: Vec<GameView>,
    /// The `cursor` of the next page; null on the last.
    next_cursor: Option<Uuid>,
}

#[derive(ApiResponse)]
enum Listed {
    /// One page.
    #[oai(status = 200)]
    Page(
        Written<Page>,
        /// The next page as a link (RFC 8288).
        #[oai(header = "Link")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
enum Notation {
    /// The game as PGN, with `[%clk]` after each move.
    #[oai(status = 200, content_type = "application/x-chess-pgn")]
    Pgn(
        PlainText<String>,
        /// The name to save it under.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

#[OpenApi]
impl Look {
    pub(super) fn new(games: Games) -> Self {
        Self { games }
    }

    /// Look at a game
    ///
    /// Clocks are live: what is left at `server_time`. A game whose time is over is ended by the look.
    #[oai(
        path = "/v1/games/:game_id",
        method = "get",
        tag = "Tag::Chess",
        operation_id = "get_chess_game"
    )]
    async fn get(
        &self,
        /// The game's id.
        game_id: Path<String>,
        /// Only so many moves, the last ones.
        #[oai(validator(minimum(value = "0"), maximum(value = "10000")))]
        moves: Query<Option<u32>>,
        caller: Data<&Caller>,
    ) -> Result<Written<GameView>, Fail<(GameMissing, BadRequest)>> {
        account(&caller)?;
        let game = self.game(&game_id).await?;
        let shown = match moves.0 {
            Some(most) => {
                GameView::with_last_moves(&game, usize::try_from(most).unwrap_or(usize::MAX))
            }
            None => GameView::of(&game),
        };
        Ok(Written::of(&shown)?)
    }

    /// Look at a game's clock
    ///
    /// Ends the game if its time is over, and says how it stands. Nobody has to call this: the server watches the clocks itself.
    #[oai(
        path = "/v1/games/:game_id/tick",
        method = "post",
        tag = "Tag::Chess",
        operation_id = "tick_chess_game"
    )]
    async fn tick(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Result<Written<GameView>, Fail<GameMissing>> {
        account(&caller)?;
        Ok(Written::of(&GameView::of(&self.game(&game_id).await?))?)
    }

    /// Get a game as PGN
    ///
    /// With both players' clocks as comments (`[%clk 0:04:55]`), for any chess program.
    #[oai(
        path = "/v1/games/:game_id/pgn",
        method = "get",
        tag = "Tag::Chess",
        operation_id = "get_chess_game_pgn"
    )]
    async fn pgn(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Result<Notation, Fail<GameMissing>> {
        account(&caller)?;
        let game = self.game(&game_id).await?;
        let name = format!("attachment; filename=\"{}.pgn\"", game.row.id);
        Ok(Notation::Pgn(PlainText(pgn(&game)), name))
    }

    /// See the board
    ///
    /// As text, for people at a terminal: `curl` prints it.
    #[oai(
        path = "/v1/games/:game_id/board",
        method = "get",
        tag = "Tag::Chess",
        operation_id = "get_chess_board"
    )]
    async fn board(
        &self,
        /// The game's id.
        game_id: Path<String>,
        caller: Data<&Caller>,
    ) -> Result<PlainText<String>, Fail<GameMissing>> {
        account(&caller)?;
        let game = self.game(&game_id).await?;
        Ok(PlainText(shown(&game)))
    }

    /// List games
    ///
    /// The newest first, without moves. Of an account: what it plays or played, and the challenges that it made or is to answer.
    #[oai(
        path = "/v1/games",
        method = "get",
        tag = "Tag::Chess",
        operation_id = "list_chess_games"
    )]
    async fn list(
        &self,
        request: &Request,
        /// Only this account's games.
        account: Query<Option<Uuid>>,
        /// Only games that stand so.
        status: Query<Option<StatusFilter>>,
        /// Games on a page.
        #[oai(
            default = "default_limit",
            validator(minimum(value = "1"), maximum(value = "200"))
        )]
        limit: Query<u32>,
        /// Where the page before ended.
        cursor: Query<Option<Uuid>>,
        caller: Data<&Caller>,
    ) -> Result<Listed, Fail<BadRequest>> {
        super::refusals::account(&caller)?;
        let filter = Filter {
            account: account.0,
            status: status.0.map(StatusFilter::as_str),
            before: cursor.0,
            limit: i64::from(limit.0),
        };
        let found = self.games.list(&filter).await?;
        let link = found
            .next
            .map(|next| next_link(request.uri(), &next.to_string()));
        let games = found.games.iter().map(GameView::without_moves).collect();
        let page = Page {
            games,
            next_cursor: found.next,
        };
        Ok(Listed::Page(Written::of(&page)?, link))
    }

    async fn game(&self, id: &str) -> Result<Game, Problem> {
        let found = self.games.game(parse_id(id)?).await?;
        found.ok_or_else(|| missing(id))
    }
}

impl Example for Page {
    fn example() -> Self {
        Self {
            games: vec![GameView::example().without_its_moves()],
            next_cursor: None,
        }
    }
}

fn shown(game: &Game) -> String {
    let board = drawn(&game.live().position);
    let seconds = |color| f64::from(game.row.remaining_ms(color)) / 1000.0;
    let clocks = format!(
        "white {:.1} s, black {:.1} s",
        seconds(Color::White),
        seconds(Color::Black)
    );
    let last = game.moves.last().map_or("none yet", |played| &played.san);
    let ending = match (&game.row.end_reason, &game.row.result) {
        (Some(reason), Some(result)) => format!("\n{result} ({reason})"),
        (Some(reason), None) => format!("\n{reason}"),
        (None, _) => String::new(),
    };
    format!("{board}last move: {last}\n{clocks}{ending}\n")
}

fn default_limit() -> u32 {
    50
}
