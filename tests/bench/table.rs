//! The table of comparisons: a piece of work, what we need for it, what others need, and what was to be reached.

use std::fmt::Write as _;

/// A piece of work that we did and others perhaps did too.
pub struct Line {
    pub work: String,
    pub ours: Figure,
    pub beside: Vec<Beside>,
    pub reach: Option<Reach>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Figure {
    Seconds(f64),
    /// It was stopped after so long.
    MoreSeconds(f64),
    MegabytesPerSecond(f64),
    /// So many times something else, which the work says.
    Times(f64),
    PerSecond(f64),
    Megabytes(f64),
    Elo(f64),
    /// Of something that the work says.
    Percent(f64),
    /// So many.
    Count(f64),
}

/// Another's figure for the same work.
pub struct Beside {
    pub who: String,
    pub figure: Figure,
}

#[derive(Debug, Clone, Copy)]
pub enum Reach {
    /// So many times better than the first beside us.
    TimesBetter(f64),
    AtMost(Figure),
    AtLeast(Figure),
    Between(Figure, Figure),
}

impl Line {
    pub fn new(work: impl Into<String>, ours: Figure) -> Self {
        Self {
            work: work.into(),
            ours,
            beside: Vec::new(),
            reach: None,
        }
    }

    pub fn beside(mut self, who: impl Into<String>, figure: Figure) -> Self {
        let who = who.into();
        self.beside.push(Beside { who, figure });
        self
    }

    pub fn reach(self, reach: Reach) -> Self {
        Self {
            reach: Some(reach),
            ..self
        }
    }

    /// `None` where nothing was to be reached, or what it is measured by is missing.
    fn met(&self) -> Option<bool> {
        Some(match self.reach? {
            Reach::TimesBetter(least) => self.ours.advantage(self.beside.first()?.figure)? >= least,
            Reach::AtMost(most) => self.ours.amount() <= most.amount(),
            Reach::AtLeast(least) => self.ours.amount() >= least.amount(),
            Reach::Between(least, most) => {
                (least.amount()..=most.amount()).contains(&self.ours.amount())
            }
        })
    }
}

impl Figure {
    fn amount(self) -> f64 {
        match self {
            Self::Seconds(amount)
            | Self::MoreSeconds(amount)
            | Self::MegabytesPerSecond(amount)
            | Self::Times(amount)
            | Self::PerSecond(amount)
            | Self::Megabytes(amount)
            | Self::Elo(amount)
            | Self::Percent(amount)
            | Self::Count(amount) => amount,
        }
    }

    /// How many times better this is than the other: at least so many, when the other was stopped.
    fn advantage(self, other: Self) -> Option<f64> {
        match (self, other) {
            (Self::Seconds(ours), Self::Seconds(theirs) | Self::MoreSeconds(theirs)) => {
                Some(theirs / ours)
            }
            (Self::MegabytesPerSecond(ours), Self::MegabytesPerSecond(theirs))
            | (Self::PerSecond(ours), Self::PerSecond(theirs)) => Some(ours / theirs),
            _ => None,
        }
    }

    fn shown(self) -> String {
        match self {
            Self::Seconds(seconds) => duration(seconds),
            Self::MoreSeconds(seconds) => format!("> {}", duration(seconds)),
            Self::MegabytesPerSecond(rate) => format!("{rate:.0} MB/s"),
            Self::Times(times) => format!("{times:.2} ×"),
            Self::PerSecond(rate @ 1e6..) => format!("{:.0} M/s", rate / 1e6),
            Self::PerSecond(rate) => format!("{rate:.0}/s"),
            Self::Megabytes(amount) => format!("{amount:.0} MB"),
            Self::Elo(points) => format!("{points:+.0} Elo"),
            Self::Percent(share) => format!("{share:.1} %"),
            Self::Count(count) => format!("{count:.0}"),
        }
    }
}

pub fn markdown(lines: &[Line]) -> String {
    let mut text = String::from(
        "\n| work | Rookery | beside it, same run | times better | reach | met |\n|---|--:|---|--:|--:|:-:|\n",
    );
    for line in lines {
        let names: Vec<String> = line
            .beside
            .iter()
            .map(|beside| format!("{} {}", beside.who, beside.figure.shown()))
            .collect();
        let ratios: Vec<String> = line
            .beside
            .iter()
            .map(|beside| ratio(line.ours, beside.figure))
            .collect();
        let reach = line.reach.map_or(String::new(), |reach| match reach {
            Reach::TimesBetter(least) => format!("≥ {least} × {}", first(line)),
            Reach::AtMost(most) => format!("≤ {}", most.shown()),
            Reach::AtLeast(least) => format!("≥ {}", least.shown()),
            Reach::Between(least, most) => format!("{} … {}", least.shown(), most.shown()),
        });
        let met = match line.met() {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {met} |",
            line.work,
            line.ours.shown(),
            names.join("<br>"),
            ratios.join("<br>"),
            reach.trim_end(),
        )
        .expect("writing to a string does not fail");
    }
    text
}

/// Whom a ratio is about, where several stand beside us.
fn first(line: &Line) -> &str {
    match line.beside.as_slice() {
        [first, _, ..] => &first.who,
        _ => "",
    }
}

fn ratio(ours: Figure, theirs: Figure) -> String {
    let Some(ratio) = ours.advantage(theirs) else {
        return String::new();
    };
    let sign = if matches!(theirs, Figure::MoreSeconds(_)) {
        "> "
    } else {
        ""
    };
    match ratio {
        ..10.0 => format!("{sign}{ratio:.2}"),
        _ => format!("{sign}{ratio:.0}"),
    }
}

fn duration(seconds: f64) -> String {
    match seconds {
        ..1e-3 => format!("{} µs", digits(seconds * 1e6)),
        ..1.0 => format!("{} ms", digits(seconds * 1e3)),
        _ => format!("{} s", digits(seconds)),
    }
}

fn digits(amount: f64) -> String {
    match amount {
        ..10.0 => format!("{amount:.2}"),
        ..100.0 => format!("{amount:.1}"),
        _ => format!("{amount:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, Line, Reach, duration};

    #[test]
    fn durations_have_three_digits() {
        let shown = [2.5e-6, 0.0123, 0.25, 53.46, 512.0].map(duration);
        assert_eq!(shown, ["2.50 µs", "12.3 ms", "250 ms", "53.5 s", "512 s"]);
    }

    #[test]
    fn a_reach_is_judged_by_the_first_beside_us() {
        let line = |theirs: f64| {
            Line::new("work", Figure::Seconds(1.0))
                .beside("first", Figure::Seconds(theirs))
                .beside("second", Figure::Seconds(100.0))
                .reach(Reach::TimesBetter(8.0))
        };
        assert_eq!(
            [line(8.0).met(), line(7.9).met()],
            [Some(true), Some(false)]
        );
    }

    #[test]
    fn without_a_peer_a_ratio_is_not_met_nor_missed() {
        let line = Line::new("work", Figure::Seconds(1.0)).reach(Reach::TimesBetter(8.0));
        assert_eq!(line.met(), None);
    }
}
