//! Where in a file something is: byte offsets while reading, line and column when there is something to complain about.

use std::cell::Cell;

use crate::rational::Rational;

/// Why a file is not a game. Displays as `line L, column C: what`; columns count characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct ParseError {
    pub line: usize,
    pub column: usize,
    pub what: String,
}

impl ParseError {
    pub fn at_start(what: String) -> ParseError {
        ParseError {
            line: 1,
            column: 1,
            what,
        }
    }
}

/// Most digits that exponents may add to the numbers of one file: `1e999` is five bytes and a thousand digits.
const MAX_EXPANSION: usize = 4_000_000;

/// A file's text, without a byte order mark.
pub struct Source<'a> {
    pub text: &'a str,
    /// How many digits exponents have added so far.
    expansion: Cell<usize>,
}

impl<'a> Source<'a> {
    pub fn new(bytes: &'a [u8]) -> Result<Source<'a>, ParseError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            Source::of(&valid).error(valid.len(), "the file is not UTF-8 text")
        })?;
        Ok(Source::of(text.strip_prefix('\u{feff}').unwrap_or(text)))
    }

    pub fn of(text: &str) -> Source<'_> {
        Source {
            text,
            expansion: Cell::new(0),
        }
    }

    /// A number of the file; the error completes a sentence that begins with it.
    pub fn number(&self, written: &str) -> Result<Rational, String> {
        let number = Rational::parse(written).map_err(|error| error.to_string())?;
        if number.small_parts().is_none()
            && let Some((_, exponent)) = written.split_once(['e', 'E'])
        {
            let digits = exponent.trim_start_matches(['+', '-']).parse().unwrap_or(0);
            self.expansion.set(self.expansion.get() + digits);
            if self.expansion.get() > MAX_EXPANSION {
                return Err(format!(
                    "is too much: exponents add more than {MAX_EXPANSION} digits to this file"
                ));
            }
        }
        Ok(number)
    }

    /// The error `what` at a byte offset.
    pub fn error(&self, offset: usize, what: impl Into<String>) -> ParseError {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |newline| newline + 1);
        let is_character_start = |byte: &&u8| **byte & 0xc0 != 0x80;
        ParseError {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: before[line_start..]
                .iter()
                .filter(is_character_start)
                .count()
                + 1,
            what: what.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters() {
        let source = Source::of("ab\ncdé f\n");
        assert_eq!(source.error(0, "x").to_string(), "line 1, column 1: x");
        assert_eq!(source.error(7, "x").to_string(), "line 2, column 4: x");
        assert_eq!(source.error(99, "x").to_string(), "line 3, column 1: x");
    }

    #[test]
    fn finds_the_byte_that_is_not_utf8() {
        let error = Source::new(b"ok\nok\xff")
            .err()
            .expect("0xff is never UTF-8");
        assert_eq!(
            error.to_string(),
            "line 2, column 3: the file is not UTF-8 text"
        );
    }
}
