//! All vertices of a polytope given by an exact dictionary, degenerate ones once each.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::dictionary::Dictionary;
use super::number::{Exact, Overflow};
use super::seen::Seen;

/// Whether a walk saw everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    Complete,
    Broken,
}

/// Most bases remembered: beyond that a walk gives up its claim rather than the machine's memory.
const MOST_BASES: usize = 1 << 21;

/// Visits every basis that is feasible for the perturbed right-hand sides, depth first. The perturbed polytope is simple and bounded,
/// so its graph is connected and each of its edges is one ratio test; each vertex of the polytope itself is the limit of at least
/// one of these bases, and a degenerate one of several.
pub fn each_basis<N: Exact>(
    dictionary: &mut Dictionary<N>,
    stop: &AtomicBool,
    mut visit: impl FnMut(&Dictionary<N>) -> ControlFlow<()>,
) -> Result<Walk, Overflow> {
    let mut seen = Seen::new(dictionary.variables());
    seen.insert(dictionary.nonbasic().iter().copied());
    if visit(dictionary).is_break() {
        return Ok(Walk::Broken);
    }
    // Each entry is the pivot that led here and the next column to leave by.
    let mut path: Vec<(usize, usize, usize)> = vec![(0, 0, 0)];
    while let Some((row, column, next)) = path.last_mut() {
        if stop.load(Ordering::Relaxed) {
            return Ok(Walk::Broken);
        }
        if *next == dictionary.columns() {
            let (row, column) = (*row, *column);
            path.pop();
            if !path.is_empty() {
                dictionary.pivot(row, column)?;
            }
            continue;
        }
        let entering = *next;
        *next += 1;
        let Some(leaving) = dictionary.leaving(entering)? else {
            continue;
        };
        let left = dictionary.nonbasic()[entering];
        let neighbour = dictionary.nonbasic().iter().copied();
        let neighbour = neighbour.filter(|variable| *variable != left);
        if seen.insert(neighbour.chain([dictionary.basic()[leaving]])) {
            if seen.len() > MOST_BASES {
                return Ok(Walk::Broken);
            }
            dictionary.pivot(leaving, entering)?;
            if visit(dictionary).is_break() {
                return Ok(Walk::Broken);
            }
            path.push((leaving, entering, 0));
        }
    }
    Ok(Walk::Complete)
}
