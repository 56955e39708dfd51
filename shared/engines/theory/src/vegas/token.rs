//! The words of the Vegas language: names, roles, numbers and symbols, each with its place in the file.

use std::collections::HashMap;

use crate::parse::{ParseError, Source};

/// Most tokens of one program; the longest published one has under a thousand.
const MAX_TOKENS: usize = 200_000;

/// Words that cannot name a variable, a macro or a type.
const KEYWORDS: [&str; 22] = [
    "game", "type", "macro", "join", "yield", "reveal", "commit", "or", "random", "sample",
    "withdraw", "where", "let", "let!", "in", "split", "burn", "null", "true", "false", "uniform",
    "weighted",
];

/// Longer symbols first, so that the first that fits is the longest.
const SYMBOLS: [&str; 31] = [
    "<-!->", "<->", "..", "->", "||", "&&", "==", "!=", "<=", ">=", "{", "}", "(", ")", "[", "]",
    ",", ";", ":", ".", "$", "?", "=", "~", "+", "-", "*", "/", "%", "<", ">",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word that starts with a small letter and is no keyword.
    Name,
    /// A word that starts with a capital letter.
    Role,
    Whole,
    Address,
    /// A keyword or a symbol, told apart by its text.
    Fixed,
    End,
}

#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub offset: usize,
}

/// A program's tokens, and for each opening parenthesis where it is closed.
pub struct Tokens<'a> {
    pub list: Vec<Token<'a>>,
    pub closing: HashMap<usize, usize>,
}

impl<'a> Tokens<'a> {
    /// The list ends with a token of kind [`Kind::End`].
    pub fn read(source: &Source<'a>) -> Result<Tokens<'a>, ParseError> {
        let mut list = Vec::new();
        let mut closing = HashMap::new();
        let mut open = Vec::new();
        let mut at = 0;
        loop {
            at = after_blanks(source, at)?;
            let token = token_at(source, at)?;
            match token.text {
                "(" => open.push(list.len()),
                ")" => {
                    if let Some(start) = open.pop() {
                        closing.insert(start, list.len());
                    }
                }
                _ => {}
            }
            at += token.text.len();
            list.push(token);
            if token.kind == Kind::End {
                return Ok(Tokens { list, closing });
            }
            if list.len() > MAX_TOKENS {
                let what = format!("the program has more than {MAX_TOKENS} words and symbols");
                return Err(source.error(at, what));
            }
        }
    }
}

/// Skips white space, `// …` and `/* … */`.
fn after_blanks(source: &Source<'_>, mut at: usize) -> Result<usize, ParseError> {
    let text = source.text;
    loop {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let rest = &rest[blank..];
        at += blank;
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if let Some(comment) = rest.strip_prefix("/*") {
            let end = comment
                .find("*/")
                .ok_or_else(|| source.error(at, "the comment is not closed"))?;
            at += end + 4;
        } else {
            return Ok(at);
        }
    }
}

fn token_at<'a>(source: &Source<'a>, offset: usize) -> Result<Token<'a>, ParseError> {
    let rest = &source.text[offset..];
    let token = |kind, length| Token {
        kind,
        text: &rest[..length],
        offset,
    };
    let Some(first) = rest.bytes().next() else {
        return Ok(token(Kind::End, 0));
    };
    if first.is_ascii_alphabetic() {
        let mut length = run(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if &rest[..length] == "let" && rest[length..].starts_with('!') {
            length += 1;
        }
        let kind = if KEYWORDS.contains(&&rest[..length]) {
            Kind::Fixed
        } else if first.is_ascii_uppercase() {
            Kind::Role
        } else {
            Kind::Name
        };
        return Ok(token(kind, length));
    }
    if first.is_ascii_digit() {
        if let Some(hex) = rest.strip_prefix("0x") {
            return match run(hex, |byte| byte.is_ascii_hexdigit()) {
                0 => Err(source.error(offset, "an address needs digits after `0x`")),
                digits => Ok(token(Kind::Address, 2 + digits)),
            };
        }
        let length = run(rest, |byte| byte.is_ascii_digit());
        if first == b'0' && length > 1 {
            return Err(source.error(offset, "a number must not start with 0"));
        }
        return Ok(token(Kind::Whole, length));
    }
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        return Ok(token(Kind::Fixed, symbol.len()));
    }
    if first == b'!' {
        return Ok(token(Kind::Fixed, 1));
    }
    let strange = rest.chars().next().unwrap_or_default();
    Err(source.error(
        offset,
        format!("unexpected character `{}`", strange.escape_debug()),
    ))
}

fn run(text: &str, belongs: impl Fn(u8) -> bool) -> usize {
    text.bytes()
        .position(|byte| !belongs(byte))
        .unwrap_or(text.len())
}
