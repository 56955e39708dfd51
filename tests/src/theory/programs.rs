//! Vegas programs: uploaded, shown in every other form, and solved by analyses that know nothing of them.

use serde_json::json;

use super::steps::{analysed, upload};
use crate::harness::TestApp;

/// Matching pennies for two deposits of one; who quits leaves both to the other.
const PENNIES: &str = include_str!("../../games/pennies.vg");

#[tokio::test]
async fn a_program_is_kept_as_it_was_written() {
    let app = TestApp::start().await;
    let shown = app
        .post("/api/games/upload")
        .file("pennies.vg", PENNIES)
        .await
        .expect(200);
    assert_eq!(shown["format_name"], "vegas");
    assert_eq!(shown["title"], "pennies");
    assert_eq!(shown["players"], json!(["Even", "Odd"]));
    assert_eq!(shown["source_code"], PENNIES);
    assert!(
        shown["tags"]
            .as_array()
            .is_some_and(|tags| tags.contains(&json!("vegas")))
    );
    let id = shown["id"].as_str().expect("an id");
    assert_eq!(
        app.get(&format!("/api/games/{id}")).await.expect(200),
        shown
    );
    let same = app
        .get(&format!("/api/games/{id}/as/vegas"))
        .await
        .expect(200);
    assert_eq!(same, shown);
    let possible = app
        .get(&format!("/api/games/{id}/summary"))
        .await
        .expect(200)["conversions"]
        .clone();
    for format in ["maid", "extensive", "normal"] {
        assert_eq!(possible[format]["possible"], true, "{possible}");
        assert_eq!(possible[format]["blockers"], json!([]));
    }
    let warnings = possible["normal"]["warnings"].as_array().expect("a list");
    assert!(
        warnings.contains(&json!("Requires 2-step conversion")),
        "{warnings:?}"
    );
}

#[tokio::test]
async fn a_program_becomes_a_diagram_a_tree_and_a_table() {
    let app = TestApp::start().await;
    let id = upload(&app, "pennies.vg", PENNIES).await;
    let as_format = |format: &str| format!("/api/games/{id}/as/{format}");
    let diagram = app.get(&as_format("maid")).await.expect(200);
    assert_eq!(diagram["format_name"], "maid");
    assert_eq!(diagram["agents"], json!(["Even", "Odd"]));
    let of_kind = |kind: &str| {
        let nodes = diagram["nodes"].as_array().expect("nodes");
        nodes.iter().filter(|node| node["type"] == kind).count()
    };
    assert_eq!(
        (of_kind("decision"), of_kind("utility"), of_kind("chance")),
        (2, 2, 0)
    );
    assert_eq!(diagram["edges"].as_array().map(Vec::len), Some(4));
    assert_eq!(diagram["cpds"].as_array().map(Vec::len), Some(2));
    let tree = app.get(&as_format("extensive")).await.expect(200);
    assert_eq!(tree["format_name"], "extensive");
    assert_eq!(tree["players"], json!(["Even", "Odd"]));
    for outcome in tree["outcomes"].as_object().expect("outcomes").values() {
        let sum: f64 = ["Even", "Odd"]
            .iter()
            .filter_map(|player| outcome["payoffs"][player].as_f64())
            .sum();
        assert!(sum <= 0.0, "deposits change hands or are lost: {outcome}");
    }
    let table = app.get(&as_format("normal")).await.expect(200);
    assert_eq!(table["format_name"], "normal");
    assert_eq!(table["players"], json!(["Even", "Odd"]));
}

/// Showing either side half the time gives nobody less than nothing, and together they never have more: so much is every equilibrium
/// worth, however it treats those who quit.
#[tokio::test]
async fn a_program_is_solved_like_the_game_that_it_is() {
    let app = TestApp::start().await;
    let _worker = app.worker();
    let id = upload(&app, "pennies.vg", PENNIES).await;
    let nash = analysed(&app, &id, "Nash Equilibrium", &[]).await;
    let details = &nash["details"];
    assert_eq!(details["exhaustive"], true);
    let found = details["equilibria"].as_array().expect("a list");
    assert!(!found.is_empty());
    for equilibrium in found {
        assert_eq!(
            equilibrium["exact"]["payoffs"],
            json!({ "Even": "0", "Odd": "0" })
        );
    }
    let pure = analysed(&app, &id, "MAID Nash Equilibrium", &[]).await;
    assert_eq!(pure["summary"], "No pure Nash equilibria found");
    let valid = analysed(&app, &id, "Validation", &[]).await;
    assert_eq!(valid["details"]["errors"], json!([]));
    let looked = app
        .get(&format!("/api/games/{id}/analyses"))
        .await
        .expect(200);
    for analysis in looked.as_array().expect("a list") {
        assert_eq!(analysis["details"].get("error"), None, "{analysis}");
    }
}
