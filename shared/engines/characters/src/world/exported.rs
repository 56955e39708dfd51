//! Reads a world from the document of a state, as the server exports it: what a simulation needs of it.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::{Inhabitant, World};
use crate::archetype::Archetype;
use crate::closeness::Proximity;
use crate::decision::Fact;
use crate::letter::Letter;
use crate::memory::NewMemory;
use crate::persona::Identity;
use crate::relationship::Relationship;
use crate::{Config, Mind, Now, Persona};

/// So many of the facts that were set last are known to everybody, as in the running world.
const FACTS: usize = 12;
/// Of whom nothing is known yet of any player.
const NOBODY: &str = "default";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    #[serde(default)]
    exported_at: i64,
    world: Head,
    #[serde(default)]
    archetypes: Vec<KindRecord>,
    characters: Vec<PersonRecord>,
    #[serde(default)]
    proximity: Vec<MetRecord>,
    #[serde(default)]
    relationships: Vec<HeldRecord>,
    #[serde(default)]
    memories: Vec<MemoryRecord>,
    #[serde(default)]
    mail: Vec<MailRecord>,
    #[serde(default)]
    world_facts: Vec<FactRecord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    fast_ticks: u64,
    slow_ticks: u64,
    config: Config,
}

#[derive(Deserialize)]
struct KindRecord {
    archetype: Archetype,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonRecord {
    id: String,
    name: String,
    archetype: String,
    identity: Identity,
    location: Option<String>,
    initial_closeness: f64,
    mind: Mind,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MetRecord {
    character_id: String,
    player_id: String,
    closeness: f64,
    high_water_mark: f64,
    at_slow: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HeldRecord {
    from_id: String,
    to_id: String,
    #[serde(flatten)]
    held: Relationship,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemoryRecord {
    character_id: String,
    superseded_at: Option<i64>,
    #[serde(flatten)]
    memory: NewMemory,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MailRecord {
    character_id: String,
    letter: Letter,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FactRecord {
    #[serde(flatten)]
    fact: Fact,
    valid_to: Option<i64>,
}

impl World {
    /// Time goes on from where the document stood. Who is spoken of and is not in it is passed over.
    pub fn exported(document: &[u8]) -> Result<Self, serde_json::Error> {
        let document: Document = serde_json::from_slice(document)?;
        let now = Now {
            ms: document.exported_at,
            fast: document.world.fast_ticks,
            slow: document.world.slow_ticks,
        };
        let config = document.world.config;
        let mut people: Vec<Inhabitant> = document
            .characters
            .into_iter()
            .map(|one| one.inhabitant(now))
            .collect();
        let places: HashMap<String, usize> = people
            .iter()
            .enumerate()
            .map(|(at, one)| (one.persona.id.clone(), at))
            .collect();
        let mut of = |id: &str, change: &mut dyn FnMut(&mut Inhabitant)| {
            if let Some(one) = places.get(id).and_then(|at| people.get_mut(*at)) {
                change(one);
            }
        };
        let mut met: BTreeMap<String, (String, Proximity)> = BTreeMap::new();
        for one in document.proximity {
            let proximity = Proximity {
                closeness: one.closeness,
                high_water: one.high_water_mark,
                at_slow: one.at_slow,
            };
            let closeness =
                |proximity: Proximity| proximity.at(now.slow, &config.proximity).closeness;
            let best = met.get(&one.character_id).map(|(_, best)| closeness(*best));
            if best.is_none_or(|best| closeness(proximity) > best) {
                met.insert(one.character_id, (one.player_id, proximity));
            }
        }
        for (id, (player_id, proximity)) in met {
            of(&id, &mut |one| {
                one.player_id.clone_from(&player_id);
                one.proximity = proximity;
            });
        }
        for record in document.relationships {
            of(&record.from_id, &mut |one| {
                one.relationships.insert(record.to_id.clone(), record.held);
            });
        }
        for record in document
            .memories
            .into_iter()
            .filter(|record| record.superseded_at.is_none())
        {
            of(&record.character_id, &mut |one| {
                one.memories.push(record.memory.clone())
            });
        }
        for record in document.mail {
            of(&record.character_id, &mut |one| {
                one.mail.push(record.letter.clone())
            });
        }
        let facts = document
            .world_facts
            .into_iter()
            .rev()
            .filter(|record| record.valid_to.is_none());
        Ok(Self {
            now,
            config,
            archetypes: document
                .archetypes
                .into_iter()
                .map(|record| record.archetype)
                .collect(),
            facts: facts.take(FACTS).map(|record| record.fact).collect(),
            people,
            ..Self::default()
        })
    }
}

impl PersonRecord {
    fn inhabitant(self, now: Now) -> Inhabitant {
        Inhabitant {
            persona: Persona {
                id: self.id,
                name: self.name,
                archetype: self.archetype,
                identity: self.identity,
                location: self.location,
            },
            mind: self.mind,
            player_id: NOBODY.to_owned(),
            proximity: Proximity::new(self.initial_closeness, now.slow),
            relationships: BTreeMap::new(),
            memories: Vec::new(),
            mail: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_world_is_read_as_it_was_exported() {
        let person = |id: &str, name: &str| {
            json!({ "id": id, "name": name, "archetype": "guard", "identity": {}, "metadata": {}, "location": "gate",
                "initialCloseness": 10.0, "createdAt": 1, "updatedAt": 1, "mind": { "decisions": 3 } })
        };
        let met = |player: &str, closeness: f64| {
            json!({ "characterId": "a", "playerId": player, "closeness": closeness, "highWaterMark": 70.0, "atSlow": 5,
                "totalInteractions": 1, "lastInteractionAt": null, "updatedAt": 1 })
        };
        let document = json!({
            "version": 1, "exportedAt": 9_000,
            "world": { "seed": 1, "fastTicks": 75, "slowTicks": 5, "config": {}, "experimentRun": 0, "experimentActive": false },
            "characters": [person("a", "Ada"), person("b", "Bo")],
            "proximity": [met("x", 30.0), met("y", 61.0), met("z", 2.0)],
            "relationships": [{ "fromId": "a", "toId": "b", "type": "friend", "strength": 80.0, "trust": 75.0, "notes": "", "atSlow": 5,
                "interactions": 4, "lastInteractionAt": null, "updatedAt": 1 }],
            "memories": [{ "id": "00000000-0000-0000-0000-000000000001", "characterId": "b", "playerId": null, "kind": "episode",
                "content": "A quiet night", "eventType": null, "tags": [], "importance": 4.0, "decayRate": 1.0, "atSlow": 5, "pinned": false,
                "source": {}, "supersededAt": null, "supersededBy": null, "embedding": null, "embeddingModel": null, "createdAt": 1 }],
            "mail": [{ "characterId": "nobody", "letter": { "kind": "said", "from": "a", "name": "Ada", "text": "Hi" }, "createdAt": 1 }],
            "worldFacts": [{ "key": "toll", "value": 2, "category": "economy", "source": "x", "validFrom": 1, "validTo": null }],
        });
        let world = World::exported(document.to_string().as_bytes()).expect("it is well formed");
        assert_eq!(
            (world.now.ms, world.now.fast, world.now.slow),
            (9_000, 75, 5)
        );
        let [ada, bo] = &world.people[..] else {
            panic!("two people")
        };
        assert_eq!(
            (ada.player_id.as_str(), ada.proximity.closeness),
            ("y", 61.0)
        );
        assert_eq!(
            (bo.player_id.as_str(), bo.proximity.closeness),
            (NOBODY, 10.0)
        );
        assert_eq!(ada.relationships["b"].strength, 80.0);
        assert_eq!(bo.memories[0].content, "A quiet night");
        assert_eq!(world.facts[0].key, "toll");
        assert!(World::exported(b"{}").is_err());
    }
}
