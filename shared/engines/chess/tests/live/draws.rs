//! Draw offers and claims.

use rookery_chess::live::{Clocks, Command, DrawPolicy, EndReason, Ending, Event, Refusal};
use shakmaty::Color;

use crate::clocks::LOCKED;
use crate::table::{ANNA, BERT, Table, seat};

const AGREED: Option<Ending> = Some(Ending::drawn(EndReason::DrawAgreed));

fn offered_by_anna() -> Table {
    let mut table = Table::new();
    let by = seat(ANNA);
    let change = table.apply(Command::OfferDraw { by }).expect("in progress");
    assert_eq!(change.event, Event::DrawOffered(Color::White));
    assert_eq!(change.clocks, Clocks::Keep);
    table
}

#[test]
fn an_offer_is_accepted_or_met_by_the_same_offer() {
    let by = seat(BERT);
    for answer in [Command::AcceptDraw { by }, Command::OfferDraw { by }] {
        let mut table = offered_by_anna();
        let change = table.apply(answer).expect("there is an offer");
        assert_eq!((change.clocks, change.event), (Clocks::Stop, Event::Ended));
        assert_eq!(table.game.ending, AGREED);
    }
}

#[test]
fn an_offer_outlives_the_offerers_move_and_lapses_with_the_others() {
    let by = seat(BERT);
    let mut table = offered_by_anna();
    table.play_all("e2e4");
    assert_eq!(table.game.offers.draw, Some(Color::White));
    assert!(table.game.apply(&Command::AcceptDraw { by }).is_ok());
    table.play_all("e7e5");
    assert_eq!(table.game.offers.draw, None);
    let late = table.apply(Command::AcceptDraw { by });
    assert_eq!(late.expect_err("refused"), Refusal::NoDrawOffer);
}

#[test]
fn an_offer_can_be_declined_and_made_again() {
    let mut table = offered_by_anna();
    let by = seat(ANNA);
    let twice = table.apply(Command::OfferDraw { by }).expect_err("refused");
    assert_eq!(twice, Refusal::AlreadyOffered);
    let own = table
        .apply(Command::AcceptDraw { by })
        .expect_err("refused");
    assert_eq!(own, Refusal::NoDrawOffer);
    let own = table
        .apply(Command::DeclineDraw { by })
        .expect_err("refused");
    assert_eq!(own, Refusal::NoDrawOffer);
    let declined = table.apply(Command::DeclineDraw { by: seat(BERT) });
    assert_eq!(
        declined.expect("Anna's offer").event,
        Event::DrawDeclined(Color::Black)
    );
    assert!(table.apply(Command::OfferDraw { by }).is_ok());
}

#[test]
fn a_third_occurrence_is_drawn_by_claim_of_either_side() {
    let mut table = Table::new();
    let shuffle = "g1f3 g8f6 f3g1 f6g8";
    table.play_all(shuffle);
    let early = table.game.apply(&Command::ClaimDraw { by: seat(ANNA) });
    assert_eq!(early.expect_err("refused"), Refusal::NothingToClaim);
    table.play_all(shuffle);
    for by in [seat(ANNA), seat(BERT)] {
        let change = table.game.apply(&Command::ClaimDraw { by });
        assert_eq!(
            change.expect("the third time").next.ending,
            Some(Ending::drawn(EndReason::ThreefoldRepetition))
        );
    }
    // The claim is about the board as it stands.
    table.play_all("e2e4");
    let late = table.apply(Command::ClaimDraw { by: seat(BERT) });
    assert_eq!(late.expect_err("refused"), Refusal::NothingToClaim);
}

#[test]
fn a_dead_position_is_drawn_by_claim() {
    let mut table = Table::at(LOCKED, DrawPolicy::Fide);
    table
        .apply(Command::ClaimDraw { by: seat(BERT) })
        .expect("nobody can win");
    assert_eq!(
        table.game.ending,
        Some(Ending::drawn(EndReason::DeadPosition))
    );
    let mut lively = Table::at(
        "5b2/p7/Pp3k2/1Pp1pBp1/2P1P1P1/5K2/8/8 w - - 0 1",
        DrawPolicy::Fide,
    );
    let claimed = lively.apply(Command::ClaimDraw { by: seat(ANNA) });
    assert_eq!(claimed.expect_err("refused"), Refusal::NothingToClaim);
}
