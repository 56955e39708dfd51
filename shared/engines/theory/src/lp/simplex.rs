//! The revised primal simplex method in doubles: it proposes a basis, which exact arithmetic then checks.

use std::sync::atomic::{AtomicBool, Ordering};

use super::basis::Basis;
use super::problem::Range;
use super::scaled::Scaled;

/// Values may leave their range by this much.
const FEASIBLE: f64 = 1e-9;

/// A variable is worth entering when the objective grows by more than this per unit.
const WORTHWHILE: f64 = 1e-9;

/// Entries of an entering column that are smaller do not limit its step.
const PIVOT: f64 = 1e-9;

/// Smaller numbers are what rounding leaves of zero.
const NOISE: f64 = 1e-13;

/// Lower bounds are widened by up to this against the ties of degenerate vertices.
const WIDENED: f64 = 1e-6;

/// What the float method arrived at.
pub struct Proposal {
    /// Numbers of the basic variables and slacks.
    pub basic: Vec<usize>,
    /// The values of the problem's variables at that basis.
    pub values: Vec<f64>,
    /// One multiplier per row.
    pub duals: Vec<f64>,
    pub objective: f64,
    /// Whether the method ended by itself with a basis that it takes for optimal.
    pub settled: bool,
    /// Iterations taken.
    pub pivots: usize,
}

/// From the given basis towards an optimal one; `None` only if even the first basis is singular, or not factorised before the stop.
pub fn propose(scaled: &Scaled, start: Vec<usize>, stop: &AtomicBool) -> Option<Proposal> {
    let mut simplex = Simplex::new(scaled, start, stop)?;
    let settled = simplex.run();
    Some(simplex.proposal(settled))
}

struct Simplex<'a> {
    problem: &'a Scaled,
    stop: &'a AtomicBool,
    basis: Basis<f64>,
    basic: Vec<usize>,
    /// For each variable its place in the basis.
    places: Vec<Option<u32>>,
    /// Lower bounds as widened.
    lower: Vec<f64>,
    /// Values of the basic variables.
    values: Vec<f64>,
    /// What the objective gains per unit of each nonbasic variable.
    gains: Vec<f64>,
    /// Reference weights of Forrest and Goldfarb's (1992) Devex pricing.
    weights: Vec<f64>,
    /// Right-hand sides by row and by place, zero between uses.
    by_row: Vec<f64>,
    by_place: Vec<f64>,
    /// Multipliers of the rows that make the pivot row.
    multipliers: Vec<f64>,
    /// The entering column in terms of the basis, and where it is not zero.
    column: Vec<f64>,
    column_places: Vec<u32>,
    pivot_row: Vec<f64>,
    touched: Vec<u32>,
    pivots: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Feasibility,
    Objective,
}

enum Step {
    Moved,
    /// Nothing worthwhile is left.
    Settled,
    /// No row limits the step.
    Unbounded,
    /// The factors were not accurate enough to go on; they are fresh now.
    Repaired,
    Broken,
}

