//! What somebody has heard of others and may tell on.
//!
//! A rumour lives five minutes and each character keeps twenty: that bounds what goes round a world without counting it.

use serde::{Deserialize, Serialize};

use crate::bounds::{bounded, share};
use crate::event::Event;
use crate::hash::hash;
use crate::text::fit;

/// A piece of hearsay, as one character knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rumour {
    /// The same in every mouth: whoever knows it does not hear it twice.
    pub id: String,
    pub content: String,
    /// Whom it is about, if anybody: a character's id.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<String>,
    /// Who said it first.
    pub origin: String,
    /// Who told this character.
    pub heard_from: String,
    pub importance: f64,
    /// 1 at the origin, less with every mouth it went through.
    pub credibility: f64,
    pub hops: u32,
    pub created_at: i64,
    /// Whom this character told it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub told_to: Vec<String>,
}

/// Defaults of the contract's engine, all of these.
pub const MOST_RUMOURS: usize = 20;
const WORTH_TELLING_FROM: f64 = 5.0;
const LIVES_MS: u64 = 5 * 60 * 1_000;
const KEPT_BY_A_HOP: f64 = 0.8;
const LOST_BELOW: f64 = 0.1;

const LONGEST_CONTENT: usize = 300;
const LONGEST_NAME: usize = 200;
const MOST_LISTENERS: usize = 16;

impl Rumour {
    /// What a witness of an important event may tell.
    pub fn of_event(event: &Event, importance: f64, witness: &str, now_ms: i64) -> Option<Self> {
        if importance < WORTH_TELLING_FROM || importance.is_nan() {
            return None;
        }
        let timestamp = event.timestamp.to_le_bytes();
        let source = event.source.as_deref().unwrap_or_default();
        let target = event.target.as_deref().unwrap_or_default();
        let parts = [
            event.kind.as_bytes(),
            source.as_bytes(),
            target.as_bytes(),
            &timestamp,
        ];
        let about = event.source.clone().or_else(|| event.target.clone());
        Some(Self {
            id: id(&parts),
            about,
            importance: bounded(importance, 1.0, 10.0),
            ..Self::first_told(witness, &event.told(), now_ms)
        })
    }

    /// What a witness of a deed that everybody has a view on may tell.
    pub fn of_deed(doer: &str, tool: &str, telling: &str, seen: Seen<'_>) -> Self {
        Self {
            id: id(&[doer.as_bytes(), tool.as_bytes(), telling.as_bytes()]),
            about: Some(doer.to_owned()),
            importance: WORTH_TELLING_FROM,
            ..Self::first_told(seen.by, telling, seen.at_ms)
        }
    }

    fn first_told(witness: &str, content: &str, now_ms: i64) -> Self {
        Self {
            id: String::new(),
            content: fit(content, LONGEST_CONTENT),
            about: None,
            origin: witness.to_owned(),
            heard_from: witness.to_owned(),
            importance: WORTH_TELLING_FROM,
            credibility: 1.0,
            hops: 0,
            created_at: now_ms,
            told_to: Vec::new(),
        }
    }

    /// As it reaches the next one; nobody believes it when it went through too many mouths.
    pub fn passed_on_by(&self, teller: &str) -> Option<Self> {
        let credibility = share(self.credibility) * KEPT_BY_A_HOP;
        (credibility >= LOST_BELOW).then(|| Self {
            heard_from: teller.to_owned(),
            credibility,
            hops: self.hops.saturating_add(1),
            told_to: Vec::new(),
            ..self.clone()
        })
    }

    fn has_fit_names(&self) -> bool {
        let names = [&self.id, &self.origin, &self.heard_from];
        let mut names = names.into_iter().chain(&self.about);
        names.all(|name| name.len() <= LONGEST_NAME)
    }

    /// What is told first: the weighty and the credible.
    fn appeal(&self) -> f64 {
        bounded(self.importance, 0.0, 10.0) * share(self.credibility)
    }

    fn is_news_to(&self, listener: &str) -> bool {
        self.heard_from != listener
            && self.origin != listener
            && self.about.as_deref() != Some(listener)
            && self.told_to.iter().all(|told| told != listener)
    }
}

/// Who saw it, and when.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    pub by: &'a str,
    pub at_ms: i64,
}

/// Takes a rumour in and says whether it was news. Of two tellings of the same the more credible one is kept; when there are too many, the least appealing goes.
pub fn hear(rumours: &mut Vec<Rumour>, mut rumour: Rumour) -> bool {
    rumour.credibility = share(rumour.credibility);
    rumour.importance = bounded(rumour.importance, 1.0, 10.0);
    if rumour.credibility < LOST_BELOW || !rumour.has_fit_names() {
        return false;
    }
    if let Some(known) = rumours.iter_mut().find(|known| known.id == rumour.id) {
        if rumour.credibility > known.credibility {
            let told_to = std::mem::take(&mut known.told_to);
            *known = Rumour { told_to, ..rumour };
        }
        return false;
    }
    rumour.content = fit(&rumour.content, LONGEST_CONTENT);
    rumour.told_to.clear();
    rumours.push(rumour);
    if rumours.len() > MOST_RUMOURS {
        let mut least = 0;
        for (at, one) in rumours.iter().enumerate() {
            if one.appeal() < rumours[least].appeal() {
                least = at;
            }
        }
        rumours.remove(least);
    }
    true
}

