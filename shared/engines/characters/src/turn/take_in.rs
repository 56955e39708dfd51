//! Letters become feelings, glimpses, rumours, tasks and memories.

use serde_json::json;

use crate::archetype::nature::{self, Nature};
use crate::bounds::{bounded, share};
use crate::emotion::{Emotion, stirred_by};
use crate::event::Event;
use crate::goal::{self, Goal};
use crate::gossip::{self, Rumour, Seen};
use crate::letter::Letter;
use crate::memory::importance::WORTH_KEEPING;
use crate::memory::{Glimpse, Kind, NewMemory};
use crate::mind::LONGEST_GLIMPSE;
use crate::need::{Need, met_in_receiving};
use crate::reputation::{TALKED_ABOUT_FROM, points_of};
use crate::text::fit;
use crate::{Mind, Now, Persona};

/// Settles the mind to now and folds the letters in, oldest first. What is worth keeping comes back as memories.
pub fn take_in(who: &Persona, mind: &mut Mind, letters: &[Letter], now: Now) -> Vec<NewMemory> {
    mind.settle(now);
    let mut taking = TakingIn {
        who,
        mind,
        now,
        memories: Vec::new(),
    };
    for letter in letters {
        taking.open(letter);
    }
    taking.memories
}

/// What words of another weigh, what a rumour must weigh to be remembered when it is forgotten as gossip, and what an order weighs.
const SAID_WEIGHS: f64 = 3.0;
const RUMOUR_KEPT_FROM: f64 = 5.0;
const ORDER_WEIGHS: f64 = 5.0;

/// How much of a fear becomes a need for safety.
const UNSETTLED: f64 = 0.4;

struct TakingIn<'a> {
    who: &'a Persona,
    mind: &'a mut Mind,
    now: Now,
    memories: Vec<NewMemory>,
}

/// Somebody's deed, as it was written about.
struct Witnessed<'a> {
    from: &'a str,
    tool: &'a str,
    what: &'a str,
    to: Option<&'a str>,
}

