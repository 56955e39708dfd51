//! `POST /api/games/upload`: a file becomes a game.

use poem::http::StatusCode;
use poem::web::Data;
use poem_openapi::param::Header;
use poem_openapi::payload::Json;
use poem_openapi::types::multipart;
use poem_openapi::{ApiResponse, Multipart, OpenApi};
use rookery_shared::idempotency::once;
use rookery_shared::theory::{self, store_in};
use rookery_shared::{Store, StoreError};
use rookery_theory::Limits;
use serde_json::Value;

use super::Tag;
use super::game_view::GameView;
use super::limits::{UploadLimits, too_large};
use crate::auth::Caller;
use crate::errors::{Case, Fail, Problem};
use crate::idempotent::{KeyInProgress, keyed, refused, replayed};

pub struct Upload {
    store: Store,
    limits: UploadLimits,
}

#[derive(Multipart)]
struct Form {
    /// A `.efg`, `.nfg`, `.vg` or `.json` file, of at most 5 MiB unless this server was told otherwise.
    file: multipart::Upload,
}

#[derive(ApiResponse)]
enum Uploaded {
    /// The parsed game.
    #[oai(status = 200)]
    Game(
        Json<GameView>,
        /// This `Idempotency-Key` was answered before; this is that answer.
        #[oai(header = "Idempotency-Replayed")]
        Option<bool>,
    ),
}

struct NotAGame;

impl Case for NotAGame {
    const STATUS: u16 = 400;
    const WHEN: &'static str =
        "The file is too large, has no name, or is not a game: then with line and column.";
    const EXAMPLE: &'static str =
        "Invalid game format: poker.efg - line 3, column 7: expected a number";
}

type Refusals = (NotAGame, KeyInProgress);

/// What is said of a file at most, so that a strange one does not fill the answer.
const MAX_REASON_CHARS: usize = 200;
const MAX_NAME_CHARS: usize = 100;

#[OpenApi]
impl Upload {
    pub(super) fn new(store: Store, limits: UploadLimits) -> Self {
        Self { store, limits }
    }

    /// Upload a game
    ///
    /// The file's name says how it is read: Gambit's `.efg` and `.nfg` in every variant, Vegas' `.vg`, or `.json` as this API shows
    /// games, influence diagrams among them. A game with the id of another replaces it; a file without an id gets a random one.
    #[oai(
        path = "/api/games/upload",
        method = "post",
        tag = "Tag::Games",
        operation_id = "upload_game"
    )]
    async fn upload(
        &self,
        form: Form,
        caller: Data<&Caller>,
        /// Makes sending the same file twice one upload.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
    ) -> Result<Uploaded, Fail<Refusals>> {
        let File { name, bytes } = File::of(form, &self.limits).await?;
        let Some(key) = key.0 else {
            return Ok(Uploaded::Game(
                Json(GameView(self.store(name, bytes).await?)),
                None,
            ));
        };
        let request = keyed(&key, "theory.upload", &caller, [name.as_bytes(), &bytes])?;
        let upload = read(name, bytes, self.limits.of_games()).await?;
        let stored = once(&self.store, &request, async |mut transaction| {
            store_in(&mut transaction, std::slice::from_ref(&upload)).await?;
            Ok::<_, StoreError>((upload.shown.clone(), transaction))
        });
        let (game, replayed) = replayed(stored.await.map_err(refused)?);
        Ok(Uploaded::Game(Json(GameView(game)), replayed))
    }

    async fn store(&self, name: String, bytes: Vec<u8>) -> Result<Value, Problem> {
        let upload = read(name, bytes, self.limits.of_games()).await?;
        let mut transaction = self.store.pool.begin().await.map_err(StoreError::from)?;
        store_in(&mut transaction, std::slice::from_ref(&upload)).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(upload.shown)
    }
}

struct File {
    name: String,
    bytes: Vec<u8>,
}

impl File {
    async fn of(form: Form, limits: &UploadLimits) -> Result<Self, Problem> {
        let name = form
            .file
            .file_name()
            .filter(|name| !name.is_empty())
            .map(str::to_owned);
        let name = name.ok_or_else(|| refusal("No filename provided".to_owned()))?;
        if form.file.size() > limits.file_bytes() {
            return Err(refusal(too_large(limits.file_mb)));
        }
        let bytes = form.file.into_vec().await.map_err(Problem::internal)?;
        Ok(Self { name, bytes })
    }
}

async fn read(name: String, bytes: Vec<u8>, limits: Limits) -> Result<theory::Upload, Problem> {
    let shown: String = name.chars().take(MAX_NAME_CHARS).collect();
    theory::read(name, bytes, limits).await.map_err(|error| {
        let reason: String = error.to_string().chars().take(MAX_REASON_CHARS).collect();
        refusal(format!("Invalid game format: {shown} - {reason}"))
    })
}

fn refusal(text: String) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, text)
}
