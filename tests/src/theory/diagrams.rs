//! Influence diagrams: uploaded as the contract writes them, analysed by each of their six analyses, converted, and solved as
//! tables where an analysis takes no diagrams.

use serde_json::{Value, json};

use super::steps::{analysed, analysed_with, assert_near, mixtures, ordered_with, upload};
use crate::harness::TestApp;

/// Rain one day in four. An umbrella saves the day in the rain (70 against 0) and is carried in vain in the sun (20 against 100).
const UMBRELLA: &str = include_str!("../../games/umbrella.json");

#[tokio::test]
async fn a_diagram_is_read_and_shown_as_the_contract_writes_it() {
    let app = TestApp::start().await;
    let written: Value = serde_json::from_str(UMBRELLA).expect("our own file");
    let shown = app
        .post("/api/games/upload")
        .file("umbrella.json", UMBRELLA)
        .await
        .expect(200);
    for field in [
        "id",
        "title",
        "agents",
        "nodes",
        "edges",
        "version",
        "tags",
        "format_name",
    ] {
        assert_eq!(shown[field], written[field], "{field}");
    }
    let tables = shown["cpds"].as_array().expect("tables");
    for (table, written) in tables
        .iter()
        .zip(written["cpds"].as_array().expect("tables"))
    {
        assert_eq!(table["node"], written["node"]);
        assert_eq!(table["parents"], written["parents"]);
        assert_eq!(doubles(&table["values"]), doubles(&written["values"]));
    }
    assert_eq!(app.get("/api/games/umbrella").await.expect(200), shown);
    let listed = app.get("/api/games/umbrella/summary").await.expect(200);
    assert_eq!(listed["format"], "maid");
    assert_eq!(listed["players"], json!(["Walker"]));
    assert_eq!(listed["player_count"], 1);
}

fn doubles(values: &Value) -> Vec<f64> {
    let rows = values.as_array().into_iter().flatten();
    rows.flat_map(|row| row.as_array().into_iter().flatten())
        .filter_map(Value::as_f64)
        .collect()
}

#[tokio::test]
async fn the_dilemma_as_a_diagram_has_its_one_equilibrium() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let defect = json!({ "D1": { "Defect": 1.0 }, "D2": { "Defect": 1.0 } });
    for (plugin, solver, summary) in [
        (
            "MAID Nash Equilibrium",
            "pycid-enumpure",
            "1 pure Nash equilibrium",
        ),
        (
            "MAID Subgame Perfect Equilibrium",
            "enumpure",
            "1 subgame perfect equilibrium",
        ),
    ] {
        let result = analysed(&app, "prisoners-dilemma-maid", plugin, &[]).await;
        assert_eq!(result["summary"], summary);
        let details = &result["details"];
        assert_eq!(details["solver"], solver);
        assert_eq!(details["exhaustive"], true);
        let equilibrium = &details["equilibria"][0];
        assert_eq!(
            equilibrium["description"],
            "Pure: Row plays Defect, Column plays Defect"
        );
        assert_eq!(equilibrium["strategies"], defect);
        assert_eq!(equilibrium["behavior_profile"], defect);
        // The contract's clients send a solver with everything.
        let sent = analysed(
            &app,
            "prisoners-dilemma-maid",
            plugin,
            &[("solver", "exhaustive")],
        );
        assert_eq!(sent.await["details"]["equilibria"], details["equilibria"]);
    }
}

/// Cho and Kreps (1987): both types of sender have beer, or both have quiche, and the receiver fights whoever does otherwise.
#[tokio::test]
async fn beer_and_quiche_has_its_two_pooling_equilibria() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let plugin = "MAID Nash Equilibrium";
    let result = analysed(&app, "signaling-game-maid", plugin, &[]).await;
    assert_eq!(result["summary"], "2 pure Nash equilibria");
    let eaten: Vec<_> = result["details"]["equilibria"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|equilibrium| equilibrium["strategies"]["Breakfast"].clone())
        .collect();
    assert!(eaten.contains(&json!({ "Beer": 1.0 })), "{eaten:?}");
    assert!(eaten.contains(&json!({ "Quiche": 1.0 })), "{eaten:?}");
}

