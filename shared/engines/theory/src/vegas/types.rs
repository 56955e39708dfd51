//! The types of Vegas values: sets of whole numbers, truth values and addresses.

use std::fmt;
use std::sync::Arc;

/// Unions of up to so many values are kept value by value; larger ones become the range that spans them.
const MOST_LISTED: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueType {
    Whole(Wholes),
    Truth,
    Address,
}

/// Which whole numbers a type admits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wholes {
    All,
    /// From the first to the last, both included.
    Range(i128, i128),
    /// Ascending, with a gap at least.
    List(Arc<[i128]>),
}

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    pub is: ValueType,
    /// Its value is missing when its owner has quit.
    pub optional: bool,
}

impl ValueType {
    pub const WHOLE: ValueType = ValueType::Whole(Wholes::All);

    pub fn surely(self) -> Type {
        Type {
            is: self,
            optional: false,
        }
    }

    /// Whether every value of this type is one of `other`.
    pub fn fits(&self, other: &ValueType) -> bool {
        match (self, other) {
            (ValueType::Whole(these), ValueType::Whole(those)) => these.within(those),
            _ => self == other,
        }
    }

    /// The smallest type that both fit.
    pub fn union(&self, other: &ValueType) -> Option<ValueType> {
        match (self, other) {
            (ValueType::Whole(these), ValueType::Whole(those)) => {
                Some(ValueType::Whole(these.union(those)))
            }
            _ => (self == other).then(|| self.clone()),
        }
    }
}

impl Wholes {
    /// The values as a type; there must be one at least.
    pub fn of(mut values: Vec<i128>) -> Wholes {
        values.sort_unstable();
        values.dedup();
        let (first, last) = (values[0], values[values.len() - 1]);
        if usize::try_from(last - first).is_ok_and(|span| span == values.len() - 1) {
            Wholes::Range(first, last)
        } else {
            Wholes::List(values.into())
        }
    }

    /// How many there are, where that is a number.
    pub fn count(&self) -> Option<u128> {
        match self {
            Wholes::All => None,
            Wholes::Range(first, last) => Some((last - first).unsigned_abs() + 1),
            Wholes::List(values) => Some(values.len() as u128),
        }
    }

    pub fn contains(&self, value: i128) -> bool {
        Wholes::Range(value, value).within(self)
    }

    /// In ascending order; none for an unbounded type.
    pub fn values(&self) -> Vec<i128> {
        match self {
            Wholes::All => Vec::new(),
            Wholes::Range(first, last) => (*first..=*last).collect(),
            Wholes::List(values) => values.to_vec(),
        }
    }

    fn within(&self, other: &Wholes) -> bool {
        match (self, other) {
            (_, Wholes::All) => true,
            (Wholes::All, _) => false,
            (Wholes::Range(first, last), Wholes::Range(from, to)) => from <= first && last <= to,
            (Wholes::Range(first, last), Wholes::List(values)) => {
                let start = values.partition_point(|value| value < first);
                usize::try_from(last - first)
                    .ok()
                    .and_then(|span| values.get(start..=start.checked_add(span)?))
                    .is_some_and(|slice| slice.first() == Some(first) && slice.last() == Some(last))
            }
            (Wholes::List(values), Wholes::Range(from, to)) => {
                values.first() >= Some(from) && values.last() <= Some(to)
            }
            (Wholes::List(values), Wholes::List(others)) => {
                Arc::ptr_eq(values, others)
                    || values
                        .iter()
                        .all(|value| others.binary_search(value).is_ok())
            }
        }
    }

    fn union(&self, other: &Wholes) -> Wholes {
        if self.within(other) {
            return other.clone();
        }
        if other.within(self) {
            return self.clone();
        }
        let counts = self.count().zip(other.count());
        let few = counts.is_some_and(|(one, two)| one.saturating_add(two) <= MOST_LISTED as u128);
        if few {
            let mut values = self.values();
            values.extend(other.values());
            return Wholes::of(values);
        }
        match (self.ends(), other.ends()) {
            (Some((first, last)), Some((from, to))) => Wholes::Range(first.min(from), last.max(to)),
            _ => Wholes::All,
        }
    }

    fn ends(&self) -> Option<(i128, i128)> {
        match self {
            Wholes::All => None,
            Wholes::Range(first, last) => Some((*first, *last)),
            Wholes::List(values) => Some((*values.first()?, *values.last()?)),
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ValueType::Truth => f.write_str("bool"),
            ValueType::Address => f.write_str("address"),
            ValueType::Whole(Wholes::All) => f.write_str("int"),
            ValueType::Whole(Wholes::Range(first, last)) if first == last => {
                write!(f, "{{{first}}}")
            }
            ValueType::Whole(Wholes::Range(first, last)) => write!(f, "{{{first}..{last}}}"),
            ValueType::Whole(Wholes::List(values)) => {
                const SHOWN: usize = 8;
                let shown: Vec<String> =
                    values.iter().take(SHOWN).map(ToString::to_string).collect();
                let more = if values.len() > SHOWN { ", …" } else { "" };
                write!(f, "{{{}{more}}}", shown.join(", "))
            }
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.optional {
            true => write!(f, "{} or null", self.is),
            false => self.is.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(values: &[i128]) -> Wholes {
        Wholes::of(values.to_vec())
    }

    #[test]
    fn finds_ranges_in_lists() {
        assert_eq!(list(&[2, 0, 1, 1]), Wholes::Range(0, 2));
        assert!(Wholes::Range(3, 4).within(&list(&[1, 3, 4, 9])));
        assert!(!Wholes::Range(1, 3).within(&list(&[1, 3, 4, 9])));
        assert!(!Wholes::Range(4, 11).within(&list(&[1, 3, 4, 9])));
        assert!(list(&[1, 9]).within(&list(&[1, 3, 4, 9])));
        assert!(!list(&[1, 9]).within(&Wholes::Range(1, 8)));
        assert!(!Wholes::All.within(&Wholes::Range(i128::MIN / 4, i128::MAX / 4)));
    }

    #[test]
    fn unions_are_exact_while_small() {
        assert_eq!(list(&[1]).union(&list(&[3])), list(&[1, 3]));
        assert_eq!(list(&[1]).union(&list(&[2])), Wholes::Range(1, 2));
        let far = Wholes::Range(0, 1_000_000).union(&list(&[5_000_000]));
        assert_eq!(far, Wholes::Range(0, 5_000_000));
        assert_eq!(list(&[1]).union(&Wholes::All), Wholes::All);
    }
}
