//! All roots of a system in the product of simplices, each alone in a proved box: branch and prune with Krawczyk's operator.
//!
//! R. Krawczyk, "Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken" (1969): with Y near the inverse of the
//! Jacobian J at m, every root in the box B lies in K = m − Y f(m) + (I − Y J(B))(B − m); if K lies inside B, there is exactly one.

use std::sync::atomic::{AtomicBool, Ordering};

use super::interval::Interval;
use super::matrix::{inverse, preconditioned};
use super::supports::Stopped;
use super::system::System;

/// A box that holds exactly one root of the equations, over all reals.
pub struct Isolated {
    /// Free unknowns.
    pub region: Vec<Interval>,
    /// Near the inverse of the Jacobian, row by row.
    pub inverse: Vec<f64>,
    /// Bound of ‖I − Y J‖ in the maximum norm over the region; below 1.
    pub contraction: f64,
}

/// What was found, and whether it is all.
pub struct Isolation {
    pub roots: Vec<Isolated>,
    /// No root is outside the regions.
    pub complete: bool,
}

/// Boxes narrower than this that can be neither emptied nor certified count as undecided: near singular roots there are such boxes
/// at any width.
const NARROW: f64 = 1.0 / 65536.0;
/// After so many undecided boxes the solutions are a continuum, or nearly so.
const UNDECIDED: usize = 24;
/// Most boxes looked at in one system.
const MOST_BOXES: usize = 200_000;
/// A pass of the operator is repeated while it takes away this share of the widest side.
const SHRINKS: f64 = 0.75;
/// Constraints are applied again while they take away this share of the sides' sum.
const PAYS: f64 = 0.85;
/// Width at which a contracting box is handed to the certification.
const SMALL: f64 = 1e-7;

struct Search<'a> {
    system: &'a System,
    roots: Vec<Isolated>,
    undecided: usize,
}

/// What became of a box.
enum Fate {
    Done,
    Undecided,
    Split(Vec<Interval>),
}

pub fn isolate(system: &System, stop: &AtomicBool) -> Result<Isolation, Stopped> {
    let mut search = Search {
        system,
        roots: Vec::new(),
        undecided: 0,
    };
    let mut pending = vec![vec![Interval::UNIT; system.unknowns]];
    let mut boxes = 0;
    while let Some(probabilities) = pending.pop() {
        if stop.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        boxes += 1;
        match search.narrow(probabilities) {
            Fate::Done => {}
            Fate::Undecided => search.undecided += 1,
            Fate::Split(rest) => pending.extend(halves(&rest)),
        }
        if search.undecided >= UNDECIDED || boxes >= MOST_BOXES {
            search.undecided += 1;
            break;
        }
    }
    Ok(Isolation {
        roots: search.roots,
        complete: search.undecided == 0,
    })
}

