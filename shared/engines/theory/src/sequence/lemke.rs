//! Lemke's path from a prior to an equilibrium (von Stengel, van den Elzen and Talman 2002), in doubles or rationals.

use std::sync::atomic::{AtomicBool, Ordering};

use super::form::{SequenceForm, Side};
use crate::lp::basis::Basis;
use crate::lp::field::Field;

/// What the ratio test needs beside the operations of a field.
pub trait Ordered: Field + PartialOrd {
    /// Entries that are not larger do not limit a step.
    fn smallest_pivot() -> Self;
    /// How far a value may be below zero.
    fn slack() -> Self;
    fn sum(&self, other: &Self) -> Self;
}

/// The numbers of one walk.
pub struct Setting<'a, F> {
    pub form: &'a SequenceForm,
    /// Both players' payoffs for each pair of [`SequenceForm::payoffs`].
    pub payoffs: Vec<[F; 2]>,
    /// Realisation plans in which every sequence has a chance: where the path starts.
    pub prior: [Vec<F>; 2],
    /// What one sequence is dearer than its payoffs say, so that no two replies tie.
    pub costs: [Vec<F>; 2],
    /// What is added to the weight of each information set, so that none is out of reach.
    pub gifts: [Vec<F>; 2],
}

/// Why a path has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    Stopped,
    /// Rounding led astray, or the perturbation was too coarse.
    Astray,
}

/// The variables, by number: plans `x` and `y`, the slacks `w` of their replies in the same order, multipliers of the equations, `z`.
pub struct Layout {
    pub sequences: [usize; 2],
    pub sets: [usize; 2],
}

impl Layout {
    pub fn of(form: &SequenceForm) -> Layout {
        Layout {
            sequences: [0, 1].map(|player: usize| form.sides[player].sequences),
            sets: [0, 1].map(|player: usize| form.sides[player].sets.len() + 1),
        }
    }

    /// Sequences of both players.
    fn pairs(&self) -> usize {
        self.sequences[0] + self.sequences[1]
    }

    pub fn plan(&self, player: usize, sequence: usize) -> usize {
        player * self.sequences[0] + sequence
    }

    fn reply(&self, player: usize, sequence: usize) -> usize {
        self.pairs() + self.plan(player, sequence)
    }

    fn multiplier(&self, player: usize, set: usize) -> usize {
        2 * self.pairs() + player * self.sets[0] + set
    }

    fn start(&self) -> usize {
        2 * self.pairs() + self.sets[0] + self.sets[1]
    }

    /// Rows: the equations of the sets, then one for each sequence.
    pub fn rows(&self) -> usize {
        self.sets[0] + self.sets[1] + self.pairs()
    }

    fn equation(&self, player: usize, set: usize) -> usize {
        player * self.sets[0] + set
    }

    fn row_of_reply(&self, player: usize, sequence: usize) -> usize {
        self.sets[0] + self.sets[1] + self.plan(player, sequence)
    }

    fn is_free(&self, variable: usize) -> bool {
        (2 * self.pairs()..self.start()).contains(&variable)
    }

    /// The variable that must be zero where this one is not.
    fn complement(&self, variable: usize) -> usize {
        if variable < self.pairs() {
            variable + self.pairs()
        } else {
            variable - self.pairs()
        }
    }

