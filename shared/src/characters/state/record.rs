//! What the document of a state is made of: one record per row of ours, read strictly. Whatever is not named here is refused.
//!
//! Characters are named by their ids everywhere; their keys are made anew with every world. Moments are milliseconds since 1970,
//! whatever fades is as of the tick that stands beside it.

use rookery_characters::Config;
use rookery_characters::archetype::Archetype;
use rookery_characters::event::Event;
use rookery_characters::memory::Kind;
use rookery_characters::persona::Identity;
use rookery_characters::relationship::Bond;
use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use uuid::Uuid;

/// The version of the document that is written here, and the only one that is read.
pub(super) const VERSION: u32 = 1;

/// JSON that goes through as it is.
type Raw = Box<RawValue>;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WorldRecord {
    pub(super) seed: u64,
    /// Ticks counted when the document was written; time that passes between export and import does not count.
    pub(super) fast_ticks: u64,
    pub(super) slow_ticks: u64,
    pub(super) config: Config,
    pub(super) experiment_run: u32,
    pub(super) experiment_active: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ArchetypeRecord {
    pub(super) archetype: Archetype,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CharacterRecord {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) archetype: String,
    #[serde(rename = "identity")]
    pub(super) _identity: Identity,
    #[serde(rename = "metadata")]
    pub(super) _metadata: Map<String, Value>,
    pub(super) location: Option<String>,
    pub(super) initial_closeness: f64,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
    #[serde(rename = "updatedAt")]
    pub(super) _updated_at: Moment,
    pub(super) mind: Raw,
    /// Mail waited that was to be taken in soon.
    #[serde(default, rename = "called")]
    pub(super) _called: bool,
    /// Memories were to be looked through.
    #[serde(default, rename = "toKeep")]
    pub(super) _to_keep: bool,
    #[serde(default, rename = "ticksSkipped")]
    pub(super) _ticks_skipped: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ProximityRecord {
    pub(super) character_id: String,
    pub(super) player_id: String,
    pub(super) closeness: f64,
    pub(super) high_water_mark: f64,
    pub(super) at_slow: u64,
    #[serde(rename = "totalInteractions")]
    pub(super) _total_interactions: u32,
    #[serde(rename = "lastInteractionAt")]
    pub(super) _last_interaction_at: Option<Moment>,
    #[serde(rename = "updatedAt")]
    pub(super) _updated_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RelationshipRecord {
    pub(super) from_id: String,
    pub(super) to_id: String,
    #[serde(rename = "type")]
    pub(super) _bond: Bond,
    pub(super) strength: f64,
    pub(super) trust: f64,
    pub(super) notes: String,
    pub(super) at_slow: u64,
    #[serde(rename = "interactions")]
    pub(super) _interactions: u32,
    #[serde(rename = "lastInteractionAt")]
    pub(super) _last_interaction_at: Option<Moment>,
    #[serde(rename = "updatedAt")]
    pub(super) _updated_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MemoryRecord {
    pub(super) id: Uuid,
    pub(super) character_id: String,
    pub(super) player_id: Option<String>,
    #[serde(rename = "kind")]
    pub(super) _kind: Kind,
    pub(super) content: String,
    pub(super) event_type: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) importance: f64,
    pub(super) decay_rate: f64,
    pub(super) at_slow: u64,
    #[serde(rename = "pinned")]
    pub(super) _pinned: bool,
    #[serde(rename = "source")]
    pub(super) _source: Value,
    #[serde(rename = "supersededAt")]
    pub(super) _superseded_at: Option<Moment>,
    #[serde(rename = "supersededBy")]
    pub(super) _superseded_by: Option<Uuid>,
    /// Base64.
    pub(super) embedding: Option<String>,
    pub(super) embedding_model: Option<String>,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    User,
    Assistant,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MessageRecord {
    pub(super) character_id: String,
    pub(super) player_id: String,
    pub(super) role: Role,
    pub(super) content: String,
    pub(super) task_id: Option<Uuid>,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DecisionRecord {
    pub(super) id: Uuid,
    pub(super) character_id: String,
    pub(super) player_id: String,
    pub(super) trigger_type: String,
    pub(super) trigger_event: Option<String>,
    pub(super) action: String,
    pub(super) action_type: String,
    #[serde(rename = "detail")]
    pub(super) _detail: Value,
    #[serde(rename = "explanation")]
    pub(super) _explanation: Map<String, Value>,
    pub(super) provider: String,
    pub(super) inference_tier: String,
    #[serde(rename = "contextTokens")]
    pub(super) _context_tokens: Whole,
    #[serde(rename = "responseTokens")]
    pub(super) _response_tokens: Whole,
    #[serde(rename = "durationMs")]
    pub(super) _duration_ms: f64,
    pub(super) variant: Option<String>,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MailRecord {
    pub(super) character_id: String,
    pub(super) letter: Raw,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

/// An event that has not reached everybody yet.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EventRecord {
    pub(super) id: Uuid,
    #[serde(rename = "event")]
    pub(super) _event: Event,
    pub(super) importance: f64,
    pub(super) player_id: Option<String>,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FactRecord {
    pub(super) key: String,
    #[serde(rename = "value")]
    pub(super) _value: Value,
    pub(super) category: String,
    pub(super) source: String,
    #[serde(rename = "validFrom")]
    pub(super) _valid_from: Moment,
    /// None: it is so now.
    pub(super) valid_to: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct GroupRecord {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) purpose: String,
    pub(super) leader_id: Option<String>,
    pub(super) cohesion: f64,
    pub(super) member_ids: Vec<String>,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FactionRecord {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(rename = "maxMembers")]
    pub(super) _max_members: Vec<Option<Whole>>,
    pub(super) ranks: Vec<RankRecord>,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RankRecord {
    pub(super) character_id: String,
    #[serde(rename = "rankLevel")]
    pub(super) _rank_level: Whole,
    #[serde(rename = "since")]
    pub(super) _since: Moment,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Active,
    Completed,
    Failed,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ConversationRecord {
    pub(super) id: String,
    pub(super) participant_ids: Vec<String>,
    pub(super) topic: String,
    #[serde(rename = "maxTurns")]
    pub(super) _max_turns: Whole,
    #[serde(rename = "turns")]
    pub(super) _turns: Vec<Value>,
    /// One that was going on when the document was written has failed once it is read.
    #[serde(rename = "status")]
    pub(super) _status: Status,
    #[serde(rename = "startedAt")]
    pub(super) _started_at: Moment,
    #[serde(rename = "completedAt")]
    pub(super) _completed_at: Option<Moment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct VariantRecord {
    pub(super) name: String,
    #[serde(rename = "config")]
    pub(super) _config: Map<String, Value>,
    pub(super) weight: f64,
    #[serde(rename = "createdAt")]
    pub(super) _created_at: Moment,
}

/// Milliseconds since 1970.
pub(super) struct Moment;

/// The end of the year 9999, which every program that reads dates knows.
const LAST_MS: i64 = 253_402_300_799_999;

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ms = i64::deserialize(deserializer)?;
        match (0..=LAST_MS).contains(&ms) {
            true => Ok(Self),
            false => Err(D::Error::custom("not a moment between 1970 and 9999")),
        }
    }
}

/// A whole number that fits Postgres' int.
pub(super) struct Whole;

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u32::deserialize(deserializer)?;
        match i32::try_from(number) {
            Ok(_) => Ok(Self),
            Err(_) => Err(D::Error::custom("more than 2147483647")),
        }
    }
}