impl Search<'_> {
    fn narrow(&mut self, mut probabilities: Vec<Interval>) -> Fate {
        loop {
            if !self.propagate(&mut probabilities) {
                return Fate::Done;
            }
            let free = self.system.free_of(&probabilities);
            if self.roots.iter().any(|root| covers(&root.region, &free)) {
                return Fate::Done;
            }
            let width = widest(&probabilities);
            let Some(step) = Step::of(self.system, &probabilities) else {
                return if width < NARROW {
                    Fate::Undecided
                } else {
                    Fate::Split(probabilities)
                };
            };
            if !self.apply(&step, &mut probabilities) || !self.fit_to_simplices(&mut probabilities)
            {
                return Fate::Done;
            }
            let left = widest(&probabilities);
            if step.contraction < 1.0 && left < SMALL {
                return self.certify(probabilities);
            }
            if left > SHRINKS * width {
                return if left < NARROW {
                    Fate::Undecided
                } else {
                    Fate::Split(probabilities)
                };
            }
        }
    }

    /// Tightens each probability to what the sum of one leaves it; false when nothing is left.
    fn fit_to_simplices(&self, probabilities: &mut [Interval]) -> bool {
        for mixer in &self.system.mixers {
            let all = &mut probabilities[mixer.start..mixer.start + mixer.size];
            for place in 0..all.len() {
                let others = all.iter().enumerate().filter(|(other, _)| *other != place);
                let rest = others.fold(Interval::point(1.0), |left, (_, other)| left.minus(*other));
                match all[place].meet(rest) {
                    Some(tightened) => all[place] = tightened,
                    None => return false,
                }
            }
        }
        true
    }

    /// Tightens the box by the constraints for as long as that pays; false when nothing is left.
    fn propagate(&self, probabilities: &mut [Interval]) -> bool {
        loop {
            let size: f64 = probabilities.iter().map(|interval| interval.width()).sum();
            if self.system.tighten(probabilities).is_err() || !self.fit_to_simplices(probabilities)
            {
                return false;
            }
            let left: f64 = probabilities.iter().map(|interval| interval.width()).sum();
            if left > PAYS * size {
                return true;
            }
        }
    }

    /// Meets the box with Krawczyk's; false when nothing is left.
    fn apply(&self, step: &Step, probabilities: &mut [Interval]) -> bool {
        for mixer in &self.system.mixers {
            for place in 1..mixer.size {
                let image = step.image[mixer.free + place - 1];
                match probabilities[mixer.start + place].meet(image) {
                    Some(met) => probabilities[mixer.start + place] = met,
                    None => return false,
                }
            }
        }
        true
    }

    /// Proves that the small box's surroundings hold exactly one root.
    fn certify(&mut self, probabilities: Vec<Interval>) -> Fate {
        let free = self.system.free_of(&probabilities);
        let mut radius = 1e-3;
        while radius > 1e-13 {
            let region: Vec<Interval> = free
                .iter()
                .map(|unknown| Interval::around(unknown.middle(), radius + unknown.width()))
                .collect();
            if let Some(root) = Isolated::prove(self.system, region)
                && covers(&root.region, &free)
            {
                self.keep(root);
                return Fate::Done;
            }
            radius /= 10.0;
        }
        Fate::Undecided
    }

    /// Two regions may hold the same root, seen from two boxes that meet at it: then one region's image of the root's place lies in the
    /// other. Regions are shrunk to the root before they are compared.
    fn keep(&mut self, root: Isolated) {
        let same = |known: &Isolated| {
            let both: Option<Vec<Interval>> = known
                .region
                .iter()
                .zip(&root.region)
                .map(|(a, b)| a.meet(*b))
                .collect();
            // A root in both regions is the only one of each.
            both.is_some_and(|both| contains_root(self.system, known, both))
        };
        if !self.roots.iter().any(same) {
            self.roots.push(root);
        }
    }
}

/// One application of the operator to a box.
struct Step {
    /// Free unknowns.
    image: Vec<Interval>,
    inverse: Vec<f64>,
    contraction: f64,
}

impl Step {
    /// `None` when the Jacobian is singular or nearly so.
    fn of(system: &System, probabilities: &[Interval]) -> Option<Step> {
        let middle = system.middle(probabilities);
        let free = system.free_of(probabilities);
        // The way from the middle to a root must not leave the box that the Jacobian is taken over, not even by rounding.
        let points: Vec<Interval> = middle.iter().map(|x| Interval::point(*x)).collect();
        let mut around = probabilities.to_vec();
        for (probability, point) in around.iter_mut().zip(system.complete(&points)) {
            probability.lo = probability.lo.min(point.lo);
            probability.hi = probability.hi.max(point.hi);
        }
        Step::at(system, &around, &free, &middle)
    }

