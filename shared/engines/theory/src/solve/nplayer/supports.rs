//! Which sets of strategies the players may mix in an equilibrium: all that conditional dominance does not rule out.
//!
//! Porter, Nudelman and Shoham, "Simple search methods for finding a Nash equilibrium" (2004): supports by total size, then by
//! balance, pruned by iterated elimination of strategies dominated given the supports chosen so far.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::payoffs::Payoffs;

/// For each player the strategies played with positive probability, in order.
pub type Supports = Vec<Vec<usize>>;

/// The supports of a game.
pub struct Walk<'a> {
    payoffs: &'a Payoffs,
    stop: &'a AtomicBool,
    /// What iterated strict dominance leaves: no support holds anything else.
    domains: Supports,
}

/// The search was stopped from outside, or by its visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// The supports chosen so far leave no equilibrium.
enum Ruled {
    Out,
    Stopped,
}

impl<'a> Walk<'a> {
    pub fn of(payoffs: &'a Payoffs, stop: &'a AtomicBool) -> Result<Walk<'a>, Stopped> {
        let everything: Supports = payoffs
            .sizes
            .iter()
            .map(|size| (0..*size).collect())
            .collect();
        let mut walk = Walk {
            payoffs,
            stop,
            domains: everything.clone(),
        };
        let mut domains = everything;
        match walk.reduce(&mut domains, 0) {
            Ok(()) => {}
            // Without a chosen support nothing can be ruled out: some strategy of each player is undominated.
            Err(Ruled::Out) => {}
            Err(Ruled::Stopped) => return Err(Stopped),
        }
        walk.domains = domains;
        Ok(walk)
    }

    /// How many combinations of supports there are before any of them is looked at.
    pub fn total(&self) -> f64 {
        let subsets = |domain: &Vec<usize>| (domain.len() as f64).exp2() - 1.0;
        self.domains.iter().map(subsets).product()
    }

    /// Visits every combination of supports that is not ruled out, smaller ones first. `sized` is told how many combinations have been
    /// dealt with after each vector of sizes.
    pub fn visit(
        &self,
        visitor: &mut dyn FnMut(&Supports) -> ControlFlow<()>,
        sized: &mut dyn FnMut(f64) -> ControlFlow<()>,
    ) -> Result<(), Stopped> {
        let most: Vec<usize> = self.domains.iter().map(Vec::len).collect();
        let mut done = 0.0;
        for total in most.len()..=most.iter().sum() {
            for sizes in vectors(&most, total) {
                self.choose(&sizes, self.domains.clone(), 0, visitor)?;
                done += combinations(&most, &sizes);
                if sized(done).is_break() {
                    return Err(Stopped);
                }
            }
        }
        Ok(())
    }

    /// Recursive on the players with a choice, of which a table in memory has at most a few dozen.
    fn choose(
        &self,
        sizes: &[usize],
        domains: Supports,
        player: usize,
        visitor: &mut dyn FnMut(&Supports) -> ControlFlow<()>,
    ) -> Result<(), Stopped> {
        // A player without a choice needs no level of its own.
        let player = (player..sizes.len())
            .find(|player| domains[*player].len() > sizes[*player] || *player + 1 == sizes.len())
            .unwrap_or(sizes.len());
        if player == sizes.len() {
            return self.arrive(&domains, visitor);
        }
        let domain = domains[player].clone();
        let mut chosen: Vec<usize> = (0..sizes[player]).collect();
        loop {
            let mut narrowed = domains.clone();
            narrowed[player] = chosen.iter().map(|place| domain[*place]).collect();
            match self.reduce(&mut narrowed, player + 1) {
                Ok(())
                    if narrowed
                        .iter()
                        .zip(sizes)
                        .all(|(left, size)| left.len() >= *size) =>
                {
                    self.choose(sizes, narrowed, player + 1, visitor)?;
                }
                Ok(()) | Err(Ruled::Out) => {}
                Err(Ruled::Stopped) => return Err(Stopped),
            }
            if !advance(&mut chosen, domain.len()) {
                return Ok(());
            }
        }
    }

    fn arrive(
        &self,
        supports: &Supports,
        visitor: &mut dyn FnMut(&Supports) -> ControlFlow<()>,
    ) -> Result<(), Stopped> {
        match visitor(supports) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stopped),
        }
    }

    /// Removes what is dominated given the domains, again and again. The players below `chosen` have settled on all of theirs.
    fn reduce(&self, domains: &mut Supports, chosen: usize) -> Result<(), Ruled> {
        loop {
            let mut changed = false;
            for player in 0..domains.len() {
                if self.stop.load(Ordering::Relaxed) {
                    return Err(Ruled::Stopped);
                }
                if self.domains[player].len() < 2 {
                    continue;
                }
                let others = self.others(domains, player);
                let before = domains[player].len();
                let mut kept = std::mem::take(&mut domains[player]);
                kept.retain(|strategy| !self.dominated(player, *strategy, &others));
                let gone = before > kept.len();
                domains[player] = kept;
                if gone && (player < chosen || domains[player].is_empty()) {
                    return Err(Ruled::Out);
                }
                changed |= gone;
            }
            if !changed {
                return Ok(());
            }
        }
    }

    /// Whether another strategy is strictly better against everything that the others may still play.
    fn dominated(&self, player: usize, strategy: usize, others: &[usize]) -> bool {
        let stride = self.payoffs.strides[player];
        let rank = |strategy: usize, profile: usize| {
            self.payoffs.rank(player, profile + strategy * stride)
        };
        self.domains[player].iter().any(|rival| {
            others
                .iter()
                .all(|profile| rank(*rival, *profile) > rank(strategy, *profile))
        })
    }

    /// The profiles of the others' domains, this player's own strategy being 0.
    fn others(&self, domains: &Supports, player: usize) -> Vec<usize> {
        let mut profiles = vec![0];
        for (other, domain) in domains.iter().enumerate() {
            if other != player {
                let stride = self.payoffs.strides[other];
                profiles = profiles
                    .iter()
                    .flat_map(|profile: &usize| {
                        domain
                            .iter()
                            .map(move |strategy| profile + strategy * stride)
                    })
                    .collect();
            }
        }
        profiles
    }
}

