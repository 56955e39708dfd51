//! `/api/characters/{id}` and its introspection: one character, outside and inside.

use poem_openapi::param::{Path, Query};
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_characters::mind::Summary;
use rookery_shared::characters::{
    Character, Characters as Cast, Direction, MemoryFilter, StoredMemory, World,
};
use serde::{Deserialize, Serialize};

use super::Tag;
use super::emotions::EmotionsView;
use super::goal_view::GoalView;
use super::gossip::RumourView;
use super::groups::GroupView;
use super::hierarchy::RankView;
use super::needs::NeedsView;
use super::people::player;
use super::refusals::{self, CharacterMissing, Invalid};
use super::relationships::RelationshipView;
use super::reputation::ReputationView;
use super::routine::RoutineView;
use super::view::{CharacterView, ProximityView, THEN_MS, rounded};
use crate::errors::{Fail, Problem};
use crate::written::Written;

pub struct Introspection {
    cast: Cast,
}

/// A character with what it feels.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "CharacterDetail", example)]
struct Detail {
    character: CharacterView,
    proximity: ProximityView,
    emotions: EmotionsView,
    /// The strongest emotion; `trust` when nothing is felt.
    mood: String,
}

/// All that is in a character.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "CharacterIntrospection", rename_all = "camelCase", example)]
#[serde(rename_all = "camelCase")]
struct Inside {
    character: CharacterView,
    proximity: ProximityView,
    emotions: EmotionsView,
    /// What it holds of others.
    relationships: Vec<RelationshipView>,
    goals: Vec<GoalView>,
    /// The latest twenty.
    recent_memories: Vec<RememberedView>,
    /// What is left of the acquaintance with the player; null until there is enough of it.
    summary: Option<SummaryView>,
    groups: Vec<GroupView>,
    /// The last few glimpses.
    working_memory: Vec<GlimpseView>,
    /// Its day, if it has one.
    routine: Option<RoutineView>,
    needs: NeedsView,
    /// Ids of those at the same place.
    nearby_characters: Vec<String>,
    gossip_known: Vec<RumourView>,
    reputation: ReputationView,
    hierarchy: Vec<RankView>,
}

/// A memory.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "RememberedItem", rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
struct RememberedView {
    id: String,
    /// `episode`, `dialogue`, `reflection`, `summary` or `fact`.
    kind: String,
    content: String,
    /// 1 to 10, when it was made.
    importance: f64,
    /// What is left of it; below 0.5 it is forgotten.
    current_importance: f64,
    /// Milliseconds since 1970.
    created_at: i64,
}

/// What a character makes of its time with a player.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "AcquaintanceSummary", rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
struct SummaryView {
    summary: String,
    relationship_notes: String,
    key_facts: Vec<String>,
    /// Grows each time that it is made anew.
    version: u32,
    /// Milliseconds since 1970.
    updated_at: i64,
}

/// Something that was just now.
#[derive(Object, Serialize, Deserialize)]
#[oai(rename = "Glimpse", rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
struct GlimpseView {
    content: String,
    /// Milliseconds since 1970.
    at: i64,
}

/// Memories that are shown.
const RECENT: i64 = 20;

