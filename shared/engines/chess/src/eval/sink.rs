//! Where the features of a position go: into a sum for the search, into a list of counts for the tuning.

use super::features::COUNT;
use super::weights::WEIGHTS;

/// Takes each feature with how many more of it white has than black.
pub trait Sink {
    fn add(&mut self, feature: usize, count: i32);
}

/// Middlegame and endgame weight in one integer: the endgame in the upper half, so that both are added at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Packed(i32);

impl Packed {
    pub(super) const fn new(middlegame: i32, endgame: i32) -> Self {
        Self((endgame << 16) + middlegame)
    }

    pub(super) fn middlegame(self) -> i32 {
        i32::from(self.0 as i16)
    }

    pub(super) fn endgame(self) -> i32 {
        // A negative lower half has borrowed one from the upper.
        i32::from(((self.0 + 0x8000) >> 16) as i16)
    }
}

impl std::ops::AddAssign for Packed {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

/// The weighted sum.
#[derive(Default)]
pub(super) struct Sum(pub Packed);

impl Sink for Sum {
    #[inline]
    fn add(&mut self, feature: usize, count: i32) {
        self.0.0 += WEIGHTS[feature].0 * count;
    }
}

/// How often each feature occurs.
pub struct Counts(pub [i32; COUNT]);

impl Sink for Counts {
    fn add(&mut self, feature: usize, count: i32) {
        self.0[feature] += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_do_not_disturb_each_other() {
        for (middlegame, endgame) in [(3, -5), (-3, 5), (-700, -900), (0, -1), (1200, 1100)] {
            let packed = Packed::new(middlegame, endgame);
            assert_eq!(
                (packed.middlegame(), packed.endgame()),
                (middlegame, endgame)
            );
        }
        let mut sum = Packed::new(-10, 4);
        sum += Packed::new(-1, -20);
        assert_eq!((sum.middlegame(), sum.endgame()), (-11, -16));
    }
}
