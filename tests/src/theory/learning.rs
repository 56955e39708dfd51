//! What is learned and what evolves: regret minimisation on Kuhn's poker, populations in Axelrod's dilemma.

use serde_json::{Value, json};

use super::steps::{
    AXELROD, analysed, analysed_with, assert_near, kuhn_poker, ordered_with, upload,
};
use crate::harness::TestApp;

/// Kuhn (1950): the value of the game to the first player.
const VALUE: f64 = -1.0 / 18.0;

#[tokio::test]
async fn every_kind_of_regret_minimisation_finds_the_value_of_kuhn_s_poker() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "kuhn.efg", &kuhn_poker()).await;
    for (algorithm, iterations, tolerance) in [
        ("cfr", 3000, 0.02),
        ("cfr+", 1000, 0.01),
        ("dcfr", 1000, 0.01),
        ("pcfr+", 1000, 0.01),
        ("mccfr", 200_000, 0.05),
    ] {
        let config = json!({ "algorithm": algorithm, "iterations": iterations });
        let result = analysed_with(&app, &id, "CFR Equilibrium", config).await;
        assert_eq!(
            result["summary"],
            format!("CFR equilibrium ({algorithm}, {iterations} iterations)")
        );
        let details = &result["details"];
        assert_eq!(details["algorithm"], algorithm);
        assert_eq!(details["iterations"], iterations);
        assert_eq!(details["players"], json!(["First", "Second"]));
        assert_near(&details["payoffs"]["First"], VALUE, tolerance);
        let strategy = details["strategy"].as_object().expect("by information set");
        assert_eq!(strategy.len(), 12, "three cards at four points of the game");
        for actions in strategy.values() {
            let shares = actions.as_object().expect("by action").values();
            let sum: f64 = shares.filter_map(Value::as_f64).sum();
            assert_near(&json!(sum), 1.0, 1e-9);
        }
    }
}

#[tokio::test]
async fn convergence_is_followed_at_the_contract_s_points() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "kuhn.efg", &kuhn_poker()).await;
    let details = analysed(&app, &id, "CFR Convergence", &[]).await["details"].clone();
    assert_eq!(details["algorithm"], "cfr+");
    assert_eq!(details["iterations"], 1000);
    let history = details["convergence_history"].as_array().expect("a list");
    let at: Vec<_> = history
        .iter()
        .map(|point| point["iteration"].clone())
        .collect();
    assert_eq!(json!(at), json!([10, 50, 100, 500, 1000]));
    let left = |point: &Value| point["exploitability"].as_f64().expect("a number");
    assert!(left(&history[4]) < left(&history[0]) / 10.0);
    assert_eq!(
        details["final_exploitability"],
        history[4]["exploitability"]
    );
}

/// Enumerating all pure replies by hand: against uniform play the first player can have 1/2, the second 5/12.
#[tokio::test]
async fn uniform_play_in_kuhn_s_poker_leaves_eleven_twelfths() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "kuhn.efg", &kuhn_poker()).await;
    let uniform = analysed(&app, &id, "Exploitability", &[]).await;
    let details = &uniform["details"];
    assert_near(&details["nash_conv"], 11.0 / 12.0, 1e-12);
    assert_eq!(details["policy_type"], "uniform_random");
    assert_eq!(details["quality"], "Poor approximation");
    for (player, value) in [(0, 1.0 / 2.0), (1, 5.0 / 12.0)] {
        let config = json!({ "player": player });
        let reply = analysed_with(&app, &id, "Best Response", config).await;
        assert_eq!(reply["details"]["player"], player);
        assert_near(&reply["details"]["value"], value, 1e-12);
    }
    let third = ordered_with(&app, &id, "Best Response", json!({ "player": 2 })).await;
    third.refused(
        400,
        "Plugin 'Best Response': player must be a number from 0 to 1",
    );
}

#[tokio::test]
async fn fictitious_play_comes_near_the_value() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "kuhn.efg", &kuhn_poker()).await;
    let config = json!({ "iterations": 2000 });
    let result = analysed_with(&app, &id, "Fictitious Play", config).await;
    assert_eq!(
        result["summary"],
        "Fictitious Play equilibrium (2000 iterations)"
    );
    let details = &result["details"];
    assert_eq!(details["iterations"], 2000);
    assert_eq!(details["players"], json!(["First", "Second"]));
    assert!(details["algorithm"].is_string() && details["strategy"].is_object());
    assert_near(&details["payoffs"]["First"], VALUE, 0.05);
}

