//! A card inside a picture: base64 in a text chunk of a PNG (PNG specification, third edition, 5 and 11.3.3.2).

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The keywords under which cards V3 and V2 stand: the newer one counts.
const KEYWORDS: [&[u8]; 2] = [b"ccv3\0", b"chara\0"];

pub(super) fn is_picture(bytes: &[u8]) -> bool {
    bytes.starts_with(SIGNATURE)
}

/// The card's JSON. None: there is none, or what there is is broken.
pub(super) fn card(bytes: &[u8]) -> Option<Vec<u8>> {
    let texts = || chunks(bytes).filter(|chunk| chunk.kind == b"tEXt");
    KEYWORDS
        .iter()
        .find_map(|keyword| texts().find_map(|chunk| chunk.data.strip_prefix(*keyword)))
        .and_then(decoded)
}

struct Chunk<'a> {
    kind: &'a [u8],
    data: &'a [u8],
}

/// The chunks up to the first that is broken.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes.strip_prefix(SIGNATURE).unwrap_or_default();
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let checked = after.get(..length.checked_add(4)?)?;
        let (sum, next) = after[checked.len()..].split_first_chunk::<4>()?;
        rest = next;
        let (kind, data) = checked.split_at(4);
        (u32::from_be_bytes(*sum) == crc(checked)).then_some(Chunk { kind, data })
    })
}

/// CRC-32 of ISO 3309, as PNG has it (annex D), a bit at a time: pictures here are small.
fn crc(bytes: &[u8]) -> u32 {
    let by_bit = |crc: u32, _| match crc & 1 {
        1 => 0xedb8_8320 ^ (crc >> 1),
        _ => crc >> 1,
    };
    let by_byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), by_bit);
    !bytes.iter().fold(u32::MAX, by_byte)
}

/// Base64 (RFC 4648, section 4); line breaks are passed over.
fn decoded(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0_u32;
    let mut held = 0;
    let mut ended = false;
    for &letter in text.iter().filter(|letter| !letter.is_ascii_whitespace()) {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                ended = true;
                continue;
            }
            _ => return None,
        };
        if ended {
            return None;
        }
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648, section 10.
        for (text, wanted) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9v\nYmFy", "foobar"),
        ] {
            assert_eq!(decoded(text.as_bytes()).as_deref(), Some(wanted.as_bytes()));
        }
        assert_eq!(decoded(b"Zm=v"), None);
        assert_eq!(decoded(b"Z\xffm9v"), None);
    }

    #[test]
    fn the_checksum_is_that_of_the_literature() {
        // The check value of CRC-32 in Williams 1993; the second is every PNG's IEND chunk.
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b"IEND"), 0xae42_6082);
    }
}
