//! A company that spends an evening together: what everyday life does to them stays in proportion.

use super::stage;
use crate::archetype::catalogue;
use crate::closeness::Tier;
use crate::decision::{Percept, Trigger};
use crate::letter::Letter;
use crate::reputation::GENERAL;
use crate::{Config, offline, turn};

/// Three hours at the usual pace of the world: a fast tick of two seconds, a slow one of thirty.
const FAST_TICKS: u64 = 5_400;

#[test]
fn an_evening_makes_acquaintances_and_names_but_nobody_inseparable() {
    let ids = ["barkeep", "guard", "bard", "merchant"];
    let others = |id: &str| {
        ids.into_iter()
            .filter(|other| *other != id)
            .collect::<Vec<_>>()
    };
    let mut company = ids.map(|id| stage(id, &others(id)));
    let mut mail: [Vec<Letter>; 4] = Default::default();
    let (mut turns, mut letters) = (0, 0);
    for fast in 0..FAST_TICKS {
        for (at, one) in company.iter_mut().enumerate() {
            one.now.fast = fast;
            one.now.slow = fast / 15;
            one.now.ms = fast as i64 * 2_000;
            turn::take_in(
                &one.who,
                &mut one.mind,
                &std::mem::take(&mut mail[at]),
                one.now,
            );
            let decision = offline::decide(&Percept {
                who: &one.who,
                archetype: catalogue::find(&one.who.archetype).expect("it is in the catalogue"),
                mind: &one.mind,
                now: one.now,
                config: &Config::default(),
                player_id: "default",
                closeness: 65.0,
                tier: Tier::Active,
                trigger: &Trigger::FastTick,
                near: &one.near,
                memories: &[],
                facts: &[],
                seed: 3,
            });
            let effects = one.does(&decision.action);
            turns += 1;
            letters += effects.letters.len();
            for (id, held) in effects.relationships {
                let known = one.near.iter_mut().find(|known| known.id == id);
                known.expect("only those near are held").relationship = held;
            }
            for (id, letter) in effects.letters {
                let to = ids.iter().position(|known| *known == id);
                mail[to.expect("only those near are written to")].push(letter);
            }
        }
    }
    assert!(
        letters < turns * 3 / 2,
        "{letters} letters in {turns} turns"
    );
    for one in &company {
        let name = one.mind.reputation.score(GENERAL);
        assert!((5.0..95.0).contains(&name), "{}: {name}", one.who.id);
        let held: Vec<f64> = one
            .near
            .iter()
            .map(|near| near.relationship.strength)
            .collect();
        assert!(
            held.iter().all(|strength| (51.0..90.0).contains(strength)),
            "{}: {held:?}",
            one.who.id
        );
        // Nothing happened: nobody is beside themselves.
        let mood = one.mind.feelings.mood_at(FAST_TICKS);
        assert!(mood.intensity < 0.6, "{}: {mood:?}", one.who.id);
    }
}
