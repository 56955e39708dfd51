//! What holds in every game, tried on random ones.

mod playout;

use rookery_chess::live::{DrawPolicy, EndReason, Event, Game};
use rookery_chess::rules::notation::{self, replay};
use rookery_chess::rules::{BadHistory, History};
use shakmaty::san::San;
use shakmaty::{Color, Position as _, uci::UciMove};

const GAMES: u64 = 150;

fn uci(played: &rookery_chess::live::Played) -> String {
    UciMove::Normal {
        from: played.from,
        to: played.to,
        promotion: played.promotion,
    }
    .to_string()
}

fn policy(seed: u64) -> DrawPolicy {
    DrawPolicy::ALL[(seed % 3) as usize]
}

#[test]
fn a_game_played_again_is_the_same_game() {
    for seed in 0..GAMES {
        let played = playout::play(seed, policy(seed));
        let texts: Vec<String> = played.moves.iter().map(|(played, _)| uci(played)).collect();
        let mut positions = replay(texts.iter().map(String::as_str));
        positions.next();
        for (reached, (stored, game)) in positions.zip(&played.moves) {
            let (position, history) = reached.expect("the moves are legal");
            assert_eq!(notation::fen(&position), stored.fen_after);
            assert_eq!(history, game.history);
            assert_eq!(stored.ply, game.ply);
        }
        assert_eq!(played.moves.len(), played.game.ply as usize);
    }
}

/// The store writes FEN and history and forgets the rest: what it reads must go on just so.
#[test]
fn a_game_read_from_its_row_goes_on_as_before() {
    for seed in 0..GAMES {
        let played = playout::play(seed, policy(seed));
        for pair in played.moves.windows(2) {
            let (stored, before) = &pair[0];
            let (next_stored, after) = &pair[1];
            let position = notation::position(&stored.fen_after).expect("our own FEN");
            let history = History::from_bytes(&before.history.to_bytes(), &position);
            let read = Game {
                history: history.expect("our own history"),
                position,
                ..before.clone()
            };
            let step: UciMove = uci(next_stored).parse().expect("our own UCI");
            let step = step.to_move(&read.position).expect("legal");
            let change = read.apply(&playout::command(&read, step)).expect("legal");
            assert_eq!(change.event, Event::Moved(next_stored.clone()));
            assert_eq!(change.next.ending, after.ending);
            assert_eq!(change.next.history, after.history);
        }
    }
}

#[test]
fn each_san_means_the_move_it_was_written_for() {
    for seed in 0..GAMES {
        let mut position = shakmaty::Chess::default();
        for (played, _) in playout::play(seed, policy(seed)).moves {
            let plain = played.san.trim_end_matches(['+', '#']);
            let san: San = plain.parse().expect("SAN");
            let step = san.to_move(&position).expect("one legal move");
            position.play_unchecked(step);
            assert_eq!(notation::fen(&position), played.fen_after);
            assert_eq!(played.san.ends_with('#'), position.is_checkmate());
            assert_eq!(
                played.san.ends_with('+'),
                position.is_check() && !position.is_checkmate()
            );
        }
    }
}

/// The games end in enough ways for the other tests to mean something, and never after their rules would have ended them.
#[test]
fn games_end_by_their_policy_and_no_later() {
    let mut seen = std::collections::HashSet::new();
    for seed in 0..GAMES {
        let played = playout::play(seed, policy(seed));
        let ending = played.game.ending.expect("over");
        seen.insert(ending.reason.as_str());
        let (repetitions, quiet) = match policy(seed) {
            DrawPolicy::Fide => (5, 150),
            DrawPolicy::Lichess => (5, 100),
            DrawPolicy::Chesscom => (3, 100),
        };
        let (last, before) = played.moves.split_last().expect("moves");
        for (_, game) in before {
            assert!(game.history.occurrences() < repetitions);
            assert!(game.position.halfmoves() < quiet);
            assert_eq!(game.ending, None);
        }
        if ending.reason == EndReason::Checkmate {
            assert_eq!(
                ending.result,
                Some(rookery_chess::live::GameResult::won_by(
                    !last.1.position.turn()
                ))
            );
        }
    }
    for reason in [
        EndReason::Checkmate,
        EndReason::InsufficientMaterial,
        EndReason::ThreefoldRepetition,
        EndReason::FivefoldRepetition,
        EndReason::FiftyMoves,
        EndReason::SeventyFiveMoves,
    ] {
        assert!(seen.contains(reason.as_str()), "{reason} in {seen:?}");
    }
}

#[test]
fn damaged_history_is_refused() {
    let start = shakmaty::Chess::default();
    let bytes = History::starting(&start).to_bytes();
    let read = |bytes: &[u8]| History::from_bytes(bytes, &start);
    assert!(read(&bytes).is_ok());
    assert_eq!(read(&[]), Err(BadHistory));
    assert_eq!(read(&bytes[1..]), Err(BadHistory));
    assert_eq!(read(&[bytes.as_slice(), &[0]].concat()), Err(BadHistory));
    // Of another position.
    assert_eq!(
        read(&[bytes.as_slice(), &[0; 16]].concat()),
        Err(BadHistory)
    );
    // Longer than any game that the 75-move rule leaves unfinished.
    assert!(read(&bytes.repeat(151)).is_ok());
    assert_eq!(read(&bytes.repeat(152)), Err(BadHistory));
}

#[test]
fn an_en_passant_that_is_not_legal_makes_no_other_position() {
    // After 1. a4 no black pawn can take: the position is the one that a3 and a4 would have reached, but for the clocks.
    let phantom = "k7/8/8/8/P7/8/8/K7 b - a3 0 1";
    let plain = "k7/8/8/8/P7/8/8/K7 b - - 0 1";
    let pinned = "8/8/8/8/R2pP2k/8/8/K7 b - e3 0 1";
    let without = "8/8/8/8/R2pP2k/8/8/K7 b - - 0 1";
    let legal = "8/8/8/8/3pP2k/8/8/K7 b - e3 0 1";
    let gone = "8/8/8/8/3pP2k/8/8/K7 b - - 0 1";
    let history = |fen| History::starting(&notation::position(fen).expect("fine"));
    assert_eq!(history(phantom), history(plain));
    // Taking would lay the rank open between rook and king.
    assert_eq!(history(pinned), history(without));
    assert_ne!(history(legal), history(gone));
    assert_eq!(
        notation::position(phantom).expect("fine").turn(),
        Color::Black
    );
    assert_eq!(
        notation::fen(&notation::position(phantom).expect("fine")),
        plain
    );
    assert_eq!(
        notation::fen(&notation::position(legal).expect("fine")),
        legal
    );
}

#[test]
fn a_lost_castling_right_makes_another_position() {
    // The rook goes out and back: the board is the same, the right to castle is not.
    let line = "h2h4 h7h5 h1h2 h8h7 h2h1 h7h8 h1h2 h8h7 h2h1 h7h8";
    let reached = replay(line.split_whitespace());
    let counts: Vec<usize> = reached
        .map(|reached| reached.expect("legal").1.occurrences())
        .collect();
    // The rooks are first at home again without the rights, then out again without Black's: only then it repeats. python-chess
    // 1.11.2 counts the same.
    assert_eq!(counts, [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
}
