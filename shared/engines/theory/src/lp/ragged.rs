//! Lists of different lengths, end to end in one allocation.

/// Numbered lists of (index, entry) pairs; the last one grows until it is closed.
pub struct Ragged<F> {
    starts: Vec<usize>,
    entries: Vec<(u32, F)>,
}

impl<F> Ragged<F> {
    pub fn with_capacity(lists: usize) -> Ragged<F> {
        let mut starts = Vec::with_capacity(lists + 1);
        starts.push(0);
        Ragged {
            starts,
            entries: Vec::new(),
        }
    }

    pub fn push(&mut self, index: u32, entry: F) {
        self.entries.push((index, entry));
    }

    pub fn append(&mut self, entries: &mut Vec<(u32, F)>) {
        self.entries.append(entries);
    }

    /// Ends a list; what is pushed next belongs to another.
    pub fn close(&mut self) {
        self.starts.push(self.entries.len());
    }

    /// How many lists are closed.
    pub fn lists(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn list(&self, number: usize) -> &[(u32, F)] {
        &self.entries[self.starts[number]..self.starts[number + 1]]
    }

    /// All entries of all lists.
    pub fn entries(&self) -> &[(u32, F)] {
        &self.entries
    }
}

impl<F: Clone> Ragged<F> {
    /// The lists by index: the new list `place(index)` holds `(label(list), entry)` for each entry of `list` with that index.
    pub fn transposed(
        &self,
        lists: usize,
        place: impl Fn(u32) -> usize,
        label: impl Fn(usize) -> u32,
    ) -> Ragged<F> {
        let mut starts = vec![0; lists + 1];
        for (index, _) in &self.entries {
            starts[place(*index) + 1] += 1;
        }
        for number in 0..lists {
            starts[number + 1] += starts[number];
        }
        let mut next = starts.clone();
        let mut entries = self.entries.clone();
        for list in 0..self.lists() {
            for (index, entry) in self.list(list) {
                let place = &mut next[place(*index)];
                entries[*place] = (label(list), entry.clone());
                *place += 1;
            }
        }
        Ragged { starts, entries }
    }
}