#[tokio::test]
async fn what_needs_opposed_interests_says_so() {
    let app = TestApp::start().await;
    for plugin in ["Exploitability", "CFR Convergence", "Fictitious Play"] {
        let refused = ordered_with(&app, "trust-game", plugin, json!({}))
            .await
            .detail(400);
        assert!(
            refused.starts_with(&format!(
                "Plugin '{plugin}' cannot run on this game (format: extensive)"
            )) && refused.contains("zero-sum"),
            "{refused}"
        );
    }
}

/// One step of the replicator equation by hand: from halves cooperation earns 1.5, the average is 2.25.
#[tokio::test]
async fn a_population_moves_as_the_replicator_equation_says() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "axelrod.json", AXELROD).await;
    let plugin = "Replicator Dynamics";
    let config = json!({ "time_steps": 1, "dt": 0.1 });
    let step = analysed_with(&app, &id, plugin, config).await["details"].clone();
    assert_eq!(step["strategy_labels"], json!(["Cooperate", "Defect"]));
    assert_eq!(step["initial_state"], json!([0.5, 0.5]));
    assert_near(
        &step["final_state"][0],
        0.5 + 0.1 * 0.5 * (1.5 - 2.25),
        1e-12,
    );
    assert_eq!(step["times"].as_array().map(Vec::len), Some(2));
    assert_eq!(step["trajectory"][0], step["initial_state"]);
    assert_eq!(step["trajectory"][1], step["final_state"]);
    let usual = analysed(&app, &id, plugin, &[]).await["details"].clone();
    assert_eq!(usual["time_steps"], 100);
    assert_eq!(usual["dt"], 0.01);
    let config = json!({ "time_steps": 2000, "dt": 0.1, "initial_population": [0.99, 0.01] });
    let long = analysed_with(&app, &id, plugin, config).await;
    assert_eq!(long["summary"], "Converges to Defect");
    let pure = json!({ "initial_population": [1, 2, 3] });
    let refused = ordered_with(&app, &id, plugin, pure).await.detail(400);
    assert!(refused.contains("3 entries for 2 strategies"), "{refused}");
}

/// Without selection a lone mutant takes over with one in the size of the population (Moran 1958).
#[tokio::test]
async fn drift_is_neutral_and_selection_is_not() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "axelrod.json", AXELROD).await;
    let plugin = "Evolutionary Stability";
    let config = json!({ "population_size": 50, "intensity_of_selection": 0 });
    let drift = analysed_with(&app, &id, plugin, config).await["details"].clone();
    for pair in ["Cooperate_invades_Defect", "Defect_invades_Cooperate"] {
        assert_near(&drift["fixation_probabilities"][pair], 1.0 / 50.0, 1e-9);
    }
    assert_near(&drift["stationary_distribution"]["Cooperate"], 0.5, 1e-9);
    let usual = analysed(&app, &id, plugin, &[]).await["details"].clone();
    assert_eq!(usual["population_size"], 100);
    assert_eq!(usual["mutation_rate"], 0.001);
    assert_eq!(usual["intensity_of_selection"], 1.0);
    assert_eq!(usual["ess"], json!(["Defect"]));
    assert_near(&usual["stationary_distribution"]["Defect"], 1.0, 1e-6);
}

#[tokio::test]
async fn a_population_needs_a_square_table() {
    let app = TestApp::start().await;
    let rows = json!([[[1, 1], [0, 0], [2, 2]], [[0, 0], [1, 1], [0, 0]]]);
    let id = upload(&app, "oblong.json", &super::steps::table("oblong", rows)).await;
    for plugin in ["Replicator Dynamics", "Evolutionary Stability"] {
        let refused = ordered_with(&app, &id, plugin, json!({})).await.detail(400);
        assert!(
            refused.starts_with(&format!(
                "Plugin '{plugin}' cannot run on this game (format: normal): "
            )),
            "{refused}"
        );
    }
}
