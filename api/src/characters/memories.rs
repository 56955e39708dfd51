//! `/api/characters/{id}/memories`: what a character remembers: listing and searching it, adding to it, pinning, correcting, forgetting.

use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use rookery_characters::memory::{Kind, NewMemory};
use rookery_shared::characters::{
    Ask, Breadth, CharacterError, Characters as Cast, Extent, MemoryFilter, Pin, StoredMemory,
    World,
};
use serde_json::json;
use uuid::Uuid;

use super::Tag;
use super::memory_view::MemoryView;
use super::refusals::{self, CharacterMissing, Invalid, bad_field, missing};
use crate::errors::{Case, Fail, Problem};
use crate::strict::Strict;

pub struct Memories {
    cast: Cast,
}

/// What a character remembers.
#[derive(Object)]
#[oai(rename = "MemoryList", rename_all = "camelCase", example)]
struct MemoryList {
    /// The newest first; in a search what comes to mind first.
    memories: Vec<MemoryView>,
    /// There are more: ask again with this as `cursor`.
    #[oai(skip_serializing_if_is_none)]
    next_cursor: Option<String>,
}

/// One memory.
#[derive(Object)]
#[oai(rename = "MemoryAnswer", example)]
struct Answer {
    memory: MemoryView,
}

/// A memory to be given to a character.
#[derive(Object)]
#[oai(rename = "NewMemory", rename_all = "camelCase", example)]
struct NewMemoryView {
    /// In a sentence.
    content: String,
    /// `episode` unless said. A `fact` takes the place of what cannot be so beside it.
    kind: Option<KindName>,
    /// 1 to 10; 5 unless said. At 10 it is never forgotten.
    importance: Option<f64>,
    /// Whom it has to do with.
    player_id: Option<String>,
    event_type: Option<String>,
    /// What it is about, in single words. Memories of one event type and first tag are merged with time.
    #[oai(validator(max_items = 32))]
    tags: Option<Vec<String>>,
}

/// How a memory reads from now on.
#[derive(Object)]
#[oai(rename = "MemoryCorrection", example)]
struct Correction {
    content: String,
}

#[derive(Enum, Clone, Copy)]
#[oai(rename = "MemoryKind", rename_all = "lowercase")]
enum KindName {
    Episode,
    Dialogue,
    Reflection,
    Summary,
    Fact,
}

/// What went.
#[derive(Object)]
#[oai(rename = "ForgottenMemory", example)]
struct Forgotten {
    /// Its id.
    removed: Uuid,
}

#[derive(ApiResponse)]
enum Added {
    /// The character remembers it.
    #[oai(status = 201)]
    Created(Json<Answer>),
}

struct MemoryMissing;

impl Case for MemoryMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "There is no such character, or it has no such memory.";
    const EXAMPLE: &'static str = "Memory not found: m_unknown";
    const CODE: &'static str = CharacterMissing::CODE;
}

const USUAL_PAGE: u32 = 50;
const MAX_PAGE: u32 = 500;
/// A search compares what it finds with each other.
const MAX_FOUND: u32 = 50;

