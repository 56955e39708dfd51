//! Known answers: mates from the literature, and what must hold for any search.

use shakmaty::fen::Fen;
use shakmaty::zobrist::Zobrist64;
use shakmaty::{CastlingMode, Chess, EnPassantMode, Position as _, Role};

use super::captures::{for_each_capture, for_each_quiet_check};
use super::node::Node;
use super::{Limits, Report, Score, Searcher, Unwatched, Watch};

fn position(fen: &str) -> Chess {
    fen.parse::<Fen>()
        .expect("a FEN")
        .into_position(CastlingMode::Standard)
        .expect("a position")
}

fn look(fen: &str, nodes: u64, multipv: usize) -> Report {
    let limits = Limits {
        nodes,
        depth: 64,
        multipv,
    };
    Searcher::new(4).search(&position(fen), &[], &limits, &mut Unwatched)
}

fn first_move(report: &Report) -> String {
    let line = report.lines.first().expect("a line");
    line.moves[0].to_uci(CastlingMode::Standard).to_string()
}

/// Positions of random games, a splitmix64 generator (Steele, Lea and Flood, 2014) choosing the moves.
fn random_positions(games: u64, mut visit: impl FnMut(&Chess)) {
    for game in 0..games {
        let mut state = game.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut position = Chess::default();
        for _ in 0..120 {
            visit(&position);
            let moves = position.legal_moves();
            if moves.is_empty() {
                break;
            }
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = state;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let m = moves[(mixed >> 33) as usize % moves.len()];
            position.play_unchecked(m);
        }
    }
}

#[test]
fn mates_of_the_literature_are_found_at_their_length() {
    let mates = [
        // Morphy against the Duke of Brunswick and Count Isouard, Paris 1858, before 16 Qb8+.
        (
            "4kb1r/p2n1ppp/4q3/4p1B1/4P3/1Q6/PPP2PPP/2KR4 w k - 1 16",
            "b3b8",
            2,
        ),
        // Back rank.
        ("6k1/5ppp/8/8/8/8/8/K3R3 w - - 0 1", "e1e8", 1),
        // The smothered mate that Lucena printed in 1497: Qg8+ Rxg8 Nf7.
        ("r6k/6pp/7N/8/2Q5/8/8/6K1 w - - 0 1", "c4g8", 2),
        // Paul Morphy's problem of 1849: Ra6 and mate next move.
        ("kbK5/pp6/1P6/8/8/8/8/R7 w - - 0 1", "a1a6", 2),
        // Two rooks: one holds the seventh rank, the other mates on the eighth.
        ("4k3/8/8/8/8/8/1R6/R5K1 w - - 0 1", "", 2),
    ];
    for (fen, best, moves) in mates {
        let report = look(fen, 200_000, 1);
        assert_eq!(report.lines[0].score, Score::Mate(moves), "{fen}");
        if !best.is_empty() {
            assert_eq!(first_move(&report), best, "{fen}");
        }
    }
}

#[test]
fn the_side_that_is_mated_sees_it_too() {
    // After 1 Ra6 of Morphy's problem: whatever black does is mate.
    let report = look("kbK5/pp6/RP6/8/8/8/8/8 b - - 1 1", 100_000, 1);
    assert_eq!(report.lines[0].score, Score::Mate(-1));
}

#[test]
fn without_a_legal_move_there_is_no_line() {
    let mate = look("R5k1/5ppp/8/8/8/8/8/K7 b - - 0 1", 1_000, 1);
    let stalemate = look("k7/2Q5/1K6/8/8/8/8/8 b - - 0 1", 1_000, 1);
    assert!(mate.lines.is_empty() && stalemate.lines.is_empty());
}

