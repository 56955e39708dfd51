//! Which of several moves a fallible player plays: it overlooks, it has its likings, and it does not always play what it
//! thinks best.

use shakmaty::{Move, Role, Square};

use crate::search::{Line, Score};

use super::dice::Dice;
use super::level::Human;

/// Beyond this a side is winning, and how much does not matter any more.
const WINNING: i32 = 3_000;
/// Squares this near the last move are where a player looks first.
const ZONE: u32 = 2;
const PERSONALITY: u64 = 0x7065_7273;

/// The line that this player takes; the lines are the best ones of a search, best first. None if there is none.
pub(super) fn choose<'a>(
    lines: &'a [Line],
    last: Option<Move>,
    human: &Human,
    chance: Chance<'_>,
) -> Option<&'a Line> {
    let first = lines.first()?;
    if first.score == Score::Mate(1) && chance.dice.happens(human.mates) {
        return Some(first);
    }
    let eye = Eye::over(lines, last, human);
    let Some(best) = lines
        .iter()
        .find(|line| line.score != Score::Mate(1))
        .map(value)
    else {
        return Some(first);
    };
    let mut seen: Vec<(i32, &Line)> = Vec::with_capacity(lines.len());
    for line in lines {
        // A mate that it did not see above is a move like any other.
        let value = match line.score {
            Score::Mate(1) => eye.ordinary,
            _ => value(line),
        };
        if best - value > human.max_drop {
            continue;
        }
        let Some(mv) = line.moves.first() else {
            continue;
        };
        let perceived = if chance.dice.happens(eye.overlooks(*mv, value)) {
            eye.ordinary
        } else {
            value
        };
        seen.push((perceived + liking(*mv, human.quirk, chance.seed), line));
    }
    Some(softmax(&seen, human.half_life, chance.dice).unwrap_or(first))
}

/// What chance decides with: this move's dice, and the seed of the whole game.
pub(super) struct Chance<'a> {
    pub dice: &'a mut Dice,
    pub seed: u64,
}

/// How a player looks at a position.
struct Eye<'a> {
    human: &'a Human,
    last: Option<Move>,
    /// What a move seems worth whose point is not seen: as much as the one in the middle.
    ordinary: i32,
}

impl<'a> Eye<'a> {
    fn over(lines: &[Line], last: Option<Move>, human: &'a Human) -> Self {
        let mut values: Vec<i32> = lines.iter().map(value).collect();
        values.sort_unstable();
        Self {
            human,
            last,
            ordinary: values.get(values.len() / 2).copied().unwrap_or(0),
        }
    }

    /// In a thousand: how often the consequences of this move are not seen. Less where the last move has drawn the eye, and the
    /// less the more is at stake.
    fn overlooks(&self, mv: Move, value: i32) -> u64 {
        if self.takes_back(mv) {
            return 1000 - self.human.recaptures;
        }
        let stake = u64::from(value.abs_diff(self.ordinary));
        let glaring = u64::from(self.human.glaring.unsigned_abs());
        let chance = self.human.oversight * glaring / (glaring + stake).max(1);
        if self.is_near(mv) { chance / 2 } else { chance }
    }

    fn takes_back(&self, mv: Move) -> bool {
        mv.is_capture()
            && self
                .last
                .is_some_and(|last| last.is_capture() && last.to() == mv.to())
    }

    fn is_near(&self, mv: Move) -> bool {
        let near = |square: Square| {
            self.last
                .is_some_and(|last| last.to().distance(square) <= ZONE)
        };
        near(mv.to()) || mv.from().is_some_and(near)
    }
}

fn value(line: &Line) -> i32 {
    line.score.centipawns().clamp(-WINNING, WINNING)
}

/// What this game's personality thinks of a piece on a square, the same all game long.
fn liking(mv: Move, quirk: i32, seed: u64) -> i32 {
    // Pawns move for reasons of structure; a liking for them reads as noise.
    let quirk = if mv.role() == Role::Pawn {
        quirk / 2
    } else {
        quirk
    };
    let place = u64::from(u32::from(mv.to())) << 8 | u64::from(u8::from(mv.role()));
    Dice::new(seed ^ PERSONALITY, place).between(-quirk, quirk)
}

/// Luce's choice rule (1959): what seems `half_life` worse is played half as often. In whole numbers, that no machine rounds
/// differently.
fn softmax<'a>(seen: &[(i32, &'a Line)], half_life: i32, dice: &mut Dice) -> Option<&'a Line> {
    let best = seen.iter().map(|(value, _)| *value).max()?;
    let weights: Vec<u64> = seen
        .iter()
        .map(|(value, _)| weight(best.abs_diff(*value), half_life.unsigned_abs().max(1)))
        .collect();
    let mut left = dice.below(weights.iter().sum());
    let at = weights.iter().position(|weight| {
        let here = left < *weight;
        left = left.saturating_sub(*weight);
        here
    })?;
    seen.get(at).map(|(_, line)| *line)
}

