//! Results that took their time, by what was asked: the game's rules, the analysis and its options.

use std::time::Duration;

use rookery_theory::Game;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use sqlx::types::Json;

use super::analyze::{Analyze, Analyzed};
use super::document::decode;
use crate::{Store, StoreError};

/// Part of every question: a new one where an analysis finds or words something else than before.
const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), "+1");

/// Quicker ones are found anew as fast as they are looked up.
pub const WORTH_KEEPING: Duration = Duration::from_millis(200);
/// Larger ones are not kept.
const MAX_BYTES: usize = 1 << 20;

/// What there is to start from.
pub enum Start {
    /// The same was asked before.
    Known(Analyzed),
    Game(Box<Game>),
    /// The document is no longer kept.
    Gone,
}

/// Looks the answer up, and else the game, in one round trip.
///
/// # Errors
/// When Postgres is away, or what it holds is of a form that this version cannot read.
pub async fn start(store: &Store, analyze: &Analyze) -> Result<Start, StoreError> {
    let row = sqlx::query!(
        r#"select case when r.question is null then d.document end as "document: Json<Box<RawValue>>",
            r.result as "result?: Json<Analyzed>"
        from theory_documents d left join theory_results r on r.question = sha256(d.fingerprint || $2)
        where d.hash = $1"#,
        analyze.document.as_bytes(),
        asked(analyze),
    )
    .fetch_optional(&store.pool)
    .await?;
    let Some(row) = row else {
        return Ok(Start::Gone);
    };
    match (row.result, row.document) {
        (Some(known), _) => Ok(Start::Known(known.0)),
        (None, Some(document)) => Ok(Start::Game(Box::new(decode(document.0).await?))),
        (None, None) => Ok(Start::Gone),
    }
}

/// Keeps a result that is whole: one that a stop cut short is none.
///
/// # Errors
/// When Postgres is away.
pub async fn remember(
    store: &Store,
    analyze: &Analyze,
    result: &Analyzed,
) -> Result<(), StoreError> {
    let result = serde_json::to_string(result)?;
    // Validation speaks of the file too, which is no part of the rules.
    if result.len() > MAX_BYTES || analyze.plugin == "Validation" {
        return Ok(());
    }
    sqlx::query!(
        "insert into theory_results (question, result)
        select sha256(fingerprint || $2), $3::text::json from theory_documents where hash = $1 and fingerprint is not null
        on conflict (question) do update set used_at = clock_timestamp()",
        analyze.document.as_bytes(),
        asked(analyze),
        result,
    )
    .execute(&store.pool)
    .await?;
    Ok(())
}

/// Forgets results kept longer ago than this. Returns how many.
///
/// # Errors
/// When Postgres is away.
pub async fn forget_results(store: &Store, keep: Duration) -> Result<u64, StoreError> {
    let done = sqlx::query!(
        "delete from theory_results where used_at < clock_timestamp() - make_interval(secs => $1)",
        keep.as_secs_f64()
    )
    .execute(&store.pool)
    .await?;
    Ok(done.rows_affected())
}

/// The part of the question that is not the game. Keys of the options come in order: the map is sorted.
fn asked(analyze: &Analyze) -> Vec<u8> {
    let text = format!("{ENGINE}\n{}\n{}", analyze.plugin, analyze.config.to_json());
    Sha256::digest(text).to_vec()
}
