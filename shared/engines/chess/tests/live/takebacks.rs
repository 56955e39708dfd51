//! Takebacks: who may ask, how far they go, and that the board is as it was.

use rookery_chess::live::{
    Challenge, Clocks, ColorPreference, Command, DrawPolicy, Event, Game, Refusal, Seat,
};
use rookery_chess::rules::notation;
use shakmaty::Color;

use crate::table::{ANNA, BERT, Table, open_challenge, seat, step};

#[test]
fn one_asks_and_the_other_grants() {
    let mut table = Table::new();
    table.play_all("e2e4 e7e5");
    let before = table.game.clone();
    table.play_all("g1f3");
    let asked = table.take_back(seat(ANNA)).expect("unrated");
    assert_eq!(asked.event, Event::TakebackOffered(Color::White));
    assert_eq!(asked.clocks, Clocks::Keep);
    assert_eq!(
        table.take_back(seat(ANNA)).expect_err("refused"),
        Refusal::AlreadyOffered
    );
    let granted = table.take_back(seat(BERT)).expect("Anna asked");
    // Not answered yet: only Anna's own move.
    assert_eq!(granted.event, Event::TakenBack { plies: 1 });
    assert_eq!(granted.clocks, Clocks::Restart);
    assert_eq!(format!("{:?}", table.game), format!("{before:?}"));
}

#[test]
fn an_answered_move_is_taken_back_with_its_answer() {
    let mut table = Table::new();
    table.play_all("e2e4 e7e5 g1f3 b8c6");
    table.take_back(seat(ANNA)).expect("unrated");
    let granted = table.take_back(seat(BERT)).expect("Anna asked");
    assert_eq!(granted.event, Event::TakenBack { plies: 2 });
    assert_eq!(
        notation::fen(&table.game.position),
        "rnbqkbnr/pppp1ppp/8/4p3/4P3/8/PPPP1PPP/RNBQKBNR w KQkq - 0 2"
    );
    table.play_all("f1c4");
    assert_eq!(table.game.ply, 3);
}

#[test]
fn repetition_is_counted_as_if_the_moves_had_not_been() {
    let mut table = Table::new();
    table.play_all("g1f3 g8f6 f3g1 f6g8 g1f3");
    let history = table.game.history.clone();
    table.play_all("a7a6");
    table.take_back(seat(BERT)).expect("unrated");
    table.take_back(seat(ANNA)).expect("Bert asked");
    assert_eq!(table.game.history, history);
    assert_eq!(table.game.history.occurrences(), 2);
}

#[test]
fn who_has_not_moved_has_nothing_to_take_back() {
    let mut table = Table::new();
    for by in [seat(ANNA), seat(BERT)] {
        assert_eq!(
            table.take_back(by).expect_err("refused"),
            Refusal::NothingToTakeBack
        );
    }
    table.play_all("e2e4");
    assert_eq!(
        table.take_back(seat(BERT)).expect_err("refused"),
        Refusal::NothingToTakeBack
    );
    assert!(table.take_back(seat(ANNA)).is_ok());
}

#[test]
fn a_move_drops_the_wish() {
    let mut table = Table::new();
    table.play_all("e2e4");
    table.take_back(seat(ANNA)).expect("unrated");
    table.play_all("e7e5");
    assert_eq!(table.game.offers.takeback, None);
}

#[test]
fn rated_moves_stand() {
    let mut table = Table::of(Challenge {
        rated: true,
        ..open_challenge()
    });
    table.play_all("e2e4");
    assert_eq!(
        table.take_back(seat(ANNA)).expect_err("refused"),
        Refusal::Rated
    );
}

#[test]
fn a_bot_grants_at_once() {
    let game = Game::against_bot(ANNA, ColorPreference::White, Color::White, DrawPolicy::Fide);
    let mut table = Table {
        game,
        moves: Vec::new(),
    };
    table.play_all("e2e4");
    table
        .apply(step(Seat::Bot, "e7e5"))
        .expect("the bot's turn");
    let granted = table.take_back(seat(ANNA)).expect("unrated");
    assert_eq!(granted.event, Event::TakenBack { plies: 2 });
    assert_eq!(table.game.ply, 0);
}

#[test]
fn moves_of_another_moment_are_not_believed() {
    let mut table = Table::new();
    table.play_all("e2e4 e7e5");
    table.take_back(seat(ANNA)).expect("unrated");
    let by = seat(BERT);
    for moves in [
        "",
        "e2e4",
        "e2e4 e7e6",
        "e2e4 e7e5 g1f3",
        "e2e4 e2e4",
        "e2e4 rubbish",
    ] {
        let moves = moves.split_whitespace().map(str::to_owned).collect();
        assert_eq!(
            table
                .game
                .apply(&Command::Takeback { by, moves })
                .expect_err("refused"),
            Refusal::VersionConflict
        );
    }
}
