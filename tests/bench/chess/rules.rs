//! The rules: perft on the six standard positions, and what a move request costs in the engine, beside python-chess.

use anyhow::Context;
use serde_json::json;

use super::Measured;
use crate::machine::Machine;
use crate::python_peer::{Peer, Recipe};
use crate::queue::Size;
use crate::table::{Figure, Line, Reach};

const RECIPE: Recipe = Recipe {
    name: "chess",
    packages: &[&["chess==1.11.2"]],
    script: include_str!("../peers/python_chess.py"),
};
const PEER: &str = "python-chess 1.11.2";

/// By how many plies the peer stays above our depths: it takes some two hundred times as long.
const PEER_LESS: u32 = 2;

pub fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let less = if size == Size::Full { "0" } else { "1" };
    // It ends with an error when a count is wrong.
    let perft = said(machine, "perft", &[less])?;
    let nodes_per_second = number_before(&perft, " M nodes/s")? * 1e6;
    let request = said(machine, "move_request", &[])?;
    let seconds = number_before(&request, " ns a move")? / 1e9;
    let mut perft = Line::new(
        "perft, the six standard positions, all counts right",
        Figure::PerSecond(nodes_per_second),
    )
    .reach(Reach::AtLeast(Figure::PerSecond(150e6)));
    let mut request = Line::new(
        "a move request in the engine: position, legality, SAN, FEN, outcome",
        Figure::Seconds(seconds),
    )
    .reach(Reach::AtMost(Figure::Seconds(2e-6)));
    let mut better = Line::new("… beside python-chess", Figure::Seconds(seconds))
        .reach(Reach::TimesBetter(50.0));
    let mut notes = vec![
        "Rules: processor time. A move request is a FEN and a move from random games of up to 120 half-moves; python-chess gets the \
         same (`Board(fen)`, `parse_uci`, `san`, `push`, `fen`, `outcome`), ours reads and writes the keys of earlier positions \
         besides."
            .to_owned(),
    ];
    match theirs(machine) {
        Ok((nodes_per_second, seconds)) => {
            perft = perft.beside(PEER, Figure::PerSecond(nodes_per_second));
            request = request.beside(PEER, Figure::Seconds(seconds));
            better = better.beside(PEER, Figure::Seconds(seconds));
        }
        Err(error) => notes.push(format!("python-chess is missing: {error:#}")),
    }
    Ok(Measured {
        lines: vec![perft, request, better],
        notes,
    })
}

/// Nodes a second in perft, and seconds a move request.
fn theirs(machine: &Machine) -> anyhow::Result<(f64, f64)> {
    let sample = said(machine, "move_request", &["--sample"])?;
    let sample: Vec<_> = sample
        .lines()
        .filter_map(|line| line.split_once(';'))
        .collect();
    let mut peer = Peer::start(machine, &RECIPE)?;
    let perft = peer.number(&json!({ "ask": "perft", "less": PEER_LESS }), "per_second")?;
    let request = peer.number(&json!({ "ask": "requests", "sample": sample }), "seconds")?;
    Ok((perft, request))
}

/// What one of the engine's own programs prints.
pub fn said(machine: &Machine, example: &str, words: &[&str]) -> anyhow::Result<String> {
    let program = machine.binary(&format!("examples/{example}"))?;
    let output = std::process::Command::new(program).args(words).output()?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{example}: {complaint}");
    Ok(String::from_utf8(output.stdout)?)
}

fn number_before(text: &str, unit: &str) -> anyhow::Result<f64> {
    let last = text.lines().last().context("it printed nothing")?;
    let (before, _) = last.rsplit_once(unit).context("another unit")?;
    let number = before.rsplit(' ').next().context("no number")?;
    Ok(number.parse()?)
}
