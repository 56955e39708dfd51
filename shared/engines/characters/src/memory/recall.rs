//! What comes to mind: memories by recency, importance and relevance (Park et al. 2023), without saying the same thing twice.

use super::index::Index;
use super::{Memory, Recalled};
use crate::Now;

/// What is left of recency after an hour (Park et al. 2023).
const RECENCY_PER_HOUR: f64 = 0.995;
/// The weights in the code that Park et al. published; their paper has three ones, by which the newest trifle outweighs the answer.
const RECENCY: f64 = 0.5;
const IMPORTANCE: f64 = 2.0;
const RELEVANCE: f64 = 3.0;

/// How much novelty counts against the score (Carbonell and Goldstein 1998: one less lambda).
const NOVELTY: f64 = 0.3;
/// Whoever shares so many of its words with one that is chosen already says nothing new.
const SAME: f64 = 0.9;
/// So many are compared for each that is wanted.
const POOL: usize = 6;

/// A memory that may come to mind.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    pub memory: &'a Memory,
    /// To what is asked, in any unit; 0: not at all.
    pub relevance: f64,
}

struct Scored<'a> {
    memory: &'a Memory,
    importance: f64,
    score: f64,
}

/// The best of them, best first, no more than `wanted`. Permanent ones come before all others, as long as half of the places are left.
pub fn choose(
    candidates: &[Candidate<'_>],
    index: &Index,
    wanted: usize,
    now: Now,
) -> Vec<Recalled> {
    let mut scored = score(candidates, now);
    let by_score = |a: &Scored<'_>, b: &Scored<'_>| {
        let newer = b.memory.number.cmp(&a.memory.number);
        b.score.total_cmp(&a.score).then(newer)
    };
    scored.sort_by(by_score);
    let (permanent, fading): (Vec<_>, Vec<_>) = scored
        .into_iter()
        .partition(|scored| scored.memory.strength.is_permanent());
    let mut choice = Choice {
        index,
        chosen: Vec::new(),
    };
    let mut pool = choice.take_in_order(permanent, wanted.div_ceil(2));
    pool.extend(fading);
    pool.sort_by(by_score);
    pool.truncate(wanted.saturating_mul(POOL));
    choice.take_unlike(pool, wanted);
    let mut chosen = choice.chosen;
    chosen.sort_by(by_score);
    chosen
        .into_iter()
        .map(|scored| Recalled {
            id: scored.memory.id.clone(),
            content: scored.memory.content.clone(),
            importance: scored.importance,
            score: scored.score,
        })
        .collect()
}

fn score<'a>(candidates: &[Candidate<'a>], now: Now) -> Vec<Scored<'a>> {
    let recency = |memory: &Memory| {
        let hours = (now.ms.saturating_sub(memory.at_ms)).max(0) as f64 / 3_600_000.0;
        RECENCY_PER_HOUR.powf(hours)
    };
    let importance = |memory: &Memory| memory.strength.current(now.slow);
    let all = || candidates.iter().map(|candidate| candidate.memory);
    let recencies = Range::of(all().map(recency));
    let importances = Range::of(all().map(importance));
    // No relevance is the least there is, whether or not somebody has none.
    let relevances = candidates.iter().map(|candidate| candidate.relevance);
    let relevances = Range::of(relevances.chain([0.0]));
    candidates
        .iter()
        .map(|Candidate { memory, relevance }| {
            let importance = importance(memory);
            Scored {
                memory,
                importance,
                score: RECENCY * recencies.place(recency(memory))
                    + IMPORTANCE * importances.place(importance)
                    + RELEVANCE * relevances.place(*relevance),
            }
        })
        .collect()
}

/// From the least to the most of some values.
struct Range {
    least: f64,
    most: f64,
}

impl Range {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let start = Self {
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
        };
        values.fold(start, |range, value| Self {
            least: range.least.min(value),
            most: range.most.max(value),
        })
    }

    /// 0 to 1; where all are the same nobody is ahead.
    fn place(&self, value: f64) -> f64 {
        let width = self.most - self.least;
        if width > 0.0 {
            (value - self.least) / width
        } else {
            0.0
        }
    }
}

struct Choice<'a, 'i> {
    index: &'i Index,
    chosen: Vec<Scored<'a>>,
}

