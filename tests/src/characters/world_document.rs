//! A state with something of everything, as its document.

use serde_json::{Value, json};

const THEN: i64 = 1_709_000_000_000;

/// Time stands still in it, so that what fades does not fade between two looks.
pub fn world() -> Value {
    json!({
        "version": 1,
        "exportedAt": THEN,
        "world": {
            "seed": 9_007_199_254_740_991_u64,
            "fastTicks": 1_200,
            "slowTicks": 80,
            "config": { "tick": { "fastTickMs": 2_500, "running": false }, "proximity": { "chatBoost": 3.5 } },
            "experimentRun": 3,
            "experimentActive": true,
        },
        "archetypes": [{ "archetype": oracle(), "createdAt": THEN }],
        "characters": [
            character("greta", "barkeep", &mind()),
            character("theron", "guard", &json!({})),
            character("pythia", "oracle", &json!({})),
        ],
        "proximity": [
            closeness("greta", "ann", 12.25),
            closeness("greta", "default", 65.5),
            closeness("theron", "default", 30.5),
        ],
        "relationships": [{
            "fromId": "greta", "toId": "theron", "type": "friend", "strength": 70.5, "trust": 80.5, "notes": "owes him one",
            "atSlow": 79, "interactions": 4, "lastInteractionAt": THEN, "updatedAt": THEN,
        }],
        "memories": [
            memory(1, "The silver map is under the third barrel.", &json!({ "pinned": true, "embedding": "AAECAwQFBgcICQ==", "embeddingModel": "m" })),
            memory(2, "Theron sang. \u{1f426} \"Quietly\"\n\\u0000", &json!({ "supersededAt": THEN, "supersededBy": id(1) })),
        ],
        "messages": [
            { "characterId": "greta", "playerId": "ann", "role": "user", "content": "Hello", "taskId": id(9), "createdAt": THEN },
            { "characterId": "greta", "playerId": "ann", "role": "assistant", "content": "Hm.", "taskId": id(9), "createdAt": THEN },
        ],
        "decisions": [{
            "id": id(3), "characterId": "greta", "playerId": "default", "triggerType": "fast_tick", "triggerEvent": null,
            "action": "serve_drink", "actionType": "tool_call", "detail": { "drink": "ale" }, "explanation": { "because": "thirst" },
            "provider": "offline", "inferenceTier": "mid", "contextTokens": 450, "responseTokens": 85, "durationMs": 1.5,
            "variant": "control", "createdAt": THEN,
        }],
        "mail": [{
            "characterId": "theron",
            "letter": { "kind": "said", "from": "greta", "name": "Greta", "text": "Mind the door." },
            "createdAt": THEN,
        }],
        "events": [{
            "id": id(4), "event": { "type": "bar_fight", "data": { "severity": "minor" }, "timestamp": THEN },
            "importance": 7.5, "playerId": null, "createdAt": THEN,
        }],
        "worldFacts": [
            { "key": "king", "value": "alive", "category": "realm", "source": "bard", "validFrom": THEN, "validTo": THEN + 5 },
            { "key": "king", "value": null, "category": "realm", "source": "guard", "validFrom": THEN + 5, "validTo": null },
        ],
        "groups": [{
            "id": "grp_1", "name": "Tavern Staff", "purpose": "Keep it running", "leaderId": "greta", "cohesion": 0.5,
            "memberIds": ["theron", "greta"], "createdAt": THEN,
        }],
        "factions": [{
            "id": "watch", "name": "The Watch", "maxMembers": [1, null],
            "ranks": [{ "characterId": "theron", "rankLevel": 0, "since": THEN }], "createdAt": THEN,
        }],
        "conversations": [{
            "id": "conv_1", "participantIds": ["greta", "theron"], "topic": "The stranger", "maxTurns": 6,
            "turns": [{ "characterId": "greta", "content": "Did you see him?", "timestamp": THEN }],
            "status": "completed", "startedAt": THEN, "completedAt": THEN,
        }],
        "variants": [{ "name": "control", "config": { "systemPromptSuffix": "" }, "weight": 1.5, "createdAt": THEN }],
    })
}

pub fn id(number: u32) -> String {
    format!("00000000-0000-7000-8000-{number:012}")
}

fn character(id: &str, archetype: &str, mind: &Value) -> Value {
    json!({
        "id": id, "name": id.to_uppercase(), "archetype": archetype,
        "identity": { "personality": "dry", "backstory": "", "goals": ["rest"], "traits": [], "birthmark": "left" },
        "metadata": { "sprite": 7 }, "location": "tavern", "initialCloseness": 20.5, "createdAt": THEN, "updatedAt": THEN + 7,
        "mind": mind, "called": false, "toKeep": true, "ticksSkipped": 2,
    })
}

fn closeness(character: &str, player: &str, closeness: f64) -> Value {
    json!({
        "characterId": character, "playerId": player, "closeness": closeness, "highWaterMark": 70.5, "atSlow": 80,
        "totalInteractions": 12, "lastInteractionAt": THEN, "updatedAt": THEN,
    })
}

pub fn memory(number: u32, content: &str, more: &Value) -> Value {
    let mut memory = json!({
        "id": id(number), "characterId": "greta", "playerId": "ann", "kind": "dialogue", "content": content, "eventType": "chat",
        "tags": ["map", "barrel"], "importance": 7.5, "decayRate": 1.5, "atSlow": 70, "pinned": false, "source": { "chat": "c" },
        "supersededAt": null, "supersededBy": null, "embedding": null, "embeddingModel": null, "createdAt": THEN,
    });
    let fields = memory.as_object_mut().expect("a record");
    fields.extend(more.as_object().expect("fields").clone());
    memory
}

fn mind() -> Value {
    json!({
        "feelings": [{ "type": "joy", "intensity": 0.6, "decayRate": 0.05, "source": "good_business", "createdAt": THEN, "atFast": 1_199 }],
        "needs": { "rest": 0.3, "social": 0.1, "sustenance": 0.2, "safety": 0.1, "purpose": 0.4, "atFast": 1_200 },
        "goals": [{ "id": "g_1", "description": "Festival", "priority": 7.5, "status": "pending", "steps": [], "createdAt": THEN }],
    })
}

fn oracle() -> Value {
    json!({
        "id": "oracle", "name": "Oracle", "description": "Sees what comes.", "speechStyle": "in riddles",
        "tools": [{ "name": "foresee", "description": "Look ahead.", "parameters": [] }],
    })
}
