//! The same thing again: a memory becomes stronger by it, there is no second copy.

use std::collections::HashMap;

use super::fade::Strength;
use super::{Kind, Memory, words};

/// What a repetition adds to the importance.
pub const AGAIN: f64 = 0.5;
/// Nothing goes deep by being repeated.
pub const MOST: f64 = 8.5;

/// Memories that say the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Repetition<'a> {
    /// The oldest of them: it stays.
    pub first: &'a Memory,
    pub copies: Vec<&'a Memory>,
    /// What the first one has become.
    pub strength: Strength,
}

/// Who says the same as whom: of one kind, about one player, word for word but for endings and small words.
pub fn find(memories: &[Memory], slow: u64) -> Vec<Repetition<'_>> {
    let mut same: HashMap<(Kind, Option<&str>, String), Vec<&Memory>> = HashMap::new();
    for memory in memories {
        let said = words::stems(&memory.content).join(" ");
        let said = if said.is_empty() {
            memory.content.clone()
        } else {
            said
        };
        let key = (memory.kind, memory.player_id.as_deref(), said);
        same.entry(key).or_default().push(memory);
    }
    let mut found: Vec<Repetition<'_>> = same
        .into_values()
        .filter_map(|mut group| {
            group.sort_by_key(|memory| memory.number);
            let (first, copies) = group.split_first()?;
            (!copies.is_empty()).then(|| Repetition {
                first,
                copies: copies.to_vec(),
                strength: together(first, copies, slow),
            })
        })
        .collect();
    found.sort_by_key(|repetition| repetition.first.number);
    found
}

fn together(first: &Memory, copies: &[&Memory], slow: u64) -> Strength {
    let strongest = copies
        .iter()
        .map(|copy| copy.strength)
        .chain([first.strength])
        .max_by(|a, b| a.current(slow).total_cmp(&b.current(slow)))
        .unwrap_or(first.strength);
    let pinned = first.strength.pinned || copies.iter().any(|copy| copy.strength.pinned);
    let least_decay = |rate: f64, copy: &&Memory| rate.min(copy.strength.decay_rate);
    Strength {
        pinned,
        decay_rate: copies.iter().fold(first.strength.decay_rate, least_decay),
        ..again(strongest, copies.len(), slow)
    }
}

/// A memory that was made anew so many times.
pub fn again(strength: Strength, times: usize, slow: u64) -> Strength {
    let now = strength.current(slow);
    Strength {
        importance: (now + AGAIN * times as f64).min(MOST).max(now),
        at_slow: slow.max(strength.at_slow),
        ..strength
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::sample;

    #[test]
    fn eight_hundred_copies_are_one_memory() {
        let memories: Vec<Memory> = (0..808)
            .map(|number| sample(number, "The player likes ale."))
            .collect();
        let found = find(&memories, 0);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].first.number, found[0].copies.len()), (0, 807));
        assert_eq!(found[0].strength.importance, MOST);
    }

    #[test]
    fn who_did_it_to_whom_and_whether_makes_a_difference() {
        let memories = [
            sample(0, "The guard hit the bard"),
            sample(1, "The bard hit the guard"),
            sample(2, "The guard did not hit the bard"),
            Memory {
                player_id: Some("ada".to_owned()),
                ..sample(3, "The guard hit the bard")
            },
        ];
        assert!(find(&memories, 0).is_empty());
    }

    #[test]
    fn a_repetition_adds_to_what_is_left() {
        let old = Strength::new(Kind::Episode, 5.0, 0);
        // 100 slow ticks take one.
        let again = again(old, 1, 100);
        assert!((again.importance - 4.5).abs() < 1e-9);
        assert_eq!(again.at_slow, 100);
        let deep = Strength::new(Kind::Episode, 9.5, 0);
        assert_eq!(super::again(deep, 1, 0).importance, 9.5);
    }

    #[test]
    fn a_pin_on_a_copy_is_kept() {
        let mut copy = sample(1, "ale");
        copy.strength.pinned = true;
        let memories = [sample(0, "ale"), copy];
        assert!(find(&memories, 0)[0].strength.pinned);
    }
}
