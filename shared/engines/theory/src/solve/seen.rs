//! A set of sets of small numbers, all in one piece of memory: quick to fill, and to give back.

/// Marks a free place.
const FREE: u32 = u32::MAX;

/// The sets met so far, as rows of bits in the order in which they came, with a table to find them by.
pub struct Seen {
    words: usize,
    rows: Vec<u64>,
    /// Numbers of rows, at the place that their hash names or the next free one after it; at most half full.
    table: Vec<u32>,
    row: Vec<u64>,
}

impl Seen {
    /// For sets of numbers below `size`.
    pub fn new(size: usize) -> Seen {
        let words = size.div_ceil(64).max(1);
        Seen {
            words,
            rows: Vec::new(),
            table: vec![FREE; 64],
            row: vec![0; words],
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len() / self.words
    }

    /// Whether the set was not there yet.
    pub fn insert(&mut self, numbers: impl Iterator<Item = usize>) -> bool {
        self.row.fill(0);
        for number in numbers {
            self.row[number / 64] |= 1 << (number % 64);
        }
        let mut place = hash(&self.row) as usize & (self.table.len() - 1);
        while self.table[place] != FREE {
            let start = self.table[place] as usize * self.words;
            if self.rows[start..start + self.words] == self.row[..] {
                return false;
            }
            place = (place + 1) & (self.table.len() - 1);
        }
        self.table[place] = self.len() as u32;
        self.rows.extend_from_slice(&self.row);
        if 2 * self.len() > self.table.len() {
            self.grow();
        }
        true
    }

    fn grow(&mut self) {
        let size = 2 * self.table.len();
        self.table = vec![FREE; size];
        for (number, row) in self.rows.chunks_exact(self.words).enumerate() {
            let mut place = hash(row) as usize & (size - 1);
            while self.table[place] != FREE {
                place = (place + 1) & (size - 1);
            }
            self.table[place] = number as u32;
        }
    }
}

/// Multiplication and a fold of the high bits onto the low ones: enough for sets that nobody chose to collide.
fn hash(row: &[u64]) -> u64 {
    row.iter().fold(0, |hash, word| {
        let mixed = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed ^ (mixed >> 29)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_it_has_seen() {
        let mut seen = Seen::new(100);
        let set = |number: usize| [number % 100, number / 100].into_iter();
        for number in 0..5_000 {
            let new = number % 100 >= number / 100;
            assert_eq!(seen.insert(set(number)), new, "{number}");
        }
        assert!((0..5_000).all(|number| !seen.insert(set(number))));
    }
}