    fn at(
        system: &System,
        probabilities: &[Interval],
        free: &[Interval],
        middle: &[f64],
    ) -> Option<Step> {
        let size = system.free;
        let jacobian = system.jacobian(probabilities);
        let inverse = inverse(jacobian.iter().map(|entry| entry.middle()).collect(), size)?;
        let points: Vec<Interval> = middle.iter().map(|x| Interval::point(*x)).collect();
        let values = system.values(&system.complete(&points));
        let rest = preconditioned(&inverse, &jacobian, size);
        let mut image = Vec::with_capacity(size);
        let mut contraction: f64 = 0.0;
        for row in 0..size {
            let mut place = points[row];
            let mut norm = 0.0;
            for column in 0..size {
                place = place.minus(values[column].scaled(inverse[row * size + column]));
            }
            for column in 0..size {
                let factor = rest[row * size + column];
                norm = super::interval::up(norm + factor.magnitude());
                place = place.plus(factor.times(free[column].minus(points[column])));
            }
            contraction = contraction.max(norm);
            image.push(place);
        }
        Some(Step {
            image,
            inverse,
            contraction,
        })
    }
}

impl Isolated {
    /// The region as isolating, if the operator maps it into its inside. The region may leave the simplices: the forms are polynomials.
    pub fn prove(system: &System, region: Vec<Interval>) -> Option<Isolated> {
        let probabilities = system.complete(&region);
        let middle: Vec<f64> = region.iter().map(|unknown| unknown.middle()).collect();
        let step = Step::at(system, &probabilities, &region, &middle)?;
        let inside = region
            .iter()
            .zip(&step.image)
            .all(|(all, image)| all.surrounds(*image));
        (inside && step.contraction < 1.0).then_some(Isolated {
            region,
            inverse: step.inverse,
            contraction: step.contraction,
        })
    }
}

/// Whether the region's root surely lies in this part of it.
fn contains_root(system: &System, root: &Isolated, part: Vec<Interval>) -> bool {
    // The root lies in the operator's image of any box around it; iterated, that shrinks to the root.
    let mut region = root.region.clone();
    for _ in 0..40 {
        if covers(&part, &region) {
            return true;
        }
        let middle: Vec<f64> = region.iter().map(|unknown| unknown.middle()).collect();
        let Some(step) = Step::at(system, &system.complete(&region), &region, &middle) else {
            return false;
        };
        let met: Option<Vec<Interval>> = region
            .iter()
            .zip(&step.image)
            .map(|(a, b)| a.meet(*b))
            .collect();
        match met {
            Some(met) => region = met,
            None => return false,
        }
    }
    false
}

fn covers(all: &[Interval], part: &[Interval]) -> bool {
    all.iter().zip(part).all(|(all, part)| all.covers(*part))
}

fn widest(probabilities: &[Interval]) -> f64 {
    probabilities
        .iter()
        .map(|interval| interval.width())
        .fold(0.0, f64::max)
}

/// Cuts the widest side; the cut is a little off the middle, where symmetric games like to have their roots.
fn halves(probabilities: &[Interval]) -> [Vec<Interval>; 2] {
    let mut side = 0;
    for place in 0..probabilities.len() {
        if probabilities[place].width() > probabilities[side].width() {
            side = place;
        }
    }
    let whole = probabilities[side];
    let cut = whole.lo + 0.4763 * whole.width();
    let mut low = probabilities.to_vec();
    let mut high = probabilities.to_vec();
    low[side].hi = cut;
    high[side].lo = cut;
    [low, high]
}

impl System {
    /// A point of the box whose probabilities sum to one, as far as rounding allows; the free unknowns.
    fn middle(&self, probabilities: &[Interval]) -> Vec<f64> {
        let mut free = Vec::with_capacity(self.free);
        for mixer in &self.mixers {
            let all = &probabilities[mixer.start..mixer.start + mixer.size];
            let least: f64 = all.iter().map(|probability| probability.lo).sum();
            let room: f64 = all.iter().map(|probability| probability.width()).sum();
            let share = if room > 0.0 {
                ((1.0 - least) / room).clamp(0.0, 1.0)
            } else {
                0.0
            };
            free.extend(all[1..].iter().map(|probability| {
                (probability.lo + share * probability.width()).clamp(probability.lo, probability.hi)
            }));
        }
        free
    }
}
