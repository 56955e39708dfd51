//! Names for what a Gambit file leaves unnamed or names twice: everywhere else in this crate names are keys.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::game::Text;

/// Most bytes of a label: those of strategies are put together from the actions' a million times over.
const MAX_LABEL: usize = 1_000;

/// What to say against a label that is too long.
pub fn too_long(label: &str) -> Option<String> {
    (label.len() > MAX_LABEL).then(|| {
        format!(
            "a label of {} bytes; at most {MAX_LABEL} are allowed",
            label.len()
        )
    })
}

/// The labels of a node's actions: as written when that names each, else [`distinct`]; and the first that was renamed.
pub fn labels(names: Vec<Cow<'_, str>>) -> (Vec<Text>, Option<String>) {
    /// Up to here comparing all pairs is faster than hashing.
    const FEW: usize = 12;
    let differ = if names.len() <= FEW {
        (1..names.len()).all(|position| !names[..position].contains(&names[position]))
    } else {
        let mut seen = HashSet::with_capacity(names.len());
        names.iter().all(|name| seen.insert(name.as_ref()))
    };
    if differ && names.iter().all(|name| !name.is_empty()) {
        return (names.into_iter().map(Text::from).collect(), None);
    }
    let names = names.into_iter().map(Cow::into_owned).collect();
    let (names, renamed) = distinct(names, |position| format!("Action {position}"));
    (
        names.into_iter().map(Text::from).collect(),
        renamed.into_iter().next(),
    )
}

/// The names with empty ones replaced by `default(position from 1)` and repeated ones numbered `name (2)`, `name (3)` …;
/// the second value lists what was renamed.
pub fn distinct(
    names: Vec<String>,
    default: impl Fn(usize) -> String,
) -> (Vec<String>, Vec<String>) {
    let mut taken: HashSet<String> = names
        .iter()
        .filter(|name| !name.is_empty())
        .cloned()
        .collect();
    let mut given: HashSet<String> = HashSet::with_capacity(names.len());
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut renamed = Vec::new();
    let distinct = names.into_iter().enumerate().map(|(position, name)| {
        let wanted = if name.is_empty() {
            default(position + 1)
        } else {
            name.clone()
        };
        let is_free = if name.is_empty() {
            taken.insert(wanted.clone())
        } else {
            given.insert(wanted.clone())
        };
        if is_free {
            given.insert(wanted.clone());
            return wanted;
        }
        let number = numbers.entry(wanted.clone()).or_insert(1);
        let numbered = loop {
            *number += 1;
            let candidate = format!("{wanted} ({number})");
            if taken.insert(candidate.clone()) {
                break candidate;
            }
        };
        given.insert(numbered.clone());
        renamed.push(wanted);
        numbered
    });
    (distinct.collect(), renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(list: &[&str]) -> Vec<String> {
        list.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn fills_and_numbers() {
        let (given, renamed) = distinct(names(&["a", "", "a", "a", "S2", "a (2)"]), |position| {
            format!("S{position}")
        });
        assert_eq!(
            given,
            names(&["a", "S2 (2)", "a (3)", "a (4)", "S2", "a (2)"])
        );
        assert_eq!(renamed, names(&["S2", "a", "a"]));
    }
}
