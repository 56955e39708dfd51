//! `/api/groups`: the contract's example, joining, leading and leaving, and what is refused.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{invalid, missing, register, tavern};
use crate::harness::TestApp;

fn staff() -> Value {
    json!({ "name": "Tavern Staff", "memberIds": ["barkeep", "bard"], "purpose": "Keep the tavern running" })
}

/// The group and its path.
async fn found(app: &TestApp) -> (Value, String) {
    let group = app.post("/api/groups").json(&staff()).await.expect(201)["group"].take();
    let id = group["id"].as_str().expect("a group has an id").to_owned();
    (group, format!("/api/groups/{id}"))
}

#[tokio::test]
async fn a_group_is_founded_as_the_contract_shows() {
    let app = tavern().await;
    let (group, path) = found(&app).await;
    assert!(
        group["id"]
            .as_str()
            .is_some_and(|id| id.starts_with("grp_"))
    );
    assert!(
        group["createdAt"]
            .as_i64()
            .is_some_and(|ms| ms > 1_709_000_000_000)
    );
    let expected = json!({
        "id": group["id"],
        "name": "Tavern Staff",
        "memberIds": ["barkeep", "bard"],
        "leaderId": null,
        "purpose": "Keep the tavern running",
        "cohesion": 0.5,
        "createdAt": group["createdAt"],
    });
    assert_eq!(group, expected);
    assert_eq!(app.get(&path).await.expect(200), json!({ "group": group }));
    let all = json!({ "groups": [group] });
    assert_eq!(app.get("/api/groups").await.expect(200), all);
    assert_eq!(
        app.get("/api/groups?characterId=bard").await.expect(200),
        all
    );
    let guards = app.get("/api/groups?characterId=guard").await.expect(200);
    assert_eq!(guards, json!({ "groups": [] }));
}

#[tokio::test]
async fn members_come_lead_and_go() {
    let app = tavern().await;
    let (_, path) = found(&app).await;
    let members = format!("{path}/members");
    let guard = json!({ "characterId": "guard" });
    let lead = || {
        app.call(Method::PUT, &format!("{path}/leader"))
            .json(&guard)
            .send()
    };
    invalid(&lead().await, "only a member can lead a group");
    // A newcomer loosens the group by a twentieth; to join twice is to join once.
    for _ in 0..2 {
        let joined = app.post(&members).json(&guard).await.expect(200)["group"].take();
        assert_eq!(joined["memberIds"], json!(["barkeep", "bard", "guard"]));
        assert_eq!(joined["cohesion"], 0.45);
    }
    assert_eq!(lead().await.expect(200)["group"]["leaderId"], "guard");
    let left = app.delete(&format!("{members}/guard")).await.expect(200)["group"].take();
    assert_eq!(
        (&left["memberIds"], &left["leaderId"]),
        (&json!(["barkeep", "bard"]), &json!(null))
    );
    app.delete("/api/characters/bard").await.expect(200);
    let smaller = app.get(&path).await.expect(200);
    assert_eq!(smaller["group"]["memberIds"], json!(["barkeep"]));
    let id = path.rsplit('/').next().unwrap_or_default();
    assert_eq!(
        app.delete(&path).await.expect(200),
        json!({ "removed": id })
    );
    missing(&app.get(&path).await, &format!("Group not found: {id}"));
}

#[tokio::test]
async fn those_who_join_at_once_are_all_in() {
    let app = tavern().await;
    let (_, path) = found(&app).await;
    let other = app.another_node().await;
    for number in 0..12 {
        register(&app, &format!("villager_{number}"), "villager").await;
    }
    let calls = (0..12).map(|number| {
        let node = if number % 2 == 0 { &*app } else { &other };
        let who = json!({ "characterId": format!("villager_{number}") });
        node.post(&format!("{path}/members")).json(&who).send()
    });
    for reply in join_all(calls).await {
        reply.expect(200);
    }
    let group = app.get(&path).await.expect(200);
    assert_eq!(
        group["group"]["memberIds"].as_array().map(Vec::len),
        Some(14)
    );
}

#[tokio::test]
async fn what_is_no_group_is_refused() {
    let app = tavern().await;
    let with = |field: &str, value: Value| {
        let mut group = staff();
        group[field] = value;
        app.post("/api/groups").json(&group).send()
    };
    for field in ["name", "memberIds", "purpose"] {
        let reply = with(field, json!(null)).await;
        invalid(&reply, &format!("Missing required field: {field}"));
    }
    invalid(
        &with("memberIds", json!("barkeep")).await,
        "Field 'memberIds' must be array, got string",
    );
    invalid(
        &with("memberIds", json!(["bard", 1])).await,
        "Field 'memberIds.1' must be string, got number",
    );
    invalid(
        &with("name", json!(3)).await,
        "Field 'name' must be string, got number",
    );
    let nobody = with("memberIds", json!(["barkeep", "nobody"])).await;
    missing(&nobody, "Character not found: nobody");
    let twice = with("memberIds", json!(["bard", "bard"])).await.expect(201);
    assert_eq!(twice["group"]["memberIds"], json!(["bard"]));
    let (_, path) = found(&app).await;
    let members = format!("{path}/members");
    let reply = app
        .post(&members)
        .json(&json!({ "characterId": "nobody" }))
        .await;
    missing(&reply, "Character not found: nobody");
    let reply = app.post(&members).json(&json!({})).await;
    invalid(&reply, "Missing required field: characterId");
    let reply = app.get("/api/groups/grp_unknown").await;
    missing(&reply, "Group not found: grp_unknown");
    let all = app.get("/api/groups").await.expect(200);
    assert_eq!(
        all["groups"].as_array().map(Vec::len),
        Some(2),
        "nothing was half-written"
    );
}
