//! What comes to mind of a million memories, over HTTP.

use rand::SeedableRng as _;
use rand::rngs::StdRng;
use uuid::Uuid;

use super::load::one_by_one;
use super::populace::{id, key, settle};
use super::remembered::{Speech, remember};
use super::town::Town;
use crate::connection::anonymous;
use crate::machine::Machine;
use crate::queue::Size;
use crate::samples::Samples;
use crate::section::Measured;
use crate::table::{Figure, Line, Reach};

/// Of each usual character.
const USUAL: usize = 1_000;
/// Who are asked again and again.
const WARM: usize = 50;
/// Words of a question.
const ASKED: usize = 3;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let (usual, many, times) = match size {
        Size::Full => (900, 100_000, 1_000),
        Size::Quick => (90, 20_000, 200),
    };
    let town = Town::open(machine).await?;
    settle(&town, 0, usual + 1).await?;
    let mut whose: Vec<(Uuid, usize)> = (0..usual).map(|n| (key(n), USUAL)).collect();
    whose.push((key(usual), many));
    remember(&town.stage.pool, &whose).await?;
    let mut asker = Asker {
        speech: Speech::new(),
        dice: StdRng::seed_from_u64(6),
    };
    // Before anything is held: each is asked once.
    let everybody: Vec<usize> = (0..usual).collect();
    let cold = one_by_one(&town, &asker.ask(&everybody, usual.min(times))).await?;
    let few: Vec<usize> = (0..WARM).collect();
    one_by_one(&town, &asker.ask(&few, WARM)).await?;
    let warm = one_by_one(&town, &asker.ask(&few, times)).await?;
    one_by_one(&town, &asker.ask(&[usual], 5)).await?;
    let large = one_by_one(&town, &asker.ask(&[usual], times)).await?;
    town.close().await?;
    let all = (usual * USUAL + many) / 1_000;
    let mut lines = lines(
        &format!("memory search among {all},000 memories, a character with 1,000, asked before"),
        (&warm, 0.005),
    )?;
    lines.extend(lines_without(
        "… a character who was not asked for long: its memories are read and indexed",
        &cold,
    )?);
    let who = format!("… a character with {},000", many / 1_000);
    lines.extend(self::lines(&who, (&large, 0.015))?);
    Ok(Measured {
        lines,
        notes: Vec::new(),
    })
}

fn lines(what: &str, (took, p99): (&Samples, f64)) -> anyhow::Result<Vec<Line>> {
    let [p50, p99_line] = pair(what, took)?;
    Ok(vec![
        p50,
        p99_line.reach(Reach::AtMost(Figure::Seconds(p99))),
    ])
}

fn lines_without(what: &str, took: &Samples) -> anyhow::Result<Vec<Line>> {
    Ok(pair(what, took)?.into())
}

fn pair(what: &str, took: &Samples) -> anyhow::Result<[Line; 2]> {
    Ok([
        Line::new(format!("{what}, p50"), Figure::Seconds(took.quantile(0.5)?)),
        Line::new("… p99", Figure::Seconds(took.quantile(0.99)?)),
    ])
}

struct Asker {
    speech: Speech,
    dice: StdRng,
}

impl Asker {
    /// So many searches, each of the next of these characters, from the first on again at the end.
    fn ask(&mut self, whom: &[usize], times: usize) -> Vec<Vec<u8>> {
        let ask = |who: &usize| {
            let words = self
                .speech
                .sentence(ASKED, &mut self.dice)
                .replace(' ', "+");
            let path = format!("/api/characters/{}/memories?q={words}&limit=5", id(*who));
            anonymous("GET", &path, "")
        };
        whom.iter().cycle().take(times).map(ask).collect()
    }
}
