//! All equilibria of random square games, exact, beside lrsnash; and what a second core brings.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use anyhow::Context;
use rookery_theory::{Config, Control, Game, Limits, analyze, find, parse};

use super::Measured;
use super::clock::{timed, timed_program};
use super::games::Square;
use crate::queue::Size;
use crate::table::{Figure, Line, Reach};

/// One line of the table.
struct Series {
    size: usize,
    games: u64,
    rounds: usize,
    reach: f64,
}

pub fn measure(size: Size) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    let lrs = lrsnash_version();
    if let Err(error) = &lrs {
        measured.notes.push(format!(
            "lrsnash is missing (apt-get install lrslib): {error:#}"
        ));
    }
    for series in series(size) {
        measured
            .lines
            .extend(beside_lrsnash(&series, lrs.as_deref().ok())?);
        if series.size >= 16 {
            measured.lines.push(on_two_threads(series.size)?);
        }
    }
    Ok(measured)
}

fn series(size: Size) -> Vec<Series> {
    let series = |size, games, rounds, reach| Series {
        size,
        games,
        rounds,
        reach,
    };
    match size {
        Size::Full => vec![
            series(10, 5, 5, 8.0),
            series(12, 5, 3, 6.0),
            series(14, 3, 2, 10.0),
            series(16, 2, 1, 7.0),
            series(18, 1, 1, 10.0),
        ],
        Size::Quick => vec![
            series(10, 3, 3, 8.0),
            series(12, 3, 2, 6.0),
            series(14, 2, 1, 10.0),
            series(16, 1, 1, 7.0),
        ],
    }
}

/// The sums over the games of each one's best round; in every round first the one, then the other.
fn beside_lrsnash(series: &Series, lrs: Option<&str>) -> anyhow::Result<Vec<Line>> {
    let (mut ours, mut theirs, mut equilibria) = (0.0, 0.0, 0);
    for seed in 1..=series.games {
        let square = Square::random(series.size, seed);
        let (mut best, mut best_of_lrs) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..series.rounds {
            let (spent, found) = timed(|| solved(&square.nfg(), 1));
            let found = found?;
            best = best.min(spent);
            if lrs.is_some() {
                let (spent, counted) = lrsnash(&square)?;
                best_of_lrs = best_of_lrs.min(spent);
                anyhow::ensure!(
                    counted == found,
                    "{0}×{0}, seed {seed}: {found} equilibria here, {counted} by lrsnash",
                    series.size
                );
            }
            equilibria += found;
        }
        ours += best;
        theirs += best_of_lrs;
    }
    let games = match series.games {
        1 => "one game".to_owned(),
        games => format!("{games} games"),
    };
    let line = Line::new(
        format!(
            "all equilibria, exact, {0}×{0}, {games} ({1} equilibria)",
            series.size,
            equilibria / series.rounds
        ),
        Figure::Seconds(ours),
    );
    let line = line.reach(Reach::TimesBetter(series.reach));
    Ok(vec![match lrs {
        Some(version) => line.beside(version, Figure::Seconds(theirs)),
        None => line,
    }])
}

/// By the clock on the wall, each the best of two in turns.
fn on_two_threads(size: usize) -> anyhow::Result<Line> {
    let text = Square::random(size, 1).nfg();
    let mut best = [f64::INFINITY; 2];
    for _ in 0..2 {
        for (best, threads) in best.iter_mut().zip([1, 2]) {
            let begun = Instant::now();
            solved(&text, threads)?;
            *best = best.min(begun.elapsed().as_secs_f64());
        }
    }
    Ok(Line::new(
        format!("… {size}×{size} on two cores, beside one core, wall time"),
        Figure::Times(best[0] / best[1]),
    )
    .reach(Reach::AtLeast(Figure::Times(1.7))))
}

/// Reads the file, finds all equilibria with their certificates, writes them as the result of a task, and counts them.
fn solved(nfg: &str, threads: usize) -> anyhow::Result<usize> {
    let game: Game = parse("random.nfg", nfg.as_bytes(), &Limits::default())?;
    let stop = AtomicBool::new(false);
    let control = Control {
        threads: &|| threads,
        ..Control::new(&stop)
    };
    let nash = find("Nash Equilibrium").context("no such analysis")?;
    let result = analyze(&game, nash, &Config::default(), &control)?;
    let exhaustive = result.details["exhaustive"].as_bool();
    anyhow::ensure!(exhaustive == Some(true), "the search is not complete");
    let equilibria = result.details["equilibria"].as_array();
    Ok(equilibria.context("a result without equilibria")?.len())
}

fn lrsnash(square: &Square) -> anyhow::Result<(f64, usize)> {
    let file = Scratch::new("lrs", &square.lrs())?;
    let (spent, text) = timed_program(Command::new("lrsnash").arg(&file.0))?;
    let count = text
        .lines()
        .find_map(|line| line.strip_prefix("*Number of equilibria found: "))
        .context("lrsnash did not count")?;
    Ok((spent, count.trim().parse()?))
}

fn lrsnash_version() -> anyhow::Result<String> {
    let file = Scratch::new("lrs", "1 1\n1\n1\n")?;
    let (_, text) = timed_program(Command::new("lrsnash").arg(&file.0))?;
    let version = text.split_whitespace().find_map(|word| {
        word.strip_prefix("v.")
            .filter(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    });
    Ok(format!("lrsnash {}", version.unwrap_or_default()))
}

/// A file that goes with its name.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(extension: &str, text: &str) -> anyhow::Result<Self> {
        let name = format!("rookery-bench-{}.{extension}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A leftover file in the temporary folder harms nobody.
        let _removed = std::fs::remove_file(&self.0);
    }
}
