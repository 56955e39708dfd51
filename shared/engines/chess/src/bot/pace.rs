//! How long a bot seems to think, and how much it really does when its time runs out.

use std::time::Duration;

use super::dice::Dice;

/// What is left to the bot on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    pub remaining: Duration,
}

/// How hard the choice was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// A book move, the only move, a piece taken back.
    Obvious,
    Usual,
    /// Several moves seem equally good.
    Hard,
}

/// Below this, fewer nodes.
const HURRY: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(5);

/// 1.1 % of the remaining time, half as much more or less, as lichess lets its computer opponents wait; never so long that the
/// flag comes near.
pub(super) fn think(clock: Clock, effort: Effort, dice: &mut Dice) -> Duration {
    let spread = u32::try_from(dice.below(1001)).expect("at most 1000") + 500;
    let usual = (clock.remaining * 11 / 1000).min(LONGEST) * spread / 1000;
    let wanted = match effort {
        Effort::Obvious => usual / 3,
        Effort::Usual => usual,
        Effort::Hard => usual * 3 / 2,
    };
    wanted.min(clock.remaining / 20)
}

/// The nodes that a bot allows itself with so much time left: all, or in a hurry a part, and at least a twentieth.
pub(super) fn nodes(most: u64, clock: Option<Clock>) -> u64 {
    let Some(clock) = clock.filter(|clock| clock.remaining < HURRY) else {
        return most;
    };
    let part = most * u64::try_from(clock.remaining.as_millis()).unwrap_or(u64::MAX)
        / u64::try_from(HURRY.as_millis()).expect("ten seconds");
    part.max(most / 20).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(seconds: u64) -> Clock {
        Clock {
            remaining: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn it_takes_about_a_ninetieth_of_what_is_left() {
        let mut dice = Dice::new(1, 1);
        for _ in 0..200 {
            let time = think(clock(300), Effort::Usual, &mut dice);
            assert!((1650..=4950).contains(&time.as_millis()), "{time:?}");
        }
    }

    #[test]
    fn it_never_waits_for_its_flag() {
        let mut dice = Dice::new(1, 1);
        for milliseconds in [0, 1, 50, 400, 2_000, 10_800_000] {
            let clock = Clock {
                remaining: Duration::from_millis(milliseconds),
            };
            for _ in 0..50 {
                let time = think(clock, Effort::Hard, &mut dice);
                assert!(time * 20 <= clock.remaining);
                assert!(time < Duration::from_secs(12));
            }
        }
    }

    #[test]
    fn a_hard_choice_takes_longer_than_an_obvious_one() {
        let at = |effort| think(clock(100), effort, &mut Dice::new(5, 5));
        assert!(at(Effort::Obvious) < at(Effort::Usual));
        assert!(at(Effort::Usual) < at(Effort::Hard));
    }

    #[test]
    fn with_little_time_it_looks_at_less() {
        assert_eq!(nodes(400_000, None), 400_000);
        assert_eq!(nodes(400_000, Some(clock(60))), 400_000);
        assert_eq!(nodes(400_000, Some(clock(5))), 200_000);
        assert_eq!(nodes(400_000, Some(clock(0))), 20_000);
        assert_eq!(nodes(10, Some(clock(0))), 1);
    }
}
