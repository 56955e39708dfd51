//! The world that a newcomer finds: the Rusty Flagon, its barkeep Greta and her company.

mod people;

use serde_json::json;

use crate::decision::Fact;
use crate::hierarchy::{Faction, Rank};
use crate::world::World;

/// The four of the contract's examples at the hour when the doors open; `now_ms` dates what they have and remember.
pub fn world(now_ms: i64) -> World {
    World {
        people: people::all(now_ms),
        facts: facts(),
        factions: vec![Faction {
            id: STAFF.to_owned(),
            name: "The staff of the Rusty Flagon".to_owned(),
            max_members: vec![Some(1), None],
        }],
        ranks: [("barkeep", 0), ("bard", 1)]
            .map(|(id, level)| Rank {
                character_id: id.to_owned(),
                faction_id: STAFF.to_owned(),
                rank_level: level,
                since: now_ms,
            })
            .to_vec(),
        ..World::default()
    }
}

/// The faction of the contract's introspection example.
const STAFF: &str = "tavern_staff";

fn facts() -> Vec<Fact> {
    [
        ("tavern_name", "The Rusty Flagon", "locations"),
        ("tavern_reputation", "well-known", "locations"),
        (
            "town",
            "Harrow's Ford lies where the old road crosses the river",
            "locations",
        ),
        (
            "bridge",
            "the east bridge has been closed since the spring flood",
            "locations",
        ),
        (
            "harvest_festival",
            "the harvest festival is nine days away",
            "events",
        ),
        (
            "wolves",
            "wolves were heard north of the town three nights in a row",
            "events",
        ),
        ("price_of_ale", "two coppers a mug", "economy"),
        (
            "mayor",
            "Mayor Oswin taxes everything but the rain",
            "people",
        ),
    ]
    .map(|(key, value, category)| Fact {
        key: key.to_owned(),
        value: json!(value),
        category: category.to_owned(),
    })
    .to_vec()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::archetype::catalogue;
    use crate::closeness::Tier;

    #[test]
    fn the_tiers_are_those_of_the_contracts_example() {
        let world = world(0);
        let mut tiers: BTreeMap<Tier, usize> = BTreeMap::new();
        for one in &world.people {
            let tier = Tier::of(one.proximity.closeness, &world.config.proximity);
            *tiers.entry(tier).or_default() += 1;
        }
        let counts = [Tier::Active, Tier::Background, Tier::Dormant].map(|tier| tiers[&tier]);
        assert_eq!(counts, [1, 2, 1]);
        let greta = &world.people[0];
        assert_eq!(
            (greta.persona.id.as_str(), greta.proximity.closeness),
            ("barkeep", 65.0)
        );
    }

    #[test]
    fn everything_that_is_named_exists() {
        let world = world(0);
        let known = |id: &str| world.people.iter().any(|one| one.persona.id == id);
        for one in &world.people {
            let archetype =
                catalogue::find(&one.persona.archetype).expect("an archetype of the catalogue");
            assert!(one.relationships.keys().all(|id| known(id)));
            assert_eq!(one.relationships.len(), 3);
            let routine = one.mind.routine.as_ref().expect("everybody has a day");
            for tool in routine.phases.iter().flat_map(|phase| &phase.tools) {
                assert!(
                    archetype.tools.iter().any(|known| known.name == *tool),
                    "{tool}"
                );
            }
        }
        assert!(world.ranks.iter().all(|rank| known(&rank.character_id)));
    }
}
