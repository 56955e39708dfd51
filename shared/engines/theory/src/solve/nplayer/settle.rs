//! What an isolated root is: an exact equilibrium, an irrational one in a proved enclosure, or none.

use dashu_int::IBig;
use dashu_int::ops::BitTest;

use super::dyadic::Dyadic;
use super::fraction::simplest;
use super::interval::{Interval, up};
use super::isolate::Isolated;
use super::payoffs::Payoffs;
use super::supports::Supports;
use super::system::{Form, System, profiles};
use crate::game::NormalGame;
use crate::rational::Rational;
use crate::solve::Equilibrium;
use crate::solve::certify::certify;

/// An equilibrium of a game of any number of players.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The profile; with regret exactly 0 when it is exact.
    pub profile: Equilibrium,
    /// For each player bounds of each probability, when the equilibrium itself is irrational or could not be told from one.
    pub enclosure: Option<Vec<Vec<Interval>>>,
}

pub enum Verdict {
    Equilibrium(Solution),
    /// The root is no equilibrium with just these supports.
    Nothing,
    /// A probability or a gain is too near zero to be told from it, and not rational.
    Undecided,
}

/// Binary places of the successive attempts.
const PLACES: [usize; 3] = [96, 288, 768];
/// Binary places of the shown profile of an irrational equilibrium.
const SHOWN: usize = 64;

/// The root of a system, ready to be refined.
pub struct Root<'a> {
    pub game: &'a NormalGame,
    pub payoffs: &'a Payoffs,
    pub supports: &'a Supports,
    pub system: &'a System,
}

/// The free unknowns in units of `2^-places`, and how far the root is away at most.
struct Refined {
    places: usize,
    unknowns: Vec<IBig>,
    error: f64,
}

