//! Which decisions are worth asking a language model: those that matter. Routine steps are decided offline.
//!
//! What lasts (a need that stays unmet, a rival in the same room) is worth one question, not one a tick. So the gate looks at what is
//! new since the last decision, or lets each character ask in its own share of the ticks; it keeps no state.

use serde::Serialize;

use crate::closeness::Tier;
use crate::decision::{Percept, Trigger};
use crate::emotion::Emotion;
use crate::goal::Goal;
use crate::hash::hash;
use crate::need::{Lack, Need};
use crate::relationship::Regard;

/// Why it is worth a question, and how much: 0 to 1, for callers who have to choose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Worth {
    pub reason: Reason,
    pub score: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Something important happened.
    Event,
    /// A need has just begun to press.
    Need,
    /// An enemy is near, and blood is up.
    Conflict,
    /// A player who is close was here a moment ago.
    Player,
    /// A new goal competes with another.
    Goals,
}

impl Reason {
    /// As the metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Need => "need",
            Self::Conflict => "conflict",
            Self::Player => "player",
            Self::Goals => "goals",
        }
    }
}

/// Events from here on are always worth it: from here on the contract's engine makes gossip of them, too.
const IMPORTANT: f64 = 5.0;
/// How hot a temper must be for a conflict.
const HEATED: f64 = 0.4;
/// For so long after a player's last word or deed somebody is in company.
const COMPANY_MS: i64 = 60_000;
/// Priorities that compete are high and nearly the same.
const HIGH: f64 = 7.0;
const NEARLY: f64 = 1.0;
/// Fast ticks between two questions for the same lasting reason.
const COMPANY_EVERY: u64 = 5;
const CONFLICT_EVERY: u64 = 15;
/// A character in the background asks about one kind of need at a time, so many fast ticks long: between two of its decisions each
/// need grows so much that all of them would be new all the time.
const NEED_EVERY: u64 = 300;

/// None: decided offline. `player_seen_ms` is when the player of the percept last did something with the character.
pub fn worth(percept: &Percept<'_>, player_seen_ms: Option<i64>) -> Option<Worth> {
    if let Trigger::Event { importance, .. } = percept.trigger {
        return (*importance >= IMPORTANT).then_some(Worth {
            reason: Reason::Event,
            score: (importance / 10.0).clamp(0.0, 1.0),
        });
    }
    // Nobody looks at the dormant: only events are worth anything there.
    if percept.tier == Tier::Dormant {
        return None;
    }
    conflict(percept)
        .or_else(|| pressing(percept))
        .or_else(|| competing(percept))
        .or_else(|| company(percept, player_seen_ms))
}

fn conflict(percept: &Percept<'_>) -> Option<Worth> {
    let felt = |emotion| {
        percept
            .mind
            .feelings
            .intensity_at(emotion, percept.now.fast)
    };
    let heat = felt(Emotion::Anger).max(felt(Emotion::Fear));
    let mut near = percept.near.iter();
    let is_met = near.any(|one| one.relationship.bond.regard() == Regard::Hostile);
    (is_met && heat >= HEATED && is_turn(percept, CONFLICT_EVERY)).then_some(Worth {
        reason: Reason::Conflict,
        score: heat.min(1.0),
    })
}

fn pressing(percept: &Percept<'_>) -> Option<Worth> {
    let ticks = since_last(percept) as f64;
    let began = |lack: &Lack| {
        lack.is_critical() && {
            let before = lack.intensity - ticks * lack.need.growth();
            !Lack {
                intensity: before,
                ..*lack
            }
            .is_critical()
        }
    };
    let is_asked = |lack: &Lack| {
        let kinds = Need::ALL.len() as u64;
        let turn = (percept.now.fast / NEED_EVERY).wrapping_add(hash(&[percept.who.id.as_bytes()]));
        percept.tier == Tier::Active || Need::ALL[(turn % kinds) as usize] == lack.need
    };
    let lacks = percept.mind.needs.list();
    let new = lacks.iter().find(|lack| began(lack) && is_asked(lack))?;
    Some(Worth {
        reason: Reason::Need,
        score: new.intensity,
    })
}

