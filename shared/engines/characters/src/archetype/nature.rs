//! What a tool is about, told from its name: so that tools which somebody adds are understood as well.

/// The kinds of things that people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nature {
    /// Words to one person.
    Talk,
    /// Words, songs or tricks for whoever is there.
    Perform,
    /// Drink, food or a bed for somebody else.
    Serve,
    Trade,
    /// Looking after the safety of a place.
    Watch,
    /// Looking on.
    Observe,
    /// Helping and mending people.
    Care,
    Fight,
    /// Taking in secret.
    Steal,
    Hide,
    Learn,
    /// Prayer and stillness.
    Contemplate,
    Rest,
    Eat,
    Move,
    Command,
    Play,
    /// The work of one's trade.
    Work,
}

/// By the words of its name; the first that is known says it, and a tool of unknown words is work.
pub fn of(tool: &str) -> Nature {
    tool.split(|letter: char| !letter.is_ascii_alphanumeric())
        .find_map(|word| {
            let row = WORDS.binary_search_by_key(&word, |row| row.0).ok()?;
            Some(WORDS[row].1)
        })
        .unwrap_or(Nature::Work)
}

use Nature::{
    Care, Command, Contemplate, Eat, Fight, Hide, Learn, Move, Observe, Perform, Play, Rest, Serve,
    Steal, Talk, Trade, Watch,
};

/// Sorted by word.
const WORDS: &[(&str, Nature)] = &[
    ("alms", Care),
    ("ambush", Fight),
    ("appraise", Trade),
    ("ask", Talk),
    ("attack", Fight),
    ("bargain", Trade),
    ("barter", Trade),
    ("beg", Talk),
    ("bestow", Care),
    ("bless", Care),
    ("buy", Trade),
    ("call", Trade),
    ("challenge", Fight),
    ("chat", Talk),
    ("comfort", Care),
    ("command", Command),
    ("compose", Perform),
    ("counsel", Care),
    ("count", Trade),
    ("dance", Perform),
    ("debate", Talk),
    ("defend", Watch),
    ("drink", Eat),
    ("duel", Fight),
    ("eat", Eat),
    ("examine", Observe),
    ("fight", Fight),
    ("flee", Hide),
    ("follow", Move),
    ("gift", Care),
    ("go", Move),
    ("gossip", Talk),
    ("greet", Talk),
    ("guard", Watch),
    ("haggle", Trade),
    ("heal", Care),
    ("help", Care),
    ("hide", Hide),
    ("host", Perform),
    ("inspect", Observe),
    ("joke", Perform),
    ("leave", Move),
    ("lie", Hide),
    ("listen", Observe),
    ("look", Observe),
    ("meditate", Contemplate),
    ("move", Move),
    ("nap", Rest),
    ("observe", Observe),
    ("omens", Contemplate),
    ("order", Command),
    ("paint", Perform),
    ("patrol", Watch),
    ("perform", Perform),
    ("pick", Steal),
    ("play", Play),
    ("pray", Contemplate),
    ("protect", Watch),
    ("question", Watch),
    ("read", Learn),
    ("recall", Contemplate),
    ("rent", Serve),
    ("rest", Rest),
    ("rob", Steal),
    ("say", Talk),
    ("scan", Observe),
    ("scout", Watch),
    ("sell", Trade),
    ("serve", Serve),
    ("settle", Care),
    ("shout", Talk),
    ("sing", Perform),
    ("sleep", Rest),
    ("sneak", Hide),
    ("speak", Talk),
    ("stand", Watch),
    ("steal", Steal),
    ("study", Learn),
    ("swap", Trade),
    ("swear", Talk),
    ("talk", Talk),
    ("taste", Eat),
    ("teach", Talk),
    ("tell", Perform),
    ("threaten", Fight),
    ("track", Observe),
    ("trade", Trade),
    ("travel", Move),
    ("tune", Perform),
    ("visit", Move),
    ("wait", Rest),
    ("walk", Move),
    ("watch", Watch),
    ("write", Learn),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_sorted_so_that_each_is_found() {
        assert!(WORDS.is_sorted_by_key(|row| row.0));
        for (word, nature) in WORDS {
            assert_eq!(of(word), *nature);
        }
    }

    #[test]
    fn tools_of_strangers_are_understood_by_their_words() {
        assert_eq!(of("shout_at_clouds"), Nature::Talk);
        assert_eq!(of("quickly-flee"), Nature::Hide);
        assert_eq!(of("polish_lamps"), Nature::Work);
        assert_eq!(of(""), Nature::Work);
    }
}
