//! What must hold for any evaluation.

use shakmaty::fen::Fen;
use shakmaty::{CastlingMode, Chess, EnPassantMode, FromSetup as _, Position as _};

use super::*;

fn position(fen: &str) -> Chess {
    fen.parse::<Fen>()
        .expect("a FEN")
        .into_position(CastlingMode::Standard)
        .expect("a position")
}

fn value(fen: &str) -> i32 {
    evaluate(&position(fen), &mut PawnCache::new())
}

const VARIED: [&str; 8] = [
    "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
    "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1",
    "8/2p5/3p4/KP5r/1R3p1k/8/4P1P1/8 w - - 0 1",
    "r4rk1/1pp1qppp/p1np1n2/2b1p1B1/2B1P1b1/P1NP1N2/1PP1QPPP/R4RK1 b - - 0 10",
    "8/8/4kpp1/3p1b2/p6P/2B5/6P1/6K1 b - - 0 47",
    "2r3k1/pppR1pp1/4p3/4P1P1/5P2/1P4K1/P1P5/8 w - - 0 1",
    "8/P6k/8/8/8/2q5/8/1R4K1 w - - 0 1",
    "5k2/8/8/3BN3/3K4/8/8/8 w - - 0 1",
];

#[test]
fn the_board_turned_over_is_worth_the_same() {
    for fen in VARIED {
        let mut setup = position(fen).to_setup(EnPassantMode::Legal);
        setup.mirror();
        let mirrored =
            Chess::from_setup(setup, CastlingMode::Standard).expect("as legal as before");
        assert_eq!(
            evaluate(&mirrored, &mut PawnCache::new()),
            value(fen),
            "{fen}"
        );
    }
}

#[test]
fn left_and_right_are_the_same() {
    for fen in VARIED
        .iter()
        .filter(|fen| fen.contains(" w - ") || fen.contains(" b - "))
    {
        let mut setup = position(fen).to_setup(EnPassantMode::Legal);
        setup.board.flip_horizontal();
        let flipped = Chess::from_setup(setup, CastlingMode::Standard).expect("as legal as before");
        assert_eq!(
            evaluate(&flipped, &mut PawnCache::new()),
            value(fen),
            "{fen}"
        );
    }
}

#[test]
fn a_pawn_structure_seen_before_is_worth_the_same() {
    let mut cache = PawnCache::new();
    for _ in 0..2 {
        for fen in VARIED {
            assert_eq!(evaluate(&position(fen), &mut cache), value(fen), "{fen}");
        }
    }
}

#[test]
fn the_tuning_sees_the_same_value_as_the_search() {
    for fen in VARIED {
        let position = position(fen);
        let sample = sample(&position);
        let weights = weights();
        let mut sum = [0.0, 0.0];
        for (feature, count) in sample.features {
            for (sum, weight) in sum.iter_mut().zip(weights[usize::from(feature)]) {
                *sum += f32::from(count) * weight as f32;
            }
        }
        let white = sum[0] * sample.phase + sum[1] * (1.0 - sample.phase);
        let mut seen = Sum(PawnCache::new().get(position.board()).sum);
        let passed = pawns::structure(position.board(), &mut Sum::default());
        apart_from_structure(&position, passed, &mut seen);
        let value = blend(seen.0, phase(position.board()));
        assert!(
            (white - value as f32).abs() <= 1.0,
            "{fen}: {white} {value}"
        );
    }
}

#[test]
fn more_force_is_worth_more() {
    let even = value("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1");
    let mut before = even;
    for fen in [
        "rnbqkbnr/ppp1pppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
        "r1bqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
        "1nbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQk - 0 1",
        "rnb1kbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
    ] {
        let now = value(fen);
        assert!(now > before + 40, "{fen}: {now} after {before}");
        before = now;
    }
    assert!(even.abs() < 60);
}

#[test]
fn a_lone_king_is_worse_off_in_the_corner_that_mates() {
    // The bishop goes on light squares: a8 and h1 are where it can be mated (Philidor, 1777).
    let right = value("k7/8/2K5/3BN3/8/8/8/8 w - - 0 1");
    let wrong = value("7k/8/5K2/3BN3/8/8/8/8 w - - 0 1");
    assert!(right > wrong + 50, "{right} {wrong}");
    let edge = value("3k4/8/3K4/8/8/8/8/R7 w - - 0 1");
    let middle = value("8/8/3K4/8/3k4/8/8/R7 w - - 0 1");
    assert!(edge > middle + 30, "{edge} {middle}");
}

#[test]
fn what_cannot_be_won_is_worth_little() {
    // A bishop more, no pawns; the wrong rook pawn; two knights.
    for fen in [
        "8/8/4k3/8/3BK3/8/8/8 w - - 0 1",
        "k7/8/8/P7/3K4/8/8/2B5 w - - 0 1",
        "8/4k3/8/8/3NK2N/8/8/8 w - - 0 1",
    ] {
        assert!(value(fen).abs() < 60, "{fen}: {}", value(fen));
    }
}
