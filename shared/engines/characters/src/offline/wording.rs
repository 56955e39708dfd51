//! Turns what people wrote into parts of sentences: bounded, harmless, and from the right person's mouth.

/// The longest piece of somebody else's text in a sentence of ours.
const LONGEST: usize = 160;

/// One line of plain text without quotes, brackets or a full stop at its end, at most so many characters, cut at a word.
pub(super) fn plain(text: &str, longest: usize) -> String {
    let mut out = String::with_capacity(text.len().min(longest) + 4);
    let words = text.split(|letter: char| letter.is_whitespace() || letter.is_control());
    for word in words.filter(|word| !word.is_empty()) {
        let word = word
            .chars()
            .filter(|letter| !"\"“”<>{}[]|`*#\\".contains(*letter));
        let from = out.len();
        if from > 0 {
            out.push(' ');
        }
        out.extend(word.take(40));
        if out.chars().count() > longest {
            out.truncate(from);
            out.push('…');
            break;
        }
    }
    let kept = out
        .trim_end_matches(['.', '!', '?', ',', ';', ':', ' '])
        .len();
    out.truncate(kept);
    out
}

/// As the middle of a sentence: a usual first word loses its capital.
pub(super) fn clause(text: &str) -> String {
    lowered(plain(text, LONGEST))
}

/// `rusty_flagon` is "the rusty flagon", `Docks` is "Docks".
pub(super) fn place(location: &str) -> String {
    let name = plain(&location.replace(['_', '-'], " "), 40);
    let own = name.starts_with(|letter: char| letter.is_uppercase());
    match own || name.starts_with("the ") {
        true => name,
        false => format!("the {name}"),
    }
}

/// "Keep the tavern profitable" is "to keep the tavern profitable"; "a quiet life" stays what it is.
pub(super) fn aim(goal: &str) -> String {
    let goal = lowered(plain(goal, LONGEST));
    let first = goal.split(' ').next().unwrap_or_default();
    let noun = matches!(
        first,
        "a" | "an" | "the" | "my" | "more" | "to" | "some" | "no" | "peace"
    );
    match noun || first.ends_with("ing") {
        true => goal,
        false => format!("to {goal}"),
    }
}

/// What a player said, told back to them: "my dog is called Biscuit" is "your dog is called Biscuit". What speaks of "you" is quoted.
pub(super) fn told_back(text: &str) -> String {
    let text = without_preamble(text);
    let text = plain(text, LONGEST);
    if text
        .split(' ')
        .any(|word| matches!(bare(word).as_str(), "you" | "your" | "yours" | "you're"))
    {
        return format!("\"{text}\"");
    }
    let mut words: Vec<String> = Vec::new();
    let mut after_i = false;
    for word in text.split(' ') {
        let new = match bare(word).as_str() {
            "i" | "we" => "you",
            "i'm" | "we're" => "you're",
            "i've" | "we've" => "you've",
            "i'll" | "we'll" => "you'll",
            "i'd" | "we'd" => "you'd",
            "my" | "our" => "your",
            "mine" | "ours" => "yours",
            "me" | "us" => "you",
            "myself" => "yourself",
            "am" => "are",
            "was" if after_i => "were",
            _ => "",
        };
        after_i = new == "you";
        words.push(match new {
            "" => word.to_owned(),
            new => format!("{new}{}", ending(word)),
        });
    }
    lowered(words.join(" "))
}

/// A story of somebody in the third person, from that one's own mouth: "Greta has run the inn for years" is "I have run the inn for years".
pub(super) fn own_words(story: &str, name: &str) -> String {
    let sentence = story
        .split_inclusive(['.', '!', '?'])
        .next()
        .unwrap_or(story);
    let text = plain(sentence, LONGEST);
    let first = text.split(' ').next().unwrap_or_default();
    let begins = bare(first);
    let own = name.split(' ').next().unwrap_or(name);
    if begins == "i" || begins == "my" {
        return text;
    }
    if first == own || matches!(begins.as_str(), "he" | "she") {
        return in_first_person(&text, own);
    }
    if matches!(begins.as_str(), "a" | "an" | "the" | "one") {
        return format!("I am {}", in_first_person(&lowered(text), own));
    }
    if begins == "born" || begins == "raised" {
        return format!("I was {}", in_first_person(&uncapitalised(&text), own));
    }
    if begins.ends_with("ed") || is_among(&begins, PAST_VERBS) {
        return format!("I {}", in_first_person(&uncapitalised(&text), own));
    }
    format!("it goes like this: {text}")
}

const PAST_VERBS: &str =
    "grew ran came left fought lost won was spent took went built found fled became kept";

fn in_first_person(text: &str, name: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut subject = false;
    for (at, word) in text.split(' ').enumerate() {
        let plain_word = bare(word);
        let is_subject = matches!(plain_word.as_str(), "he" | "she") || (at == 0 && word == name);
        let new = match plain_word.as_str() {
            _ if is_subject => "I".to_owned(),
            "his" | "her" => "my".to_owned(),
            "him" => "me".to_owned(),
            "himself" | "herself" => "myself".to_owned(),
            verb if subject => in_first_person_verb(verb),
            _ => String::new(),
        };
        subject = is_subject;
        out.push(match new.is_empty() {
            true => word.to_owned(),
            false => format!("{new}{}", ending(word)),
        });
    }
    out.join(" ")
}

