//! The principal branch of logit quantal response equilibria, from uniform play towards a Nash equilibrium.
//!
//! McKelvey and Palfrey (1995) for the equilibria, Turocy, "A dynamic homotopy interpretation of the logistic quantal response
//! equilibrium correspondence" (2005) for following them: the unknowns are logarithms of probabilities, so that nothing vanishes.

use std::sync::atomic::{AtomicBool, Ordering};

use super::matrix::solve;
use super::supports::Stopped;
use super::table::{Profile, Table};

/// One equilibrium on the branch.
#[derive(Clone, Debug)]
pub struct Point {
    /// Per unit of the table.
    pub lambda: f64,
    pub profile: Profile,
}

/// How a branch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Where it was to end.
    Reached,
    /// Steps became too small, or too many.
    Stuck,
    Stopped,
}

/// Where a branch is to end.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// At the first equilibrium with this precision.
    Lambda(f64),
    /// When no player gains more than this by deviating, in units of the table.
    Regret(f64),
}

pub struct Branch {
    /// From uniform play on, the last one where it ended.
    pub points: Vec<Point>,
    pub end: End,
}

const FIRST_STEP: f64 = 0.03;
const SHORTEST_STEP: f64 = 1e-9;
const MOST_STEPS: usize = 20_000;
/// Newton's method must bring the residual below this.
const TOLERANCE: f64 = 1e-10;
const NEWTON_STEPS: usize = 6;
/// A step may turn the branch by at most this angle's cosine, and the corrector move at most this share of the step.
const STRAIGHT: f64 = 0.9;
const CORRECTION: f64 = 0.4;
/// Most strategies together: a step inverts a matrix of this size.
pub const MOST_STRATEGIES: usize = 400;

/// `told` hears of every point; it is asked between steps, the stop flag within them.
pub fn branch(
    table: &Table,
    until: Until,
    stop: &AtomicBool,
    told: &mut dyn FnMut(&Point),
) -> Branch {
    let mut tracer = Tracer { table, stop };
    match tracer.trace(until, told) {
        Ok(branch) => branch,
        Err((points, Stopped)) => Branch {
            points,
            end: End::Stopped,
        },
    }
}

struct Tracer<'a> {
    table: &'a Table,
    stop: &'a AtomicBool,
}

/// Logarithms of all probabilities, then λ.
type Place = Vec<f64>;

/// Why a place has no successor here.
enum Trouble {
    Singular,
    Stopped,
}