    /// The columns of all variables but `z`: `E·x = e`, `F·y = f`, `Eᵀ·p − A·y − w = 0`, `Fᵀ·q − Bᵀ·x − v = 0`.
    pub fn columns<N: Clone>(
        &self,
        form: &SequenceForm,
        payoffs: &[[N; 2]],
        units: &Units<N>,
    ) -> Vec<Vec<(u32, N)>> {
        let Units {
            one,
            minus_one,
            negate,
        } = units;
        let mut columns: Vec<Vec<(u32, N)>> = vec![Vec::new(); self.start()];
        for player in 0..2 {
            let side = &form.sides[player];
            let mut relate = |sequence: usize, set: usize, value: &N| {
                let equation = self.equation(player, set) as u32;
                columns[self.plan(player, sequence)].push((equation, value.clone()));
                let row = self.row_of_reply(player, sequence) as u32;
                columns[self.multiplier(player, set)].push((row, value.clone()));
            };
            relate(0, 0, one);
            for (number, set) in side.sets.iter().enumerate() {
                relate(set.parent, number + 1, minus_one);
                for sequence in set.sequences() {
                    relate(sequence, number + 1, one);
                }
            }
            for sequence in 0..side.sequences {
                let row = self.row_of_reply(player, sequence) as u32;
                columns[self.reply(player, sequence)].push((row, minus_one.clone()));
            }
        }
        for (entry, payoffs) in form.payoffs.iter().zip(payoffs) {
            for (player, payoff) in payoffs.iter().enumerate() {
                let row = self.row_of_reply(player, entry.pair[player]) as u32;
                let column = self.plan(1 - player, entry.pair[1 - player]);
                columns[column].push((row, negate(payoff)));
            }
        }
        columns
    }
}

/// Ones and signs of the numbers that a matrix is made of.
pub struct Units<N> {
    pub one: N,
    pub minus_one: N,
    pub negate: fn(&N) -> N,
}

/// Follows the path to its end and returns the variables of the last basis.
pub fn walk<F: Ordered>(setting: &Setting<'_, F>, stop: &AtomicBool) -> Result<Vec<usize>, Lost> {
    if stop.load(Ordering::Relaxed) {
        return Err(Lost::Stopped);
    }
    let layout = Layout::of(setting.form);
    let units = Units {
        one: F::one(),
        minus_one: negative(&F::one()),
        negate: negative,
    };
    let mut columns = layout.columns(setting.form, &setting.payoffs, &units);
    let (start, right) = setting.ends(&layout);
    columns.push(start);
    let mut basic = setting.replies(&layout);
    let mut basis = fresh(&columns, &basic, stop)?;
    let rows = layout.rows();
    let (mut by_row, mut column, mut values) =
        (vec![F::zero(); rows], vec![F::zero(); rows], right.clone());
    let mut scratch = right.clone();
    basis.solve(&mut scratch, &mut values);
    let mut places: Vec<u32> = Vec::with_capacity(rows);
    let mut entering = layout.plan(0, 0);
    let most = 100 * rows + 1000;
    for _ in 0..most {
        if stop.load(Ordering::Relaxed) {
            return Err(Lost::Stopped);
        }
        if basis.is_worn() {
            basis = fresh(&columns, &basic, stop)?;
            scratch.clone_from(&right);
            basis.solve(&mut scratch, &mut values);
        }
        for (row, value) in &columns[entering] {
            by_row[*row as usize] = value.clone();
        }
        basis.solve(&mut by_row, &mut column);
        places.clear();
        places.extend((0..rows as u32).filter(|place| !column[*place as usize].is_zero()));
        let place = leaving(&layout, &basic, &values, &column, &places).ok_or(Lost::Astray)?;
        let length = quotient(&values[place], &column[place]);
        for other in &places {
            let other = *other as usize;
            let entry = column[other].clone();
            values[other].subtract_product(&entry, &length);
        }
        values[place] = length;
        basis.exchange(place, &column, &places);
        let left = std::mem::replace(&mut basic[place], entering);
        if left == layout.start() {
            return Ok(basic);
        }
        entering = layout.complement(left);
    }
    Err(Lost::Astray)
}

fn fresh<F: Field>(
    columns: &[Vec<(u32, F)>],
    basic: &[usize],
    stop: &AtomicBool,
) -> Result<Basis<F>, Lost> {
    let columns = basic.iter().map(|number| columns[*number].as_slice());
    Basis::new(columns, stop).map_err(|_| match stop.load(Ordering::Relaxed) {
        true => Lost::Stopped,
        false => Lost::Astray,
    })
}

