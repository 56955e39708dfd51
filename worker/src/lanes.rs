//! Slots by kind of task, as the operator wrote them.

use std::str::FromStr;

use thiserror::Error;

/// Rules in the order in which they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    pattern: Pattern,
    slots: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// `theory.analyze`
    Kind(String),
    /// `theory.*`, kept as `theory.`; `*` as nothing.
    Prefix(String),
}

/// What is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LanesError {
    #[error("`{0}` is not kind=slots, such as theory.*=2")]
    Shape(String),
    #[error("`{0}` is not a number of slots from 0 to {MAX_SLOTS}")]
    Slots(String),
    #[error("`{0}` fits no kind of task; there are {1}")]
    NoSuchKind(String, String),
}

/// More would hold more tasks than a process can keep alive.
const MAX_SLOTS: usize = 10_000;

impl FromStr for Lanes {
    type Err = LanesError;

    fn from_str(text: &str) -> Result<Self, LanesError> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        text.split(',')
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl FromStr for Rule {
    type Err = LanesError;

    fn from_str(text: &str) -> Result<Self, LanesError> {
        let shape = || LanesError::Shape(text.trim().to_owned());
        let (kind, slots) = text.split_once('=').ok_or_else(shape)?;
        let (kind, slots) = (kind.trim(), slots.trim());
        let pattern = match kind.strip_suffix('*') {
            Some(prefix) if prefix.is_empty() || prefix.ends_with('.') => {
                Pattern::Prefix(prefix.to_owned())
            }
            Some(_) => return Err(shape()),
            None if kind.is_empty() => return Err(shape()),
            None => Pattern::Kind(kind.to_owned()),
        };
        let number = slots.parse().ok().filter(|slots| *slots <= MAX_SLOTS);
        let slots = number.ok_or_else(|| LanesError::Slots(slots.to_owned()))?;
        Ok(Self { pattern, slots })
    }
}

impl Lanes {
    /// Refuses a rule that fits nothing: it would be a typing error that nobody notices.
    pub fn check(&self, kinds: &[String]) -> Result<(), LanesError> {
        let idle = self
            .0
            .iter()
            .find(|rule| !kinds.iter().any(|kind| rule.pattern.fits(kind)));
        match idle {
            Some(rule) => Err(LanesError::NoSuchKind(
                rule.pattern.to_string(),
                kinds.join(", "),
            )),
            None => Ok(()),
        }
    }

    /// What the operator wants, else `usual`.
    pub fn slots(&self, kind: &str, usual: usize) -> usize {
        let last = self.0.iter().rev().find(|rule| rule.pattern.fits(kind));
        last.map_or(usual, |rule| rule.slots)
    }
}

impl Pattern {
    fn fits(&self, kind: &str) -> bool {
        match self {
            Self::Kind(wanted) => wanted == kind,
            Self::Prefix(prefix) => kind.starts_with(prefix),
        }
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Kind(kind) => f.write_str(kind),
            Self::Prefix(prefix) => write!(f, "{prefix}*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_fitting_rule_decides_and_others_get_the_usual() {
        let lanes: Lanes = "*=1, theory.* = 2,theory.analyze=3"
            .parse()
            .expect("three rules");
        assert_eq!(lanes.slots("theory.analyze", 9), 3);
        assert_eq!(lanes.slots("theory.other", 9), 2);
        assert_eq!(lanes.slots("chess.bot", 9), 1);
        let closed: Lanes = "theory.*=0".parse().expect("one rule");
        assert_eq!(closed.slots("theory.analyze", 9), 0);
        assert_eq!(closed.slots("theoryx.analyze", 9), 9);
        assert_eq!(
            "".parse::<Lanes>()
                .expect("nothing said")
                .slots("chess.bot", 9),
            9
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [
            "theory",
            "theory*=1",
            "=1",
            "theory.*=",
            "theory.*=-1",
            "theory.*=2x",
            "a=1,,b=1",
            "theory.*=10001",
        ] {
            assert!(bad.parse::<Lanes>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_rule_for_nothing_is_a_typing_error() {
        let lanes: Lanes = "theroy.*=2".parse().expect("the shape is right");
        assert_eq!(
            lanes.check(&["theory.analyze".to_owned()]),
            Err(LanesError::NoSuchKind(
                "theroy.*".to_owned(),
                "theory.analyze".to_owned()
            ))
        );
    }
}
