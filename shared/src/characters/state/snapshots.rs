//! States kept under a name in Postgres, as the gzip of their document: made, listed, restored, forked, compared, removed.

use std::io::{Read as _, Write as _};

use chrono::{DateTime, Utc};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use tokio::sync::mpsc::Receiver;
use uuid::Uuid;

use super::StateError;
use super::compare::{Difference, difference};
use super::export::{DecisionLog, Piece};
use super::import::Counts;
use super::reading::Sections;
use crate::StoreError;
use crate::characters::Characters;

/// What people call it.
#[derive(Debug, Clone, Default)]
pub struct Label {
    /// None: named by the moment.
    pub name: Option<String>,
    pub description: String,
}

#[derive(Debug, Clone)]
pub struct Snapshot {
    /// `snap_…`
    pub id: String,
    pub name: String,
    pub description: String,
    /// What it was forked from.
    pub parent_id: Option<String>,
    pub characters: i64,
    /// As it is kept.
    pub stored_bytes: i64,
    pub created_at: DateTime<Utc>,
}

/// What is in one.
#[derive(Debug, Clone)]
pub struct Figures {
    pub snapshot: Snapshot,
    /// As a document.
    pub bytes: usize,
    pub seed: u64,
    pub fast_ticks: u64,
    pub slow_ticks: u64,
    pub counts: Counts,
}

/// Whoever restores it holds the document once in memory.
const MAX_BYTES: usize = 1024 * 1024 * 1024;

impl Characters {
    pub async fn snapshot(&self, label: Label) -> Result<String, StateError> {
        let export = self.export(DecisionLog::Included).await?;
        let pieces = export.pieces;
        let state = tokio::task::spawn_blocking(move || packed(pieces));
        let state = state
            .await
            .expect("packing neither panics nor is aborted")?;
        let id = new_id();
        let name = label.name.unwrap_or_else(|| {
            let moment = DateTime::from_timestamp_millis(export.at_ms).unwrap_or_default();
            moment.format("snapshot-%Y%m%d-%H%M%S").to_string()
        });
        sqlx::query!(
            "insert into characters_snapshots (id, name, description, state, characters) values ($1, $2, $3, $4, $5)",
            id,
            name,
            label.description,
            state,
            export.characters,
        )
        .execute(&mut *self.store().pool.acquire().await.map_err(StoreError::from)?)
        .await
        .map_err(StoreError::from)?;
        Ok(id)
    }

