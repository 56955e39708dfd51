//! Names of tools and events read by their words (`bar_fight` is a fight), and whether a text speaks of something.

/// Names are looked at as far as this, in bytes: whoever sends a longer one says nothing more by it.
const LONGEST_NAME: usize = 64;

/// Phrases shorter than this say too little to be looked for: `a`, `to`.
const SHORTEST_PHRASE: usize = 3;

/// What a table says of a name: of the whole, or else of the first of its words that the table knows.
pub fn look_up<T>(name: &str, table: impl Fn(&str) -> Option<T>) -> Option<T> {
    let name = &name[..name.floor_char_boundary(LONGEST_NAME)];
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return look_up(&name.to_ascii_lowercase(), table);
    }
    table(name).or_else(|| of(name).find_map(table))
}

/// The words of a name or a text.
pub fn of(name: &str) -> impl Iterator<Item = &str> + Clone {
    name.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Whether the text has the phrase in it, word by word, whatever the case and whatever stands between the words.
pub fn mentions(text: &str, phrase: &str) -> bool {
    let phrase = &phrase[..phrase.floor_char_boundary(LONGEST_NAME)];
    if phrase.len() < SHORTEST_PHRASE || of(phrase).next().is_none() {
        return false;
    }
    let mut rest = of(text);
    loop {
        let mut here = rest.clone();
        if of(phrase).all(|wanted| here.next().is_some_and(|word| same(word, wanted))) {
            return true;
        }
        if rest.next().is_none() {
            return false;
        }
    }
}

/// Whether every word of the phrase is somewhere in the text: `serve_drink` is in "serve them all a drink".
pub fn mentions_all(text: &str, phrase: &str) -> bool {
    let phrase = &phrase[..phrase.floor_char_boundary(LONGEST_NAME)];
    phrase.len() >= SHORTEST_PHRASE
        && of(phrase).next().is_some()
        && of(phrase).all(|wanted| of(text).any(|word| same(word, wanted)))
}

fn same(one: &str, other: &str) -> bool {
    match one.is_ascii() && other.is_ascii() {
        true => one.eq_ignore_ascii_case(other),
        false => one
            .chars()
            .flat_map(char::to_lowercase)
            .eq(other.chars().flat_map(char::to_lowercase)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_knows_a_name_whole_or_by_its_first_known_word() {
        let table = |word: &str| match word {
            "serve_tea" => Some(1),
            "serve" => Some(2),
            "tea" => Some(3),
            _ => None,
        };
        assert_eq!(look_up("serve_tea", table), Some(1));
        assert_eq!(look_up("Serve-Cold-Tea", table), Some(2));
        assert_eq!(look_up("hot_tea", table), Some(3));
        assert_eq!(look_up("teapot", table), None);
        assert_eq!(look_up(&"x_".repeat(1_000_000), table), None);
    }

    #[test]
    fn a_text_mentions_whole_words_in_any_case() {
        assert!(mentions("Ask the Guard about it", "guard"));
        assert!(mentions("Bring the silver-map home", "silver_map"));
        assert!(!mentions("Regard the guardian", "guard"));
        assert!(!mentions("to be or not to be", "to"));
        assert!(!mentions("anything", "___"));
        assert!(mentions("Frag die ÄLTESTE", "älteste"));
        assert!(mentions_all("Serve them all a drink", "serve_drink"));
        assert!(!mentions_all("Serve them all", "serve_drink"));
    }
}
