//! The payoffs of two players as sparse matrices over pairs of sequences, chance folded in.

use std::sync::atomic::{AtomicBool, Ordering};

use super::flat::Refusal;

/// How many entries are sorted between two looks at the stop flag.
const AT_ONCE: usize = 1 << 16;

/// What an end contributes: where it lies and the scaled payoffs of both players times nature's probability.
#[derive(Clone, Copy, Default)]
pub(super) struct Entry {
    pub sequences: [u32; 2],
    pub payoffs: [f64; 2],
}

/// One player's payoffs: a row for each own sequence, its entries by the other's sequence (compressed rows).
pub struct Rows {
    first: Vec<u32>,
    columns: Vec<u32>,
    payoffs: Vec<f64>,
}

/// Both players' rows; ends with the same pair of sequences are added up, pairs that pay 0 dropped.
pub(super) fn pair_up(
    entries: Vec<Entry>,
    sequences: [usize; 2],
    stop: &AtomicBool,
) -> Result<[Rows; 2], Refusal> {
    let by_second = sorted(&entries, 1, sequences[1], stop)?;
    drop(entries);
    let mut by_both = sorted(&by_second, 0, sequences[0], stop)?;
    drop(by_second);
    by_both.dedup_by(|next, kept| {
        let same = next.sequences == kept.sequences;
        if same {
            kept.payoffs[0] += next.payoffs[0];
            kept.payoffs[1] += next.payoffs[1];
        }
        same
    });
    let transposed = sorted(&by_both, 1, sequences[1], stop)?;
    look(stop)?;
    let first = Rows::of(&by_both, 0, sequences[0]);
    drop(by_both);
    look(stop)?;
    Ok([first, Rows::of(&transposed, 1, sequences[1])])
}

/// A stable counting sort by one player's sequences.
fn sorted(
    entries: &[Entry],
    player: usize,
    sequences: usize,
    stop: &AtomicBool,
) -> Result<Vec<Entry>, Refusal> {
    let mut next = vec![0usize; sequences + 1];
    for entry in entries {
        next[entry.sequences[player] as usize + 1] += 1;
    }
    for sequence in 0..sequences {
        next[sequence + 1] += next[sequence];
    }
    let mut sorted = vec![Entry::default(); entries.len()];
    for entries in entries.chunks(AT_ONCE) {
        look(stop)?;
        for entry in entries {
            let place = &mut next[entry.sequences[player] as usize];
            sorted[*place] = *entry;
            *place += 1;
        }
    }
    Ok(sorted)
}

impl Rows {
    /// Of entries in the order of the player's sequences.
    fn of(entries: &[Entry], player: usize, sequences: usize) -> Rows {
        let mut rows = Rows {
            first: vec![0; sequences + 1],
            columns: Vec::new(),
            payoffs: Vec::new(),
        };
        for entry in entries.iter().filter(|entry| entry.payoffs[player] != 0.0) {
            rows.first[entry.sequences[player] as usize + 1] += 1;
            rows.columns.push(entry.sequences[1 - player]);
            rows.payoffs.push(entry.payoffs[player]);
        }
        for sequence in 0..sequences {
            rows.first[sequence + 1] += rows.first[sequence];
        }
        rows
    }

    /// How many pairs of sequences pay something.
    pub fn nonzeros(&self) -> usize {
        self.columns.len()
    }

    /// What each own sequence pays at its ends when the other plays the plan.
    pub fn times(&self, plan: &[f64], paid: &mut [f64]) {
        let mut start = self.first[0] as usize;
        for (paid, end) in paid.iter_mut().zip(&self.first[1..]) {
            let end = *end as usize;
            let row = self.columns[start..end]
                .iter()
                .zip(&self.payoffs[start..end]);
            *paid = row
                .map(|(column, payoff)| plan[*column as usize] * payoff)
                .sum();
            start = end;
        }
    }
}

fn look(stop: &AtomicBool) -> Result<(), Refusal> {
    if stop.load(Ordering::Relaxed) {
        Err(Refusal::Stopped)
    } else {
        Ok(())
    }
}
