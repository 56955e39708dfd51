//! The six difficulties, by the names and ids of the contract.

use std::fmt;
use std::str::FromStr;

/// How well a bot plays, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Difficulty {
    Beginner,
    Easy,
    Medium,
    Hard,
    Expert,
    Master,
}

/// A word that names no difficulty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("difficulty must be one of beginner, easy, medium, hard, expert, master")]
pub struct UnknownDifficulty;

impl Difficulty {
    pub const ALL: [Self; 6] = [
        Self::Beginner,
        Self::Easy,
        Self::Medium,
        Self::Hard,
        Self::Expert,
        Self::Master,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Beginner => "beginner",
            Self::Easy => "easy",
            Self::Medium => "medium",
            Self::Hard => "hard",
            Self::Expert => "expert",
            Self::Master => "master",
        }
    }

    /// Of the bot with this id.
    pub fn of_bot(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|difficulty| difficulty.bot_id() == id)
    }

    /// The name the bot plays under; the number is the strength it is meant to have.
    pub const fn bot_id(self) -> &'static str {
        match self {
            Self::Beginner => "bot-beginner-400",
            Self::Easy => "bot-easy-800",
            Self::Medium => "bot-medium-1200",
            Self::Hard => "bot-hard-1600",
            Self::Expert => "bot-expert-2000",
            Self::Master => "bot-master-2400",
        }
    }
}

impl fmt::Display for Difficulty {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Difficulty {
    type Err = UnknownDifficulty;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|difficulty| difficulty.as_str() == text)
            .ok_or(UnknownDifficulty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_contract_are_read_and_nothing_else() {
        for difficulty in Difficulty::ALL {
            assert_eq!(difficulty.as_str().parse(), Ok(difficulty));
            assert!(
                difficulty
                    .bot_id()
                    .starts_with(&format!("bot-{difficulty}-"))
            );
        }
        for text in ["", "Master", "grandmaster", "bot-easy-800", " easy"] {
            assert_eq!(Difficulty::from_str(text), Err(UnknownDifficulty));
        }
    }
}
