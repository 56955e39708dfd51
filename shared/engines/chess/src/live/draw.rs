//! Draws: offered, accepted, claimed, and those that the rules declare by themselves.

use shakmaty::{Chess, Position as _};

use super::command::{Change, Clocks, Event};
use super::refusal::Refusal;
use super::state::{DrawPolicy, EndReason, Ending, Game, Offers, Seat};
use crate::rules::{self, History};

const FIFTY_MOVES: u32 = 100;
const SEVENTY_FIVE_MOVES: u32 = 150;

impl DrawPolicy {
    /// Why the position on the board is drawn without being asked, if it is.
    pub(super) fn drawn_by_rule(self, position: &Chess, history: &History) -> Option<EndReason> {
        let repetition = match self {
            Self::Chesscom => (3, EndReason::ThreefoldRepetition),
            Self::Fide | Self::Lichess => (5, EndReason::FivefoldRepetition),
        };
        let quiet = match self {
            Self::Lichess | Self::Chesscom => (FIFTY_MOVES, EndReason::FiftyMoves),
            Self::Fide => (SEVENTY_FIVE_MOVES, EndReason::SeventyFiveMoves),
        };
        if history.occurrences() >= repetition.0 {
            Some(repetition.1)
        } else if position.halfmoves() >= quiet.0 {
            Some(quiet.1)
        } else {
            None
        }
    }
}

impl Game {
    /// To offer what the other side has offered is to accept it.
    pub(super) fn offer_draw(&self, by: Seat) -> Result<Change, Refusal> {
        let color = self.player(by)?;
        match self.offers.draw {
            Some(offerer) if offerer == color => Err(Refusal::AlreadyOffered),
            Some(_) => Ok(self.ended(Ending::drawn(EndReason::DrawAgreed))),
            None => Ok(Change {
                next: Self {
                    offers: Offers {
                        draw: Some(color),
                        ..self.offers
                    },
                    ..self.clone()
                },
                clocks: Clocks::Keep,
                event: Event::DrawOffered(color),
            }),
        }
    }

    pub(super) fn accept_draw(&self, by: Seat) -> Result<Change, Refusal> {
        let color = self.player(by)?;
        if self.offers.draw != Some(!color) {
            return Err(Refusal::NoDrawOffer);
        }
        Ok(self.ended(Ending::drawn(EndReason::DrawAgreed)))
    }

    pub(super) fn decline_draw(&self, by: Seat) -> Result<Change, Refusal> {
        let color = self.player(by)?;
        if self.offers.draw != Some(!color) {
            return Err(Refusal::NoDrawOffer);
        }
        Ok(Change {
            next: Self {
                offers: Offers {
                    draw: None,
                    ..self.offers
                },
                ..self.clone()
            },
            clocks: Clocks::Keep,
            event: Event::DrawDeclined(color),
        })
    }

    pub(super) fn claim_draw(&self, by: Seat) -> Result<Change, Refusal> {
        self.player(by)?;
        let reason = if self.history.occurrences() >= 3 {
            EndReason::ThreefoldRepetition
        } else if self.position.halfmoves() >= FIFTY_MOVES {
            EndReason::FiftyMoves
        } else if rules::is_dead(&self.position) {
            EndReason::DeadPosition
        } else {
            return Err(Refusal::NothingToClaim);
        };
        Ok(self.ended(Ending::drawn(reason)))
    }
}
