//! What a simulated stretch of time came to.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::inhabited::Town;
use crate::closeness::Tier;
use crate::decision::Action;
use crate::emotion::Emotion;
use crate::offline::fnv;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub seed: u64,
    pub fast_ticks: u64,
    pub slow_ticks: u64,
    pub decisions: u64,
    /// How often each character did what.
    pub by_character: BTreeMap<String, BTreeMap<String, u64>>,
    /// The first decisions, every reaction to an event, and the last decisions, in their order.
    pub timeline: Vec<Entry>,
    /// Decisions that the timeline has no room for.
    pub left_out: u64,
    /// How everybody stands in the end; of a great many the first ones.
    pub characters: Vec<Standing>,
    /// Of all decisions with their arguments and of how everybody stands, in 16 hexadecimal digits: equal days have equal digests.
    pub digest: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub fast_tick: u64,
    pub character_id: String,
    pub trigger: String,
    pub action: String,
    pub what: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    pub id: String,
    pub mood: Emotion,
    pub mood_intensity: f64,
    pub needs: BTreeMap<String, f64>,
    pub closeness: f64,
    pub activity_tier: Tier,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub location: Option<String>,
}

/// Entries of each of the three parts of a timeline, and standings: a report stays below a megabyte or two.
const FIRST: usize = 300;
const REACTIONS: usize = 400;
const LAST: usize = 300;
const STANDINGS: usize = 1_000;

/// Written while it runs.
pub(super) struct Ledger {
    seed: u64,
    decisions: u64,
    by_character: BTreeMap<String, BTreeMap<String, u64>>,
    first: Vec<Entry>,
    reactions: Vec<Entry>,
    last: VecDeque<Entry>,
    digest: u64,
}

impl Ledger {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            seed,
            decisions: 0,
            by_character: BTreeMap::new(),
            first: Vec::new(),
            reactions: Vec::new(),
            last: VecDeque::new(),
            digest: 0,
        }
    }

    pub(super) fn note(&mut self, entry: Entry, action: &Action) {
        self.decisions += 1;
        self.digest(&(entry.fast_tick, &entry.character_id, action));
        let actions = match self.by_character.get_mut(&entry.character_id) {
            Some(actions) => actions,
            None => self
                .by_character
                .entry(entry.character_id.clone())
                .or_default(),
        };
        match actions.get_mut(&entry.action) {
            Some(count) => *count += 1,
            None => {
                actions.insert(entry.action.clone(), 1);
            }
        }
        if self.first.len() < FIRST {
            self.first.push(entry);
        } else if entry.trigger == "event" && self.reactions.len() < REACTIONS {
            self.reactions.push(entry);
        } else {
            if self.last.len() == LAST {
                self.last.pop_front();
            }
            self.last.push_back(entry);
        }
    }

    fn digest(&mut self, what: &impl Serialize) {
        let bytes = serde_json::to_vec(what).unwrap_or_default();
        self.digest = fnv(self.digest, &bytes);
    }

    pub(super) fn report(mut self, town: &Town, fast_ticks: u64, slow_ticks: u64) -> Report {
        let standings = standings(town);
        for standing in &standings {
            self.digest(standing);
        }
        let mut timeline = self.first;
        timeline.extend(self.reactions);
        timeline.extend(self.last);
        timeline.sort_by_key(|entry| entry.fast_tick);
        let mut characters = standings;
        characters.truncate(STANDINGS);
        Report {
            seed: self.seed,
            fast_ticks,
            slow_ticks,
            decisions: self.decisions,
            left_out: self.decisions - timeline.len() as u64,
            by_character: self.by_character,
            timeline,
            characters,
            digest: format!("{:016x}", self.digest),
        }
    }
}

fn standings(town: &Town) -> Vec<Standing> {
    let (now, config) = (town.now, &town.config.proximity);
    let residents = town.residents.iter();
    residents
        .map(|resident| {
            let who = &resident.who;
            let mood = who.mind.feelings.mood_at(now.fast);
            let proximity = who.proximity.at(now.slow, config);
            let needs = who.mind.needs.at(now.fast).list();
            Standing {
                id: who.persona.id.clone(),
                mood: mood.emotion,
                mood_intensity: mood.intensity,
                needs: needs
                    .map(|lack| (lack.need.as_str().to_owned(), lack.intensity))
                    .into(),
                closeness: proximity.closeness,
                activity_tier: Tier::of(proximity.closeness, config),
                location: who.persona.location.clone(),
            }
        })
        .collect()
}
