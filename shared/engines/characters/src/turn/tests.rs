//! Turns of a small company.

mod evening;
mod hostile;

use serde_json::{Value, json};

use super::{carry_out, take_in};
use crate::archetype::catalogue;
use crate::closeness::Tier;
use crate::decision::{Action, Effects, Neighbour, Percept, Trigger};
use crate::emotion::Emotion;
use crate::event::Event;
use crate::goal::{Goal, Status, Step};
use crate::letter::Letter;
use crate::memory::Kind;
use crate::persona::Identity;
use crate::relationship::{Bond, Relationship};
use crate::reputation::{GENERAL, Reputation};
use crate::routine::{Phase, Routine};
use crate::{Config, Mind, Now, Persona};

/// Somebody at a time, and who is near.
struct Stage {
    who: Persona,
    mind: Mind,
    near: Vec<Neighbour>,
    now: Now,
    trigger: Trigger,
}

const NAMES: [(&str, &str); 4] = [
    ("barkeep", "Greta"),
    ("guard", "Theron"),
    ("bard", "Elara"),
    ("merchant", "Fynn"),
];

fn persona(id: &str) -> Persona {
    let name = NAMES.iter().find(|(known, _)| *known == id);
    Persona {
        id: id.to_owned(),
        name: name.map_or(id, |(_, name)| name).to_owned(),
        archetype: catalogue::find(id).map_or("npc", |_| id).to_owned(),
        identity: Identity::default(),
        location: Some("tavern".to_owned()),
    }
}

fn stage(id: &str, near: &[&str]) -> Stage {
    let near = near.iter().map(|id| {
        let other = persona(id);
        Neighbour {
            id: other.id,
            name: other.name,
            archetype: other.archetype,
            relationship: Relationship::default(),
        }
    });
    Stage {
        who: persona(id),
        mind: Mind::default(),
        near: near.collect(),
        now: Now {
            ms: 1_000_000,
            fast: 100,
            slow: 7,
        },
        trigger: Trigger::FastTick,
    }
}

impl Stage {
    fn takes_in(&mut self, letters: &[Letter]) -> Vec<crate::memory::NewMemory> {
        take_in(&self.who, &mut self.mind, letters, self.now)
    }

    /// The mind afterwards is the stage's.
    fn does(&mut self, action: &Action) -> Effects {
        let (mind, effects) = carry_out(
            &Percept {
                who: &self.who,
                archetype: catalogue::find(&self.who.archetype).expect("it is in the catalogue"),
                mind: &self.mind,
                now: self.now,
                config: &Config::default(),
                player_id: "default",
                closeness: 65.0,
                tier: Tier::Active,
                trigger: &self.trigger,
                near: &self.near,
                memories: &[],
                facts: &[],
                seed: 0,
            },
            action,
        );
        self.mind = mind;
        effects
    }

    fn uses(&mut self, tool: &str, arguments: Value) -> Effects {
        self.does(&tool_call(tool, arguments))
    }
}

fn tool_call(tool: &str, arguments: Value) -> Action {
    Action::ToolCall {
        tool: tool.to_owned(),
        arguments: arguments.as_object().cloned().unwrap_or_default(),
    }
}

fn fight(importance: f64) -> Letter {
    Letter::Event {
        event: Event {
            kind: "bar_fight".to_owned(),
            source: Some("patron".to_owned()),
            target: Some("barkeep".to_owned()),
            data: json!({ "severity": "minor" }),
            importance: Some(importance),
            timestamp: 5,
        },
        importance,
    }
}

fn to<'a>(effects: &'a Effects, id: &'a str) -> Vec<&'a Letter> {
    let letters = effects.letters.iter();
    letters
        .filter(|(to, _)| to == id)
        .map(|(_, one)| one)
        .collect()
}

#[test]
fn an_event_is_felt_seen_remembered_and_talked_about() {
    let mut greta = stage("barkeep", &[]);
    let memories = greta.takes_in(&[fight(7.0)]);
    assert!((greta.mind.feelings.intensity_at(Emotion::Fear, 100) - 0.42).abs() < 1e-12);
    assert!((greta.mind.feelings.intensity_at(Emotion::Anger, 100) - 0.28).abs() < 1e-12);
    assert!(greta.mind.needs.safety > 0.1);
    assert_eq!(memories.len(), 1);
    assert_eq!(memories[0].kind, Kind::Episode);
    assert_eq!(memories[0].importance, 7.0);
    assert_eq!(memories[0].event_type.as_deref(), Some("bar_fight"));
    assert_eq!(memories[0].tags, ["patron"]);
    assert_eq!(greta.mind.unreflected, 7.0);
    assert_eq!(greta.mind.rumours[0].about.as_deref(), Some("patron"));
    assert_eq!(greta.mind.impressions["patron"], -1);
    assert!(
        greta.takes_in(&[fight(7.0)]).is_empty(),
        "the same again is not remembered twice"
    );
    assert_eq!(greta.mind.working.len(), 2);
}

