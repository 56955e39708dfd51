//! `/api/characters/{id}/memories`: giving, finding, pinning, correcting and forgetting memories, and what becomes of them with time.

use reqwest::Method;
use rookery_shared::characters::Characters;
use serde_json::{Value, json};

use crate::harness::{Node, TestApp};

const PATH: &str = "/api/characters/barkeep/memories";

/// Greta, in a world whose time stands still.
async fn greta() -> TestApp {
    let app = TestApp::start().await;
    execute(
        &app,
        r#"update characters_world set config = '{"tick":{"running":false}}'"#,
    )
    .await;
    let body = json!({ "id": "barkeep", "name": "Greta", "archetype": "barkeep", "identity": {} });
    app.post("/api/characters").json(&body).await.expect(201);
    app
}

async fn execute(app: &TestApp, statement: &'static str) {
    sqlx::query(statement)
        .execute(&app.store.pool)
        .await
        .expect("the statement is right");
}

async fn add(node: &Node, memory: Value) -> Value {
    node.post(PATH).json(&memory).await.expect(201)["memory"].clone()
}

fn of(memory: &Value) -> String {
    format!("{PATH}/{}", memory["id"].as_str().expect("it has an id"))
}

async fn contents(node: &Node, query: &[(&str, &str)]) -> Vec<String> {
    let list = node.get(PATH).query(query).await.expect(200);
    let memories = list["memories"].as_array().expect("a list");
    let content = |memory: &Value| memory["content"].as_str().map(str::to_owned);
    memories.iter().filter_map(content).collect()
}

#[tokio::test]
async fn what_is_given_is_listed_page_by_page() {
    let app = greta().await;
    let given = json!({
        "content": "Ada told me of a silver map", "kind": "dialogue", "importance": 7,
        "playerId": "ada", "eventType": "dialogue", "tags": ["map"],
    });
    let memory = add(&app, given).await;
    assert_eq!(memory["kind"], "dialogue");
    assert_eq!(memory["importance"], 7.0);
    assert_eq!(memory["currentImportance"], 7.0);
    assert_eq!(memory["playerId"], "ada");
    assert_eq!(memory["tags"], json!(["map"]));
    assert_eq!(memory["pinned"], false);
    for content in ["second", "third"] {
        add(&app, json!({ "content": content })).await;
    }
    let page = app.get(PATH).query(&[("limit", "2")]).await.expect(200);
    assert_eq!(page["memories"][0]["content"], "third");
    let cursor = page["nextCursor"].as_str().expect("there is one more");
    let rest = contents(&app, &[("limit", "2"), ("cursor", cursor)]).await;
    assert_eq!(rest, ["Ada told me of a silver map"]);
    assert_eq!(contents(&app, &[("playerId", "ada")]).await.len(), 1);
    assert_eq!(contents(&app, &[("kind", "episode")]).await.len(), 2);
}

#[tokio::test]
async fn a_search_finds_by_words_on_every_process_at_once() {
    let app = greta().await;
    let other = app.another_node().await;
    let map = add(&app, json!({ "content": "Ada told me of a silver map" })).await;
    add(&app, json!({ "content": "The guard ordered ale" })).await;
    let question = [("q", "where were the MAPS?")];
    // What was remembered right beside it is found with it, behind it.
    let both = ["Ada told me of a silver map", "The guard ordered ale"];
    for node in [&*app, &other] {
        assert_eq!(contents(node, &question).await, both);
    }
    other.delete(&of(&map)).await.expect(200);
    assert!(contents(&app, &question).await.is_empty());
    add(&other, json!({ "content": "The map was stolen" })).await;
    let found = contents(&app, &question).await;
    assert_eq!(
        found.first().map(String::as_str),
        Some("The map was stolen")
    );
    assert!(contents(&app, &[("q", "dragon")]).await.is_empty());
}

#[tokio::test]
async fn a_pin_holds_what_would_fade() {
    let app = greta().await;
    let pinned = add(&app, json!({ "content": "A kind word", "importance": 4 })).await;
    add(&app, json!({ "content": "A rude word", "importance": 4 })).await;
    add(&app, json!({ "content": "Father died", "importance": 10 })).await;
    execute(
        &app,
        "update characters_world set slow_ticks = slow_ticks + 100",
    )
    .await;
    let held = app.post(&format!("{}/pin", of(&pinned))).await.expect(200);
    assert_eq!(held["memory"]["pinned"], true);
    // A tenth every ten slow ticks.
    assert_eq!(held["memory"]["currentImportance"], 3.0);
    execute(
        &app,
        "update characters_world set slow_ticks = slow_ticks + 10000",
    )
    .await;
    assert_eq!(contents(&app, &[]).await, ["Father died", "A kind word"]);
    let found = contents(&app, &[("q", "word")]).await;
    assert!(!found.contains(&"A rude word".to_owned()), "{found:?}");
    let loose = app
        .delete(&format!("{}/pin", of(&pinned)))
        .await
        .expect(200);
    assert_eq!(loose["memory"]["currentImportance"], 3.0);
    execute(
        &app,
        "update characters_world set slow_ticks = slow_ticks + 260",
    )
    .await;
    assert_eq!(contents(&app, &[]).await, ["Father died"]);
}

#[tokio::test]
async fn a_fact_replaces_what_cannot_be_so_beside_it() {
    let app = greta().await;
    let fact = |content: &str| json!({ "content": content, "kind": "fact", "playerId": "ada" });
    let old = add(&app, fact("My home is Oxmoor")).await;
    add(&app, fact("My trade is smithing")).await;
    let new = add(&app, fact("My home is Thornhill")).await;
    let now = ["My home is Thornhill", "My trade is smithing"];
    assert_eq!(contents(&app, &[]).await, now);
    let history = app
        .get(PATH)
        .query(&[("history", "true")])
        .await
        .expect(200);
    let replaced = &history["memories"][2];
    assert_eq!(
        (&replaced["id"], &replaced["supersededBy"]),
        (&old["id"], &new["id"])
    );
    assert!(replaced["supersededAt"].is_i64());
}

