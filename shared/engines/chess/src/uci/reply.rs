//! What the engine says.

use std::fmt::Write as _;
use std::time::Duration;

use shakmaty::{CastlingMode, Move};

use super::request::{FULL_STRENGTH, MOST_HASH_MB, MOST_LINES};
use crate::bot::Difficulty;
use crate::search::{Report, Score};

/// The answer to `uci`.
pub fn greeting(hash_megabytes: usize) -> String {
    let levels = Difficulty::ALL.map(|difficulty| format!(" var {difficulty}"));
    format!(
        "id name Rookery {}\nid author the Rookery developers\n\
         option name Hash type spin default {hash_megabytes} min 1 max {MOST_HASH_MB}\n\
         option name MultiPV type spin default 1 min 1 max {MOST_LINES}\n\
         option name Level type combo default {FULL_STRENGTH} var {FULL_STRENGTH}{}\n\
         option name Seed type spin default 0 min 0 max {}\n\
         uciok",
        env!("CARGO_PKG_VERSION"),
        levels.concat(),
        u32::MAX,
    )
}

/// One `info` per line of play.
pub fn info(report: &Report, elapsed: Duration) -> String {
    let millis = elapsed.as_millis();
    let speed = (u128::from(report.nodes) * 1000)
        .checked_div(millis)
        .unwrap_or(0);
    let mut text = String::new();
    for (rank, line) in (1..).zip(&report.lines) {
        if rank > 1 {
            text.push('\n');
        }
        // Writing into a string cannot fail.
        let _ = write!(
            text,
            "info depth {} seldepth {} multipv {rank} score {} nodes {} nps {speed} hashfull {} time {millis} pv",
            report.depth,
            report.selective_depth,
            score(line.score),
            report.nodes,
            report.table_fill,
        );
        for m in &line.moves {
            let _ = write!(text, " {}", move_text(*m));
        }
    }
    text
}

/// The end of a bot's turn; without a legal move the protocol's null move.
pub fn played(m: Option<Move>) -> String {
    m.map_or_else(
        || "bestmove 0000".to_owned(),
        |m| format!("bestmove {}", move_text(m)),
    )
}

/// The end of a search; without a legal move the protocol's null move.
pub fn best_move(report: &Report) -> String {
    let mut moves = report.lines.iter().flat_map(|line| &line.moves);
    match (
        moves.next(),
        report.lines.first().and_then(|line| line.moves.get(1)),
    ) {
        (Some(best), Some(reply)) => {
            format!("bestmove {} ponder {}", move_text(*best), move_text(*reply))
        }
        (Some(best), None) => format!("bestmove {}", move_text(*best)),
        (None, _) => "bestmove 0000".to_owned(),
    }
}

fn score(score: Score) -> String {
    match score {
        Score::Cp(value) => format!("cp {value}"),
        Score::Mate(moves) => format!("mate {moves}"),
    }
}

fn move_text(m: Move) -> String {
    m.to_uci(CastlingMode::Standard).to_string()
}
