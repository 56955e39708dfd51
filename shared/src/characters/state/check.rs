//! Whether a document can become the world: every record is read and judged before anything is written.

use std::collections::HashSet;
use std::hash::Hash;

use rookery_characters::closeness::{Proximity, Tier};
use rookery_characters::letter::Letter;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::place::Place;
use super::reading::{Fault, Sections};
use super::record::{
    ArchetypeRecord, CharacterRecord, ConversationRecord, DecisionRecord, EventRecord, FactRecord,
    FactionRecord, GroupRecord, MailRecord, MemoryRecord, MessageRecord, ProximityRecord,
    RelationshipRecord, VariantRecord, WorldRecord,
};
use super::sound_mind;

/// What is known of a document that can become the world.
pub(super) struct Checked {
    pub(super) world: WorldRecord,
    /// Where its closest player puts each character, in their order.
    pub(super) tiers: Vec<Tier>,
}

/// Beyond it sums of ticks could lose their last digit in programs that know doubles only.
const MOST_TICKS: u64 = 1 << 53;
const YEAR_MS: u64 = 365 * 24 * 3_600_000;

pub(super) fn check(sections: &Sections<'_>) -> Result<Checked, Fault> {
    let world = checked_world(sections)?;
    let kinds = archetypes(sections)?;
    let (ids, minds) = characters(sections, &kinds)?;
    for (index, mind) in minds.into_iter().enumerate() {
        let place = Place {
            section: "characters",
            index,
        };
        sound_mind::check(mind.get(), &place.path("mind"), &world)?;
    }
    let cast = Cast { ids, world };
    let tiers = cast.proximity(sections)?;
    cast.relationships(sections)?;
    cast.memories(sections)?;
    cast.messages(sections)?;
    cast.decisions(sections)?;
    cast.mail(sections)?;
    cast.groups(sections)?;
    cast.factions(sections)?;
    events(sections)?;
    facts(sections)?;
    conversations(sections)?;
    variants(sections)?;
    Ok(Checked {
        world: cast.world,
        tiers,
    })
}

/// Reads the records one by one; none is kept longer than its judge looks at it.
fn each<T: DeserializeOwned>(
    section: &'static str,
    records: &[&RawValue],
    mut judge: impl FnMut(T, &Place) -> Result<(), Fault>,
) -> Result<(), Fault> {
    for (index, record) in records.iter().enumerate() {
        let place = Place { section, index };
        judge(place.read(record.get())?, &place)?;
    }
    Ok(())
}

/// What may be there once.
fn once<K: Hash + Eq>(seen: &mut HashSet<K>, key: K, at: (&Place, &str)) -> Result<(), Fault> {
    match seen.insert(key) {
        true => Ok(()),
        false => Err(at.0.fault(at.1, "is there twice")),
    }
}

fn checked_world(sections: &Sections<'_>) -> Result<WorldRecord, Fault> {
    let world = sections.world()?;
    let (tick, closeness) = (world.config.tick, world.config.proximity);
    let at = |name: &str, text| Fault::at(&format!("world.{name}"), text);
    if world.fast_ticks.max(world.slow_ticks) > MOST_TICKS {
        return Err(at("fastTicks", "or slowTicks is more than can be counted"));
    }
    let lengths_ms = [tick.fast_tick_ms, tick.slow_tick_ms];
    if tick.batch_size == 0 || !lengths_ms.iter().all(|ms| (1..=YEAR_MS).contains(ms)) {
        return Err(at(
            "config.tick",
            "must have positive numbers, and ticks no longer than a year",
        ));
    }
    let rates = [
        closeness.decay_rate_per_tick,
        closeness.high_water_decay_multiplier,
        closeness.interaction_boost,
        closeness.chat_boost,
        closeness.promotion_threshold,
        closeness.background_threshold,
        closeness.chat_min_closeness,
    ];
    match rates.iter().all(|rate| *rate >= 0.0) {
        true => Ok(world),
        false => Err(at("config.proximity", "must have no negative numbers")),
    }
}

fn archetypes(sections: &Sections<'_>) -> Result<HashSet<String>, Fault> {
    let mut seen = HashSet::new();
    each(
        "archetypes",
        &sections.archetypes,
        |record: ArchetypeRecord, place| {
            let id = record.archetype.id;
            place.name("archetype.id", &id)?;
            once(&mut seen, id, (place, "archetype.id"))
        },
    )?;
    Ok(seen)
}

