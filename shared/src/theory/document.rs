//! Documents: the exact storage form of a game under its SHA-256.

use std::fmt;
use std::time::Duration;

use rookery_theory::Game;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use sqlx::{PgConnection, PgExecutor};

use crate::{Store, StoreError};

/// Names one state of a game for good. In JSON 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DocumentId([u8; 32]);

impl DocumentId {
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for DocumentId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DocumentId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digit = |position: usize| {
            let digits = text.get(2 * position..2 * position + 2)?;
            u8::from_str_radix(digits, 16).ok()
        };
        let bytes: Option<Vec<u8>> = (0..text.len() / 2).map(digit).collect();
        bytes
            .and_then(|bytes| Self::from_bytes(&bytes))
            .ok_or_else(|| de::Error::custom("not a document's id"))
    }
}

/// The game with this document, if it is still kept. Reading a large one takes a while: it is done off the async threads.
///
/// # Errors
/// When Postgres is away or the document is of a form that this version cannot read.
pub(super) async fn load(
    executor: impl PgExecutor<'_>,
    id: DocumentId,
) -> Result<Option<Game>, StoreError> {
    let text = sqlx::query_scalar!(
        r#"select document as "document: Json<Box<RawValue>>" from theory_documents where hash = $1"#,
        id.as_bytes()
    )
    .fetch_optional(executor)
    .await?;
    match text {
        Some(text) => Ok(Some(decode(text.0).await?)),
        None => Ok(None),
    }
}

/// Text that is decoded in less than a millisecond.
const SMALL_BYTES: usize = 64 * 1024;

pub(super) async fn decode(document: Box<RawValue>) -> Result<Game, StoreError> {
    if document.get().len() <= SMALL_BYTES {
        return Ok(serde_json::from_str(document.get())?);
    }
    let decoding = tokio::task::spawn_blocking(move || serde_json::from_str(document.get()));
    Ok(decoding
        .await
        .expect("decoding neither panics nor is aborted")?)
}

/// A game ready to be stored.
pub(super) struct Encoded {
    pub(super) id: DocumentId,
    text: Box<RawValue>,
    fingerprint: [u8; 32],
}

pub(super) fn encode(game: &Game) -> Result<Encoded, serde_json::Error> {
    let text = serde_json::value::to_raw_value(game)?;
    let id = DocumentId(Sha256::digest(text.get()).into());
    Ok(Encoded {
        id,
        text,
        // Results name nodes.
        fingerprint: game.fingerprint_with_ids(),
    })
}

/// Keeps documents; one that is there already is marked as used, which also holds off a purge until the caller commits.
pub(super) async fn keep(
    connection: &mut PgConnection,
    documents: &[&Encoded],
) -> Result<(), sqlx::Error> {
    // In one order everywhere: two writers of the same documents wait for each other, never in a circle.
    let mut documents = documents.to_vec();
    documents.sort_by_key(|document| document.id.0);
    documents.dedup_by_key(|document| document.id);
    let hashes: Vec<Vec<u8>> = documents
        .iter()
        .map(|document| document.id.0.to_vec())
        .collect();
    let texts: Vec<String> = documents
        .iter()
        .map(|document| document.text.get().to_owned())
        .collect();
    let fingerprints: Vec<Vec<u8>> = documents
        .iter()
        .map(|document| document.fingerprint.to_vec())
        .collect();
    sqlx::query!(
        "insert into theory_documents (hash, document, fingerprint)
        select hash, document::json, fingerprint from unnest($1::bytea[], $2::text[], $3::bytea[]) as new (hash, document, fingerprint)
        on conflict (hash) do update set unused_since = null, fingerprint = excluded.fingerprint",
        &hashes,
        &texts,
        &fingerprints,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes documents that no game has had for `keep`, and notes which are unused by now. `keep` must be longer than a task may wait
/// and stay readable together, since tasks name documents. Returns how many went.
///
/// # Errors
/// When Postgres is away.
pub async fn purge(store: &Store, keep: Duration) -> Result<u64, StoreError> {
    sqlx::query!(
        "update theory_documents set unused_since = clock_timestamp() where hash in (
            select hash from theory_documents d
            where unused_since is null and not exists (select from theory_games g where g.document_hash = d.hash)
            for update skip locked)"
    )
    .execute(&store.pool)
    .await?;
    let done = sqlx::query!(
        "delete from theory_documents where hash in (
            select hash from theory_documents d
            where unused_since < clock_timestamp() - make_interval(secs => $1)
                and not exists (select from theory_games g where g.document_hash = d.hash)
            for update skip locked)",
        keep.as_secs_f64()
    )
    .execute(&store.pool)
    .await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_json_and_other_text_is_refused() {
        let id = DocumentId(Sha256::digest("a game").into());
        let json = serde_json::to_string(&id).expect("a string");
        assert_eq!(
            serde_json::from_str::<DocumentId>(&json).expect("reads back"),
            id
        );
        for bad in ["\"\"", "\"abc\"", "\"zz\"", "7", "\"é\""] {
            assert!(serde_json::from_str::<DocumentId>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn equal_games_share_an_id_and_different_ones_do_not() {
        let games = rookery_theory::examples();
        let id = |game: &Game| encode(game).expect("games serialise").id;
        assert_eq!(id(&games[0]), id(&games[0].clone()));
        assert_ne!(id(&games[0]), id(&games[1]));
    }
}
