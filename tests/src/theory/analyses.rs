//! The analyses beside Nash equilibria, the list of them, and the continuous ones at once.

use serde_json::{Value, json};

use super::steps::{THREE_AGREE, analysed, endless_game, upload};
use crate::harness::TestApp;

const GIBBONS: &str = include_str!("../../games/gibbons-1-1-1.json");

#[tokio::test]
async fn the_analyses_are_listed() {
    let app = TestApp::start().await;
    let analyses = app.get("/api/analyses").await.expect(200);
    for name in ["Nash Equilibrium", "IESDS", "Validation"] {
        let info = analyses
            .as_array()
            .expect("a list")
            .iter()
            .find(|info| info["name"] == name)
            .unwrap_or_else(|| panic!("{name} is not in {analyses}"));
        let takes = info["applicable_to"].as_array().expect("a list");
        assert_eq!(takes[..2], [json!("extensive"), json!("normal")]);
        assert_eq!(info["continuous"], true);
        assert!(
            info["description"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
    }
}

/// Gibbons (1992), section 1.1.B: Right, then Down, then Left.
#[tokio::test]
async fn dominated_strategies_go_round_by_round() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "gibbons.json", GIBBONS).await;
    let result = analysed(&app, &id, "IESDS", &[]).await;
    let details = &result["details"];
    assert_eq!(
        details["eliminated"],
        json!([
            { "player": "Player 2", "strategy": "Right", "round": 1 },
            { "player": "Player 1", "strategy": "Down", "round": 2 },
            { "player": "Player 2", "strategy": "Left", "round": 3 },
        ])
    );
    assert_eq!(details["rounds"], 3);
    assert_eq!(
        details["surviving"],
        json!({ "Player 1": ["Up"], "Player 2": ["Middle"] })
    );
    assert!(details["computation_time_ms"].is_u64());
}

#[tokio::test]
async fn where_nothing_is_dominated_everything_survives() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let result = analysed(&app, "matching-pennies", "IESDS", &[]).await;
    assert_eq!(result["details"]["eliminated"], json!([]));
    assert_eq!(result["details"]["rounds"], 0);
    assert_eq!(
        result["details"]["surviving"],
        json!({ "Matcher": ["Heads", "Tails"], "Mismatcher": ["Heads", "Tails"] })
    );
}

#[tokio::test]
async fn a_sound_game_is_valid_and_an_odd_one_is_with_warnings() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let sound = analysed(&app, "trust-game", "Validation", &[]).await;
    assert_eq!(sound["summary"], "Valid");
    assert_eq!(sound["details"]["errors"], json!([]));
    assert_eq!(sound["details"]["warnings"], json!([]));
    // The third player has no move, and the second move of the first forgets the first move.
    let odd = "EFG 2 R \"odd\" { \"A\" \"B\" \"C\" }\n\
        p \"\" 1 1 \"\" { \"x\" \"y\" } 0\n\
        p \"\" 1 1 \"\" { \"x\" \"y\" } 0\n\
        t \"\" 1 \"\" { 1 0 0 }\n\
        p \"\" 2 1 \"\" { \"u\" \"v\" } 0\nt \"\" 2 \"\" { 0 1 0 }\nt \"\" 3 \"\" { 0 0 0 }\n\
        t \"\" 4 \"\" { 0 0 1 }\n";
    let id = upload(&app, "odd.efg", odd).await;
    let odd = analysed(&app, &id, "Validation", &[]).await;
    let warnings = odd["details"]["warnings"]
        .as_array()
        .expect("a list")
        .clone();
    assert_eq!(
        odd["summary"],
        format!("Valid with {} warning(s)", warnings.len())
    );
    for about in ["'C'", "'A'"] {
        assert!(
            warnings
                .iter()
                .any(|text| text.as_str().is_some_and(|text| text.contains(about))),
            "{warnings:?}"
        );
    }
}

