//! Names that a reader makes up by counting (`n_12`, `Outcome 13`), kept as the number instead of the text.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Text;

/// The id of a node, outcome or information set, or the label of an outcome. Shown and stored as text; equal texts are equal names.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// Never a text that [`Repr::Numbered`] could hold.
    Text(Text),
    Numbered(Series, u32),
}

const _: () = assert!(size_of::<Option<Name>>() == 16);

/// What is counted; the name is the series' prefix followed by the number.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Series {
    /// `n_12`
    Node,
    /// `o_12`
    Outcome,
    /// `o_terminal_12`: ends of play that the file gives no outcome.
    Terminal,
    /// `Outcome 12`
    OutcomeLabel,
    /// `Terminal 12`
    TerminalLabel,
}

impl Series {
    pub const ALL: [Series; 5] = [
        Series::Node,
        Series::Outcome,
        Series::Terminal,
        Series::OutcomeLabel,
        Series::TerminalLabel,
    ];

    fn prefix(self) -> &'static str {
        match self {
            Series::Node => "n_",
            Series::Outcome => "o_",
            Series::Terminal => "o_terminal_",
            Series::OutcomeLabel => "Outcome ",
            Series::TerminalLabel => "Terminal ",
        }
    }
}

impl Name {
    pub fn numbered(series: Series, number: usize) -> Name {
        match u32::try_from(number) {
            Ok(number) => Name(Repr::Numbered(series, number)),
            Err(_) => Name(Repr::Text(format!("{}{number}", series.prefix()).into())),
        }
    }

    /// The series and number of a name that is one of a series.
    pub fn number(&self) -> Option<(Series, u32)> {
        match self.0 {
            Repr::Numbered(series, number) => Some((series, number)),
            Repr::Text(_) => None,
        }
    }

    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Repr::Text(text) if text.is_empty())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name(match counted(text) {
            Some((series, number)) => Repr::Numbered(series, number),
            None => Repr::Text(text.into()),
        })
    }
}

/// The series and number that this text is the name of.
fn counted(text: &str) -> Option<(Series, u32)> {
    Series::ALL.into_iter().find_map(|series| {
        let digits = text.strip_prefix(series.prefix())?;
        let canonical = digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        Some((series, digits.parse().ok().filter(|_| canonical)?))
    })
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        text.as_str().into()
    }
}

impl From<&String> for Name {
    fn from(text: &String) -> Name {
        text.as_str().into()
    }
}

impl From<Text> for Name {
    fn from(text: Text) -> Name {
        text.as_str().into()
    }
}

impl PartialEq<str> for Name {
    fn eq(&self, other: &str) -> bool {
        match &self.0 {
            Repr::Text(text) => text == other,
            Repr::Numbered(series, number) => counted(other) == Some((*series, *number)),
        }
    }
}

impl PartialEq<&str> for Name {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Text(text) => f.write_str(text),
            Repr::Numbered(series, number) => write!(f, "{}{number}", series.prefix()),
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        Text::deserialize(deserializer).map(Name::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_its_text() {
        for text in [
            "n_0",
            "n_12",
            "n_012",
            "n_",
            "n_+1",
            "n_4294967295",
            "n_4294967296",
            "o_7",
            "o_0_1",
            "o_terminal_3",
            "Outcome 1",
            "Terminal 44",
            "n_root",
            "",
            "O_1",
        ] {
            assert_eq!(Name::from(text).to_string(), text);
            assert_eq!(Name::from(text), *text);
        }
        assert_eq!(
            Name::numbered(Series::Terminal, 3),
            Name::from("o_terminal_3")
        );
        assert_eq!(
            Name::numbered(Series::Node, 1 << 32),
            Name::from("n_4294967296")
        );
    }
}