/// The vectors of sizes from 1 up to `most` with this total, the most balanced first.
fn vectors(most: &[usize], total: usize) -> Vec<Vec<usize>> {
    let mut partial: Vec<(Vec<usize>, usize)> = vec![(Vec::new(), total)];
    for (place, most_here) in most.iter().enumerate() {
        let after = &most[place + 1..];
        let least_after = after.len();
        let most_after: usize = after.iter().sum();
        partial = partial
            .into_iter()
            .flat_map(|(sizes, left)| {
                let least = left.saturating_sub(most_after).max(1);
                let most = left.saturating_sub(least_after).min(*most_here);
                (least..=most).map(move |size| {
                    let mut longer = sizes.clone();
                    longer.push(size);
                    (longer, left - size)
                })
            })
            .collect();
    }
    let mut vectors: Vec<Vec<usize>> = partial.into_iter().map(|(sizes, _)| sizes).collect();
    let spread = |sizes: &Vec<usize>| {
        let most = sizes.iter().max().copied().unwrap_or(0);
        most - sizes.iter().min().copied().unwrap_or(0)
    };
    vectors.sort_by_key(spread);
    vectors
}

/// How many supports of these sizes there are.
fn combinations(most: &[usize], sizes: &[usize]) -> f64 {
    let choose = |(most, size): (&usize, &usize)| {
        (0..*size).fold(1.0, |count, taken| {
            count * (most - taken) as f64 / (taken + 1) as f64
        })
    };
    most.iter().zip(sizes).map(choose).product()
}

/// The next subset of `0..of` of the same size, in lexicographic order.
pub fn advance(chosen: &mut [usize], of: usize) -> bool {
    let size = chosen.len();
    let Some(place) = (0..size).rfind(|place| chosen[*place] < of - size + place) else {
        return false;
    };
    chosen[place] += 1;
    for later in place + 1..size {
        chosen[later] = chosen[later - 1] + 1;
    }
    true
}
