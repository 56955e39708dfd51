//! One iteration of CFR+ on Kuhn and Leduc poker, beside OpenSpiel's solver in C++.

use std::sync::atomic::AtomicBool;

use anyhow::Context;
use rookery_theory::Game;
use rookery_theory::cfr::{Algorithm, Flat, distance};
use serde_json::json;

use super::clock::timed;
use super::numeric::Numeric;
use super::poker;
use super::{Measured, missing};
use crate::machine::Machine;
use crate::table::{Figure, Line, Reach};

const ROUNDS: usize = 5;

struct Poker {
    title: &'static str,
    game: Game,
    /// What OpenSpiel calls it, and how many of its iterations make a round.
    peer: (&'static str, u64),
    iterations: u64,
    /// The value to the first player, which the average play must have come near to.
    value: f64,
    reach: f64,
}

pub fn measure(machine: &Machine) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    let mut peers = missing(Numeric::start(machine), &mut measured);
    for poker in [
        Poker {
            title: "CFR+ on Leduc poker, one iteration",
            game: poker::leduc(),
            peer: ("leduc_poker", 20),
            iterations: 2_000,
            value: -0.085_606_4,
            reach: 100.0,
        },
        Poker {
            title: "CFR+ on Kuhn poker, one iteration",
            game: poker::kuhn(),
            peer: ("kuhn_poker", 3_000),
            iterations: 50_000,
            value: -1.0 / 18.0,
            reach: 10.0,
        },
    ] {
        measured.lines.push(iterations(poker, peers.as_mut())?);
    }
    Ok(measured)
}

fn iterations(poker: Poker, mut peers: Option<&mut Numeric>) -> anyhow::Result<Line> {
    let Game::Extensive(tree) = &poker.game else {
        anyhow::bail!("poker is built as a tree");
    };
    let going = AtomicBool::new(false);
    let flat = Flat::new(tree, &going).map_err(|_| anyhow::anyhow!("poker does not flatten"))?;
    let plus = Algorithm::ALL
        .iter()
        .find(|algorithm| algorithm.name() == "cfr+")
        .context("no CFR+")?;
    let mut learner = plus.start(&flat, 0);
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let (spent, ()) = timed(|| {
            for _ in 0..poker.iterations {
                learner.iterate(&going);
            }
        });
        ours = ours.min(spent / poker.iterations as f64);
        if let Some(peers) = peers.as_deref_mut() {
            let question =
                json!({"ask": "cfr_plus", "game": poker.peer.0, "iterations": poker.peer.1});
            theirs = theirs.min(peers.seconds(&question)?);
        }
    }
    let reached = distance(&flat, &learner.average()).values[0];
    anyhow::ensure!(
        (reached - poker.value).abs() < 1e-3,
        "{}: play is worth {reached}, not {}",
        poker.title,
        poker.value
    );
    let line = Line::new(poker.title, Figure::Seconds(ours)).reach(Reach::TimesBetter(poker.reach));
    Ok(match peers {
        Some(peers) => line.beside(&peers.openspiel, Figure::Seconds(theirs)),
        None => line,
    })
}
