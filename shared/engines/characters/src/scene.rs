//! A small scene to test on: a barkeep at work, a guard at the counter.

use serde_json::json;

use crate::archetype::{Archetype, catalogue};
use crate::closeness;
use crate::config::Config;
use crate::decision::{Neighbour, Percept, Trigger};
use crate::event::Event;
use crate::memory::Recalled;
use crate::mind::{Deed, Mind};
use crate::persona::{Identity, Persona};
use crate::relationship::Relationship;
use crate::ticks::Now;

pub(crate) struct Scene {
    pub who: Persona,
    pub archetype: Archetype,
    pub mind: Mind,
    pub now: Now,
    pub config: Config,
    pub tier: closeness::Tier,
    pub trigger: Trigger,
    pub near: Vec<Neighbour>,
    pub memories: Vec<Recalled>,
}

impl Scene {
    pub fn new() -> Self {
        let guard = Neighbour {
            id: "guard".into(),
            name: "Theron".into(),
            archetype: "guard".into(),
            relationship: Relationship::default(),
        };
        Self {
            who: Persona {
                id: "barkeep".into(),
                name: "Greta Holm".into(),
                archetype: "barkeep".into(),
                identity: Identity {
                    personality: "Warm and sharp-eyed.".into(),
                    backstory: "Inherited the tavern from her aunt.".into(),
                    goals: vec!["Keep the tavern open".into()],
                    traits: vec!["generous".into()],
                    ..Identity::default()
                },
                location: Some("tavern".into()),
            },
            archetype: catalogue::find("barkeep")
                .expect("in the catalogue")
                .clone(),
            mind: Mind::default(),
            now: Now {
                ms: 1_000_000,
                fast: 500,
                slow: 33,
            },
            config: Config::default(),
            tier: closeness::Tier::Active,
            trigger: Trigger::FastTick,
            near: vec![guard],
            memories: Vec::new(),
        }
    }

    pub fn percept(&self) -> Percept<'_> {
        Percept {
            who: &self.who,
            archetype: &self.archetype,
            mind: &self.mind,
            now: self.now,
            config: &self.config,
            player_id: "default",
            closeness: 65.0,
            tier: self.tier,
            trigger: &self.trigger,
            near: &self.near,
            memories: &self.memories,
            facts: &[],
            seed: 7,
        }
    }

    pub fn event(importance: f64) -> Trigger {
        Trigger::Event {
            event: Event {
                kind: "bar_fight".into(),
                source: Some("patron".into()),
                target: None,
                data: json!({ "severity": "minor" }),
                importance: Some(importance),
                timestamp: 1_000_000,
            },
            importance,
        }
    }

    pub fn did(&mut self, action: &str) {
        self.mind.recent.push_back(Deed {
            action: action.into(),
            what: String::new(),
            at: self.now.ms,
        });
    }

    pub fn remembers(&mut self, content: &str) {
        self.memories.push(Recalled {
            id: format!("m{}", self.memories.len()),
            content: content.into(),
            importance: 5.0,
            score: 1.0,
        });
    }
}
