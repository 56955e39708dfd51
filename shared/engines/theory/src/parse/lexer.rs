//! The tokens that Gambit's two file formats share: words, numbers, quoted texts, braces and commas.

use std::borrow::Cow;

use super::ParseError;
use super::names::too_long;
use super::position::Source;
use crate::rational::Rational;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token<'a> {
    Open,
    Close,
    Comma,
    /// The text between quotes, escapes still in it.
    Text(&'a str),
    /// A run of other characters: a number or a keyword.
    Word(&'a str),
    End,
}

/// The bytes before which a word ends.
const ENDS_WORD: [bool; 256] = {
    let mut ends = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        ends[byte] =
            (byte as u8).is_ascii_whitespace() || matches!(byte as u8, b'{' | b'}' | b',' | b'"');
        byte += 1;
    }
    ends
};

/// A reader with one token of look-ahead.
#[derive(Clone)]
pub struct Lexer<'a> {
    source: &'a Source<'a>,
    next: Token<'a>,
    /// Where `next` starts.
    offset: usize,
    /// Where `next` ends.
    end: usize,
}

impl<'a> Lexer<'a> {
    pub fn new(source: &'a Source<'a>) -> Result<Lexer<'a>, ParseError> {
        let mut lexer = Lexer {
            source,
            next: Token::End,
            offset: 0,
            end: 0,
        };
        lexer.advance()?;
        Ok(lexer)
    }

    pub fn peek(&self) -> Token<'a> {
        self.next
    }

    /// Where the next token starts.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The bytes that the next token and everything after it take: an upper bound on how many tokens are left.
    pub fn bytes_left(&self) -> usize {
        self.source.text.len() - self.offset
    }

    pub fn advance(&mut self) -> Result<Token<'a>, ParseError> {
        let taken = self.next;
        let bytes = self.source.text.as_bytes();
        let mut at = self.end;
        while at < bytes.len() && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        self.offset = at;
        (self.next, self.end) = match bytes.get(at) {
            None => (Token::End, at),
            Some(b'{') => (Token::Open, at + 1),
            Some(b'}') => (Token::Close, at + 1),
            Some(b',') => (Token::Comma, at + 1),
            Some(b'"') => {
                let end = self.text_end(at)?;
                (Token::Text(&self.source.text[at + 1..end - 1]), end)
            }
            Some(first) => {
                // A sign begins another number, as in `1-1`, unless it is an exponent's.
                let is_number = matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.');
                let mut end = at + 1;
                while let Some(byte) = bytes.get(end)
                    && !ENDS_WORD[usize::from(*byte)]
                    && !(is_number
                        && matches!(byte, b'+' | b'-')
                        && !matches!(bytes[end - 1], b'e' | b'E'))
                {
                    end += 1;
                }
                (Token::Word(&self.source.text[at..end]), end)
            }
        };
        Ok(taken)
    }

    fn text_end(&self, start: usize) -> Result<usize, ParseError> {
        let bytes = self.source.text.as_bytes();
        let mut at = start + 1;
        loop {
            match bytes.get(at) {
                None => return Err(self.source.error(start, "the quoted text is not closed")),
                Some(b'"') => return Ok(at + 1),
                Some(b'\\') if bytes.get(at + 1) == Some(&b'"') => at += 2,
                Some(_) => at += 1,
            }
        }
    }

    /// The error "expected …, found …" at the next token.
    pub fn expected(&self, wanted: &str) -> ParseError {
        let found = match self.next {
            Token::Open => "`{`".to_owned(),
            Token::Close => "`}`".to_owned(),
            Token::Comma => "`,`".to_owned(),
            Token::Text(text) => format!("the text \"{}\"", shortened(text)),
            Token::Word(word) => format!("`{}`", shortened(word)),
            Token::End => "the end of the file".to_owned(),
        };
        self.source
            .error(self.offset, format!("expected {wanted}, found {found}"))
    }

    pub fn error_at(&self, offset: usize, what: impl Into<String>) -> ParseError {
        self.source.error(offset, what)
    }

    /// Takes the next token if it is this one.
    pub fn take(&mut self, token: Token<'_>) -> Result<Option<()>, ParseError> {
        if self.next == token {
            self.advance()?;
            return Ok(Some(()));
        }
        Ok(None)
    }

    pub fn open(&mut self, of: &str) -> Result<(), ParseError> {
        self.take(Token::Open)?
            .ok_or_else(|| self.expected(&format!("`{{` before {of}")))
    }

    pub fn close(&mut self, of: &str) -> Result<(), ParseError> {
        self.take(Token::Close)?
            .ok_or_else(|| self.expected(&format!("`}}` after {of}")))
    }

    pub fn keyword(&mut self, choices: &[&str], what: &str) -> Result<&'a str, ParseError> {
        match self.next {
            Token::Word(word) if choices.contains(&word) => {
                self.advance()?;
                Ok(word)
            }
            _ => Err(self.expected(what)),
        }
    }

    /// A quoted text, unescaped.
    pub fn text(&mut self, what: &str) -> Result<Cow<'a, str>, ParseError> {
        let Token::Text(raw) = self.next else {
            return Err(self.expected(what));
        };
        self.advance()?;
        Ok(if raw.contains('\\') {
            Cow::Owned(raw.replace("\\\"", "\""))
        } else {
            Cow::Borrowed(raw)
        })
    }

    /// A quoted text that names a player, strategy or action.
    pub fn label(&mut self, what: &str) -> Result<Cow<'a, str>, ParseError> {
        if let Token::Text(raw) = self.next
            && let Some(what) = too_long(raw)
        {
            return Err(self.error_at(self.offset, what));
        }
        self.text(what)
    }

    /// Passes over a quoted text, if one is next.
    pub fn skip_text(&mut self) -> Result<(), ParseError> {
        if let Token::Text(_) = self.next {
            self.advance()?;
        }
        Ok(())
    }

    /// A number that is not negative and has no fraction.
    pub fn count(&mut self, what: &str) -> Result<usize, ParseError> {
        let Token::Word(word) = self.next else {
            return Err(self.expected(what));
        };
        let digits = word.bytes().try_fold(0usize, |value, byte| {
            let digit = byte.is_ascii_digit().then(|| usize::from(byte - b'0'))?;
            value.checked_mul(10)?.checked_add(digit)
        });
        let count = digits.ok_or_else(|| self.expected(what))?;
        self.advance()?;
        Ok(count)
    }

    pub fn number(&mut self, what: &str) -> Result<Rational, ParseError> {
        let Token::Word(word) = self.next else {
            return Err(self.expected(what));
        };
        let number = self.source.number(word).map_err(|error| {
            self.source
                .error(self.offset, format!("{what} `{}` {error}", shortened(word)))
        })?;
        self.advance()?;
        Ok(number)
    }
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
