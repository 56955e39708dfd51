//! What a program that speaks UCI says to the engine.

use std::time::Duration;

use super::clock::Clock;
use super::setup::{Setup, SetupError};
use crate::bot::Difficulty;

/// One line.
#[derive(Debug, Clone)]
pub enum Request {
    Uci,
    IsReady,
    NewGame,
    SetOption(SetOption),
    Position(Box<Setup>),
    Go(Go),
    Stop,
    Quit,
    /// Not for us, or not understood: the protocol says that such lines are passed over.
    Unknown,
    /// Understood, but wrong; the text says why.
    Faulty(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetOption {
    /// Megabytes.
    Hash(usize),
    MultiPv(usize),
    /// Plays as the bot of this difficulty; none: as well as it can.
    Level(Option<Difficulty>),
    /// Of the bot's games; each new game has the next one.
    Seed(u64),
    /// Accepted, because every program sends it, and of no effect.
    Other,
}

/// What ends the search that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Go {
    pub depth: Option<u8>,
    pub nodes: Option<u64>,
    pub move_time: Option<Duration>,
    pub clock: Clock,
    /// Until `stop`.
    pub infinite: bool,
}

/// The most that options take.
pub const MOST_HASH_MB: usize = 1024;
pub const MOST_LINES: usize = 218;
/// The level that is none.
pub const FULL_STRENGTH: &str = "full";

impl Request {
    pub fn parse(line: &str) -> Self {
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("uci") => Self::Uci,
            Some("isready") => Self::IsReady,
            Some("ucinewgame") => Self::NewGame,
            Some("stop") => Self::Stop,
            Some("quit") => Self::Quit,
            Some("setoption") => set_option(words),
            Some("position") => match Setup::parse(words) {
                Ok(setup) => Self::Position(Box::new(setup)),
                Err(error @ SetupError { .. }) => Self::Faulty(error.to_string()),
            },
            Some("go") => Self::Go(go(words)),
            _ => Self::Unknown,
        }
    }
}

fn set_option<'a>(words: impl Iterator<Item = &'a str>) -> Request {
    let words: Vec<&str> = words.skip_while(|word| *word != "name").skip(1).collect();
    let mut parts = words.split(|word| *word == "value");
    let name = parts.next().unwrap_or_default().join(" ");
    let value = parts.next().unwrap_or_default().join(" ");
    let faulty = |takes| Request::Faulty(format!("{name} takes {takes}, not {value:?}"));
    let number = || value.parse::<usize>();
    if name.eq_ignore_ascii_case("level") {
        return match value.parse() {
            Ok(difficulty) => Request::SetOption(SetOption::Level(Some(difficulty))),
            Err(_) if value == FULL_STRENGTH => Request::SetOption(SetOption::Level(None)),
            Err(_) => faulty("full or a difficulty"),
        };
    }
    let option = match name.to_ascii_lowercase().as_str() {
        "hash" => number().map(|mb| SetOption::Hash(mb.clamp(1, MOST_HASH_MB))),
        "multipv" => number().map(|lines| SetOption::MultiPv(lines.clamp(1, MOST_LINES))),
        "seed" => value.parse().map(SetOption::Seed),
        _ => Ok(SetOption::Other),
    };
    match option {
        Ok(option) => Request::SetOption(option),
        Err(_) => faulty("a number"),
    }
}

fn go<'a>(words: impl Iterator<Item = &'a str>) -> Go {
    let mut go = Go {
        depth: None,
        nodes: None,
        move_time: None,
        clock: Clock::default(),
        infinite: false,
    };
    let mut words = words.peekable();
    while let Some(word) = words.next() {
        if word == "infinite" {
            go.infinite = true;
            continue;
        }
        // Numbers below zero happen: a clock that has run out.
        let Some(number) = words
            .peek()
            .and_then(|next| next.parse::<i64>().ok())
            .map(|number| number.max(0).unsigned_abs())
        else {
            continue;
        };
        let time = Some(Duration::from_millis(number));
        match word {
            "depth" => go.depth = Some(number.clamp(1, 255) as u8),
            "nodes" => go.nodes = Some(number.max(1)),
            "movetime" => go.move_time = time,
            "wtime" => go.clock.remaining.white = time,
            "btime" => go.clock.remaining.black = time,
            "winc" => go.clock.increment.white = time,
            "binc" => go.clock.increment.black = time,
            "movestogo" => go.clock.moves_to_go = u32::try_from(number).ok(),
            _ => continue,
        }
        words.next();
    }
    go
}
