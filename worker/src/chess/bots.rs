//! The bots of this process: as many of each difficulty as think at once, kept because their tables take time to make.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rookery_chess::bot::{Bot, Difficulty};

/// Those that do not think now.
#[derive(Default)]
pub struct Bots {
    idle: Mutex<HashMap<Difficulty, Vec<Bot>>>,
}

impl Bots {
    /// Does so with a bot of this difficulty. One that panics is not kept.
    pub fn with<T>(&self, difficulty: Difficulty, work: impl FnOnce(&mut Bot) -> T) -> T {
        let idle = self.idle(|idle| idle.get_mut(&difficulty).and_then(Vec::pop));
        let mut bot = idle.unwrap_or_else(|| Bot::new(difficulty));
        let done = work(&mut bot);
        self.idle(|idle| idle.entry(difficulty).or_default().push(bot));
        done
    }

    fn idle<T>(&self, touch: impl FnOnce(&mut HashMap<Difficulty, Vec<Bot>>) -> T) -> T {
        // A panic while it was held has left at worst one bot too few.
        touch(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_is_used_again_unless_it_panicked() {
        let bots = Bots::default();
        let count = || bots.idle(|idle| idle.values().map(Vec::len).sum::<usize>());
        bots.with(Difficulty::Easy, |_| {
            bots.with(Difficulty::Easy, |_| ());
        });
        assert_eq!(count(), 2);
        bots.with(Difficulty::Easy, |_| assert_eq!(count(), 1));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            bots.with(Difficulty::Easy, |_| panic!("on purpose"));
        }));
        assert!(panicked.is_err());
        assert_eq!(count(), 1);
    }
}
