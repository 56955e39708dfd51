//! The ladder of bots, climbed by the engine's own program.

use serde::Deserialize;

use super::Measured;
use super::rules::said;
use crate::machine::Machine;
use crate::queue::Size;
use crate::table::{Figure, Line, Reach};

/// One pair's match as the program prints it.
#[derive(Deserialize)]
struct Match {
    lower: String,
    upper: String,
    wins: u32,
    draws: u32,
    losses: u32,
    elo: f64,
    elo_low: f64,
    elo_high: f64,
    upper_p99_ms: f64,
}

pub fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    // Two hundred games of all pairs are some minutes of one core.
    let games = if size == Size::Full { "200" } else { "10" };
    let text = said(machine, "ladder", &["--games", games, "--json"])?;
    let mut measured = Measured::default();
    for line in text.lines() {
        let played: Match = serde_json::from_str(line)?;
        measured.lines.push(
            Line::new(
                format!(
                    "{} against {}, {games} games: +{} ={} -{}, 95 % interval {:+.0} … {:+.0}, its moves p99 {:.1} ms",
                    played.upper,
                    played.lower,
                    played.wins,
                    played.draws,
                    played.losses,
                    played.elo_low,
                    played.elo_high,
                    played.upper_p99_ms
                ),
                Figure::Elo(played.elo),
            )
            .reach(Reach::Between(Figure::Elo(150.0), Figure::Elo(550.0))),
        );
    }
    Ok(measured)
}
