//! `/api/state/snapshots`: states kept under a name: to go back to, to fork, to compare.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_shared::characters::Characters as Cast;
use rookery_shared::characters::state::{Figures, Label, Snapshot, StateError};

use super::Tag;
use super::difference_view::DifferenceView;
use super::refusals::{self, Invalid};
use super::state::{Busy, CountsView, Imported, Room, refused};
use super::view::{THEN_MS, ms};
use crate::errors::{Case, Fail, Problem};
use crate::optional_body::OptionalBody;
use crate::strict::Strict;

pub struct Snapshots {
    cast: Cast,
    room: Room,
}

/// What to call it.
#[derive(Object, Default)]
#[oai(rename = "NewSnapshot", example)]
struct NewSnapshot {
    /// Named by the moment unless said.
    name: Option<String>,
    /// For people.
    description: Option<String>,
}

/// What to call the copy.
#[derive(Object)]
#[oai(rename = "NewFork", example)]
struct NewFork {
    name: String,
    /// For people.
    description: Option<String>,
}

/// Where it is kept.
#[derive(Object)]
#[oai(rename = "SnapshotMade", rename_all = "camelCase", example)]
struct Made {
    snapshot_id: String,
}

#[derive(ApiResponse)]
enum Kept {
    /// The state is kept.
    #[oai(status = 201)]
    Created(Json<Made>),
}

/// A state under a name.
#[derive(Object)]
#[oai(rename = "Snapshot", rename_all = "camelCase", example)]
struct SnapshotView {
    /// `snap_…`
    id: String,
    name: String,
    description: String,
    /// What it was forked from.
    #[oai(skip_serializing_if_is_none)]
    parent_id: Option<String>,
    characters: i64,
    /// As it is kept.
    stored_bytes: i64,
    /// Milliseconds since 1970.
    created_at: i64,
}

/// All that are kept, the newest first.
#[derive(Object)]
#[oai(rename = "SnapshotList", example)]
struct SnapshotList {
    snapshots: Vec<SnapshotView>,
}

/// What is in one.
#[derive(Object)]
#[oai(rename = "SnapshotFigures", rename_all = "camelCase", example)]
struct FiguresView {
    snapshot: SnapshotView,
    /// As a document.
    bytes: u64,
    /// What chance hangs on in it.
    seed: u64,
    fast_ticks: u64,
    slow_ticks: u64,
    counts: CountsView,
}

/// Which one went.
#[derive(Object)]
#[oai(rename = "SnapshotRemoved", example)]
struct SnapshotRemoved {
    removed: String,
}

pub(super) struct SnapshotMissing;

impl Case for SnapshotMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No snapshot has this id.";
    const EXAMPLE: &'static str = "Snapshot not found: snap_abc123";
    const CODE: &'static str = "NOT_FOUND";
}

#[OpenApi]
impl Snapshots {
    pub(super) fn new(cast: Cast, room: Room) -> Self {
        Self { cast, room }
    }

