//! Takebacks in unrated games: asked by one side, granted by the other; a bot always grants.

use shakmaty::{Color, Position as _};

use super::command::{Change, Clocks, Event};
use super::refusal::Refusal;
use super::state::{Game, Offers, Seat};
use crate::rules::notation;

impl Game {
    pub(super) fn take_back(&self, by: Seat, moves: &[String]) -> Result<Change, Refusal> {
        let color = self.player(by)?;
        if self.rated {
            return Err(Refusal::Rated);
        }
        match self.offers.takeback {
            Some(asker) if asker == color => Err(Refusal::AlreadyOffered),
            Some(asker) => self.taken_back(asker, moves),
            None if self.opponent_is_bot(color) => self.taken_back(color, moves),
            None => {
                self.plies_to_take_back(color)?;
                Ok(Change {
                    next: Self {
                        offers: Offers {
                            takeback: Some(color),
                            ..self.offers
                        },
                        ..self.clone()
                    },
                    clocks: Clocks::Keep,
                    event: Event::TakebackOffered(color),
                })
            }
        }
    }

    fn opponent_is_bot(&self, color: Color) -> bool {
        self.seats
            .is_some_and(|seats| seats.of(!color) == Seat::Bot)
    }

    /// The asker's own last move, and the answer to it if there is one already.
    fn plies_to_take_back(&self, asker: Color) -> Result<u32, Refusal> {
        let plies = if self.position.turn() == asker { 2 } else { 1 };
        if plies > self.ply {
            return Err(Refusal::NothingToTakeBack);
        }
        Ok(plies)
    }

    fn taken_back(&self, asker: Color, moves: &[String]) -> Result<Change, Refusal> {
        let plies = self.plies_to_take_back(asker)?;
        let ply = self.ply - plies;
        let mut target = None;
        let mut present = None;
        for (reached, ply_reached) in notation::replay(moves.iter().map(String::as_str)).zip(0..) {
            let reached = reached.map_err(|_| Refusal::VersionConflict)?;
            if ply_reached == ply {
                target = Some(reached.clone());
            }
            present = Some((reached, ply_reached));
        }
        // The moves were read apart from the game: both must be of one moment.
        let same = present.is_some_and(|((position, history), reached)| {
            reached == self.ply && position == self.position && history == self.history
        });
        let (position, history) = target.filter(|_| same).ok_or(Refusal::VersionConflict)?;
        Ok(Change {
            next: Self {
                position,
                history,
                ply,
                offers: Offers::default(),
                ..self.clone()
            },
            clocks: Clocks::Restart,
            event: Event::TakenBack { plies },
        })
    }
}
