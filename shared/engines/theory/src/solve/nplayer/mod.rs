//! All equilibria of a game of any number of players: every combination of supports, each solved with proof.

mod dyadic;
mod fraction;
mod interval;
mod isolate;
pub mod liap;
pub mod logit;
mod matrix;
mod payoffs;
mod polish;
mod segment;
mod settle;
mod supports;
mod system;
mod table;

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

pub use interval::Interval;
pub use payoffs::Payoffs;
pub use polish::{measured, polish};
pub use settle::Solution;
pub use supports::{Stopped, Supports, Walk};
pub use table::{Profile, Table};

use super::capacity;
use super::certify::certify;
use crate::game::NormalGame;
use crate::rational::Rational;
use isolate::isolate;
use settle::{Root, Verdict};
use system::System;

/// How long to search, with how many threads, and whom to tell.
pub struct Hunt<'a> {
    pub stop: &'a AtomicBool,
    /// Stop after this many equilibria.
    pub most: Option<usize>,
    /// How many threads may run at this moment, the caller's included.
    pub threads: &'a (dyn Fn() -> usize + Sync),
    pub progress: &'a dyn Fn(Advance<'_>),
}

/// How far a search is.
pub struct Advance<'a> {
    /// How many combinations of supports are dealt with, of how many.
    pub done: f64,
    pub total: f64,
    pub found: &'a [Solution],
}

/// What a search brought back.
#[derive(Debug)]
pub struct Hunted {
    /// Smaller supports first.
    pub solutions: Vec<Solution>,
    /// Supports whose system has a continuum of solutions, a singular one, or one that could not be told from another: there may be
    /// further equilibria with just these supports.
    pub undecided: Vec<Supports>,
    /// Every combination of supports was dealt with.
    pub finished: bool,
}

impl Hunted {
    /// Whether it is proved that there are no other equilibria.
    pub fn complete(&self) -> bool {
        self.finished && self.undecided.is_empty()
    }
}

/// Most combinations of supports that wait for a thread.
const BATCH: usize = 64;
/// Most undecided supports that are listed; the rest is counted into the last.
const MOST_UNDECIDED: usize = 10_000;

/// What one combination of supports gave.
struct Solved {
    solutions: Vec<Solution>,
    decided: bool,
}

pub fn all_supports(game: &NormalGame, hunt: &Hunt<'_>) -> Hunted {
    let mut hunted = Hunted {
        solutions: Vec::new(),
        undecided: Vec::new(),
        finished: false,
    };
    let Ok(payoffs) = Payoffs::of(game, hunt.stop) else {
        return hunted;
    };
    let Ok(walk) = Walk::of(&payoffs, hunt.stop) else {
        return hunted;
    };
    let total = walk.total();
    let solver = Solver {
        game,
        payoffs: &payoffs,
        hunt,
    };
    // The visitor and the counter both flush what waits.
    let state = std::cell::RefCell::new((&mut hunted, Vec::<Supports>::with_capacity(BATCH)));
    let done_before = std::cell::Cell::new(0.0);
    let flush = || {
        let (hunted, waiting) = &mut *state.borrow_mut();
        let supports = std::mem::take(waiting);
        let flow = solver.solve_all(&supports, hunted);
        (hunt.progress)(Advance {
            done: done_before.get(),
            total,
            found: &hunted.solutions,
        });
        flow
    };
    let mut visit = |supports: &Supports| {
        let waiting = {
            let (_, waiting) = &mut *state.borrow_mut();
            waiting.push(supports.clone());
            waiting.len()
        };
        if waiting >= BATCH {
            flush()
        } else {
            ControlFlow::Continue(())
        }
    };
    let mut sized = |done: f64| {
        let flow = flush();
        done_before.set(done);
        flow
    };
    let finished = walk.visit(&mut visit, &mut sized).is_ok();
    hunted.finished = finished;
    hunted
}

struct Solver<'a> {
    game: &'a NormalGame,
    payoffs: &'a Payoffs,
    hunt: &'a Hunt<'a>,
}

