//! A section of `BENCHMARKS.md` that is one table: its groups of measures one after the other, then the text.

use std::path::Path;

use clap::ValueEnum;

use crate::machine::{self, Machine};
use crate::queue::{Size, versions};
use crate::report::write_section;
use crate::table::{Line, markdown};

/// What a group brought: lines of the table, and what to know when reading them.
#[derive(Default)]
pub struct Measured {
    pub lines: Vec<Line>,
    pub notes: Vec<String>,
}

/// What was asked for.
pub struct Section<'a, G> {
    pub name: &'static str,
    pub machine: &'a Machine,
    pub quick: bool,
    pub only: &'a [G],
}

impl<G: ValueEnum + std::fmt::Debug> Section<'_, G> {
    /// Measures these groups and prints the table; writes it too if it is the whole.
    pub async fn run(
        &self,
        groups: impl IntoIterator<Item = G>,
        measure: impl AsyncFn(G, Size) -> anyhow::Result<Measured>,
    ) -> anyhow::Result<()> {
        let size = if self.quick { Size::Quick } else { Size::Full };
        let (date, load_before) = (machine::date(), machine::load());
        let mut all = Measured::default();
        for group in groups {
            let name = format!("{group:?}");
            eprintln!("bench: {name}, load {}", machine::load());
            match measure(group, size).await {
                Ok(measured) => {
                    all.lines.extend(measured.lines);
                    all.notes.extend(measured.notes);
                }
                // The other groups are still worth having; the note goes below the table.
                Err(error) => all.notes.push(format!("{name} did not run: {error:#}")),
            }
        }
        all.notes.dedup();
        let mut text = format!(
            "`{}`, {date}, {} cores, {}, load average {load_before} before and {} after.\n",
            typed(self.name, self.quick, self.only),
            machine::cores(),
            versions(self.machine).await?,
            machine::load()
        );
        text.push_str(&markdown(&all.lines));
        if !all.notes.is_empty() {
            text.push('\n');
        }
        text.extend(all.notes.iter().map(|note| format!("- {note}\n")));
        print!("{text}");
        if self.only.is_empty() && !self.quick {
            write_section(Path::new("BENCHMARKS.md"), self.name, &text)?;
        }
        Ok(())
    }
}

/// The command that makes the section again.
pub fn typed<G: ValueEnum>(name: &str, quick: bool, only: &[G]) -> String {
    let quick = if quick { " --quick" } else { "" };
    let only = only
        .iter()
        .filter_map(ValueEnum::to_possible_value)
        .map(|group| format!(" --only {}", group.get_name()));
    format!("./dev bench {name}{quick}{}", only.collect::<String>())
}
