//! What a change of the diagram is worth to an agent: its best expected utility with the change, less that without.

use serde_json::{Value, json};

use super::maid_item::text;
use crate::game::number;
use crate::rational::Rational;

pub struct Gain {
    pub value: Rational,
    with: Rational,
    without: Rational,
}

impl Gain {
    pub fn of(with: Rational, without: Rational) -> Gain {
        let value = &with - &without;
        Gain {
            value,
            with,
            without,
        }
    }

    /// The entries of a result's details that tell the gain, which is called `name` there.
    pub fn shown(&self, name: &str) -> [(String, Value); 5] {
        let interpretation = if self.value.is_positive() {
            "positive"
        } else {
            "zero"
        };
        let exact = json!({
            name: text(&self.value),
            "utility_with": text(&self.with),
            "utility_without": text(&self.without),
        });
        [
            (name.to_owned(), number(&self.value)),
            ("interpretation".to_owned(), json!(interpretation)),
            ("utility_with".to_owned(), number(&self.with)),
            ("utility_without".to_owned(), number(&self.without)),
            ("exact".to_owned(), exact),
        ]
    }
}
