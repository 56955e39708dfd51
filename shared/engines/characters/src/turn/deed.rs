//! What an action is: what was done, with what, to whom.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::archetype::Kind;
use crate::archetype::nature::{self, Nature};
use crate::decision::{Neighbour, Percept};
use crate::text::fit;
use crate::words;

/// A tool that was used.
pub(super) struct Use<'a> {
    pub tool: &'a str,
    pub nature: Nature,
    pub arguments: &'a Map<String, Value>,
    /// To whom or with whom: somebody near.
    pub target: Option<&'a Neighbour>,
}

const LONGEST_ARGUMENT: usize = 80;
const LONGEST_WHAT: usize = 200;

/// Arguments that are looked at: no tool of the catalogue has half as many.
const MOST_ARGUMENTS: usize = 8;

impl<'a> Use<'a> {
    pub fn of(percept: &Percept<'a>, tool: &'a str, arguments: &'a Map<String, Value>) -> Self {
        let said = arguments.values().take(MOST_ARGUMENTS);
        let mut said = said.filter_map(Value::as_str);
        let near = |name: &str| {
            percept
                .near
                .iter()
                .find(|one| one.id == name || one.name.eq_ignore_ascii_case(name))
        };
        Self {
            tool,
            nature: nature::of(tool),
            arguments,
            target: said.find_map(near),
        }
    }

    /// The arguments that are words.
    pub fn words(&self) -> impl Iterator<Item = &'a str> {
        let arguments = self.arguments.values().take(MOST_ARGUMENTS);
        arguments.filter_map(Value::as_str)
    }

    /// What was said, if the tool has words to somebody: its text for people.
    pub fn speech(&self, percept: &Percept<'_>) -> Option<&'a str> {
        let tools = &percept.archetype.tools;
        let tool = tools.iter().find(|tool| tool.name == self.tool)?;
        let texts = tool.parameters.iter();
        let mut texts = texts.filter(|parameter| parameter.kind == Kind::Text);
        texts.find_map(|parameter| self.arguments.get(&parameter.name)?.as_str())
    }

    /// Where it goes, if it goes anywhere.
    pub fn destination(&self) -> Option<&'a str> {
        if self.nature != Nature::Move {
            return None;
        }
        let place = ["location", "destination", "place", "to"];
        let place = place.iter().find_map(|name| self.arguments.get(*name));
        let place = place.and_then(Value::as_str)?.trim();
        (!place.is_empty() && place.len() <= LONGEST_WHAT).then_some(place)
    }

    /// In a few words: `serve drink (ale), Theron`.
    pub fn what(&self) -> String {
        let mut what = String::with_capacity(64);
        for word in words::of(self.tool).take(MOST_ARGUMENTS) {
            if !what.is_empty() {
                what.push(' ');
            }
            what.push_str(word);
        }
        let is_target = |text: &str| {
            self.target
                .is_some_and(|one| one.id == text || one.name.eq_ignore_ascii_case(text))
        };
        let mut before = " (";
        for argument in self.arguments.values().take(MOST_ARGUMENTS) {
            // Writing into a string cannot fail.
            let _ = match argument {
                Value::String(text) if is_target(text) => continue,
                Value::String(text) => {
                    write!(what, "{before}{}", fit(text, LONGEST_ARGUMENT))
                }
                Value::Number(number) => write!(what, "{before}{number}"),
                _ => continue,
            };
            before = ", ";
        }
        if before == ", " {
            what.push(')');
        }
        if let Some(target) = self.target {
            what.push_str(", ");
            what.push_str(&target.name);
        }
        fit(&what, LONGEST_WHAT)
    }
}
