//! The position that `position` sets up, with the game before it.

use shakmaty::fen::Fen;
use shakmaty::uci::UciMove;
use shakmaty::zobrist::Zobrist64;
use shakmaty::{CastlingMode, Chess, EnPassantMode, Position as _};

use crate::bot::Record;

/// A position, and the keys of those before it.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub position: Chess,
    pub history: Vec<Zobrist64>,
    /// The same with all that was on the board before: what a bot goes by.
    pub record: Record,
}

/// Why a position cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {text}")]
pub struct SetupError {
    what: &'static str,
    text: String,
}

impl Setup {
    /// The words after `position`.
    pub fn parse<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self, SetupError> {
        let words: Vec<&str> = words.collect();
        let (place, moves) = match words.iter().position(|word| *word == "moves") {
            Some(at) => (&words[..at], &words[at + 1..]),
            None => (&words[..], &[][..]),
        };
        let position = match place {
            ["startpos", ..] => Chess::default(),
            ["fen", fen @ ..] => read_fen(&fen.join(" "))?,
            _ => return Err(refuse("neither startpos nor fen", &place.join(" "))),
        };
        let mut setup = Self {
            record: Record::starting(position.clone()),
            position,
            history: Vec::new(),
        };
        for text in moves {
            setup.play(text)?;
        }
        Ok(setup)
    }

    fn play(&mut self, text: &str) -> Result<(), SetupError> {
        let m = text
            .parse::<UciMove>()
            .ok()
            .and_then(|uci| uci.to_move(&self.position).ok())
            .ok_or_else(|| refuse("not a legal move", text))?;
        self.history
            .push(self.position.zobrist_hash(EnPassantMode::Legal));
        self.position.play_unchecked(m);
        if !self.record.play(m) {
            return Err(refuse("not a legal move", text));
        }
        if m.is_zeroing() {
            self.history.clear();
        }
        Ok(())
    }
}

fn read_fen(text: &str) -> Result<Chess, SetupError> {
    let fen: Fen = text.parse().map_err(|_| refuse("not a FEN", text))?;
    fen.into_position(CastlingMode::Standard)
        .map_err(|_| refuse("not a possible position", text))
}

fn refuse(what: &'static str, text: &str) -> SetupError {
    // A line may be endless; what is wrong shows at its beginning.
    SetupError {
        what,
        text: text.chars().take(100).collect(),
    }
}