#[tokio::test]
async fn the_same_words_again_are_one_stronger_memory() {
    let app = greta().await;
    let first = add(&app, json!({ "content": "Ada likes ale", "importance": 5 })).await;
    let again = add(&app, json!({ "content": "Ada likes ale", "importance": 5 })).await;
    assert_eq!(first["id"], again["id"]);
    assert_eq!(again["importance"], 5.5);
    assert_eq!(contents(&app, &[]).await.len(), 1);
}

#[tokio::test]
async fn a_correction_takes_the_place_of_what_was() {
    let app = greta().await;
    let wrong = add(
        &app,
        json!({ "content": "The map is gold", "importance": 6 }),
    )
    .await;
    let body = json!({ "content": "The map is silver" });
    let right = app
        .call(Method::PUT, &of(&wrong))
        .json(&body)
        .await
        .expect(200);
    assert_eq!(right["memory"]["importance"], 6.0);
    assert_eq!(
        right["memory"]["source"],
        json!({ "corrects": wrong["id"] })
    );
    assert_eq!(contents(&app, &[("q", "map")]).await, ["The map is silver"]);
    let twice = app.call(Method::PUT, &of(&wrong)).json(&body).await;
    assert_eq!(twice.expect(404)["code"], "NOT_FOUND");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let app = greta().await;
    for body in [
        json!({}),
        json!({ "content": " " }),
        json!({ "content": 5 }),
        json!({ "content": "x".repeat(4_001) }),
        json!({ "content": "a\u{0}b" }),
        json!({ "content": "x", "importance": 0.5 }),
        json!({ "content": "x", "importance": 11 }),
        json!({ "content": "x", "kind": "dream" }),
        json!({ "content": "x", "tags": [""] }),
    ] {
        let reply = app.post(PATH).json(&body).await;
        assert_eq!(reply.expect(400)["code"], "VALIDATION_ERROR");
    }
    assert!(contents(&app, &[]).await.is_empty());
    let nobody = app.get("/api/characters/nobody/memories").await;
    assert_eq!(nobody.expect(404)["error"], "Character not found: nobody");
    let none = app.delete(&format!("{PATH}/m1")).await;
    assert_eq!(none.expect(404)["error"], "Memory not found: m1");
    let unknown = "019314c5-7d10-7a63-9f1c-2f6a3c1b9e55";
    let none = app.post(&format!("{PATH}/{unknown}/pin")).await;
    assert_eq!(none.expect(404)["code"], "NOT_FOUND");
    for query in [[("limit", "0")], [("cursor", "x")], [("kind", "dream")]] {
        let reply = app.get(PATH).query(&query).await;
        assert_eq!(reply.expect(400)["code"], "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn a_dozen_of_a_sort_become_one_and_quiet_ones_are_left_alone() {
    let app = greta().await;
    for number in 0..12 {
        let body = json!({
            "content": format!("Patron {number} threw a mug"), "eventType": "bar_fight", "tags": ["patron"], "playerId": "ada",
        });
        add(&app, body).await;
    }
    execute(
        &app,
        "update characters_world set slow_ticks = slow_ticks + 10",
    )
    .await;
    let cast = Characters::new(app.store.clone());
    assert!(
        cast.overdue_keeping(9).await.expect("it reads").is_empty(),
        "not yet"
    );
    execute(
        &app,
        "update characters_minds set keep_at = clock_timestamp()",
    )
    .await;
    let due = cast.overdue_keeping(9).await.expect("it reads");
    let [key] = due.as_slice() else {
        panic!("one character's memories have changed: {due:?}");
    };
    cast.keep(*key).await.expect("it is kept");
    let list = app.get(PATH).await.expect(200);
    let memories = list["memories"].as_array().expect("a list");
    assert_eq!(memories.len(), 1);
    assert_eq!(memories[0]["kind"], "summary");
    assert_eq!(
        memories[0]["source"]["memories"].as_array().map(Vec::len),
        Some(12)
    );
    let history = contents(&app, &[("history", "true")]).await;
    assert_eq!(history.len(), 13);
    assert!(cast.keep(*key).await.expect("it is kept").is_empty());
    assert!(
        cast.overdue_keeping(9).await.expect("it reads").is_empty(),
        "it idles"
    );
    assert_eq!(contents(&app, &[("q", "mug")]).await.len(), 1);
}

#[tokio::test]
async fn somebody_with_very_many_memories_still_finds_the_oldest() {
    let app = greta().await;
    add(
        &app,
        json!({ "content": "The wyrm sleeps under Thornhill" }),
    )
    .await;
    execute(
        &app,
        "with made as (
            insert into characters_memories (id, key, kind, content, importance, decay_rate, at_slow)
            select gen_random_uuid(), key, 'episode', 'Somebody ordered ale number ' || number, 3, 1, 0
            from characters, generate_series(1, 6000) as number returning key
        )
        update characters_minds set memories_version = memories_version + (select count(*) from made)",
    )
    .await;
    let found = contents(&app, &[("q", "where do wyrms sleep?")]).await;
    assert_eq!(
        found.first().map(String::as_str),
        Some("The wyrm sleeps under Thornhill")
    );
    let found = contents(&app, &[("q", "ale number 5999"), ("limit", "1")]).await;
    assert_eq!(found, ["Somebody ordered ale number 5999"]);
}
