//! `rookery-bench characters`: every measure of the characters, group by group, beside limits of the same run.

mod bare;
mod chat;
mod events;
mod list;
mod load;
mod memory;
mod million;
mod model;
mod offline;
mod populace;
mod providers;
mod remembered;
mod town;

use clap::{Args, ValueEnum};

use crate::machine::Machine;
use crate::queue::Size;
use crate::section::{Measured, Section};

#[derive(Debug, Args)]
pub struct CharactersBench {
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
    /// Decisions of the offline provider.
    Offline,
    /// Decisions of a language model that takes no time, and of one that takes its time with one worker and four.
    Providers,
    Chat,
    Events,
    List,
    /// A million characters, and ten thousand of them awake.
    Million,
    /// What comes to mind of a million memories.
    Memory,
}

impl CharactersBench {
    pub async fn run(self) -> anyhow::Result<()> {
        let groups = Group::value_variants().iter().copied();
        let section = Section {
            name: "characters",
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
        Group::Offline => offline::measure(machine, size).await,
        Group::Providers => providers::measure(machine, size).await,
        Group::Chat => chat::measure(machine, size).await,
        Group::Events => events::measure(machine, size).await,
        Group::List => list::measure(machine, size).await,
        Group::Million => million::measure(machine, size).await,
        Group::Memory => memory::measure(machine, size).await,
    }
}
