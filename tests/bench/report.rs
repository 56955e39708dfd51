//! The tables, in Markdown: to the terminal, and into `BENCHMARKS.md` between its markers.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;

use crate::limits::Limit;
use crate::measure::{ROWS, Reach, Reading, Row, Subject, Unit};

/// One run of the benchmark.
pub struct Report {
    /// What was typed, to type it again.
    pub command: String,
    /// When, on what, how busy.
    pub circumstances: String,
    pub readings: Vec<Reading>,
    pub limits: Vec<Limit>,
    pub notes: Vec<String>,
}

impl Report {
    pub fn markdown(&self) -> String {
        let mut text = format!("`{}`, {}.\n", self.command, self.circumstances);
        self.measures(&mut text);
        self.bounds(&mut text);
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for note in &self.notes {
            line(&mut text, format_args!("- {note}"));
        }
        text
    }

    fn measures(&self, text: &mut String) {
        let known: Vec<&Row> = ROWS
            .iter()
            .filter(|row| {
                self.readings
                    .iter()
                    .any(|reading| reading.measure == row.measure)
            })
            .collect();
        if known.is_empty() {
            return;
        }
        text.push_str("\n| measure | Rookery | beside it, same run | times better | reach | met |\n|---|--:|---|--:|--:|:-:|\n");
        for row in known {
            let ours = self.ours(row);
            let others: Vec<(&str, f64)> = self.others(row).collect();
            let names: Vec<String> = others
                .iter()
                .map(|(name, value)| format!("{name} {}", shown(*value, row.unit)))
                .collect();
            let ratios: Vec<String> = others
                .iter()
                .filter_map(|(_, value)| row.unit.advantage(ours?, *value).map(times))
                .collect();
            let met = match (row.reach, ours) {
                (Some(reach), Some(ours)) if reach.met(ours) => "yes",
                (Some(_), Some(_)) => "**no**",
                _ => "",
            };
            line(
                text,
                format_args!(
                    "| {} | {} | {} | {} | {} | {met} |",
                    row.title,
                    ours.map_or(String::new(), |ours| shown(ours, row.unit)),
                    names.join("<br>"),
                    ratios.join("<br>"),
                    row.reach
                        .map_or(String::new(), |reach| bound(reach, row.unit)),
                ),
            );
        }
    }

    fn bounds(&self, text: &mut String) {
        if self.limits.is_empty() {
            return;
        }
        text.push_str("\n| what bounds it | per second |\n|---|--:|\n");
        for limit in &self.limits {
            line(
                text,
                format_args!(
                    "| {} | {} |",
                    limit.name,
                    shown(limit.per_second, Unit::PerSecond)
                ),
            );
        }
    }

    fn ours(&self, row: &Row) -> Option<f64> {
        self.readings
            .iter()
            .find(|reading| reading.measure == row.measure && reading.subject == Subject::Rookery)
            .map(|reading| reading.value)
    }

    fn others(&self, row: &Row) -> impl Iterator<Item = (&str, f64)> {
        self.readings
            .iter()
            .filter(|reading| reading.measure == row.measure)
            .filter_map(|reading| match &reading.subject {
                Subject::Rookery => None,
                Subject::Other(name) => Some((name.as_str(), reading.value)),
            })
    }
}

/// Puts a section's new table in place of its old one.
///
/// # Errors
/// When the file is not there or has lost the section's markers.
pub fn write_section(file: &Path, section: &str, table: &str) -> anyhow::Result<()> {
    let old = std::fs::read_to_string(file)
        .with_context(|| format!("{} is not there", file.display()))?;
    let new = between_markers(&old, section, table)
        .with_context(|| format!("{} has lost the markers of {section}", file.display()))?;
    std::fs::write(file, new)?;
    Ok(())
}

fn between_markers(old: &str, section: &str, table: &str) -> Option<String> {
    let begin = format!("<!-- bench {section}: begin -->");
    let end = format!("<!-- bench {section}: end -->");
    let (before, rest) = old.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{table}{end}{after}"))
}

fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::PerSecond => format!("{}/s", thousands(value)),
        Unit::Milliseconds | Unit::MillisecondsAfter => format!("{value:.1} ms"),
        Unit::Seconds => format!("{value:.2} s"),
        Unit::Megabytes => format!("{value:.1} MB"),
        Unit::Percent => format!("{value:.0} %"),
    }
}

fn bound(reach: Reach, unit: Unit) -> String {
    match reach {
        Reach::AtLeast(value) => format!("≥ {}", shown(value, unit)),
        Reach::AtMost(value) => format!("≤ {}", shown(value, unit)),
    }
}

fn times(ratio: f64) -> String {
    if ratio < 10.0 {
        format!("{ratio:.2}")
    } else {
        format!("{ratio:.0}")
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    writeln!(text, "{content}").expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::{between_markers, thousands};

    #[test]
    fn digits_are_grouped_by_three() {
        let shown: Vec<String> = [7.0, 999.4, 1_000.0, 23_400.0, 1_000_000.0]
            .into_iter()
            .map(thousands)
            .collect();
        assert_eq!(shown, ["7", "999", "1,000", "23,400", "1,000,000"]);
    }

    #[test]
    fn only_the_text_between_the_markers_changes() {
        let section = |name: &str, table: &str| {
            format!("# {name}\n<!-- bench {name}: begin -->\n{table}<!-- bench {name}: end -->\n")
        };
        let old = section("queue", "old\n") + &section("theory", "kept\n");
        let new = section("queue", "new\n") + &section("theory", "kept\n");
        assert_eq!(between_markers(&old, "queue", "new\n"), Some(new));
        assert_eq!(between_markers(&old, "chess", "new\n"), None);
    }
}