/// Their ids in their order, and their minds, which are judged apart.
fn characters(
    sections: &Sections<'_>,
    kinds: &HashSet<String>,
) -> Result<(Ids, Vec<Box<RawValue>>), Fault> {
    let mut ids = Ids::new();
    let mut minds = Vec::with_capacity(sections.characters.len());
    each(
        "characters",
        &sections.characters,
        |record: CharacterRecord, place| {
            place.name("id", &record.id)?;
            place.name("name", &record.name)?;
            if let Some(location) = &record.location {
                place.name("location", location)?;
            }
            place.within("initialCloseness", record.initial_closeness, 0.0..=100.0)?;
            let known = rookery_characters::archetype::catalogue::find(&record.archetype).is_some();
            if !known && !kinds.contains(&record.archetype) {
                let text = format!("names an archetype that is not there: {}", record.archetype);
                return Err(place.fault("archetype", &text));
            }
            if ids.insert(record.id, place.index).is_some() {
                return Err(place.fault("id", "is there twice"));
            }
            minds.push(record.mind);
            Ok(())
        },
    )?;
    Ok((ids, minds))
}

/// Where each character stands in its list.
type Ids = std::collections::HashMap<String, usize>;

struct Cast {
    ids: Ids,
    world: WorldRecord,
}

impl Cast {
    fn known(&self, id: &str, at: (&Place, &str)) -> Result<usize, Fault> {
        let known = self.ids.get(id).copied();
        known.ok_or_else(|| {
            at.0.fault(at.1, &format!("names a character that is not there: {id}"))
        })
    }

    fn passed(&self, at_slow: u64, place: &Place) -> Result<(), Fault> {
        match at_slow <= self.world.slow_ticks {
            true => Ok(()),
            false => Err(place.fault("atSlow", "lies after world.slowTicks")),
        }
    }

    fn proximity(&self, sections: &Sections<'_>) -> Result<Vec<Tier>, Fault> {
        let config = &self.world.config.proximity;
        let mut tiers = vec![Tier::Dormant; self.ids.len()];
        let mut seen = HashSet::new();
        each(
            "proximity",
            &sections.proximity,
            |record: ProximityRecord, place| {
                let whose = self.known(&record.character_id, (place, "characterId"))?;
                place.name("playerId", &record.player_id)?;
                place.within("closeness", record.closeness, 0.0..=100.0)?;
                place.within("highWaterMark", record.high_water_mark, 0.0..=100.0)?;
                self.passed(record.at_slow, place)?;
                let proximity = Proximity {
                    closeness: record.closeness,
                    high_water: record.high_water_mark,
                    at_slow: record.at_slow,
                };
                let now = proximity.at(self.world.slow_ticks, config);
                tiers[whose] = tiers[whose].max(Tier::of(now.closeness, config));
                once(&mut seen, (whose, record.player_id), (place, "playerId"))
            },
        )?;
        Ok(tiers)
    }

