//! Sets of labels: every strategy of either player is one label, the row player's first.

use super::tableau::Halt;

/// A set of numbers below a size given when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Labels(Vec<u64>);

const WORD: usize = 64;

impl Labels {
    pub fn none(size: usize) -> Labels {
        Labels(vec![0; size.div_ceil(WORD)])
    }

    pub fn all(size: usize) -> Labels {
        let mut labels = Labels::none(size);
        (0..size).for_each(|label| labels.insert(label));
        labels
    }

    /// `Doubt` if one of them is no label.
    pub fn of(size: usize, labels: &[usize]) -> Result<Labels, Halt> {
        let mut set = Labels::none(size);
        for label in labels {
            if *label >= size {
                return Err(Halt::Doubt);
            }
            set.insert(*label);
        }
        Ok(set)
    }

    pub fn contains(&self, label: usize) -> bool {
        self.0[label / WORD] >> (label % WORD) & 1 == 1
    }

    pub fn insert(&mut self, label: usize) {
        self.0[label / WORD] |= 1 << (label % WORD);
    }

    pub fn remove(&mut self, label: usize) {
        self.0[label / WORD] &= !(1 << (label % WORD));
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        set_bits(self.0.iter().copied())
    }

    /// The first one in this set and in none of the others.
    pub fn first_outside(&self, a: &Labels, b: &Labels) -> Option<usize> {
        let words = self.0.iter().zip(&a.0).zip(&b.0);
        set_bits(words.map(|((own, a), b)| own & !a & !b)).next()
    }

    /// The first label in both.
    pub fn common(&self, other: &Labels) -> Option<usize> {
        set_bits(self.0.iter().zip(&other.0).map(|(own, other)| own & other)).next()
    }

    pub fn add(&mut self, other: &Labels) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own |= other;
        }
    }

    /// Adds what `other` lacks of the first `size` labels.
    pub fn add_missing(&mut self, other: &Labels, size: usize) {
        for (word, (own, other)) in self.0.iter_mut().zip(&other.0).enumerate() {
            let there = size.saturating_sub(word * WORD).min(WORD);
            let mask = if there == WORD {
                u64::MAX
            } else {
                (1 << there) - 1
            };
            *own |= !other & mask;
        }
    }
}

fn set_bits(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(number, word)| {
        std::iter::successors((word != 0).then_some(word), |word| {
            let rest = word & (word - 1);
            (rest != 0).then_some(rest)
        })
        .map(move |word| number * WORD + word.trailing_zeros() as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hold_what_was_put_in_across_words() {
        let mut labels = Labels::none(130);
        for label in [0, 63, 64, 129] {
            labels.insert(label);
        }
        labels.remove(63);
        assert_eq!(labels.iter().collect::<Vec<_>>(), [0, 64, 129]);
        assert!(labels.contains(129) && !labels.contains(63));
        let mut rest = Labels::none(130);
        rest.add_missing(&labels, 130);
        assert_eq!(rest.iter().count(), 127);
        assert_eq!(rest.common(&labels), None);
        assert_eq!(
            Labels::all(130).first_outside(&rest, &Labels::none(130)),
            Some(0)
        );
    }
}