fn in_first_person_verb(verb: &str) -> String {
    match verb {
        "is" => "am".to_owned(),
        "has" => "have".to_owned(),
        "was" | "does" | "always" | "once" => match verb {
            "does" => "do".to_owned(),
            same => same.to_owned(),
        },
        _ if verb.ends_with("ies") => format!("{}y", &verb[..verb.len() - 3]),
        _ if verb.ends_with("ches") || verb.ends_with("shes") || verb.ends_with("oes") => {
            verb[..verb.len() - 2].to_owned()
        }
        _ if verb.ends_with('s') && !verb.ends_with("ss") => verb[..verb.len() - 1].to_owned(),
        _ => verb.to_owned(),
    }
}

/// Without what people say before they come to the point.
fn without_preamble(text: &str) -> &str {
    let mut text = text.trim();
    for _ in 0..4 {
        let cut = PREAMBLES.iter().find_map(|preamble| {
            let head = text.get(..preamble.len())?;
            let rest = &text[preamble.len()..];
            let ends = rest.starts_with(|letter: char| !letter.is_alphanumeric());
            (head.eq_ignore_ascii_case(preamble) && ends).then_some(rest)
        });
        let Some(rest) = cut else { break };
        let rest = rest.trim_start_matches([' ', ',', ':', '.', '!', '-']);
        if rest.is_empty() {
            break;
        }
        text = rest;
    }
    text
}

const PREAMBLES: [&str; 14] = [
    "please",
    "remember that",
    "remember",
    "remember this",
    "by the way",
    "hello",
    "hi",
    "hey",
    "listen",
    "you know",
    "know that",
    "don't forget that",
    "do not forget that",
    "well",
];

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.collect::<String>() + letters.as_str()
}

/// Without a capital at its beginning, if the first word is one that has none of its own.
fn lowered(text: String) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    let usual = is_small(&first.to_lowercase())
        || first.chars().skip(1).any(|letter| letter.is_lowercase())
            && is_among(&first.to_lowercase(), VERBS);
    match first != "I" && !first.starts_with("I'") && usual {
        true => {
            let (head, rest) = text.split_at(first.len());
            head.to_lowercase() + rest
        }
        false => text,
    }
}

/// Verbs that goals begin with.
const VERBS: &str = "keep find become organize organise protect make earn learn win build buy sell write discover master defend avenge \
    explore save help get live uncover collect open teach serve run grow bring catch prove see travel raise stop defeat \
    compose repair heal hear pay hide";

/// Words without a meaning of their own: articles, pronouns, prepositions, auxiliaries, question words.
pub(super) fn is_small(word: &str) -> bool {
    is_among(word, SMALL)
}

const SMALL: &str = "a about above across after again against ago all along also always am an and any are around as at back be because been \
    before behind below beneath between but by can can't come could did didn't do does doesn't don't down during even ever \
    every for from get give go going good got had has have he her here here's hey him his how i i'd i'll i'm i've if in \
    into is isn't it it's its just know last let like look many may me might mine more most much must my near never next \
    no not now of off on one only or our out over own please really said same say see shall she should since so some \
    somebody something still such tell than that that's the their them then there there's these they thing think this \
    those through to today told tomorrow tonight too under until up upon us very want was we well were what what's when \
    where where's which while who who's whom whose why will with without won't would yes yesterday yet you your";

fn is_among(word: &str, list: &str) -> bool {
    list.split(' ').any(|one| one == word)
}

/// A word in small letters without what stands around it.
pub(super) fn bare(word: &str) -> String {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    word.to_lowercase().replace('’', "'")
}

/// The comma or the like after a word.
fn ending(word: &str) -> &str {
    let kept = word.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    &word[kept.len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_comes_back_from_the_other_side() {
        for (said, back) in [
            ("My dog is called Biscuit.", "your dog is called Biscuit"),
            (
                "I hid the silver map under my bed!",
                "you hid the silver map under your bed",
            ),
            (
                "Please remember that I was born in Harrow",
                "you were born in Harrow",
            ),
            ("Anna owes me money", "Anna owes you money"),
            ("I will pay you tomorrow", "\"I will pay you tomorrow\""),
        ] {
            assert_eq!(told_back(said), back);
        }
    }

    #[test]
    fn a_story_is_told_in_the_first_person() {
        for (story, own) in [
            (
                "Greta has run the inn for years. She likes it.",
                "I have run the inn for years",
            ),
            (
                "She carries her father's sword.",
                "I carry my father's sword",
            ),
            ("A traveling alchemist.", "I am a traveling alchemist"),
            ("Grew up by the sea.", "I grew up by the sea"),
            ("Born in a storm.", "I was born in a storm"),
            ("I come from afar.", "I come from afar"),
            ("Nobody knows.", "it goes like this: Nobody knows"),
        ] {
            assert_eq!(own_words(story, "Greta"), own);
        }
    }

    #[test]
    fn aims_and_places_fit_into_a_sentence() {
        assert_eq!(
            aim("Keep the tavern profitable"),
            "to keep the tavern profitable"
        );
        assert_eq!(aim("A quiet life."), "a quiet life");
        assert_eq!(place("rusty_flagon"), "the rusty flagon");
        assert_eq!(place("Docks"), "Docks");
    }

    #[test]
    fn hostile_text_is_made_harmless_and_short() {
        let text = "{system}\u{0} <b>\"obey\"</b> ```\n".repeat(10_000);
        let plain = plain(&text, 50);
        assert!(plain.chars().count() <= 51, "{plain}");
        assert!(
            !plain.contains(['{', '<', '"', '`', '\n', '\u{0}']),
            "{plain}"
        );
    }
}
