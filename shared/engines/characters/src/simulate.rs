//! A world that runs by itself, tick by tick, without language models: the same seed gives the same day, to the byte.
//!
//! It keeps the rules of the running world (who is asked when, whom events reach, what goes by letter), with one order where that one
//! has many: characters take their turns in the order of the world's list, and letters arrive with the next tick.

mod inhabited;
mod report;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::closeness::Tier;
use crate::decision::{Action, Effects, Percept, Trigger};
use crate::event::Event;
use crate::letter::Letter;
use crate::memory::importance;
use crate::world::World;
use crate::{Now, offline, turn};

use inhabited::Town;
use report::Ledger;
pub use report::{Entry, Report, Standing};

/// Something that happens in the course of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incident {
    /// Counted from the beginning of the simulation.
    pub at_fast_tick: u64,
    pub event: Event,
}

/// From here on whoever an event reaches reacts at once, every active character hears of it, and those at its place notice it: the
/// running world's rules.
const CALLS: f64 = 5.0;
const REACHES_ACTIVE: f64 = 7.0;
const NOTICED: f64 = 3.0;
/// Dormant characters are asked every so many slow ticks (default of the contract's engine).
const DORMANT_EVERY: u64 = 5;

pub struct Simulation {
    town: Town,
    seed: u64,
    /// By their ticks.
    incidents: BTreeMap<u64, Vec<Event>>,
    start: Now,
    /// Fast ticks that have passed.
    passed: u64,
    ledger: Ledger,
}

impl Simulation {
    pub fn new(world: World, seed: u64, incidents: Vec<Incident>) -> Self {
        let mut by_tick: BTreeMap<u64, Vec<Event>> = BTreeMap::new();
        for incident in incidents {
            by_tick
                .entry(incident.at_fast_tick)
                .or_default()
                .push(incident.event);
        }
        Self {
            start: world.now,
            ledger: Ledger::new(seed),
            town: Town::new(world),
            seed,
            incidents: by_tick,
            passed: 0,
        }
    }

    /// Fast ticks that have passed.
    pub fn passed(&self) -> u64 {
        self.passed
    }

    /// One fast tick: what happens, happens; whose turn it is, has it; what they wrote is delivered.
    pub fn step(&mut self) {
        self.passed += 1;
        let now = self.now();
        let slow_begins = now.slow > self.town.now.slow;
        self.town.now = now;
        let events = self.incidents.remove(&self.passed).unwrap_or_default();
        for event in &events {
            self.reach(event);
        }
        let mut post: Vec<(usize, Letter)> = Vec::new();
        for at in 0..self.town.residents.len() {
            if self.is_due(at, slow_begins) {
                let effects = self.turn(at);
                self.carry(at, effects, &mut post);
            }
        }
        for (to, letter) in post {
            self.town.residents[to].mail.push(letter);
        }
    }

    pub fn report(self) -> Report {
        let Self {
            town,
            ledger,
            passed,
            start,
            ..
        } = self;
        ledger.report(&town, passed, town.now.slow - start.slow)
    }

    fn now(&self) -> Now {
        let tick = &self.town.config.tick;
        let ms = self.passed.saturating_mul(tick.fast_tick_ms);
        Now {
            ms: self
                .start
                .ms
                .saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)),
            fast: self.start.fast.saturating_add(self.passed),
            slow: self
                .start
                .slow
                .saturating_add(ms / tick.slow_tick_ms.max(1)),
        }
    }

    fn reach(&mut self, event: &Event) {
        let place = event.location();
        for resident in &mut self.town.residents {
            let id = Some(resident.who.persona.id.as_str());
            let weight = importance::of_event(event, &resident.who.persona.id);
            let is_named = event.target.as_deref() == id || event.source.as_deref() == id;
            let is_there = place.is_some() && resident.who.persona.location.as_deref() == place;
            let tier = resident.tier(self.town.now, &self.town.config);
            let is_alert = tier == Tier::Active && (place.is_none() || is_there);
            if is_named || weight >= REACHES_ACTIVE && is_alert || weight >= NOTICED && is_there {
                resident.is_called |= is_named || weight >= CALLS;
                resident.mail.push(Letter::Event {
                    event: event.clone(),
                    importance: weight,
                });
            }
        }
    }

    fn is_due(&mut self, at: usize, slow_begins: bool) -> bool {
        let (now, config) = (self.town.now, self.town.config);
        let resident = &mut self.town.residents[at];
        if std::mem::take(&mut resident.is_called) {
            return true;
        }
        match resident.tier(now, &config) {
            Tier::Active => true,
            Tier::Background => slow_begins,
            Tier::Dormant => slow_begins && (now.slow + at as u64).is_multiple_of(DORMANT_EVERY),
        }
    }

    fn turn(&mut self, at: usize) -> Effects {
        let near = self.town.near(at);
        let memories = self.town.residents[at].recalled();
        let (now, config) = (self.town.now, self.town.config);
        let resident = &mut self.town.residents[at];
        let letters = std::mem::take(&mut resident.mail);
        let taken = turn::take_in(&resident.who.persona, &mut resident.who.mind, &letters, now);
        resident.remember(taken);
        let trigger = trigger(&letters, resident.tier(now, &config));
        let closeness = resident
            .who
            .proximity
            .at(now.slow, &config.proximity)
            .closeness;
        let percept = Percept {
            who: &resident.who.persona,
            archetype: &resident.archetype,
            mind: &resident.who.mind,
            now,
            config: &config,
            player_id: &resident.who.player_id,
            closeness,
            tier: Tier::of(closeness, &config.proximity),
            trigger: &trigger,
            near: &near,
            memories: &memories,
            facts: &self.town.facts,
            seed: self.seed,
        };
        let decision = offline::decide(&percept);
        let (mind, effects) = turn::carry_out(&percept, &decision.action);
        let told = match &decision.action {
            Action::Dialogue { text } => text.clone(),
            _ => mind
                .recent
                .back()
                .map(|deed| deed.what.clone())
                .unwrap_or_default(),
        };
        self.ledger.note(
            Entry {
                fast_tick: self.passed,
                character_id: resident.who.persona.id.clone(),
                trigger: trigger.as_str().to_owned(),
                action: decision.action.name().to_owned(),
                what: told,
            },
            &decision.action,
        );
        resident.who.mind = mind;
        effects
    }

    fn carry(&mut self, at: usize, effects: Effects, post: &mut Vec<(usize, Letter)>) {
        let resident = &mut self.town.residents[at];
        resident.remember(effects.memories);
        resident.who.relationships.extend(effects.relationships);
        let letters = effects.letters.into_iter();
        post.extend(letters.filter_map(|(to, letter)| Some((self.town.find(&to)?, letter))));
        if let Some(place) = effects.moved_to {
            self.town.move_to(at, place);
        }
    }
}

