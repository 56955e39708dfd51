//! JSON as positioned values. Numbers stay text, so that no payoff goes through a double; nesting is bounded, not recursed on.

use std::borrow::Cow;
use std::collections::HashSet;

use super::ParseError;
use super::position::Source;

/// More than the deepest payoff table that [`super::Limits`] allows.
const MAX_DEPTH: usize = 128;

#[derive(Debug)]
pub struct Json<'a> {
    /// Where the value starts.
    pub offset: usize,
    pub kind: Kind<'a>,
}

#[derive(Debug)]
pub enum Kind<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<Field<'a>>),
}

#[derive(Debug)]
pub struct Field<'a> {
    pub key: Cow<'a, str>,
    pub key_offset: usize,
    pub value: Json<'a>,
}

/// Reads a whole file as one JSON value.
pub fn read<'a>(source: &'a Source<'a>) -> Result<Json<'a>, ParseError> {
    let mut reader = Reader { source, at: 0 };
    let value = reader.value()?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.expected("the end of the file")),
    }
}

struct Reader<'a> {
    source: &'a Source<'a>,
    at: usize,
}

/// A list or object that is not closed yet; an object's pending key waits for its value.
struct Open<'a> {
    offset: usize,
    content: Content<'a>,
}

enum Content<'a> {
    List(Vec<Json<'a>>),
    Object(Vec<Field<'a>>, (Cow<'a, str>, usize)),
}

