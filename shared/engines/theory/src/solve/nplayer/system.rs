//! The polynomial system of a combination of supports: indifference among what is mixed, and no gain from anything else.

use super::interval::{Interval, down, up};
use super::matrix::inverse;
use super::payoffs::Payoffs;
use super::supports::Supports;

/// Unknowns are the probabilities of the mixing players' strategies, all of them; each player's sum to one, so that the first is
/// given by the others ("free" ones).
pub struct System {
    pub mixers: Vec<Mixer>,
    /// All mixers' strategies.
    pub unknowns: usize,
    /// One less per mixer.
    pub free: usize,
    /// Zero in equilibrium: a mixer's gain from each further strategy over the first; as many as free unknowns.
    pub equations: Vec<Form>,
    /// At most zero in equilibrium: the gain from each strategy outside the support.
    pub gains: Vec<Form>,
    /// Both of these, and the same instead of any other mixed strategy.
    constraints: Vec<(Form, Relation)>,
}

/// What holds of a form in equilibrium.
#[derive(Clone, Copy, PartialEq)]
enum Relation {
    Zero,
    AtMostZero,
}

/// A player with at least two strategies in the support.
pub struct Mixer {
    pub player: usize,
    pub size: usize,
    /// Where its probabilities start among the unknowns.
    pub start: usize,
    /// Where its free ones start.
    pub free: usize,
}

/// A box that holds no equilibrium.
pub struct Empty;

/// The expected gain from playing one strategy instead of another: linear in every other mixer's probabilities.
#[derive(Clone)]
pub struct Form {
    pub player: usize,
    pub strategy: usize,
    pub instead: usize,
    /// The mixers that it depends on, by number.
    axes: Vec<usize>,
    /// One gain per combination of their strategies, the last axis varying fastest.
    tensor: Vec<Interval>,
}

impl System {
    /// `None` when some player's gain has the same strict sign wherever the others mix: there is no equilibrium then.
    pub fn of(payoffs: &Payoffs, supports: &Supports) -> Option<System> {
        let mut mixers = Vec::new();
        let (mut unknowns, mut free) = (0, 0);
        for (player, support) in supports.iter().enumerate() {
            if support.len() > 1 {
                mixers.push(Mixer {
                    player,
                    size: support.len(),
                    start: unknowns,
                    free,
                });
                unknowns += support.len();
                free += support.len() - 1;
            }
        }
        let mut system = System {
            mixers,
            unknowns,
            free,
            equations: Vec::with_capacity(free),
            gains: Vec::new(),
            constraints: Vec::new(),
        };
        for (player, support) in supports.iter().enumerate() {
            for strategy in 0..payoffs.sizes[player] {
                let place = support.iter().position(|mixed| *mixed == strategy);
                // In equilibrium all mixed strategies earn the same, so that each may stand for the first: more constraints, the same
                // solutions.
                for instead in &support[..place.unwrap_or(support.len())] {
                    let form = system.form(payoffs, supports, (player, strategy, *instead));
                    let (least, most) = form.extremes();
                    if least > 0.0 || place.is_some() && most < 0.0 {
                        return None;
                    }
                    if most <= 0.0 && place.is_none() {
                        continue;
                    }
                    if *instead == support[0] {
                        let first = match place {
                            Some(_) => &mut system.equations,
                            None => &mut system.gains,
                        };
                        first.push(form.clone());
                    }
                    let relation = match place {
                        Some(_) => Relation::Zero,
                        None => Relation::AtMostZero,
                    };
                    system.constraints.push((form, relation));
                }
            }
        }
        Some(system)
    }

    fn form(
        &self,
        payoffs: &Payoffs,
        supports: &Supports,
        (player, strategy, instead): (usize, usize, usize),
    ) -> Form {
        let profiles = profiles(payoffs, supports, player);
        let stride = payoffs.strides[player];
        let gain = |profile: &usize| {
            payoffs.enclosed_difference(
                player,
                profile + strategy * stride,
                profile + instead * stride,
            )
        };
        Form {
            player,
            strategy,
            instead,
            axes: (0..self.mixers.len())
                .filter(|mixer| self.mixers[*mixer].player != player)
                .collect(),
            tensor: profiles.iter().map(gain).collect(),
        }
    }

    /// What the form can be while the probabilities are in the box and sum to one.
    pub fn range(&self, form: &Form, probabilities: &[Interval]) -> Interval {
        self.contracted(form, probabilities, None)[0]
    }

