//! `/api/games`: listing, looking, converting, deleting.

use std::collections::BTreeMap;

use poem::Request;
use poem::http::StatusCode;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Json, PlainText};
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_shared::Store;
use rookery_shared::theory::{
    FileFormat, FormError, Page, delete, export, get, list, shown_as, summary,
};
use rookery_theory::Format;

use super::game_view::GameView;
use super::{GameMissing, Tag, missing, parse_id};
use crate::errors::{Case, Fail, Problem};
use crate::input::bad_query;
use crate::paging::next_link;

pub struct Games {
    store: Store,
}

/// A game without its rules.
#[derive(Object, serde::Serialize, serde::Deserialize)]
#[oai(example)]
struct GameSummary {
    id: String,
    title: String,
    description: Option<String>,
    /// `extensive`, `normal`, `maid` or `vegas`.
    format: String,
    player_count: u64,
    players: Vec<String>,
    /// Words to sort games by.
    tags: Vec<String>,
    /// By form, whether and how the game can be shown in it.
    conversions: BTreeMap<String, FormConversion>,
}

/// Whether a game can be shown in another form.
#[derive(Object, serde::Serialize, serde::Deserialize)]
struct FormConversion {
    possible: bool,
    /// What to know before it is asked for, such as a large result.
    warnings: Vec<String>,
    /// Why not.
    blockers: Vec<String>,
}

#[derive(ApiResponse)]
enum Listed {
    /// One page, by id.
    #[oai(status = 200)]
    Page(
        Json<Vec<GameSummary>>,
        /// The `cursor` of the next page; absent on the last.
        #[oai(header = "X-Next-Cursor")]
        Option<String>,
        /// The next page as a link (RFC 8288).
        #[oai(header = "Link")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
enum Exported {
    /// The file.
    #[oai(status = 200)]
    File(
        PlainText<String>,
        /// The name to save it under.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

/// What was deleted.
#[derive(Object)]
#[oai(example)]
struct Deletion {
    /// Always `deleted`.
    status: String,
    id: String,
}

struct NoSuchForm;

impl Case for NoSuchForm {
    const STATUS: u16 = 400;
    const WHEN: &'static str = "There is no such form, or this game cannot be shown in it.";
    const EXAMPLE: &'static str = "Invalid format: matrix";
}

#[OpenApi]
impl Games {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// List games
    ///
    /// By id, without their rules. A full page names the next in `X-Next-Cursor`.
    #[oai(
        path = "/api/games",
        method = "get",
        tag = "Tag::Games",
        operation_id = "list_games"
    )]
    async fn list_games(
        &self,
        request: &Request,
        /// Games on a page.
        #[oai(
            default = "default_limit",
            validator(minimum(value = "1"), maximum(value = "1000"))
        )]
        limit: Query<u32>,
        /// Where the page before ended.
        cursor: Query<Option<String>>,
    ) -> Result<Listed, Fail<()>> {
        let after = cursor.0.map(|cursor| cursor.parse()).transpose();
        let after = after.map_err(|error| bad_query("cursor", &format!("{error}")))?;
        let games = list(
            &self.store,
            &Page {
                after,
                limit: limit.0,
            },
        )
        .await?;
        let games: Vec<GameSummary> = games
            .iter()
            .map(|game| read(game))
            .collect::<Result<_, _>>()?;
        let next = games
            .last()
            .filter(|_| games.len() == limit.0 as usize)
            .map(|game| game.id.clone());
        let link = next.as_deref().map(|next| next_link(request.uri(), next));
        Ok(Listed::Page(
            Json(games),
            next.filter(|id| id.is_ascii()),
            link,
        ))
    }