impl TakingIn<'_> {
    fn open(&mut self, letter: &Letter) {
        match letter {
            Letter::Event { event, importance } => self.live_through(event, *importance),
            Letter::Said { from, name, text } => self.listen(from, name, text),
            Letter::Done {
                from,
                tool,
                what,
                to,
                ..
            } => self.see(&Witnessed {
                from,
                tool,
                what,
                to: to.as_deref(),
            }),
            Letter::Told { rumour } => self.be_told(rumour),
            Letter::Infected {
                from,
                emotion,
                intensity,
            } => {
                // A mood that is caught is no stronger for being caught from many: a crowd would never calm down.
                let feelings = &mut self.mind.feelings;
                feelings.rise_to(*emotion, *intensity, from, self.now);
            }
            Letter::Ordered { from, name, goal } => self.be_ordered(from, name, goal),
            Letter::Regarded { dimension, delta } => self.be_regarded(dimension, *delta),
        }
    }

    fn live_through(&mut self, event: &Event, importance: f64) {
        let importance = bounded(importance, 1.0, 10.0);
        let is_me = |id: &Option<String>| id.as_deref() == Some(self.who.id.as_str());
        let (is_mine, is_to_me) = (is_me(&event.source), is_me(&event.target));
        let kindness = self.feel(&event.kind, importance / 10.0, is_mine);
        if let (Some(source), true, false) = (&event.source, is_to_me, is_mine) {
            self.mind.impress(source, kindness);
        }
        let told = event.told();
        if importance >= WORTH_KEEPING && !self.mind.has_glimpsed(&told) {
            let others = [&event.source, &event.target].into_iter().flatten();
            let tags = others
                .filter(|other| **other != self.who.id)
                .map(String::as_str)
                .chain(event.location());
            self.keep(NewMemory {
                kind: Kind::Episode,
                content: told.clone(),
                player_id: None,
                event_type: Some(tag(&event.kind)),
                tags: tags.map(tag).collect(),
                importance,
                // Its data stay where the event is kept: they may be large, and many may remember it.
                source: json!({ "event": {
                    "type": tag(&event.kind),
                    "source": event.source.as_deref().map(tag),
                    "target": event.target.as_deref().map(tag),
                    "timestamp": event.timestamp,
                } }),
            });
        }
        self.glimpse(told);
        if !is_mine
            && let Some(rumour) = Rumour::of_event(event, importance, &self.who.id, self.now.ms)
        {
            gossip::hear(&mut self.mind.rumours, rumour);
        }
    }

    /// Feels what this kind of thing stirs; whoever did it feels only what is pleasant in it. Says whether it was kind or unkind.
    fn feel(&mut self, kind: &str, weight: f64, is_mine: bool) -> i32 {
        let mut pleasure = 0.0;
        for (emotion, intensity) in stirred_by(kind) {
            let intensity = intensity * weight;
            match emotion {
                Emotion::Joy | Emotion::Trust => pleasure += intensity,
                Emotion::Anticipation | Emotion::Surprise => {}
                _ if is_mine => continue,
                Emotion::Fear => {
                    pleasure -= intensity;
                    let safety = self.mind.needs.get(Need::Safety) + UNSETTLED * intensity;
                    self.mind.needs.set(Need::Safety, safety);
                }
                _ => pleasure -= intensity,
            }
            self.mind
                .feelings
                .apply(*emotion, intensity, Some(kind), self.now);
        }
        match pleasure {
            _ if pleasure > 0.0 => 1,
            _ if pleasure < 0.0 => -1,
            _ => 0,
        }
    }

    fn listen(&mut self, from: &str, name: &str, text: &str) {
        let heard = fit(&format!("{name} said: “{text}”"), LONGEST_GLIMPSE);
        self.mind.hear_from(from);
        self.mind.impress(from, 1);
        self.receive(Nature::Talk);
        if !self.mind.has_glimpsed(&heard) {
            self.keep(NewMemory {
                kind: Kind::Dialogue,
                content: heard.clone(),
                player_id: None,
                event_type: Some("dialogue".to_owned()),
                tags: vec![tag(from)],
                importance: SAID_WEIGHS,
                source: json!({ "said": { "by": tag(from) } }),
            });
        }
        self.glimpse(heard);
    }

    fn see(&mut self, deed: &Witnessed<'_>) {
        let nature = nature::of(deed.tool);
        let points = points_of(nature);
        let is_to_me = deed.to == Some(self.who.id.as_str());
        let importance = weight(nature);
        if is_to_me {
            self.mind
                .impress(deed.from, points.signum() as i32 * i32::from(points != 0.0));
            self.receive(nature);
        }
        if let Some(kind) = felt_as(nature) {
            let part = if is_to_me { 1.0 } else { ONLOOKING };
            for (emotion, intensity) in stirred_by(kind) {
                let level = intensity * part * importance / 10.0;
                let feelings = &mut self.mind.feelings;
                feelings.rise_to(*emotion, level, kind, self.now);
            }
        }
        let is_notable = points.abs() >= TALKED_ABOUT_FROM;
        if is_notable {
            let seen = Seen {
                by: &self.who.id,
                at_ms: self.now.ms,
            };
            let rumour = Rumour::of_deed(deed.from, deed.tool, deed.what, seen);
            gossip::hear(&mut self.mind.rumours, rumour);
        }
        let what = fit(deed.what, LONGEST_GLIMPSE);
        let is_kept = importance >= WORTH_KEEPING && (is_notable || is_to_me);
        if is_kept && !self.mind.has_glimpsed(&what) {
            self.keep(NewMemory {
                kind: Kind::Episode,
                content: what.clone(),
                player_id: None,
                event_type: Some(tag(deed.tool)),
                tags: vec![tag(deed.from)],
                importance,
                source: json!({ "deed": { "by": tag(deed.from), "tool": tag(deed.tool), "to": deed.to.map(tag) } }),
            });
        }
        self.glimpse(what);
    }

    fn be_told(&mut self, rumour: &Rumour) {
        let is_about_me = rumour.about.as_deref() == Some(self.who.id.as_str());
        let is_news = is_about_me || gossip::hear(&mut self.mind.rumours, rumour.clone());
        if !is_news {
            return;
        }
        let teller = &rumour.heard_from;
        let heard = fit(
            &format!("Heard from {teller}: {}", rumour.content),
            LONGEST_GLIMPSE,
        );
        let importance = bounded(rumour.importance, 1.0, 10.0) * share(rumour.credibility);
        if importance >= RUMOUR_KEPT_FROM {
            let tags = rumour.about.iter().chain([teller]);
            self.keep(NewMemory {
                kind: Kind::Episode,
                content: heard.clone(),
                player_id: None,
                event_type: Some("rumour".to_owned()),
                tags: tags.map(|name| tag(name)).collect(),
                importance,
                source: json!({ "rumour": { "id": tag(&rumour.id), "from": tag(teller) } }),
            });
        }
        self.glimpse(heard);
    }

    /// Whoever has no room for another goal forgets the order, but not that there was one.
    fn be_ordered(&mut self, from: &str, name: &str, goal: &Goal) {
        if self.mind.goals.iter().any(|known| known.id == goal.id) {
            return;
        }
        let told = fit(
            &format!("{name} gave the order: {}", goal.description),
            LONGEST_GLIMPSE,
        );
        self.keep(NewMemory {
            kind: Kind::Episode,
            content: told.clone(),
            player_id: None,
            event_type: Some("order".to_owned()),
            tags: vec![tag(from)],
            importance: ORDER_WEIGHS,
            source: json!({ "order": { "by": tag(from), "goal": tag(&goal.id) } }),
        });
        self.glimpse(told);
        let goal = Goal {
            id: tag(&goal.id),
            description: fit(&goal.description, LONGEST_GLIMPSE),
            ..goal.clone()
        };
        // Refused when there are too many.
        let _ = goal::add(&mut self.mind.goals, goal);
    }

    fn be_regarded(&mut self, dimension: &str, delta: f64) {
        self.mind.reputation.shift(dimension, delta);
        if delta.abs() >= TALKED_ABOUT_FROM {
            let emotion = match delta > 0.0 {
                true => Emotion::Joy,
                false => Emotion::Sadness,
            };
            let feelings = &mut self.mind.feelings;
            feelings.apply(
                emotion,
                share(delta.abs() / 20.0),
                Some("reputation"),
                self.now,
            );
        }
    }

    fn receive(&mut self, nature: Nature) {
        for (need, part) in met_in_receiving(nature) {
            self.mind.needs.meet(*need, *part);
        }
    }

    fn glimpse(&mut self, content: String) {
        let at = self.now.ms;
        self.mind.glimpse(Glimpse { content, at });
    }

    fn keep(&mut self, memory: NewMemory) {
        self.mind.unreflected += memory.importance;
        self.memories.push(memory);
    }
}

const LONGEST_TAG: usize = 100;

fn tag(name: &str) -> String {
    fit(name, LONGEST_TAG)
}

/// How much of it somebody feels who only looks on.
const ONLOOKING: f64 = 0.5;

/// What a deed weighs as a memory: as events of its kind do, by the table of the contract's engine.
fn weight(nature: Nature) -> f64 {
    match nature {
        Nature::Fight => 7.0,
        Nature::Steal | Nature::Care => 6.0,
        Nature::Trade => 4.0,
        _ => 2.0,
    }
}

/// The kind of event that a deed is to those it reaches.
fn felt_as(nature: Nature) -> Option<&'static str> {
    match nature {
        Nature::Fight => Some("combat"),
        Nature::Steal => Some("theft"),
        Nature::Care => Some("help"),
        Nature::Perform | Nature::Play => Some("song"),
        Nature::Trade => Some("trade"),
        Nature::Serve => Some("dialogue"),
        _ => None,
    }
}
