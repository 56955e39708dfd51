//! Full-text search over the memories of one character: BM25 (Robertson and Zaragoza 2009), and what was said next to a hit is lifted with
//! it, since an answer often stands beside the words of the question.

use std::collections::HashMap;

use super::words::{self, Word};

/// How fast a repeated word stops counting (k1), and how much a long text is held against it (b): for short texts, as Yang, Fang and Lin
/// 2017 have it.
const SATURATION: f64 = 0.9;
const LENGTH: f64 = 0.4;
/// What the next two get of a hit's score, and what the two before it: answers follow questions. Chosen on LoCoMo by
/// `examples/memory_recall.rs`; evidence recall at 10 is .54 to .62 without it.
const AFTER: [f64; 2] = [0.6, 0.3];
const BEFORE: [f64; 2] = [0.4, 0.2];
/// Words that a question may have; of a longer text the rarest are looked for.
const MOST_WORDS: usize = 256;
/// Memories further apart in time are no neighbours.
const SCENE_MS: i64 = 30 * 60 * 1000;

/// A text to be found.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Grows from text to text; neighbours are told by it.
    pub number: i64,
    pub at_ms: i64,
    pub content: &'a str,
}

/// A text that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub number: i64,
    pub score: f64,
}

/// The words of a question with the weight that each has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Query {
    /// The rarest first.
    pub words: Vec<Asked>,
}

/// A word that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub word: Word,
    pub weight: f64,
    /// The share of texts that have it.
    pub share: f64,
}

/// Grows and shrinks a text at a time.
#[derive(Debug, Clone, Default)]
pub struct Index {
    words: HashMap<Box<str>, u32>,
    /// By word: in which slots, and how often.
    postings: Vec<Vec<(u32, u32)>>,
    /// By number.
    slots: Vec<Slot>,
    living: usize,
    length: usize,
}

#[derive(Debug, Clone)]
struct Slot {
    number: i64,
    at_ms: i64,
    /// Words, repetitions counted; none when the text was taken out.
    length: Option<u32>,
    /// Each once, sorted.
    words: Box<[u32]>,
}

impl Index {
    pub fn len(&self) -> usize {
        self.living
    }

    pub fn is_empty(&self) -> bool {
        self.living == 0
    }

    /// A text whose number is not higher than the last is left out: true if it is in.
    pub fn add(&mut self, text: Text<'_>) -> bool {
        if self
            .slots
            .last()
            .is_some_and(|last| last.number >= text.number)
        {
            return false;
        }
        let Ok(slot) = u32::try_from(self.slots.len()) else {
            return false;
        };
        let mut words: Vec<u32> = words::stems(text.content)
            .into_iter()
            .map(|stem| self.word(stem))
            .collect();
        let length = words.len();
        words.sort_unstable();
        for same in words.chunk_by(|a, b| a == b) {
            if let [word, ..] = same {
                self.postings[*word as usize].push((slot, same.len() as u32));
            }
        }
        words.dedup();
        self.slots.push(Slot {
            number: text.number,
            at_ms: text.at_ms,
            length: Some(length as u32),
            words: words.into(),
        });
        self.living += 1;
        self.length += length;
        true
    }

    fn word(&mut self, stem: String) -> u32 {
        let next = self.postings.len() as u32;
        let word = *self.words.entry(stem.into()).or_insert(next);
        if word == next {
            self.postings.push(Vec::new());
        }
        word
    }

    /// False if there is no text of this number.
    pub fn remove(&mut self, number: i64) -> bool {
        let Some(at) = self.slot(number) else {
            return false;
        };
        let slot = &mut self.slots[at];
        let Some(length) = slot.length.take() else {
            return false;
        };
        for word in std::mem::take(&mut slot.words) {
            self.postings[word as usize].retain(|(posted, _)| *posted as usize != at);
        }
        self.living -= 1;
        self.length -= length as usize;
        true
    }

    fn slot(&self, number: i64) -> Option<usize> {
        self.slots
            .binary_search_by_key(&number, |slot| slot.number)
            .ok()
    }