#[test]
fn what_is_slight_is_seen_and_forgotten() {
    let mut greta = stage("barkeep", &[]);
    assert!(greta.takes_in(&[fight(2.0)]).is_empty());
    assert_eq!(greta.mind.working.len(), 1);
    assert!(greta.mind.rumours.is_empty());
}

#[test]
fn whoever_fights_is_not_frightened_by_it() {
    let mut patron = stage("patron", &[]);
    patron.takes_in(&[fight(9.0)]);
    assert!(patron.mind.feelings.0.is_empty());
    assert!(
        patron.mind.rumours.is_empty(),
        "nor do they tell on themselves"
    );
}

#[test]
fn talk_meets_a_need_warms_and_carries_gossip_both_ways() {
    let mut greta = stage("barkeep", &["guard"]);
    let mut theron = stage("guard", &["barkeep"]);
    greta.takes_in(&[fight(7.0)]);
    let death = Letter::Event {
        event: Event {
            kind: "death".to_owned(),
            source: None,
            target: Some("king".to_owned()),
            data: Value::Null,
            importance: None,
            timestamp: 6,
        },
        importance: 10.0,
    };
    theron.takes_in(&[death]);
    greta.mind.needs.social = 0.6;
    let said = greta.uses(
        "talk_to",
        json!({ "target": "guard", "message": "Did you see?" }),
    );
    assert!((greta.mind.needs.social - 0.2).abs() < 1e-12);
    assert_eq!(said.relationships[0].0, "guard");
    // As of slow tick 0 it was 50 and 50, which does not drift.
    assert_eq!(said.relationships[0].1.strength, 52.0);
    let letters: Vec<_> = to(&said, "guard").into_iter().cloned().collect();
    assert!(matches!(&letters[0], Letter::Said { text, .. } if text == "Did you see?"));
    assert!(matches!(&letters[1], Letter::Told { .. }));

    let memories = theron.takes_in(&letters);
    assert!(
        memories
            .iter()
            .any(|one| one.content.contains("Greta said"))
    );
    let heard = theron.mind.rumours.iter().find(|one| one.hops == 1);
    assert!(heard.is_some_and(|one| one.credibility == 0.8 && one.origin == "barkeep"));
    let answer = theron.uses("patrol", json!({ "area": "the door" }));
    let told = to(&answer, "barkeep");
    assert!(
        matches!(told[..], [Letter::Told { rumour }, Letter::Infected { .. }] if rumour.content == "death to king"),
        "{told:?}"
    );
    assert_eq!(
        answer.relationships[0].1.strength, 52.0,
        "a kind word is returned by what one holds"
    );
    let after = theron.uses("patrol", json!({ "area": "the door" }));
    assert!(after.letters.is_empty() && after.relationships.is_empty());
}

#[test]
fn a_name_is_made_before_witnesses_only() {
    let serve = json!({ "drink": "ale", "customer": "guard" });
    let mut alone = stage("barkeep", &["guard"]);
    alone.uses("serve_drink", serve.clone());
    assert_eq!(alone.mind.reputation.score(GENERAL), 0.0);
    let mut seen = stage("barkeep", &["guard", "bard"]);
    let effects = seen.uses("serve_drink", serve);
    assert_eq!(seen.mind.reputation.score(GENERAL), 1.0);
    assert!(
        matches!(to(&effects, "guard")[..], [Letter::Done { to: Some(to), what, .. }]
            if to == "guard" && what == "Greta: serve drink (ale), Theron")
    );
    assert!(to(&effects, "bard").is_empty(), "nobody talks about that");
}

#[test]
fn a_fight_is_seen_by_all_and_told_on() {
    let mut greta = stage("barkeep", &["guard", "bard", "merchant"]);
    let effects = greta.uses("attack", json!({ "target": "Theron" }));
    assert_eq!(effects.letters.len(), 3);
    assert_eq!(effects.relationships[0].1.strength, 47.0);
    assert_eq!(greta.mind.reputation.score(GENERAL), -3.0);
    let written = |id| to(&effects, id).into_iter().cloned().collect::<Vec<_>>();
    let mut elara = stage("bard", &["merchant"]);
    let memories = elara.takes_in(&written("bard"));
    assert_eq!(memories[0].importance, 7.0);
    assert_eq!(elara.mind.rumours[0].about.as_deref(), Some("barkeep"));
    assert!(elara.mind.impressions.is_empty(), "it was not done to her");
    let mut theron = stage("guard", &["barkeep"]);
    theron.takes_in(&written("guard"));
    assert_eq!(theron.mind.impressions["barkeep"], -1);
    let afraid = |mind: &Mind| mind.feelings.intensity_at(Emotion::Fear, 100);
    assert!(afraid(&theron.mind) > afraid(&elara.mind) && afraid(&elara.mind) > 0.0);
    assert_eq!(theron.mind.rumours[0].id, elara.mind.rumours[0].id);
}

