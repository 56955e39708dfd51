//! The name that somebody probably meant.

/// The one that is spelled so, or the only one that is nearly spelled so: a quarter of the letters may be wrong, at least one.
pub(super) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = folded(word);
    let mut best: Option<(usize, &str)> = None;
    let mut tied = false;
    for name in names {
        let distance = distance(&wanted, &folded(name));
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, _)) if distance == least => tied = true,
            _ => {
                best = Some((distance, name));
                tied = false;
            }
        }
    }
    let (least, name) = best?;
    let allowed = (wanted.len() / 4).max(1);
    let is_near = least == 0 || (least <= allowed && wanted.len() > 2 && !tied);
    is_near.then_some(name)
}

/// `serveDrink`, `Serve Drink` and `serve-drink` are `serve_drink`.
fn folded(name: &str) -> Vec<char> {
    let mut folded = Vec::new();
    let mut before = ' ';
    for character in name.trim().chars().take(64) {
        let starts_word = character.is_uppercase() && before.is_lowercase();
        if starts_word {
            folded.push('_');
        }
        match character {
            ' ' | '-' | '_' | '.' => {
                if !folded.is_empty() && folded.last() != Some(&'_') {
                    folded.push('_');
                }
            }
            other => folded.extend(other.to_lowercase()),
        }
        before = character;
    }
    folded
}

/// Insertions, deletions, replacements and swaps of neighbours (Damerau 1964, in the restricted form: optimal string alignment).
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, b) in other.iter().enumerate() {
            let replaced = last[column] + usize::from(a != b);
            let mut least = replaced.min(last[column + 1] + 1).min(now[column] + 1);
            if row > 0 && column > 0 && *a == other[column - 1] && one[row - 1] == *b {
                least = least.min(before_last[column - 1] + 1);
            }
            now.push(least);
        }
        before_last = std::mem::replace(&mut last, now);
    }
    last[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_literature() {
        let distance = |one: &str, other: &str| {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            distance(&chars(one), &chars(other))
        };
        // Wagner and Fischer 1974; "ca" and "abc" tell the restricted distance (3) from the unrestricted (2).
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("saturday", "sunday"), 3);
        assert_eq!(distance("ca", "abc"), 3);
        assert_eq!(distance("abcd", "acbd"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn a_name_is_guessed_only_where_one_alone_is_near() {
        let tools = ["serve_drink", "tell_story", "patrol"];
        let nearest = |word| nearest(word, tools.into_iter());
        assert_eq!(nearest("serve drink"), Some("serve_drink"));
        assert_eq!(nearest("ServeDrink"), Some("serve_drink"));
        assert_eq!(nearest("serve_drnik"), Some("serve_drink"));
        assert_eq!(nearest("serve_drinks"), Some("serve_drink"));
        assert_eq!(nearest("dance"), None);
        assert_eq!(super::nearest("cat", ["bat", "rat"].into_iter()), None);
    }
}
