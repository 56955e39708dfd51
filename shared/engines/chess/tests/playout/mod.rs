//! Random games through the state machine, the same ones on every machine.

use rookery_chess::live::{
    Challenge, Change, ColorPreference, Command, DrawPolicy, Event, Game, Played, Seat, Status,
};
use shakmaty::{CastlingMode, Color, Move, Position as _, uci::UciMove};
use uuid::Uuid;

const WHITE: Uuid = Uuid::from_u128(1);
const BLACK: Uuid = Uuid::from_u128(2);

/// A game that was played to its end, and each of its half-moves with what it led to.
pub struct Playout {
    pub game: Game,
    pub moves: Vec<(Played, Game)>,
}

/// Mostly random moves, with a liking for going back: so that repetitions and long quiet stretches happen.
pub fn play(seed: u64, policy: DrawPolicy) -> Playout {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let waiting = Game::challenge(Challenge {
        creator: WHITE,
        invited: Some(BLACK),
        preference: ColorPreference::White,
        rated: true,
        policy,
    });
    let joined = waiting.expect("a fine challenge").apply(&Command::Join {
        account: BLACK,
        coin: true,
    });
    let mut game = joined.expect("invited").next;
    let mut moves: Vec<(Played, Game)> = Vec::new();
    while game.status == Status::InProgress {
        let legal = game.position.legal_moves();
        let back = moves.len().checked_sub(2).map(|own_last| {
            let last = &moves[own_last].0;
            (last.to, last.from)
        });
        let back = legal
            .iter()
            .find(|step| step.from().map(|from| (from, step.to())) == back && !step.is_promotion());
        let chosen = match back {
            Some(back) if random.below(10) < 4 + 5 * usize::from((seed / 3).is_multiple_of(3)) => {
                *back
            }
            _ => legal[random.below(legal.len())],
        };
        let Change { next, event, .. } = game
            .apply(&command(&game, chosen))
            .expect("a legal move is accepted");
        let Event::Moved(played) = event else {
            panic!("a move was played")
        };
        moves.push((played, next.clone()));
        game = next;
    }
    Playout { game, moves }
}

/// The move as its player sends it.
pub fn command(game: &Game, step: Move) -> Command {
    let by = Seat::Account(match game.position.turn() {
        Color::White => WHITE,
        Color::Black => BLACK,
    });
    match step.to_uci(CastlingMode::Standard) {
        UciMove::Normal {
            from,
            to,
            promotion,
        } => Command::Move {
            by,
            from,
            to,
            promotion,
            ply: Some(game.ply + 1),
        },
        other => panic!("{other} is no step"),
    }
}

/// Marsaglia 2003, xorshift64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) as usize * bound) >> 32
    }
}
