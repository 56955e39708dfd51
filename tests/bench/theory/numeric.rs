//! OpenSpiel, Gambit and HiGHS behind one Python process.

use serde_json::{Value, json};

use crate::machine::Machine;
use crate::python_peer::{Peer, Recipe};

const RECIPE: Recipe = Recipe {
    name: "theory",
    packages: &[&[
        "open_spiel==2.0.2",
        "pygambit==16.7.0",
        "scipy==1.17.1",
        "numpy==2.4.6",
    ]],
    script: include_str!("../peers/theory.py"),
};

/// The three, with their names as the table writes them.
pub struct Numeric {
    peer: Peer,
    pub openspiel: String,
    pub gambit: String,
    pub gambit_reader: String,
    pub highs: String,
}

impl Numeric {
    pub fn start(machine: &Machine) -> anyhow::Result<Self> {
        let mut peer = Peer::start(machine, &RECIPE)?;
        let versions = peer.ask(&json!({"ask": "versions"}))?;
        let name = |name: &str, package: &str| {
            format!("{name} {}", versions[package].as_str().unwrap_or_default())
        };
        Ok(Self {
            openspiel: name("OpenSpiel C++", "openspiel"),
            gambit: name("Gambit lp, rational,", "gambit"),
            gambit_reader: name("Gambit", "gambit"),
            highs: name("HiGHS of SciPy", "scipy"),
            peer,
        })
    }

    pub fn ask(&mut self, question: &Value) -> anyhow::Result<Value> {
        self.peer.ask(question)
    }

    pub fn seconds(&mut self, question: &Value) -> anyhow::Result<f64> {
        self.peer.number(question, "seconds")
    }

    /// Seconds, when the value that comes with them is the expected one.
    pub fn seconds_to(&mut self, question: &Value, expected: f64) -> anyhow::Result<f64> {
        let answer = self.peer.ask(question)?;
        let value = answer["value"].as_f64().unwrap_or(f64::NAN);
        anyhow::ensure!(
            (value - expected).abs() < 1e-6,
            "the value is {expected}, the peer says {value}"
        );
        let seconds = answer["seconds"].as_f64();
        seconds.ok_or_else(|| anyhow::anyhow!("the peer did not say seconds"))
    }
}