/// 2^32 · 2^(-gap / half_life), straight between the whole halvings.
fn weight(gap: u32, half_life: u32) -> u64 {
    const WHOLE: u64 = 1 << 32;
    let halved = WHOLE.checked_shr(gap / half_life).unwrap_or(0);
    halved - halved / 2 * u64::from(gap % half_life) / u64::from(half_life)
}

#[cfg(test)]
mod tests {
    use super::super::difficulty::Difficulty;
    use super::super::record::tests::game;
    use super::*;
    use shakmaty::san::San;

    #[test]
    fn a_half_life_halves() {
        assert_eq!(weight(0, 40), 1 << 32);
        assert_eq!(weight(40, 40), 1 << 31);
        assert_eq!(weight(80, 40), 1 << 30);
        assert_eq!(weight(20, 40), 3 << 30);
        assert_eq!(weight(4_000_000, 1), 0);
    }

    /// Lines of one move each, as if a search had found them.
    fn lines(position: &shakmaty::Chess, scored: &[(&str, Score)]) -> Vec<Line> {
        scored
            .iter()
            .map(|(word, score)| Line {
                moves: vec![
                    word.parse::<San>()
                        .expect("SAN")
                        .to_move(position)
                        .expect("legal"),
                ],
                score: *score,
            })
            .collect()
    }

    /// How often in a thousand the line at this place is taken.
    fn share(lines: &[Line], last: Option<Move>, difficulty: Difficulty, place: usize) -> usize {
        let human = difficulty.level().human.expect("it is fallible");
        (0..1000)
            .filter(|seed| {
                let chance = Chance {
                    dice: &mut Dice::new(*seed, 0),
                    seed: *seed,
                };
                let taken = choose(lines, last, &human, chance).expect("there are lines");
                std::ptr::eq(taken, &raw const lines[place])
            })
            .count()
    }

    const FALLIBLE: [Difficulty; 4] = [
        Difficulty::Beginner,
        Difficulty::Easy,
        Difficulty::Medium,
        Difficulty::Hard,
    ];

    #[test]
    fn a_mate_in_one_is_missed_by_beginner_and_easy_alone() {
        let record = game(Some("6k1/5ppp/8/8/8/8/5PPP/3R2K1 w - - 0 1"), "");
        let lines = lines(
            record.position(),
            &[
                ("Rd8", Score::Mate(1)),
                ("Kf1", Score::Cp(520)),
                ("h3", Score::Cp(510)),
                ("Rd7", Score::Cp(500)),
            ],
        );
        let found = FALLIBLE.map(|difficulty| share(&lines, None, difficulty, 0));
        assert!((300..800).contains(&found[0]), "{found:?}");
        assert!(found[0] < found[1] && found[1] < 1000, "{found:?}");
        assert_eq!(found[2..], [1000, 1000]);
    }

    #[test]
    fn a_queen_is_given_away_the_more_rarely_the_better_the_player() {
        let record = game(None, "e4 e5");
        let lines = lines(
            record.position(),
            &[
                ("Nf3", Score::Cp(40)),
                ("Nc3", Score::Cp(30)),
                ("Bc4", Score::Cp(30)),
                ("d3", Score::Cp(20)),
                ("Qg4", Score::Cp(-850)),
            ],
        );
        let given = FALLIBLE.map(|difficulty| share(&lines, None, difficulty, 4));
        assert!(given[0] > given[1], "{given:?}");
        assert_eq!(given[1..], [0, 0, 0], "beyond what these ever give away");
    }

    #[test]
    fn a_piece_is_taken_back_the_more_surely_the_better_the_player() {
        let record = game(None, "e4 e5 Nf3 Nc6 Bb5 a6 Bxc6");
        let lines = lines(
            record.position(),
            &[
                ("dxc6", Score::Cp(0)),
                ("Nf6", Score::Cp(-320)),
                ("Qe7", Score::Cp(-330)),
                ("Be7", Score::Cp(-330)),
                ("h6", Score::Cp(-340)),
            ],
        );
        let taken = FALLIBLE.map(|difficulty| share(&lines, record.last_move(), difficulty, 0));
        assert!(taken.is_sorted(), "{taken:?}");
        assert!(taken[0] > 500, "{taken:?}");
        assert_eq!(taken[3], 1000);
    }

    #[test]
    fn a_personality_stays_the_same_all_game_and_differs_between_games() {
        let record = game(None, "");
        let knight = lines(record.position(), &[("Nf3", Score::Cp(0))]);
        let mv = knight[0].moves[0];
        let likings: Vec<i32> = (0..200).map(|seed| liking(mv, 60, seed)).collect();
        assert!(likings.iter().all(|liking| liking.abs() <= 60));
        assert!(likings.iter().any(|liking| *liking > 30));
        assert!(likings.iter().any(|liking| *liking < -30));
        assert_eq!(liking(mv, 60, 7), likings[7]);
    }
}