    fn relationships(&self, sections: &Sections<'_>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        each(
            "relationships",
            &sections.relationships,
            |record: RelationshipRecord, place| {
                let from = self.known(&record.from_id, (place, "fromId"))?;
                let to = self.known(&record.to_id, (place, "toId"))?;
                place.within("strength", record.strength, 0.0..=100.0)?;
                place.within("trust", record.trust, 0.0..=100.0)?;
                place.text("notes", &record.notes)?;
                self.passed(record.at_slow, place)?;
                once(&mut seen, (from, to), (place, "toId"))
            },
        )
    }

    fn memories(&self, sections: &Sections<'_>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        each(
            "memories",
            &sections.memories,
            |record: MemoryRecord, place| {
                self.known(&record.character_id, (place, "characterId"))?;
                place.names([
                    ("playerId", &record.player_id),
                    ("eventType", &record.event_type),
                    ("embeddingModel", &record.embedding_model),
                ])?;
                place.text("content", &record.content)?;
                record
                    .tags
                    .iter()
                    .try_for_each(|tag| place.text("tags", tag))?;
                place.within("importance", record.importance, 0.0..=10.0)?;
                place.within("decayRate", record.decay_rate, 0.0..=1000.0)?;
                self.passed(record.at_slow, place)?;
                if let Some(embedding) = &record.embedding {
                    place.base64("embedding", embedding)?;
                }
                once(&mut seen, record.id, (place, "id"))
            },
        )
    }

    fn messages(&self, sections: &Sections<'_>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        each(
            "messages",
            &sections.messages,
            |record: MessageRecord, place| {
                self.known(&record.character_id, (place, "characterId"))?;
                place.name("playerId", &record.player_id)?;
                place.text("content", &record.content)?;
                match record.task_id {
                    Some(task) => once(&mut seen, (task, record.role), (place, "taskId")),
                    None => Ok(()),
                }
            },
        )
    }

    fn decisions(&self, sections: &Sections<'_>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        each(
            "decisions",
            &sections.decisions,
            |record: DecisionRecord, place| {
                self.known(&record.character_id, (place, "characterId"))?;
                for (field, text) in [
                    ("playerId", &record.player_id),
                    ("triggerType", &record.trigger_type),
                    ("action", &record.action),
                    ("actionType", &record.action_type),
                    ("provider", &record.provider),
                    ("inferenceTier", &record.inference_tier),
                ] {
                    place.text(field, text)?;
                }
                place.names([
                    ("triggerEvent", &record.trigger_event),
                    ("variant", &record.variant),
                ])?;
                once(&mut seen, record.id, (place, "id"))
            },
        )
    }

    fn mail(&self, sections: &Sections<'_>) -> Result<(), Fault> {
        each("mail", &sections.mail, |record: MailRecord, place| {
            self.known(&record.character_id, (place, "characterId"))?;
            let path = place.path("letter");
            super::reading::read::<Letter>(record.letter.get(), &path).map(drop)
        })
    }

    fn groups(&self, sections: &Sections<'_>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        each("groups", &sections.groups, |record: GroupRecord, place| {
            place.name("id", &record.id)?;
            place.text("name", &record.name)?;
            place.text("purpose", &record.purpose)?;
            place.names([("leaderId", &record.leader_id)])?;
            place.within("cohesion", record.cohesion, 0.0..=1.0)?;
            let mut members = HashSet::new();
            for id in record.member_ids {
                let member = self.known(&id, (place, "memberIds"))?;
                once(&mut members, member, (place, "memberIds"))?;
            }
            once(&mut seen, record.id, (place, "id"))
        })
    }

    fn factions(&self, sections: &Sections<'_>) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        each(
            "factions",
            &sections.factions,
            |record: FactionRecord, place| {
                place.name("id", &record.id)?;
                place.text("name", &record.name)?;
                let mut members = HashSet::new();
                for rank in record.ranks {
                    let member = self.known(&rank.character_id, (place, "ranks"))?;
                    once(&mut members, member, (place, "ranks"))?;
                }
                once(&mut seen, record.id, (place, "id"))
            },
        )
    }
}

fn events(sections: &Sections<'_>) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    each("events", &sections.events, |record: EventRecord, place| {
        place.within("importance", record.importance, 0.0..=10.0)?;
        place.names([("playerId", &record.player_id)])?;
        once(&mut seen, record.id, (place, "id"))
    })
}

fn facts(sections: &Sections<'_>) -> Result<(), Fault> {
    let mut now = HashSet::new();
    each(
        "worldFacts",
        &sections.world_facts,
        |record: FactRecord, place| {
            place.name("key", &record.key)?;
            place.text("category", &record.category)?;
            place.text("source", &record.source)?;
            match record.valid_to {
                Some(_) => Ok(()),
                None => once(&mut now, record.key, (place, "key")),
            }
        },
    )
}

fn conversations(sections: &Sections<'_>) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    each(
        "conversations",
        &sections.conversations,
        |record: ConversationRecord, place| {
            place.name("id", &record.id)?;
            place.text("topic", &record.topic)?;
            let participants = &record.participant_ids;
            participants
                .iter()
                .try_for_each(|id| place.text("participantIds", id))?;
            once(&mut seen, record.id, (place, "id"))
        },
    )
}

fn variants(sections: &Sections<'_>) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    each(
        "variants",
        &sections.variants,
        |record: VariantRecord, place| {
            place.name("name", &record.name)?;
            place.within("weight", record.weight, 0.0..=f64::MAX)?;
            once(&mut seen, record.name, (place, "name"))
        },
    )
}
