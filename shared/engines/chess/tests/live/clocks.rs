//! Fallen flags: a loss, or a draw when the other side could never have mated (FIDE 6.9).

use rookery_chess::live::{Clocks, Command, DrawPolicy, EndReason, Ending, Event, Refusal};
use shakmaty::Color;

use crate::table::Table;

fn flagged(fen: &str) -> Ending {
    let mut table = Table::at(fen, DrawPolicy::Fide);
    let change = table.apply(Command::Flag).expect("in progress");
    assert_eq!(change.clocks, Clocks::Flag);
    assert!(matches!(change.event, Event::Flagged(_)));
    assert_eq!(
        table.apply(Command::Flag).expect_err("refused"),
        Refusal::GameEnded
    );
    table.game.ending.expect("over")
}

#[test]
fn the_side_to_move_loses_on_time() {
    let white = flagged("rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1");
    assert_eq!(white, Ending::won(Color::Black, EndReason::Timeout));
    let black = flagged("rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1");
    assert_eq!(black, Ending::won(Color::White, EndReason::Timeout));
}

/// The pawns never move again, and no king gets past them.
pub const LOCKED: &str = "k7/8/8/p1p1p1p1/P1P1P1P1/8/8/7K w - - 0 1";

#[test]
fn nobody_loses_behind_a_wall() {
    let draw = Ending::drawn(EndReason::TimeoutVsInsufficientMaterial);
    for (fen, expected) in [
        (LOCKED, draw),
        // One pawn can be taken.
        (
            "k7/8/8/p1p1p3/P1P1P1p1/8/7K/8 w - - 0 1",
            Ending::won(Color::Black, EndReason::Timeout),
        ),
        // A game on lichess (ijyj0mHa) that chasolver's README tells of: black's bishop cannot open the wall, white's can mate.
        ("5b2/p7/Pp3k2/1Pp1pBp1/2P1P1P1/5K2/8/8 w - - 0 1", draw),
        (
            "5b2/p7/Pp3k2/1Pp1pBp1/2P1P1P1/5K2/8/8 b - - 0 1",
            Ending::won(Color::White, EndReason::Timeout),
        ),
        // The only move takes the last piece that could mate.
        ("8/8/8/8/8/4k3/1q6/K7 w - - 0 1", draw),
    ] {
        assert_eq!(flagged(fen), expected, "{fen}");
    }
}

#[test]
fn nobody_loses_to_one_who_cannot_mate() {
    let draw = Ending::drawn(EndReason::TimeoutVsInsufficientMaterial);
    for (fen, expected) in [
        // A queen keeps its king out of every corner that a knight could use.
        ("7k/8/8/3q4/8/8/8/KN6 b - - 0 1", draw),
        ("7k/8/8/3q4/8/8/8/K7 b - - 0 1", draw),
        // A rook can stand in its own king's way.
        (
            "7k/8/8/3r4/8/8/8/KN6 b - - 0 1",
            Ending::won(Color::White, EndReason::Timeout),
        ),
        (
            "7k/8/8/3p4/8/8/8/KN6 b - - 0 1",
            Ending::won(Color::White, EndReason::Timeout),
        ),
        // Two knights can mate if the other side helps.
        (
            "7k/8/8/8/8/8/8/KNN5 b - - 0 1",
            Ending::won(Color::White, EndReason::Timeout),
        ),
    ] {
        assert_eq!(flagged(fen), expected, "{fen}");
    }
}