#[test]
fn deeds_advance_goals_and_an_end_is_remembered_with_joy() {
    let mut greta = stage("barkeep", &["bard"]);
    let step = |text: &str| Step {
        description: text.to_owned(),
        completed: false,
    };
    greta.mind.goals.push(Goal {
        steps: vec![step("Ask Elara to sing")],
        ..Goal::new("g_1".into(), "Hold a festival".into(), None, 0)
    });
    let idle = greta.uses("patrol", json!({}));
    assert!(idle.memories.is_empty());
    let asked = greta.uses(
        "talk_to",
        json!({ "target": "bard", "message": "Will you?" }),
    );
    assert_eq!(asked.memories.len(), 2);
    assert_eq!(asked.memories[1].importance, 7.0);
    assert!(asked.memories[1].content.ends_with("Hold a festival"));
    assert_eq!(greta.mind.goals[0].status, Status::Completed);
    assert!(greta.mind.feelings.intensity_at(Emotion::Joy, 100) > 0.5);
}

#[test]
fn the_hour_and_the_feet_decide_where_one_goes() {
    let mut greta = stage("barkeep", &[]);
    let phase = |from_hour, location: &str| Phase {
        from_hour,
        activity: "be".to_owned(),
        location: Some(location.to_owned()),
        tools: Vec::new(),
    };
    let day = Routine::new(240, vec![phase(6.0, "tavern"), phase(22.0, "attic")]);
    greta.mind.routine = day.ok();
    greta.now.fast = 100;
    assert_eq!(greta.does(&Action::Idle).moved_to, None);
    greta.now.fast = 230;
    assert_eq!(greta.does(&Action::Idle).moved_to.as_deref(), Some("attic"));
    let goes = greta.uses("go_to", json!({ "location": " market " }));
    assert_eq!(goes.moved_to.as_deref(), Some("market"));
    let nowhere = greta.uses("go_to", json!({ "location": "" }));
    assert_eq!(nowhere.moved_to.as_deref(), Some("attic"));
}

#[test]
fn a_strong_mood_spreads_once_a_slow_tick() {
    let mut greta = stage("barkeep", &["guard", "bard"]);
    greta.near[0].relationship.bond = Bond::Enemy;
    let now = greta.now;
    greta.mind.feelings.apply(Emotion::Fear, 1.0, None, now);
    let spread = greta.does(&Action::Idle);
    let caught = |id| match to(&spread, id)[..] {
        [Letter::Infected { intensity, .. }] => *intensity,
        _ => 0.0,
    };
    // By hand: 1 · 0.6 · √(3 / 10) = 0.329, at most 0.3; an enemy catches three tenths of it.
    assert_eq!(caught("bard"), 0.3);
    assert!((caught("guard") - 0.18 * 0.3_f64.sqrt()).abs() < 1e-12);
    assert!(greta.does(&Action::Idle).letters.is_empty());
    greta.now.slow += 1;
    assert_eq!(greta.does(&Action::Idle).letters.len(), 2);
}

#[test]
fn words_go_to_whoever_they_answer() {
    let mut greta = stage("barkeep", &["guard", "bard"]);
    let say = Action::Dialogue {
        text: "Good evening!".to_owned(),
    };
    assert!(greta.does(&say).letters.is_empty());
    greta.takes_in(&[Letter::Said {
        from: "bard".to_owned(),
        name: "Elara".to_owned(),
        text: "Evening, Greta.".to_owned(),
    }]);
    assert_eq!(to(&greta.does(&say), "bard").len(), 1);
    assert!(greta.does(&say).letters.is_empty(), "that was answered");
}

#[test]
fn orders_become_goals_once() {
    let mut theron = stage("guard", &[]);
    let order = Letter::Ordered {
        from: "captain".to_owned(),
        name: "Mara".to_owned(),
        goal: Goal::new("g_9".into(), "Watch the gate".into(), Some(8.0), 0),
    };
    let memories = theron.takes_in(&[order.clone(), order]);
    assert_eq!((memories.len(), theron.mind.goals.len()), (1, 1));
}

#[test]
fn the_same_turn_has_the_same_outcome() {
    let turn = || {
        let mut greta = stage("barkeep", &["guard", "bard"]);
        let memories = greta.takes_in(&[fight(8.0)]);
        let effects = greta.uses("tell_story", json!({ "topic": "the fight" }));
        (greta.mind, memories, effects)
    };
    assert_eq!(turn(), turn());
}

#[test]
fn a_reputation_reaches_the_heart_when_it_turns() {
    let mut fynn = stage("merchant", &[]);
    let regarded = |delta| Letter::Regarded {
        dimension: "honesty".to_owned(),
        delta,
    };
    fynn.takes_in(&[regarded(-2.0)]);
    assert!(fynn.mind.feelings.0.is_empty());
    fynn.takes_in(&[regarded(-8.0)]);
    assert_eq!(fynn.mind.reputation.score("honesty"), -10.0);
    assert_eq!(fynn.mind.feelings.mood_at(100).emotion, Emotion::Sadness);
    assert_eq!(Reputation::default().score("honesty"), 0.0);
}