impl Tracer<'_> {
    fn trace(
        &mut self,
        until: Until,
        told: &mut dyn FnMut(&Point),
    ) -> Result<Branch, (Vec<Point>, Stopped)> {
        let mut place: Place = self.table.centroid().iter().map(|p| p.ln()).collect();
        place.push(0.0);
        let mut points = vec![self.point(&place)];
        if self.arrived(&points[0], until) {
            return Ok(Branch {
                points,
                end: End::Reached,
            });
        }
        let mut towards = vec![0.0; place.len()];
        if let Some(lambda) = towards.last_mut() {
            *lambda = 1.0;
        }
        let mut tangent = match self.tangent(&place, &towards) {
            Ok(tangent) => tangent,
            Err(Trouble::Singular) => {
                return Ok(Branch {
                    points,
                    end: End::Stuck,
                });
            }
            Err(Trouble::Stopped) => return Err((points, Stopped)),
        };
        let mut step = FIRST_STEP;
        for _ in 0..MOST_STEPS {
            match self.advance(&place, &tangent, step) {
                Ok((next, turned)) => {
                    let point = self.point(&next);
                    if let Until::Lambda(goal) = until
                        && point.lambda >= goal
                    {
                        return self.land(&place, &next, goal, points);
                    }
                    told(&point);
                    let arrived = self.arrived(&point, until);
                    points.push(point);
                    if arrived {
                        return Ok(Branch {
                            points,
                            end: End::Reached,
                        });
                    }
                    (place, tangent) = (next, turned);
                    step *= 1.3;
                }
                Err(Trouble::Singular) => step /= 2.0,
                Err(Trouble::Stopped) => return Err((points, Stopped)),
            }
            if step < SHORTEST_STEP {
                break;
            }
        }
        Ok(Branch {
            points,
            end: End::Stuck,
        })
    }

    fn point(&self, place: &[f64]) -> Point {
        let strategies = self.table.strategies();
        let mut profile: Profile = place[..strategies].iter().map(|y| y.exp()).collect();
        for (start, size) in self.table.starts.iter().zip(&self.table.sizes) {
            let mixture = &mut profile[*start..start + size];
            let sum: f64 = mixture.iter().sum();
            mixture.iter_mut().for_each(|p| *p /= sum);
        }
        Point {
            lambda: place[strategies],
            profile,
        }
    }

    fn arrived(&self, point: &Point, until: Until) -> bool {
        match until {
            Until::Lambda(goal) => point.lambda >= goal,
            Until::Regret(most) => {
                self.table
                    .regret(&point.profile, &self.table.values(&point.profile))
                    <= most
            }
        }
    }

    /// One predictor and its corrections; an error when the branch bends too much for the step.
    fn advance(
        &self,
        place: &Place,
        tangent: &[f64],
        step: f64,
    ) -> Result<(Place, Place), Trouble> {
        let mut next: Place = place
            .iter()
            .zip(tangent)
            .map(|(x, t)| x + step * t)
            .collect();
        let predicted = next.clone();
        let mut settled = false;
        for _ in 0..NEWTON_STEPS {
            let (residual, jacobian) = self.system(&next)?;
            let correction = self.correction(jacobian, residual, tangent)?;
            let length = norm(&correction);
            for (x, change) in next.iter_mut().zip(&correction) {
                *x -= change;
            }
            if length < TOLERANCE * (1.0 + norm(&next)) {
                settled = true;
                break;
            }
        }
        let moved: Vec<f64> = next.iter().zip(&predicted).map(|(a, b)| a - b).collect();
        if !settled || norm(&moved) > CORRECTION * step.max(1e-6) {
            return Err(Trouble::Singular);
        }
        let turned = self.tangent(&next, tangent)?;
        let cosine: f64 = turned.iter().zip(tangent).map(|(a, b)| a * b).sum();
        if cosine < STRAIGHT {
            return Err(Trouble::Singular);
        }
        Ok((next, turned))
    }

    /// Newton's method at the wanted λ, from between the places before and after it.
    fn land(
        &self,
        before: &Place,
        after: &Place,
        goal: f64,
        mut points: Vec<Point>,
    ) -> Result<Branch, (Vec<Point>, Stopped)> {
        let last = self.table.strategies();
        let share = (goal - before[last]) / (after[last] - before[last]);
        let mut place: Place = before
            .iter()
            .zip(after)
            .map(|(a, b)| a + share * (b - a))
            .collect();
        place[last] = goal;
        let mut fixed = vec![0.0; last + 1];
        fixed[last] = 1.0;
        for _ in 0..50 {
            let solved = self
                .system(&place)
                .and_then(|(residual, jacobian)| self.correction(jacobian, residual, &fixed));
            match solved {
                Ok(correction) => {
                    for (x, change) in place.iter_mut().zip(&correction) {
                        *x -= change;
                    }
                    if norm(&correction) < 1e-14 * (1.0 + norm(&place)) {
                        break;
                    }
                }
                Err(Trouble::Stopped) => return Err((points, Stopped)),
                Err(Trouble::Singular) => {
                    return Ok(Branch {
                        points,
                        end: End::Stuck,
                    });
                }
            }
        }
        points.push(self.point(&place));
        Ok(Branch {
            points,
            end: End::Reached,
        })
    }

    /// The unit vector along the branch, on the side of `towards`.
    fn tangent(&self, place: &Place, towards: &[f64]) -> Result<Place, Trouble> {
        let (_, mut jacobian) = self.system(place)?;
        jacobian.extend_from_slice(towards);
        let mut right = vec![0.0; towards.len()];
        if let Some(along) = right.last_mut() {
            *along = 1.0;
        }
        let mut tangent = self.solved(jacobian, right)?;
        let length = norm(&tangent);
        tangent.iter_mut().for_each(|t| *t /= length);
        Ok(tangent)
    }

    /// The Newton step across the given direction.
    fn correction(
        &self,
        mut jacobian: Vec<f64>,
        mut residual: Vec<f64>,
        across: &[f64],
    ) -> Result<Vec<f64>, Trouble> {
        jacobian.extend_from_slice(across);
        residual.push(0.0);
        self.solved(jacobian, residual)
    }

    fn solved(&self, matrix: Vec<f64>, right: Vec<f64>) -> Result<Vec<f64>, Trouble> {
        solve(matrix, right, self.stop)
            .map_err(|Stopped| Trouble::Stopped)?
            .ok_or(Trouble::Singular)
    }

    /// The equations' residuals and their Jacobian by rows: per player, the probabilities sum to one, and the logarithms of two
    /// probabilities differ by λ times the difference of what the strategies earn.
    fn system(&self, place: &Place) -> Result<(Vec<f64>, Vec<f64>), Trouble> {
        let table = self.table;
        let strategies = table.strategies();
        let columns = strategies + 1;
        let lambda = place[strategies];
        let profile: Profile = place[..strategies].iter().map(|y| y.exp()).collect();
        let values = table.values(&profile);
        let mut residual = vec![0.0; strategies];
        let mut jacobian = vec![0.0; strategies * columns];
        for player in 0..table.players() {
            let (start, size) = (table.starts[player], table.sizes[player]);
            residual[start] = profile[start..start + size].iter().sum::<f64>() - 1.0;
            for place in start..start + size {
                jacobian[start * columns + place] = profile[place];
            }
            for row in start + 1..start + size {
                let gain = values[row] - values[start];
                residual[row] = place[row] - place[start] - lambda * gain;
                let line = &mut jacobian[row * columns..(row + 1) * columns];
                line[row] += 1.0;
                line[start] -= 1.0;
                line[strategies] = -gain;
            }
            if size < 2 {
                continue;
            }
            for other in (0..table.players()).filter(|other| *other != player) {
                if self.stop.load(Ordering::Relaxed) {
                    return Err(Trouble::Stopped);
                }
                let met = table.meetings(player, other, &profile);
                let (begin, width) = (table.starts[other], table.sizes[other]);
                for row in 1..size {
                    for column in 0..width {
                        let gain = met[row * width + column] - met[column];
                        jacobian[(start + row) * columns + begin + column] =
                            -lambda * gain * profile[begin + column];
                    }
                }
            }
        }
        Ok((residual, jacobian))
    }
}

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|x| x * x).sum::<f64>().sqrt()
}
