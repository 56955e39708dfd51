//! `rookery-bench chess`: every measure of live chess, group by group, beside peers and limits of the same run.

mod bare;
mod bots;
mod flags;
mod hall;
mod ladder;
mod moves;
mod playouts;
mod rules;
mod socket;
mod sockets;

use clap::{Args, ValueEnum};

use crate::machine::Machine;
use crate::queue::Size;
use crate::section::{Measured, Section};

#[derive(Debug, Args)]
pub struct ChessBench {
    #[command(flatten)]
    machine: Machine,
    /// Shorter and smaller; the table is printed, not written to `BENCHMARKS.md`.
    #[arg(long)]
    quick: bool,
    /// Only this group of measures, printed, not written; may be given several times.
    #[arg(long, value_name = "NAME")]
    only: Vec<Group>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    Rules,
    Moves,
    Sockets,
    Flags,
    Bots,
    /// Only when it is asked for.
    Ladder,
}

impl ChessBench {
    pub async fn run(self) -> anyhow::Result<()> {
        let groups = Group::value_variants().iter().copied();
        let section = Section {
            name: "chess",
            machine: &self.machine,
            quick: self.quick,
            only: &self.only,
        };
        let wanted = groups.filter(|group| self.wants(*group));
        section
            .run(wanted, async |group, size| {
                measure(group, &self.machine, size).await
            })
            .await
    }

    /// Everything but what takes too long to go without saying.
    fn wants(&self, group: Group) -> bool {
        match self.only.as_slice() {
            [] => group != Group::Ladder,
            only => only.contains(&group),
        }
    }
}

async fn measure(group: Group, machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    match group {
        Group::Rules => rules::measure(machine, size),
        Group::Moves => moves::measure(machine, size).await,
        Group::Sockets => sockets::measure(machine, size).await,
        Group::Flags => flags::measure(machine, size).await,
        Group::Bots => bots::measure(machine, size).await,
        Group::Ladder => ladder::measure(machine, size),
    }
}
