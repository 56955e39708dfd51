//! A decision becomes deeds: needs are met, goals advance, others hear of it.

use serde_json::{Map, Value, json};

use super::deed::Use;
use crate::Mind;
use crate::archetype::nature::Nature;
use crate::decision::{Action, Effects, Neighbour, Percept, Trigger};
use crate::emotion::caught;
use crate::goal::{self, DeedWords, Progress};
use crate::gossip;
use crate::letter::Letter;
use crate::memory::{Kind, NewMemory};
use crate::mind::Deed;
use crate::need::{Need, met_by};
use crate::relationship::Relationship;
use crate::reputation::{GENERAL, TALKED_ABOUT_FROM, points_of};
use crate::text::fit;

/// What the action changes: the own mind here, the rest as effects.
pub fn carry_out(percept: &Percept<'_>, action: &Action) -> (Mind, Effects) {
    let mut turn = CarryingOut {
        percept,
        mind: percept.mind.clone(),
        effects: Effects::default(),
    };
    turn.mind.decisions = turn.mind.decisions.saturating_add(1);
    turn.learn_impressions();
    let what = match action {
        Action::ToolCall { tool, arguments } => turn.use_tool(tool, arguments),
        Action::Dialogue { text } => turn.speak(text),
        Action::Idle => {
            turn.mind.needs.meet(Need::Rest, IDLE_RESTS);
            String::new()
        }
    };
    turn.mind.note(Deed {
        action: fit(action.name(), LONGEST_NAME),
        what,
        at: percept.now.ms,
    });
    turn.answer_in_kind();
    turn.spread_mood();
    turn.keep_hours();
    (turn.mind, turn.effects)
}

/// How much of a rest it is to do nothing.
const IDLE_RESTS: f64 = 0.1;

/// Who is written to, at most, of those who saw a deed that is talked about; who listen to a song; and who catch a mood. They take
/// turns: a full hall would otherwise cost a letter a head at every tick.
const MOST_WITNESSES: usize = 6;
const MOST_LISTENERS: usize = 1;
const MOST_INFECTED: usize = 4;

/// What own steps and ends weigh as memories, and the joy of an end.
const STEP_WEIGHS: f64 = 4.0;
const END_WEIGHS: f64 = 7.0;

const LONGEST_NAME: usize = 100;
const LONGEST_SPEECH: usize = 500;

struct CarryingOut<'a> {
    percept: &'a Percept<'a>,
    mind: Mind,
    effects: Effects,
}

impl<'a> CarryingOut<'a> {
    fn use_tool(&mut self, tool: &str, arguments: &Map<String, Value>) -> String {
        let percept = self.percept;
        let deed = Use::of(percept, tool, arguments);
        for (need, part) in met_by(deed.nature) {
            self.mind.needs.meet(*need, *part);
        }
        self.advance_goals(&deed);
        let what = deed.what();
        self.tell_others(&deed, &what);
        if let Some(target) = deed.target {
            self.relate_to(target, deed.nature);
        }
        self.be_seen(&deed);
        self.effects.moved_to = deed.destination().map(str::to_owned);
        what
    }

    fn advance_goals(&mut self, deed: &Use<'_>) {
        if self.mind.goals.is_empty() {
            return;
        }
        let mut with: Vec<&str> = deed.words().collect();
        with.extend(deed.target.map(|target| target.name.as_str()));
        let words = DeedWords {
            tool: deed.tool,
            with: &with,
        };
        let now = self.percept.now;
        for progress in goal::advance(&mut self.mind.goals, &words, now.ms) {
            let (content, importance) = match &progress {
                Progress::Step(step) => (format!("Did what was to be done: {step}"), STEP_WEIGHS),
                Progress::Reached(goal) => {
                    self.mind.feelings.stir("success", Some(END_WEIGHS), now);
                    self.mind.needs.meet(Need::Purpose, 1.0);
                    (format!("Reached the goal: {goal}"), END_WEIGHS)
                }
            };
            self.mind.unreflected += importance;
            self.effects.memories.push(NewMemory {
                kind: Kind::Episode,
                content: fit(&content, LONGEST_SPEECH),
                player_id: None,
                event_type: Some("goal".to_owned()),
                tags: vec![fit(deed.tool, LONGEST_NAME)],
                importance,
                source: json!({ "deed": { "tool": fit(deed.tool, LONGEST_NAME) } }),
            });
        }
    }

    /// Whoever it was done to hears of it, an audience does, and those who saw what is talked about.
    fn tell_others(&mut self, deed: &Use<'_>, what: &str) {
        let percept = self.percept;
        let is_notable = points_of(deed.nature).abs() >= TALKED_ABOUT_FROM;
        let most = match deed.nature {
            _ if is_notable => MOST_WITNESSES,
            Nature::Perform => MOST_LISTENERS,
            _ => 0,
        };
        if deed.target.is_none() && most == 0 {
            return;
        }
        let done = || Letter::Done {
            from: percept.who.id.clone(),
            name: percept.who.name.clone(),
            tool: fit(deed.tool, LONGEST_NAME),
            what: format!("{}: {what}", percept.who.name),
            to: deed.target.map(|target| target.id.clone()),
        };
        if let Some(target) = deed.target {
            let speech = match deed.nature {
                Nature::Talk => deed.speech(percept),
                _ => None,
            };
            let letter = speech.map_or_else(done, |text| self.said(text));
            self.write_to(target, letter);
        }
        for witness in self.some_of_those_near(most) {
            if deed.target.is_none_or(|target| target.id != witness.id) {
                self.write_to(witness, done());
            }
        }
    }

