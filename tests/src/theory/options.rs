//! Orders that say too much, too little or something else: refused before anything is queued, in the contract's words.

use serde_json::{Value, json};

use super::steps::{analysed_with, ordered_with};
use crate::harness::TestApp;

/// Every analysis of the contract, and what it is told here.
const ANALYSES: &[&str] = &[
    "Validation",
    "Dominance",
    "Nash Equilibrium",
    "IESDS",
    "Weak IESDS",
    "Verify Profile",
    "Quantal Response Equilibrium",
    "Cognitive Hierarchy",
    "Support Enumeration",
    "Backward Induction",
    "Replicator Dynamics",
    "Evolutionary Stability",
    "CFR Equilibrium",
    "CFR Convergence",
    "Exploitability",
    "Best Response",
    "Fictitious Play",
    "MAID Nash Equilibrium",
    "MAID Subgame Perfect Equilibrium",
    "MAID Verify Profile",
    "Value of Information",
    "Value of Control",
    "Decision Relevance",
];

/// Those that run whenever a game is looked at.
const CONTINUOUS: &[&str] = &[
    "Validation",
    "Dominance",
    "Nash Equilibrium",
    "IESDS",
    "Weak IESDS",
    "Quantal Response Equilibrium",
    "Cognitive Hierarchy",
    "Support Enumeration",
    "MAID Nash Equilibrium",
    "MAID Subgame Perfect Equilibrium",
];

#[tokio::test]
async fn every_analysis_of_the_contract_is_listed_under_its_name() {
    let app = TestApp::start().await;
    let listed = app.get("/api/analyses").await.expect(200);
    let listed = listed.as_array().expect("a list");
    for name in ANALYSES {
        let info = listed.iter().find(|info| info["name"] == *name);
        let info = info.unwrap_or_else(|| panic!("{name} is not listed"));
        assert_eq!(info["continuous"], CONTINUOUS.contains(name), "{name}");
        for option in info["options"].as_array().expect("a list") {
            assert!(
                option["name"].is_string() && option["values"].is_string(),
                "{option}"
            );
        }
    }
    let unknown = ordered_with(&app, "trust-game", "BadPlugin", json!({}))
        .await
        .detail(400);
    for name in ANALYSES {
        assert!(unknown.contains(&format!("'{name}'")), "{name}: {unknown}");
    }
}

/// A diagram takes every continuous analysis: its own, and the others by conversion.
#[tokio::test]
async fn a_look_at_a_game_shows_every_continuous_analysis() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let names = |game: &str| format!("/api/games/{game}/analyses");
    let on_diagram = app.get(&names("prisoners-dilemma-maid")).await.expect(200);
    let on_tree = app.get(&names("trust-game")).await.expect(200);
    for (analyses, diagrams) in [(&on_diagram, true), (&on_tree, false)] {
        for name in CONTINUOUS {
            let found = analyses
                .as_array()
                .expect("a list")
                .iter()
                .find(|analysis| analysis["plugin_name"] == *name);
            assert_eq!(
                found.is_some(),
                diagrams || !name.starts_with("MAID "),
                "{name}"
            );
            let Some(found) = found else { continue };
            assert!(found["details"]["computation_time_ms"].is_u64(), "{found}");
            assert_eq!(found["details"].get("error"), None, "{found}");
            assert_eq!(found["result"]["summary"], found["summary"]);
        }
    }
}

#[tokio::test]
async fn an_option_that_the_analysis_has_not_is_refused() {
    let app = TestApp::start().await;
    let before = app.get("/api/tasks").await.expect(200);
    for (plugin, config) in [
        ("IESDS", json!({ "tau": 2 })),
        ("Validation", json!({ "iterations": 10 })),
        ("Nash Equilibrium", json!({ "decision": "D1" })),
        ("Cognitive Hierarchy", json!({ "lambda": 1 })),
    ] {
        let refused = ordered_with(&app, "trust-game", plugin, config.clone())
            .await
            .detail(400);
        assert!(
            refused.starts_with(&format!("Plugin '{plugin}': unknown option: ")),
            "{config}: {refused}"
        );
    }
    assert_eq!(app.get("/api/tasks").await.expect(200), before);
}