    /// Cuts from the box what the constraints rule out, one probability at a time.
    pub fn tighten(&self, probabilities: &mut [Interval]) -> Result<(), Empty> {
        for (form, relation) in &self.constraints {
            if form.axes.is_empty() {
                continue;
            }
            for axis in &form.axes {
                let coefficients = self.coefficients(form, probabilities, *axis);
                let mixer = &self.mixers[*axis];
                let weights = &mut probabilities[mixer.start..mixer.start + mixer.size];
                let low: Vec<f64> = coefficients.iter().map(|gain| gain.lo).collect();
                at_most_zero(&low, weights)?;
                if *relation == Relation::Zero {
                    let high: Vec<f64> = coefficients.iter().map(|gain| -gain.hi).collect();
                    at_most_zero(&high, weights)?;
                }
            }
        }
        Ok(())
    }

    /// What multiplies each of the mixer's probabilities in the form, as far as the box of the others' leaves it open.
    fn coefficients(&self, form: &Form, probabilities: &[Interval], mixer: usize) -> Vec<Interval> {
        self.contracted(form, probabilities, Some(mixer))
    }

    /// Sums the form over all axes but one.
    fn contracted(
        &self,
        form: &Form,
        probabilities: &[Interval],
        keep: Option<usize>,
    ) -> Vec<Interval> {
        let mut tensor = form.tensor.clone();
        // Behind the axes still to be summed lie the strides of those that stay.
        let mut inner = 1;
        for axis in form.axes.iter().rev() {
            let size = self.mixers[*axis].size;
            if Some(*axis) == keep {
                inner *= size;
                continue;
            }
            let start = self.mixers[*axis].start;
            let weights = &probabilities[start..start + size];
            let blocks = tensor.len() / (size * inner);
            let mut smaller = Vec::with_capacity(blocks * inner);
            let mut line = Vec::with_capacity(size);
            for block in 0..blocks {
                for offset in 0..inner {
                    line.clear();
                    line.extend(
                        (0..size).map(|place| tensor[(block * size + place) * inner + offset]),
                    );
                    smaller.push(mean(&line, weights));
                }
            }
            tensor = smaller;
        }
        tensor
    }

    /// The derivatives of all equations by all free unknowns over the box, row by row.
    pub fn jacobian(&self, probabilities: &[Interval]) -> Vec<Interval> {
        let mut jacobian = vec![Interval::ZERO; self.free * self.free];
        for (row, form) in self.equations.iter().enumerate() {
            for mixer in &form.axes {
                let coefficients = self.coefficients(form, probabilities, *mixer);
                let free = self.mixers[*mixer].free;
                for (place, coefficient) in coefficients[1..].iter().enumerate() {
                    jacobian[row * self.free + free + place] = coefficient.minus(coefficients[0]);
                }
            }
        }
        jacobian
    }

    /// The equations' values at a point or box.
    pub fn values(&self, probabilities: &[Interval]) -> Vec<Interval> {
        self.equations
            .iter()
            .map(|form| self.range(form, probabilities))
            .collect()
    }

    /// One step of Newton's method at the free unknowns, to be subtracted; `None` where the Jacobian is singular.
    pub fn newton(&self, point: &[f64]) -> Option<Vec<f64>> {
        let points: Vec<Interval> = point.iter().map(|x| Interval::point(*x)).collect();
        let probabilities = self.complete(&points);
        let jacobian = self.jacobian(&probabilities);
        let inverse = inverse(
            jacobian.iter().map(|entry| entry.middle()).collect(),
            self.free,
        )?;
        let values = self.values(&probabilities);
        let row = |row: &[f64]| row.iter().zip(&values).map(|(y, f)| y * f.middle()).sum();
        Some(inverse.chunks_exact(self.free).map(row).collect())
    }

    /// All unknowns from the free ones.
    pub fn complete(&self, free: &[Interval]) -> Vec<Interval> {
        let mut probabilities = Vec::with_capacity(self.unknowns);
        for mixer in &self.mixers {
            let others = &free[mixer.free..mixer.free + mixer.size - 1];
            let first = others
                .iter()
                .fold(Interval::point(1.0), |left, probability| {
                    left.minus(*probability)
                });
            probabilities.push(first);
            probabilities.extend_from_slice(others);
        }
        probabilities
    }

    /// The free unknowns of all.
    pub fn free_of(&self, probabilities: &[Interval]) -> Vec<Interval> {
        let free = |mixer: &Mixer| &probabilities[mixer.start + 1..mixer.start + mixer.size];
        self.mixers.iter().flat_map(free).copied().collect()
    }
}

