//! `/api/archetypes`: the catalogue, adding to it, and what is refused.

use serde_json::{Value, json};

use super::cast::{invalid, missing, register};
use crate::harness::TestApp;

const PATH: &str = "/api/archetypes";

fn beekeeper() -> Value {
    json!({
        "id": "beekeeper", "name": "Beekeeper", "description": "Keeps bees.", "speechStyle": "calm",
        "tools": [
            { "name": "tend_hives", "description": "Look after the bees.", "parameters": [
                { "name": "care", "description": "What they get.", "type": "choice", "options": ["smoke", "sugar"], "required": true },
                { "name": "of_whom", "description": "Whose they are.", "type": "character", "required": false },
            ] },
            { "name": "serve_drink" },
        ],
    })
}

#[tokio::test]
async fn the_contract_s_archetypes_are_there() {
    let app = TestApp::start().await;
    let all = app.get(PATH).await.expect(200);
    let all = all["archetypes"].as_array().expect("a list").clone();
    for (id, tool) in [
        ("barkeep", "serve_drink"),
        ("merchant", "trade_item"),
        ("bard", "tell_story"),
        ("guard", "patrol"),
    ] {
        let one = all
            .iter()
            .find(|one| one["id"] == id)
            .expect("it is listed");
        let tools = one["tools"].as_array().expect("a list");
        assert!(tools.iter().any(|one| one["name"] == tool), "{id}: {tool}");
        let alone = app.get(&format!("{PATH}/{id}")).await.expect(200);
        assert_eq!(alone, json!({ "archetype": one }));
    }
}

#[tokio::test]
async fn one_more_can_be_added_and_lived() {
    let app = TestApp::start().await;
    let body = json!({ "id": "mel", "name": "Mel", "archetype": "beekeeper", "identity": {} });
    let early = app.post("/api/characters").json(&body).await;
    invalid(&early, "Unknown archetype: beekeeper");
    let added = app.post(PATH).json(&beekeeper()).await.expect(201)["archetype"].take();
    assert_eq!(added["tools"][0], beekeeper_tool());
    // A tool that others have is described as theirs.
    assert!(
        added["tools"][1]["description"]
            .as_str()
            .is_some_and(|text| !text.is_empty())
    );
    let other = app.another_node().await;
    let seen = other.get(&format!("{PATH}/beekeeper")).await.expect(200);
    assert_eq!(seen["archetype"], added);
    let all = other.get(PATH).await.expect(200);
    assert_eq!(
        all["archetypes"].as_array().and_then(|all| all.last()),
        Some(&added)
    );
    register(&other, "mel", "beekeeper").await;
}

fn beekeeper_tool() -> Value {
    json!({ "name": "tend_hives", "description": "Look after the bees.", "parameters": [
        { "name": "care", "description": "What they get.", "type": "choice", "options": ["smoke", "sugar"], "required": true },
        { "name": "of_whom", "description": "Whose they are.", "type": "character", "required": false },
    ] })
}

#[tokio::test]
async fn what_is_no_archetype_is_refused() {
    let app = TestApp::start().await;
    let with = |field: &str, value: Value| {
        let mut archetype = beekeeper();
        archetype[field] = value;
        app.post(PATH).json(&archetype).send()
    };
    invalid(
        &with("id", json!("barkeep")).await,
        "Archetype already exists: barkeep",
    );
    invalid(&with("id", json!(null)).await, "Missing required field: id");
    invalid(
        &with("tools", json!(7)).await,
        "Field 'tools' must be array, got number",
    );
    invalid(
        &with("tools", json!([])).await,
        "Field 'tools': ensure this value has at least 1 items",
    );
    invalid(
        &with("tools", json!([{}])).await,
        "Missing required field: tools.0.name",
    );
    invalid(
        &with("tools", json!([{ "name": "juggle bees" }])).await,
        "Field 'tools.0.name' must have only letters, digits, _ and -",
    );
    invalid(
        &with("tools", json!([{ "name": "juggle_bees" }])).await,
        "Field 'tools.0.description' must be given: no other archetype has this tool",
    );
    invalid(
        &with("tools", json!([{ "name": "patrol" }, { "name": "patrol" }])).await,
        "Field 'tools.1.name' must not be there twice",
    );
    let choice = json!([{ "name": "x", "description": "y", "parameters": [{ "name": "z", "type": "choice" }] }]);
    invalid(
        &with("tools", choice).await,
        "Field 'tools.0.parameters.0.options' must not be empty",
    );
    app.post(PATH).json(&beekeeper()).await.expect(201);
    invalid(
        &with("name", json!("Other")).await,
        "Archetype already exists: beekeeper",
    );
    missing(
        &app.get(&format!("{PATH}/unicorn")).await,
        "Archetype not found: unicorn",
    );
}