impl Solver<'_> {
    /// Solves the systems of several supports, on as many threads as there may be; results keep the supports' order.
    fn solve_all(&self, supports: &[Supports], hunted: &mut Hunted) -> ControlFlow<()> {
        let threads = (self.hunt.threads)()
            .clamp(1, 64)
            .min(supports.len() / 4 + 1);
        let solved: Vec<Option<Solved>> = if threads == 1 {
            supports
                .iter()
                .map(|supports| self.solve(supports).ok())
                .collect()
        } else {
            self.solve_on(threads, supports)
        };
        for (supports, solved) in supports.iter().zip(solved) {
            let Some(solved) = solved else {
                return ControlFlow::Break(());
            };
            if !solved.decided && hunted.undecided.len() < MOST_UNDECIDED {
                hunted.undecided.push(supports.clone());
            }
            for solution in solved.solutions {
                hunted.solutions.push(solution);
                let found = hunted.solutions.len();
                if self.hunt.most.is_some_and(|most| found >= most) || found >= capacity(self.game)
                {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    fn solve_on(&self, threads: usize, supports: &[Supports]) -> Vec<Option<Solved>> {
        let next = AtomicUsize::new(0);
        let solved: Vec<Mutex<Option<Solved>>> =
            supports.iter().map(|_| Mutex::new(None)).collect();
        // Threads share the table and the stop flag; what talks to the caller stays on this one.
        let (game, payoffs, stop) = (self.game, self.payoffs, self.hunt.stop);
        let work = || {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(supports) = supports.get(place) else {
                    return;
                };
                let result = solve(game, payoffs, supports, stop).ok();
                if let Ok(mut slot) = solved[place].lock() {
                    *slot = result;
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(work);
            }
            work();
        });
        solved
            .into_iter()
            .map(|slot| slot.into_inner().ok().flatten())
            .collect()
    }

    fn solve(&self, supports: &Supports) -> Result<Solved, Stopped> {
        solve(self.game, self.payoffs, supports, self.hunt.stop)
    }
}

/// All equilibria with exactly these supports, which conditional dominance has not ruled out.
fn solve(
    game: &NormalGame,
    payoffs: &Payoffs,
    supports: &Supports,
    stop: &AtomicBool,
) -> Result<Solved, Stopped> {
    let mut solved = Solved {
        solutions: Vec::new(),
        decided: true,
    };
    if stop.load(Ordering::Relaxed) {
        return Err(Stopped);
    }
    if supports.iter().all(|support| support.len() == 1) {
        // Against single strategies, what is not dominated is a best reply.
        let profile = certify(game, pure_profile(payoffs, supports));
        solved.decided = profile.regret.is_zero();
        if solved.decided {
            solved.solutions.push(Solution {
                profile,
                enclosure: None,
            });
        }
        return Ok(solved);
    }
    let Some(system) = System::of(payoffs, supports) else {
        return Ok(solved);
    };
    let root = Root {
        game,
        payoffs,
        supports,
        system: &system,
    };
    if let Some(extremes) = segment::extremes(payoffs, supports, &system, stop)? {
        let exact = |mixture: Vec<Rational>| Solution {
            profile: certify(game, root.spread(vec![mixture])),
            enclosure: None,
        };
        solved
            .solutions
            .extend(extremes.inner.into_iter().map(exact));
        let wrong = |solution: &Solution| !solution.profile.regret.is_zero();
        solved.decided = !extremes.continuum && !solved.solutions.iter().any(wrong);
        solved.solutions.retain(|solution| !wrong(solution));
        return Ok(solved);
    }
    let isolation = isolate(&system, stop)?;
    solved.decided = isolation.complete;
    for isolated in &isolation.roots {
        match root.settle(isolated) {
            Verdict::Equilibrium(solution) => solved.solutions.push(solution),
            Verdict::Nothing => {}
            Verdict::Undecided => solved.decided = false,
        }
    }
    solved.solutions.sort_by(|a, b| a.profile.cmp(&b.profile));
    Ok(solved)
}

fn pure_profile(payoffs: &Payoffs, supports: &Supports) -> Vec<Vec<Rational>> {
    let mixture = |(support, size): (&Vec<usize>, &usize)| {
        (0..*size)
            .map(|strategy| {
                if support.contains(&strategy) {
                    Rational::ONE
                } else {
                    Rational::ZERO
                }
            })
            .collect()
    };
    supports.iter().zip(&payoffs.sizes).map(mixture).collect()
}
