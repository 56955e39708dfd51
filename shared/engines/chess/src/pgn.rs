//! A game as PGN: the seven tags, time control and termination, and each move with the clock after it.
//!
//! Edwards 1994, "Standard: Portable Game Notation Specification and Implementation Guide", export format; the clock comment as
//! in its supplement on embedded commands.

use std::fmt::Write as _;

use crate::live::{EndReason, Ending};

/// What is written. Texts may hold anything: they are escaped.
#[derive(Debug, Clone)]
pub struct Pgn<'a> {
    pub event: &'a str,
    pub site: &'a str,
    /// `2025.11.13`, or `????.??.??`.
    pub date: &'a str,
    pub white: &'a str,
    pub black: &'a str,
    pub initial_seconds: u32,
    pub increment_seconds: u32,
    /// None: in progress.
    pub ending: Option<Ending>,
    pub moves: Vec<Annotated<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Annotated<'a> {
    pub san: &'a str,
    /// What the mover had left, the increment included.
    pub clock_ms: Option<u64>,
}

/// Lines are shorter than 80 characters, as the export format wants them.
const LONGEST_LINE: usize = 79;

impl Pgn<'_> {
    pub fn write(&self) -> String {
        let result = self
            .ending
            .and_then(|ending| ending.result)
            .map_or("*", |result| result.as_str());
        let mut text = String::new();
        for (tag, value) in [
            ("Event", self.event),
            ("Site", self.site),
            ("Date", self.date),
            ("Round", "-"),
            ("White", self.white),
            ("Black", self.black),
            ("Result", result),
            ("TimeControl", &self.time_control()),
            ("Termination", self.termination()),
        ] {
            write_tag(&mut text, tag, value);
        }
        text.push('\n');
        let mut line = Lines::new(text);
        for (index, played) in self.moves.iter().enumerate() {
            let number = index / 2 + 1;
            // After a comment the number is said again for Black.
            if index % 2 == 0 {
                line.push(&format!("{number}."));
            } else if self.moves[index - 1].clock_ms.is_some() {
                line.push(&format!("{number}..."));
            }
            line.push(played.san);
            if let Some(clock_ms) = played.clock_ms {
                line.push(&format!("{{[%clk {}]}}", clock(clock_ms)));
            }
        }
        line.push(result);
        line.finish()
    }

    fn time_control(&self) -> String {
        match self.increment_seconds {
            0 => self.initial_seconds.to_string(),
            increment => format!("{}+{increment}", self.initial_seconds),
        }
    }

    /// One of the words of the specification's section 9.8.1.
    fn termination(&self) -> &'static str {
        match self.ending.map(|ending| ending.reason) {
            None => "unterminated",
            Some(EndReason::Timeout | EndReason::TimeoutVsInsufficientMaterial) => "time forfeit",
            Some(EndReason::Aborted | EndReason::Declined) => "abandoned",
            Some(_) => "normal",
        }
    }
}

fn write_tag(text: &mut String, tag: &str, value: &str) {
    text.push('[');
    text.push_str(tag);
    text.push_str(" \"");
    for character in value.chars().filter(|character| !character.is_control()) {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push_str("\"]\n");
}

/// Hours, minutes and seconds; tenths only where there are any.
fn clock(ms: u64) -> String {
    let (tenths, seconds) = (ms / 100 % 10, ms / 1000);
    let mut text = format!(
        "{}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if tenths > 0 {
        write!(text, ".{tenths}").expect("a string takes everything");
    }
    text
}

/// Text whose lines are broken between tokens.
struct Lines {
    text: String,
    column: usize,
}

impl Lines {
    fn new(text: String) -> Self {
        Self { text, column: 0 }
    }

    fn push(&mut self, token: &str) {
        if self.column > 0 {
            if self.column + 1 + token.len() > LONGEST_LINE {
                self.text.push('\n');
                self.column = 0;
            } else {
                self.text.push(' ');
                self.column += 1;
            }
        }
        self.text.push_str(token);
        self.column += token.len();
    }

    fn finish(mut self) -> String {
        self.text.push('\n');
        self.text
    }
}

#[cfg(test)]
mod tests {
    use shakmaty::Color;

    use super::*;

    const UNTIMED: &[Annotated<'_>] = &[];

    fn game<'a>(ending: Option<Ending>, moves: &[Annotated<'a>]) -> Pgn<'a> {
        Pgn {
            event: "Rated game",
            site: "https://chess.example/games/1",
            date: "2025.11.13",
            white: "Anna",
            black: "Bert",
            initial_seconds: 300,
            increment_seconds: 2,
            ending,
            moves: moves.to_vec(),
        }
    }

    /// python-chess 1.11.2 reads this text without an error, with these tags, moves and clocks.
    #[test]
    fn the_fools_mate_is_written_as_the_specification_has_it() {
        let moves = [
            ("f3", 298_500),
            ("e5", 301_000),
            ("g4", 290_049),
            ("Qh4#", 3_723_000),
        ]
        .map(|(san, ms)| Annotated {
            san,
            clock_ms: Some(ms),
        });
        let ending = Ending::won(Color::Black, EndReason::Checkmate);
        assert_eq!(
            game(Some(ending), &moves).write(),
            r#"[Event "Rated game"]
[Site "https://chess.example/games/1"]
[Date "2025.11.13"]
[Round "-"]
[White "Anna"]
[Black "Bert"]
[Result "0-1"]
[TimeControl "300+2"]
[Termination "normal"]

1. f3 {[%clk 0:04:58.5]} 1... e5 {[%clk 0:05:01]} 2. g4 {[%clk 0:04:50]} 2...
Qh4# {[%clk 1:02:03]} 0-1
"#
        );
    }

    #[test]
    fn a_game_without_moves_or_end_is_still_a_game() {
        let text = game(None, UNTIMED).write();
        assert!(text.ends_with(
            "[Result \"*\"]\n[TimeControl \"300+2\"]\n[Termination \"unterminated\"]\n\n*\n"
        ));
        let aborted = game(Some(Ending::unplayed(EndReason::Aborted)), UNTIMED).write();
        assert!(aborted.contains("[Result \"*\"]"));
        assert!(aborted.contains("[Termination \"abandoned\"]"));
    }

    #[test]
    fn names_cannot_break_out_of_their_tags() {
        let pgn = Pgn {
            white: "A \"quoted\"] \\ name\n[Result \"1-0\"]",
            ..game(None, UNTIMED)
        };
        let text = pgn.write();
        assert!(text.contains(r#"[White "A \"quoted\"] \\ name[Result \"1-0\"]"]"#));
        assert_eq!(
            text.lines()
                .filter(|line| line.starts_with("[Result"))
                .count(),
            1
        );
    }

    #[test]
    fn no_line_of_moves_is_longer_than_the_export_format_allows() {
        for clock_ms in [None, Some(10_799_900)] {
            let moves = vec![
                Annotated {
                    san: "Qh4xe1+",
                    clock_ms,
                };
                301
            ];
            let text = game(None, &moves).write();
            assert!(text.lines().all(|line| line.len() < 80));
        }
    }
}
