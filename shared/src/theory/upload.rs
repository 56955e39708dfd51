//! Uploading: a file becomes a game, and replaces the one with its id.

use rookery_theory::convert::{nodes_of_simultaneous_tree, simultaneous_tree};
use rookery_theory::{Game, Limits, ParseError, parse};
use serde_json::Value;
use sqlx::PgConnection;
use thiserror::Error;
use uuid::Uuid;

use super::document::{self, Encoded};
use super::summary::{Fit, GameId, GameIdError, summary};
use crate::StoreError;

/// Why a file is not a game.
#[derive(Debug, Error)]
pub enum UploadError {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error(transparent)]
    Id(#[from] GameIdError),
}

/// A game and everything stored beside it, made before a transaction begins.
pub struct Upload {
    id: GameId,
    format: &'static str,
    summary: Value,
    fit: Value,
    document: Encoded,
    /// The game as clients see it.
    pub shown: Value,
}

/// Reads a file, off the async threads. A file that names no id gets a random one.
///
/// # Errors
/// What is wrong with the file, and where.
pub async fn read(
    file_name: String,
    bytes: Vec<u8>,
    limits: Limits,
) -> Result<Upload, UploadError> {
    let reading = tokio::task::spawn_blocking(move || {
        let mut game = played_in_turn(parse(&file_name, &bytes, &limits)?, &limits);
        if game.id().is_empty() {
            game.set_id(Uuid::new_v4().to_string());
        }
        Upload::of(&game)
    });
    reading
        .await
        .expect("the parsers neither panic nor are aborted")
}

/// Clients know `.nfg` tables of two players as games in normal form, and those of more as the trees of their simultaneous moves. One
/// whose tree would be too large stays a table.
fn played_in_turn(game: Game, limits: &Limits) -> Game {
    match game {
        Game::Normal(table)
            if table.players().len() > 2
                && table.meta().tags.iter().any(|tag| tag == "nfg")
                && nodes_of_simultaneous_tree(&table) <= limits.nodes =>
        {
            let meta = table.meta().clone();
            Game::Extensive(simultaneous_tree(&table, meta))
        }
        game => game,
    }
}

impl Upload {
    pub(super) fn of(game: &Game) -> Result<Self, UploadError> {
        let json = "a game is made of strings, numbers and lists";
        Ok(Self {
            id: game.id().parse()?,
            format: game.format().name(),
            summary: summary(game),
            fit: serde_json::to_value(Fit::of(game)).expect(json),
            document: document::encode(game).expect(json),
            shown: game.wire(),
        })
    }
}

/// Stores games in the caller's transaction; one with the id of another replaces it.
///
/// # Errors
/// When Postgres is away.
pub async fn store_in(connection: &mut PgConnection, uploads: &[Upload]) -> Result<(), StoreError> {
    keep_documents(connection, uploads).await?;
    put(connection, uploads).await
}

/// First, so that every writer locks documents before games.
pub(super) async fn keep_documents(
    connection: &mut PgConnection,
    uploads: &[Upload],
) -> Result<(), StoreError> {
    let documents: Vec<&Encoded> = uploads.iter().map(|upload| &upload.document).collect();
    Ok(document::keep(connection, &documents).await?)
}

pub(super) async fn put(
    connection: &mut PgConnection,
    uploads: &[Upload],
) -> Result<(), StoreError> {
    let ids: Vec<String> = uploads
        .iter()
        .map(|upload| upload.id.as_str().to_owned())
        .collect();
    let formats: Vec<String> = uploads
        .iter()
        .map(|upload| upload.format.to_owned())
        .collect();
    let summaries: Vec<String> = uploads
        .iter()
        .map(|upload| upload.summary.to_string())
        .collect();
    let fits: Vec<String> = uploads
        .iter()
        .map(|upload| upload.fit.to_string())
        .collect();
    let hashes: Vec<Vec<u8>> = uploads
        .iter()
        .map(|upload| upload.document.id.as_bytes().to_vec())
        .collect();
    sqlx::query!(
        "insert into theory_games as game (id, format, summary, fit, document_hash)
        select id, format, summary::json, fit::json, document_hash
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[])
            as new (id, format, summary, fit, document_hash)
        on conflict (id) do update set format = excluded.format, summary = excluded.summary, fit = excluded.fit,
            document_hash = excluded.document_hash, version = game.version + 1, updated_at = clock_timestamp()",
        &ids,
        &formats,
        &summaries,
        &fits,
        &hashes,
    )
    .execute(connection)
    .await?;
    Ok(())
}
