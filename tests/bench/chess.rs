//! `rookery-bench chess`: every measure of live chess, group by group, beside peers and limits of the same run.

mod bare;
mod bots;
mod connection;
mod flags;
mod hall;
mod ladder;
mod moves;
mod playouts;
mod processes;
mod rules;
mod socket;
mod sockets;

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::machine::{self, Machine};
use crate::queue::{Size, versions};
use crate::report::write_section;
use crate::table::{Line, markdown};

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

/// What a group brought: lines of the table, and what to know when reading them.
#[derive(Default)]
struct Measured {
    lines: Vec<Line>,
    notes: Vec<String>,
}

impl ChessBench {
    pub async fn run(self) -> anyhow::Result<()> {
        let size = if self.quick { Size::Quick } else { Size::Full };
        let (date, load_before) = (machine::date(), machine::load());
        let mut all = Measured::default();
        for &group in Group::value_variants() {
            if !self.wants(group) {
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
            write_section(Path::new("BENCHMARKS.md"), "chess", &text)?;
        }
        Ok(())
    }

    /// Everything but what takes too long to go without saying.
    fn wants(&self, group: Group) -> bool {
        match self.only.as_slice() {
            [] => group != Group::Ladder,
            only => only.contains(&group),
        }
    }

    fn typed(&self) -> String {
        let quick = if self.quick { " --quick" } else { "" };
        let only = self
            .only
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|group| format!(" --only {}", group.get_name()));
        format!("./dev bench chess{quick}{}", only.collect::<String>())
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
