//! A board with two players at it, for the other tests.

use rookery_chess::live::{
    Challenge, Change, ColorPreference, Command, DrawPolicy, Event, Game, Refusal, Seat,
};
use rookery_chess::rules::History;
use rookery_chess::rules::notation;
use shakmaty::uci::UciMove;
use shakmaty::{Color, Square};
use uuid::Uuid;

pub const ANNA: Uuid = Uuid::from_u128(1);
pub const BERT: Uuid = Uuid::from_u128(2);
pub const STRANGER: Uuid = Uuid::from_u128(3);

pub fn seat(account: Uuid) -> Seat {
    Seat::Account(account)
}

/// Anna challenges everybody and wants white.
pub fn open_challenge() -> Challenge {
    Challenge {
        creator: ANNA,
        invited: None,
        preference: ColorPreference::White,
        rated: false,
        policy: DrawPolicy::Fide,
    }
}

/// A game and the moves played in it, as a store would keep them.
pub struct Table {
    pub game: Game,
    pub moves: Vec<String>,
}

impl Table {
    /// Anna has white, Bert black.
    pub fn new() -> Self {
        Self::of(open_challenge())
    }

    pub fn of(challenge: Challenge) -> Self {
        let waiting = Game::challenge(challenge).expect("a fine challenge");
        let joined = waiting.apply(&Command::Join {
            account: BERT,
            coin: true,
        });
        Self {
            game: joined.expect("Bert may join").next,
            moves: Vec::new(),
        }
    }

    /// A game in progress in this position, which begins its history.
    pub fn at(fen: &str, policy: DrawPolicy) -> Self {
        let mut table = Self::new();
        table.game.position = notation::position(fen).expect("a fine position");
        table.game.history = History::starting(&table.game.position);
        table.game.policy = policy;
        table
    }

    pub fn mover(&self) -> Seat {
        use shakmaty::Position as _;
        match self.game.position.turn() {
            Color::White => seat(ANNA),
            Color::Black => seat(BERT),
        }
    }

    pub fn apply(&mut self, command: Command) -> Result<Change, Refusal> {
        let change = self.game.apply(&command)?;
        match &change.event {
            Event::Moved(played) => self.moves.push(
                UciMove::Normal {
                    from: played.from,
                    to: played.to,
                    promotion: played.promotion,
                }
                .to_string(),
            ),
            Event::TakenBack { plies } => {
                self.moves.truncate(self.moves.len() - *plies as usize);
            }
            _ => {}
        }
        self.game = change.next.clone();
        Ok(change)
    }

    /// The side to move plays this UCI move, without saying which ply it is.
    pub fn play(&mut self, uci: &str) -> Result<Change, Refusal> {
        let command = step(self.mover(), uci);
        self.apply(command)
    }

    pub fn play_all(&mut self, line: &str) -> Change {
        line.split_whitespace()
            .map(|uci| {
                self.play(uci)
                    .unwrap_or_else(|refusal| panic!("{uci}: {refusal}"))
            })
            .last()
            .expect("a move")
    }

    pub fn take_back(&mut self, by: Seat) -> Result<Change, Refusal> {
        let moves = self.moves.clone();
        self.apply(Command::Takeback { by, moves })
    }
}

pub fn step(by: Seat, uci: &str) -> Command {
    match uci.parse().expect("UCI") {
        UciMove::Normal {
            from,
            to,
            promotion,
        } => Command::Move {
            by,
            from,
            to,
            promotion,
            ply: None,
        },
        other => panic!("{other} is no step"),
    }
}

pub fn square(name: &str) -> Square {
    name.parse().expect("a square")
}
