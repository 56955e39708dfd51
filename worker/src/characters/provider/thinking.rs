//! What reasoning models say to themselves before they answer, between `<think>` and `</think>`: it is nobody's business.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Lets through what comes after the thoughts, as soon as it is sure not to be one.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    /// What was heard and not let through yet.
    kept: String,
    place: Place,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Place {
    /// Nothing but white space so far, perhaps the beginning of a thought.
    #[default]
    Before,
    Within,
    /// White space after thoughts belongs to them.
    Behind,
    Outside,
}

impl Thoughts {
    pub(super) fn pass(&mut self, piece: &str) -> String {
        self.kept.push_str(piece);
        loop {
            match self.place {
                Place::Outside => return std::mem::take(&mut self.kept),
                Place::Before => {
                    let said = self.kept.trim_start();
                    if let Some(thought) = said.strip_prefix(OPEN) {
                        self.kept = thought.to_owned();
                        self.place = Place::Within;
                    } else if OPEN.starts_with(said) {
                        return String::new();
                    } else {
                        self.place = Place::Outside;
                    }
                }
                Place::Within => match self.kept.find(CLOSE) {
                    Some(end) => {
                        self.kept.drain(..end + CLOSE.len());
                        self.place = Place::Behind;
                    }
                    None => {
                        // Only what may be the beginning of the end is still of interest.
                        let mut from = self.kept.len().saturating_sub(CLOSE.len());
                        while !self.kept.is_char_boundary(from) {
                            from -= 1;
                        }
                        self.kept.drain(..from);
                        return String::new();
                    }
                },
                Place::Behind => {
                    let said = self.kept.trim_start().len();
                    self.kept.drain(..self.kept.len() - said);
                    if said == 0 {
                        return String::new();
                    }
                    self.place = Place::Outside;
                }
            }
        }
    }

    /// What was held back although no thought came of it.
    pub(super) fn end(self) -> String {
        match self.place {
            Place::Before | Place::Outside => self.kept,
            Place::Within | Place::Behind => String::new(),
        }
    }
}

/// A whole text without its thoughts.
pub(super) fn spoken(text: &str) -> String {
    let mut thoughts = Thoughts::default();
    let mut said = thoughts.pass(text);
    said += &thoughts.end();
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_are_left_out_wherever_a_stream_is_split() {
        for (text, expected) in [
            (
                "<think>Is it <b>late</b>?</think>\n\nGood evening, dear!",
                "Good evening, dear!",
            ),
            (" \n<think>…</think>a </think> b", "a </think> b"),
            ("Plain <think>words", "Plain <think>words"),
            ("<think>never said", ""),
            ("<thin", "<thin"),
            ("  spaced", "  spaced"),
            ("", ""),
        ] {
            assert_eq!(spoken(text), expected);
            for (at, _) in text.char_indices() {
                let mut thoughts = Thoughts::default();
                let mut said = thoughts.pass(&text[..at]);
                said += &thoughts.pass(&text[at..]);
                said += &thoughts.end();
                assert_eq!(said, expected, "{text:?} split at {at}");
            }
        }
    }
}