    fn said(&self, text: &str) -> Letter {
        Letter::Said {
            from: self.percept.who.id.clone(),
            name: self.percept.who.name.clone(),
            text: fit(text, LONGEST_SPEECH),
        }
    }

    /// What two hold of each other changes only by what passes between people.
    fn relate_to(&mut self, target: &Neighbour, nature: Nature) {
        let slow = self.percept.now.slow;
        let points = points_of(nature);
        if points > 0.0 {
            self.warm_to(target);
        } else if points < 0.0 {
            self.hold(target, |held| held.soured(slow));
        }
        if nature == Nature::Talk {
            self.gossip_with(target);
        }
    }

    fn warm_to(&mut self, one: &Neighbour) {
        let slow = self.percept.now.slow;
        let strength = one.relationship.strength;
        if self.mind.is_kindness_noticed(&one.id, strength, slow) {
            self.hold(one, |held| held.warmed(slow));
        }
    }

    /// Only what somebody else saw counts for a name.
    fn be_seen(&mut self, deed: &Use<'_>) {
        let points = points_of(deed.nature);
        let slow = self.percept.now.slow;
        let is_witness = |one: &Neighbour| deed.target.is_none_or(|target| target.id != one.id);
        if points == 0.0 || !self.percept.near.iter().any(is_witness) {
            return;
        }
        if points < 0.0 || self.mind.is_deed_honoured(slow) {
            self.mind.reputation.shift(GENERAL, points);
        }
    }

    /// Words without a tool go to whoever this is about, else to whoever spoke last.
    fn speak(&mut self, text: &str) -> String {
        self.mind.needs.meet(Need::Social, 1.0);
        let percept = self.percept;
        let source = match percept.trigger {
            Trigger::Event { event, .. } => event.source.as_deref(),
            Trigger::FastTick | Trigger::SlowTick => None,
        };
        let spoke = self.mind.spoken_to_by.iter().map(String::as_str);
        let listener = source
            .into_iter()
            .chain(spoke.rev())
            .find_map(|id| neighbour(percept, id));
        if let Some(listener) = listener {
            let letter = self.said(text);
            self.write_to(listener, letter);
            self.relate_to(listener, Nature::Talk);
        }
        fit(text, LONGEST_NAME)
    }

    /// Whoever spoke to it hears a rumour in return: an exchange goes both ways.
    fn answer_in_kind(&mut self) {
        for speaker in std::mem::take(&mut self.mind.spoken_to_by) {
            if let Some(speaker) = neighbour(self.percept, &speaker) {
                self.gossip_with(speaker);
            }
        }
    }

    fn gossip_with(&mut self, listener: &Neighbour) {
        let teller = &self.percept.who.id;
        if let Some(rumour) = gossip::tell(&mut self.mind.rumours, teller, &listener.id) {
            self.write_to(listener, Letter::Told { rumour });
        }
    }

    /// What others did to it shows in what it holds of them, as soon as they are there again.
    fn learn_impressions(&mut self) {
        if self.mind.impressions.is_empty() {
            return;
        }
        let slow = self.percept.now.slow;
        for one in self.percept.near {
            let Some(kindness) = self.mind.impressions.remove(&one.id) else {
                continue;
            };
            if kindness > 0 {
                self.warm_to(one);
            }
            for _ in kindness..0 {
                self.hold(one, |held| held.soured(slow));
            }
        }
    }

    /// Once in a slow tick a strong mood reaches some of those around.
    fn spread_mood(&mut self) {
        let now = self.percept.now;
        if self.percept.near.is_empty() || self.mind.mood_spread_at_slow >= now.slow {
            return;
        }
        self.mind.mood_spread_at_slow = now.slow;
        let mood = self.mind.feelings.mood_at(now.fast);
        let crowd = self.percept.near.len() + 1;
        for one in self.some_of_those_near(MOST_INFECTED) {
            let Some(intensity) = caught(mood, crowd, one.relationship.bond.regard()) else {
                continue;
            };
            let letter = Letter::Infected {
                from: self.percept.who.id.clone(),
                emotion: mood.emotion,
                intensity,
            };
            self.write_to(one, letter);
        }
    }

    /// Goes where the hour wants it, unless it went elsewhere of its own will.
    fn keep_hours(&mut self) {
        if self.effects.moved_to.is_some() {
            return;
        }
        let routine = self.mind.routine.as_ref();
        let phase = routine.and_then(|routine| routine.phase(self.percept.now.fast));
        let place = phase.and_then(|phase| phase.location.as_ref());
        self.effects.moved_to = place
            .filter(|place| self.percept.who.location.as_ref() != Some(*place))
            .cloned();
    }

    fn write_to(&mut self, one: &Neighbour, letter: Letter) {
        self.effects.letters.push((one.id.clone(), letter));
    }

    fn hold(&mut self, one: &Neighbour, change: impl FnOnce(Relationship) -> Relationship) {
        let held = self.effects.relationships.iter_mut();
        match { held }.find(|(id, _)| *id == one.id) {
            Some((_, held)) => *held = change(*held),
            None => {
                let held = change(one.relationship);
                self.effects.relationships.push((one.id.clone(), held));
            }
        }
    }

    /// So many of them, others each time.
    fn some_of_those_near(&self, most: usize) -> impl Iterator<Item = &'a Neighbour> + use<'a> {
        let near = self.percept.near;
        let many = u64::try_from(near.len()).unwrap_or(u64::MAX).max(1);
        let first = usize::try_from(self.mind.decisions % many).unwrap_or_default();
        near.iter().cycle().skip(first).take(most.min(near.len()))
    }
}

fn neighbour<'a>(percept: &Percept<'a>, id: &str) -> Option<&'a Neighbour> {
    percept.near.iter().find(|one| one.id == id)
}
