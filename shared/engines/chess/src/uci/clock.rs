//! How much time a move may take.

use std::time::Duration;

use shakmaty::{ByColor, Color};

/// What the clocks show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clock {
    pub remaining: ByColor<Option<Duration>>,
    pub increment: ByColor<Option<Duration>>,
    /// Until the next time control.
    pub moves_to_go: Option<u32>,
}

/// Time for one move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// No new depth is begun after this.
    pub soft: Duration,
    /// The search is broken off.
    pub hard: Duration,
}

/// Lost between us and the program that holds the clock.
const TRANSPORT: Duration = Duration::from_millis(30);

impl Clock {
    /// None: there is no clock.
    pub fn budget(&self, color: Color) -> Option<Budget> {
        let remaining = (*self.remaining.get(color))?.saturating_sub(TRANSPORT);
        let increment = self.increment.get(color).unwrap_or_default();
        let moves = self.moves_to_go.unwrap_or(30).clamp(1, 30);
        let share = remaining / moves + increment * 3 / 4;
        let most = remaining * 2 / 5;
        Some(Budget {
            soft: (share * 3 / 5).min(most),
            hard: (share * 5 / 2).min(if moves == 1 { remaining * 4 / 5 } else { most }),
        })
    }

    /// A move that has to take just so long.
    pub fn exactly(time: Duration) -> Budget {
        let time = time.saturating_sub(Duration::from_millis(5)).max(time / 2);
        Budget {
            soft: time,
            hard: time,
        }
    }
}