/// The most appealing rumour that is news to the listener, as it reaches them. It is not told to them again.
pub fn tell(rumours: &mut [Rumour], teller: &str, listener: &str) -> Option<Rumour> {
    let news = rumours.iter_mut().filter(|one| one.is_news_to(listener));
    let best = news.max_by(|one, other| one.appeal().total_cmp(&other.appeal()))?;
    let told = best.passed_on_by(teller)?;
    if best.told_to.len() >= MOST_LISTENERS {
        best.told_to.remove(0);
    }
    best.told_to.push(listener.to_owned());
    Some(told)
}

/// Forgets what is no news any more, and what comes from a future that is none.
pub fn prune(rumours: &mut Vec<Rumour>, now_ms: i64) {
    rumours.retain(|one| now_ms.abs_diff(one.created_at) < LIVES_MS);
    rumours.truncate(MOST_RUMOURS);
}

fn id(parts: &[&[u8]]) -> String {
    format!("r_{:016x}", hash(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str) -> Event {
        Event {
            kind: kind.to_owned(),
            source: Some("patron".to_owned()),
            target: None,
            data: serde_json::Value::Null,
            importance: None,
            timestamp: 5,
        }
    }

    fn rumour(kind: &str, importance: f64) -> Rumour {
        Rumour::of_event(&event(kind), importance, "barkeep", 0).expect("it is worth telling")
    }

    #[test]
    fn only_what_matters_is_gossip_and_all_witnesses_know_the_same() {
        assert_eq!(Rumour::of_event(&event("rain"), 4.9, "barkeep", 0), None);
        let fight = rumour("bar_fight", 7.0);
        assert_eq!((fight.credibility, fight.hops), (1.0, 0));
        assert_eq!(fight.about.as_deref(), Some("patron"));
        let seen_by_another = Rumour::of_event(&event("bar_fight"), 7.0, "guard", 9);
        assert_eq!(seen_by_another.map(|one| one.id), Some(fight.id));
    }

    #[test]
    fn credibility_shrinks_by_a_fifth_a_hop_until_nobody_believes_it() {
        // 0.8^10 = 0.107, 0.8^11 = 0.086.
        let mut told = rumour("bar_fight", 7.0);
        for hop in 1..=10 {
            told = told.passed_on_by("x").expect("it is still believed");
            assert_eq!(told.hops, hop);
            assert!((told.credibility - 0.8_f64.powi(hop as i32)).abs() < 1e-12);
        }
        assert_eq!(told.passed_on_by("x"), None);
    }

    #[test]
    fn nobody_is_told_what_they_know_or_what_is_about_them() {
        let mut known = vec![rumour("bar_fight", 7.0), rumour("death", 9.0)];
        let first = tell(&mut known, "barkeep", "guard").expect("there is news");
        assert_eq!(first.content, "death by patron");
        assert_eq!(first.heard_from, "barkeep");
        let second = tell(&mut known, "barkeep", "guard").expect("there is more");
        assert_eq!(second.content, "bar fight by patron");
        assert_eq!(tell(&mut known, "barkeep", "guard"), None);
        assert_eq!(tell(&mut known, "barkeep", "patron"), None);
        let mut heard = vec![];
        hear(&mut heard, first);
        assert_eq!(tell(&mut heard, "guard", "barkeep"), None);
    }

    #[test]
    fn the_least_appealing_goes_and_the_old_are_forgotten() {
        let mut known = Vec::new();
        for number in 0..100 {
            hear(
                &mut known,
                rumour(&format!("event {number}"), 5.0 + f64::from(number % 5)),
            );
            assert!(known.len() <= MOST_RUMOURS);
        }
        assert!(known.iter().filter(|one| one.importance == 9.0).count() >= 19);
        let again = known[0].clone();
        hear(&mut known, again);
        assert_eq!(known.len(), MOST_RUMOURS);
        prune(&mut known, LIVES_MS as i64 - 1);
        assert_eq!(known.len(), MOST_RUMOURS);
        prune(&mut known, LIVES_MS as i64);
        assert!(known.is_empty());
        let unbelievable = Rumour {
            credibility: f64::NAN,
            ..rumour("x", 9.0)
        };
        hear(&mut known, unbelievable);
        assert!(known.is_empty());
    }
}