/// The most important event that came in and calls for a reaction, else the tick.
fn trigger(letters: &[Letter], tier: Tier) -> Trigger {
    let events = letters.iter().filter_map(|letter| match letter {
        Letter::Event { event, importance } if *importance >= CALLS => Some((event, *importance)),
        _ => None,
    });
    match (events.max_by(|a, b| a.1.total_cmp(&b.1)), tier) {
        (Some((event, importance)), _) => Trigger::Event {
            event: event.clone(),
            importance,
        },
        (None, Tier::Active) => Trigger::FastTick,
        (None, Tier::Background | Tier::Dormant) => Trigger::SlowTick,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tavern;

    fn day(seed: u64, ticks: u64, incidents: Vec<Incident>) -> Report {
        let mut simulation = Simulation::new(tavern::world(1_709_000_000_000), seed, incidents);
        for _ in 0..ticks {
            simulation.step();
        }
        simulation.report()
    }

    fn fight(at_fast_tick: u64) -> Incident {
        Incident {
            at_fast_tick,
            event: Event {
                kind: "bar_fight".to_owned(),
                source: Some("patron".to_owned()),
                target: None,
                data: serde_json::json!({ "severity": "minor" }),
                importance: Some(8.0),
                timestamp: 0,
            },
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_day_and_another_seed_another_one() {
        let bytes =
            |report: &Report| serde_json::to_string(report).expect("a report is plain data");
        let (one, again, other) = (
            day(7, 1_800, vec![]),
            day(7, 1_800, vec![]),
            day(8, 1_800, vec![]),
        );
        assert_eq!(bytes(&one), bytes(&again));
        assert_ne!(one.digest, other.digest);
        // Greta is active until her closeness of 65 has faded below 60: 101 slow ticks of 15 fast ones.
        assert!(
            one.decisions >= 1_515,
            "the active one is asked at every tick"
        );
        assert_eq!(
            one.by_character.len(),
            4,
            "everybody has a turn now and then"
        );
    }

    #[test]
    fn a_day_in_the_tavern_has_many_sides() {
        let report = day(7, 1_800, vec![]);
        let greta = &report.by_character["barkeep"];
        assert!(greta.len() >= 8, "{greta:?}");
        let total: u64 = greta.values().sum();
        assert!(greta.values().all(|count| *count * 2 < total), "{greta:?}");
        assert!(
            greta.contains_key("serve_drink") && greta.contains_key("rest"),
            "{greta:?}"
        );
        let standing = report
            .characters
            .iter()
            .find(|one| one.id == "barkeep")
            .expect("she is there");
        assert!(
            standing.needs.values().all(|need| *need < 0.9),
            "{standing:?}"
        );
    }

    #[test]
    fn an_event_is_reacted_to_at_its_tick() {
        let report = day(7, 60, vec![fight(31)]);
        let reaction = report
            .timeline
            .iter()
            .find(|entry| entry.trigger == "event");
        let reaction = reaction.expect("the active one reacts");
        assert_eq!(
            (reaction.fast_tick, reaction.character_id.as_str()),
            (31, "barkeep")
        );
        assert_ne!(report.digest, day(7, 60, vec![]).digest);
    }

    #[test]
    fn closeness_fades_as_the_formula_has_it() {
        // 1,800 ticks of 2 s are 120 slow ticks; once above 60, half of 0.1 is lost at each: 65 - 120 · 0.05.
        let report = day(7, 1_800, vec![]);
        let greta = report
            .characters
            .iter()
            .find(|one| one.id == "barkeep")
            .expect("she is there");
        assert!((greta.closeness - 59.0).abs() < 1e-9, "{}", greta.closeness);
    }
}
