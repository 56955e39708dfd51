//! The state of a character as one document: everything that concerns it alone and stays small.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::Now;
use crate::bounds::{bounded, percent};
use crate::emotion::Feelings;
use crate::goal::{self, Goal};
use crate::gossip::{self, Rumour};
use crate::memory::Glimpse;
use crate::need::Needs;
use crate::reputation::{GENERAL, Reputation};
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
    /// The slow tick at which everyday kindness between it and another last made a difference, by the other's id.
    pub kindness_at_slow: BTreeMap<String, u64>,
    /// The slow tick at which an everyday deed last did its name good.
    pub honoured_at_slow: Option<u64>,
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
const MOST_KINDNESSES: usize = 16;
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
        while self.kindness_at_slow.len() > MOST_KINDNESSES {
            self.forget_a_kindness();
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

    /// Whether everyday kindness between it and another makes a difference now. The closer they are the rarer it does, so that living
    /// side by side makes acquaintances in minutes, friends in hours and nobody inseparable in a day.
    pub fn is_kindness_noticed(&mut self, other: &str, strength: f64, slow: u64) -> bool {
        let rest = ((percent(strength) - KINDNESS_ALWAYS_BELOW) / 2.0).max(1.0) as u64;
        let last = self.kindness_at_slow.get(other);
        if last.is_some_and(|last| slow < last.saturating_add(rest)) || other.len() > LONGEST_NAME {
            return false;
        }
        self.kindness_at_slow.insert(other.to_owned(), slow);
        if self.kindness_at_slow.len() > MOST_KINDNESSES {
            self.forget_a_kindness();
        }
        true
    }

    /// Whether an everyday deed does its name good now: the better the name, the rarer.
    pub fn is_deed_honoured(&mut self, slow: u64) -> bool {
        let rest = 1 + (self.reputation.score(GENERAL).max(0.0) / 5.0) as u64;
        let is_due = |last: u64| slow >= last.saturating_add(rest);
        let is_honoured = self.honoured_at_slow.is_none_or(is_due);
        if is_honoured {
            self.honoured_at_slow = Some(slow);
        }
        is_honoured
    }

    /// The oldest one.
    fn forget_a_kindness(&mut self) {
        let oldest = self.kindness_at_slow.iter().min_by_key(|(_, at)| **at);
        if let Some(other) = oldest.map(|(other, _)| other.clone()) {
            self.kindness_at_slow.remove(&other);
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

/// Up to this strength everyday kindness counts in each slow tick.
const KINDNESS_ALWAYS_BELOW: f64 = 42.0;

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
    fn everyday_kindness_and_decency_count_the_rarer_the_more_there_was() {
        let mut mind = Mind::default();
        // By hand: (50 - 42) / 2 = 4 slow ticks of rest, (90 - 42) / 2 = 24.
        let noticed =
            |mind: &mut Mind, strength, slow| mind.is_kindness_noticed("guard", strength, slow);
        assert!(noticed(&mut mind, 50.0, 10));
        assert!(!noticed(&mut mind, 50.0, 13));
        assert!(noticed(&mut mind, 50.0, 14));
        assert!(!noticed(&mut mind, 90.0, 37));
        assert!(noticed(&mut mind, 90.0, 38));
        for number in 0..100 {
            assert!(mind.is_kindness_noticed(&format!("{number}"), f64::NAN, 40 + number));
        }
        assert_eq!(mind.kindness_at_slow.len(), MOST_KINDNESSES);
        assert!(mind.is_deed_honoured(0));
        assert!(!mind.is_deed_honoured(0));
        mind.reputation.shift(GENERAL, 50.0);
        assert!(!mind.is_deed_honoured(10), "fifty points are eleven ticks");
        assert!(mind.is_deed_honoured(11));
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
