//! Payoffs as small doubles: exact totals of every path, shifted and scaled so that nothing is lost to their size.

use std::sync::atomic::{AtomicBool, Ordering};

use dashu_int::{IBig, UBig, ops::BitTest, ops::Gcd};

use super::flat::Refusal;
use crate::game::{ExtensiveGame, OutcomeId, Target};
use crate::rational::Rational;

/// Most bits of the payoffs' common denominator; sums of fractions with unrelated denominators grow without bound.
const MOST_DENOMINATOR_BITS: usize = 4_096;

/// How often a pass over a tree looks at the stop flag, in nodes.
const STOP_EVERY: usize = 4_096;

/// Each player's payoffs as `shift + unit · v` with `v` from −1 to 1. Regrets do not change under such maps.
///
/// The shift is 0 where 0 lies within the payoffs, which keeps zeros zero and a matrix of payoffs sparse; where all payoffs are far
/// from 0 (10^19 and 10^19 + 1) it saves the differences that doubles would drop.
#[derive(Clone, Debug)]
pub struct Scale {
    /// What all payoffs were multiplied with to become integers.
    denominator: IBig,
    shift: Vec<IBig>,
    unit: Vec<IBig>,
    /// What the payoffs of every path add up to, when they all add up to the same; in integers.
    sum: Option<IBig>,
}

/// Whether two players' payoffs add up to the same at every end, checked exactly.
pub fn zero_sum(game: &ExtensiveGame) -> Result<bool, Refusal> {
    let stop = AtomicBool::new(false);
    Ok(game.players().len() == 2 && Scale::of(game, &stop)?.is_constant_sum())
}

impl Scale {
    pub fn of(game: &ExtensiveGame, stop: &AtomicBool) -> Result<Scale, Refusal> {
        let integers = Integers::of(game)?;
        let players = game.players().len();
        let mut range: Vec<Option<(IBig, IBig)>> = vec![None; players];
        let mut sums: Option<(IBig, bool)> = None;
        integers.walk(stop, |totals| {
            for (range, total) in range.iter_mut().zip(totals) {
                match range {
                    None => *range = Some((total.clone(), total.clone())),
                    Some((low, high)) => {
                        if *total < *low {
                            low.clone_from(total);
                        } else if *total > *high {
                            high.clone_from(total);
                        }
                    }
                }
            }
            match &mut sums {
                None => sums = Some((totals.iter().sum(), true)),
                Some((sum, constant)) if *constant => {
                    *constant = *sum == totals.iter().sum::<IBig>();
                }
                Some(_) => {}
            }
        })?;
        let sum = sums.and_then(|(sum, constant)| constant.then_some(sum));
        let (mut shift, mut unit) = (Vec::new(), Vec::new());
        for range in range {
            let (low, high) = range.expect("every tree has an end");
            let at = IBig::ZERO.clamp(low.clone(), high.clone());
            let reach = (&high - &at).max(&at - &low);
            unit.push(if reach == IBig::ZERO {
                IBig::ONE
            } else {
                reach
            });
            shift.push(at);
        }
        if let (2, Some(sum)) = (players, &sum) {
            // The second player's payoffs are then the negative of the first's in scaled form too.
            shift[1] = sum - &shift[0];
            unit[1] = unit[0].clone();
        }
        Ok(Scale {
            denominator: integers.denominator.into(),
            shift,
            unit,
            sum,
        })
    }

    /// Whether the players' payoffs add up to the same at every end.
    pub fn is_constant_sum(&self) -> bool {
        self.sum.is_some()
    }

    /// The payoff behind a scaled value of the player.
    pub fn payoff(&self, player: usize, scaled: f64) -> f64 {
        fraction(&self.shift[player], &self.denominator) + self.difference(player, scaled)
    }

    /// The difference of payoffs behind a difference of scaled values of the player.
    pub fn difference(&self, player: usize, scaled: f64) -> f64 {
        fraction(&self.unit[player], &self.denominator) * scaled
    }