impl<'a> Choice<'a, '_> {
    fn likeness(&self, to: &Scored<'a>) -> f64 {
        let likeness =
            |chosen: &Scored<'a>| self.index.likeness(chosen.memory.number, to.memory.number);
        self.chosen.iter().map(likeness).fold(0.0, f64::max)
    }

    /// Takes the first that are new until there are `most`; the rest comes back.
    fn take_in_order(&mut self, scored: Vec<Scored<'a>>, most: usize) -> Vec<Scored<'a>> {
        let mut rest = Vec::new();
        for one in scored {
            if self.chosen.len() < most && self.likeness(&one) < SAME {
                self.chosen.push(one);
            } else {
                rest.push(one);
            }
        }
        rest
    }

    /// Takes the one that is both good and new, until there are `wanted`.
    fn take_unlike(&mut self, mut pool: Vec<Scored<'a>>, wanted: usize) {
        let best = RECENCY + IMPORTANCE + RELEVANCE;
        // The likeness to the chosen ones, kept up as they become more.
        let mut likeness: Vec<f64> = pool.iter().map(|one| self.likeness(one)).collect();
        while self.chosen.len() < wanted {
            let worth =
                |at: &usize| (1.0 - NOVELTY) * pool[*at].score / best - NOVELTY * likeness[*at];
            let next = (0..pool.len())
                .filter(|at| likeness[*at] < SAME)
                .max_by(|a, b| worth(a).total_cmp(&worth(b)).then(b.cmp(a)));
            let Some(next) = next else { break };
            let one = pool.remove(next);
            likeness.remove(next);
            for (like, other) in likeness.iter_mut().zip(&pool) {
                let pair = self.index.likeness(one.memory.number, other.memory.number);
                *like = like.max(pair);
            }
            self.chosen.push(one);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Kind;
    use crate::memory::fade::Strength;
    use crate::memory::index::Text;

    const HOUR_MS: i64 = 3_600_000;

    fn memories(of: &[(&str, f64, i64)]) -> (Vec<Memory>, Index) {
        let mut index = Index::default();
        let memories = (0..)
            .zip(of)
            .map(|(number, (content, importance, hours_ago))| {
                let at_ms = 1_000_000 * HOUR_MS - hours_ago * HOUR_MS;
                index.add(Text {
                    number,
                    at_ms,
                    content,
                });
                Memory {
                    id: number.to_string(),
                    number,
                    kind: Kind::Episode,
                    content: (*content).to_owned(),
                    player_id: None,
                    event_type: None,
                    tags: Vec::new(),
                    strength: Strength::new(Kind::Episode, *importance, 0),
                    at_ms,
                }
            });
        (memories.collect(), index)
    }

    const NOW: Now = Now {
        ms: 1_000_000 * HOUR_MS,
        fast: 0,
        slow: 0,
    };

    fn chosen(of: &[(&str, f64, i64)], question: &str, wanted: usize) -> Vec<Recalled> {
        let (memories, index) = memories(of);
        let hits = index.search(&index.weigh(question));
        let relevance = |memory: &Memory| {
            let hit = hits.iter().find(|hit| hit.number == memory.number);
            hit.map_or(0.0, |hit| hit.score)
        };
        let candidates: Vec<Candidate<'_>> = memories
            .iter()
            .map(|memory| Candidate {
                memory,
                relevance: relevance(memory),
            })
            .collect();
        choose(&candidates, &index, wanted, NOW)
    }

    fn ids(recalled: &[Recalled]) -> Vec<&str> {
        recalled
            .iter()
            .map(|recalled| recalled.id.as_str())
            .collect()
    }

    #[test]
    fn a_worked_example() {
        // Hours 0, 100, 200: .995^h is 1, .6058, .3670, so 1, .3774, 0 of the way. Importances 3, 7, 5: 0, 1, .5 of the way. Nothing is
        // asked. Scores: .5; .5*.3774 + 2 = 2.1887; 1.
        let of = [("bread", 3.0, 0), ("sword", 7.0, 100), ("song", 5.0, 200)];
        let recalled = chosen(&of, "", 3);
        assert_eq!(ids(&recalled), ["1", "2", "0"]);
        let scores: Vec<f64> = recalled.iter().map(|recalled| recalled.score).collect();
        for (score, by_hand) in scores.iter().zip([2.1887, 1.0, 0.5]) {
            assert!((score - by_hand).abs() < 1e-3, "{scores:?}");
        }
    }

    #[test]
    fn the_answer_outweighs_the_newest_trifle() {
        let of = [
            ("she told me of a silver map", 5.0, 900),
            ("rain", 3.0, 0),
            ("a fight", 7.0, 1),
        ];
        assert_eq!(ids(&chosen(&of, "silver map?", 1)), ["0"]);
    }

    #[test]
    fn permanent_ones_come_first_for_half_of_the_places() {
        let of = [
            ("my father died", 10.0, 9_000),
            ("the inn burned down", 10.0, 8_000),
            ("a king was crowned", 10.0, 7_000),
            ("they ordered ale", 4.0, 1),
            ("the ale was sour", 4.0, 2),
        ];
        let recalled = chosen(&of, "ale", 3);
        let permanent = recalled
            .iter()
            .filter(|recalled| recalled.importance >= 10.0)
            .count();
        assert_eq!((recalled.len(), permanent), (3, 2));
    }

    #[test]
    fn a_thing_is_said_once() {
        let of = [
            ("the guard drank the ale", 6.0, 1),
            ("guard drank ale!", 6.0, 2),
            ("the ale is brewed here", 5.0, 3),
        ];
        assert_eq!(ids(&chosen(&of, "ale", 2)), ["0", "2"]);
        assert_eq!(chosen(&of, "ale", 9).len(), 2);
    }

    #[test]
    fn nobody_has_nothing_to_remember() {
        assert!(chosen(&[], "ale", 5).is_empty());
        assert!(chosen(&[("ale", 3.0, 0)], "ale", 0).is_empty());
    }
}