#[OpenApi]
impl Introspection {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at a character
    ///
    /// Who it is, how close to the player, and what it feels now.
    #[oai(
        path = "/api/characters/:id",
        method = "get",
        tag = "Tag::Characters",
        operation_id = "get_character"
    )]
    async fn look(
        &self,
        /// The character's id.
        id: Path<String>,
        /// Whose closeness: `default` unless said.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
    ) -> Result<Written<Detail>, Fail<(CharacterMissing, Invalid)>> {
        let player_id = player(player_id.0)?;
        refusals::known(&id)?;
        let character = self.cast.get(&id).await.map_err(Problem::from)?;
        let (mind, world) = self.cast.mind(&id).await.map_err(Problem::from)?;
        let closeness = self.cast.closeness(&character, &player_id, &world).await?;
        let mood = mind.feelings.mood_at(world.now.fast);
        Ok(Written::of(&Detail {
            character: CharacterView::of(&character, &closeness),
            proximity: ProximityView::of(&character, &closeness),
            emotions: EmotionsView::of(&id, &mind.feelings, world.now),
            mood: mood.emotion.as_str().to_owned(),
        })?)
    }

    /// Look into a character
    ///
    /// Everything it feels, remembers, wants and knows of others, as it is now.
    #[oai(
        path = "/api/characters/:id/introspection",
        method = "get",
        tag = "Tag::Characters",
        operation_id = "introspect_character"
    )]
    async fn introspect(
        &self,
        /// The character's id.
        id: Path<String>,
        /// For whom: `default` unless said.
        #[oai(name = "playerId")]
        player_id: Query<Option<String>>,
    ) -> Result<Written<Inside>, Fail<(CharacterMissing, Invalid)>> {
        let player_id = player(player_id.0)?;
        refusals::known(&id)?;
        let inside = self.inside(&id, &player_id).await?;
        Ok(Written::of(&inside)?)
    }

    async fn inside(&self, id: &str, player_id: &str) -> Result<Inside, Problem> {
        let cast = &self.cast;
        let character = cast.get(id).await?;
        let (mind, world) = cast.mind(id).await?;
        let closeness = cast.closeness(&character, player_id, &world).await?;
        let (relationships, groups, ranks, memories, near) = tokio::join!(
            cast.relationships(id, Direction::Outgoing),
            cast.groups(Some(id)),
            cast.ranks(id),
            self.memories(&character, &world),
            cast.near(&character),
        );
        let summary = mind.summaries.get(player_id);
        Ok(Inside {
            proximity: ProximityView::of(&character, &closeness),
            emotions: EmotionsView::of(id, &mind.feelings, world.now),
            relationships: relationships?.iter().map(RelationshipView::of).collect(),
            goals: mind
                .goals
                .iter()
                .map(|goal| GoalView::of(id, goal))
                .collect(),
            recent_memories: memories?,
            summary: summary.map(SummaryView::of),
            groups: groups?.into_iter().map(GroupView::from).collect(),
            working_memory: mind
                .working
                .iter()
                .map(|glimpse| GlimpseView {
                    content: glimpse.content.clone(),
                    at: glimpse.at,
                })
                .collect(),
            routine: mind.routine.as_ref().map(RoutineView::of),
            needs: NeedsView::of(id, mind.needs, world.now),
            nearby_characters: near?,
            gossip_known: RumourView::list(mind.rumours, world.now.ms),
            reputation: ReputationView::of(id, &mind.reputation, world.now),
            hierarchy: ranks?.into_iter().map(RankView::from).collect(),
            character: CharacterView::of(&character, &closeness),
        })
    }

    async fn memories(
        &self,
        character: &Character,
        world: &World,
    ) -> Result<Vec<RememberedView>, Problem> {
        let filter = MemoryFilter {
            limit: RECENT,
            ..MemoryFilter::default()
        };
        let page = self.cast.memories(character.key, &filter, world).await?;
        let memories = page.memories.iter();
        Ok(memories
            .map(|stored| RememberedView::of(stored, world.now.slow))
            .collect())
    }
}

impl RememberedView {
    fn of(stored: &StoredMemory, slow: u64) -> Self {
        let memory = &stored.memory;
        Self {
            id: memory.id.clone(),
            kind: memory.kind.as_str().to_owned(),
            content: memory.content.clone(),
            importance: rounded(memory.strength.importance),
            current_importance: rounded(memory.strength.current(slow)),
            created_at: memory.at_ms,
        }
    }
}

impl SummaryView {
    fn of(summary: &Summary) -> Self {
        Self {
            summary: summary.summary.clone(),
            relationship_notes: summary.relationship_notes.clone(),
            key_facts: summary.key_facts.clone(),
            version: summary.version,
            updated_at: summary.updated_at,
        }
    }
}

impl Example for Detail {
    fn example() -> Self {
        Self {
            character: CharacterView::example(),
            proximity: ProximityView::example(),
            emotions: EmotionsView::example(),
            mood: "joy".to_owned(),
        }
    }
}

impl Example for Inside {
    fn example() -> Self {
        Self {
            character: CharacterView::example(),
            proximity: ProximityView::example(),
            emotions: EmotionsView::example(),
            relationships: vec![RelationshipView::example()],
            goals: vec![GoalView::example()],
            recent_memories: vec![RememberedView {
                id: "01932b8e-5f5e-7c3a-9d54-0f6f6a3c1d2e".to_owned(),
                kind: "episode".to_owned(),
                content: "A cloaked stranger asked for the back room.".to_owned(),
                importance: 7.0,
                current_importance: 6.5,
                created_at: THEN_MS,
            }],
            summary: None,
            groups: Vec::new(),
            working_memory: Vec::new(),
            routine: None,
            needs: NeedsView::example(),
            nearby_characters: vec!["merchant".to_owned(), "bard".to_owned()],
            gossip_known: Vec::new(),
            reputation: ReputationView::example(),
            hierarchy: vec![RankView::example()],
        }
    }
}
