//! Fallen flags: each at its deadline, whoever sees it first, judged by whether the other side could still have mated.

use serde_json::json;

use super::known_games::BLACK_IS_BARE;
use super::players::{Game, app, drawn, ended, ends_by_itself, passed, seconds, still, time};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn against_a_bare_king_a_flag_is_a_draw() {
    let app = app().await;
    let _worker = app.worker();
    let game = Game::start(&[&app], &seconds(8, 0)).await;
    let last = game.play_all(BLACK_IS_BARE).await;
    ends_by_itself(&app.store.pool, &game.id).await;
    let seen = game.look().await;
    drawn(&seen, "timeout_vs_insufficient_material");
    assert_eq!(seen["adjudication"], "exact");
    assert_eq!(seen["ended_at"], last["deadline_at"]);
    assert_eq!(seen["white_clock_ms"], 0);
}

/// The bare king's own flag: the other side could have mated.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_flag_of_a_bare_king_loses() {
    let app = app().await;
    let _worker = app.worker();
    let game = Game::start(&[&app], &seconds(8, 0)).await;
    game.play_all(BLACK_IS_BARE).await;
    let last = game.play("a2a3").await;
    ends_by_itself(&app.store.pool, &game.id).await;
    let seen = game.look().await;
    assert_eq!(ended(&seen), ("timeout".into(), Some("1-0".into())));
    assert_eq!(seen["ended_at"], last["deadline_at"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_flags_fall_each_at_its_own_deadline() {
    let app = app().await;
    let other = app.another_node().await;
    let _workers = (app.worker(), app.worker());
    let starts = (0..40).map(|_| async {
        let game = Game::start(&[&app, &other], &seconds(1, 0)).await;
        let last = game.send("e2e4").await;
        (game, last)
    });
    for (game, last) in futures_util::future::join_all(starts).await {
        ends_by_itself(&app.store.pool, &game.id).await;
        let seen = game.look().await;
        let winner = if last.status == 200 { "1-0" } else { "0-1" };
        assert_eq!(ended(&seen), ("timeout".into(), Some(winner.into())));
        if last.status == 200 {
            assert_eq!(seen["ended_at"], last.json()["deadline_at"]);
        }
    }
}

/// Moves that come in time put the flag off: the alarm of the turn before means nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_alarm_ends_nothing() {
    let app = app().await;
    let _worker = app.worker();
    let game = Game::start(&[&app], &seconds(2, 60)).await;
    // The increments carry both far beyond the deadlines of their first turns, whose alarms would ring later than these moves.
    let first = time(&game.play("e2e4").await, "deadline_at");
    let played = game.play("e7e5").await;
    passed(&app.store.pool, first).await;
    let seen = game.look().await;
    assert_eq!(still(&seen), still(&played));
    assert_eq!(seen["status"], "in_progress");
}

/// White's last moment and the flag: one of them, and everybody sees the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_move_and_the_flag_race_for_one_outcome() {
    let app = app().await;
    let other = app.another_node().await;
    let _workers = (app.worker(), app.worker());
    for early_ms in [40, 20, 10, 5, 2, 0] {
        let game = Game::start(&[&app, &other], &seconds(1, 0)).await;
        let joined = game.look().await;
        let deadline = time(&joined, "deadline_at");
        let moment = deadline - chrono::TimeDelta::milliseconds(early_ms);
        passed(&app.store.pool, moment).await;
        let (played, _, _) = tokio::join!(game.send("e2e4"), game.look(), game.white("tick"));
        ends_by_itself(&app.store.pool, &game.id).await;
        let seen = game.look().await;
        let moves = seen["moves"].as_array().expect("a list").len();
        match played.status {
            200 => {
                let answer = played.json();
                assert_eq!(moves, 1, "acknowledged is kept");
                assert_eq!(ended(&seen), ("timeout".into(), Some("1-0".into())));
                assert_eq!(seen["ended_at"], answer["deadline_at"]);
            }
            _ => {
                played.refused_as(409, "game_ended");
                assert_eq!(moves, 0, "refused is not there");
                assert_eq!(ended(&seen), ("timeout".into(), Some("0-1".into())));
                assert_eq!(time(&seen, "ended_at"), deadline);
            }
        }
        // Nothing happens to it any more.
        assert_eq!(still(&game.white("tick").await.expect(200)), still(&seen));
        assert_eq!(seen["draw_offer"], json!(null));
    }
}