impl Form {
    /// The least and the most that it can be.
    fn extremes(&self) -> (f64, f64) {
        let gains = self.tensor.iter();
        gains.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), gain| {
            (least.min(gain.lo), most.max(gain.hi))
        })
    }
}

/// Leaves of the weights, which sum to one, what can satisfy `Σ cₐpₐ ≤ 0`.
///
/// For any μ that is `μ + Σ pₐ(cₐ − μ) ≤ 0`. With the smallest other cost as μ, everything but one weight's term is as small as the
/// others' lower bounds make it, and the rest bounds that weight.
fn at_most_zero(costs: &[f64], weights: &mut [Interval]) -> Result<(), Empty> {
    for place in 0..costs.len() {
        let others = (0..costs.len()).filter(|other| *other != place);
        let shift = others
            .clone()
            .map(|other| costs[other])
            .fold(f64::INFINITY, f64::min);
        let mut rest = Interval::point(-shift);
        for other in others {
            let cost = Interval {
                lo: down(costs[other] - shift),
                hi: up(costs[other] - shift),
            };
            let least = cost.times(weights[other]).lo;
            rest = rest.minus(Interval::point(least));
        }
        // factor · weight ≤ room, the factor being known up to rounding
        let room = rest.hi;
        let factor = costs[place] - shift;
        let (least, most) = (down(factor), up(factor));
        if least > 0.0 {
            let bound = up(room / if room > 0.0 { least } else { most });
            weights[place].hi = weights[place].hi.min(bound);
        } else if most < 0.0 && room < 0.0 {
            weights[place].lo = weights[place].lo.max(down(room / least));
        } else if factor == 0.0 && room < 0.0 {
            return Err(Empty);
        }
        if weights[place].lo > weights[place].hi {
            return Err(Empty);
        }
    }
    Ok(())
}

/// The profile numbers of all combinations of the others' supports, this player's strategy being 0; players in order, the last
/// varying fastest.
pub fn profiles(payoffs: &Payoffs, supports: &Supports, player: usize) -> Vec<usize> {
    let mut profiles = vec![0];
    for (other, support) in supports.iter().enumerate() {
        if other != player {
            let stride = payoffs.strides[other];
            profiles = profiles
                .iter()
                .flat_map(|profile: &usize| {
                    support
                        .iter()
                        .map(move |strategy| profile + strategy * stride)
                })
                .collect();
        }
    }
    profiles
}

/// Bounds of `Σ pₐcₐ` over all `p` in the box with `Σ pₐ = 1`.
///
/// For any μ the sum is `μ + Σ pₐ(cₐ − μ)`; with the μ at which a fractional knapsack would stop filling, the bound is the best there
/// is (linear programming duality), and with any other it still holds.
fn mean(values: &[Interval], weights: &[Interval]) -> Interval {
    let lower = shifted_sum(values, weights, critical(values, weights, Side::Least)).lo;
    let upper = shifted_sum(values, weights, critical(values, weights, Side::Most)).hi;
    Interval {
        lo: lower,
        hi: upper,
    }
}

fn shifted_sum(values: &[Interval], weights: &[Interval], shift: f64) -> Interval {
    let mut sum = Interval::point(shift);
    for (value, weight) in values.iter().zip(weights) {
        let value = Interval {
            lo: down(value.lo - shift),
            hi: up(value.hi - shift),
        };
        sum = sum.plus(value.times(*weight));
    }
    sum
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Least,
    Most,
}

/// The value at which all weight is given away when the cheapest (or dearest) get as much as they may.
fn critical(values: &[Interval], weights: &[Interval], side: Side) -> f64 {
    let key = |place: usize| match side {
        Side::Least => values[place].lo,
        Side::Most => -values[place].hi,
    };
    let mut left = 1.0 - weights.iter().map(|weight| weight.lo).sum::<f64>();
    let value = |place: usize| match side {
        Side::Least => values[place].lo,
        Side::Most => values[place].hi,
    };
    if let [first, second] = weights {
        let (cheap, dear) = if key(0) <= key(1) { (0, 1) } else { (1, 0) };
        let room = [first.width(), second.width()][cheap];
        return value(if room >= left { cheap } else { dear });
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|a, b| key(*a).total_cmp(&key(*b)));
    let mut at = order[0];
    for place in order {
        at = place;
        left -= weights[place].width();
        if left <= 0.0 {
            break;
        }
    }
    value(at)
}