impl<'a> Simplex<'a> {
    fn new(problem: &'a Scaled, start: Vec<usize>, stop: &'a AtomicBool) -> Option<Simplex<'a>> {
        let (rows, total) = (problem.rows(), problem.total());
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let lower = (0..total)
            .map(|number| match problem.ranges[number] {
                Range::NotNegative => {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    -WIDENED * (0.5 + (state >> 33) as f64 / (1u64 << 32) as f64)
                }
                Range::Free | Range::Zero => 0.0,
            })
            .collect();
        let mut places = vec![None; total];
        for (place, number) in start.iter().enumerate() {
            places[*number] = Some(place as u32);
        }
        let mut simplex = Simplex {
            basis: Basis::new(start.iter().map(|number| problem.column(*number)), stop).ok()?,
            problem,
            stop,
            basic: start,
            places,
            lower,
            values: vec![0.0; rows],
            gains: vec![0.0; total],
            weights: vec![1.0; total],
            by_row: vec![0.0; rows],
            by_place: vec![0.0; rows],
            multipliers: vec![0.0; rows],
            column: vec![0.0; rows],
            column_places: Vec::with_capacity(rows),
            pivot_row: vec![0.0; total],
            touched: Vec::new(),
            pivots: 0,
        };
        simplex.compute_values();
        Some(simplex)
    }

    fn run(&mut self) -> bool {
        let most = 200 * (self.problem.rows() + 100);
        let mut phase = Phase::Feasibility;
        let mut widened = true;
        let mut repairs = 0;
        while self.pivots < most && !self.stop.load(Ordering::Relaxed) {
            if phase == Phase::Feasibility && self.is_feasible() {
                phase = Phase::Objective;
                self.compute_gains();
            }
            match self.step(phase) {
                Step::Moved => {}
                Step::Repaired => {
                    repairs += 1;
                    if repairs > 100 {
                        return false;
                    }
                    phase = Phase::Feasibility;
                }
                Step::Broken | Step::Unbounded => return false,
                Step::Settled if !self.basis.is_fresh() => {
                    if !self.refresh() {
                        return false;
                    }
                    phase = Phase::Feasibility;
                }
                Step::Settled if phase == Phase::Feasibility => return false,
                Step::Settled if !self.is_feasible() => {
                    repairs += 1;
                    if repairs > 100 {
                        return false;
                    }
                    phase = Phase::Feasibility;
                }
                Step::Settled if widened => {
                    widened = false;
                    self.lower.fill(0.0);
                    self.compute_values();
                    phase = Phase::Feasibility;
                }
                Step::Settled => return true,
            }
        }
        false
    }

    fn step(&mut self, phase: Phase) -> Step {
        if self.basis.is_worn() {
            if !self.refresh() {
                return Step::Broken;
            }
            return Step::Moved;
        }
        if phase == Phase::Feasibility {
            self.compute_shortfall_gains();
        }
        let Some(entering) = self.entering() else {
            return Step::Settled;
        };
        let direction = self.gains[entering].signum();
        self.load(entering);
        let Some((leaving, length)) = self.leaving(direction) else {
            return if self.basis.is_fresh() {
                Step::Unbounded
            } else if self.refresh() {
                Step::Repaired
            } else {
                Step::Broken
            };
        };
        self.pivots += 1;
        self.price(leaving);
        // The pivot computed by column and by row; when they differ the factors have lost accuracy.
        let (by_column, by_row) = (self.column[leaving], self.pivot_row[entering]);
        if (by_column - by_row).abs() > 1e-6 * (1.0 + by_column.abs()) && !self.basis.is_fresh() {
            self.clear_row();
            return if self.refresh() {
                Step::Repaired
            } else {
                Step::Broken
            };
        }
        self.update_gains(entering, leaving);
        let step = direction * length;
        for place in &self.column_places {
            self.values[*place as usize] -= step * self.column[*place as usize];
        }
        let left = self.basic[leaving];
        self.values[leaving] = self.lower[entering] + step;
        self.basis
            .exchange(leaving, &self.column, &self.column_places);
        self.basic[leaving] = entering;
        self.places[entering] = Some(leaving as u32);
        self.places[left] = None;
        Step::Moved
    }

    /// By the largest gain in terms of the reference weights.
    fn entering(&self) -> Option<usize> {
        let mut best = (0.0, None);
        for (number, gain) in self.gains.iter().enumerate() {
            // Basic variables have none.
            if gain.abs() <= WORTHWHILE {
                continue;
            }
            let enters = match self.problem.ranges[number] {
                Range::NotNegative => *gain > 0.0,
                Range::Free => true,
                Range::Zero => false,
            };
            let score = gain * gain / self.weights[number];
            if enters && score > best.0 {
                best = (score, Some(number));
            }
        }
        best.1
    }

    /// The entering column in terms of the basis.
    fn load(&mut self, entering: usize) {
        for (row, value) in self.problem.column(entering) {
            self.by_row[*row as usize] = *value;
        }
        self.basis.solve(&mut self.by_row, &mut self.column);
        self.column_places.clear();
        for (place, entry) in self.column.iter().enumerate() {
            if entry.abs() > NOISE {
                self.column_places.push(place as u32);
            }
        }
    }

    /// The place that limits the step, by Harris's (1973) two passes: how far all may go with a little tolerance, then the largest
    /// pivot among those that limit it so.
    fn leaving(&self, direction: f64) -> Option<(usize, f64)> {
        let mut furthest = f64::INFINITY;
        for place in self.column_places.iter().map(|place| *place as usize) {
            if let Some((slack, speed)) = self.limit(place, direction) {
                furthest = furthest.min((slack + FEASIBLE) / speed);
            }
        }
        if furthest == f64::INFINITY {
            return None;
        }
        let mut best: Option<(usize, f64, f64)> = None;
        for place in self.column_places.iter().map(|place| *place as usize) {
            if let Some((slack, speed)) = self.limit(place, direction)
                && slack / speed <= furthest
                && best.is_none_or(|(_, _, largest)| speed > largest)
            {
                best = Some((place, slack / speed, speed));
            }
        }
        best.map(|(place, length, _)| (place, length.max(0.0)))
    }

    /// How far the basic variable is from the bound it moves to, and how fast it moves.
    fn limit(&self, place: usize, direction: f64) -> Option<(f64, f64)> {
        let speed = direction * self.column[place];
        if speed.abs() < PIVOT {
            return None;
        }
        let (number, value) = (self.basic[place], self.values[place]);
        match self.problem.ranges[number] {
            Range::Free => None,
            Range::NotNegative => {
                let above = value - self.lower[number];
                match (above < -FEASIBLE, speed > 0.0) {
                    (false, true) => Some((above.max(0.0), speed)),
                    (true, false) => Some((-above, -speed)),
                    _ => None,
                }
            }
            Range::Zero if value.abs() <= FEASIBLE => Some((0.0, speed.abs())),
            Range::Zero => (value * speed > 0.0).then_some((value.abs(), speed.abs())),
        }
    }

    /// The row of the tableau at a place of the basis.
    fn price(&mut self, place: usize) {
        self.by_place[place] = 1.0;
        self.basis
            .solve_transposed(&mut self.by_place, &mut self.multipliers);
        for (row, multiplier) in self.multipliers.iter().enumerate() {
            if multiplier.abs() < NOISE {
                continue;
            }
            for (number, value) in self.problem.row(row) {
                let entry = &mut self.pivot_row[*number as usize];
                if *entry == 0.0 {
                    self.touched.push(*number);
                }
                *entry += multiplier * value;
            }
        }
    }

    fn update_gains(&mut self, entering: usize, leaving: usize) {
        let pivot = self.pivot_row[entering];
        let ratio = self.gains[entering] / pivot;
        let weight = self.weights[entering];
        for number in self.touched.drain(..) {
            let number = number as usize;
            let entry = std::mem::replace(&mut self.pivot_row[number], 0.0);
            if self.places[number].is_some() {
                continue;
            }
            self.gains[number] -= ratio * entry;
            let share = entry / pivot;
            self.weights[number] = self.weights[number].max(share * share * weight);
        }
        let left = self.basic[leaving];
        self.gains[left] = -ratio;
        self.weights[left] = (weight / (pivot * pivot)).max(1.0);
        self.gains[entering] = 0.0;
        if self.weights[left] > 1e8 {
            self.weights.fill(1.0);
        }
    }

    fn clear_row(&mut self) {
        for number in self.touched.drain(..) {
            self.pivot_row[number as usize] = 0.0;
        }
    }

    /// New factors from the columns, and what follows from them.
    fn refresh(&mut self) -> bool {
        let columns = self.basic.iter().map(|number| self.problem.column(*number));
        let Ok(basis) = Basis::new(columns, self.stop) else {
            return false;
        };
        self.basis = basis;
        self.compute_values();
        self.compute_gains();
        true
    }

    fn compute_values(&mut self) {
        self.by_row.copy_from_slice(&self.problem.right);
        for (number, lower) in self.lower.iter().enumerate() {
            if *lower != 0.0 && self.places[number].is_none() {
                for (row, value) in self.problem.column(number) {
                    self.by_row[*row as usize] -= value * lower;
                }
            }
        }
        self.basis.solve(&mut self.by_row, &mut self.values);
    }

    fn is_feasible(&self) -> bool {
        self.basic.iter().zip(&self.values).all(|(number, value)| {
            match self.problem.ranges[*number] {
                Range::NotNegative => *value >= self.lower[*number] - 2.0 * FEASIBLE,
                Range::Free => true,
                Range::Zero => value.abs() <= 2.0 * FEASIBLE,
            }
        })
    }

    fn compute_gains(&mut self) {
        let costs = self.basic.iter().map(|number| self.problem.costs[*number]);
        let duals = self.duals(costs.collect());
        for number in 0..self.gains.len() {
            self.gains[number] = if self.places[number].is_some() {
                0.0
            } else {
                self.problem.costs[number] - self.problem.dot(number, &duals)
            };
        }
    }

    /// Gains of the objective "how far the basic variables are out of range", negative.
    fn compute_shortfall_gains(&mut self) {
        let costs = self.basic.iter().zip(&self.values).map(|(number, value)| {
            match self.problem.ranges[*number] {
                Range::NotNegative if *value < self.lower[*number] - FEASIBLE => 1.0,
                Range::Zero if value.abs() > FEASIBLE => -value.signum(),
                _ => 0.0,
            }
        });
        let duals = self.duals(costs.collect());
        for number in 0..self.gains.len() {
            self.gains[number] = if self.places[number].is_some() {
                0.0
            } else {
                -self.problem.dot(number, &duals)
            };
        }
    }

    fn duals(&self, mut costs: Vec<f64>) -> Vec<f64> {
        let mut duals = vec![0.0; costs.len()];
        self.basis.solve_transposed(&mut costs, &mut duals);
        duals
    }

    fn proposal(&self, settled: bool) -> Proposal {
        let costs: Vec<f64> = self
            .basic
            .iter()
            .map(|number| self.problem.costs[*number])
            .collect();
        let objective: f64 = costs
            .iter()
            .zip(&self.values)
            .map(|(cost, value)| cost * value)
            .sum();
        let duals = self.duals(costs);
        let mut values = vec![0.0; self.problem.variables()];
        for (number, value) in self.basic.iter().zip(&self.values) {
            if let Some(place) = values.get_mut(*number) {
                *place = value * self.problem.column_scales[*number];
            }
        }
        Proposal {
            basic: self.basic.clone(),
            values,
            duals: duals
                .iter()
                .zip(&self.problem.row_scales)
                .map(|(dual, scale)| dual * scale)
                .collect(),
            objective: objective * self.problem.cost_scale,
            settled,
            pivots: self.pivots,
        }
    }
}
