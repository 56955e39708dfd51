//! Plays two engines against each other from random openings, each opening with both colours, and prints the Elo difference
//! with its 95 % interval.
//!
//! ```text
//! cargo run --release -p rookery-chess --example matchplay -- <games> <seed> <player> <player>
//! ```
//! A player is `own nodes <n>`, `own depth <n>`, or a UCI engine: `uci <program> [arguments] [; <option>=<value>]… ; go <limits>`.

mod player;
mod score;

use std::process::ExitCode;

use player::{Choice, Player};
use rookery_chess::search::{Limits, Searcher, Unwatched};
use rookery_chess::uci::Setup;
use score::Tally;
use shakmaty::zobrist::Zobrist64;
use shakmaty::{Color, EnPassantMode, Move, Position as _};

/// From here on a game is too long to be won by anything but chance.
const MOST_PLIES: usize = 400;
/// Random plies before the engines take over.
const OPENING_PLIES: usize = 8;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [games, seed, one, two] = arguments.as_slice() else {
        eprintln!("usage: matchplay <games> <seed> <player> <player>");
        return ExitCode::FAILURE;
    };
    match play_match((games, seed), (one, two)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn play_match(how: (&str, &str), who: (&str, &str)) -> Result<(), String> {
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|_| format!("not a number: {text}"))
    };
    let (games, seed) = (number(how.0)?, number(how.1)?);
    let mut players = [Player::start(who.0)?, Player::start(who.1)?];
    let mut openings = Openings::new(seed);
    let mut tally = Tally::default();
    for pair in 0..games.div_ceil(2) {
        let opening = openings.next();
        let first = play(&opening, &mut players, Color::White)?;
        let second = play(&opening, &mut players, Color::Black)?;
        tally.add_pair(first, second);
        if pair % 10 == 9 {
            eprintln!("{tally}");
        }
    }
    println!("{} against {}: {tally}", who.0, who.1);
    Ok(())
}

/// Half points of the first player, who has this colour.
fn play(opening: &[Move], players: &mut [Player; 2], color: Color) -> Result<u32, String> {
    let mut setup = Setup::default();
    let mut moves = Vec::new();
    let mut keys = vec![key(&setup)];
    for &m in opening {
        setup.position.play_unchecked(m);
        moves.push(m);
        keys.push(key(&setup));
    }
    for player in players.iter_mut() {
        player.new_game()?;
    }
    // Plies in a row in which both see the same side win, or both a draw.
    let (mut won, mut drawn) = (0i32, 0);
    let draw = Ok(1);
    let win_of = |winner: Color| Ok(if winner == color { 2 } else { 0 });
    while moves.len() < MOST_PLIES {
        let position = &setup.position;
        if let Some(winner) = position.outcome().known().map(|outcome| outcome.winner()) {
            return winner.map_or(draw, win_of);
        }
        let repeated = keys.iter().filter(|seen| **seen == key(&setup)).count() >= 3;
        if repeated || position.halfmoves() >= 100 {
            return draw;
        }
        let player = &mut players[usize::from(position.turn() != color)];
        setup.history.clone_from(&keys);
        let Choice { m, centipawns } = player.choose(&setup, &moves)?;
        let white = setup.position.turn().fold_wb(centipawns, -centipawns);
        won = match white {
            700.. => won.max(0) + 1,
            ..=-700 => won.min(0) - 1,
            _ => 0,
        };
        drawn = if white.abs() < 15 { drawn + 1 } else { 0 };
        if won.abs() >= 8 {
            return win_of(Color::from_white(won > 0));
        }
        if drawn >= 16 && moves.len() > 80 {
            return draw;
        }
        setup.position.play_unchecked(m);
        moves.push(m);
        keys.push(key(&setup));
    }
    draw
}

fn key(setup: &Setup) -> Zobrist64 {
    setup.position.zobrist_hash(EnPassantMode::Legal)
}

/// Random but level beginnings.
struct Openings {
    state: u64,
    judge: Searcher,
}

impl Openings {
    fn new(seed: u64) -> Self {
        Self {
            state: seed,
            judge: Searcher::new(1),
        }
    }

    fn next(&mut self) -> Vec<Move> {
        loop {
            let mut position = shakmaty::Chess::default();
            let mut moves = Vec::new();
            while moves.len() < OPENING_PLIES {
                let legal = position.legal_moves();
                if legal.is_empty() {
                    break;
                }
                let m = legal[self.random() as usize % legal.len()];
                position.play_unchecked(m);
                moves.push(m);
            }
            let limits = Limits {
                nodes: 3_000,
                depth: 64,
                multipv: 1,
            };
            self.judge.clear();
            let report = self.judge.search(&position, &[], &limits, &mut Unwatched);
            let level = report
                .lines
                .first()
                .is_some_and(|line| line.score.centipawns().abs() < 70);
            if level {
                return moves;
            }
        }
    }

    /// splitmix64 (Steele, Lea and Flood, 2014).
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) >> 16
    }
}