    /// Get a game
    ///
    /// With all its rules, in the form in which it was uploaded; `format_name` says which that is.
    #[oai(
        path = "/api/games/:game_id",
        method = "get",
        tag = "Tag::Games",
        operation_id = "get_game"
    )]
    async fn get_game(
        &self,
        /// The game's id.
        game_id: Path<String>,
    ) -> Result<Json<GameView>, Fail<GameMissing>> {
        let game = get(&self.store, &parse_id(&game_id)?).await?;
        let game = game.ok_or_else(|| missing(&game_id))?;
        Ok(Json(GameView(game.wire())))
    }

    /// Get a game without its rules
    ///
    /// What the list shows of it: players, form, and the other forms it can be shown in.
    #[oai(
        path = "/api/games/:game_id/summary",
        method = "get",
        tag = "Tag::Games",
        operation_id = "get_game_summary"
    )]
    async fn get_summary(
        &self,
        /// The game's id.
        game_id: Path<String>,
    ) -> Result<Json<GameSummary>, Fail<GameMissing>> {
        let summary = summary(&self.store, &parse_id(&game_id)?).await?;
        Ok(Json(read(&summary.ok_or_else(|| missing(&game_id))?)?))
    }

    /// Get a game in another form
    ///
    /// Made once and kept, over several steps where that is needed; the game's `conversions` say what is possible. Exact: chance moves,
    /// outcomes at inner nodes and information sets are honoured. The strategies of a table made of a tree are full plans of action,
    /// joined by `/`.
    #[oai(
        path = "/api/games/:game_id/as/:target_format",
        method = "get",
        tag = "Tag::Games",
        operation_id = "convert_game"
    )]
    async fn convert_game(
        &self,
        /// The game's id.
        game_id: Path<String>,
        /// `extensive`, `normal`, `maid` or `vegas`.
        target_format: Path<String>,
    ) -> Result<Json<GameView>, Fail<(GameMissing, NoSuchForm)>> {
        let target = Format::from_name(&target_format)
            .ok_or_else(|| no_such_form(format!("Invalid format: {}", target_format.0)))?;
        let game = shown_as(&self.store, &parse_id(&game_id)?, target).await;
        let game = game.map_err(Problem::from)?;
        Ok(Json(GameView(game.ok_or_else(|| missing(&game_id))?)))
    }

    /// Export a game
    ///
    /// As a file that Gambit (`efg`, `nfg`) or this server (`json`) reads. Exact: what is uploaded again is the same game. A game in
    /// another form than the file can hold is converted first.
    #[oai(
        path = "/api/games/:game_id/export/:file_format",
        method = "get",
        tag = "Tag::Games",
        operation_id = "export_game"
    )]
    async fn export_game(
        &self,
        /// The game's id.
        game_id: Path<String>,
        /// `efg`, `nfg`, `json`, or `vg` of a Vegas program.
        file_format: Path<String>,
    ) -> Result<Exported, Fail<(GameMissing, NoSuchForm)>> {
        let format = FileFormat::from_name(&file_format)
            .ok_or_else(|| no_such_form(format!("Invalid format: {}", file_format.0)))?;
        let game = get(&self.store, &parse_id(&game_id)?).await?;
        let game = game.ok_or_else(|| missing(&game_id))?;
        let file = export(game, format).await.map_err(Problem::from)?;
        let name = file_name(&game_id, format);
        Ok(Exported::File(
            PlainText(file),
            format!("attachment; filename=\"{name}\""),
        ))
    }

    /// Delete a game
    ///
    /// Analyses of it that were ordered before still run.
    #[oai(
        path = "/api/games/:game_id",
        method = "delete",
        tag = "Tag::Games",
        operation_id = "delete_game"
    )]
    async fn delete_game(
        &self,
        /// The game's id.
        game_id: Path<String>,
    ) -> Result<Json<Deletion>, Fail<GameMissing>> {
        if !delete(&self.store, &parse_id(&game_id)?).await? {
            return Err(missing(&game_id).into());
        }
        Ok(Json(Deletion {
            status: "deleted".to_owned(),
            id: game_id.0,
        }))
    }
}

fn default_limit() -> u32 {
    1000
}

impl From<FormError> for Problem {
    fn from(error: FormError) -> Self {
        match error {
            FormError::Impossible(_) => no_such_form(error.to_string()),
            FormError::Store(error) => error.into(),
        }
    }
}

/// The id as far as a header and a file system take it.
fn file_name(id: &str, format: FileFormat) -> String {
    let plain = |letter: char| match letter {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '.' => letter,
        _ => '_',
    };
    let stem: String = id.chars().map(plain).collect();
    format!("{stem}.{}", format.name())
}

fn no_such_form(text: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, text)
}

fn read(summary: &serde_json::value::RawValue) -> Result<GameSummary, Problem> {
    serde_json::from_str(summary.get()).map_err(Problem::internal)
}

impl Example for GameSummary {
    fn example() -> Self {
        Self {
            id: "trust-game".to_owned(),
            title: "Trust Game".to_owned(),
            description: None,
            format: "extensive".to_owned(),
            player_count: 2,
            players: vec!["Alice".to_owned(), "Bob".to_owned()],
            tags: vec!["sequential".to_owned()],
            conversions: BTreeMap::from([(
                "normal".to_owned(),
                FormConversion {
                    possible: true,
                    warnings: Vec::new(),
                    blockers: Vec::new(),
                },
            )]),
        }
    }
}

impl Example for Deletion {
    fn example() -> Self {
        Self {
            status: "deleted".to_owned(),
            id: "trust-game".to_owned(),
        }
    }
}
