//! A world in which an operation of the characters does what its example says.

use reqwest::Method;
use serde_json::{Value, json};

use crate::characters::cast::register;
use crate::harness::TestApp;

/// What the operation needs is there, and what it makes is not. Ids that nobody can know before come back by their parameter's name.
pub async fn people(app: &TestApp, operation: &str) -> Vec<(&'static str, String)> {
    for id in ["barkeep", "merchant", "bard", "guard"] {
        if app.get(&format!("/api/characters/{id}/needs")).await.status == 404 {
            register(app, id, id).await;
        }
    }
    match operation {
        "create_character" => gone(app, "/api/characters/new_char").await,
        "create_faction" => gone(app, "/api/groups/factions/tavern_staff").await,
        "create_archetype" => forget_archetypes(app).await,
        "get_world_fact" | "delete_world_fact" | "list_world_fact_history" => {
            let fact =
                json!({ "key": "tavern_reputation", "value": 1, "category": "a", "source": "b" });
            made(app, "/api/world-facts", &fact).await;
        }
        "get_relationship" | "delete_relationship" => {
            let tie = json!({ "fromId": "barkeep", "toId": "guard" });
            made(app, "/api/relationships", &tie).await;
        }
        "update_goal" | "delete_goal" | "complete_goal_step" => {
            let goal = json!({ "description": "Rest", "steps": [{ "description": "Lie down" }] });
            let goal = made(app, "/api/goals/barkeep", &goal).await;
            return vec![("goal_id", id(&goal["goal"]))];
        }
        "get_group" | "join_group" | "leave_group" | "lead_group" | "delete_group" => {
            let group =
                json!({ "name": "Staff", "memberIds": ["barkeep", "bard"], "purpose": "Work" });
            let group = made(app, "/api/groups", &group).await;
            return vec![("group_id", id(&group["group"]))];
        }
        "get_conversation" => {
            let talk = json!({ "participantIds": ["barkeep", "guard"], "topic": "A stranger" });
            let begun = app
                .post("/api/conversations")
                .header("prefer", "respond-async");
            let talk = begun.json(&talk).await.expect(202);
            return vec![("conversation_id", id(&talk["conversation"]))];
        }
        "correct_memory" | "pin_memory" | "unpin_memory" | "delete_memory" => {
            let memory = json!({ "content": "The cellar door sticks." });
            let memory = made(app, "/api/characters/barkeep/memories", &memory).await;
            return vec![("memory_id", id(&memory["memory"]))];
        }
        "get_faction" | "delete_faction" | "get_succession" | "set_rank" | "leave_faction" => {
            faction(app).await;
        }
        _ => {}
    }
    Vec::new()
}

async fn faction(app: &TestApp) {
    gone(app, "/api/groups/factions/tavern_staff").await;
    let staff = json!({ "id": "tavern_staff", "name": "Staff" });
    made(app, "/api/groups/factions", &staff).await;
    let rank = json!({ "factionId": "tavern_staff", "rankLevel": 0 });
    app.call(Method::PUT, "/api/characters/barkeep/hierarchy")
        .json(&rank)
        .await
        .expect(200);
}

async fn made(app: &TestApp, path: &str, body: &Value) -> Value {
    let reply = app.post(path).json(body).await;
    assert!(reply.status < 300, "{}: {}", reply.call, reply.text());
    reply.json()
}

async fn gone(app: &TestApp, path: &str) {
    let reply = app.delete(path).await;
    assert!(
        [200, 404].contains(&reply.status),
        "{}: {}",
        reply.call,
        reply.text()
    );
}

/// They stay for ever otherwise.
async fn forget_archetypes(app: &TestApp) {
    sqlx::query("delete from characters_archetypes")
        .execute(&app.store.pool)
        .await
        .expect("the archetypes can be forgotten");
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("it has an id").to_owned()
}
