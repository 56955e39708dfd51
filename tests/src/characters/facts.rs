//! `/api/world-facts`: the contract's example, history, and what is refused.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::cast::{invalid, missing};
use crate::harness::TestApp;

fn reputation(value: Value) -> Value {
    json!({ "key": "tavern_reputation", "value": value, "category": "locations", "source": "narrator" })
}

async fn set(app: &TestApp, fact: &Value) {
    let answer = app.post("/api/world-facts").json(fact).await.expect(200);
    assert_eq!(answer, json!({ "set": true, "key": fact["key"] }));
}

#[tokio::test]
async fn a_fact_is_set_and_read_as_the_contract_shows() {
    let app = TestApp::start().await;
    let path = "/api/world-facts/tavern_reputation";
    missing(
        &app.get(path).await,
        "World fact not found: tavern_reputation",
    );
    for value in [
        json!("well-known"),
        json!(null),
        json!(false),
        json!(12.5),
        json!(["a", { "b": null }]),
        json!({ "stars": 5, "since": "long ago" }),
    ] {
        set(&app, &reputation(value.clone())).await;
        let read = app.get(path).await.expect(200);
        assert_eq!(read, json!({ "key": "tavern_reputation", "value": value }));
    }
    let missing_key = app.get("/api/world-facts/unknown_key").await;
    missing(&missing_key, "World fact not found: unknown_key");
    let odd = json!({ "key": "a/b c?ü", "value": 1, "category": "x", "source": "y" });
    set(&app, &odd).await;
    let read = app
        .get("/api/world-facts/a%2Fb%20c%3F%C3%BC")
        .await
        .expect(200);
    assert_eq!(read, json!({ "key": "a/b c?ü", "value": 1 }));
}

#[tokio::test]
async fn what_was_so_is_kept_with_its_time() {
    let app = TestApp::start().await;
    let path = "/api/world-facts/tavern_reputation";
    set(&app, &reputation(json!("unknown"))).await;
    set(&app, &reputation(json!("well-known"))).await;
    // Said again unchanged, nothing begins anew.
    set(&app, &reputation(json!("well-known"))).await;
    let history = app.get(&format!("{path}/history")).await.expect(200);
    let facts = history["facts"].as_array().expect("a list").clone();
    assert_eq!(facts.len(), 2, "{history}");
    assert_eq!(
        (&facts[0]["value"], &facts[0]["validTo"]),
        (&json!("well-known"), &json!(null))
    );
    assert_eq!(
        (&facts[1]["value"], &facts[1]["source"]),
        (&json!("unknown"), &json!("narrator"))
    );
    let (began, ended) = (&facts[1]["validFrom"], &facts[1]["validTo"]);
    assert!(began.as_i64() <= ended.as_i64() && ended == &facts[0]["validFrom"]);
    let before = app.get(&format!("{path}?at=1709000000000")).await;
    missing(&before, "World fact not found: tavern_reputation");
    let later = app
        .get(&format!("{path}?at=253402300799999"))
        .await
        .expect(200);
    assert_eq!(later["value"], "well-known");
    assert_eq!(
        app.delete(path).await.expect(200),
        json!({ "removed": "tavern_reputation" })
    );
    missing(
        &app.get(path).await,
        "World fact not found: tavern_reputation",
    );
    missing(
        &app.delete(path).await,
        "World fact not found: tavern_reputation",
    );
    let history = app.get(&format!("{path}/history")).await.expect(200);
    assert_eq!(history["facts"].as_array().map(Vec::len), Some(2));
    assert!(history["facts"][0]["validTo"].is_i64());
}

#[tokio::test]
async fn facts_are_listed_by_category() {
    let app = TestApp::start().await;
    for (key, category) in [("a", "one"), ("b", "two"), ("c", "one")] {
        let fact = json!({ "key": key, "value": 1, "category": category, "source": "s" });
        set(&app, &fact).await;
    }
    let keys = async |query: &str| {
        let list = app
            .get(&format!("/api/world-facts{query}"))
            .await
            .expect(200);
        let facts = list["facts"].as_array().expect("a list").clone();
        facts
            .iter()
            .map(|fact| fact["key"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys("").await, ["c", "b", "a"]);
    assert_eq!(keys("?category=one").await, ["c", "a"]);
    assert_eq!(keys("?category=three").await, Vec::<Value>::new());
}

/// Whoever comes last is right, and no moment has two truths.
#[tokio::test]
async fn facts_said_at_once_follow_each_other() {
    let app = TestApp::start().await;
    let other = app.another_node().await;
    let calls = (0..24).map(|number| {
        let node = if number % 2 == 0 { &*app } else { &other };
        node.post("/api/world-facts")
            .json(&reputation(json!(number)))
            .send()
    });
    for reply in join_all(calls).await {
        reply.expect(200);
    }
    let overlaps: i64 = sqlx::query_scalar(
        "select count(*) from characters_world_facts as one join characters_world_facts as other
        on one.number < other.number and tstzrange(one.valid_from, one.valid_to) && tstzrange(other.valid_from, other.valid_to)",
    )
    .fetch_one(&app.store.pool)
    .await
    .expect("the facts can be counted");
    assert_eq!(overlaps, 0);
    let history = app
        .get("/api/world-facts/tavern_reputation/history")
        .await
        .expect(200);
    assert_eq!(history["facts"].as_array().map(Vec::len), Some(24));
}

#[tokio::test]
async fn what_is_no_fact_is_refused() {
    let app = TestApp::start().await;
    let without = |field: &str| {
        let mut fact = reputation(json!("well-known"));
        fact.as_object_mut().expect("an object").remove(field);
        fact
    };
    for field in ["key", "value", "category", "source"] {
        let reply = app.post("/api/world-facts").json(&without(field)).await;
        invalid(&reply, &format!("Missing required field: {field}"));
    }
    let with = |field: &str, value: Value| {
        let mut fact = reputation(json!(null));
        fact[field] = value;
        app.post("/api/world-facts").json(&fact).send()
    };
    invalid(
        &with("key", json!(1)).await,
        "Field 'key' must be string, got number",
    );
    invalid(
        &with("category", json!([])).await,
        "Field 'category' must be string, got array",
    );
    invalid(
        &with("key", json!(" ")).await,
        "Field 'key' must not be empty",
    );
    invalid(
        &with("value", json!({ "a": "\u{0}" })).await,
        "Field 'value' must not contain NUL",
    );
    let nul = app.get("/api/world-facts/a%00b").await;
    nul.expect(404);
    let at = app.get("/api/world-facts/x?at=99999999999999999").await;
    invalid(&at, "Parameter 'at' must be milliseconds since 1970");
    assert_eq!(
        app.get("/api/world-facts").await.expect(200),
        json!({ "facts": [] })
    );
}
