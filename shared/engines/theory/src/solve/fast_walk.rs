//! The fast walk over a best-reply polytope: pivots in doubles, every vertex proved, any doubt handed back.
//!
//! Why the result is a proof although the pivots are not exact. The right-hand sides are increased by small known amounts. Each basis met
//! is *certified* ([`super::certificate`]): with the increased sides it is feasible and all its basic variables are positive. Two such bases that
//! differ in one label are the ends of one edge. Every neighbour that a ratio test names is certified in turn, so the bases met are closed under
//! adjacency; the polytope is then simple, its graph is connected (Balinski 1961), and the bases met are all there are. If each is also
//! feasible for the original sides, it stays feasible for every smaller increase, so each vertex of the original polytope is
//! the limit of one of them: none is missing. A wrong turn shows as a basis that cannot be certified.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use super::certificate::{Certificate, Certifier};
use super::matching::Matching;
use super::screen::Screen;
use super::tableau::{Polytope, Tableau};
use super::vertices::Walk;

/// Doubles carry integers exactly up to here.
const EXACT_IN_DOUBLES: f64 = (1u64 << 52) as f64;

/// Most labels that fit in a mask.
const MOST_LABELS: usize = 128;

/// Most bases remembered, half a gigabyte: beyond that a search gives up its claim rather than the machine's memory.
const MOST_BASES: usize = 1 << 24;

/// How many pivots a tableau takes before it is computed anew from the matrix.
const FRESH: u32 = 16;

/// The pivots met something that doubles cannot decide; the exact walk must.
pub struct Doubt;

/// Takes every vertex to the matching. `increase` is the size of the perturbation: larger ones are further above the rounding errors,
/// smaller ones less likely to change the order of almost equal ratios.
pub fn walk_fast(matching: &mut Matching<'_, '_>, increase: f64) -> Result<Walk, Doubt> {
    let polytope = Polytope::new(matching.replies(), increase)
        .filter(|polytope| polytope.labels() <= MOST_LABELS)
        .ok_or(Doubt)?;
    let mut screen = Screen::new(&matching.game().first).ok_or(Doubt)?;
    let mut certifier = Certifier::new(&polytope);
    let mut tableau = Tableau::origin(&polytope);
    let mut seen: HashSet<u128, BuildHasherDefault<MaskHasher>> = HashSet::default();
    let mut pending = vec![tableau.mask()];
    seen.insert(tableau.mask());
    let mut neighbours = Vec::with_capacity(polytope.variables);
    while let Some(mask) = pending.pop() {
        if seen.len() > MOST_BASES {
            return Ok(Walk::Broken);
        }
        if !(tableau.age() < FRESH && tableau.step_to(mask)) {
            tableau = Tableau::rebuilt(&polytope, mask).ok_or(Doubt)?;
        }
        let flow = match certifier.certify(&tableau, matching.replies()) {
            // The origin plays nothing.
            Certificate::Simple { support: [], .. } => matching.count(),
            Certificate::Simple { support, tight } => match screen.rules_out(support, tight) {
                true => matching.count(),
                false => matching.meet(support.to_vec(), tight.to_vec()),
            },
            Certificate::Degenerate { support, .. } if support.is_empty() => matching.count(),
            Certificate::Degenerate { support, tight } => matching.meet(support, tight),
            Certificate::None => return Err(Doubt),
        };
        if flow.is_break() {
            return Ok(Walk::Broken);
        }
        tableau.neighbours(&mut neighbours).ok_or(Doubt)?;
        pending.extend(neighbours.iter().filter(|mask| seen.insert(**mask)));
    }
    Ok(Walk::Complete)
}

/// The integers of a matrix as doubles between 0 and 1, scaled by a power of two so that nothing is rounded; `None` if they are too long.
pub fn scaled(entries: &[dashu_int::IBig]) -> Option<Vec<f64>> {
    let doubles: Vec<f64> = entries.iter().map(|entry| entry.to_f64().value()).collect();
    let largest = doubles.iter().copied().fold(0.0, f64::max);
    if largest > EXACT_IN_DOUBLES {
        return None;
    }
    let scale = 2f64.powi(-(largest.log2().ceil() as i32));
    Some(doubles.into_iter().map(|entry| entry * scale).collect())
}

/// Masks are well spread already; multiplying their halves is enough.
#[derive(Default)]
struct MaskHasher(u64);

impl Hasher for MaskHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u128(u128::from(*byte));
        }
    }

    fn write_u128(&mut self, mask: u128) {
        let mixed = (mask as u64 ^ self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ ((mask >> 64) as u64).wrapping_mul(0xc2b2_ae3d_27d4_eb4f);
        self.0 = mixed ^ (mixed >> 29);
    }
}
