//! The words under which states are stored and sent: once written, they stay.

use std::fmt;
use std::str::FromStr;

use super::state::{ColorPreference, DrawPolicy, EndReason, GameResult, Status};
use crate::rules::Adjudication;

/// A word that names none of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {kind}")]
pub struct UnknownWord {
    pub kind: &'static str,
    pub word: String,
}

macro_rules! words {
    ($type:ident, $kind:literal: $($variant:ident = $word:literal),+ $(,)?) => {
        impl $type {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord { kind: $kind, word: word.to_owned() }),
                }
            }
        }
    };
}

words!(Status, "status of a game":
    WaitingForOpponent = "waiting_for_opponent",
    InProgress = "in_progress",
    Ended = "ended",
);

words!(ColorPreference, "preference of colour":
    White = "white",
    Black = "black",
    Random = "random",
);

words!(DrawPolicy, "draw policy":
    Fide = "fide",
    Lichess = "lichess",
    Chesscom = "chesscom",
);

words!(GameResult, "result":
    WhiteWins = "1-0",
    BlackWins = "0-1",
    Draw = "1/2-1/2",
);

words!(EndReason, "reason of an end":
    Checkmate = "checkmate",
    Resignation = "resignation",
    Timeout = "timeout",
    TimeoutVsInsufficientMaterial = "timeout_vs_insufficient_material",
    Stalemate = "stalemate",
    InsufficientMaterial = "insufficient_material",
    DeadPosition = "dead_position",
    DrawAgreed = "draw_agreed",
    ThreefoldRepetition = "threefold_repetition",
    FivefoldRepetition = "fivefold_repetition",
    FiftyMoves = "fifty_moves",
    SeventyFiveMoves = "seventy_five_moves",
    Aborted = "aborted",
    Declined = "declined",
);

words!(Adjudication, "adjudication":
    Exact = "exact",
    Static = "static",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_as_what_it_was_written_for() {
        for status in Status::ALL {
            assert_eq!(status.as_str().parse(), Ok(*status));
        }
        for reason in EndReason::ALL {
            assert_eq!(reason.as_str().parse(), Ok(*reason));
            // The contract's column is VARCHAR(32).
            assert!(reason.as_str().len() <= 32, "{reason}");
        }
        assert_eq!("1/2-1/2".parse(), Ok(GameResult::Draw));
        assert_eq!(
            "1-1"
                .parse::<GameResult>()
                .map_err(|unknown| unknown.to_string()),
            Err(r#""1-1" is no result"#.to_owned())
        );
    }
}