#[OpenApi]
impl Memories {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// List or search a character's memories
    ///
    /// The newest first. With `q` what these words bring to mind: by how well they fit, how much it matters and how recent it is, nothing
    /// said twice; at most 50, and no further page. What is forgotten is not there.
    #[oai(
        path = "/api/characters/:id/memories",
        method = "get",
        tag = "Tag::Memories",
        operation_id = "list_memories"
    )]
    #[expect(
        clippy::too_many_arguments,
        reason = "each is a parameter of the query"
    )]
    async fn list(
        &self,
        /// The character's id.
        id: Path<String>,
        /// Words to search for.
        q: Query<Option<String>>,
        /// Only of this kind.
        kind: Query<Option<KindName>>,
        /// Only what has to do with this player.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
        /// At most so many: 50 unless said, up to 500.
        #[oai(validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<Option<u32>>,
        /// `nextCursor` of the page before.
        cursor: Query<Option<i64>>,
        /// Also what was replaced since, as long as it has not faded.
        history: Query<Option<bool>>,
    ) -> Result<Json<MemoryList>, Fail<(CharacterMissing, Invalid)>> {
        refusals::known(&id)?;
        if let Some(player_id) = &player_id.0 {
            refusals::name("playerId", player_id)?;
        }
        let filter = MemoryFilter {
            kind: kind.0.map(Kind::from),
            player_id: player_id.0,
            before: cursor.0,
            limit: i64::from(limit.0.unwrap_or(USUAL_PAGE).min(MAX_PAGE)),
            extent: match history.0 {
                Some(true) => Extent::History,
                _ => Extent::Current,
            },
        };
        let key = self.cast.key(&id).await.map_err(Problem::from)?;
        let world = self.cast.world().await?;
        let list = match q.0 {
            Some(words) => self.search(key, words, &filter, &world).await?,
            None => {
                let page = self.cast.memories(key, &filter, &world).await?;
                let memories = page.memories.iter();
                MemoryList {
                    memories: memories
                        .map(|memory| MemoryView::of(memory, world.now.slow))
                        .collect(),
                    next_cursor: page.next.map(|next| next.to_string()),
                }
            }
        };
        Ok(Json(list))
    }

    /// Give a character a memory
    ///
    /// What it remembers in the same words already becomes stronger instead, and is the answer.
    #[oai(
        path = "/api/characters/:id/memories",
        method = "post",
        tag = "Tag::Memories",
        operation_id = "add_memory"
    )]
    async fn add(
        &self,
        /// The character's id.
        id: Path<String>,
        body: Strict<NewMemoryView>,
    ) -> Result<Added, Fail<(CharacterMissing, Invalid)>> {
        let new = body.0.checked()?;
        refusals::known(&id)?;
        let (kept, world) = self.cast.remember(&id, &new).await.map_err(Problem::from)?;
        Ok(Added::Created(answer(&kept, &world)))
    }

    /// Correct a memory
    ///
    /// The new words are a memory of their own, as strong as the old one; the old one is replaced by it.
    #[oai(
        path = "/api/characters/:id/memories/:memory_id",
        method = "put",
        tag = "Tag::Memories",
        operation_id = "correct_memory"
    )]
    async fn correct(
        &self,
        /// The character's id.
        id: Path<String>,
        /// The memory's id.
        memory_id: Path<String>,
        body: Strict<Correction>,
    ) -> Result<Json<Answer>, Fail<(MemoryMissing, Invalid)>> {
        let content = &body.0.content;
        sentence(content)?;
        let memory = known(&id, &memory_id)?;
        let corrected = self.cast.correct_memory(&id, memory, content).await;
        Ok(changed(corrected, &memory_id)?)
    }

    /// Forget a memory
    ///
    /// At once and for good; what was made of it (reflections, summaries) stays.
    #[oai(
        path = "/api/characters/:id/memories/:memory_id",
        method = "delete",
        tag = "Tag::Memories",
        operation_id = "delete_memory"
    )]
    async fn forget(
        &self,
        /// The character's id.
        id: Path<String>,
        /// The memory's id.
        memory_id: Path<String>,
    ) -> Result<Json<Forgotten>, Fail<MemoryMissing>> {
        let memory = known(&id, &memory_id)?;
        let gone = self.cast.forget_memory(&id, memory).await;
        match gone.map_err(Problem::from)? {
            true => Ok(Json(Forgotten { removed: memory })),
            false => Err(unknown(&memory_id).into()),
        }
    }

    /// Pin a memory
    ///
    /// It stays as present as it is now, and is never merged with others.
    #[oai(
        path = "/api/characters/:id/memories/:memory_id/pin",
        method = "post",
        tag = "Tag::Memories",
        operation_id = "pin_memory"
    )]
    async fn pin(
        &self,
        /// The character's id.
        id: Path<String>,
        /// The memory's id.
        memory_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<MemoryMissing>> {
        let memory = known(&id, &memory_id)?;
        let pinned = self.cast.pin_memory(&id, memory, Pin::Fast).await;
        Ok(changed(pinned, &memory_id)?)
    }

    /// Unpin a memory
    ///
    /// It fades from now on.
    #[oai(
        path = "/api/characters/:id/memories/:memory_id/pin",
        method = "delete",
        tag = "Tag::Memories",
        operation_id = "unpin_memory"
    )]
    async fn unpin(
        &self,
        /// The character's id.
        id: Path<String>,
        /// The memory's id.
        memory_id: Path<String>,
    ) -> Result<Json<Answer>, Fail<MemoryMissing>> {
        let memory = known(&id, &memory_id)?;
        let pinned = self.cast.pin_memory(&id, memory, Pin::Loose).await;
        Ok(changed(pinned, &memory_id)?)
    }

    async fn search(
        &self,
        key: Uuid,
        words: String,
        filter: &MemoryFilter,
        world: &World,
    ) -> Result<MemoryList, Problem> {
        refusals::text("q", &words)?;
        let is_narrow = filter.kind.is_some() || filter.player_id.is_some();
        let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let most = MAX_FOUND as usize;
        let ask = Ask {
            key,
            about: words,
            wanted: if is_narrow { most } else { limit.min(most) },
            breadth: Breadth::Matching,
        };
        let store = self.cast.store();
        let mut connection = store.pool.acquire().await.map_err(refused)?;
        let recalled = self.cast.recall(&mut connection, &[ask], world.now).await?;
        drop(connection);
        let recalled = recalled.into_iter().flatten();
        let scores: Vec<(Uuid, f64)> = recalled
            .filter_map(|recalled| Some((recalled.id.parse().ok()?, recalled.score)))
            .collect();
        let ids: Vec<Uuid> = scores.iter().map(|(id, _)| *id).collect();
        let stored = self.cast.memories_of_ids(key, &ids).await?;
        let fits = |stored: &&StoredMemory| {
            let memory = &stored.memory;
            filter.kind.is_none_or(|kind| kind == memory.kind)
                && (filter.player_id.is_none() || filter.player_id == memory.player_id)
        };
        let found = scores.iter().filter_map(|(id, score)| {
            let id = id.to_string();
            let memory = stored.iter().find(|stored| stored.memory.id == id);
            let memory = memory.filter(fits)?;
            Some(MemoryView::found(memory, world.now.slow, *score))
        });
        Ok(MemoryList {
            memories: found.take(limit).collect(),
            next_cursor: None,
        })
    }
}

