//! THE table of levels: what each difficulty looks at, what it overlooks and how it behaves.

use super::difficulty::Difficulty;

/// How one difficulty plays. Work is bounded by nodes and depth, never by time: the same seed gives the same game anywhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    pub depth: u8,
    pub nodes: u64,
    /// Of the search; a part of the level because what a table forgets changes what is found.
    pub table_megabytes: usize,
    pub reading: Reading,
    /// None: it plays the best that it finds.
    pub human: Option<Human>,
    /// So many centipawns down, for some moves, and it gives up. None: it plays on until it is mated, as its opponent wants.
    pub resigns: Option<i32>,
}

/// How far somebody knows the openings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Half-moves from the start.
    pub plies: u32,
    /// Of the moves known in a position, so many of the most played.
    pub width: usize,
}

/// What keeps a player from the best move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Human {
    /// Moves that are compared.
    pub lines: usize,
    /// A move that seems so many centipawns worse is played half as often: the softmax with temperature `half_life / ln 2`.
    pub half_life: i32,
    /// Likes and dislikes of this game's personality, in centipawns.
    pub quirk: i32,
    /// In a thousand: how often it does not see what a move far from the last one leads to.
    pub oversight: u64,
    /// A loss or gain of so many centipawns is overlooked half as often as one of a few.
    pub glaring: i32,
    /// In a thousand: how often it thinks of taking back at all.
    pub recaptures: u64,
    /// In a thousand: how often it sees a mate in one.
    pub mates: u64,
    /// It never gives away more centipawns than that by one move.
    pub max_drop: i32,
}

impl Difficulty {
    /// Set so that each level beats the one below by 150-550 Elo (BENCHMARKS.md, "ladder").
    pub(super) const fn level(self) -> Level {
        match self {
            Self::Beginner => Level {
                depth: 1,
                nodes: 20_000,
                table_megabytes: 1,
                reading: Reading { plies: 3, width: 9 },
                human: Some(Human {
                    lines: 256,
                    half_life: 42,
                    quirk: 48,
                    oversight: 410,
                    glaring: 620,
                    recaptures: 740,
                    mates: 500,
                    max_drop: 900,
                }),
                resigns: None,
            },
            Self::Easy => Level {
                depth: 1,
                nodes: 20_000,
                table_megabytes: 1,
                reading: Reading { plies: 5, width: 9 },
                human: Some(Human {
                    lines: 256,
                    half_life: 28,
                    quirk: 36,
                    oversight: 195,
                    glaring: 390,
                    recaptures: 850,
                    mates: 750,
                    max_drop: 500,
                }),
                resigns: None,
            },
            Self::Medium => Level {
                depth: 2,
                nodes: 20_000,
                table_megabytes: 1,
                reading: Reading { plies: 8, width: 6 },
                human: Some(Human {
                    lines: 256,
                    half_life: 17,
                    quirk: 16,
                    oversight: 78,
                    glaring: 330,
                    recaptures: 950,
                    mates: 1000,
                    max_drop: 350,
                }),
                resigns: None,
            },
            Self::Hard => Level {
                depth: 4,
                nodes: 2_200,
                table_megabytes: 1,
                reading: Reading {
                    plies: 12,
                    width: 5,
                },
                human: Some(Human {
                    lines: 4,
                    half_life: 11,
                    quirk: 10,
                    oversight: 30,
                    glaring: 150,
                    recaptures: 1000,
                    mates: 1000,
                    max_drop: 150,
                }),
                resigns: Some(900),
            },
            Self::Expert => Level {
                depth: 64,
                nodes: 2_900,
                table_megabytes: 1,
                reading: Reading {
                    plies: 16,
                    width: 4,
                },
                human: None,
                resigns: Some(800),
            },
            Self::Master => Level {
                depth: 64,
                nodes: 10_500,
                table_megabytes: 4,
                reading: Reading {
                    plies: 24,
                    width: 4,
                },
                human: None,
                resigns: Some(700),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_plays_better_overlooks_less() {
        let levels = Difficulty::ALL.map(Difficulty::level);
        assert!(levels.is_sorted_by_key(|level| level.reading.plies));
        let humans: Vec<Human> = levels.iter().filter_map(|level| level.human).collect();
        assert_eq!(humans.len(), 4);
        assert!(humans.is_sorted_by(|a, b| a.half_life > b.half_life));
        assert!(humans.is_sorted_by(|a, b| a.quirk > b.quirk));
        assert!(humans.is_sorted_by(|a, b| a.oversight > b.oversight));
        assert!(humans.is_sorted_by(|a, b| a.glaring > b.glaring));
        assert!(humans.is_sorted_by_key(|human| human.recaptures));
        assert!(humans.is_sorted_by(|a, b| a.max_drop > b.max_drop));
        assert!(humans[2..].iter().all(|human| human.mates == 1000));
    }

    #[test]
    fn beginners_may_be_mated() {
        for difficulty in Difficulty::ALL {
            let resigns = difficulty.level().resigns.is_some();
            assert_eq!(resigns, difficulty >= Difficulty::Hard, "{difficulty}");
        }
    }
}