    /// The newest first.
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        let rows = sqlx::query_as!(
            Snapshot,
            r#"select id, name, description, parent_id, characters, octet_length(state)::bigint as "stored_bytes!", created_at
            from characters_snapshots order by created_at desc, id desc"#
        )
        .fetch_all(&self.store().pool)
        .await?;
        Ok(rows)
    }

    pub async fn figures(&self, id: &str) -> Result<Figures, StateError> {
        let snapshot = sqlx::query_as!(
            Snapshot,
            r#"select id, name, description, parent_id, characters, octet_length(state)::bigint as "stored_bytes!", created_at
            from characters_snapshots where id = $1"#,
            id
        )
        .fetch_optional(&self.store().pool)
        .await
        .map_err(StoreError::from)?;
        let snapshot = snapshot.ok_or_else(|| StateError::NoSnapshot(id.to_owned()))?;
        let document = self.document(id).await?;
        let reading = tokio::task::spawn_blocking(move || {
            let sections = Sections::of(&document)?;
            let world = sections.world()?;
            Ok(Figures {
                snapshot,
                bytes: document.len(),
                seed: world.seed,
                fast_ticks: world.fast_ticks,
                slow_ticks: world.slow_ticks,
                counts: Counts::of(&sections),
            })
        });
        reading
            .await
            .expect("reading neither panics nor is aborted")
    }

    /// The world is as it was then; ticks go on from there.
    pub async fn restore(&self, id: &str) -> Result<Counts, StateError> {
        self.import(self.document(id).await?).await
    }

    /// A copy that stays when the first is removed, and knows where it came from.
    pub async fn fork(&self, id: &str, label: Label) -> Result<String, StateError> {
        let copy = new_id();
        let copied = sqlx::query_scalar!(
            "insert into characters_snapshots (id, name, description, parent_id, state, characters)
            select $2, coalesce($3, name), $4, id, state, characters from characters_snapshots where id = $1
            returning id",
            id,
            copy,
            label.name,
            label.description,
        )
        .fetch_optional(&self.store().pool)
        .await
        .map_err(StoreError::from)?;
        copied.ok_or_else(|| StateError::NoSnapshot(id.to_owned()))
    }

    /// What is different in the second; None: in the world as it is.
    pub async fn difference(
        &self,
        id: &str,
        against: Option<&str>,
    ) -> Result<Difference, StateError> {
        let before = self.document(id).await?;
        let after = match against {
            Some(other) => self.document(other).await?,
            None => gathered(self.export(DecisionLog::Included).await?.pieces).await?,
        };
        let comparing = tokio::task::spawn_blocking(move || difference(&before, &after));
        let compared = comparing
            .await
            .expect("comparing neither panics nor is aborted");
        Ok(compared?)
    }

    pub async fn remove_snapshot(&self, id: &str) -> Result<(), StateError> {
        let removed = sqlx::query!("delete from characters_snapshots where id = $1", id)
            .execute(&self.store().pool)
            .await
            .map_err(StoreError::from)?;
        match removed.rows_affected() {
            0 => Err(StateError::NoSnapshot(id.to_owned())),
            _ => Ok(()),
        }
    }

    /// The document of a snapshot; None: of the world as it is, without its log of decisions.
    pub(in crate::characters) async fn written(
        &self,
        snapshot: Option<&str>,
    ) -> Result<Vec<u8>, StateError> {
        match snapshot {
            Some(id) => self.document(id).await,
            None => gathered(self.export(DecisionLog::LeftOut).await?.pieces).await,
        }
    }

    async fn document(&self, id: &str) -> Result<Vec<u8>, StateError> {
        let mut connection = self
            .store()
            .pool
            .acquire()
            .await
            .map_err(StoreError::from)?;
        let state = sqlx::query_scalar!("select state from characters_snapshots where id = $1", id)
            .fetch_optional(&mut *connection)
            .await
            .map_err(StoreError::from)?;
        drop(connection);
        let state = state.ok_or_else(|| StateError::NoSnapshot(id.to_owned()))?;
        let unpacking = tokio::task::spawn_blocking(move || {
            let mut document = Vec::new();
            GzDecoder::new(state.as_slice())
                .read_to_end(&mut document)
                .map(|_| document)
        });
        let document = unpacking
            .await
            .expect("unpacking neither panics nor is aborted");
        let unreadable = |error: std::io::Error| StoreError::Unreadable(error.to_string());
        Ok(document.map_err(unreadable)?)
    }
}

fn new_id() -> String {
    format!("snap_{}", Uuid::now_v7().simple())
}

/// Writing into memory does not fail.
const IN_MEMORY: &str = "there is memory to write to";

fn packed(mut pieces: Receiver<Piece>) -> Result<Vec<u8>, StateError> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    let mut bytes = 0;
    while let Some(piece) = pieces.blocking_recv() {
        let piece = piece?;
        bytes += piece.len();
        if bytes > MAX_BYTES {
            return Err(StateError::TooLarge);
        }
        packer.write_all(&piece).expect(IN_MEMORY);
    }
    Ok(packer.finish().expect(IN_MEMORY))
}

async fn gathered(mut pieces: Receiver<Piece>) -> Result<Vec<u8>, StateError> {
    let mut document = Vec::new();
    while let Some(piece) = pieces.recv().await {
        document.extend_from_slice(&piece?);
        if document.len() > MAX_BYTES {
            return Err(StateError::TooLarge);
        }
    }
    Ok(document)
}