#[test]
fn the_node_limit_is_kept_to_the_node() {
    let kiwipete = "r3k2r/p1ppqpb1/bn2pnp1/3PN3/1p2P3/2N2Q1p/PPPBBPPP/R3K2R w KQkq - 0 1";
    for nodes in [1, 2, 10, 100, 1_000, 12_345] {
        let report = look(kiwipete, nodes, 1);
        assert!(report.nodes <= nodes, "{} of {nodes}", report.nodes);
        assert_eq!(report.lines.len(), 1);
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let fen = "r1bq1rk1/pp2bppp/2n1pn2/3p4/3P4/2NBPN2/PP3PPP/R1BQ1RK1 w - - 0 9";
    let limits = Limits {
        nodes: 30_000,
        depth: 64,
        multipv: 3,
    };
    let mut used = Searcher::new(8);
    used.search(&Chess::default(), &[], &limits, &mut Unwatched);
    used.clear();
    let again = used.search(&position(fen), &[], &limits, &mut Unwatched);
    let fresh = Searcher::new(8).search(&position(fen), &[], &limits, &mut Unwatched);
    assert_eq!(again, fresh);
}

#[test]
fn lines_are_legal_to_their_end_and_ranked() {
    let mut searcher = Searcher::new(2);
    let limits = Limits {
        nodes: 400,
        depth: 64,
        multipv: 4,
    };
    random_positions(6, |start| {
        let report = searcher.search(start, &[], &limits, &mut Unwatched);
        assert_eq!(report.lines.is_empty(), start.legal_moves().is_empty());
        assert!(
            report
                .lines
                .is_sorted_by(|a, b| a.score.centipawns() >= b.score.centipawns())
        );
        for line in &report.lines {
            let mut position = start.clone();
            for &m in &line.moves {
                position = position.play(m).expect("a legal move");
            }
        }
    });
}

#[test]
fn several_lines_have_the_scores_of_their_own_searches() {
    // Depth 1 leaves nothing out: how many lines are wanted does not change what the best are worth.
    let start = position("r1bqkbnr/pppp1ppp/2n5/4p3/2B1P3/5N2/PPPP1PPP/RNBQK2R b KQkq - 3 3");
    let limits = Limits {
        nodes: u64::MAX,
        depth: 1,
        multipv: 218,
    };
    let report = Searcher::new(1).search(&start, &[], &limits, &mut Unwatched);
    assert_eq!(report.lines.len(), start.legal_moves().len());
    for few in [1, 3, 7] {
        let limits = Limits {
            multipv: few,
            ..limits
        };
        let first = Searcher::new(1).search(&start, &[], &limits, &mut Unwatched);
        let scores = |report: &Report| -> Vec<Score> {
            let lines = report.lines.iter().take(few);
            lines.map(|line| line.score).collect()
        };
        assert_eq!(scores(&first), scores(&report));
    }
}

#[test]
fn a_watch_ends_the_search() {
    struct After(u64);
    impl Watch for After {
        fn stop(&mut self, nodes: u64) -> bool {
            nodes >= self.0
        }
    }
    let limits = Limits {
        nodes: u64::MAX,
        depth: 64,
        multipv: 1,
    };
    let report = Searcher::new(1).search(&Chess::default(), &[], &limits, &mut After(5_000));
    assert!(report.nodes < 6_000 && report.lines.len() == 1);
}

#[test]
fn captures_are_those_among_the_legal_moves() {
    random_positions(60, |position| {
        if position.is_check() {
            return;
        }
        let mut ours = Vec::new();
        for_each_capture(position, |m| ours.push(m.to_string()));
        let mut legal: Vec<String> = position
            .legal_moves()
            .iter()
            .filter(|m| match m.promotion() {
                Some(role) => role == Role::Queen,
                None => m.is_capture(),
            })
            .map(ToString::to_string)
            .collect();
        ours.sort();
        legal.sort();
        assert_eq!(ours, legal, "{position:?}");
    });
}

#[test]
fn quiet_checks_are_legal_and_check() {
    random_positions(60, |position| {
        if position.is_check() {
            return;
        }
        let mut ours = Vec::new();
        for_each_quiet_check(position, |m| ours.push(m.to_string()));
        // Those among the legal ones whose own piece gives the check.
        let mut legal: Vec<String> = position
            .legal_moves()
            .into_iter()
            .filter(|m| {
                let after = position.clone().play(*m).expect("a legal move");
                matches!(
                    m.role(),
                    Role::Knight | Role::Bishop | Role::Rook | Role::Queen
                ) && !m.is_capture()
                    && after.checkers().contains(m.to())
            })
            .map(|m| m.to_string())
            .collect();
        ours.sort();
        legal.sort();
        assert_eq!(ours, legal, "{position:?}");
    });
}

#[test]
fn keys_are_kept_move_by_move() {
    random_positions(60, |position| {
        let node = Node::new(position);
        for m in position.legal_moves() {
            let child = node.after(m);
            let anew: Zobrist64 = child.position.zobrist_hash(EnPassantMode::Legal);
            assert_eq!(child.key, anew, "{position:?} {m}");
        }
        if let Some(child) = node.after_passing().filter(|_| !node.in_check()) {
            let passed = position.clone().swap_turn().expect("nobody is in check");
            let anew: Zobrist64 = passed.zobrist_hash(EnPassantMode::Legal);
            assert_eq!((child.key, &child.position), (anew, &passed));
        }
    });
}

#[test]
fn a_repetition_is_taken_when_all_else_loses() {
    // White is a queen down and gives check for ever from e8 and h5 (perpetual check).
    let report = look("6k1/6p1/8/6KQ/1r6/q2b4/8/8 w - - 0 1", 100_000, 1);
    assert_eq!(report.lines[0].score, Score::Cp(0));
}

#[test]
fn a_repetition_with_the_game_before_counts() {
    // Rook against rook, white a pawn up; the position after Rb8 has been on the board twice: it would be the third time.
    let start = position("1r6/8/8/8/1k6/8/P7/K6R w - - 10 60");
    let m = start
        .legal_moves()
        .into_iter()
        .find(|m| m.to_uci(CastlingMode::Standard).to_string() == "h1h8")
        .expect("it is legal");
    let after = Node::new(&start).after(m);
    let other = Zobrist64(1);
    // Oldest first; sides alternate, so the same position lies an even number of plies back.
    let history = [after.key, other, other, other, after.key, other, other];
    let limits = Limits {
        nodes: u64::MAX,
        depth: 1,
        multipv: 218,
    };
    let value_of = |history: &[Zobrist64]| {
        let report = Searcher::new(1).search(&start, history, &limits, &mut Unwatched);
        let line = report.lines.iter().find(|line| line.moves[0] == m);
        line.expect("all moves have lines").score
    };
    assert_eq!(value_of(&history), Score::Cp(0));
    assert_ne!(value_of(&[]), Score::Cp(0));
}

#[test]
fn the_fifty_move_rule_is_seen_coming() {
    // A queen up, but the next move that is no pawn move or capture makes it a draw.
    let drawn = look("8/8/8/3k4/8/8/8/KQ6 w - - 99 120", 20_000, 1);
    assert_eq!(drawn.lines[0].score, Score::Cp(0));
    // Mate on the hundredth half-move comes before the draw (FIDE 9.6.2).
    let mate = look("k7/8/1K6/8/8/8/8/7R w - - 99 120", 20_000, 1);
    assert_eq!(mate.lines[0].score, Score::Mate(1));
}

#[test]
fn boards_with_as_many_moves_as_there_can_be_are_searched() {
    // 218 moves (Petrović, 1964).
    let start = position("R6R/3Q4/1Q4Q1/4Q3/2Q4Q/Q4Q2/pp1Q4/kBNN1KB1 w - - 0 1");
    let limits = Limits {
        nodes: 50_000,
        depth: 1,
        multipv: 218,
    };
    let report = Searcher::new(1).search(&start, &[], &limits, &mut Unwatched);
    assert_eq!(report.lines.len(), 218);
    assert_eq!(report.lines[0].score, Score::Mate(1));
}