fn competing(percept: &Percept<'_>) -> Option<Worth> {
    let window_ms = since_last(percept).saturating_mul(percept.config.tick.fast_tick_ms);
    let since = percept.now.ms.saturating_sub_unsigned(window_ms);
    let pressing = || {
        percept
            .mind
            .goals
            .iter()
            .filter(|goal| goal.is_open() && goal.priority >= HIGH)
    };
    let competes = |new: &Goal| {
        let mut others = pressing().filter(|old| old.id != new.id);
        others.any(|old| (old.priority - new.priority).abs() <= NEARLY)
    };
    let new = pressing().find(|goal| goal.created_at > since && competes(goal))?;
    Some(Worth {
        reason: Reason::Goals,
        score: (new.priority / 10.0).clamp(0.0, 1.0),
    })
}

fn company(percept: &Percept<'_>, player_seen_ms: Option<i64>) -> Option<Worth> {
    let is_close = percept.tier == Tier::Active;
    let ago = percept.now.ms.saturating_sub(player_seen_ms?);
    (is_close && ago < COMPANY_MS && is_turn(percept, COMPANY_EVERY)).then_some(Worth {
        reason: Reason::Player,
        score: 0.5,
    })
}

/// Fast ticks that are new to it: since its last deed, but no more than two of its intervals, should it have done nothing since.
fn since_last(percept: &Percept<'_>) -> u64 {
    let tick = percept.config.tick;
    let fast_ms = tick.fast_tick_ms.max(1);
    let interval = match percept.trigger {
        Trigger::SlowTick => tick.slow_tick_ms.div_ceil(fast_ms),
        _ => 1,
    };
    let most = interval.saturating_mul(2);
    let Some(last) = percept.mind.recent.back() else {
        return most;
    };
    let ms = u64::try_from(percept.now.ms.saturating_sub(last.at)).unwrap_or_default();
    ms.div_ceil(fast_ms).clamp(1, most)
}

