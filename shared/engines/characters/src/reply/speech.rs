//! Words of a model as somebody would say them: without markup, stage directions and the name before the colon.

use crate::Persona;
use crate::text::{ends_sentence, head, in_sentences, is_unseen, last_sentence_end, shortened};

/// What is said, and what is told around it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Spoken {
    pub text: String,
    pub narration: String,
    /// Nothing is said, only told.
    pub narrated: bool,
}

pub(super) fn spoken(text: &str, who: &Persona) -> Spoken {
    let text = clean(text_of_one_speaker(text).replace("**", "").as_str());
    let text = without_name(&text, who);
    let (text, narration) = apart(&text);
    let text = unquoted(text.trim());
    if text.is_empty() {
        return Spoken {
            narrated: !narration.is_empty(),
            narration,
            text,
        };
    }
    if !is_told(&text, who) {
        return Spoken {
            text,
            narration,
            narrated: false,
        };
    }
    // A story with words in quotation marks: those are what is said.
    let said = in_marks(&text);
    Spoken {
        narrated: said.is_empty(),
        narration: text,
        text: said,
    }
}

/// At most so many bytes, and where a model was cut off, to its last whole sentence.
pub(super) fn finished(text: &str, most: usize, cut_off: bool) -> String {
    let text = in_sentences(text.trim(), most);
    let is_whole = text
        .trim_end_matches(['"', '\'', '”', '’', ')'])
        .ends_with(ends_sentence);
    if !cut_off || is_whole || text.is_empty() {
        return text;
    }
    match last_sentence_end(&text) {
        Some(end) if end * 3 >= text.len() => text[..end].to_owned(),
        _ => shortened(&text, text.len() - 1),
    }
}

/// No tags, control tokens, code marks or unseen characters; white space is single.
pub(super) fn clean(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|one| !is_unseen(*one) && *one != '`')
        .collect();
    let mut clean = untagged(&visible);
    // What was taken out may have joined what stood around it to a new tag.
    if untagged(&clean) != clean {
        clean.retain(|one| one != '<');
    }
    for token in ["[INST]", "[/INST]", "[TOOL_CALLS]"] {
        clean = clean.replace(token, " ");
    }
    let mut lines = Vec::new();
    for line in clean.lines() {
        let line = line
            .trim_start()
            .trim_start_matches(['#', '>'])
            .trim_start();
        let bullet = line.strip_prefix("* ").or(line.strip_prefix("- "));
        let words: Vec<&str> = bullet.unwrap_or(line).split_whitespace().collect();
        if !words.is_empty() {
            lines.push(words.join(" "));
        }
    }
    lines.join("\n")
}

/// Without `<…>` where it looks like a tag; `<3` and `a < b` stay.
fn untagged(text: &str) -> String {
    /// A tag is not longer.
    const MOST: usize = 200;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let is_tag = tail.starts_with(|one: char| {
            one.is_alphabetic() || matches!(one, '/' | '|' | '!' | '?' | '<')
        });
        rest = match (is_tag, head(tail, MOST).find('>')) {
            (true, Some(end)) => &tail[end + 1..],
            // The mark alone goes: what follows may be words.
            (true, None) => tail,
            (false, _) => {
                out.push('<');
                tail
            }
        };
    }
    out.push_str(rest);
    out
}

/// Up to where the model goes on as somebody else.
fn text_of_one_speaker(text: &str) -> &str {
    const OTHERS: [&str; 7] = [
        "user:",
        "player:",
        "human:",
        "system:",
        "assistant:",
        "the player:",
        "### ",
    ];
    // What a model writes when it has ended: tokens of common chat templates.
    const ENDS: [&str; 5] = [
        "<|im_end|>",
        "<|eot_id|>",
        "<|end|>",
        "<|endoftext|>",
        "</s>",
    ];
    let ends = ENDS.iter().filter_map(|end| text.find(end));
    let text = match ends.min() {
        Some(end) if !text[..end].trim().is_empty() => &text[..end],
        _ => text,
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start_matches(['*', ' ']);
        let is_other = OTHERS.iter().any(|other| {
            start
                .get(..other.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(other))
        });
        // A heading or label at the very beginning is decoration: it goes elsewhere.
        if is_other && !text[..at].trim().is_empty() {
            return &text[..at];
        }
        at += line.len();
    }
    text
}

