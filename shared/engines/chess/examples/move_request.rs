//! What a move costs in the engine: FEN and history as they are stored → legality, SAN, the next FEN, history and ending.
//! `move_request` prints the CPU time per move; `move_request --sample` prints the FENs and moves that it is measured on, one
//! pair a line, so that other libraries can be measured on the same.

mod cpu;

use std::hint::black_box;

use rookery_chess::live::{
    Challenge, ColorPreference, Command, DrawPolicy, Event, Game, Played, Seat,
};
use rookery_chess::rules::History;
use rookery_chess::rules::notation;
use shakmaty::uci::UciMove;
use shakmaty::{Chess, Color, Position as _};
use uuid::Uuid;

const GAMES: u64 = 40;
const PLIES: usize = 120;
const ROUNDS: usize = 200;

/// A move request as a store reads it.
struct Request {
    fen: String,
    history: Vec<u8>,
    ply: u32,
    uci: String,
}

fn main() {
    let sample = sample();
    if std::env::args().nth(1).as_deref() == Some("--sample") {
        for request in &sample {
            println!("{};{}", request.fen, request.uci);
        }
        return;
    }
    let table = table();
    let before = cpu::spent();
    for _ in 0..ROUNDS {
        for request in &sample {
            black_box(answer(&table, black_box(request)));
        }
    }
    let each = (cpu::spent() - before).as_secs_f64() / (ROUNDS * sample.len()) as f64;
    println!("{} positions: {:.0} ns a move", sample.len(), each * 1e9);
}

fn table() -> Game {
    let waiting = Game::challenge(Challenge {
        creator: Uuid::from_u128(1),
        invited: None,
        preference: ColorPreference::White,
        rated: true,
        policy: DrawPolicy::Fide,
    });
    let joined = waiting.expect("a fine challenge").apply(&Command::Join {
        account: Uuid::from_u128(2),
        coin: true,
    });
    joined.expect("open to everybody").next
}

fn answer(table: &Game, request: &Request) -> (Played, Vec<u8>) {
    let position = notation::position(&request.fen).expect("our own FEN");
    let history = History::from_bytes(&request.history, &position).expect("our own history");
    let by = match position.turn() {
        Color::White => Seat::Account(Uuid::from_u128(1)),
        Color::Black => Seat::Account(Uuid::from_u128(2)),
    };
    let game = Game {
        position,
        history,
        ply: request.ply,
        ending: None,
        ..*table
    };
    let Ok(UciMove::Normal {
        from,
        to,
        promotion,
    }) = UciMove::from_ascii(request.uci.as_bytes())
    else {
        unreachable!("our own moves are steps")
    };
    let change = game.apply(&Command::Move {
        by,
        from,
        to,
        promotion,
        ply: None,
    });
    let change = change.expect("a legal move");
    let Event::Moved(played) = change.event else {
        unreachable!("a move was played")
    };
    (played, change.next.history.to_bytes())
}

/// Moves of random games: the same ones on every machine.
fn sample() -> Vec<Request> {
    let mut sample = Vec::new();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for _ in 0..GAMES {
        let mut position = Chess::default();
        let mut history = History::starting(&position);
        for ply in (0..).take(PLIES) {
            let legal = position.legal_moves();
            if legal.is_empty() || position.is_insufficient_material() {
                break;
            }
            // Marsaglia 2003, xorshift64.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let chosen = legal[(state % legal.len() as u64) as usize];
            sample.push(Request {
                fen: notation::fen(&position),
                history: history.to_bytes(),
                ply,
                uci: chosen.to_uci(shakmaty::CastlingMode::Standard).to_string(),
            });
            (position, history) = notation::after(&position, &history, chosen);
        }
    }
    sample
}