#[tokio::test]
async fn a_profile_of_rules_is_judged() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let (game, plugin) = ("prisoners-dilemma-maid", "MAID Verify Profile");
    let both = |choice: &str| json!({ "Row": { "D1": choice }, "Column": { "D2": choice } });
    let defect = json!({ "profile": both("Defect") });
    let defect = analysed_with(&app, game, plugin, defect).await;
    assert_eq!(defect["summary"], "Profile IS a Nash equilibrium");
    let details = &defect["details"];
    assert_eq!(details["is_equilibrium"], true);
    assert_eq!(details["deviations"], json!([]));
    assert_eq!(details["profile"], both("Defect"));
    assert_eq!(details["utilities"], json!({ "Row": -2.0, "Column": -2.0 }));
    let silent = json!({ "profile": both("Cooperate") });
    let silent = analysed_with(&app, game, plugin, silent).await;
    assert_eq!(
        silent["summary"],
        "Profile is NOT a Nash equilibrium (2 profitable deviations)"
    );
    assert_eq!(silent["details"]["is_equilibrium"], false);
    assert_eq!(
        silent["details"]["deviations"].as_array().map(Vec::len),
        Some(2)
    );
    for config in [
        json!({}),
        json!({ "profile": { "Row": { "D1": "Defect" } } }),
        json!({ "profile": { "Row": { "D9": "Defect" }, "Column": { "D2": "Defect" } } }),
        json!({ "profile": { "Row": { "D1": "Hesitate" }, "Column": { "D2": "Defect" } } }),
        json!({ "profile": { "Row": { "D2": "Defect" }, "Column": { "D1": "Defect" } } }),
    ] {
        let refused = ordered_with(&app, game, plugin, config.clone())
            .await
            .detail(400);
        assert!(
            refused.starts_with("Plugin 'MAID Verify Profile': "),
            "{config}: {refused}"
        );
    }
}

/// Blind, the umbrella stays at home: 75. Who knows the weather has 0.25 · 70 + 0.75 · 100 = 92.5, who makes it 100.
#[tokio::test]
async fn knowing_the_weather_is_worth_less_than_making_it() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "umbrella.json", UMBRELLA).await;
    let config = json!({ "decision": "Umbrella", "observation": "Weather" });
    let known = analysed_with(&app, &id, "Value of Information", config).await;
    assert_eq!(known["summary"], "VOI(Weather -> Umbrella) = 17.5000");
    assert_near(&known["details"]["value_of_information"], 17.5, 1e-12);
    assert!(known["details"]["interpretation"].is_string());
    let config = json!({ "decision": "Umbrella", "variable": "Weather" });
    let made = analysed_with(&app, &id, "Value of Control", config).await;
    assert_near(&made["details"]["value_of_control"], 25.0, 1e-12);
    assert!(made["details"]["interpretation"].is_string());
    for (plugin, config) in [
        ("Value of Information", json!({ "decision": "Umbrella" })),
        ("Value of Information", json!({ "observation": "Weather" })),
        (
            "Value of Information",
            json!({ "decision": "Weather", "observation": "Umbrella" }),
        ),
        (
            "Value of Control",
            json!({ "decision": "Umbrella", "variable": "Comfort" }),
        ),
        (
            "Value of Control",
            json!({ "decision": "Umbrella", "variable": "Snow" }),
        ),
    ] {
        let refused = ordered_with(&app, &id, plugin, config.clone())
            .await
            .detail(400);
        assert!(
            refused.starts_with(&format!("Plugin '{plugin}': ")),
            "{config}: {refused}"
        );
    }
}

/// Koller and Milch (2003): two simultaneous decisions of a dilemma rely on each other; a lonely one relies on nothing.
#[tokio::test]
async fn relevance_is_read_off_the_graph() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let plugin = "Decision Relevance";
    let dilemma = analysed(&app, "prisoners-dilemma-maid", plugin, &[]).await;
    assert_eq!(
        dilemma["summary"],
        "2 r-reachable, 2 s-reachable relationships"
    );
    let details = &dilemma["details"];
    assert_eq!(details["decisions"], json!(["D1", "D2"]));
    for kind in ["r_reachable", "s_reachable"] {
        assert_eq!(details[kind], json!({ "D1": ["D2"], "D2": ["D1"] }));
    }
    let id = upload(&app, "umbrella.json", UMBRELLA).await;
    let alone = analysed(&app, &id, plugin, &[]).await;
    assert_eq!(
        alone["summary"],
        "No strategic dependencies between decisions"
    );
    assert_eq!(alone["details"]["r_reachable"], json!({ "Umbrella": [] }));
}

