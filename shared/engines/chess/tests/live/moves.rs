//! Which half-moves are played, how they are recorded, and what they are refused for.

use rookery_chess::live::{Change, Clocks, Command, DrawPolicy, Event, Fault, Played, Refusal};
use shakmaty::{Color, Role};

use crate::table::{ANNA, BERT, Table, seat, square, step};

fn played(change: Change) -> Played {
    match change.event {
        Event::Moved(played) => played,
        other => panic!("{other:?} is no move"),
    }
}

#[test]
fn the_contracts_example_is_played_though_it_sends_a_promotion() {
    let mut table = Table::new();
    let change = table.play("e2e4q").expect("legal");
    assert_eq!(change.clocks, Clocks::Switch);
    assert_eq!(
        played(change),
        Played {
            ply: 1,
            color: Color::White,
            from: square("e2"),
            to: square("e4"),
            promotion: None,
            san: "e4".to_owned(),
            fen_after: "rnbqkbnr/pppppppp/8/8/4P3/8/PPPP1PPP/RNBQKBNR b KQkq - 0 1".to_owned(),
        }
    );
}

#[test]
fn an_illegal_move_is_refused_in_the_contracts_words() {
    let refusal = Table::new().play("e2e5").expect_err("refused");
    assert_eq!(refusal.code(), "illegal_move");
    assert_eq!(refusal.fault(), Fault::BadRequest);
    assert_eq!(
        refusal.to_string(),
        "Move e2e5 is not legal from current position."
    );
}

#[test]
fn a_move_into_check_is_illegal() {
    let mut table = Table::at("4r2k/8/8/8/8/8/4N3/4K3 w - - 0 1", DrawPolicy::Fide);
    let pinned = table.play("e2c3").expect_err("refused");
    assert_eq!(pinned, Refusal::IllegalMove("e2c3".to_owned()));
}

#[test]
fn a_promotion_must_be_said_and_may_be_any_piece() {
    let fen = "7k/P7/8/8/8/8/8/K7 w - - 0 1";
    let refusal = Table::at(fen, DrawPolicy::Fide)
        .play("a7a8")
        .expect_err("refused");
    assert_eq!(refusal, Refusal::PromotionRequired("a7a8".to_owned()));
    assert_eq!(refusal.code(), "promotion_required");
    for (letter, role, san) in [
        ("q", Role::Queen, "a8=Q+"),
        ("r", Role::Rook, "a8=R+"),
        ("b", Role::Bishop, "a8=B"),
        ("n", Role::Knight, "a8=N"),
    ] {
        let change = Table::at(fen, DrawPolicy::Fide).play(&format!("a7a8{letter}"));
        let played = played(change.expect("legal"));
        assert_eq!((played.promotion, played.san.as_str()), (Some(role), san));
    }
    for nonsense in ["k", "p"] {
        let refusal = Table::at(fen, DrawPolicy::Fide).play(&format!("a7a8{nonsense}"));
        assert_eq!(
            refusal.expect_err("refused"),
            Refusal::PromotionRequired("a7a8".to_owned())
        );
    }
    // A pawn that cannot go there at all is not asked what it would like to be.
    let blocked = Table::at("n6k/P7/8/8/8/8/8/K7 w - - 0 1", DrawPolicy::Fide).play("a7a8");
    assert_eq!(
        blocked.expect_err("refused"),
        Refusal::IllegalMove("a7a8".to_owned())
    );
}

#[test]
fn castling_is_accepted_in_both_spellings_and_stored_in_one() {
    let fen = "r3k2r/8/8/8/8/8/8/R3K2R w KQkq - 0 1";
    let black = "r3k2r/8/8/8/8/8/8/R3K2R b KQkq - 0 1";
    for (fen, sent, to, san) in [
        (fen, "e1g1", "g1", "O-O"),
        (fen, "e1h1", "g1", "O-O"),
        (fen, "e1c1", "c1", "O-O-O"),
        (fen, "e1a1", "c1", "O-O-O"),
        (black, "e8g8", "g8", "O-O"),
        (black, "e8h8", "g8", "O-O"),
        (black, "e8c8", "c8", "O-O-O"),
        (black, "e8a8", "c8", "O-O-O"),
    ] {
        let played = played(Table::at(fen, DrawPolicy::Fide).play(sent).expect("legal"));
        assert_eq!(
            (played.to, played.san.as_str()),
            (square(to), san),
            "{sent}"
        );
    }
    let through_check = Table::at("r3k2r/8/8/8/8/5r2/8/R3K2R w KQkq - 0 1", DrawPolicy::Fide);
    for sent in ["e1g1", "e1h1"] {
        let mut table = Table::at(
            &rookery_chess::rules::notation::fen(&through_check.game.position),
            DrawPolicy::Fide,
        );
        assert_eq!(
            table.play(sent).expect_err("refused"),
            Refusal::IllegalMove(sent.to_owned())
        );
    }
}

#[test]
fn en_passant_takes_the_pawn_that_passed() {
    let mut table = Table::new();
    let change = table.play_all("e2e4 a7a6 e4e5 d7d5 e5d6");
    let played = played(change);
    assert_eq!(played.san, "exd6");
    assert_eq!(
        played.fen_after,
        "rnbqkbnr/1pp1pppp/p2P4/8/8/8/PPPP1PPP/RNBQKBNR b KQkq - 0 3"
    );
}

#[test]
fn a_san_tells_pieces_apart() {
    // Three queens that reach one square need file and rank.
    let mut table = Table::at("1k6/8/8/8/4Q2Q/8/8/K6Q w - - 0 1", DrawPolicy::Fide);
    assert_eq!(played(table.play("h4e1").expect("legal")).san, "Qh4e1");
}

#[test]
fn who_is_not_to_move_is_told_so_unless_the_ply_tells_more() {
    let mut table = Table::new();
    let early = table.apply(step(seat(BERT), "e7e5"));
    assert_eq!(early.expect_err("refused"), Refusal::NotYourTurn);
    let by = seat(ANNA);
    let first = Command::Move {
        by,
        from: square("e2"),
        to: square("e4"),
        promotion: None,
        ply: Some(1),
    };
    table.apply(first.clone()).expect("the first ply");
    let retried = table.apply(first).expect_err("refused");
    assert_eq!(retried, Refusal::PlyConflict { next: 2, sent: 1 });
    assert_eq!(retried.code(), "ply_conflict");
    assert_eq!(retried.fault(), Fault::Conflict);
    let without_ply = table.apply(step(by, "d2d4")).expect_err("refused");
    assert_eq!(without_ply, Refusal::NotYourTurn);
}

#[test]
fn a_refused_command_leaves_the_game_as_it_was() {
    let mut table = Table::new();
    table.play_all("e2e4 e7e5");
    let before = format!("{:?}", table.game);
    for command in [step(seat(ANNA), "e4e5"), step(seat(BERT), "d7d5")] {
        assert!(table.apply(command).is_err());
    }
    assert_eq!(format!("{:?}", table.game), before);
}
