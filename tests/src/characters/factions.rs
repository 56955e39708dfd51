//! Factions and ranks: who holds which, what is full, and who would follow.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use super::cast::{invalid, missing, tavern};
use crate::harness::{Node, Reply, TestApp};

const STAFF: &str = "/api/groups/factions/tavern_staff";

async fn found(app: &TestApp) {
    let staff =
        json!({ "id": "tavern_staff", "name": "The staff of the tavern", "maxMembers": [1, null] });
    let answer = app
        .post("/api/groups/factions")
        .json(&staff)
        .await
        .expect(201);
    assert_eq!(answer, json!({ "faction": staff }));
    let all = app.get("/api/groups/factions").await.expect(200);
    assert_eq!(all, json!({ "factions": [staff] }));
}

async fn rank(node: &Node, who: &str, level: i64) -> Reply {
    let body = json!({ "factionId": "tavern_staff", "rankLevel": level });
    node.call(Method::PUT, &format!("/api/characters/{who}/hierarchy"))
        .json(&body)
        .await
}

#[tokio::test]
async fn ranks_are_given_and_a_full_one_is_not() {
    let app = tavern().await;
    found(&app).await;
    let given = rank(&app, "barkeep", 0).await.expect(200)["rank"].take();
    assert_eq!(
        given,
        json!({ "characterId": "barkeep", "factionId": "tavern_staff", "rankLevel": 0, "since": given["since"] })
    );
    let hierarchy = app
        .get("/api/characters/barkeep/hierarchy")
        .await
        .expect(200);
    assert_eq!(hierarchy, json!({ "hierarchy": [given] }));
    invalid(
        &rank(&app, "bard", 0).await,
        "rank 0 of tavern_staff is full: 1 at most",
    );
    rank(&app, "bard", 1).await.expect(200);
    rank(&app, "guard", 1).await.expect(200);
    // Whoever holds it may be given it again, and whoever falls keeps the seniority.
    assert_eq!(rank(&app, "barkeep", 0).await.expect(200)["rank"], given);
    assert_eq!(
        rank(&app, "barkeep", 3).await.expect(200)["rank"]["since"],
        given["since"]
    );
    let faction = app.get(STAFF).await.expect(200);
    let levels: Vec<(Value, Value)> = faction["members"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|member| (member["characterId"].clone(), member["rankLevel"].clone()))
        .collect();
    let expected = [("bard", 1), ("guard", 1), ("barkeep", 3)];
    assert_eq!(
        levels,
        expected.map(|(who, level)| (json!(who), json!(level)))
    );
    let left = app
        .delete("/api/characters/guard/hierarchy/tavern_staff")
        .await
        .expect(200);
    assert_eq!(left, json!({ "hierarchy": [] }));
}

#[tokio::test]
async fn of_those_who_reach_for_the_last_place_one_gets_it() {
    let app = tavern().await;
    found(&app).await;
    let other = app.another_node().await;
    let calls = [
        rank(&app, "barkeep", 0),
        rank(&other, "bard", 0),
        rank(&app, "guard", 0),
        rank(&other, "merchant", 0),
    ];
    let replies = join_all(calls).await;
    let got = replies.iter().filter(|reply| reply.status == 200).count();
    let refused = replies.iter().filter(|reply| reply.status == 400).count();
    assert_eq!((got, refused), (1, 3));
}

#[tokio::test]
async fn reputation_trust_and_seniority_say_who_follows() {
    let app = tavern().await;
    found(&app).await;
    rank(&app, "barkeep", 0).await.expect(200);
    for who in ["bard", "guard", "merchant"] {
        rank(&app, who, 1).await.expect(200);
    }
    let fame = json!({ "delta": 50 });
    app.post("/api/characters/guard/reputation")
        .json(&fame)
        .await
        .expect(200);
    for (from, trust) in [("bard", 70), ("guard", 60)] {
        let tie = json!({ "fromId": from, "toId": "merchant", "trust": trust });
        app.post("/api/relationships").json(&tie).await.expect(200);
    }
    let succession = app.get(&format!("{STAFF}/succession")).await.expect(200);
    assert_eq!(succession["heirId"], "guard");
    let scores: Vec<(String, f64)> = succession["candidates"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let who = one["characterId"].as_str().expect("an id").to_owned();
            (who, one["score"].as_f64().expect("a score"))
        })
        .collect();
    // 0.4 of the reputation from -100 to 100, 0.3 of the trust from 0 to 100; all came today. The merchant is trusted 65.
    let expected = [
        ("guard", 0.4 * 0.75 + 0.3 * 0.5),
        ("merchant", 0.4 * 0.5 + 0.3 * 0.65),
        ("bard", 0.4 * 0.5 + 0.3 * 0.5),
    ];
    for ((who, score), (expected, points)) in scores.iter().zip(expected) {
        assert_eq!(who, expected);
        assert!(
            (score - points).abs() < 1e-3,
            "{who}: {score}, not {points}"
        );
    }
    let last = app
        .get(&format!("{STAFF}/succession?rankLevel=1"))
        .await
        .expect(200);
    assert_eq!(
        (&last["heirId"], &last["candidates"]),
        (&json!(null), &json!([]))
    );
}

#[tokio::test]
async fn what_is_no_faction_or_rank_is_refused() {
    let app = tavern().await;
    missing(
        &rank(&app, "barkeep", 0).await,
        "Faction not found: tavern_staff",
    );
    found(&app).await;
    let again = json!({ "id": "tavern_staff", "name": "Others" });
    let reply = app.post("/api/groups/factions").json(&again).await;
    invalid(&reply, "Faction already exists: tavern_staff");
    missing(
        &rank(&app, "nobody", 0).await,
        "Character not found: nobody",
    );
    assert_eq!(rank(&app, "barkeep", -1).await.status, 400);
    assert_eq!(rank(&app, "barkeep", 5_000_000_000).await.status, 400);
    let path = "/api/characters/barkeep/hierarchy";
    let reply = app
        .call(Method::PUT, path)
        .json(&json!({ "factionId": "tavern_staff" }))
        .await;
    invalid(&reply, "Missing required field: rankLevel");
    let reply = app.delete(&format!("{path}/tavern_staff")).await;
    missing(&reply, "Rank not found: barkeep in tavern_staff");
    missing(
        &app.get("/api/groups/factions/none").await,
        "Faction not found: none",
    );
    let reply = app.get("/api/groups/factions/none/succession").await;
    missing(&reply, "Faction not found: none");
    assert_eq!(
        app.delete(STAFF).await.expect(200),
        json!({ "removed": "tavern_staff" })
    );
    missing(&app.delete(STAFF).await, "Faction not found: tavern_staff");
}