fn refused(error: impl Into<rookery_shared::StoreError>) -> Problem {
    error.into().into()
}

fn answer(kept: &StoredMemory, world: &World) -> Json<Answer> {
    Json(Answer {
        memory: MemoryView::of(kept, world.now.slow),
    })
}

fn changed(
    changed: Result<Option<(StoredMemory, World)>, CharacterError>,
    memory_id: &str,
) -> Result<Json<Answer>, Problem> {
    match changed.map_err(Problem::from)? {
        Some((kept, world)) => Ok(answer(&kept, &world)),
        None => Err(unknown(memory_id)),
    }
}

/// An id that is none of ours is an id of nothing.
fn known(id: &str, memory_id: &str) -> Result<Uuid, Problem> {
    refusals::known(id)?;
    memory_id.parse().map_err(|_| unknown(memory_id))
}

fn unknown(memory_id: &str) -> Problem {
    missing(format!("Memory not found: {}", memory_id.escape_default()))
}

fn sentence(content: &str) -> Result<(), Problem> {
    refusals::text("content", content)?;
    if content.trim().is_empty() {
        return Err(bad_field("content", "must not be empty"));
    }
    if content.len() > rookery_shared::characters::MAX_CONTENT_BYTES {
        let most = rookery_shared::characters::MAX_CONTENT_BYTES;
        let reason = format!("must not have more than {most} bytes");
        return Err(bad_field("content", &reason));
    }
    Ok(())
}

impl NewMemoryView {
    fn checked(self) -> Result<NewMemory, Problem> {
        sentence(&self.content)?;
        let importance = self.importance.unwrap_or(5.0);
        if !(1.0..=10.0).contains(&importance) {
            return Err(bad_field("importance", "must be between 1 and 10"));
        }
        for (field, value) in [
            ("playerId", &self.player_id),
            ("eventType", &self.event_type),
        ] {
            if let Some(value) = value {
                refusals::name(field, value)?;
            }
        }
        let tags = self.tags.unwrap_or_default();
        for tag in &tags {
            refusals::name("tags", tag)?;
        }
        Ok(NewMemory {
            kind: self.kind.map_or(Kind::Episode, Kind::from),
            content: self.content,
            player_id: self.player_id,
            event_type: self.event_type,
            tags,
            importance,
            source: json!({ "told": "by the game" }),
        })
    }
}

impl From<KindName> for Kind {
    fn from(name: KindName) -> Self {
        match name {
            KindName::Episode => Self::Episode,
            KindName::Dialogue => Self::Dialogue,
            KindName::Reflection => Self::Reflection,
            KindName::Summary => Self::Summary,
            KindName::Fact => Self::Fact,
        }
    }
}

impl Example for MemoryList {
    fn example() -> Self {
        Self {
            memories: vec![MemoryView::example()],
            next_cursor: None,
        }
    }
}

impl Example for Answer {
    fn example() -> Self {
        Self {
            memory: MemoryView::example(),
        }
    }
}

impl Example for NewMemoryView {
    fn example() -> Self {
        Self {
            content: "Ada told me of a silver map under the mill.".to_owned(),
            kind: Some(KindName::Dialogue),
            importance: Some(7.0),
            player_id: Some("default".to_owned()),
            event_type: Some("dialogue".to_owned()),
            tags: Some(vec!["map".to_owned()]),
        }
    }
}

impl Example for Correction {
    fn example() -> Self {
        Self {
            content: "Ada told me of a silver map under the old mill.".to_owned(),
        }
    }
}

impl Example for Forgotten {
    fn example() -> Self {
        Self {
            removed: Uuid::from_u128(0x0193_14c5_7d10_7a63_9f1c_2f6a_3c1b_9e55),
        }
    }
}
