//! Chance that is the same every time: a stream of numbers from the world's seed, a character's id and a count.

/// SplitMix64 (Steele, Lea and Flood 2014).
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// For one occasion: which character, and the how manieth time.
    pub(crate) fn of(seed: u64, character: &str, number: u64) -> Self {
        let mut chance = Self(fnv(seed, character.as_bytes()) ^ number.wrapping_mul(GOLDEN));
        chance.next();
        chance
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// 0 to below 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// 0 to below `end`; 0 if that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }

    /// One of them, if there are any.
    pub(crate) fn one_of<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// FNV-1a (Fowler, Noll and Vo) with 64 bits, begun with a seed of one's own.
pub(crate) fn fnv(seed: u64, bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

/// 2^64 divided by the golden ratio, made odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    /// FNV's published test vectors: the empty string, "a" and "foobar".
    #[test]
    fn hashes_are_those_of_the_authors() {
        assert_eq!(fnv(0, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(0, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv(0, b"foobar"), 0x8594_4171_f739_67e8);
    }

    /// The first numbers of the reference implementation for the seed 1234567.
    #[test]
    fn the_stream_is_that_of_the_authors() {
        let mut chance = Chance(1_234_567);
        assert_eq!(chance.next(), 6_457_827_717_110_365_317);
        assert_eq!(chance.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_in_their_bounds() {
        let mut chance = Chance::of(1, "barkeep", 2);
        for _ in 0..1_000 {
            assert!((0.0..1.0).contains(&chance.unit()));
            assert!(chance.below(7) < 7);
        }
        assert_eq!(chance.below(0), 0);
        assert_eq!(chance.one_of::<u8>(&[]), None);
    }
}
