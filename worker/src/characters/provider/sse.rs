//! Server-sent events, as they come in: pieces that may be split at any byte.

use super::failure::Failure;

/// Takes bytes, gives the data of whole events (HTML standard, section 9.2.6; of the fields only `data` matters here).
#[derive(Default)]
pub(super) struct Events {
    line: Vec<u8>,
    /// A carriage return ended the last line: a line feed after it belongs to it.
    returned: bool,
    data: Option<String>,
    taken: usize,
}

/// Of a whole stream. An answer of a hundred thousand tokens has some thirty bytes of envelope around each.
const MOST_BYTES: usize = 8 * 1024 * 1024;

impl Events {
    pub(super) fn take(&mut self, piece: &[u8]) -> Result<Vec<String>, Failure> {
        self.taken += piece.len();
        if self.taken > MOST_BYTES {
            return Err(Failure::malformed("the stream does not end"));
        }
        let mut events = Vec::new();
        for &byte in piece {
            match byte {
                b'\n' if self.returned => self.returned = false,
                b'\n' | b'\r' => {
                    self.returned = byte == b'\r';
                    events.extend(self.end_line());
                }
                _ => {
                    self.returned = false;
                    self.line.push(byte);
                }
            }
        }
        Ok(events)
    }

    /// Some servers leave out the empty line after the last event.
    pub(super) fn end(&mut self) -> Option<String> {
        self.end_line().or_else(|| self.data.take())
    }

    fn end_line(&mut self) -> Option<String> {
        if self.line.is_empty() {
            return self.data.take();
        }
        let line = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&line);
        if let Some(value) = line.strip_prefix("data:") {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                none => *none = Some(value.to_owned()),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pieces: &[&[u8]]) -> Vec<String> {
        let mut events = Events::default();
        let mut read: Vec<_> = pieces
            .iter()
            .flat_map(|piece| events.take(piece).expect("it is short"))
            .collect();
        read.extend(events.end());
        read
    }

    #[test]
    fn where_a_stream_is_split_makes_no_difference() {
        let stream = ": a comment\r\nevent: x\r\ndata: grüß\r\n\r\ndata:one\ndata: two\n\nid: 7\rdata: three\r\rdata: [DONE]\n\n";
        let expected = ["grüß", "one\ntwo", "three", "[DONE]"];
        for at in 0..=stream.len() {
            let (head, tail) = stream.as_bytes().split_at(at);
            assert_eq!(read(&[head, tail]), expected, "split at {at}");
        }
        let bytes: Vec<_> = stream.as_bytes().chunks(1).collect();
        assert_eq!(read(&bytes), expected);
    }

    #[test]
    fn the_last_event_may_lack_its_empty_line() {
        assert_eq!(read(&[b"data: a\n\ndata: b"]), ["a", "b"]);
        assert_eq!(read(&[b"data: a\n\ndata: b\n"]), ["a", "b"]);
        assert!(read(&[b": nothing\n"]).is_empty());
    }

    #[test]
    fn a_stream_without_end_is_cut_off() {
        let mut events = Events::default();
        let piece = vec![b'x'; MOST_BYTES];
        assert!(events.take(&piece).is_ok());
        assert!(events.take(b"x").is_err());
    }
}
