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

use std::path::Path;

use clap::{Args, ValueEnum};

pub use reading::ReadRole;

use crate::machine::{self, Machine};
use crate::queue::{Size, versions};
use crate::report::write_section;
use crate::table::{Line, markdown};

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

/// What a group brought: lines of the table, and what to know when reading them.
#[derive(Default)]
struct Measured {
    lines: Vec<Line>,
    notes: Vec<String>,
}

impl TheoryBench {
    pub async fn run(self) -> anyhow::Result<()> {
        let size = if self.quick { Size::Quick } else { Size::Full };
        let (date, load_before) = (machine::date(), machine::load());
        let mut all = Measured::default();
        for &group in Group::value_variants() {
            if !self.only.is_empty() && !self.only.contains(&group) {
                continue;
            }
            eprintln!("bench: {group:?}, load {}", machine::load());
            match measure(group, &self.machine, size).await {
                Ok(measured) => {
                    all.lines.extend(measured.lines);
                    all.notes.extend(measured.notes);
                }
                // The other groups are still worth having; the note goes below the table.
                Err(error) => all.notes.push(format!("{group:?} did not run: {error:#}")),
            }
        }
        all.notes.dedup();
        let mut text = format!(
            "`{}`, {date}, {} cores, {}, load average {load_before} before and {} after.\n",
            self.typed(),
            machine::cores(),
            versions(&self.machine).await?,
            machine::load()
        );
        text.push_str(&markdown(&all.lines));
        if !all.notes.is_empty() {
            text.push('\n');
        }
        text.extend(all.notes.iter().map(|note| format!("- {note}\n")));
        print!("{text}");
        if self.only.is_empty() && !self.quick {
            write_section(Path::new("BENCHMARKS.md"), "theory", &text)?;
        }
        Ok(())
    }

    fn typed(&self) -> String {
        let quick = if self.quick { " --quick" } else { "" };
        let only = self
            .only
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|group| format!(" --only {}", group.get_name()));
        format!("./dev bench theory{quick}{}", only.collect::<String>())
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
