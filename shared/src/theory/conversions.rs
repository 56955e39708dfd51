//! Games in other forms, made once and kept with their documents.

use rookery_theory::{ConversionError, Format, convert};
use serde_json::Value;
use serde_json::value::RawValue;
use sqlx::types::Json;
use thiserror::Error;

use super::document::decode;
use super::summary::GameId;
use crate::{Store, StoreError};

/// Larger ones are made anew each time.
const MAX_BYTES: usize = 8 << 20;

/// Why there is no such form of the game.
#[derive(Debug, Error)]
pub enum FormError {
    /// In the contract's words, with the reason where there is one.
    #[error("{0}")]
    Impossible(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The game in the form `target`, as clients see it; `None` when there is no such game.
///
/// # Errors
/// Why it has no such form, or that Postgres is away.
pub async fn shown_as(
    store: &Store,
    id: &GameId,
    target: Format,
) -> Result<Option<Value>, FormError> {
    let row = sqlx::query!(
        r#"select d.hash, case when c.game is null then d.document end as "document: Json<Box<RawValue>>",
            c.game as "game?: Json<Value>"
        from theory_games g join theory_documents d on d.hash = g.document_hash
            left join theory_conversions c on c.document_hash = d.hash and c.format = $2
        where g.id = $1"#,
        id.as_str(),
        target.name(),
    )
    .fetch_optional(&store.pool)
    .await
    .map_err(StoreError::from)?;
    let Some(row) = row else { return Ok(None) };
    if let Some(game) = row.game {
        return Ok(Some(game.0));
    }
    let Some(document) = row.document else {
        return Ok(None);
    };
    let game = decode(document.0).await?;
    if game.format() == target {
        return Ok(Some(game.wire()));
    }
    // A matrix may have 10,000 cells.
    let converting = tokio::task::spawn_blocking(move || {
        let from = game.format();
        let impossible = |ConversionError(reason)| {
            let text = format!("Cannot convert from {from} to {target}");
            FormError::Impossible(if reason.starts_with(&text) {
                reason
            } else {
                format!("{text}: {reason}")
            })
        };
        Ok::<_, FormError>(convert(&game, target).map_err(impossible)?.wire())
    });
    let game = converting
        .await
        .expect("conversions neither panic nor are aborted")?;
    keep(store, &row.hash, target, &game).await?;
    Ok(Some(game))
}

async fn keep(
    store: &Store,
    document: &[u8],
    format: Format,
    game: &Value,
) -> Result<(), StoreError> {
    let game = game.to_string();
    if game.len() > MAX_BYTES {
        return Ok(());
    }
    sqlx::query!(
        "insert into theory_conversions (document_hash, format, game)
        select hash, $2, $3::text::json from theory_documents where hash = $1
        on conflict do nothing",
        document,
        format.name(),
        game,
    )
    .execute(&store.pool)
    .await?;
    Ok(())
}
