//! Experiments with prompts: who gets which variant, and whether it made a difference.

mod significance;

use serde::Serialize;

pub use significance::{Comparison, Contrast, compare};

use crate::hash::share;

/// A variant's share of the characters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted<'a> {
    pub name: &'a str,
    pub weight: f64,
}

/// What a decision came to, as the report names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    pub tool_call: u64,
    pub dialogue: u64,
    pub idle: u64,
}

impl Outcomes {
    pub fn total(&self) -> u64 {
        self.tool_call + self.dialogue + self.idle
    }

    fn counts(&self) -> [u64; 3] {
        [self.tool_call, self.dialogue, self.idle]
    }
}

/// Fewer variants are no experiment.
pub const LEAST_VARIANTS: usize = 2;

/// The variant of a character in a run: the same as long as the run lasts, whoever asks. Weighted rendezvous hashing (Thaler and
/// Ravishankar 1998; weights by -ln(u)/w, Schindelhauer and Schomaker 2005): a variant that is added or taken away in between moves
/// only those characters that it wins or loses. None: there is no variant with a weight.
pub fn assign<'a>(run: i64, character_id: &str, variants: &[Weighted<'a>]) -> Option<&'a str> {
    let drawn = |variant: &Weighted<'_>| {
        let parts = [
            &run.to_le_bytes()[..],
            character_id.as_bytes(),
            variant.name.as_bytes(),
        ];
        -share(&parts).ln() / variant.weight
    };
    let eligible = variants
        .iter()
        .filter(|variant| variant.weight.is_finite() && variant.weight > 0.0);
    let least = eligible.min_by(|one, other| drawn(one).total_cmp(&drawn(other)));
    least.map(|variant| variant.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variants(weights: &[(&'static str, f64)]) -> Vec<Weighted<'static>> {
        let weighted = |&(name, weight): &(&'static str, f64)| Weighted { name, weight };
        weights.iter().map(weighted).collect()
    }

    fn counted(run: i64, variants: &[Weighted<'_>]) -> Vec<u64> {
        let mut counts = vec![0; variants.len()];
        for number in 0..20_000 {
            let name = assign(run, &format!("character_{number}"), variants).expect("a variant");
            let at = variants.iter().position(|one| one.name == name);
            counts[at.expect("one of these")] += 1;
        }
        counts
    }

    #[test]
    fn characters_are_shared_out_by_weight() {
        let variants = variants(&[
            ("control", 1.0),
            ("verbose", 3.0),
            ("never", 0.0),
            ("terse", 1.0),
        ]);
        let counts = counted(7, &variants);
        assert_eq!(counts[2], 0);
        // Pearson's chi-square of two degrees of freedom; 13.8 is its 99.9 % point.
        let expected = [4_000.0, 12_000.0, 4_000.0];
        let found = [counts[0], counts[1], counts[3]];
        let off = found.iter().zip(expected);
        let statistic: f64 = off.map(|(&n, e)| (n as f64 - e).powi(2) / e).sum();
        assert!(statistic < 13.8, "{counts:?}: {statistic}");
    }

    #[test]
    fn a_character_keeps_its_variant_within_a_run() {
        let two = variants(&[("a", 1.0), ("b", 1.0)]);
        let three = variants(&[("c", 1.0), ("b", 1.0), ("a", 1.0)]);
        let mut moved = 0;
        let mut other_in_next_run = 0;
        for number in 0..3_000 {
            let id = number.to_string();
            let before = assign(1, &id, &two);
            assert_eq!(
                before,
                assign(1, &id, &[two[1], two[0]]),
                "order is nothing"
            );
            let after = assign(1, &id, &three);
            assert!(
                after == before || after == Some("c"),
                "it moves to the new one or stays"
            );
            moved += u32::from(after != before);
            other_in_next_run += u32::from(assign(2, &id, &two) != before);
        }
        assert!((800..1_200).contains(&moved), "a third: {moved}");
        assert!(
            (1_300..1_700).contains(&other_in_next_run),
            "half: {other_in_next_run}"
        );
    }

    #[test]
    fn without_weights_there_is_no_variant() {
        assert_eq!(assign(1, "barkeep", &[]), None);
        let none = variants(&[("a", 0.0), ("b", -1.0), ("c", f64::NAN)]);
        assert_eq!(assign(1, "barkeep", &none), None);
    }
}
