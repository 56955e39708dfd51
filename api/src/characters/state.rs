//! `/api/state`: the whole state of the characters, out of the server and into it.

use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_shared::characters::Characters as Cast;
use rookery_shared::characters::state::{Counts, DecisionLog, StateError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Tag;
use super::refusals::{Invalid, invalid, missing};
use super::state_document::{Sent, Written};
use crate::errors::{Case, Fail, Problem};

pub struct State {
    cast: Cast,
    room: Room,
}

/// How many whole states are under way in this process at once: each holds a connection, and some a document.
#[derive(Clone)]
pub(super) struct Room(Arc<Semaphore>);

const STATES_AT_ONCE: usize = 2;
/// Longer than most of them take; whoever still finds no room comes again.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Busy;

impl Case for Busy {
    const STATUS: u16 = 429;
    const WHEN: &'static str = "Other states are being written or read; come again.";
    const EXAMPLE: &'static str = "Too many states at once";
    const CODE: &'static str = "RATE_LIMIT_ERROR";
}

impl Default for Room {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(STATES_AT_ONCE)))
    }
}

impl Room {
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let permit = timeout(PATIENCE, self.0.clone().acquire_owned()).await;
        match permit {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Problem {
                code: Busy::CODE.into(),
                retry_after_s: Some(5),
                ..Problem::new(StatusCode::TOO_MANY_REQUESTS, Busy::EXAMPLE)
            }),
        }
    }
}

/// That it is safe.
#[derive(Object)]
#[oai(rename = "StateSaved", example)]
struct Saved {
    /// Always true.
    saved: bool,
}

/// What the world consists of now.
#[derive(Object)]
#[oai(rename = "StateImported", rename_all = "camelCase", example)]
pub(super) struct Imported {
    /// Always true.
    imported: bool,
    #[oai(flatten)]
    counts: CountsView,
}

/// How much there is of each.
#[derive(Object)]
#[oai(rename = "StateCounts", rename_all = "camelCase", example)]
pub(super) struct CountsView {
    archetypes: u64,
    characters: u64,
    proximity: u64,
    relationships: u64,
    memories: u64,
    messages: u64,
    decisions: u64,
    mail: u64,
    events: u64,
    world_facts: u64,
    groups: u64,
    factions: u64,
    conversations: u64,
    variants: u64,
}

#[OpenApi]
impl State {
    pub(super) fn new(cast: Cast, room: Room) -> Self {
        Self { cast, room }
    }

    /// Save the state
    ///
    /// Every answer of this server is durable before it is sent, so there is nothing left to save: this asks the database whether it
    /// is there. To keep the state as it is now, take a snapshot.
    #[oai(
        path = "/api/state/save",
        method = "post",
        tag = "Tag::State",
        operation_id = "save_state"
    )]
    async fn save(&self) -> Result<Json<Saved>, Fail<()>> {
        self.cast.world().await?;
        Ok(Json(Saved { saved: true }))
    }

    /// Export the whole state
    ///
    /// One JSON document with everything that the world consists of, as it is at one moment whatever is written meanwhile. It is sent
    /// while it is read; one that breaks off is no JSON.
    #[oai(
        path = "/api/state/export",
        method = "post",
        tag = "Tag::State",
        operation_id = "export_state"
    )]
    async fn export(
        &self,
        /// `false` leaves the log of decisions out.
        decisions: Query<Option<bool>>,
    ) -> Result<Written, Fail<(Invalid, Busy)>> {
        let log = match decisions.0 {
            Some(false) => DecisionLog::LeftOut,
            Some(true) | None => DecisionLog::Included,
        };
        let room = self.room.enter().await?;
        let export = self.cast.export(log).await?;
        Ok(Written { export, room })
    }

    /// Replace the whole state
    ///
    /// By a document of `POST /api/state/export`, of at most 256 MiB. All or nothing: it is judged first, and whatever is wrong leaves
    /// the world as it was. Ticks go on from where they stood at the export. Decisions and chats that were under way for the world
    /// before come to nothing; snapshots stay.
    #[oai(
        path = "/api/state/import",
        method = "post",
        tag = "Tag::State",
        operation_id = "import_state"
    )]
    async fn import(&self, document: Sent) -> Result<Json<Imported>, Fail<(Invalid, Busy)>> {
        let _room = self.room.enter().await?;
        let counts = self.cast.import(document.0).await.map_err(refused)?;
        Ok(Json(Imported::of(&counts)))
    }
}

/// Why a state is not shown, kept or made the world.
pub(super) fn refused(error: StateError) -> Problem {
    match error {
        StateError::Fault(_) | StateError::TooLarge => invalid(error.to_string()),
        StateError::NoSnapshot(_) => missing(error.to_string()),
        StateError::Store(error) => error.into(),
    }
}

impl Imported {
    pub(super) fn of(counts: &Counts) -> Self {
        Self {
            imported: true,
            counts: CountsView::of(counts),
        }
    }
}

impl CountsView {
    pub(super) fn of(counts: &Counts) -> Self {
        Self {
            archetypes: counts.archetypes as u64,
            characters: counts.characters as u64,
            proximity: counts.proximity as u64,
            relationships: counts.relationships as u64,
            memories: counts.memories as u64,
            messages: counts.messages as u64,
            decisions: counts.decisions as u64,
            mail: counts.mail as u64,
            events: counts.events as u64,
            world_facts: counts.world_facts as u64,
            groups: counts.groups as u64,
            factions: counts.factions as u64,
            conversations: counts.conversations as u64,
            variants: counts.variants as u64,
        }
    }
}

impl Example for Saved {
    fn example() -> Self {
        Self { saved: true }
    }
}

impl Example for Imported {
    fn example() -> Self {
        Self {
            imported: true,
            counts: CountsView::example(),
        }
    }
}

impl Example for CountsView {
    fn example() -> Self {
        Self {
            archetypes: 0,
            characters: 4,
            proximity: 4,
            relationships: 6,
            memories: 120,
            messages: 24,
            decisions: 586,
            mail: 0,
            events: 0,
            world_facts: 3,
            groups: 1,
            factions: 1,
            conversations: 2,
            variants: 0,
        }
    }
}
