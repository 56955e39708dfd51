//! A game so far: every position that was on the board.

use shakmaty::uci::UciMove;
use shakmaty::zobrist::Zobrist64;
use shakmaty::{Chess, EnPassantMode, Move, Position};

/// From the position it began with to the one on the board.
#[derive(Debug, Clone)]
pub struct Record {
    /// The last one is on the board.
    positions: Vec<Chess>,
    keys: Vec<Zobrist64>,
    last_move: Option<Move>,
}

impl Default for Record {
    fn default() -> Self {
        Self::starting(Chess::default())
    }
}

impl Record {
    pub fn starting(position: Chess) -> Self {
        Self {
            keys: vec![key(&position)],
            positions: vec![position],
            last_move: None,
        }
    }

    /// False, and nothing played, if the move is not legal.
    #[must_use]
    pub fn play(&mut self, mv: Move) -> bool {
        let Ok(next) = self.position().clone().play(mv) else {
            return false;
        };
        self.keys.push(key(&next));
        self.positions.push(next);
        self.last_move = Some(mv);
        true
    }

    /// A whole game from the initial position, its moves as UCI text. None if one of them is not legal.
    pub fn replay<'a>(moves: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut record = Self::default();
        for text in moves {
            let mv = record.read(text)?;
            if !record.play(mv) {
                return None;
            }
        }
        Some(record)
    }

    /// The legal move that this UCI text means.
    pub fn read(&self, text: &str) -> Option<Move> {
        text.parse::<UciMove>().ok()?.to_move(self.position()).ok()
    }

    pub fn position(&self) -> &Chess {
        self.positions
            .last()
            .expect("there is the one it began with")
    }

    /// Half-moves played.
    pub fn ply(&self) -> u32 {
        u32::try_from(self.positions.len() - 1).unwrap_or(u32::MAX)
    }

    pub fn last_move(&self) -> Option<Move> {
        self.last_move
    }

    /// Keys of the positions, the one on the board last.
    pub fn keys(&self) -> &[Zobrist64] {
        &self.keys
    }

    /// As it stood so many half-moves ago, with the keys up to there.
    pub(super) fn before(&self, plies: usize) -> Option<(&Chess, &[Zobrist64])> {
        let index = self.positions.len().checked_sub(plies + 1)?;
        Some((self.positions.get(index)?, self.keys.get(..=index)?))
    }

    /// Whether the one to move may claim a draw: the position has been there three times, or nothing was captured and no pawn
    /// moved for fifty moves (FIDE Laws 9.2, 9.3).
    pub fn draw_can_be_claimed(&self) -> bool {
        let here = self.keys.last();
        let times = self.keys.iter().filter(|key| Some(*key) == here).count();
        times >= 3 || self.position().halfmoves() >= 100
    }
}

/// A position where en passant is written but not legal is the same as without (FIDE 9.2.3).
fn key(position: &Chess) -> Zobrist64 {
    position.zobrist_hash(EnPassantMode::Legal)
}

#[cfg(test)]
pub(super) mod tests {
    use shakmaty::CastlingMode;
    use shakmaty::fen::Fen;
    use shakmaty::san::San;

    use super::*;

    /// The game that these moves make from here, or from the initial position.
    pub fn game(fen: Option<&str>, moves: &str) -> Record {
        let start = fen.map_or_else(Chess::default, |fen| {
            fen.parse::<Fen>()
                .expect("FEN")
                .into_position(CastlingMode::Standard)
                .expect("a legal position")
        });
        let mut record = Record::starting(start);
        for word in moves.split_whitespace() {
            let san: San = word.parse().expect("SAN");
            let mv = san.to_move(record.position()).expect("legal");
            assert!(record.play(mv));
        }
        record
    }

    #[test]
    fn a_third_repetition_can_be_claimed() {
        let mut record = game(None, "Nf3 Nf6 Ng1 Ng8 Nf3 Nf6 Ng1");
        assert!(!record.draw_can_be_claimed());
        let back = "Ng8".parse::<San>().expect("SAN");
        let mv = back.to_move(record.position()).expect("legal");
        assert!(record.play(mv));
        assert!(record.draw_can_be_claimed());
        assert_eq!(record.ply(), 8);
    }

    #[test]
    fn fifty_moves_can_be_claimed() {
        let at = |halfmoves| {
            game(
                Some(&format!("8/8/4k3/8/8/4K3/4R3/8 w - - {halfmoves} 80")),
                "",
            )
            .draw_can_be_claimed()
        };
        assert!(!at(99));
        assert!(at(100));
    }

    #[test]
    fn a_game_is_read_from_uci() {
        let record = Record::replay(["e2e4", "e7e5", "g1f3", "b8c6", "f1b5", "g8f6", "e1g1"])
            .expect("the Berlin defence");
        assert_eq!(record.ply(), 7);
        assert!(record.last_move().is_some_and(|mv| mv.is_castle()));
        assert!(Record::replay(["e2e4", "e7e4"]).is_none());
        assert!(Record::replay(["e2e4", "nonsense"]).is_none());
        assert!(Record::default().read("0000").is_none());
    }

    #[test]
    fn an_illegal_move_changes_nothing() {
        let mut record = game(None, "e4");
        let white_again = "d4".parse::<San>().expect("SAN");
        let mv = white_again
            .to_move(game(None, "").position())
            .expect("legal at the start");
        assert!(!record.play(mv));
        assert_eq!(record.ply(), 1);
        assert_eq!(record.keys().len(), 2);
    }
}