    /// A question's words, weighed by how rare they are here. A word that is in no text is as rare as can be.
    pub fn weigh(&self, question: &str) -> Query {
        let mut words = words::words(question);
        words.sort_unstable();
        words.dedup_by(|a, b| a.stem == b.stem);
        let mut words: Vec<Asked> = words
            .into_iter()
            .map(|word| {
                let frequency = self.frequency(&word.stem);
                Asked {
                    word,
                    weight: self.weight(frequency),
                    share: frequency as f64 / self.living.max(1) as f64,
                }
            })
            .collect();
        words.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        words.truncate(MOST_WORDS);
        Query { words }
    }

    /// In how many texts a stem is.
    fn frequency(&self, stem: &str) -> usize {
        self.words
            .get(stem)
            .map_or(0, |word| self.postings[*word as usize].len())
    }

    /// Inverse document frequency, never negative.
    fn weight(&self, frequency: usize) -> f64 {
        let (all, having) = (self.living as f64, frequency as f64);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    /// All texts that have a word of the question or stand beside one that has, the best first.
    pub fn search(&self, query: &Query) -> Vec<Hit> {
        let own = self.own_scores(query);
        let mut hits: Vec<Hit> = self
            .spread(&own)
            .into_iter()
            .enumerate()
            .filter(|(_, score)| *score > 0.0)
            .map(|(at, score)| Hit {
                number: self.slots[at].number,
                score,
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(b.number.cmp(&a.number)));
        hits
    }

    /// BM25, by slot.
    fn own_scores(&self, query: &Query) -> Vec<f64> {
        let mut scores = vec![0.0; self.slots.len()];
        let usual = (self.length as f64 / self.living.max(1) as f64).max(1.0);
        for Asked { word, weight, .. } in &query.words {
            let Some(word) = self.words.get(word.stem.as_str()) else {
                continue;
            };
            for (at, count) in &self.postings[*word as usize] {
                let slot = &self.slots[*at as usize];
                let length = f64::from(slot.length.unwrap_or_default());
                let count = f64::from(*count);
                let norm = SATURATION * (1.0 - LENGTH + LENGTH * length / usual);
                scores[*at as usize] += weight * count * (SATURATION + 1.0) / (count + norm);
            }
        }
        scores
    }

    /// What each text has of its own and from its neighbours in the same scene.
    fn spread(&self, own: &[f64]) -> Vec<f64> {
        let mut scores = own.to_vec();
        for (at, score) in own.iter().enumerate().filter(|(_, score)| **score > 0.0) {
            let after = (1..)
                .zip(AFTER)
                .map(|(steps, share)| (Some(at + steps), share));
            let before = (1..)
                .zip(BEFORE)
                .map(|(steps, share)| (at.checked_sub(steps), share));
            for (beside, share) in after.chain(before) {
                if let Some(beside) = beside.filter(|beside| self.are_one_scene(at, *beside)) {
                    scores[beside] += share * score;
                }
            }
        }
        scores
    }

    fn are_one_scene(&self, a: usize, b: usize) -> bool {
        match (self.slots.get(a), self.slots.get(b)) {
            (Some(a), Some(b)) => {
                b.length.is_some() && a.at_ms.abs_diff(b.at_ms) <= SCENE_MS.unsigned_abs()
            }
            _ => false,
        }
    }

    /// How much of their words two texts share, 0 to 1 (Jaccard 1901).
    pub fn likeness(&self, a: i64, b: i64) -> f64 {
        let words = |number| self.slot(number).map(|at| &*self.slots[at].words);
        match (words(a), words(b)) {
            (Some(a), Some(b)) => shared(a, b),
            _ => 0.0,
        }
    }
}

/// Of two sorted sets.
fn shared(a: &[u32], b: &[u32]) -> f64 {
    let (mut rest_a, mut rest_b, mut both) = (a, b, 0_usize);
    while let ([first_a, tail_a @ ..], [first_b, tail_b @ ..]) = (rest_a, rest_b) {
        if first_a == first_b {
            both += 1;
        }
        if first_a <= first_b {
            rest_a = tail_a;
        }
        if first_b <= first_a {
            rest_b = tail_b;
        }
    }
    match a.len() + b.len() - both {
        0 => 0.0,
        all => both as f64 / all as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    fn index(texts: &[&str]) -> Index {
        let mut index = Index::default();
        for (number, content) in (0..).zip(texts) {
            // An hour apart: no neighbours.
            let at_ms = number * HOUR_MS;
            assert!(index.add(Text {
                number,
                at_ms,
                content
            }));
        }
        index
    }

    fn found(index: &Index, question: &str) -> Vec<i64> {
        let hits = index.search(&index.weigh(question));
        hits.into_iter().map(|hit| hit.number).collect()
    }

    #[test]
    fn scores_are_those_of_the_formula() {
        // Three texts of 2, 2 and 4 words; `map` is in two of them, twice in the last. By hand: idf = ln(1 + 1.5/2.5) = 0.4700036;
        // mean length 8/3; text 0: 1.9/(1 + 0.9(0.6 + 0.4*2/(8/3))) = 1.0497238; text 2: 2*1.9/(2 + 0.9(0.6 + 0.4*4/(8/3))) = 1.2337662.
        let index = index(&["silver map", "green door", "map map old tower"]);
        let hits = index.search(&index.weigh("map"));
        assert_eq!(
            hits.iter().map(|hit| hit.number).collect::<Vec<_>>(),
            [2, 0]
        );
        assert!((hits[0].score - 0.4700036 * 1.2337662).abs() < 1e-6);
        assert!((hits[1].score - 0.4700036 * 1.0497238).abs() < 1e-6);
    }

    #[test]
    fn a_rare_word_outweighs_a_common_one() {
        let index = index(&[
            "ale for the guard",
            "ale and bread",
            "ale again",
            "a silver key",
        ]);
        assert_eq!(found(&index, "silver ale").first(), Some(&3));
        let query = index.weigh("ale silver dragon");
        let words: Vec<&str> = query
            .words
            .iter()
            .map(|asked| asked.word.stem.as_str())
            .collect();
        assert_eq!(words, ["dragon", "silver", "ale"]);
    }

    #[test]
    fn neighbours_of_one_scene_are_lifted_and_others_are_not() {
        let mut index = Index::default();
        let turns = [
            (1, 0, "what did you lose"),
            (2, 1_000, "silver"),
            (3, 2_000, "by the mill"),
            (4, 9 * HOUR_MS, "good morning"),
        ];
        for (number, at_ms, content) in turns {
            index.add(Text {
                number,
                at_ms,
                content,
            });
        }
        assert_eq!(found(&index, "silver"), [2, 3, 1]);
    }

    #[test]
    fn an_index_that_grew_and_shrank_is_as_one_made_at_once() {
        let texts = [
            "silver map",
            "green door",
            "map of the old tower",
            "door in the tower",
        ];
        let mut changed = index(&texts);
        assert!(changed.remove(1));
        assert!(!changed.remove(1), "it is gone already");
        assert!(!changed.remove(77));
        let mut made = Index::default();
        for number in [0, 2, 3] {
            let content = texts[number as usize];
            made.add(Text {
                number,
                at_ms: number * HOUR_MS,
                content,
            });
        }
        for question in ["map", "door tower", "green"] {
            let (a, b) = (changed.weigh(question), made.weigh(question));
            assert_eq!(a, b);
            assert_eq!(changed.search(&a), made.search(&b));
        }
        assert_eq!(changed.len(), 3);
    }

    #[test]
    fn numbers_only_grow() {
        let mut index = index(&["one"]);
        assert!(!index.add(Text {
            number: 0,
            at_ms: 0,
            content: "again"
        }));
        assert_eq!(index.len(), 1);
    }

    #[test]
    fn likeness_is_the_share_of_common_words() {
        let index = index(&[
            "a silver map",
            "the silver maps",
            "silver key",
            "nothing alike",
            "…",
        ]);
        assert_eq!(index.likeness(0, 1), 1.0);
        assert!((index.likeness(0, 2) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(index.likeness(0, 3), 0.0);
        assert_eq!(index.likeness(4, 4), 0.0, "without words nothing is alike");
    }
}
