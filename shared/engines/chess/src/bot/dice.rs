//! Seeded chance: SplitMix64 (Steele, Lea and Flood 2014), written out here so that a game can be played again in any later
//! version.

/// A stream of numbers that depends on its seed alone.
#[derive(Debug, Clone)]
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Streams of one seed with different salts have nothing to do with each other.
    pub fn new(seed: u64, salt: u64) -> Self {
        let mut dice = Self { state: seed };
        dice.state = dice.next().wrapping_add(salt);
        dice.state = dice.next();
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to but not including `end`; 0 if `end` is 0. Multiply and shift (Lemire 2019) without the rejection: the bias is
    /// below `end` in 2^64.
    pub fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).expect("the upper half of 128 bits")
    }

    /// Between the two, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = u64::from(high.abs_diff(low)) + 1;
        let step = i64::try_from(self.below(width)).expect("at most 2^32");
        i32::try_from(i64::from(low) + step).expect("it lies between two numbers of 32 bits")
    }

    /// True so many times in a thousand.
    pub fn happens(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_authors_generator() {
        // The first three outputs of java.util.SplittableRandom(0) and of Vigna's splitmix64.c with state 0.
        let mut dice = Dice { state: 0 };
        assert_eq!(dice.next(), 0xe220_a839_7b1d_cdaf);
        assert_eq!(dice.next(), 0x6e78_9e6a_a1b9_65f4);
        assert_eq!(dice.next(), 0x06c4_5d18_8009_454f);
    }

    #[test]
    fn numbers_stay_in_their_range_and_reach_both_ends() {
        let mut dice = Dice::new(1, 2);
        let mut seen = [false; 7];
        for _ in 0..500 {
            let number = dice.between(-3, 3);
            seen[usize::try_from(number + 3).expect("at least -3")] = true;
        }
        assert_eq!(seen, [true; 7]);
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.between(5, 5), 5);
    }

    #[test]
    fn chance_is_what_it_says() {
        let mut dice = Dice::new(3, 4);
        let hits = (0..100_000).filter(|_| dice.happens(250)).count();
        // 25,000 expected, standard deviation 137.
        assert!((24_300..25_700).contains(&hits), "{hits}");
        assert_eq!((0..1000).filter(|_| dice.happens(0)).count(), 0);
        assert_eq!((0..1000).filter(|_| dice.happens(1000)).count(), 1000);
    }
}
