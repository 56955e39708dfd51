//! What is dominated, what is predicted, what a profile leaves to be gained: each analysis of tables and trees beside Nash
//! equilibria, by its exact name, on games whose answers are known.

use serde_json::{Value, json};

use super::steps::{AXELROD, analysed, analysed_with, assert_near, ordered_with, table, upload};
use crate::harness::TestApp;

const GIBBONS: &str = include_str!("../../games/gibbons-1-1-1.json");

#[tokio::test]
async fn dominance_names_the_dominated_and_the_dominator() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let dilemma = analysed(&app, "prisoners-dilemma", "Dominance", &[]).await;
    assert_eq!(dilemma["summary"], "2 dominated strategies");
    let found = dilemma["details"]["dominated_strategies"].clone();
    for (item, player) in found
        .as_array()
        .expect("a list")
        .iter()
        .zip(["Row", "Column"])
    {
        assert_eq!(item["player"], player);
        assert_eq!(item["dominated"], "Cooperate");
        assert_eq!(item["dominator"], "Defect");
        assert!(item["dominated_at_node"].is_string(), "{item}");
    }
    // Gibbons (1992), section 1.1.B: of all strategies only Right, before anything is eliminated.
    let gibbons = upload(&app, "gibbons.json", GIBBONS).await;
    let gibbons = analysed(&app, &gibbons, "Dominance", &[]).await;
    assert_eq!(gibbons["summary"], "Dom: Player 2.Right");
    let pennies = analysed(&app, "matching-pennies", "Dominance", &[]).await;
    assert_eq!(pennies["summary"], "No dominated strategies");
    assert_eq!(pennies["details"]["dominated_strategies"], json!([]));
}

/// The second row and the second column are never better and once worse; neither is strictly dominated.
#[tokio::test]
async fn weak_dominance_is_another_analysis() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let tie = table("tie", json!([[[1, 1], [0, 0]], [[0, 0], [0, 0]]]));
    let id = upload(&app, "tie.json", &tie).await;
    let strict = analysed(&app, &id, "IESDS", &[]).await;
    assert_eq!(strict["details"]["eliminated"], json!([]));
    let weak = analysed(&app, &id, "Weak IESDS", &[]).await["details"].clone();
    assert_eq!(weak["dominance_type"], "weak");
    assert_eq!(weak["surviving"], json!({ "Row": ["1"], "Column": ["1"] }));
    let gone = weak["eliminated"].as_array().expect("a list");
    assert!(
        gone.iter()
            .all(|item| item["strategy"] == "2" && item["round"].is_u64())
    );
    assert_eq!(gone.len(), 2);
    assert!(weak["rounds"].is_u64());
}

/// Axelrod's dilemma: temptation 5, reward 3, punishment 1, nothing for the sucker.
#[tokio::test]
async fn a_profile_is_judged_by_its_regrets() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "axelrod.json", AXELROD).await;
    let both =
        |choice: &str| json!({ "profile": { "Row": { choice: 1 }, "Column": { choice: 1 } } });
    let defect = analysed_with(&app, &id, "Verify Profile", both("Defect")).await;
    assert_eq!(defect["summary"], "Profile is a Nash equilibrium");
    let details = &defect["details"];
    assert_eq!(details["is_equilibrium"], true);
    assert_eq!(details["max_regret"], 0.0);
    assert_eq!(details["payoffs"], json!({ "Row": 1.0, "Column": 1.0 }));
    let regrets = json!({ "Cooperate": 1.0, "Defect": 0.0 });
    assert_eq!(
        details["strategy_regrets"],
        json!({ "Row": regrets, "Column": regrets })
    );
    let cooperate = analysed_with(&app, &id, "Verify Profile", both("Cooperate")).await;
    assert_eq!(
        cooperate["summary"],
        "Not an equilibrium (max regret: 2.0000)"
    );
    assert_eq!(cooperate["details"]["is_equilibrium"], false);
    assert_eq!(cooperate["details"]["max_regret"], 2.0);
}

#[tokio::test]
async fn a_profile_may_be_written_in_fractions() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let third = json!({ "Rock": "1/3", "Paper": "1/3", "Scissors": "1/3" });
    let shown = app.get("/api/games/rock-paper-scissors").await.expect(200);
    let profile: serde_json::Map<String, Value> = shown["players"]
        .as_array()
        .expect("players")
        .iter()
        .map(|player| {
            (
                player.as_str().unwrap_or_default().to_owned(),
                third.clone(),
            )
        })
        .collect();
    let config = json!({ "profile": profile });
    let result = analysed_with(&app, "rock-paper-scissors", "Verify Profile", config).await;
    assert_eq!(result["details"]["is_equilibrium"], true);
    assert_eq!(result["details"]["exact"]["max_regret"], "0");
}

#[tokio::test]
async fn without_a_profile_that_fits_the_game_there_is_nothing_to_verify() {
    let app = TestApp::start().await;
    let half = json!({ "Heads": 0.5, "Tails": 0.5 });
    for (what, config) in [
        ("no profile", json!({})),
        (
            "a player is missing",
            json!({ "profile": { "Matcher": half } }),
        ),
        (
            "a player is unknown",
            json!({ "profile": { "Matcher": half, "Nobody": half } }),
        ),
        (
            "a strategy is unknown",
            json!({ "profile": { "Matcher": half, "Mismatcher": { "Edge": 1 } } }),
        ),
        (
            "more than everything",
            json!({ "profile": { "Matcher": half, "Mismatcher": { "Heads": 0.5, "Tails": 0.75 } } }),
        ),
        (
            "less than nothing",
            json!({ "profile": { "Matcher": half, "Mismatcher": { "Heads": 2, "Tails": -1 } } }),
        ),
    ] {
        let refused = ordered_with(&app, "matching-pennies", "Verify Profile", config)
            .await
            .detail(400);
        assert!(
            refused.starts_with("Plugin 'Verify Profile': "),
            "{what}: {refused}"
        );
    }
}

