//! The words of a text as retrieval sees them: lower case, without the words that say nothing, without their endings.

/// Longer runs of letters are no words.
const LONGEST: usize = 64;

/// The stems of a text's words, in order.
pub fn stems(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.stem).collect()
}

/// A word as it was written, but for its case, and what it is looked up by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word {
    pub stem: String,
    pub written: String,
}

/// The words of a text that say something, in order.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let lower = text.to_lowercase();
    for run in lower.split(|c: char| !(c.is_alphanumeric() || is_apostrophe(c))) {
        let word: String = without_possessive(run)
            .chars()
            .filter(|c| !is_apostrophe(*c))
            .take(LONGEST)
            .collect();
        if word.chars().any(is_unspaced) {
            pairs(&word, &mut words);
        } else if !word.is_empty() && EMPTY_WORDS.binary_search(&word.as_str()).is_err() {
            words.push(Word {
                stem: stem(&word),
                written: word,
            });
        }
    }
    words
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}')
}

fn without_possessive(run: &str) -> &str {
    run.strip_suffix("'s")
        .or_else(|| run.strip_suffix("\u{2019}s"))
        .unwrap_or(run)
}

/// Scripts that put no spaces between words: Chinese characters and kana.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Each two neighbouring characters count as a word.
fn pairs(written: &str, words: &mut Vec<Word>) {
    let characters: Vec<char> = written.chars().collect();
    let width = characters.len().min(2);
    words.extend(characters.windows(width.max(1)).map(|pair| Word {
        stem: pair.iter().collect(),
        written: pair.iter().collect(),
    }));
}

/// A word of English without its inflection. Light: plural (Harman 1991's S-stemmer), -ing, -ed, -ly, and the e that these would have
/// swallowed. Derivations stay: who asks for the smith does not mean the smithy.
fn stem(word: &str) -> String {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut stem = singular(word);
    if let Some(rest) = uninflected(&stem) {
        stem.truncate(rest);
        undouble(&mut stem);
    }
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    if stem.len() > 2 && stem.ends_with('y') {
        stem.pop();
        stem.push('i');
    }
    stem
}

fn singular(word: &str) -> String {
    let stays = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    match word.strip_suffix('s') {
        Some(rest) if rest.ends_with("ie") && !stays(&["eies", "aies"]) => {
            format!("{}y", rest.trim_end_matches("ie"))
        }
        Some(rest) if !stays(&["us", "ss"]) => rest.to_owned(),
        _ => word.to_owned(),
    }
}

/// The length of what is left without -ing, -ed or -ly, if that is still a word: `king` and `need` are whole.
fn uninflected(word: &str) -> Option<usize> {
    [("ing", 2), ("ed", 3), ("ly", 3)]
        .into_iter()
        .find_map(|(ending, least)| {
            let rest = word.strip_suffix(ending)?;
            let is_word = rest.len() >= least && rest.contains(['a', 'e', 'i', 'o', 'u', 'y']);
            is_word.then_some(rest.len())
        })
}

/// `stopp` was `stop`; `call`, `miss` and `buzz` were so before.
fn undouble(stem: &mut String) {
    if let [.., before, last] = stem.as_bytes()
        && before == last
        && !b"lsz".contains(last)
        && !b"aeiou".contains(last)
    {
        stem.pop();
    }
}

/// Words that stand in nearly every sentence of English; sorted. Negations are not among them: they turn a memory into its opposite.
const EMPTY_WORDS: [&str; 131] = [
    "a", "about", "above", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as",
    "at", "be", "because", "been", "before", "being", "below", "between", "both", "but", "by",
    "can", "could", "did", "do", "does", "doing", "down", "during", "each", "few", "for", "from",
    "further", "get", "got", "had", "has", "have", "having", "he", "her", "here", "hers", "hey",
    "him", "his", "how", "i", "if", "im", "in", "into", "is", "it", "its", "ive", "just", "let",
    "like", "me", "more", "most", "much", "my", "myself", "now", "of", "off", "oh", "on", "once",
    "only", "or", "other", "our", "ours", "out", "over", "own", "really", "same", "she", "should",
    "so", "some", "such", "than", "that", "thats", "the", "their", "theirs", "them", "then",
    "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up",
    "us", "very", "was", "we", "well", "were", "what", "when", "where", "which", "while", "who",
    "whom", "why", "will", "with", "would", "yes", "you", "your", "youre", "yours",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_words_can_be_searched() {
        assert!(EMPTY_WORDS.is_sorted());
    }

    #[test]
    fn inflections_of_a_word_are_one() {
        for forms in [
            "carry carries carried carrying",
            "stop stops stopped stopping",
            "make makes making",
            "tavern taverns tavern's",
            "call calls called calling",
            "quick quickly",
            "go going",
        ] {
            let stems = stems(forms);
            assert_eq!(stems.len(), forms.split(' ').count());
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{stems:?}");
        }
    }

    #[test]
    fn what_only_looks_inflected_is_left_whole() {
        assert_eq!(
            stems("king thing bring red need glass bus"),
            ["king", "thing", "bring", "red", "need", "glass", "bus"]
        );
    }

    #[test]
    fn any_script_has_words() {
        assert_eq!(stems("Die Müllerin, 42!"), ["die", "müllerin", "42"]);
        assert_eq!(stems("銀の地図"), ["銀の", "の地", "地図"]);
        assert_eq!(stems("the of -- '' …"), Vec::<String>::new());
    }
}
