//! Every extreme equilibrium of a two-player game, by enumerating the vertices of one best-reply polytope.

use std::collections::HashSet;
use std::ops::ControlFlow;

use dashu_int::IBig;

use super::bimatrix::Bimatrix;
use super::dictionary::Dictionary;
use super::expand::Expansion;
use super::fast_walk::walk_fast;
use super::matching::Matching;
use super::number::{Exact, Overflow};
use super::vertices::{Walk, each_basis};
use super::{Equilibrium, Found, Search, pure};
use crate::game::NormalGame;

/// Perturbations that the fast walk is tried with; see [`walk_fast`].
const INCREASES: [f64; 2] = [1.0 / (1u64 << 24) as f64, 1.0 / (1u64 << 32) as f64];

/// The equilibria are the pairs of a vertex `x` of `{ x ≥ 0 : Bᵀx ≤ 1 }` and a vertex `y` of `{ y ≥ 0 : Ay ≤ 1 }` that leave out no label: every
/// strategy is unused or a best reply (Mangasarian 1964; Winkels 1979; Avis, Rosenberg, Savani and von Stengel 2010). For each `x` the
/// matching `y` are the vertices of one face, most often a single point or nothing.
///
/// Those in pure strategies are looked up first, which is cheap, so that a run that is cut short has at least them.
/// Equilibria come out in a fixed order: those with small supports first, then by probabilities.
pub fn enumerate(game: &NormalGame, search: &Search<'_>) -> Found {
    let in_pure = pure(game, search).equilibria;
    if search.enough(game, in_pure.len()) {
        return Found {
            equilibria: in_pure,
            complete: false,
        };
    }
    let original = Bimatrix::of(game, search.stop);
    let mut expansion = Expansion::new(game, &original);
    let mut matching = Matching::new(&original, search, &mut expansion);
    let walk = INCREASES
        .iter()
        .find_map(|increase| walk_fast(&mut matching, *increase).ok())
        // Vertices met before a doubt or an overflow are known to the matching and not met again.
        .or_else(|| walk_exactly::<i128>(&mut matching).ok())
        .unwrap_or_else(|| {
            walk_exactly::<IBig>(&mut matching).expect("integers of any size do not overflow")
        });
    let complete = walk == Walk::Complete && !matching.is_cut();
    let mut equilibria = expansion.equilibria;
    if !complete {
        let known: HashSet<Equilibrium> = equilibria.iter().cloned().collect();
        let missing = in_pure
            .into_iter()
            .filter(|equilibrium| !known.contains(equilibrium));
        for equilibrium in missing {
            if !search.enough(game, equilibria.len()) {
                equilibria.push(equilibrium);
            }
        }
    }
    equilibria.sort_by_cached_key(|equilibrium| {
        (
            support_size(equilibrium),
            std::cmp::Reverse(equilibrium.strategies.clone()),
        )
    });
    Found {
        equilibria,
        complete,
    }
}

fn support_size(equilibrium: &Equilibrium) -> usize {
    equilibrium
        .strategies
        .iter()
        .flatten()
        .filter(|probability| !probability.is_zero())
        .count()
}

/// Takes every vertex of the smaller polytope to the matching, with exact pivots throughout.
fn walk_exactly<N: Exact>(matching: &mut Matching<'_, '_>) -> Result<Walk, Overflow> {
    let payoffs = &matching.game().second;
    let (supporting, replying) = (payoffs.rows, payoffs.columns);
    let mut dictionary = Dictionary::<N>::new(replying, supporting, |reply, strategy| {
        payoffs.at(strategy, reply)
    })?;
    each_basis(&mut dictionary, matching.stop(), |vertex| {
        let support: Vec<usize> = (0..supporting)
            .filter(|strategy| !vertex.is_zero(*strategy))
            .collect();
        let tight: Vec<usize> = (0..replying)
            .filter(|reply| vertex.is_zero(supporting + reply))
            .collect();
        if support.is_empty() {
            ControlFlow::Continue(())
        } else {
            matching.meet(support, tight)
        }
    })
}