impl Root<'_> {
    pub fn settle(&self, isolated: &Isolated) -> Verdict {
        let sharper = self.sharpened(isolated);
        let isolated = sharper.as_ref().unwrap_or(isolated);
        let mut last = None;
        for places in PLACES {
            let Some(refined) = self.refine(isolated, places) else {
                break;
            };
            if let Some(exact) = self.rational(&refined, isolated) {
                return self.judge_exact(&exact);
            }
            last = Some(refined);
        }
        last.map_or(Verdict::Undecided, |refined| self.judge(&refined))
    }

    /// A smaller region around the same root, where the operator contracts faster.
    fn sharpened(&self, isolated: &Isolated) -> Option<Isolated> {
        let mut point: Vec<f64> = isolated
            .region
            .iter()
            .map(|unknown| unknown.middle())
            .collect();
        for _ in 0..8 {
            let Some(step) = self.system.newton(&point) else {
                break;
            };
            for (x, step) in point.iter_mut().zip(&step) {
                *x -= step;
            }
        }
        [1e-10, 1e-12].into_iter().find_map(|radius| {
            let region: Vec<Interval> =
                point.iter().map(|x| Interval::around(*x, radius)).collect();
            let same = isolated
                .region
                .iter()
                .zip(&region)
                .all(|(all, part)| all.covers(*part));
            if same {
                Isolated::prove(self.system, region)
            } else {
                None
            }
        })
    }

    /// Newton's method with the region's fixed inverse: every step gains a constant number of digits.
    fn refine(&self, isolated: &Isolated, places: usize) -> Option<Refined> {
        let mut unknowns: Vec<IBig> = isolated
            .region
            .iter()
            .map(|unknown| Dyadic::from_f64(unknown.middle()).fixed(places))
            .collect();
        let goal = 0.5f64.powi(i32::try_from(places).ok()? - 8);
        for _ in 0..400 {
            let correction = self.correction(&unknowns, places, isolated);
            let largest = correction
                .iter()
                .map(Dyadic::magnitude_up)
                .fold(0.0, f64::max);
            // |x − r| ≤ |Y f(x)| + ‖I − Y J‖ |x − r|
            let error = up(up(largest) / (1.0 - up(isolated.contraction)));
            if !error.is_finite() || error < 0.0 {
                return None;
            }
            if largest < goal {
                return Some(Refined {
                    places,
                    unknowns,
                    error,
                });
            }
            for (unknown, correction) in unknowns.iter_mut().zip(&correction) {
                *unknown -= correction.fixed(places);
            }
            let inside = unknowns
                .iter()
                .zip(&isolated.region)
                .all(|(unknown, region)| region.holds(to_f64(unknown, places)));
            if !inside {
                return None;
            }
        }
        None
    }

    /// `Y f(x)`, exactly.
    fn correction(&self, unknowns: &[IBig], places: usize, isolated: &Isolated) -> Vec<Dyadic> {
        let weights = self.weights(unknowns, &(IBig::ONE << places));
        let value = |form: &Form| Dyadic {
            mantissa: self.value(form, &weights),
            exponent: -((places * self.axes(form) + self.payoffs.bits(form.player)) as i64),
        };
        let values: Vec<Dyadic> = self.system.equations.iter().map(value).collect();
        let size = self.system.free;
        (0..size)
            .map(|row| {
                let terms = values.iter().enumerate().map(|(column, value)| {
                    Dyadic::from_f64(isolated.inverse[row * size + column]).times(value)
                });
                terms.fold(Dyadic::ZERO, |sum, term| sum.plus(&term))
            })
            .collect()
    }

    /// Each mixer's probabilities times `one`; the free unknowns are given in that unit.
    fn weights(&self, unknowns: &[IBig], one: &IBig) -> Vec<Vec<IBig>> {
        let weights = |mixer: &super::system::Mixer| {
            let free = &unknowns[mixer.free..mixer.free + mixer.size - 1];
            let first = free
                .iter()
                .fold(one.clone(), |left, unknown| left - unknown);
            std::iter::once(first).chain(free.iter().cloned()).collect()
        };
        self.system.mixers.iter().map(weights).collect()
    }

    /// How many mixers' weights the form's value is a product of.
    fn axes(&self, form: &Form) -> usize {
        self.system
            .mixers
            .iter()
            .filter(|mixer| mixer.player != form.player)
            .count()
    }

    /// The form's value in the player's integer units, times the mixers' units.
    fn value(&self, form: &Form, weights: &[Vec<IBig>]) -> IBig {
        let stride = self.payoffs.strides[form.player];
        let mut tensor: Vec<IBig> = profiles(self.payoffs, self.supports, form.player)
            .iter()
            .map(|profile| {
                self.payoffs.difference(
                    form.player,
                    profile + form.strategy * stride,
                    profile + form.instead * stride,
                )
            })
            .collect();
        for (mixer, weights) in self.system.mixers.iter().zip(weights).rev() {
            if mixer.player != form.player {
                tensor = tensor
                    .chunks_exact(mixer.size)
                    .map(|line| {
                        let terms = line.iter().zip(weights);
                        terms.fold(IBig::ZERO, |sum, (value, weight)| sum + value * weight)
                    })
                    .collect();
            }
        }
        tensor.into_iter().next().unwrap_or(IBig::ZERO)
    }

    /// The root as fractions, when fractions much shorter than the precision solve the equations.
    fn rational(&self, refined: &Refined, isolated: &Isolated) -> Option<Vec<Vec<IBig>>> {
        let one = IBig::ONE << refined.places;
        let margin = Dyadic::from_f64(refined.error).fixed(refined.places) + IBig::ONE;
        let mut fractions = Vec::with_capacity(refined.unknowns.len());
        for unknown in &refined.unknowns {
            let (above, below) = simplest(unknown - &margin, unknown + &margin, one.clone());
            if below.bit_len() > refined.places / 3 {
                return None;
            }
            fractions.push((above, below));
        }
        let inside = fractions
            .iter()
            .zip(&isolated.region)
            .all(|((above, below), region)| {
                let value = Rational::from_parts(above.clone(), below.clone());
                let end = |x: f64| Rational::from(&Dyadic::from_f64(x));
                end(region.lo) < value && value < end(region.hi)
            });
        if !inside {
            return None;
        }
        // Per mixer over a common denominator, which then is the sum of its weights.
        let weights: Vec<Vec<IBig>> = self
            .system
            .mixers
            .iter()
            .map(|mixer| {
                let free = &fractions[mixer.free..mixer.free + mixer.size - 1];
                let common = free.iter().fold(IBig::ONE, |common, (_, below)| {
                    use dashu_int::ops::Gcd;
                    let shared = IBig::from((&common).gcd(below));
                    common / shared * below
                });
                let scaled: Vec<IBig> = free
                    .iter()
                    .map(|(above, below)| above * (&common / below))
                    .collect();
                let first = scaled.iter().fold(common, |left, weight| left - weight);
                std::iter::once(first).chain(scaled).collect()
            })
            .collect();
        let solves = |form: &Form| self.value(form, &weights) == IBig::ZERO;
        self.system.equations.iter().all(solves).then_some(weights)
    }

    fn judge_exact(&self, weights: &[Vec<IBig>]) -> Verdict {
        let positive = |weight: &IBig| *weight > IBig::ZERO;
        if !weights.iter().flatten().all(positive)
            || self
                .system
                .gains
                .iter()
                .any(|form| self.value(form, weights) > IBig::ZERO)
        {
            return Verdict::Nothing;
        }
        let mixtures = weights
            .iter()
            .map(|weights| {
                let sum: IBig = weights.iter().sum();
                let share = |weight: &IBig| Rational::from_parts(weight.clone(), sum.clone());
                weights.iter().map(share).collect()
            })
            .collect();
        let profile = certify(self.game, self.spread(mixtures));
        if profile.regret.is_zero() {
            Verdict::Equilibrium(Solution {
                profile,
                enclosure: None,
            })
        } else {
            Verdict::Undecided
        }
    }

    fn judge(&self, refined: &Refined) -> Verdict {
        let one = IBig::ONE << refined.places;
        // The first probability of a mixer is off by the sum of what the others are.
        let widest = self
            .system
            .mixers
            .iter()
            .map(|mixer| mixer.size)
            .max()
            .unwrap_or(1);
        let margin = (Dyadic::from_f64(refined.error).fixed(refined.places) + IBig::ONE)
            * IBig::from(widest);
        let weights = self.weights(&refined.unknowns, &one);
        if weights
            .iter()
            .flatten()
            .any(|weight| *weight < -margin.clone())
        {
            return Verdict::Nothing;
        }
        let mut undecided = weights.iter().flatten().any(|weight| *weight <= margin);
        for form in &self.system.gains {
            // A gain changes by at most the largest payoff times the sum of the changes of all probabilities, one mixer after another;
            // twice that allows for mixtures that do not yet sum to one without being positive.
            let slack = (self.payoffs.largest(form.player)
                * (&margin * IBig::from(2 * self.system.unknowns)))
                << (refined.places * self.axes(form).saturating_sub(1));
            let gain = self.value(form, &weights);
            if gain > slack {
                return Verdict::Nothing;
            }
            undecided |= gain > -slack;
        }
        if undecided {
            return Verdict::Undecided;
        }
        Verdict::Equilibrium(self.enclosed(refined, &weights, &margin))
    }

    fn enclosed(&self, refined: &Refined, weights: &[Vec<IBig>], margin: &IBig) -> Solution {
        let radius = up(to_f64(margin, refined.places)).max(f64::MIN_POSITIVE);
        let bounds: Vec<Vec<Interval>> = weights
            .iter()
            .map(|weights| {
                let bounds = |weight: &IBig| {
                    let middle = to_f64(weight, refined.places);
                    Interval::around(middle, radius + middle * f64::EPSILON)
                };
                weights.iter().map(bounds).collect()
            })
            .collect();
        let dropped = refined.places - SHOWN;
        let one = IBig::ONE << SHOWN;
        let shorter: Vec<IBig> = refined
            .unknowns
            .iter()
            .map(|unknown| unknown >> dropped)
            .collect();
        let mixtures = self
            .weights(&shorter, &one)
            .into_iter()
            .map(|weights| {
                weights
                    .into_iter()
                    .map(|weight| Rational::from_parts(weight, one.clone()))
                    .collect()
            })
            .collect();
        let zero = || Interval::ZERO;
        let certain = || Interval::point(1.0);
        let enclosure = self.placed(bounds, zero, certain);
        Solution {
            profile: certify(self.game, self.spread(mixtures)),
            enclosure: Some(enclosure),
        }
    }

    /// The whole profile, from the mixers' probabilities of the supports.
    pub fn spread(&self, mixtures: Vec<Vec<Rational>>) -> Vec<Vec<Rational>> {
        self.placed(mixtures, || Rational::ZERO, || Rational::ONE)
    }

    /// The mixers' values at their strategies of the whole game, `none` outside the supports, `all` for those who do not mix.
    fn placed<T>(&self, mixed: Vec<Vec<T>>, none: fn() -> T, all: fn() -> T) -> Vec<Vec<T>> {
        let mut mixed = mixed.into_iter();
        self.supports
            .iter()
            .zip(&self.payoffs.sizes)
            .map(|(support, size)| {
                let mut values = if support.len() > 1 {
                    mixed.next()
                } else {
                    None
                }
                .unwrap_or_else(|| vec![all()])
                .into_iter();
                (0..*size)
                    .map(|strategy| {
                        if support.contains(&strategy) {
                            values.next()
                        } else {
                            None
                        }
                        .unwrap_or_else(none)
                    })
                    .collect()
            })
            .collect()
    }
}

/// The nearest double of an integer in units of `2^-places`, nearly.
fn to_f64(integer: &IBig, places: usize) -> f64 {
    let bits = integer.bit_len();
    let dropped = bits.saturating_sub(60);
    let exponent = dropped as i32 - places as i32;
    (integer >> dropped).to_f64().value() * 2f64.powi(exponent)
}
