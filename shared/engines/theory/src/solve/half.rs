//! One player's half of a search node: a face of a best-reply polytope, and what is known about which labels are tight on it.

use std::cmp::Ordering;
use std::sync::atomic::{self, AtomicBool};

use super::kept::KeptHalf;
use super::labels::Labels;
use super::polytope::Polytope;
use super::proof::{Side, exact_bound, is_positive};
use super::tableau::{Halt, Place, SMALLEST_PIVOT, Tableau, ZERO};

/// How many vertices of a face are remembered.
const SAMPLES: usize = 64;

/// Whether a half is still in the game.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    Empty,
    Kept,
}

#[derive(Clone)]
pub struct Half<'p> {
    pub polytope: &'p Polytope,
    tableau: Tableau,
    /// The labels that the face is defined by, and others that are tight wherever these are.
    fixed: Labels,
    /// Labels proved to be tight nowhere on the face.
    never: Labels,
    /// Labels that are tight, and not tight, at a vertex met on this face.
    tight_somewhere: Labels,
    loose_somewhere: Labels,
    /// The labels tight at vertices met on this face.
    samples: Vec<Labels>,
    oldest: usize,
    stop: &'p AtomicBool,
}

impl<'p> Half<'p> {
    pub fn whole(polytope: &'p Polytope, stop: &'p AtomicBool) -> Half<'p> {
        let size = polytope.labels();
        let mut half = Half {
            polytope,
            tableau: Tableau::origin(polytope),
            fixed: Labels::none(size),
            never: Labels::none(size),
            tight_somewhere: Labels::none(size),
            loose_somewhere: Labels::none(size),
            samples: Vec::new(),
            oldest: 0,
            stop,
        };
        half.note();
        half
    }

    /// A half with this basis, where these labels are fixed and those known to be tight nowhere.
    pub fn of_kept(
        polytope: &'p Polytope,
        kept: &KeptHalf,
        stop: &'p AtomicBool,
    ) -> Result<Half<'p>, Halt> {
        let size = polytope.labels();
        Labels::of(size, &kept.nonbasic)?;
        let mut half = Half {
            tableau: Tableau::of_basis(polytope, &kept.nonbasic)?,
            fixed: Labels::of(size, &kept.fixed)?,
            never: Labels::of(size, &kept.never)?,
            samples: Vec::new(),
            tight_somewhere: Labels::none(size),
            loose_somewhere: Labels::none(size),
            ..Half::whole(polytope, stop)
        };
        for label in &kept.fixed {
            match half.tableau.place(*label) {
                Place::Column(column) => half.tableau.fix(polytope, column),
                Place::Row(row) => half.tableau.forget(row),
                Place::Inside | Place::Outside => return Err(Halt::Doubt),
            }
        }
        for label in &kept.never {
            match half.tableau.place(*label) {
                Place::Row(row) => half.tableau.forget(row),
                _ => return Err(Halt::Doubt),
            }
        }
        half.note();
        Ok(half)
    }

    pub fn to_kept(&self) -> KeptHalf {
        KeptHalf {
            nonbasic: self.tableau.all_nonbasic(),
            fixed: self.fixed.iter().collect(),
            never: self.never.iter().collect(),
        }
    }

    pub fn fixed(&self) -> &Labels {
        &self.fixed
    }

    pub fn never(&self) -> &Labels {
        &self.never
    }

    pub fn tight_somewhere(&self) -> &Labels {
        &self.tight_somewhere
    }

    pub fn loose_somewhere(&self) -> &Labels {
        &self.loose_somewhere
    }

    /// About how much memory this takes.
    pub fn bytes(&self) -> usize {
        self.tableau.bytes() + self.samples.len() * self.polytope.labels() / 8
    }

    pub fn take_work(&mut self) -> u64 {
        self.tableau.take_work()
    }

    /// The share of the remembered vertices where the label is tight, kept away from 0 and 1.
    pub fn frequency(&self, label: usize) -> f64 {
        let tight = self.samples.iter().filter(|sample| sample.contains(label));
        (tight.count() as f64 + 0.5) / (self.samples.len() + 1) as f64
    }

    /// Finds out whether the label is tight somewhere on the face: afterwards it is in one of the two sets.
    pub fn probe(&mut self, label: usize) -> Result<(), Halt> {
        match self.lower(label)? {
            Lowest::Zero => self.tight_somewhere.insert(label),
            Lowest::Positive => {
                self.never.insert(label);
                if let Place::Row(row) = self.tableau.place(label) {
                    self.tableau.forget(row);
                }
            }
        }
        Ok(())
    }

    /// Restricts the face to where the label is tight.
    pub fn fix(&mut self, label: usize) -> Result<Face, Halt> {
        if self.never.contains(label) || self.lower(label)? == Lowest::Positive {
            return Ok(Face::Empty);
        }
        if let Place::Row(row) = self.tableau.place(label) {
            // Zero here and nowhere below: a pivot that moves nothing makes it nonbasic.
            let largest = (0..self.tableau.free())
                .max_by(|a, b| self.size(row, *a).total_cmp(&self.size(row, *b)));
            match largest.filter(|column| self.size(row, *column) > SMALLEST_PIVOT) {
                Some(column) => self.tableau.pivot(row, column),
                None => self.tableau.forget(row),
            }
        }
        if let Place::Column(column) = self.tableau.place(label) {
            self.tableau.fix(self.polytope, column);
        }
        self.fixed.insert(label);
        self.samples.retain(|sample| sample.contains(label));
        let size = self.polytope.labels();
        self.tight_somewhere = Labels::none(size);
        self.loose_somewhere = Labels::none(size);
        for sample in &self.samples {
            self.tight_somewhere.add(sample);
            self.loose_somewhere.add_missing(sample, size);
        }
        self.note();
        Ok(Face::Kept)
    }

    /// Whether the label is tight everywhere on the face, with exact proof; where there is none, it counts as loose somewhere.
    pub fn is_always_tight(&mut self, label: usize) -> Result<bool, Halt> {
        for _ in 0..self.patience() {
            let entering = match self.tableau.place(label) {
                Place::Outside | Place::Inside => return Ok(self.fixed.contains(label)),
                Place::Column(column) if column >= self.tableau.free() => return Ok(true),
                Place::Column(column) => column,
                Place::Row(row) => {
                    if self.tableau.right(row) > ZERO {
                        self.loose_somewhere.insert(label);
                        return Ok(false);
                    }
                    let raising = |column: &usize| self.tableau.at(row, *column) < -SMALLEST_PIVOT;
                    // The smallest label, as in Bland's rule: every step from here may be degenerate.
                    let nonbasic = self.tableau.nonbasic();
                    let Some(column) = (0..self.tableau.free())
                        .filter(raising)
                        .min_by_key(|column| nonbasic[*column])
                    else {
                        break;
                    };
                    column
                }
            };
            let row = self.leaving(entering, None).ok_or(Halt::Doubt)?;
            self.step(row, entering)?;
        }
        let query = (label, Side::Above);
        let proved = exact_bound(self.polytope, &self.tableau, &self.fixed, query);
        if proved == Some(Ordering::Equal) {
            return Ok(true);
        }
        self.loose_somewhere.insert(label);
        Ok(false)
    }

    /// Walks to a vertex of the face where the label is tight, or proves that there is none.
    fn lower(&mut self, label: usize) -> Result<Lowest, Halt> {
        let patience = self.patience();
        for step in 0..patience {
            let Place::Row(row) = self.tableau.place(label) else {
                return Ok(if self.never.contains(label) {
                    Lowest::Positive
                } else {
                    Lowest::Zero
                });
            };
            let entries = &self.tableau.row(row)[..self.tableau.free()];
            let lowering = entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| **entry > SMALLEST_PIVOT);
            let nonbasic = self.tableau.nonbasic();
            let entering = if step < patience / 2 {
                lowering.max_by(|a, b| a.1.total_cmp(b.1))
            } else {
                lowering.min_by_key(|(column, _)| nonbasic[*column])
            };
            let Some((column, _)) = entering else {
                return self.judge(row);
            };
            let leaving = self.leaving(column, Some(row)).ok_or(Halt::Doubt)?;
            self.step(leaving, column)?;
        }
        Err(Halt::Doubt)
    }

    /// At the lowest point: whether that is zero.
    fn judge(&self, row: usize) -> Result<Lowest, Halt> {
        let value = self.tableau.right(row);
        if value > 0.0 && is_positive(self.polytope, &self.tableau, &self.fixed, row) {
            return Ok(Lowest::Positive);
        }
        if value <= ZERO {
            return Ok(Lowest::Zero);
        }
        let query = (self.tableau.basic()[row], Side::Below);
        match exact_bound(self.polytope, &self.tableau, &self.fixed, query) {
            Some(Ordering::Greater) => Ok(Lowest::Positive),
            _ => Err(Halt::Doubt),
        }
    }

    /// The row that limits a step along this column, of equal ones the preferred, then the one with the smallest label.
    fn leaving(&self, column: usize, preferred: Option<usize>) -> Option<usize> {
        let mut best: Option<(f64, usize)> = None;
        for row in 0..self.tableau.rows() {
            let entry = self.tableau.at(row, column);
            if entry <= SMALLEST_PIVOT {
                continue;
            }
            let ratio = self.tableau.right(row).max(0.0) / entry;
            let better = best.is_none_or(|(least, other)| {
                ratio < least - ZERO
                    || ratio < least + ZERO
                        && Some(other) != preferred
                        && (Some(row) == preferred
                            || self.tableau.basic()[row] < self.tableau.basic()[other])
            });
            if better {
                best = Some((ratio, row));
            }
        }
        best.map(|(_, row)| row)
    }

    fn step(&mut self, row: usize, column: usize) -> Result<(), Halt> {
        if self.stop.load(atomic::Ordering::Relaxed) {
            return Err(Halt::Stopped);
        }
        self.tableau.pivot(row, column);
        self.note();
        Ok(())
    }

    /// Remembers the present vertex.
    fn note(&mut self) {
        let mut tight = self.fixed.clone();
        for label in &self.tableau.nonbasic()[..self.tableau.free()] {
            tight.insert(*label);
        }
        for row in 0..self.tableau.rows() {
            if self.tableau.right(row) <= ZERO {
                tight.insert(self.tableau.basic()[row]);
            }
        }
        self.tight_somewhere.add(&tight);
        self.loose_somewhere
            .add_missing(&tight, self.polytope.labels());
        if self.samples.contains(&tight) {
            return;
        }
        if self.samples.len() < SAMPLES {
            self.samples.push(tight);
        } else {
            self.oldest = (self.oldest + 1) % SAMPLES;
            self.samples[self.oldest] = tight;
        }
    }

    fn size(&self, row: usize, column: usize) -> f64 {
        self.tableau.at(row, column).abs()
    }

    /// How many pivots before the doubles are not believed any more.
    fn patience(&self) -> usize {
        100 + 20 * self.polytope.labels()
    }
}

/// The least value of a label's slack or variable on a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lowest {
    Zero,
    Positive,
}
