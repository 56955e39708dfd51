//! How much of a prompt fits, and what goes first when not all of it does.

use crate::inference::Tier;
use crate::text::shortened;

/// What a call may cost, in tokens of four bytes (the estimate of [`crate::inference::estimated_tokens`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Messages and tools together.
    pub context: u32,
    pub response: u32,
    /// Tools offered.
    pub tools: usize,
    /// Memories shown.
    pub memories: usize,
}

impl Budget {
    /// Of a decision: defaults of the contract's engine, but the memories, of which it showed five to all.
    pub fn of(tier: Tier) -> Self {
        let (context, response, tools, memories) = match tier {
            Tier::Heavy => (800, 150, 6, 5),
            Tier::Mid => (400, 100, 2, 3),
            Tier::Light => (250, 80, 1, 2),
        };
        Self {
            context,
            response,
            tools,
            memories,
        }
    }

    /// A share of the context in bytes.
    pub(super) fn bytes(&self, percent: u32) -> usize {
        (self.context * 4 * percent / 100) as usize
    }
}

/// A part that is shorter than it would be, or missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    pub part: &'static str,
    /// Bytes of it that the model sees.
    pub kept: usize,
    /// Bytes that it would have had.
    pub of: usize,
}

/// A piece of a message.
pub(super) struct Part {
    pub name: &'static str,
    /// Lower ones are served first.
    pub rank: u8,
    /// Percent of the room that it gets at first; if room is left when all were served, it gets more.
    pub share: usize,
    pub body: Body,
}

pub(super) enum Body {
    /// May be cut after any word.
    Prose(String),
    /// Heading and lines, the most important line first. A line is there whole or not at all: it may hold a quotation.
    Lines(&'static str, Vec<String>),
}

impl Part {
    pub fn prose(name: &'static str, (rank, share): (u8, usize), text: String) -> Self {
        Self {
            name,
            rank,
            share,
            body: Body::Prose(text),
        }
    }

    pub fn lines(
        name: &'static str,
        (rank, share): (u8, usize),
        heading: &'static str,
        lines: Vec<String>,
    ) -> Self {
        Self {
            name,
            rank,
            share,
            body: Body::Lines(heading, lines),
        }
    }

    /// As much of it as so many bytes hold, with a line break behind it.
    fn written(&self, most: usize) -> String {
        /// Fewer bytes of prose than this say nothing.
        const LEAST: usize = 24;
        match &self.body {
            Body::Prose(text) if text.is_empty() => String::new(),
            Body::Prose(text) if text.len() < most => format!("{text}\n"),
            Body::Prose(_) if most <= LEAST => String::new(),
            Body::Prose(text) => format!("{}\n", shortened(text, most - 1)),
            Body::Lines(heading, lines) => {
                let mut written = String::new();
                for line in lines {
                    let heading = if written.is_empty() { *heading } else { "" };
                    let breaks = 1 + usize::from(!heading.is_empty());
                    if written.len() + heading.len() + line.len() + breaks > most {
                        break;
                    }
                    if !heading.is_empty() {
                        written.push_str(heading);
                        written.push('\n');
                    }
                    written.push_str(line);
                    written.push('\n');
                }
                written
            }
        }
    }

    fn whole(&self) -> usize {
        match &self.body {
            Body::Prose(text) if text.is_empty() => 0,
            Body::Prose(text) => text.len() + 1,
            Body::Lines(_, lines) if lines.is_empty() => 0,
            Body::Lines(heading, lines) => {
                let heading = heading.len() + usize::from(!heading.is_empty());
                heading + lines.iter().map(|line| line.len() + 1).sum::<usize>()
            }
        }
    }
}

/// The parts in their order, together at most so many bytes, and what was left out.
pub(super) fn fit(parts: &[Part], bytes: usize) -> (String, Vec<Cut>) {
    let mut by_rank: Vec<usize> = (0..parts.len()).collect();
    by_rank.sort_by_key(|&at| parts[at].rank);
    let mut written = vec![String::new(); parts.len()];
    let mut left = bytes;
    for &at in &by_rank {
        written[at] = parts[at].written(left.min(bytes * parts[at].share / 100));
        left -= written[at].len();
    }
    for &at in &by_rank {
        if written[at].len() < parts[at].whole() {
            let room = left + written[at].len();
            written[at] = parts[at].written(room);
            left = room - written[at].len();
        }
    }
    let cut = parts.iter().zip(&written).map(|(part, text)| Cut {
        part: part.name,
        kept: text.len(),
        of: part.whole(),
    });
    let cut = cut.filter(|cut| cut.kept < cut.of).collect();
    (written.concat().trim_end().to_owned(), cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ranks_first_is_whole_and_the_rest_shares_what_is_left() {
        let parts = [
            Part::prose("long", (2, 50), "word ".repeat(100).trim_end().to_owned()),
            Part::prose("first", (0, 100), "Kept to its end.".to_owned()),
            Part::lines(
                "lines",
                (1, 50),
                "Heard:",
                vec!["<quote>one</quote>".into(), "<quote>two</quote>".into()],
            ),
        ];
        let (text, cut) = fit(&parts, 100);
        assert!(text.len() <= 100, "{text}");
        assert!(text.contains("Kept to its end."));
        assert!(text.ends_with("<quote>two</quote>"), "{text}");
        assert_eq!(cut.len(), 1);
        assert_eq!((cut[0].part, cut[0].of), ("long", 500));
        let (text, cut) = fit(&parts, 45);
        assert_eq!(text, "Kept to its end.\nHeard:\n<quote>one</quote>");
        assert_eq!(cut.len(), 2);
        let (text, cut) = fit(&parts, 5_000);
        assert_eq!((text.len(), cut.len()), (500 + 17 + 7 + 19 + 18, 0));
    }
}