/// "Greta (smiling): Welcome!" is "Welcome!".
fn without_name(text: &str, who: &Persona) -> String {
    let first_name = who.name.split_whitespace().next().unwrap_or_default();
    let mut rest = text.trim();
    // A model that answers twice names itself twice.
    for _ in 0..3 {
        let start = rest.trim_start_matches(['*', '"', '“', '_']);
        let named = [
            who.name.as_str(),
            first_name,
            who.id.as_str(),
            "assistant",
            "ai",
            "you",
        ]
        .into_iter()
        .filter(|name| !name.is_empty())
        .find_map(|name| {
            let begins = start.get(..name.len())?;
            let matches = begins.to_lowercase() == name.to_lowercase();
            matches.then(|| &start[name.len()..])
        });
        let Some(after) = named else { break };
        let after = after.trim_start_matches(['*', '_', ' ']);
        let after = match after
            .strip_prefix('(')
            .and_then(|inside| inside.split_once(')'))
        {
            Some((how, after)) if how.len() < 60 => after.trim_start(),
            _ => after.strip_prefix("says").unwrap_or(after),
        };
        match after.strip_prefix(':') {
            Some(said) => rest = said.trim_start_matches(['*', '_', ' ', '\n']),
            None => break,
        }
    }
    rest.to_owned()
}

/// Stage directions between asterisks, apart from the words. One that stands within a sentence is stress: its words stay.
fn apart(text: &str) -> (String, String) {
    let mut said = String::new();
    let mut told = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('*') {
        said.push_str(before);
        let Some((inside, after)) = after.split_once('*') else {
            rest = after;
            continue;
        };
        let begins = said
            .trim_end()
            .chars()
            .next_back()
            .is_none_or(|one| ends_sentence(one) || matches!(one, '"' | '”' | '\n' | ','));
        let next = after.trim_start().chars().next();
        let ends =
            next.is_none_or(|one| one.is_uppercase() || matches!(one, '"' | '“' | '*' | '\''));
        if begins && ends {
            if !told.is_empty() {
                told.push(' ');
            }
            told.push_str(inside.trim());
        } else {
            said.push_str(inside);
        }
        rest = after;
    }
    said.push_str(rest);
    (clean(&said), clean(&told))
}

/// Whether it tells of the character in the third person.
fn is_told(text: &str, who: &Persona) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let first_name = who.name.split_whitespace().next().unwrap_or_default();
    let last_name = who.name.split_whitespace().nth(1);
    let names_self = !first_name.is_empty() && first == first_name;
    let verb = match last_name {
        Some(last) if names_self && second == last => words.next().unwrap_or_default(),
        _ => second,
    };
    let is_verb = verb.len() > 2
        && verb.ends_with('s')
        && !verb.ends_with("ss")
        && verb.chars().all(|one| one.is_lowercase());
    let tells_of_self = names_self && (is_verb || verb == "is" || verb == "has");
    let pronoun = ["She", "He", "They"].contains(&first);
    // "He owes me money." is said of somebody else: a gesture is told.
    const GESTURES: [&str; 24] = [
        "smiles", "nods", "looks", "turns", "walks", "leans", "wipes", "pours", "sighs", "laughs",
        "shrugs", "glances", "steps", "grins", "reaches", "pauses", "frowns", "sets", "raises",
        "picks", "chuckles", "shakes", "gestures", "whispers",
    ];
    tells_of_self || (pronoun && GESTURES.contains(&verb.trim_matches(',')))
}

/// One pair of quotation marks around the whole goes.
fn unquoted(text: &str) -> String {
    for (opening, closing) in [('"', '"'), ('“', '”'), ('«', '»')] {
        let inside = text
            .strip_prefix(opening)
            .and_then(|rest| rest.strip_suffix(closing));
        if let Some(inside) = inside
            && !inside.contains([opening, closing])
        {
            return inside.trim().to_owned();
        }
    }
    text.to_owned()
}

/// All that stands in quotation marks.
fn in_marks(text: &str) -> String {
    let straight = text.replace(['“', '”', '«', '»'], "\"");
    let pieces: Vec<&str> = straight
        .split('"')
        .skip(1)
        .step_by(2)
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect();
    pieces.join(" ")
}
