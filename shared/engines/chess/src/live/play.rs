//! A half-move: which one is meant, whether it is legal, and whether the game goes on after it.

use shakmaty::san::Suffix;
use shakmaty::{Chess, Position as _};

use super::command::{Change, Clocks, Event, Played};
use super::refusal::Refusal;
use super::state::{DrawPolicy, EndReason, Ending, Game, Offers, Seat};
use crate::rules::History;
use crate::rules::notation::{self, Meaning, Step};

impl Game {
    pub(super) fn play(&self, by: Seat, step: Step, ply: Option<u32>) -> Result<Change, Refusal> {
        let color = self.player(by)?;
        let next_ply = self.ply + 1;
        if let Some(sent) = ply.filter(|sent| *sent != next_ply) {
            return Err(Refusal::PlyConflict {
                next: next_ply,
                sent,
            });
        }
        if color != self.position.turn() {
            return Err(Refusal::NotYourTurn);
        }
        let legal = self.position.legal_moves();
        let chosen = match step.meaning(&legal) {
            Meaning::Legal(chosen) => chosen,
            Meaning::NeedsPromotion => return Err(Refusal::PromotionRequired(squares(step))),
            Meaning::Illegal => return Err(Refusal::IllegalMove(squares(step))),
        };
        let (position, history) = notation::after(&self.position, &self.history, chosen);
        let outlook = Outlook::of(&position);
        let stored = Step::of(chosen, color);
        let played = Played {
            ply: next_ply,
            color,
            from: stored.from,
            to: stored.to,
            promotion: stored.promotion,
            san: notation::san(chosen, &legal, outlook.suffix()),
            fen_after: notation::fen(&position),
        };
        let ending = outlook.ending(&position, &history, self.policy);
        let moved = Self {
            position,
            history,
            ply: next_ply,
            offers: Offers {
                // Ours stands until the other side moves; the other side's lapses with our move.
                draw: self.offers.draw.filter(|offerer| *offerer == color),
                takeback: None,
            },
            seats: self.seats,
            ending: None,
            ..*self
        };
        Ok(Change {
            clocks: if ending.is_some() {
                Clocks::Stop
            } else {
                Clocks::Switch
            },
            next: match ending {
                Some(ending) => moved.over(ending),
                None => moved,
            },
            event: Event::Moved(played),
        })
    }
}

/// As the contract names a refused move. The promotion is left out: many clients send one with every move.
fn squares(step: Step) -> String {
    format!("{}{}", step.from, step.to)
}

/// What awaits the side to move.
enum Outlook {
    Checkmate,
    Stalemate,
    Check,
    Quiet,
}

impl Outlook {
    fn of(position: &Chess) -> Self {
        match (position.is_check(), position.legal_moves().is_empty()) {
            (true, true) => Self::Checkmate,
            (false, true) => Self::Stalemate,
            (true, false) => Self::Check,
            (false, false) => Self::Quiet,
        }
    }

    fn suffix(&self) -> Option<Suffix> {
        match self {
            Self::Checkmate => Some(Suffix::Checkmate),
            Self::Check => Some(Suffix::Check),
            Self::Stalemate | Self::Quiet => None,
        }
    }

    /// Mate comes first: the move that completes 75 moves and mates wins (FIDE 9.6.2).
    fn ending(&self, position: &Chess, history: &History, policy: DrawPolicy) -> Option<Ending> {
        let reason = match self {
            Self::Checkmate => return Some(Ending::won(!position.turn(), EndReason::Checkmate)),
            Self::Stalemate => EndReason::Stalemate,
            Self::Check | Self::Quiet if position.is_insufficient_material() => {
                EndReason::InsufficientMaterial
            }
            Self::Check | Self::Quiet => policy.drawn_by_rule(position, history)?,
        };
        Some(Ending::drawn(reason))
    }
}