/// Whether this decision is the one in so many fast ticks that may ask. Each character has another one, so that they do not all ask at
/// once.
fn is_turn(percept: &Percept<'_>, every: u64) -> bool {
    let place = hash(&[percept.who.id.as_bytes()]) % every;
    let now = percept.now.fast.saturating_add(place);
    now / every != now.saturating_sub(since_last(percept)) / every
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::closeness;
    use crate::mind::Deed;
    use crate::relationship::Bond;
    use crate::scene::Scene;

    const DAY: u64 = 43_200;

    /// What a day of a character costs: its turns, the questions among them, and the important events that got one.
    #[derive(Debug, Default)]
    struct Day {
        turns: u64,
        asked: u64,
        events: u64,
        answered: u64,
    }

    /// A day of 2 s ticks. Needs grow and are met when they press, the worst first, as somebody does who decides offline; `quarrels` with a
    /// rival in the same room and a player's visits come and go.
    fn day(tier: closeness::Tier, step: u64, important: u64) -> Day {
        let mut scene = Scene::new();
        scene.tier = tier;
        scene.near[0].relationship.bond = Bond::Rival;
        let mut day = Day::default();
        let mut seen = None;
        for fast in (0..DAY).step_by(step as usize) {
            scene.now.fast = fast;
            scene.now.ms = 1_000_000 + fast as i64 * 2_000;
            scene.mind.needs = scene.mind.needs.at(fast);
            scene.mind.feelings.settle(fast);
            // Twice a day a quarrel, six times a visit of two minutes; small things happen all the time.
            if fast % (DAY / 2) < step {
                scene
                    .mind
                    .feelings
                    .apply(Emotion::Anger, 0.8, None, scene.now);
            }
            if fast % (DAY / 6) < 60 {
                seen = Some(scene.now.ms);
            }
            let number = fast / step;
            scene.trigger = match (
                important > 0 && number % (DAY / step / important.max(1)) == 7,
                number % 10 == 3,
            ) {
                (true, _) => Scene::event(5.0 + (number % 6) as f64),
                (false, true) => Scene::event(3.0),
                (false, false) if step > 1 => Trigger::SlowTick,
                (false, false) => Trigger::FastTick,
            };
            let worth = worth(&scene.percept(), seen);
            day.turns += 1;
            day.asked += u64::from(worth.is_some());
            if matches!(scene.trigger, Trigger::Event { importance, .. } if importance >= 5.0) {
                day.events += 1;
                day.answered += u64::from(worth.is_some_and(|worth| worth.reason == Reason::Event));
            }
            let worst = scene.mind.needs.list()[0];
            if worst.is_critical() {
                scene.mind.needs.meet(worst.need, 1.0);
            }
            scene.mind.recent.push_back(Deed {
                action: "rest".into(),
                what: String::new(),
                at: scene.now.ms,
            });
            scene
                .mind
                .recent
                .drain(..scene.mind.recent.len().saturating_sub(12));
        }
        day
    }

    #[test]
    fn a_quiet_day_needs_a_tenth_of_the_questions_and_every_important_event_gets_one() {
        for (tier, step) in [
            (closeness::Tier::Active, 1),
            (closeness::Tier::Background, 15),
            (closeness::Tier::Dormant, 75),
        ] {
            let quiet = day(tier, step, 0);
            assert!(quiet.asked * 10 <= quiet.turns, "{tier:?}: {quiet:?}");
            let lively = day(tier, step, 20);
            assert!(
                lively.events >= 20 && lively.answered == lively.events,
                "{tier:?}: {lively:?}"
            );
        }
        let active = day(closeness::Tier::Active, 1, 0);
        assert!(active.asked > 100, "but it is not deaf: {active:?}");
    }

    #[test]
    fn what_matters_is_worth_a_question_once() {
        let mut scene = Scene::new();
        let reason = |scene: &Scene, seen| worth(&scene.percept(), seen).map(|worth| worth.reason);
        scene.did("rest");
        scene.now.ms += 2_000;
        assert_eq!(reason(&scene, None), None);
        // 0.004 a tick: it began to press in this one, or long ago.
        scene.mind.needs.sustenance = 0.702;
        assert_eq!(reason(&scene, None), Some(Reason::Need));
        scene.mind.needs.sustenance = 0.75;
        assert_eq!(reason(&scene, None), None);

        let goal = |id: &str, priority, at| Goal {
            id: id.into(),
            ..Goal::new(id.into(), "aim".into(), Some(priority), at)
        };
        scene.mind.goals = vec![goal("g_1", 8.0, 0)];
        assert_eq!(reason(&scene, None), None);
        scene.mind.goals.push(goal("g_2", 9.0, scene.now.ms));
        assert_eq!(reason(&scene, None), Some(Reason::Goals));
        scene.mind.goals[1].priority = 10.0;
        assert_eq!(
            reason(&scene, None),
            None,
            "what is far more urgent does not compete"
        );
        scene.mind.goals.clear();

        let asked = |scene: &mut Scene, seen: i64, ticks: u64| {
            let mut asked = 0;
            for _ in 0..ticks {
                scene.did("rest");
                scene.now.fast += 1;
                scene.now.ms += 2_000;
                asked += u32::from(reason(scene, Some(seen)).is_some());
            }
            asked
        };
        let seen = scene.now.ms;
        assert_eq!(
            asked(&mut scene, seen, 25),
            5,
            "in company one tick in five"
        );
        asked(&mut scene, seen, 5);
        assert_eq!(
            asked(&mut scene, seen, 25),
            0,
            "a minute later the player is gone"
        );
        scene.near[0].relationship.bond = Bond::Enemy;
        scene
            .mind
            .feelings
            .apply(Emotion::Fear, 1.0, None, scene.now);
        assert_eq!(
            asked(&mut scene, 0, 15),
            1,
            "a quarrel is worth one in fifteen"
        );
        scene.tier = closeness::Tier::Dormant;
        assert_eq!(asked(&mut scene, 0, 15), 0);
    }

    #[test]
    fn events_count_by_their_importance() {
        let mut scene = Scene::new();
        for (importance, wanted) in [
            (4.9, None),
            (5.0, Some(0.5)),
            (8.0, Some(0.8)),
            (f64::NAN, None),
            (1e300, Some(1.0)),
        ] {
            scene.trigger = Scene::event(importance);
            let worth = worth(&scene.percept(), None);
            assert_eq!(worth.map(|worth| worth.score), wanted);
        }
    }
}
