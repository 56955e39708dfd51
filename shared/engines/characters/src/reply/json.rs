//! JSON as language models write it: with single quotes, trailing commas, words without quotes, comments, and an end that is missing.

use serde_json::{Map, Number, Value};

/// Deeper nesting than this is nonsense or an attack on the stack.
const DEEPEST: usize = 24;

/// The value that begins this text, as JSON or as near as can be; how many bytes it took; and whether it had to be mended.
pub(super) fn value(text: &str) -> Option<(Value, usize, Mended)> {
    let mut strict = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = strict.next() {
        return Some((value, strict.byte_offset(), Mended::No));
    }
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    Some((value, reader.at, Mended::Yes))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mended {
    Yes,
    No,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn skip(&mut self, character: char) {
        self.at += character.len_utf8();
    }

    /// White space and comments.
    fn space(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start().len();
            let rest = &rest[blank..];
            let comment = match rest {
                line if line.starts_with("//") => line.find('\n').unwrap_or(line.len()),
                block if block.starts_with("/*") => {
                    block.find("*/").map_or(block.len(), |end| end + 2)
                }
                _ => 0,
            };
            self.at += blank + comment;
            if comment == 0 {
                return;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        self.space();
        match self.peek()? {
            '{' => Some(Value::Object(self.object(depth))),
            '[' => Some(Value::Array(self.array(depth))),
            quote if closing(quote).is_some() => Some(Value::String(self.string(quote))),
            _ => self.bare(",}]\n").map(|word| of_word(&word)),
        }
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        self.skip('{');
        let mut object = Map::new();
        loop {
            self.space();
            match self.peek() {
                None => return object,
                Some('}') => {
                    self.skip('}');
                    return object;
                }
                Some(mark @ (',' | ';')) => {
                    self.skip(mark);
                    continue;
                }
                Some(_) => {}
            }
            let key = match self.peek() {
                Some(quote) if closing(quote).is_some() => Some(self.string(quote)),
                _ => self.bare(":=,}]\n"),
            };
            self.space();
            if let Some(mark @ (':' | '=')) = self.peek() {
                self.skip(mark);
                // A value that is missing because the text ended says nothing.
                if let (Some(key), Some(value)) = (key, self.value(depth + 1)) {
                    object.insert(key, value);
                    continue;
                }
                // Too deep, or nothing: the rest cannot be trusted.
                self.at = self.text.len();
            } else if key.is_none() {
                // A stray bracket.
                let stray = self.peek();
                stray.into_iter().for_each(|one| self.skip(one));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Vec<Value> {
        self.skip('[');
        let mut array = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None => return array,
                Some(']') => {
                    self.skip(']');
                    return array;
                }
                // The array was not closed, what holds it is.
                Some('}') => return array,
                Some(',') => self.skip(','),
                Some(_) => match self.value(depth + 1) {
                    Some(value) => array.push(value),
                    None => self.at = self.text.len(),
                },
            }
        }
    }

    /// Between quotation marks. Line breaks may stand in it; a mark that does not end the value (no comma, colon or bracket follows) is
    /// part of the text, as in `'it's late'`.
    fn string(&mut self, quote: char) -> String {
        let closing = closing(quote).unwrap_or(quote);
        self.skip(quote);
        let mut string = String::new();
        while let Some(character) = self.peek() {
            self.skip(character);
            if character == '\\' {
                let escaped = self.escaped();
                string.extend(escaped);
            } else if character == closing && self.ends_value() {
                return string;
            } else {
                string.push(character);
            }
        }
        string
    }

    fn ends_value(&self) -> bool {
        let rest = self.text[self.at..].trim_start();
        rest.is_empty() || rest.starts_with([',', ':', '}', ']', ';', '`', ')', '<', '=']) || {
            // A comma is missing between this one and the next line's.
            let next_line = self.text[self.at..].trim_start_matches([' ', '\t', '\r']);
            next_line.starts_with('\n') && rest.starts_with(['"', '\''])
        }
    }

    fn escaped(&mut self) -> Option<char> {
        let escaped = self.peek()?;
        self.skip(escaped);
        Some(match escaped {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' | 'f' => ' ',
            'u' => {
                let unit = self.unit()?;
                match unit {
                    // A pair of surrogates is one character; half a pair is none.
                    0xd800..=0xdbff if self.text[self.at..].starts_with("\\u") => {
                        self.at += 2;
                        let low = self.unit()?;
                        let pair = char::decode_utf16([unit as u16, low as u16]).next()?;
                        pair.unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    unit => char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER),
                }
            }
            other => other,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.at += 4;
        Some(unit)
    }

    /// A word without quotes, up to one of these marks.
    fn bare(&mut self, marks: &str) -> Option<String> {
        let rest = &self.text[self.at..];
        let end = rest.find(|one| marks.contains(one)).unwrap_or(rest.len());
        self.at += end;
        let word = rest[..end].trim();
        (!word.is_empty()).then(|| word.to_owned())
    }
}

/// The mark that closes what this one opens.
fn closing(quote: char) -> Option<char> {
    match quote {
        '"' | '\'' | '`' => Some(quote),
        '“' => Some('”'),
        '‘' => Some('’'),
        _ => None,
    }
}

fn of_word(word: &str) -> Value {
    match word {
        "true" | "True" => Value::Bool(true),
        "false" | "False" => Value::Bool(false),
        "null" | "None" | "undefined" | "NaN" => Value::Null,
        _ => {
            let number = word.parse::<f64>().ok().and_then(Number::from_f64);
            number.map_or_else(|| Value::String(word.to_owned()), Value::Number)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn broken_json_means_what_it_was_meant_to() {
        let call = json!({ "name": "serve_drink", "arguments": { "drink": "ale" } });
        for text in [
            r#"{"name": "serve_drink", "arguments": {"drink": "ale"}} and more"#,
            r#"{'name': 'serve_drink', 'arguments': {'drink': 'ale'}}"#,
            r#"{"name": "serve_drink", "arguments": {"drink": "ale",},}"#,
            r#"{"name": "serve_drink", "arguments": {"drink": "ale""#,
            r#"{"name": "serve_drink", "arguments": {"drink": "ale"#,
            r#"{name: serve_drink, arguments: {drink: ale}}"#,
            "{“name”: “serve_drink”, /* what */ “arguments”: {“drink”: “ale”}} // done",
            "{\"name\": \"serve_drink\"\n\"arguments\": {\"drink\": \"ale\"}}",
            r#"{"name": "serve_drink", "arguments": {"drink": "ale"}"#,
        ] {
            let (value, _, _) = value(text).expect(text);
            assert_eq!(value, call, "{text}");
        }
        let cases = [
            (
                r#"{'say': 'it's late, isn't it'}"#,
                json!({ "say": "it's late, isn't it" }),
            ),
            ("{\"say\": \"two\nlines\"}", json!({ "say": "two\nlines" })),
            ("[1, 2.5, True, None, ]", json!([1.0, 2.5, true, null])),
            (
                r#"{"a": "\u00e9\ud83c\udf7a\ud83c", }"#,
                json!({ "a": "é🍺\u{fffd}" }),
            ),
        ];
        for (text, wanted) in cases {
            assert_eq!(value(text).expect(text).0, wanted, "{text}");
        }
        assert_eq!(
            value(r#"{"a":1} tail"#).map(|(_, at, mended)| (at, mended)),
            Some((7, Mended::No))
        );
    }

    #[test]
    fn nesting_ends_somewhere() {
        assert!(value(&"[".repeat(20_000)).is_some());
        assert!(value(&"{\"a\":".repeat(20_000)).is_some());
    }
}
