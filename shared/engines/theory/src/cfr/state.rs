//! The state of a learner as bytes: a name, whole numbers, and tables of doubles.

/// A row of numbers per player.
type Table = Vec<Vec<f64>>;

/// What is written and read back, in this order.
pub(super) struct State<'a> {
    pub name: &'a str,
    pub numbers: Vec<u64>,
    pub tables: Vec<&'a [Vec<f64>]>,
}

impl State<'_> {
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut put = |number: u64| bytes.extend_from_slice(&number.to_le_bytes());
        put(fingerprint(self.name));
        self.numbers.iter().copied().for_each(&mut put);
        for row in self.tables.iter().copied().flatten() {
            put(row.len() as u64);
            row.iter().map(|value| value.to_bits()).for_each(&mut put);
        }
        bytes
    }

    /// Reads bytes that were written of a state of this shape; `None` when they were not.
    pub fn read(&self, bytes: &[u8]) -> Option<(Vec<u64>, Vec<Table>)> {
        let mut words = bytes
            .chunks(8)
            .map(|word| word.try_into().ok().map(u64::from_le_bytes));
        let mut next = || words.next().flatten();
        if next()? != fingerprint(self.name) {
            return None;
        }
        let numbers = (0..self.numbers.len())
            .map(|_| next())
            .collect::<Option<_>>()?;
        let mut tables = Vec::new();
        for table in &self.tables {
            let mut rows = Vec::new();
            for row in *table {
                if next()? != row.len() as u64 {
                    return None;
                }
                let values = (0..row.len()).map(|_| next().map(f64::from_bits));
                let values: Vec<f64> = values.collect::<Option<_>>()?;
                if !values.iter().all(|value| value.is_finite()) {
                    return None;
                }
                rows.push(values);
            }
            tables.push(rows);
        }
        words.next().is_none().then_some((numbers, tables))
    }
}

/// FNV-1a (Fowler, Noll, Vo), 64 bits.
fn fingerprint(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}
