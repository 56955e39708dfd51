//! Tables under the numbers that a file gives its information sets and outcomes: nearly always 1, 2, 3 …, but nobody must.

use std::collections::HashMap;

/// A map from numbers to indices. Numbers as dense as a counter's go into a list, whose length stays within a few times the
/// entries whatever the numbers are; all others are hashed.
#[derive(Default)]
pub struct Numbered {
    dense: Vec<u32>,
    sparse: HashMap<usize, u32>,
    entries: usize,
}

const ABSENT: u32 = u32::MAX;

impl Numbered {
    pub fn get(&self, number: usize) -> Option<usize> {
        match self.dense.get(number) {
            Some(index) if *index != ABSENT => Some(*index as usize),
            _ if self.sparse.is_empty() => None,
            _ => self.sparse.get(&number).map(|index| *index as usize),
        }
    }

    /// The number must be new, the index below 2^32 - 1.
    pub fn insert(&mut self, number: usize, index: usize) {
        let index = u32::try_from(index).expect("tables hold fewer than 2^32 entries");
        self.entries += 1;
        if number < 4 * self.entries + 64 {
            if number >= self.dense.len() {
                self.dense.resize(number + 1, ABSENT);
            }
            self.dense[number] = index;
        } else {
            self.sparse.insert(number, index);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in_at_any_number() {
        let numbers = [1, 2, 900, usize::MAX, 0, 70, 3, 1 << 40, 899];
        let mut table = Numbered::default();
        for (index, number) in numbers.iter().enumerate() {
            assert_eq!(table.get(*number), None);
            table.insert(*number, index);
        }
        for (index, number) in numbers.iter().enumerate() {
            assert_eq!(table.get(*number), Some(index));
        }
        assert!(table.dense.len() < 200);
    }
}
