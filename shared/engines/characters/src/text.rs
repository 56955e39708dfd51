//! Text of strangers, made safe to show and to quote: characters that nobody sees, and where a text may be cut.

/// Characters that change or hide text without being seen: controls, marks of writing direction (Boucher and Anderson 2021, "Trojan
/// Source") and the tag characters by which instructions are smuggled past readers. White space is none of them.
pub(crate) fn is_unseen(character: char) -> bool {
    (character.is_control() && !character.is_whitespace())
        || matches!(character,
            '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// What fits into so many bytes.
pub(crate) fn head(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}

const ELLIPSIS: char = '…';

/// At most so many bytes: cut after a word, with an ellipsis.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let Some(room) = most.checked_sub(ELLIPSIS.len_utf8()) else {
        return String::new();
    };
    let head = head(text, room);
    // A text without spaces (or in a script without them) is cut anywhere.
    let behind = text[head.len()..].chars().next();
    let end = match head.rfind(char::is_whitespace) {
        _ if behind.is_some_and(char::is_whitespace) => head.len(),
        Some(space) if space * 2 > head.len() => space,
        _ => head.len(),
    };
    let mut short = head[..end].trim_end().to_owned();
    short.push(ELLIPSIS);
    short
}

/// As it may be kept: shortened, and without what nobody sees.
pub(crate) fn fit(text: &str, most: usize) -> String {
    if !text.contains(is_unseen) {
        return shortened(text, most);
    }
    // A character has a byte at least: one more than fit tells that something is missing.
    let seen = text.chars().filter(|letter| !is_unseen(*letter));
    shortened(&seen.take(most.saturating_add(1)).collect::<String>(), most)
}

/// At most so many bytes: whole sentences if at least a third of the room is kept that way, else whole words.
pub(crate) fn in_sentences(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    match last_sentence_end(head(text, most)) {
        Some(end) if end * 3 >= most => text[..end].to_owned(),
        _ => shortened(text, most),
    }
}

/// Behind the last full stop, question or exclamation mark, with the quotation marks that close there.
pub(crate) fn last_sentence_end(text: &str) -> Option<usize> {
    let (at, mark) = text
        .char_indices()
        .rev()
        .find(|(_, one)| ends_sentence(*one))?;
    let behind = at + mark.len_utf8();
    let closing = text[behind..]
        .chars()
        .take_while(|one| matches!(one, '"' | '\'' | '”' | '’' | '»' | ')'))
        .map(char::len_utf8);
    Some(behind + closing.sum::<usize>())
}

pub(crate) fn ends_sentence(character: char) -> bool {
    matches!(character, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_fall_between_characters_words_and_sentences() {
        assert_eq!(head("añb", 2), "a");
        assert_eq!(shortened("one two three", 11), "one two…");
        assert_eq!(shortened("one", 3), "one");
        assert_eq!(shortened("日本語日本語", 10), "日本…");
        assert_eq!(shortened("long", 2), "");
        assert_eq!(fit("a\u{0}b\u{1b}[0m\nc", 50), "ab[0m\nc");
        assert_eq!(fit(&"a\u{0}".repeat(9), 9), "aaaaaaaaa");
        assert_eq!(fit(&"a\u{0}".repeat(9), 8), "aaaaa…");
        assert_eq!(
            in_sentences("He left. \"Why?\" she asked him", 20),
            "He left. \"Why?\""
        );
        assert_eq!(in_sentences("No end in sight here", 12), "No end in…");
    }
}
