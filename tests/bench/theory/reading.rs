//! Reading a large tree: how fast, and with how much memory beside the file's own size.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use clap::Args;
use rookery_theory::{Game, Limits, parse};
use serde_json::{Value, json};

use super::clock::timed;
use super::enumeration::Scratch;
use super::games::Numbers;
use super::numeric::Numeric;
use super::{Measured, missing};
use crate::machine::{self, Machine};
use crate::table::{Figure, Line, Reach};

const ROUNDS: usize = 3;
const LARGE: usize = 50_000_000;
const SMALL: usize = 5_000_000;

/// The hidden subcommand: reads one file and says what it took.
#[derive(Args)]
pub struct ReadRole {
    file: PathBuf,
}

impl ReadRole {
    pub fn run(self) -> anyhow::Result<()> {
        let file = std::fs::read(&self.file)?;
        let limits = Limits {
            bytes: usize::MAX,
            nodes: usize::MAX,
            ..Limits::default()
        };
        let (spent, game) = timed(|| parse("large.efg", &file, &limits));
        let Game::Extensive(tree) = game? else {
            anyhow::bail!("an .efg file is a tree");
        };
        let peak = machine::peak_bytes(std::process::id())?;
        println!(
            "{}",
            json!({"seconds": spent, "peak_bytes": peak, "nodes": tree.nodes().len()})
        );
        Ok(())
    }
}

pub fn measure(machine: &Machine) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    let large = Scratch::new("large.efg", &tree(LARGE))?;
    let (rate, peak) = read(&large.0)?;
    measured.lines.push(
        Line::new(
            "reading a tree of 50 MB (.efg)",
            Figure::MegabytesPerSecond(rate),
        )
        .reach(Reach::AtLeast(Figure::MegabytesPerSecond(100.0))),
    );
    measured.lines.push(
        Line::new(
            "… peak memory of the process, file included, beside the file's size",
            Figure::Times(peak),
        )
        .reach(Reach::AtMost(Figure::Times(10.0))),
    );
    drop(large);
    let small = Scratch::new("small.efg", &tree(SMALL))?;
    let (rate, _) = read(&small.0)?;
    let mut line = Line::new("… of 5 MB", Figure::MegabytesPerSecond(rate));
    if let Some(mut peers) = missing(Numeric::start(machine), &mut measured) {
        let question = json!({"ask": "gambit_read", "path": small.0, "limit_s": 10});
        let megabytes = std::fs::metadata(&small.0)?.len() as f64 / 1e6;
        match peers.ask(&question)?["seconds"].as_f64() {
            Some(seconds) => {
                line = line.beside(
                    peers.gambit_reader,
                    Figure::MegabytesPerSecond(megabytes / seconds),
                );
            }
            None => line = line.beside(peers.gambit_reader, Figure::MoreSeconds(10.0)),
        }
    }
    measured.lines.push(line);
    Ok(measured)
}

/// Megabytes per second of processor time, the best round, and the largest memory in sizes of the file.
fn read(file: &Path) -> anyhow::Result<(f64, f64)> {
    let bytes = std::fs::metadata(file)?.len() as f64;
    let (mut best, mut peak) = (0.0_f64, 0.0_f64);
    for _ in 0..ROUNDS {
        let output = Command::new(std::env::current_exe()?)
            .arg("read")
            .arg(file)
            .output()?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "reading: {}", complaint.trim());
        let told: Value = serde_json::from_slice(&output.stdout)?;
        let number = |field: &str| told[field].as_f64().context("the reader told no figures");
        best = best.max(bytes / 1e6 / number("seconds")?);
        peak = peak.max(number("peak_bytes")? / bytes);
    }
    Ok((best, peak))
}

/// A card game in the manner of Gambit's files, every name and action written out: nature deals, then two players bet by turns, four
/// moves in all; eight deals look the same to them, and every end has payoffs of its own.
fn tree(bytes: usize) -> String {
    // What a deal takes in the long run.
    let deals = bytes / 1_310;
    let mut text = String::with_capacity(bytes + bytes / 8);
    text.push_str("EFG 2 R \"large\" { \"Player 1\" \"Player 2\" }\n\"\"\n\nc \"\" 1 \"\" {");
    for deal in 0..deals {
        write!(text, " \"{deal}\" 1/{deals}").expect("writing to a string does not fail");
    }
    text.push_str(" } 0\n");
    let (mut numbers, mut outcome) = (Numbers::new(1), 0);
    for deal in 0..deals {
        let mut pending = vec![(0, 0)];
        while let Some((depth, path)) = pending.pop() {
            if depth == 4 {
                outcome += 1;
                let payoff = numbers.below(2_001) - 1_000;
                writeln!(
                    text,
                    "t \"\" {outcome} \"Outcome {outcome}\" {{ {payoff}, {} }}",
                    -payoff
                )
                .expect("writing to a string does not fail");
                continue;
            }
            let player = 1 + depth % 2;
            let set = deal / 8 * 16 + (1 << depth) + path;
            writeln!(
                text,
                "p \"\" {player} {set} \"({player},{set})\" {{ \"bet\" \"fold\" }} 0"
            )
            .expect("writing to a string does not fail");
            pending.extend([(depth + 1, 2 * path + 1), (depth + 1, 2 * path)]);
        }
    }
    text
}