#[tokio::test]
async fn the_continuous_analyses_come_at_once() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let analyses = app.get("/api/games/trust-game/analyses").await.expect(200);
    let of = |plugin: &str| find(&analyses, plugin);
    assert_eq!(of("Validation")["summary"], "Valid");
    assert_eq!(of("Validation")["details"]["errors"], json!([]));
    assert_eq!(of("Nash Equilibrium")["summary"], "2 Nash equilibria");
    for analysis in analyses.as_array().expect("a list") {
        assert!(
            analysis["details"]["computation_time_ms"].is_u64(),
            "{analysis}"
        );
        // The newer shape of the original beside the contract's.
        assert_eq!(analysis["result"]["summary"], analysis["summary"]);
        assert_eq!(analysis["result"]["details"], analysis["details"]);
    }
}

fn find<'a>(analyses: &'a Value, plugin: &str) -> &'a Value {
    let analyses = analyses.as_array().expect("a list");
    analyses
        .iter()
        .find(|analysis| analysis["plugin_name"] == plugin)
        .unwrap_or_else(|| panic!("{plugin} is not in {analyses:?}"))
}

#[tokio::test]
async fn their_solver_can_be_chosen() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let pure = app
        .get("/api/games/matching-pennies/analyses?solver=pure")
        .await
        .expect(200);
    assert_eq!(
        find(&pure, "Nash Equilibrium")["summary"],
        "No Nash equilibria found"
    );
    let one = app
        .get("/api/games/battle-of-sexes/analyses?solver=quick&max_equilibria=1")
        .await
        .expect(200);
    let found = &find(&one, "Nash Equilibrium")["details"]["equilibria"];
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    let fault = app
        .get("/api/games/trust-game/analyses?solver=magic")
        .await
        .expect(422);
    assert_eq!(fault["detail"][0]["loc"], json!(["query", "solver"]));
}

#[tokio::test]
async fn what_cannot_take_the_game_is_left_out_and_what_is_no_game_is_not_found() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    app.get("/api/games/invalid-id/analyses")
        .await
        .refused(404, "Game not found: invalid-id");
    let id = upload(&app, "agree.nfg", THREE_AGREE).await;
    let analyses = app
        .get(&format!("/api/games/{id}/analyses"))
        .await
        .expect(200);
    assert_eq!(
        find(&analyses, "Nash Equilibrium")["summary"],
        "3 Nash equilibria"
    );
}

#[tokio::test]
async fn an_analysis_that_takes_too_long_shows_what_it_has() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "endless.nfg", &endless_game()).await;
    let analyses = app
        .get(&format!("/api/games/{id}/analyses"))
        .await
        .expect(200);
    assert_eq!(find(&analyses, "Validation")["summary"], "Valid");
    let nash = find(&analyses, "Nash Equilibrium");
    assert_eq!(nash["details"]["exhaustive"], false, "{nash}");
    assert!(
        nash["summary"]
            .as_str()
            .is_some_and(|summary| summary.ends_with('+') || summary.starts_with("No "))
    );
}

/// Whoever looks at a game does not stand behind those who compute for hours.
#[tokio::test]
async fn a_look_at_a_game_does_not_wait_for_long_runs() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let game = upload(&app, "endless.nfg", &endless_game()).await;
    let order = format!("/api/tasks?game_id={game}&plugin=Nash%20Equilibrium");
    let mut running = Vec::new();
    // As many as a worker takes, which is more than it has threads.
    for _ in 0..4 {
        let task = app.post(&order).await.expect(200);
        let id = task["id"].as_str().expect("an id").to_owned();
        app.begun(&id).await;
        running.push(id);
    }
    let looked = app.get("/api/games/trust-game/analyses").await.expect(200);
    let nash = looked
        .as_array()
        .expect("a list")
        .iter()
        .find(|analysis| analysis["plugin_name"] == "Nash Equilibrium")
        .expect("it is continuous");
    // Don't trust, and betray: the only one.
    assert_eq!(nash["details"]["exhaustive"], true, "{nash}");
    for id in running {
        let task = app.get(&format!("/api/tasks/{id}")).await.expect(200);
        assert_eq!(task["status"], "running", "the long runs go on");
        app.delete(&format!("/api/tasks/{id}")).await.expect(200);
    }
    app.idle().await;
}
