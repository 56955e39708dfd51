//! Writing the whole state as one document, row by row, so that it is never whole in memory here.

use std::pin::pin;
use std::time::Duration;

use futures_util::{Stream, TryStreamExt as _};
use rookery_queue::Transaction;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::record::{VERSION, WorldRecord};
use super::rows;
use crate::StoreError;
use crate::characters::{Characters, World};

/// Whether the log of decisions goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionLog {
    Included,
    LeftOut,
}

/// A piece of the document, or why there will be no end of it.
pub type Piece = Result<Vec<u8>, StoreError>;

/// Rows are gathered up to so many bytes.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces that wait for their reader.
const PIECES: usize = 4;
/// A reader who takes longer for one is given up: Postgres keeps what others delete for as long as the transaction is open.
const PATIENCE: Duration = Duration::from_secs(30);

/// A document on its way.
pub struct Export {
    /// When the state was so, in milliseconds since 1970.
    pub at_ms: i64,
    pub characters: i64,
    pub pieces: Receiver<Piece>,
}

impl Characters {
    /// The state as it is at this moment, whatever is written meanwhile.
    pub async fn export(&self, log: DecisionLog) -> Result<Export, StoreError> {
        let mut transaction = self.store().pool.begin().await?;
        sqlx::query!("set transaction isolation level repeatable read, read only")
            .execute(&mut *transaction)
            .await?;
        let head = Head::read(&mut transaction).await?;
        let (pieces, reader) = mpsc::channel(PIECES);
        let writer = Writer {
            buffer: head.text.into_bytes(),
            pieces,
        };
        tokio::spawn(writer.write(transaction, log));
        Ok(Export {
            at_ms: head.at_ms,
            characters: head.characters,
            pieces: reader,
        })
    }
}

/// The document up to its first list.
struct Head {
    text: String,
    at_ms: i64,
    characters: i64,
}

impl Head {
    async fn read(transaction: &mut Transaction) -> Result<Self, StoreError> {
        let world = World::read(&mut **transaction).await?;
        let row = sqlx::query!(
            r#"select experiment_run, experiment_active, (select count(*) from characters) as "characters!" from characters_world"#
        )
        .fetch_one(&mut **transaction)
        .await?;
        let record = WorldRecord {
            seed: world.seed,
            fast_ticks: world.now.fast,
            slow_ticks: world.now.slow,
            config: world.config,
            experiment_run: u32::try_from(row.experiment_run).unwrap_or_default(),
            experiment_active: row.experiment_active,
        };
        Ok(Self {
            text: format!(
                "{{\"version\":{VERSION},\"exportedAt\":{},\"world\":{}",
                world.now.ms,
                serde_json::to_string(&record)?
            ),
            at_ms: world.now.ms,
            characters: row.characters,
        })
    }
}

/// Why no more is written.
enum Stopped {
    /// Nobody reads any more, or too slowly.
    Unread,
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error)
    }
}

struct Writer {
    buffer: Vec<u8>,
    pieces: Sender<Piece>,
}

impl Writer {
    async fn write(mut self, mut transaction: Transaction, log: DecisionLog) {
        match self.sections(&mut transaction, log).await {
            Ok(()) | Err(Stopped::Unread) => {}
            Err(Stopped::Failed(error)) => {
                // Gone meanwhile: then there is nobody to tell.
                let _unread = self.pieces.send(Err(error.into())).await;
            }
        }
    }

    async fn sections(
        &mut self,
        transaction: &mut Transaction,
        log: DecisionLog,
    ) -> Result<(), Stopped> {
        self.list("archetypes", rows::archetypes(transaction))
            .await?;
        self.list("characters", rows::characters(transaction))
            .await?;
        self.list("proximity", rows::proximity(transaction)).await?;
        self.list("relationships", rows::relationships(transaction))
            .await?;
        self.list("memories", rows::memories(transaction)).await?;
        self.list("messages", rows::messages(transaction)).await?;
        if log == DecisionLog::Included {
            self.list("decisions", rows::decisions(transaction)).await?;
        }
        self.list("mail", rows::mail(transaction)).await?;
        self.list("events", rows::events(transaction)).await?;
        self.list("worldFacts", rows::facts(transaction)).await?;
        self.list("groups", rows::groups(transaction)).await?;
        self.list("factions", rows::factions(transaction)).await?;
        self.list("conversations", rows::conversations(transaction))
            .await?;
        self.list("variants", rows::variants(transaction)).await?;
        self.buffer.push(b'}');
        self.hand_over().await
    }

    async fn list(
        &mut self,
        name: &str,
        rows: impl Stream<Item = Result<String, sqlx::Error>>,
    ) -> Result<(), Stopped> {
        self.buffer
            .extend_from_slice(format!(",\"{name}\":[").as_bytes());
        let mut rows = pin!(rows);
        let mut is_first = true;
        while let Some(row) = rows.try_next().await? {
            if !is_first {
                self.buffer.push(b',');
            }
            is_first = false;
            self.buffer.extend_from_slice(row.as_bytes());
            if self.buffer.len() >= PIECE_BYTES {
                self.hand_over().await?;
            }
        }
        self.buffer.push(b']');
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<(), Stopped> {
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE_BYTES + 4096));
        let taken = self.pieces.send_timeout(Ok(piece), PATIENCE).await;
        taken.map_err(|_| Stopped::Unread)
    }
}