/// McKelvey and Palfrey (1995): at a quantal response equilibrium the odds of two strategies are the exponential of lambda times the
/// difference of their payoffs. In Axelrod's dilemma against who cooperates with q: 1 + q.
#[tokio::test]
async fn quantal_responses_have_the_odds_that_their_payoffs_give() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "axelrod.json", AXELROD).await;
    let plugin = "Quantal Response Equilibrium";
    let share = |result: &Value| {
        assert_eq!(result["details"]["solver"], "gambit-logit");
        let equilibria = result["details"]["equilibria"].as_array().expect("a list");
        assert_eq!(equilibria.len(), 1);
        let shares = &equilibria[0]["strategies"]["Row"];
        shares["Cooperate"].as_f64().expect("a share")
    };
    for lambda in [0.5, 1.0, 2.0] {
        let result = analysed_with(&app, &id, plugin, json!({ "lambda": lambda })).await;
        let cooperates = share(&result);
        let odds = (lambda * (1.0 + cooperates)).exp();
        assert_near(&json!(cooperates), 1.0 / (1.0 + odds), 1e-5);
    }
    let limit = analysed(&app, &id, plugin, &[]).await;
    assert_eq!(
        limit["summary"],
        "QRE computed (1 equilibrium at high rationality)"
    );
    assert!(share(&limit) < 1e-3);
    assert!(
        limit["details"]["path"]
            .as_array()
            .is_some_and(|path| !path.is_empty())
    );
}

/// Camerer, Ho and Chong (2004): who does not think at all plays anything, everybody else avoids what is dominated.
#[tokio::test]
async fn only_those_who_do_not_think_cooperate_in_a_dilemma() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let plugin = "Cognitive Hierarchy";
    let usual = analysed(&app, "prisoners-dilemma", plugin, &[]).await;
    assert_eq!(usual["summary"], "Cognitive Hierarchy prediction (τ=1.5)");
    assert_eq!(usual["details"]["tau"], 1.5);
    assert_eq!(usual["details"]["solver"], "gambit-coghier");
    let deep = analysed_with(&app, "prisoners-dilemma", plugin, json!({ "tau": 3 })).await;
    for (result, tau) in [(&usual, 1.5), (&deep, 3.0_f64)] {
        let shares = &result["details"]["equilibria"][0]["behavior_profile"]["Row"];
        assert_near(&shares["Cooperate"], (-tau).exp() / 2.0, 1e-5);
    }
}

#[tokio::test]
async fn the_supports_that_dominance_leaves_are_listed() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let plugin = "Support Enumeration";
    for (game, count) in [
        ("prisoners-dilemma", 1),
        ("matching-pennies", 1),
        ("battle-of-sexes", 3),
    ] {
        let details = analysed(&app, game, plugin, &[]).await["details"].clone();
        assert_eq!(details["count"], count, "{game}");
        assert_eq!(details["solver"], "gambit-support-enum");
        let supports = details["supports"].as_array().expect("a list");
        assert_eq!(supports.len(), count);
        for item in supports {
            assert!(
                item["description"].is_string() && item["support"].is_object(),
                "{item}"
            );
        }
    }
}

/// Rosenthal (1981): whoever moves first takes. And Bob would betray, so Alice does not trust.
#[tokio::test]
async fn backward_induction_solves_from_the_end() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let plugin = "Backward Induction";
    let centipede = analysed(&app, "centipede-4", plugin, &[]).await;
    assert_eq!(centipede["summary"], "1 Subgame Perfect Equilibrium");
    let details = &centipede["details"];
    assert_eq!(details["solver"], "backward-induction");
    assert_eq!(details["exhaustive"], true);
    assert_eq!(
        details["equilibria"][0]["strategies"],
        json!({ "Player 1": { "Take/Take": 1.0 }, "Player 2": { "Take/Take": 1.0 } })
    );
    let trust = analysed(&app, "trust-game", plugin, &[]).await["details"].clone();
    assert_eq!(
        trust["equilibria"][0]["behavior_profile"],
        json!({ "Alice": { "Don't": 1.0 }, "Bob": { "Betray": 1.0 } })
    );
    assert_eq!(
        trust["equilibria"][0]["payoffs"],
        json!({ "Alice": 0.0, "Bob": 0.0 })
    );
    let hidden = ordered_with(&app, "matching-pennies", plugin, json!({}))
        .await
        .detail(400);
    assert!(
        hidden.starts_with("Plugin 'Backward Induction' cannot run on this game (format: normal)"),
        "{hidden}"
    );
}

/// Aumann (1974), example 2.5's numbers: with the traffic light that never says "both go" the players together have 10.5.
#[tokio::test]
async fn correlation_beats_every_equilibrium_of_chicken() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let chicken = table("chicken", json!([[[6, 6], [2, 7]], [[7, 2], [0, 0]]]));
    let id = upload(&app, "chicken.json", &chicken).await;
    let best = analysed(&app, &id, "Correlated Equilibrium", &[]).await;
    assert_near(&best["details"]["objective_value"], 10.5, 1e-12);
    let coarse = analysed(&app, &id, "Coarse Correlated Equilibrium", &[]).await;
    let value = coarse["details"]["objective_value"].as_f64();
    assert!(value.is_some_and(|value| value >= 10.5), "{coarse}");
}
