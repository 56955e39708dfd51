//! `rookery-bench theory`: every measure of the game-theory engine, group by group, with its peers in the same run.

mod clock;
mod diagrams;
mod enumeration;
mod games;
mod learning;
mod numeric;
mod orders;
#[path = "../../shared/engines/theory/tests/poker/mod.rs"]
mod poker;
mod programs;
mod reading;

use clap::{Args, ValueEnum};

pub use reading::ReadRole;

use crate::machine::Machine;
use crate::queue::Size;
use crate::section::{Measured, Section};

#[derive(Debug, Args)]
pub struct TheoryBench {
    #[command(flatten)]
    machine: Machine,
    /// Fewer and smaller games; the table is printed, not written to `BENCHMARKS.md`.
    #[arg(long)]
    quick: bool,
    /// Only this group of measures, printed, not written; may be given several times.
    #[arg(long, value_name = "NAME")]
    only: Vec<Group>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    Enumeration,
    Lp,
    Leduc,
    Cfr,
    Maid,
    Http,
    Parse,
}

impl TheoryBench {
    pub async fn run(self) -> anyhow::Result<()> {
        let groups = Group::value_variants().iter().copied();
        let section = Section {
            name: "theory",
            machine: &self.machine,
            quick: self.quick,
            only: &self.only,
        };
        let wanted = groups.filter(|group| self.only.is_empty() || self.only.contains(group));
        section
            .run(wanted, async |group, size| {
                measure(group, &self.machine, size).await
            })
            .await
    }
}

async fn measure(group: Group, machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    match group {
        Group::Enumeration => enumeration::measure(size),
        Group::Lp => programs::tables(machine, size),
        Group::Leduc => programs::leduc(machine),
        Group::Cfr => learning::measure(machine),
        Group::Maid => diagrams::measure(machine),
        Group::Http => orders::measure(machine, size).await,
        Group::Parse => reading::measure(machine),
    }
}

/// A peer that cannot be had is reported and does not spoil the run.
fn missing<T>(peer: anyhow::Result<T>, measured: &mut Measured) -> Option<T> {
    peer.map_err(|error| measured.notes.push(format!("a peer is missing: {error:#}")))
        .ok()
}