#[tokio::test]
async fn a_value_of_the_wrong_kind_is_named_with_its_place() {
    let app = TestApp::start().await;
    for (plugin, option, value) in [
        ("Cognitive Hierarchy", "tau", json!("deep")),
        ("Cognitive Hierarchy", "tau", json!(-1)),
        ("Cognitive Hierarchy", "tau", json!(1e300)),
        ("CFR Equilibrium", "iterations", json!(0)),
        ("CFR Equilibrium", "iterations", json!(1.5)),
        (
            "CFR Equilibrium",
            "iterations",
            json!(18_446_744_073_709_551_615_u64),
        ),
        ("CFR Equilibrium", "algorithm", json!("magic")),
        ("Nash Equilibrium", "solver", json!("magic")),
        ("Nash Equilibrium", "solver", json!(["pure"])),
        ("Nash Equilibrium", "max_equilibria", json!(0)),
        ("Nash Equilibrium", "maxregret", json!(2)),
        ("Verify Profile", "profile", json!("both defect")),
        ("Verify Profile", "profile", json!([1, 0])),
        ("Value of Information", "decision", json!(7)),
        ("Replicator Dynamics", "initial_population", json!(true)),
        ("Nash Equilibrium", "colour", json!("blue")),
    ] {
        let config = json!({ option: value });
        let refused = ordered_with(&app, "trust-game", plugin, config.clone())
            .await
            .expect(422);
        let fault = &refused["detail"][0];
        assert_eq!(
            fault["loc"],
            json!(["body", "config", option]),
            "{config}: {refused}"
        );
        assert!(
            fault["msg"].as_str().is_some_and(|text| !text.is_empty()),
            "{refused}"
        );
    }
    for body in [
        json!([]),
        json!({ "config": [] }),
        json!({ "config": 7 }),
        json!("config"),
        json!({ "solver": "pure" }),
    ] {
        let reply = app
            .post("/api/tasks?game_id=trust-game&plugin=IESDS")
            .json(&body)
            .await;
        assert!(
            [400, 422].contains(&reply.status),
            "{body}: {}",
            reply.text()
        );
    }
}

/// The contract's order of checks: the plugin, the game, whether they fit.
#[tokio::test]
async fn the_first_thing_wrong_is_what_is_said() {
    let app = TestApp::start().await;
    let say = async |game: &str, plugin: &str| ordered_with(&app, game, plugin, json!({})).await;
    assert!(
        say("none", "BadPlugin")
            .await
            .detail(400)
            .starts_with("Unknown plugin: BadPlugin. ")
    );
    say("none", "MAID Nash Equilibrium")
        .await
        .refused(404, "Game not found: none");
    say("trust-game", "MAID Nash Equilibrium").await.refused(
        400,
        "Plugin 'MAID Nash Equilibrium' cannot run on this game (format: extensive)",
    );
}

/// The contract's clients send their solver and limit with whatever they order.
#[tokio::test]
async fn solver_and_limit_may_come_with_any_analysis() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let sent = json!({ "solver": "quick", "max_equilibria": 5 });
    for plugin in ["Validation", "IESDS", "Cognitive Hierarchy"] {
        let task = ordered_with(&app, "trust-game", plugin, sent.clone())
            .await
            .expect(200);
        assert_eq!(task["status"], "completed", "{task}");
        assert_eq!(task["config"], sent, "the task shows what was sent");
    }
}

#[tokio::test]
async fn null_is_as_if_it_were_not_said() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let config = json!({ "tau": null });
    let result = analysed_with(&app, "trust-game", "Cognitive Hierarchy", config).await;
    assert_eq!(result["details"]["tau"], Value::from(1.5));
}
