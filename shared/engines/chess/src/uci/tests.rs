//! Lines as real programs send them, and lines that nobody should send.

use std::time::Duration;

use shakmaty::fen::Fen;
use shakmaty::{Color, EnPassantMode, Position as _};

use super::*;
use crate::search::{Limits, Searcher, Unwatched};

fn go(line: &str) -> Go {
    match Request::parse(line) {
        Request::Go(go) => go,
        other => panic!("{line}: {other:?}"),
    }
}

fn setup(line: &str) -> Setup {
    match Request::parse(line) {
        Request::Position(setup) => *setup,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn a_game_is_set_up_move_by_move() {
    let setup = setup("position startpos moves e2e4 c7c5 e4e5 d7d5 e5d6 g8f6 d6e7 b8c6 e7d8q c6d8");
    let fen = Fen::from_position(&setup.position, EnPassantMode::Legal).to_string();
    // Worked out with python-chess 1.11.2.
    assert_eq!(
        fen,
        "r1bnkb1r/pp3ppp/5n2/2p5/8/8/PPPP1PPP/RNBQKBNR w KQkq - 0 6"
    );
    // The last capture made all earlier positions unreachable.
    assert!(setup.history.is_empty());
}

#[test]
fn castling_is_read_both_ways() {
    for text in ["e1g1", "e1h1"] {
        let line = format!("position fen r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1 moves {text}");
        let king = setup(&line).position.board().king_of(Color::White);
        assert_eq!(king, Some(shakmaty::Square::G1));
    }
}

#[test]
fn limits_are_read() {
    let with_clocks = go("go wtime 60000 btime 59000 winc 1000 binc 2000 movestogo 12");
    assert_eq!(
        with_clocks.clock.remaining.black,
        Some(Duration::from_secs(59))
    );
    assert_eq!(
        with_clocks.clock.increment.white,
        Some(Duration::from_secs(1))
    );
    assert_eq!(with_clocks.clock.moves_to_go, Some(12));
    assert_eq!(go("go depth 7 nodes 1000").nodes, Some(1_000));
    assert_eq!(go("go depth 7 nodes 1000").depth, Some(7));
    assert!(go("go infinite").infinite);
    assert_eq!(
        go("go wtime -20 btime 5").clock.remaining.white,
        Some(Duration::ZERO)
    );
}

#[test]
fn time_is_never_overdrawn() {
    for (millis, increment, moves) in [
        (0, 0, None),
        (10, 0, Some(1)),
        (100, 10_000, None),
        (1_000, 0, Some(1)),
        (60_000, 1_000, Some(40)),
        (10_800_000, 180_000, None),
    ] {
        let mut clock = Clock {
            moves_to_go: moves,
            ..Clock::default()
        };
        clock.remaining.white = Some(Duration::from_millis(millis));
        clock.increment.white = Some(Duration::from_millis(increment));
        let budget = clock.budget(Color::White).expect("white has a clock");
        assert!(budget.soft <= budget.hard);
        assert!(budget.hard <= Duration::from_millis(millis));
        assert_eq!(clock.budget(Color::Black), None);
    }
}

#[test]
fn options_are_kept_within_bounds() {
    let option = |line: &str| match Request::parse(line) {
        Request::SetOption(option) => option,
        other => panic!("{line}: {other:?}"),
    };
    assert_eq!(option("setoption name Hash value 64"), SetOption::Hash(64));
    assert_eq!(option("setoption name hash value 0"), SetOption::Hash(1));
    assert_eq!(
        option("setoption name MultiPV value 5000"),
        SetOption::MultiPv(218)
    );
    assert_eq!(option("setoption name Clear Hash"), SetOption::Other);
}

#[test]
fn bad_lines_harm_nothing() {
    for line in [
        "",
        " ",
        "xyzzy",
        "position",
        "position fen",
        "position fen 8/8/8/8/8/8/8/8 w - - 0 1",
        "position startpos moves e2e5",
        "position startpos moves \u{0}",
        "setoption",
        "setoption name Hash value many",
        "setoption name Hash value 99999999999999999999999",
        "go depth",
        "go depth x nodes -",
        "go movestogo 99999999999999999999",
        "\u{fffd}\u{fffd}",
    ] {
        let request = Request::parse(line);
        assert!(
            !matches!(request, Request::Position(_)),
            "{line}: {request:?}"
        );
    }
}

#[test]
fn what_was_found_is_said_as_the_protocol_has_it() {
    let setup = setup("position fen 6k1/5ppp/8/8/8/8/8/K3R3 w - - 0 1");
    let limits = Limits {
        nodes: 10_000,
        depth: 5,
        multipv: 1,
    };
    let report = Searcher::new(1).search(&setup.position, &setup.history, &limits, &mut Unwatched);
    assert_eq!(best_move(&report), "bestmove e1e8");
    let info = info(&report, Duration::from_millis(3));
    assert!(
        info.contains(" score mate 1 ") && info.ends_with(" pv e1e8"),
        "{info}"
    );
}
