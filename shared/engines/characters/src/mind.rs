//! The state of a character as one document: everything that concerns it alone and stays small.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::Now;
use crate::bounds::bounded;
use crate::emotion::Feelings;
use crate::goal::{self, Goal};
use crate::gossip::{self, Rumour};
use crate::memory::Glimpse;
use crate::need::Needs;
use crate::reputation::Reputation;
use crate::routine::Routine;
use crate::text::fit;

/// Stored as JSON; a field that is missing in an older document has its usual value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mind {
    pub feelings: Feelings,
    pub needs: Needs,
    pub goals: Vec<Goal>,
    /// The last five glimpses, oldest first.
    pub working: VecDeque<Glimpse>,
    pub routine: Option<Routine>,
    pub rumours: Vec<Rumour>,
    pub reputation: Reputation,
    /// What was done last, newest last.
    pub recent: VecDeque<Deed>,
    /// What is left of long acquaintance, by player.
    pub summaries: BTreeMap<String, Summary>,
    /// Decisions made so far: chance hangs on it.
    pub decisions: u64,
    /// Importance gathered since the last reflection.
    pub unreflected: f64,
    /// Kind deeds of others less unkind ones, by who did them, that its relationships have yet to learn of.
    pub impressions: BTreeMap<String, i32>,
    /// Who spoke to it since its last deed: they hear in return what it has heard.
    pub spoken_to_by: Vec<String>,
    /// The slow tick at which its mood last spread to those around it.
    pub mood_spread_at_slow: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deed {
    pub action: String,
    #[serde(default)]
    pub what: String,
    pub at: i64,
}

/// What a character makes of all it lived through with a player.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub summary: String,
    pub relationship_notes: String,
    pub key_facts: Vec<String>,
    pub version: u32,
    pub updated_at: i64,
}

/// The ring of working memory (default of the contract's engine).
pub const MOST_GLIMPSES: usize = 5;
pub const MOST_DEEDS: usize = 12;
pub const MOST_SUMMARIES: usize = 16;
const MOST_IMPRESSIONS: usize = 16;
const MOST_SPEAKERS: usize = 4;
/// Nobody's id is longer.
const LONGEST_NAME: usize = 200;
/// As long as a memory: what is remembered is known again by its glimpse.
pub(crate) const LONGEST_GLIMPSE: usize = 500;

/// More than any reflection waits for.
const MOST_UNREFLECTED: f64 = 1e6;

impl Mind {
    /// Brings everything that grows or fades to now, and everything that gathers into its bounds, whatever the document holds.
    pub fn settle(&mut self, now: Now) {
        self.feelings.settle(now.fast);
        self.needs = self.needs.at(now.fast);
        self.reputation.settle(now.slow);
        gossip::prune(&mut self.rumours, now.ms);
        goal::prune(&mut self.goals, now.ms);
        keep_last(&mut self.working, MOST_GLIMPSES);
        keep_last(&mut self.recent, MOST_DEEDS);
        while self.summaries.len() > MOST_SUMMARIES {
            let ages = self.summaries.iter();
            let oldest = ages.min_by_key(|(_, summary)| summary.updated_at);
            let Some(player) = oldest.map(|(player, _)| player.clone()) else {
                break;
            };
            self.summaries.remove(&player);
        }
        while self.impressions.len() > MOST_IMPRESSIONS {
            self.forget_an_impression();
        }
        self.spoken_to_by.truncate(MOST_SPEAKERS);
        self.unreflected = bounded(self.unreflected, 0.0, MOST_UNREFLECTED);
    }

    /// Whether it was just so: what is seen again is not kept again.
    pub fn has_glimpsed(&self, content: &str) -> bool {
        self.working
            .iter()
            .any(|glimpse| glimpse.content == content)
    }

    /// Something was just now: the oldest glimpse gives way.
    pub fn glimpse(&mut self, glimpse: Glimpse) {
        self.working.push_back(Glimpse {
            content: fit(&glimpse.content, LONGEST_GLIMPSE),
            ..glimpse
        });
        keep_last(&mut self.working, MOST_GLIMPSES);
    }

    /// Notes what it did; idling on is one deed.
    pub fn note(&mut self, deed: Deed) {
        match self.recent.back_mut() {
            Some(last) if *last.action == *IDLE && deed.action == IDLE => last.at = deed.at,
            _ => self.recent.push_back(deed),
        }
        keep_last(&mut self.recent, MOST_DEEDS);
    }

    /// Somebody was kind, or unkind.
    pub fn impress(&mut self, by: &str, kindness: i32) {
        if kindness == 0 || by.len() > LONGEST_NAME {
            return;
        }
        let so_far = self.impressions.entry(by.to_owned()).or_default();
        *so_far = so_far
            .saturating_add(kindness)
            .clamp(-MOST_KINDNESS, MOST_KINDNESS);
        if self.impressions.len() > MOST_IMPRESSIONS {
            self.forget_an_impression();
        }
    }

    /// The weakest one.
    fn forget_an_impression(&mut self) {
        let weakest = self.impressions.iter();
        let weakest = weakest.min_by_key(|(_, kindness)| kindness.unsigned_abs());
        if let Some(by) = weakest.map(|(by, _)| by.clone()) {
            self.impressions.remove(&by);
        }
    }

    /// Somebody said something to it.
    pub fn hear_from(&mut self, speaker: &str) {
        let is_new = self.spoken_to_by.iter().all(|known| known != speaker);
        if is_new && speaker.len() <= LONGEST_NAME {
            self.spoken_to_by.push(speaker.to_owned());
            self.spoken_to_by.truncate(MOST_SPEAKERS);
        }
    }
}

/// As the decision log names it.
const IDLE: &str = "idle";

/// What can be made of one turn's impressions.
const MOST_KINDNESS: i32 = 5;

fn keep_last<T>(ring: &mut VecDeque<T>, most: usize) {
    let surplus = ring.len().saturating_sub(most);
    ring.drain(..surplus);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overgrown_document_is_cut_to_its_bounds() {
        let mut mind = Mind {
            unreflected: f64::NAN,
            ..Mind::default()
        };
        for number in 0..1_000 {
            let summary = Summary {
                updated_at: number,
                ..Summary::default()
            };
            mind.summaries.insert(format!("player {number}"), summary);
            mind.impressions.insert(format!("{number}"), i32::MAX);
            mind.spoken_to_by.push(format!("{number}"));
            mind.working.push_back(Glimpse {
                content: format!("{number}"),
                at: number,
            });
            mind.recent.push_back(Deed {
                action: format!("{number}"),
                what: String::new(),
                at: number,
            });
        }
        mind.settle(Now::default());
        assert_eq!(mind.summaries.len(), MOST_SUMMARIES);
        assert!(mind.summaries.contains_key("player 999"), "the newest stay");
        assert_eq!(mind.working.front().map(|one| one.at), Some(995));
        assert_eq!(mind.recent.len(), MOST_DEEDS);
        assert_eq!(mind.unreflected, 0.0);
        let stored = serde_json::to_string(&mind).expect("it is a document");
        assert_eq!(serde_json::from_str::<Mind>(&stored).ok(), Some(mind));
    }

    #[test]
    fn idling_on_is_one_deed() {
        let mut mind = Mind::default();
        for (action, at) in [("patrol", 1), ("idle", 2), ("idle", 3), ("patrol", 4)] {
            mind.note(Deed {
                action: action.to_owned(),
                what: String::new(),
                at,
            });
        }
        let times: Vec<_> = mind.recent.iter().map(|deed| deed.at).collect();
        assert_eq!(times, [1, 3, 4]);
    }
}
