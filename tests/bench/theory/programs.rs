//! Linear programs: zero-sum tables, and Leduc poker in sequence form.

use std::sync::atomic::AtomicBool;

use anyhow::Context;
use rookery_theory::sequence::{SequenceForm, estimate_value, solve_lp};
use rookery_theory::{Game, lp};
use serde_json::{Value, json};

use super::clock::timed;
use super::games::Square;
use super::numeric::Numeric;
use super::poker;
use super::{Measured, missing};
use crate::machine::Machine;
use crate::queue::Size;
use crate::table::{Figure, Line, Reach};

const ROUNDS: usize = 5;

/// What Leduc poker is worth to its first player, to seven places, as HiGHS finds it.
const LEDUC: f64 = -0.085_606_4;

static GOING: AtomicBool = AtomicBool::new(false);

pub fn tables(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    let mut peers = missing(Numeric::start(machine), &mut measured);
    measured.lines.push(exact(peers.as_mut(), size)?);
    measured.lines.push(float(peers.as_mut())?);
    Ok(measured)
}

fn exact(mut peers: Option<&mut Numeric>, size: Size) -> anyhow::Result<Line> {
    let square = Square::zero_sum(100, 1);
    let table = square.table()?;
    let question = question(&square);
    let (mut ours, mut highs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let (spent, found) = timed(|| lp::optimal_mixtures(&table, &GOING));
        let value = value(&square, &found?);
        ours = ours.min(spent);
        if let Some(peers) = peers.as_deref_mut() {
            highs = highs.min(peers.seconds_to(&question, value)?);
        }
    }
    let mut line = Line::new("zero-sum 100×100, exact", Figure::Seconds(ours))
        .reach(Reach::AtMost(Figure::Seconds(0.06)));
    if let Some(peers) = peers {
        let limit = if size == Size::Full { 10.0 } else { 3.0 };
        let question = json!({"ask": "gambit_exact", "nfg": square.nfg(), "limit_s": limit as u64});
        let gambit = peers.ask(&question)?["seconds"]
            .as_f64()
            .map_or(Figure::MoreSeconds(limit), Figure::Seconds);
        line = line.beside(&peers.gambit, gambit).beside(
            format!("{}, in doubles", peers.highs),
            Figure::Seconds(highs),
        );
    }
    Ok(line)
}

fn float(mut peers: Option<&mut Numeric>) -> anyhow::Result<Line> {
    let square = Square::zero_sum(200, 1);
    let table = square.table()?;
    let question = question(&square);
    let (mut ours, mut highs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let (spent, value) = timed(|| lp::estimated_value(&table, &GOING));
        let value = value.context("the program did not settle")?;
        ours = ours.min(spent);
        if let Some(peers) = peers.as_deref_mut() {
            highs = highs.min(peers.seconds_to(&question, value)?);
        }
    }
    let line = Line::new("zero-sum 200×200, in doubles", Figure::Seconds(ours))
        .reach(Reach::TimesBetter(1.3));
    Ok(match peers {
        Some(peers) => line.beside(&peers.highs, Figure::Seconds(highs)),
        None => line,
    })
}

fn question(square: &Square) -> Value {
    let rows: Vec<Vec<i64>> = square
        .payoffs
        .chunks(square.size)
        .map(|row| row.iter().map(|cell| cell[0]).collect())
        .collect();
    json!({"ask": "matrix_game", "payoffs": rows})
}

/// What the row player gets when both play these mixtures.
fn value(square: &Square, mixtures: &[Vec<rookery_theory::Rational>; 2]) -> f64 {
    let weights = mixtures.each_ref().map(|mixture| {
        mixture
            .iter()
            .map(|share| share.to_f64())
            .collect::<Vec<_>>()
    });
    let cells = square.payoffs.iter().enumerate();
    cells
        .map(|(place, cell)| {
            weights[0][place / square.size] * weights[1][place % square.size] * cell[0] as f64
        })
        .sum()
}

pub fn leduc(machine: &Machine) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    let mut peers = missing(Numeric::start(machine), &mut measured);
    let Game::Extensive(tree) = poker::leduc() else {
        anyhow::bail!("poker is built as a tree");
    };
    let question = sequence_question(&SequenceForm::new(&tree)?);
    let (mut float, mut exact, mut highs) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let (spent, value) = timed(|| estimate_value(&tree, &GOING));
        is_leduc(value?)?;
        float = float.min(spent);
        if let Some(peers) = peers.as_mut() {
            highs = highs.min(peers.seconds_to(&question, LEDUC)?);
        }
    }
    for _ in 0..2 {
        let (spent, found) = timed(|| solve_lp(&tree, &GOING));
        is_leduc(found?.payoffs[0].to_f64())?;
        exact = exact.min(spent);
    }
    let line = Line::new(
        "Leduc poker, sequence form from the tree, value in doubles",
        Figure::Seconds(float),
    )
    .reach(Reach::TimesBetter(1.0));
    measured.lines.push(match peers {
        Some(peers) => line.beside(
            format!("{} from the matrices", peers.highs),
            Figure::Seconds(highs),
        ),
        None => line,
    });
    measured.lines.push(
        Line::new(
            "… exact value and equilibrium, certified",
            Figure::Seconds(exact),
        )
        .reach(Reach::AtMost(Figure::Seconds(2.0))),
    );
    Ok(measured)
}

fn is_leduc(value: f64) -> anyhow::Result<()> {
    anyhow::ensure!(
        (value - LEDUC).abs() < 1e-6,
        "Leduc poker is worth {LEDUC}, not {value}"
    );
    Ok(())
}

fn sequence_question(form: &SequenceForm) -> Value {
    let sides = form.sides.each_ref().map(|side| {
        let sets: Vec<[usize; 3]> = side
            .sets
            .iter()
            .map(|set| [set.parent, set.first, set.actions])
            .collect();
        json!({"sequences": side.sequences, "sets": sets})
    });
    let payoffs: Vec<Value> = form
        .payoffs
        .iter()
        .map(|entry| json!([entry.pair[0], entry.pair[1], entry.payoffs[0].to_f64()]))
        .collect();
    json!({"ask": "sequence_form", "sides": sides, "payoffs": payoffs})
}