    /// Take a snapshot
    ///
    /// Keeps the whole state as it is at this moment; the world goes on meanwhile.
    #[oai(
        path = "/api/state/snapshot",
        method = "post",
        tag = "Tag::State",
        operation_id = "create_snapshot"
    )]
    async fn take(&self, body: OptionalBody<NewSnapshot>) -> Result<Kept, Fail<(Invalid, Busy)>> {
        let label = label(body.0.name, body.0.description)?;
        let _room = self.room.enter().await?;
        made(self.cast.snapshot(label).await).map_err(Fail::from)
    }

    /// List the snapshots
    ///
    /// All that are kept, the newest first. Imports and restores leave them alone.
    #[oai(
        path = "/api/state/snapshots",
        method = "get",
        tag = "Tag::State",
        operation_id = "list_snapshots"
    )]
    async fn list(&self) -> Result<Json<SnapshotList>, Fail<()>> {
        let snapshots = self.cast.snapshots().await?;
        Ok(Json(SnapshotList {
            snapshots: snapshots.iter().map(SnapshotView::of).collect(),
        }))
    }

    /// Look into a snapshot
    ///
    /// How large it is, how much there is of each kind, and at which tick the world stood.
    #[oai(
        path = "/api/state/snapshots/:snapshot_id",
        method = "get",
        tag = "Tag::State",
        operation_id = "get_snapshot"
    )]
    async fn look(
        &self,
        /// The snapshot's id.
        snapshot_id: Path<String>,
    ) -> Result<Json<FiguresView>, Fail<(SnapshotMissing, Invalid, Busy)>> {
        known(&snapshot_id)?;
        let _room = self.room.enter().await?;
        let figures = self.cast.figures(&snapshot_id).await.map_err(refused)?;
        Ok(Json(FiguresView::of(&figures)))
    }

    /// Go back to a snapshot
    ///
    /// The world becomes what it was then, all or nothing, and its ticks go on from there. What was under way for the world before
    /// comes to nothing.
    #[oai(
        path = "/api/state/snapshots/:snapshot_id/restore",
        method = "post",
        tag = "Tag::State",
        operation_id = "restore_snapshot"
    )]
    async fn restore(
        &self,
        /// The snapshot's id.
        snapshot_id: Path<String>,
    ) -> Result<Json<Imported>, Fail<(SnapshotMissing, Invalid, Busy)>> {
        known(&snapshot_id)?;
        let _room = self.room.enter().await?;
        let counts = self.cast.restore(&snapshot_id).await.map_err(refused)?;
        Ok(Json(Imported::of(&counts)))
    }

    /// Fork a snapshot
    ///
    /// A copy under a name of its own that says where it came from and stays when the first is removed: the beginning of another
    /// history. Restore it to live on from there.
    #[oai(
        path = "/api/state/snapshots/:snapshot_id/fork",
        method = "post",
        tag = "Tag::State",
        operation_id = "fork_snapshot"
    )]
    async fn fork(
        &self,
        /// The snapshot's id.
        snapshot_id: Path<String>,
        body: Strict<NewFork>,
    ) -> Result<Kept, Fail<(SnapshotMissing, Invalid)>> {
        known(&snapshot_id)?;
        let label = label(Some(body.0.name), body.0.description)?;
        made(self.cast.fork(&snapshot_id, label).await).map_err(Fail::from)
    }

    /// Compare two states
    ///
    /// What was added, removed and changed since this snapshot: characters with the fields of their minds, closeness, relationships,
    /// facts and the rest. At most 200 records of each kind are shown, the counts are of all.
    #[oai(
        path = "/api/state/snapshots/:snapshot_id/diff",
        method = "get",
        tag = "Tag::State",
        operation_id = "compare_snapshot"
    )]
    async fn compare(
        &self,
        /// The snapshot that is the beginning.
        snapshot_id: Path<String>,
        /// The snapshot that is the end, or `current`, the world as it is now: that unless said.
        against: Query<Option<String>>,
    ) -> Result<Json<DifferenceView>, Fail<(SnapshotMissing, Invalid, Busy)>> {
        known(&snapshot_id)?;
        let against = against.0.filter(|against| against != "current");
        if let Some(other) = &against {
            known(other)?;
        }
        let _room = self.room.enter().await?;
        let found = self.cast.difference(&snapshot_id, against.as_deref()).await;
        let found = found.map_err(refused)?;
        Ok(Json(DifferenceView::of(
            &snapshot_id,
            against.as_deref(),
            found,
        )))
    }

    /// Remove a snapshot
    ///
    /// It cannot be gone back to any more. Its forks stay.
    #[oai(
        path = "/api/state/snapshots/:snapshot_id",
        method = "delete",
        tag = "Tag::State",
        operation_id = "delete_snapshot"
    )]
    async fn remove(
        &self,
        /// The snapshot's id.
        snapshot_id: Path<String>,
    ) -> Result<Json<SnapshotRemoved>, Fail<SnapshotMissing>> {
        known(&snapshot_id)?;
        let removed = self.cast.remove_snapshot(&snapshot_id).await;
        removed.map_err(refused)?;
        Ok(Json(SnapshotRemoved {
            removed: snapshot_id.0,
        }))
    }
}

fn label(name: Option<String>, description: Option<String>) -> Result<Label, Problem> {
    if let Some(name) = &name {
        refusals::name("name", name)?;
    }
    let description = description.unwrap_or_default();
    refusals::text("description", &description)?;
    Ok(Label { name, description })
}

/// Postgres takes no NUL.
fn known(id: &str) -> Result<(), Problem> {
    match id.contains('\0') {
        true => Err(refused(StateError::NoSnapshot(
            id.escape_default().to_string(),
        ))),
        false => Ok(()),
    }
}

fn made(made: Result<String, StateError>) -> Result<Kept, Problem> {
    let snapshot_id = made.map_err(refused)?;
    Ok(Kept::Created(Json(Made { snapshot_id })))
}

impl SnapshotView {
    fn of(snapshot: &Snapshot) -> Self {
        Self {
            id: snapshot.id.clone(),
            name: snapshot.name.clone(),
            description: snapshot.description.clone(),
            parent_id: snapshot.parent_id.clone(),
            characters: snapshot.characters,
            stored_bytes: snapshot.stored_bytes,
            created_at: ms(snapshot.created_at),
        }
    }
}

impl FiguresView {
    fn of(figures: &Figures) -> Self {
        Self {
            snapshot: SnapshotView::of(&figures.snapshot),
            bytes: figures.bytes as u64,
            seed: figures.seed,
            fast_ticks: figures.fast_ticks,
            slow_ticks: figures.slow_ticks,
            counts: CountsView::of(&figures.counts),
        }
    }
}

impl Example for NewSnapshot {
    fn example() -> Self {
        Self {
            name: Some("before-boss-fight".to_owned()),
            description: None,
        }
    }
}

impl Example for NewFork {
    fn example() -> Self {
        Self {
            name: "what-if".to_owned(),
            description: Some("The fight is lost.".to_owned()),
        }
    }
}

impl Example for Made {
    fn example() -> Self {
        Self {
            snapshot_id: "snap_abc123".to_owned(),
        }
    }
}

impl Example for SnapshotView {
    fn example() -> Self {
        Self {
            id: "snap_abc123".to_owned(),
            name: "before-boss-fight".to_owned(),
            description: String::new(),
            parent_id: None,
            characters: 4,
            stored_bytes: 18_204,
            created_at: THEN_MS,
        }
    }
}

impl Example for SnapshotList {
    fn example() -> Self {
        Self {
            snapshots: vec![SnapshotView::example()],
        }
    }
}

impl Example for FiguresView {
    fn example() -> Self {
        Self {
            snapshot: SnapshotView::example(),
            bytes: 96_411,
            seed: 7,
            fast_ticks: 1200,
            slow_ticks: 80,
            counts: CountsView::example(),
        }
    }
}

impl Example for SnapshotRemoved {
    fn example() -> Self {
        Self {
            removed: "snap_abc123".to_owned(),
        }
    }
}
