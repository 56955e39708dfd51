//! When a bot takes, offers or claims a draw, and when it gives up.

use shakmaty::Position as _;

use super::dice::Dice;
use super::record::Record;

/// Half-moves after which a game may be called even: move 40.
const LATE: u32 = 80;
/// Nearer to nothing than that is even.
const EVEN: i32 = 20;
/// So far behind, half a point is a gift.
const CLEARLY_WORSE: i32 = 150;
/// Half-moves without a capture or pawn move, after which nothing seems to happen any more.
const QUIET: u32 = 16;
/// In a thousand: how often it offers what it could.
const OFFERS: u64 = 150;
/// Nobody gives up before: half-moves.
const EARLY: u32 = 30;

/// What a bot knows when it thinks about the result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// Centipawns, as the bot sees it.
    pub value: i32,
    pub ply: u32,
    /// Half-moves since the last capture or pawn move.
    pub quiet: u32,
}

impl Standing {
    pub(super) fn of(value: i32, record: &Record) -> Self {
        Self {
            value,
            ply: record.ply(),
            quiet: record.position().halfmoves(),
        }
    }

    pub(super) fn accepts_draw(self) -> bool {
        self.value <= -CLEARLY_WORSE || self.is_even_and_late()
    }

    pub(super) fn offers_draw(self, dice: &mut Dice) -> bool {
        self.is_even_and_late() && self.quiet >= QUIET && dice.happens(OFFERS)
    }

    /// Of a repetition or fifty moves: when it is not better.
    pub(super) fn claims_draw(self) -> bool {
        self.value <= 0
    }

    /// Whether this is lost for someone who gives up that far down.
    pub(super) fn is_lost(self, resigns: i32) -> bool {
        self.value <= -resigns && self.ply >= EARLY
    }

    fn is_even_and_late(self) -> bool {
        self.ply >= LATE && self.value.abs() < EVEN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(value: i32, ply: u32) -> Standing {
        Standing {
            value,
            ply,
            quiet: 30,
        }
    }

    #[test]
    fn a_draw_is_taken_when_even_after_move_forty_or_clearly_worse() {
        assert!(!at(0, 79).accepts_draw());
        assert!(at(0, 80).accepts_draw());
        assert!(at(-19, 80).accepts_draw());
        assert!(!at(20, 80).accepts_draw());
        assert!(!at(-100, 120).accepts_draw());
        assert!(at(-150, 10).accepts_draw());
    }

    #[test]
    fn a_draw_is_offered_now_and_then_when_nothing_happens() {
        let offers = |standing: Standing| {
            (0..1000)
                .filter(|seed| standing.offers_draw(&mut Dice::new(*seed, 0)))
                .count()
        };
        assert!((90..220).contains(&offers(at(5, 100))));
        assert_eq!(offers(at(5, 60)), 0);
        assert_eq!(offers(at(-300, 100)), 0, "no begging");
        let busy = Standing {
            quiet: 3,
            ..at(5, 100)
        };
        assert_eq!(offers(busy), 0);
    }

    #[test]
    fn nobody_gives_up_early() {
        assert!(at(-900, 30).is_lost(900));
        assert!(!at(-899, 30).is_lost(900));
        assert!(!at(-2000, 29).is_lost(900));
    }
}
