//! What a position is worth: centipawns, or a mate in so many moves.

/// The value of a position that is mate on the board, before the distance to it is taken off.
pub(super) const MATE: i32 = 30_000;
/// Deeper than any line that is searched.
pub(super) const MAX_PLY: usize = 96;
/// From here on a value is a mate, not an estimate.
pub(super) const MATE_BOUND: i32 = MATE - 1_000;
pub(super) const INFINITE: i32 = MATE + 1;
pub(super) const DRAW: i32 = 0;

/// As the side to move sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Score {
    /// Hundredths of a pawn.
    Cp(i32),
    /// Mate in so many moves of the one who mates; negative: the side to move is mated. 0: it is mate already.
    Mate(i32),
}

impl Score {
    pub(super) fn of(value: i32) -> Self {
        if value >= MATE_BOUND {
            Self::Mate((MATE - value + 1) / 2)
        } else if value <= -MATE_BOUND {
            Self::Mate(-(MATE + value) / 2)
        } else {
            Self::Cp(value)
        }
    }

    /// One scale for both kinds: a mate is worth more than any estimate, the nearer the more.
    pub fn centipawns(self) -> i32 {
        match self {
            Self::Cp(value) => value,
            Self::Mate(moves) if moves > 0 => MATE - 2 * moves + 1,
            Self::Mate(moves) => -MATE - 2 * moves,
        }
    }
}

pub(super) fn mated_at(ply: usize) -> i32 {
    -MATE + ply as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mates_are_counted_in_moves_of_the_winner() {
        assert_eq!(Score::of(MATE - 1), Score::Mate(1));
        assert_eq!(Score::of(MATE - 3), Score::Mate(2));
        assert_eq!(Score::of(mated_at(0)), Score::Mate(0));
        assert_eq!(Score::of(mated_at(2)), Score::Mate(-1));
        assert_eq!(Score::of(mated_at(4)), Score::Mate(-2));
        assert_eq!(Score::of(-57), Score::Cp(-57));
    }

    #[test]
    fn nearer_mates_are_worth_more() {
        let order = [
            Score::Mate(0),
            Score::Mate(-1),
            Score::Mate(-4),
            Score::Cp(-900),
            Score::Cp(0),
            Score::Cp(900),
            Score::Mate(4),
            Score::Mate(1),
        ];
        assert!(order.is_sorted_by(|a, b| a.centipawns() < b.centipawns()));
    }
}