    /// The scaled payoffs of every end, in the order of a depth-first walk: end after end, each with one number per player.
    pub(super) fn scaled(
        &self,
        game: &ExtensiveGame,
        stop: &AtomicBool,
    ) -> Result<Vec<f64>, Refusal> {
        let mut scaled = Vec::new();
        Integers::of(game)?.walk(stop, |totals| {
            for (player, total) in totals.iter().enumerate() {
                scaled.push(share(total - &self.shift[player], &self.unit[player]));
            }
        })?;
        Ok(scaled)
    }
}

/// The quotient of two integers of any size as a double; `below` is positive.
fn fraction(above: &IBig, below: &IBig) -> f64 {
    Rational::from_parts(above.clone(), below.clone()).to_f64()
}

/// `part / whole` for a part no larger than the whole, to within 2^-64.
fn share(part: IBig, whole: &IBig) -> f64 {
    // What exceeds 116 bits is dropped from both: a reduction to lowest terms would cost more than the rest of the walk.
    let excess = whole.bit_len().saturating_sub(116);
    match (
        i128::try_from(part >> excess),
        i128::try_from(whole >> excess),
    ) {
        (Ok(part), Ok(whole)) => part as f64 / whole as f64,
        _ => unreachable!("the part is no larger than the whole, which has at most 116 bits left"),
    }
}

/// The payoffs of all outcomes over one denominator, so that adding them down a path is linear in their length.
struct Integers<'a> {
    game: &'a ExtensiveGame,
    denominator: UBig,
    /// One number per outcome and player.
    payoffs: Vec<IBig>,
}

impl Integers<'_> {
    fn of(game: &ExtensiveGame) -> Result<Integers<'_>, Refusal> {
        let all = || game.outcomes().iter().flat_map(|outcome| &outcome.payoffs);
        let mut denominator = UBig::ONE;
        for payoff in all().filter(|payoff| !payoff.is_integer()) {
            let own = payoff.denominator();
            if (&denominator % &own).is_zero() {
                continue;
            }
            denominator *= &own / (&denominator).gcd(&own);
            if denominator.bit_len() > MOST_DENOMINATOR_BITS {
                return Err(Refusal::Unfit(format!(
                    "the payoffs have no common denominator of at most {MOST_DENOMINATOR_BITS} bits"
                )));
            }
        }
        let payoffs = all()
            .map(|payoff| payoff.numerator() * IBig::from(&denominator / payoff.denominator()))
            .collect();
        Ok(Integers {
            game,
            denominator,
            payoffs,
        })
    }

    /// Shows the totals of every end, one number per player, in the order of a depth-first walk.
    fn walk(&self, stop: &AtomicBool, mut end: impl FnMut(&[IBig])) -> Result<(), Refusal> {
        enum Step {
            Visit(Target),
            /// Everything below the node that paid this is done.
            Leave(OutcomeId),
        }
        let players = self.game.players().len();
        let of = |outcome: OutcomeId| &self.payoffs[outcome.index() * players..][..players];
        let mut totals = vec![IBig::ZERO; players];
        let mut pending = vec![Step::Visit(self.game.root())];
        let mut steps = 0usize;
        while let Some(step) = pending.pop() {
            steps += 1;
            if steps.is_multiple_of(STOP_EVERY) && stop.load(Ordering::Relaxed) {
                return Err(Refusal::Stopped);
            }
            let node = match step {
                Step::Leave(outcome) => {
                    for (total, payoff) in totals.iter_mut().zip(of(outcome)) {
                        *total -= payoff;
                    }
                    continue;
                }
                Step::Visit(Target::Outcome(outcome)) => {
                    for (total, payoff) in totals.iter_mut().zip(of(outcome)) {
                        *total += payoff;
                    }
                    end(&totals);
                    for (total, payoff) in totals.iter_mut().zip(of(outcome)) {
                        *total -= payoff;
                    }
                    continue;
                }
                Step::Visit(Target::Node(node)) => self.game.node(node),
            };
            if let Some(outcome) = node.outcome {
                for (total, payoff) in totals.iter_mut().zip(of(outcome)) {
                    *total += payoff;
                }
                pending.push(Step::Leave(outcome));
            }
            let actions = node.actions.iter().rev();
            pending.extend(actions.map(|action| Step::Visit(action.target)));
        }
        Ok(())
    }
}
