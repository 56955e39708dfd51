//! Games that end by themselves: mate, stalemate, dead material, repetition and quiet moves, under each policy.

use rookery_chess::live::{Clocks, DrawPolicy, EndReason, Ending, Event, Status};
use shakmaty::Color;

use crate::table::Table;

const SHUFFLE: [&str; 4] = ["g1f3", "g8f6", "f3g1", "f6g8"];

/// Plays this move in this position and tells how it ended the game.
fn ending(fen: &str, uci: &str, policy: DrawPolicy) -> Option<Ending> {
    let mut table = Table::at(fen, policy);
    let change = table.play(uci).expect("legal");
    let over = table.game.status == Status::Ended;
    assert_eq!(over, change.clocks == Clocks::Stop);
    assert_eq!(over, table.game.ending.is_some());
    table.game.ending
}

#[test]
fn the_shortest_mate_ends_the_game() {
    let mut table = Table::new();
    let change = table.play_all("f2f3 e7e5 g2g4 d8h4");
    assert_eq!(
        table.game.ending,
        Some(Ending::won(Color::Black, EndReason::Checkmate))
    );
    assert_eq!(change.clocks, Clocks::Stop);
    match change.event {
        Event::Moved(played) => assert_eq!(played.san, "Qh4#"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_shortest_stalemate_is_a_draw() {
    // Sam Loyd's, ten moves by each side at most.
    let mut table = Table::new();
    table.play_all(
        "e2e3 a7a5 d1h5 a8a6 h5a5 h7h5 h2h4 a6h6 a5c7 f7f6 c7d7 e8f7 d7b7 d8d3 b7b8 d3h7 b8c8 f7g6 c8e6",
    );
    assert_eq!(table.game.ending, Some(Ending::drawn(EndReason::Stalemate)));
}

#[test]
fn dead_material_is_a_draw_at_once() {
    let insufficient = Some(Ending::drawn(EndReason::InsufficientMaterial));
    for (fen, uci, expected) in [
        ("7k/8/8/8/8/8/1p6/K7 w - - 0 1", "a1b2", insufficient),
        ("7k/8/8/8/8/8/1p6/K1N5 w - - 0 1", "a1b2", insufficient),
        // Bishops on squares of one colour.
        ("5b1k/8/8/8/8/8/1p6/K1B5 w - - 0 1", "a1b2", insufficient),
        ("4b2k/8/8/8/8/8/1p6/K1B5 w - - 0 1", "a1b2", None),
        ("4n2k/8/8/8/8/8/1p6/K1N5 w - - 0 1", "a1b2", None),
        ("7k/8/8/8/8/8/1p6/K1NN4 w - - 0 1", "a1b2", None),
    ] {
        assert_eq!(ending(fen, uci, DrawPolicy::Fide), expected, "{fen}");
    }
}

#[test]
fn repetition_ends_the_game_as_its_policy_has_it() {
    for (policy, half_moves, reason) in [
        (DrawPolicy::Fide, 16, EndReason::FivefoldRepetition),
        (DrawPolicy::Lichess, 16, EndReason::FivefoldRepetition),
        (DrawPolicy::Chesscom, 8, EndReason::ThreefoldRepetition),
    ] {
        let mut table = Table::new();
        table.game.policy = policy;
        for (ply, uci) in (1..=half_moves).zip(SHUFFLE.iter().cycle()) {
            assert_eq!(table.game.ending, None, "{policy} before ply {ply}");
            table.play(uci).expect("legal");
        }
        assert_eq!(table.game.ending, Some(Ending::drawn(reason)));
    }
}

#[test]
fn quiet_moves_end_the_game_as_its_policy_has_it() {
    let at = |halfmoves: u32| format!("7k/8/8/8/8/8/8/KR6 w - - {halfmoves} 90");
    for (policy, last, reason) in [
        (DrawPolicy::Fide, 149, EndReason::SeventyFiveMoves),
        (DrawPolicy::Lichess, 99, EndReason::FiftyMoves),
        (DrawPolicy::Chesscom, 99, EndReason::FiftyMoves),
    ] {
        assert_eq!(ending(&at(last - 1), "b1b2", policy), None);
        assert_eq!(
            ending(&at(last), "b1b2", policy),
            Some(Ending::drawn(reason))
        );
    }
}

#[test]
fn mate_on_the_last_quiet_move_wins() {
    // FIDE 9.6.2: if that move results in checkmate, that takes precedence.
    for (policy, halfmoves) in [
        (DrawPolicy::Fide, 149),
        (DrawPolicy::Lichess, 99),
        (DrawPolicy::Chesscom, 99),
    ] {
        let fen = format!("7k/8/6K1/8/8/8/8/R7 w - - {halfmoves} 90");
        assert_eq!(
            ending(&fen, "a1a8", policy),
            Some(Ending::won(Color::White, EndReason::Checkmate))
        );
    }
}
