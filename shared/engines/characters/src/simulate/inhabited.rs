//! The people of a simulated world where they stand.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::archetype::{Archetype, catalogue};
use crate::closeness::Tier;
use crate::decision::{Fact, Neighbour};
use crate::letter::Letter;
use crate::memory::{NewMemory, Recalled};
use crate::world::{Inhabitant, World};
use crate::{Config, Now};

/// So many of those at the same place are noticed, as in the running world.
const NEAR: usize = 8;
/// Memories that somebody keeps while it is simulated, and those that come to mind.
const KEPT: usize = 64;
const RECALLED: usize = 3;

pub(super) struct Town {
    pub(super) now: Now,
    pub(super) config: Config,
    pub(super) residents: Vec<Resident>,
    pub(super) facts: Vec<Fact>,
    by_id: HashMap<String, usize>,
    by_place: BTreeMap<String, BTreeSet<usize>>,
}

pub(super) struct Resident {
    pub(super) who: Inhabitant,
    pub(super) archetype: Cow<'static, Archetype>,
    pub(super) mail: Vec<Letter>,
    /// An event asks for a reaction before its turn would come.
    pub(super) is_called: bool,
    /// Memories so far: they are named by it.
    remembered: u64,
    recent: Vec<Recalled>,
}

impl Town {
    pub(super) fn new(world: World) -> Self {
        let own = world.archetypes;
        let kind = |id: &str| match catalogue::find(id) {
            Some(known) => Cow::Borrowed(known),
            None => match own.iter().find(|archetype| archetype.id == id) {
                Some(archetype) => Cow::Owned(archetype.clone()),
                None => Cow::Borrowed(
                    catalogue::find("npc").expect("the catalogue has somebody without a trade"),
                ),
            },
        };
        let residents: Vec<Resident> = world
            .people
            .into_iter()
            .map(|who| Resident::new(kind(&who.persona.archetype), who))
            .collect();
        let mut by_place: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (at, resident) in residents.iter().enumerate() {
            if let Some(place) = &resident.who.persona.location {
                by_place.entry(place.clone()).or_default().insert(at);
            }
        }
        let ids = residents.iter().enumerate();
        Self {
            now: world.now,
            config: world.config,
            by_id: ids
                .map(|(at, resident)| (resident.who.persona.id.clone(), at))
                .collect(),
            residents,
            facts: world.facts,
            by_place,
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn near(&self, at: usize) -> Vec<Neighbour> {
        let who = &self.residents[at].who;
        let there = who
            .persona
            .location
            .as_ref()
            .and_then(|place| self.by_place.get(place));
        let others = there
            .into_iter()
            .flatten()
            .filter(|other| **other != at)
            .take(NEAR);
        others
            .map(|other| {
                let persona = &self.residents[*other].who.persona;
                let held = who
                    .relationships
                    .get(&persona.id)
                    .copied()
                    .unwrap_or_default();
                Neighbour {
                    id: persona.id.clone(),
                    name: persona.name.clone(),
                    archetype: persona.archetype.clone(),
                    relationship: held.at(self.now.slow),
                }
            })
            .collect()
    }

    pub(super) fn move_to(&mut self, at: usize, place: String) {
        let location = &mut self.residents[at].who.persona.location;
        if let Some(before) = location
            .as_ref()
            .and_then(|before| self.by_place.get_mut(before))
        {
            before.remove(&at);
        }
        self.by_place.entry(place.clone()).or_default().insert(at);
        *location = Some(place);
    }
}

impl Resident {
    fn new(archetype: Cow<'static, Archetype>, mut who: Inhabitant) -> Self {
        let memories = std::mem::take(&mut who.memories);
        let mail = std::mem::take(&mut who.mail);
        let mut resident = Self {
            who,
            archetype,
            mail,
            is_called: false,
            remembered: 0,
            recent: Vec::new(),
        };
        resident.remember(memories);
        resident
    }

    pub(super) fn tier(&self, now: Now, config: &Config) -> Tier {
        let proximity = self.who.proximity.at(now.slow, &config.proximity);
        Tier::of(proximity.closeness, &config.proximity)
    }

    /// When there are too many, the least important goes, of equals the oldest.
    pub(super) fn remember(&mut self, memories: Vec<NewMemory>) {
        for memory in memories {
            self.remembered += 1;
            self.recent.push(Recalled {
                id: format!("m{}", self.remembered),
                content: memory.content,
                importance: memory.importance,
                score: 0.0,
            });
            if self.recent.len() > KEPT {
                let all = self.recent.iter().enumerate();
                let least =
                    all.min_by(|one, other| one.1.importance.total_cmp(&other.1.importance));
                if let Some((at, _)) = least {
                    self.recent.remove(at);
                }
            }
        }
    }

    /// The newest and, of the rest, the most important.
    pub(super) fn recalled(&self) -> Vec<Recalled> {
        let Some((newest, rest)) = self.recent.split_last() else {
            return Vec::new();
        };
        let mut weightiest: Vec<&Recalled> = rest.iter().collect();
        weightiest.sort_by(|one, other| other.importance.total_cmp(&one.importance));
        let rest = weightiest.into_iter().take(RECALLED - 1);
        std::iter::once(newest).chain(rest).cloned().collect()
    }
}