/// The place that limits the step; the prior's weight `z` if it is among those that do, else the largest pivot.
fn leaving<F: Ordered>(
    layout: &Layout,
    basic: &[usize],
    values: &[F],
    column: &[F],
    places: &[u32],
) -> Option<usize> {
    let smallest = F::smallest_pivot();
    let limiting = || {
        places
            .iter()
            .map(|place| *place as usize)
            .filter(|place| column[*place] > smallest && !layout.is_free(basic[*place]))
    };
    let slack = F::slack();
    let mut furthest: Option<F> = None;
    for place in limiting() {
        let length = quotient(&values[place].sum(&slack), &column[place]);
        if furthest.as_ref().is_none_or(|most| length < *most) {
            furthest = Some(length);
        }
    }
    let furthest = furthest?;
    let mut best: Option<(usize, f64)> = None;
    for place in limiting() {
        if quotient(&values[place], &column[place]) > furthest {
            continue;
        }
        if basic[place] == layout.start() {
            return Some(place);
        }
        let size = column[place].size();
        if best.is_none_or(|(_, largest)| size > largest) {
            best = Some((place, size));
        }
    }
    best.map(|(place, _)| place)
}

fn quotient<F: Field>(above: &F, below: &F) -> F {
    above.product(&below.inverse())
}

fn negative<F: Field>(value: &F) -> F {
    let mut negative = F::zero();
    negative.subtract_product(&F::one(), value);
    negative
}

impl<F: Ordered> Setting<'_, F> {
    /// The column of `z` and the right-hand side. With weight `z` the prior is played, with the rest the plans `x` and `y`.
    fn ends(&self, layout: &Layout) -> (Vec<(u32, F)>, Vec<F>) {
        let mut right = vec![F::zero(); layout.rows()];
        let mut start = Vec::new();
        for player in 0..2 {
            right[layout.equation(player, 0)] = F::one();
            start.push((layout.equation(player, 0) as u32, F::one()));
            for (set, gift) in self.gifts[player].iter().enumerate() {
                let equation = layout.equation(player, set + 1);
                right[equation] = gift.clone();
                start.push((equation as u32, gift.clone()));
            }
            for (sequence, cost) in self.costs[player].iter().enumerate() {
                right[layout.row_of_reply(player, sequence)] = negative(cost);
            }
            for (sequence, value) in self.values(player).iter().enumerate() {
                if !value.is_zero() {
                    let row = layout.row_of_reply(player, sequence) as u32;
                    start.push((row, negative(value)));
                }
            }
        }
        (start, right)
    }

    /// What each of a player's sequences adds against the other's prior.
    fn values(&self, player: usize) -> Vec<F> {
        let mut values = vec![F::zero(); self.form.sides[player].sequences];
        for (entry, payoffs) in self.form.payoffs.iter().zip(&self.payoffs) {
            let weight = negative(&self.prior[1 - player][entry.pair[1 - player]]);
            values[entry.pair[player]].subtract_product(&payoffs[player], &weight);
        }
        values
    }

    /// The basis at the prior: the plans that reply best to it, the slacks of all other sequences, the multipliers, and `z` in the place
    /// of the first player's empty sequence, which is the first to enter.
    fn replies(&self, layout: &Layout) -> Vec<usize> {
        let mut basic = vec![layout.start()];
        for player in 0..2 {
            let side: &Side = &self.form.sides[player];
            let mut values = self.values(player);
            for (value, cost) in values.iter_mut().zip(&self.costs[player]) {
                value.subtract_product(cost, &F::one());
            }
            let mut is_best = vec![false; side.sequences];
            is_best[0] = true;
            for set in side.sets.iter().rev() {
                let best = set.sequences().fold(set.first, |best, sequence| {
                    if values[sequence] > values[best] {
                        sequence
                    } else {
                        best
                    }
                });
                is_best[best] = true;
                values[set.parent] = values[set.parent].sum(&values[best]);
            }
            for (sequence, is_best) in is_best.iter().enumerate() {
                match (is_best, player, sequence) {
                    (true, 0, 0) => {}
                    (true, ..) => basic.push(layout.plan(player, sequence)),
                    (false, ..) => basic.push(layout.reply(player, sequence)),
                }
            }
            basic.extend((0..layout.sets[player]).map(|set| layout.multiplier(player, set)));
        }
        basic
    }
}
