//! Positions and moves as text: FEN, UCI and SAN, and the legal move that two squares mean.

use shakmaty::fen::Fen;
use shakmaty::san::{San, SanPlus, Suffix};
use shakmaty::uci::UciMove;
use shakmaty::{
    CastlingMode, CastlingSide, Chess, Color, EnPassantMode, Move, MoveList, Position as _, Role,
    Square,
};

use super::History;

/// A move as players send it: where from, where to, into what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub from: Square,
    pub to: Square,
    /// Ignored when the move promotes nothing: many clients always send a queen.
    pub promotion: Option<Role>,
}

/// Which legal move a step means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    Legal(Move),
    Illegal,
    /// A pawn reaches its last rank, but into what was not said.
    NeedsPromotion,
}

impl Step {
    /// Castling is understood as the king's own step (e1 g1) and as the king taking its rook (e1 h1).
    pub fn meaning(self, legal: &MoveList) -> Meaning {
        let mut promoting = false;
        for &candidate in legal {
            match candidate {
                Move::Castle { king, rook } if king == self.from => {
                    let side = CastlingSide::from_king_side(king < rook);
                    if rook == self.to
                        || self.to == Square::from_coords(side.king_to_file(), king.rank())
                    {
                        return Meaning::Legal(candidate);
                    }
                }
                Move::Normal {
                    from,
                    to,
                    promotion,
                    ..
                } if from == self.from && to == self.to => {
                    if promotion.is_none() || promotion == self.promotion {
                        return Meaning::Legal(candidate);
                    }
                    promoting = true;
                }
                Move::EnPassant { from, to } if from == self.from && to == self.to => {
                    return Meaning::Legal(candidate);
                }
                _ => {}
            }
        }
        if promoting {
            Meaning::NeedsPromotion
        } else {
            Meaning::Illegal
        }
    }

    /// A legal move as it is stored: castling as the king's own step.
    pub fn of(played: Move, color: Color) -> Self {
        Self {
            from: played.from().expect("standard chess has no drops"),
            to: played
                .castling_side()
                .map_or(played.to(), |side| side.king_to(color)),
            promotion: played.promotion(),
        }
    }
}

/// The FEN names an en passant square only where the capture is legal, as FIDE's idea of a repeated position has it.
pub fn fen(position: &Chess) -> String {
    // The longest FEN of a legal position has fewer characters.
    let mut text = String::with_capacity(96);
    Fen::from_position(position, EnPassantMode::Legal).append_to_string(&mut text);
    text
}

/// The text is not a FEN, or not one of a position that can be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the FEN of a playable position")]
pub struct BadFen;

pub fn position(fen: &str) -> Result<Chess, BadFen> {
    Fen::from_ascii(fen.as_bytes())
        .map_err(|_| BadFen)?
        .into_position(CastlingMode::Standard)
        .map_err(|_| BadFen)
}

/// The SAN of a move that is one of `legal`, from what it leads to.
pub fn san(played: Move, legal: &MoveList, suffix: Option<Suffix>) -> String {
    let mut text = String::with_capacity(8);
    SanPlus {
        san: San::disambiguate(played, legal),
        suffix,
    }
    .append_to_string(&mut text);
    text
}

/// A list of moves does not make a game; this half-move, counted from 1, is the first that cannot be played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("half-move {0} cannot be played")]
pub struct Unplayable(pub u32);

/// Every position of the game with these moves in UCI, the first included, with its history.
pub fn replay<'a, I>(moves: I) -> impl Iterator<Item = Result<(Chess, History), Unplayable>>
where
    I: IntoIterator<Item = &'a str>,
{
    let start = Chess::default();
    let history = History::starting(&start);
    let begun = (start, history);
    let first = Ok(begun.clone());
    let rest = moves
        .into_iter()
        .zip(1..)
        .scan(Some(begun), |state, (text, ply)| {
            let (position, history) = state.take()?;
            let next = UciMove::from_ascii(text.as_bytes())
                .ok()
                .and_then(|step| step.to_move(&position).ok())
                .map(|played| after(&position, &history, played));
            state.clone_from(&next);
            Some(next.ok_or(Unplayable(ply)))
        });
    std::iter::once(first).chain(rest)
}

/// What a legal move leads to.
pub fn after(position: &Chess, history: &History, played: Move) -> (Chess, History) {
    let irreversible = position.is_irreversible(played);
    let mut next = position.clone();
    next.play_unchecked(played);
    let history = if irreversible {
        History::starting(&next)
    } else {
        history.continued(&next)
    };
    (next, history)
}
