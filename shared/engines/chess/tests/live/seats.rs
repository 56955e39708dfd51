//! Who may join, decline, abort and resign, and when.

use rookery_chess::live::{
    Challenge, Clocks, ColorPreference, Command, DrawPolicy, EndReason, Ending, Event, Fault, Game,
    Refusal, Seat, Seats, Status,
};
use shakmaty::Color;

use crate::table::{ANNA, BERT, STRANGER, Table, open_challenge, seat, step};

fn join(game: &Game, account: uuid::Uuid) -> Result<Game, Refusal> {
    let change = game.apply(&Command::Join {
        account,
        coin: false,
    })?;
    assert_eq!(
        (change.clocks, change.event),
        (Clocks::Start, Event::Joined)
    );
    Ok(change.next)
}

fn inviting_bert() -> Challenge {
    Challenge {
        invited: Some(BERT),
        ..open_challenge()
    }
}

#[test]
fn the_creator_gets_the_colour_it_wants_or_the_coins() {
    let colors = |preference, coin| {
        let waiting = Game::challenge(Challenge {
            preference,
            ..open_challenge()
        })
        .expect("fine");
        let change = waiting.apply(&Command::Join {
            account: STRANGER,
            coin,
        });
        let next = change.expect("open to everybody").next;
        assert_eq!(next.status, Status::InProgress);
        next.seats.expect("both sit").color_of(seat(ANNA))
    };
    for coin in [false, true] {
        assert_eq!(colors(ColorPreference::White, coin), Some(Color::White));
        assert_eq!(colors(ColorPreference::Black, coin), Some(Color::Black));
    }
    assert_eq!(colors(ColorPreference::Random, true), Some(Color::White));
    assert_eq!(colors(ColorPreference::Random, false), Some(Color::Black));
}

#[test]
fn only_the_invited_may_join_and_nobody_their_own_challenge() {
    let open = Game::challenge(open_challenge()).expect("fine");
    assert_eq!(
        join(&open, ANNA).expect_err("refused"),
        Refusal::OwnChallenge
    );
    let invited = Game::challenge(inviting_bert()).expect("fine");
    assert_eq!(
        join(&invited, STRANGER).expect_err("refused"),
        Refusal::NotAPlayer
    );
    let begun = join(&invited, BERT).expect("Bert is invited");
    assert_eq!(
        join(&begun, BERT).expect_err("refused"),
        Refusal::GameStarted
    );
    assert_eq!(
        Game::challenge(Challenge {
            invited: Some(ANNA),
            ..open_challenge()
        })
        .expect_err("refused"),
        Refusal::SelfChallenge
    );
}

#[test]
fn a_challenge_is_declined_by_the_invited_and_withdrawn_by_its_creator() {
    let waiting = Game::challenge(inviting_bert()).expect("fine");
    let ending = |account| {
        let change = waiting.apply(&Command::Decline { account })?;
        assert_eq!((change.clocks, change.event), (Clocks::Keep, Event::Ended));
        assert_eq!(change.next.status, Status::Ended);
        assert_eq!(
            join(&change.next, BERT).expect_err("refused"),
            Refusal::GameEnded
        );
        Ok(change.next.ending)
    };
    let nobody_won = |reason| {
        Ok(Some(Ending {
            result: None,
            reason,
        }))
    };
    assert_eq!(ending(BERT), nobody_won(EndReason::Declined));
    assert_eq!(ending(ANNA), nobody_won(EndReason::Aborted));
    assert_eq!(ending(STRANGER), Err(Refusal::NotAPlayer));
    let begun = Table::new().game;
    let late = begun.apply(&Command::Decline { account: BERT });
    assert_eq!(late.expect_err("refused"), Refusal::GameStarted);
}

#[test]
fn a_waiting_game_cannot_be_played() {
    let waiting = Game::challenge(inviting_bert()).expect("fine");
    for account in [ANNA, BERT] {
        assert_eq!(
            waiting
                .apply(&step(seat(account), "e2e4"))
                .expect_err("refused"),
            Refusal::GameNotStarted
        );
        let resigning = waiting.apply(&Command::Resign { by: seat(account) });
        assert_eq!(resigning.expect_err("refused"), Refusal::GameNotStarted);
    }
    let strangers = waiting.apply(&step(seat(STRANGER), "e2e4"));
    assert_eq!(strangers.expect_err("refused"), Refusal::NotAPlayer);
    assert_eq!(
        waiting.apply(&Command::Flag).expect_err("refused"),
        Refusal::GameNotStarted
    );
}

#[test]
fn a_bot_game_begins_at_once_and_is_never_rated() {
    let game = Game::against_bot(
        ANNA,
        ColorPreference::Random,
        Color::Black,
        DrawPolicy::Lichess,
    );
    assert_eq!(game.status, Status::InProgress);
    assert!(!game.rated);
    assert_eq!(
        game.seats,
        Some(Seats {
            white: Seat::Bot,
            black: seat(ANNA),
        })
    );
    game.apply(&step(Seat::Bot, "e2e4"))
        .expect("the bot's move");
    assert_eq!(
        game.apply(&step(seat(ANNA), "e2e4")).expect_err("refused"),
        Refusal::NotYourTurn
    );
}

#[test]
fn either_side_may_abort_before_the_second_half_move() {
    let mut table = Table::new();
    for by in [seat(ANNA), seat(BERT)] {
        let change = table.game.apply(&Command::Abort { by }).expect("early");
        assert_eq!(
            change.next.ending,
            Some(Ending {
                result: None,
                reason: EndReason::Aborted,
            })
        );
        assert_eq!(change.clocks, Clocks::Stop);
    }
    table.play_all("e2e4");
    assert!(table.game.apply(&Command::Abort { by: seat(BERT) }).is_ok());
    table.play_all("e7e5");
    let late = table.game.apply(&Command::Abort { by: seat(ANNA) });
    assert_eq!(late.expect_err("refused"), Refusal::TooLateToAbort);
}

#[test]
fn who_resigns_loses_on_either_turn_and_only_once() {
    for (resigning, result) in [(ANNA, "0-1"), (BERT, "1-0")] {
        let mut table = Table::new();
        let by = seat(resigning);
        let change = table.apply(Command::Resign { by }).expect("a player");
        assert_eq!((change.clocks, change.event), (Clocks::Stop, Event::Ended));
        let ending = table.game.ending.expect("over");
        assert_eq!(ending.reason, EndReason::Resignation);
        assert_eq!(ending.result.map(|result| result.as_str()), Some(result));
        let again = table.apply(Command::Resign { by: seat(BERT) });
        assert_eq!(again.expect_err("refused"), Refusal::GameEnded);
    }
}

#[test]
fn a_stranger_is_told_so_before_anything_else() {
    let by = seat(STRANGER);
    let mut table = Table::new();
    table
        .apply(Command::Resign { by: seat(ANNA) })
        .expect("fine");
    for command in [
        step(by, "e2e5"),
        Command::Resign { by },
        Command::Abort { by },
        Command::OfferDraw { by },
        Command::AcceptDraw { by },
        Command::DeclineDraw { by },
        Command::ClaimDraw { by },
        Command::Takeback {
            by,
            moves: Vec::new(),
        },
        Command::Decline { account: STRANGER },
        step(Seat::Bot, "e2e4"),
    ] {
        let refusal = table.game.apply(&command).expect_err("refused");
        assert_eq!(refusal, Refusal::NotAPlayer, "{command:?}");
        assert_eq!(refusal.code(), "not_a_player");
        assert_eq!(refusal.fault(), Fault::Forbidden);
    }
}