#[tokio::test]
async fn a_diagram_is_shown_as_a_tree_and_as_a_table() {
    let app = TestApp::start().await;
    let path = "/api/games/prisoners-dilemma-maid";
    let tree = app.get(&format!("{path}/as/extensive")).await.expect(200);
    assert_eq!(tree["format_name"], "extensive");
    let places = tree["maid_to_efg_nodes"].as_object().expect("by decision");
    for (decision, player) in [("D1", "Row"), ("D2", "Column")] {
        let nodes = places[decision].as_array().expect("nodes");
        assert!(!nodes.is_empty());
        for node in nodes {
            assert_eq!(
                tree["nodes"][node.as_str().expect("an id")]["player"],
                player
            );
        }
    }
    // Nobody sees what the other does: the second mover's nodes are one information set.
    let second = places["D2"].as_array().expect("nodes").iter();
    let seen: Vec<_> = second
        .map(|node| tree["nodes"][node.as_str().expect("an id")]["information_set"].clone())
        .collect();
    assert_eq!(seen.len(), 2);
    assert!(seen[0].is_string() && seen[0] == seen[1], "{seen:?}");
    let table = app.get(&format!("{path}/as/normal")).await.expect(200);
    assert_eq!(table["format_name"], "normal");
    let plain = app.get("/api/games/prisoners-dilemma").await.expect(200);
    for field in ["players", "strategies", "payoffs"] {
        assert_eq!(table[field], plain[field], "{field}");
    }
    assert_eq!(
        table["maid_decision_to_player"],
        json!({ "D1": "Row", "D2": "Column" })
    );
    let possible = app.get(&format!("{path}/summary")).await.expect(200)["conversions"].clone();
    assert_eq!(
        possible["extensive"],
        json!({ "possible": true, "warnings": [], "blockers": [] })
    );
    assert_eq!(
        possible["normal"],
        json!({ "possible": true, "warnings": ["Requires 2-step conversion"], "blockers": [] })
    );
    assert_eq!(possible["vegas"]["possible"], false);
    app.get(&format!("{path}/as/vegas"))
        .await
        .refused(400, "Cannot convert from maid to vegas");
}

#[tokio::test]
async fn what_takes_no_diagrams_takes_their_conversions() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let game = "prisoners-dilemma-maid";
    let nash = analysed(&app, game, "Nash Equilibrium", &[]).await;
    let defect = json!({ "Cooperate": "0", "Defect": "1" });
    assert_eq!(
        mixtures(&nash),
        [json!({ "Row": defect, "Column": defect })]
    );
    let grown = analysed(&app, game, "Replicator Dynamics", &[]).await;
    assert_eq!(
        grown["details"]["strategy_labels"],
        json!(["Cooperate", "Defect"])
    );
    let all = app
        .get(&format!("/api/games/{game}/analyses"))
        .await
        .expect(200);
    let run: Vec<&str> = all
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|analysis| analysis["plugin_name"].as_str())
        .collect();
    for plugin in [
        "MAID Nash Equilibrium",
        "Nash Equilibrium",
        "IESDS",
        "Validation",
    ] {
        assert!(run.contains(&plugin), "{plugin} is not among {run:?}");
    }
}

/// The other way there is no conversion, and the refusal is the contract's to the letter.
#[tokio::test]
async fn what_takes_diagrams_only_takes_nothing_else() {
    let app = TestApp::start().await;
    for plugin in [
        "MAID Nash Equilibrium",
        "Decision Relevance",
        "MAID Verify Profile",
    ] {
        for (game, format) in [("trust-game", "extensive"), ("matching-pennies", "normal")] {
            ordered_with(&app, game, plugin, json!({})).await.refused(
                400,
                &format!("Plugin '{plugin}' cannot run on this game (format: {format})"),
            );
        }
    }
}
