//! All pure equilibria of two influence diagrams, beside pycid.

use std::sync::atomic::AtomicBool;

use anyhow::Context;
use rookery_theory::{Config, Control, Game, Limits, analyze, find, parse};
use serde_json::{Value, json};

use super::clock::timed;
use super::{Measured, missing};
use crate::machine::Machine;
use crate::python_peer::{Peer, Recipe};
use crate::table::{Figure, Line, Reach};

const RECIPE: Recipe = Recipe {
    name: "pycid",
    // pycid asks for a pgmpy that brings gigabytes of neural networks, of which neither makes use here.
    packages: &[
        &["--no-deps", "pycid==0.7.3", "pgmpy==0.1.17"],
        &[
            "numpy==1.26.4",
            "networkx==3.6.1",
            "scipy==1.17.1",
            "pandas==3.0.6",
            "matplotlib==3.11.2",
            "nashpy==0.0.43",
            "statsmodels==0.15.0",
            "scikit-learn==1.9.1",
            "tqdm==4.70.1",
            "setuptools==80.10.2",
        ],
    ],
    script: include_str!("../peers/diagrams.py"),
};

const ROUNDS: usize = 3;
/// One of ours is too short to be timed.
const REPEATS: u32 = 100;

pub fn measure(machine: &Machine) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    let mut pycid = missing(Peer::start(machine, &RECIPE), &mut measured);
    for (title, diagram) in [
        ("the prisoner's dilemma", prisoners_dilemma()),
        ("a signal (one of nature's moves, two decisions)", signal()),
    ] {
        let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..ROUNDS {
            let (spent, counts) = timed(|| {
                let runs = (0..REPEATS).map(|_| solved(&diagram));
                runs.collect::<anyhow::Result<Vec<usize>>>()
            });
            let found = *counts?.first().context("it did not run")?;
            ours = ours.min(spent / f64::from(REPEATS));
            if let Some(pycid) = &mut pycid {
                let answer = pycid.ask(&json!({"diagram": diagram["game_maid"]}))?;
                theirs = theirs.min(answer["seconds"].as_f64().context("no seconds")?);
                anyhow::ensure!(
                    answer["count"] == found,
                    "{title}: {found} equilibria here, {} by pycid",
                    answer["count"]
                );
            }
        }
        let line = Line::new(
            format!("MAID, all pure equilibria: {title}"),
            Figure::Seconds(ours),
        )
        .reach(Reach::TimesBetter(1_000.0));
        measured.lines.push(match pycid {
            Some(_) => line.beside("pycid 0.7.3", Figure::Seconds(theirs)),
            None => line,
        });
    }
    Ok(measured)
}

/// Reads the diagram, solves it, and counts.
fn solved(diagram: &Value) -> anyhow::Result<usize> {
    let game: Game = parse(
        "diagram.json",
        diagram.to_string().as_bytes(),
        &Limits::default(),
    )?;
    let stop = AtomicBool::new(false);
    let nash = find("MAID Nash Equilibrium").context("no such analysis")?;
    let result = analyze(&game, nash, &Config::default(), &Control::new(&stop))?;
    let equilibria = result.details["equilibria"].as_array();
    Ok(equilibria.context("a result without equilibria")?.len())
}

fn prisoners_dilemma() -> Value {
    let edges = [("D1", "U1"), ("D2", "U1"), ("D1", "U2"), ("D2", "U2")];
    diagram(
        &[decision("D1", "Row"), decision("D2", "Column")],
        &edges,
        &[
            Payoffs("U1", "Row", &["D1", "D2"], &[-1, -3, 0, -2]),
            Payoffs("U2", "Column", &["D1", "D2"], &[-1, 0, -3, -2]),
        ],
    )
}

/// Nature tosses a coin, the first player sees it and moves, the second sees the move; both get the same. Shape and payoffs as in
/// pycid's example `signal`.
fn signal() -> Value {
    let edges = [
        ("X", "D1"),
        ("D1", "D2"),
        ("X", "U1"),
        ("D1", "U1"),
        ("D2", "U1"),
        ("X", "U2"),
        ("D1", "U2"),
        ("D2", "U2"),
    ];
    let payoffs = [5, 2, 3, 1, 0, 3, 1, 4];
    let parents = ["X", "D1", "D2"];
    let coin = json!({"id": "X", "type": "chance", "domain": ["0", "1"]});
    let mut diagram = diagram(
        &[coin, decision("D1", "Sender"), decision("D2", "Receiver")],
        &edges,
        &[
            Payoffs("U1", "Sender", &parents, &payoffs),
            Payoffs("U2", "Receiver", &parents, &payoffs),
        ],
    );
    if let Some(tables) = diagram["game_maid"]["cpds"].as_array_mut() {
        tables.push(json!({"node": "X", "parents": [], "values": [[0.5], [0.5]]}));
    }
    diagram
}

/// A utility node: id, agent, parents, and what each configuration of them pays, the first parent's value changing slowest.
struct Payoffs<'a>(&'a str, &'a str, &'a [&'a str], &'a [i64]);

fn decision(id: &str, agent: &str) -> Value {
    json!({"id": id, "type": "decision", "agent": agent, "domain": ["0", "1"]})
}

fn diagram(moves: &[Value], edges: &[(&str, &str)], payoffs: &[Payoffs<'_>]) -> Value {
    let mut agents: Vec<&str> = Vec::new();
    let (mut nodes, mut tables) = (moves.to_vec(), Vec::new());
    for Payoffs(id, agent, parents, of) in payoffs {
        agents.push(agent);
        let mut domain = of.to_vec();
        domain.sort_unstable();
        domain.dedup();
        // Which of the values it is, with certainty.
        let values: Vec<Vec<u8>> = domain
            .iter()
            .map(|value| of.iter().map(|paid| u8::from(paid == value)).collect())
            .collect();
        tables.push(json!({"node": id, "parents": parents, "values": values}));
        nodes.push(json!({"id": id, "type": "utility", "agent": agent, "domain": domain}));
    }
    let edges: Vec<Value> = edges
        .iter()
        .map(|(source, target)| json!({"source": source, "target": target}))
        .collect();
    json!({
        "id": "diagram", "title": "Diagram", "players": agents,
        "game_maid": {"nodes": nodes, "edges": edges, "cpds": tables},
    })
}