impl<'a> Reader<'a> {
    fn value(&mut self) -> Result<Json<'a>, ParseError> {
        let mut open: Vec<Open<'a>> = Vec::new();
        loop {
            let mut complete = match self.begin()? {
                Begun::Value(value) => value,
                Begun::Container(container) => {
                    if open.len() == MAX_DEPTH {
                        return Err(self.source.error(
                            container.offset,
                            format!("values are nested deeper than {MAX_DEPTH}"),
                        ));
                    }
                    open.push(container);
                    continue;
                }
            };
            loop {
                let Some(container) = open.last_mut() else {
                    return Ok(complete);
                };
                match &mut container.content {
                    Content::List(items) => items.push(complete),
                    Content::Object(fields, (key, key_offset)) => fields.push(Field {
                        key: std::mem::take(key),
                        key_offset: *key_offset,
                        value: complete,
                    }),
                }
                self.skip_space();
                let (close, closing) = match container.content {
                    Content::List(_) => (b']', "`,` or `]`"),
                    Content::Object(..) => (b'}', "`,` or `}`"),
                };
                match self.peek() {
                    Some(b',') => {
                        self.at += 1;
                        if let Content::Object(_, pending) = &mut container.content {
                            *pending = self.key()?;
                        }
                        break;
                    }
                    Some(byte) if byte == close => self.at += 1,
                    _ => return Err(self.expected(closing)),
                }
                let Some(container) = open.pop() else {
                    return Err(self.expected("a value"));
                };
                complete = self.closed(container)?;
            }
        }
    }

    fn begin(&mut self) -> Result<Begun<'a>, ParseError> {
        self.skip_space();
        let offset = self.at;
        let kind = match self.peek() {
            Some(b'[') => {
                self.at += 1;
                self.skip_space();
                if self.peek() != Some(b']') {
                    return Ok(Begun::Container(Open {
                        offset,
                        content: Content::List(Vec::new()),
                    }));
                }
                self.at += 1;
                Kind::List(Vec::new())
            }
            Some(b'{') => {
                self.at += 1;
                self.skip_space();
                if self.peek() != Some(b'}') {
                    let key = self.key()?;
                    return Ok(Begun::Container(Open {
                        offset,
                        content: Content::Object(Vec::new(), key),
                    }));
                }
                self.at += 1;
                Kind::Object(Vec::new())
            }
            Some(b'"') => Kind::Text(self.text()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()),
            _ => self.word()?,
        };
        Ok(Begun::Value(Json { offset, kind }))
    }

    fn closed(&self, container: Open<'a>) -> Result<Json<'a>, ParseError> {
        let kind = match container.content {
            Content::List(items) => Kind::List(items),
            Content::Object(fields, _) => {
                let mut keys = HashSet::with_capacity(fields.len());
                if let Some(field) = fields.iter().find(|field| !keys.insert(field.key.as_ref())) {
                    return Err(self.source.error(
                        field.key_offset,
                        format!("the key `{}` is used twice", field.key),
                    ));
                }
                Kind::Object(fields)
            }
        };
        Ok(Json {
            offset: container.offset,
            kind,
        })
    }

    fn key(&mut self) -> Result<(Cow<'a, str>, usize), ParseError> {
        self.skip_space();
        let offset = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in quotes"));
        }
        let key = self.text()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.expected("`:`"));
        }
        self.at += 1;
        Ok((key, offset))
    }

    fn number(&mut self) -> &'a str {
        let start = self.at;
        while matches!(
            self.peek(),
            Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')
        ) {
            self.at += 1;
        }
        &self.source.text[start..self.at]
    }

    fn word(&mut self) -> Result<Kind<'a>, ParseError> {
        for (word, kind) in [
            ("null", Kind::Null),
            ("true", Kind::Bool(true)),
            ("false", Kind::Bool(false)),
        ] {
            if self.source.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.expected("a value"))
    }

    fn text(&mut self) -> Result<Cow<'a, str>, ParseError> {
        let start = self.at;
        self.at += 1;
        let mut plain_from = self.at;
        let mut unescaped: Option<String> = None;
        loop {
            match self.peek() {
                None => return Err(self.source.error(start, "the text is not closed")),
                Some(b'"') => {
                    let rest = &self.source.text[plain_from..self.at];
                    self.at += 1;
                    return Ok(match unescaped {
                        None => Cow::Borrowed(rest),
                        Some(text) => Cow::Owned(text + rest),
                    });
                }
                Some(b'\\') => {
                    let text = unescaped.get_or_insert_default();
                    text.push_str(&self.source.text[plain_from..self.at]);
                    let character = self.escape()?;
                    unescaped.get_or_insert_default().push(character);
                    plain_from = self.at;
                }
                Some(0..=0x1f) => {
                    return Err(self
                        .source
                        .error(self.at, "a control character inside a text"));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let start = self.at;
        let bytes = self.source.text.as_bytes();
        self.at += 2;
        let simple = match bytes.get(start + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                return self
                    .unicode(start)
                    .ok_or_else(|| self.source.error(start, "not a valid \\u escape"));
            }
            _ => return Err(self.source.error(start, "an unknown escape in a text")),
        };
        Ok(simple)
    }

    fn unicode(&mut self, start: usize) -> Option<char> {
        let unit = |at: usize| -> Option<u32> {
            let digits = self.source.text.as_bytes().get(at..at + 4)?;
            digits.iter().try_fold(0, |value, digit| {
                Some(value * 16 + char::from(*digit).to_digit(16)?)
            })
        };
        let first = unit(start + 2)?;
        let mut code = first;
        let mut end = start + 6;
        if (0xd800..0xdc00).contains(&first)
            && self.source.text.as_bytes().get(end..end + 2) == Some(b"\\u")
        {
            let second = unit(end + 2).filter(|second| (0xdc00..0xe000).contains(second))?;
            code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            end += 6;
        }
        let character = char::from_u32(code)?;
        self.at = end;
        Some(character)
    }

    fn peek(&self) -> Option<u8> {
        self.source.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expected(&self, what: &str) -> ParseError {
        let found = match self
            .source
            .text
            .get(self.at..)
            .and_then(|rest| rest.chars().next())
        {
            None => "the end of the file".to_owned(),
            Some(character) => format!("`{}`", character.escape_default()),
        };
        self.source
            .error(self.at, format!("expected {what}, found {found}"))
    }
}

enum Begun<'a> {
    Value(Json<'a>),
    Container(Open<'a>),
}
