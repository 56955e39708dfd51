//! The document of a whole state, on its way in and out: too large to become a tree of values, so its bytes go through.

use bytes::Bytes;
use futures_util::stream;
use poem::{Body, IntoResponse, Request, RequestBody, Response};
use poem_openapi::payload::{Json, Payload};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{Example, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions, Object};
use rookery_shared::characters::state::Export;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;

use super::refusals::invalid;
use super::view::THEN_MS;
use crate::edge::Streamed;

/// The whole state of the characters. Characters are named by their ids, moments are milliseconds since 1970, and what fades is
/// as of the tick beside it. Fields that are not known are refused.
#[derive(Object)]
#[oai(rename = "State", rename_all = "camelCase", example)]
pub(super) struct StateDocument {
    /// 1.
    version: u32,
    /// When the state was so; not read.
    exported_at: Option<i64>,
    /// Seed, clock, settings, and the experiment that is on.
    world: Value,
    /// Those that were added to the catalogue.
    #[oai(default)]
    archetypes: Vec<Value>,
    /// Who they are, each with its mind.
    characters: Vec<Value>,
    /// Closeness of characters to players.
    #[oai(default)]
    proximity: Vec<Value>,
    /// What characters hold of each other.
    #[oai(default)]
    relationships: Vec<Value>,
    /// All of them, in the order of their making; embeddings are base64.
    #[oai(default)]
    memories: Vec<Value>,
    /// What was said between players and characters.
    #[oai(default)]
    messages: Vec<Value>,
    /// The log of decisions.
    #[oai(default)]
    decisions: Vec<Value>,
    /// What characters have yet to take in.
    #[oai(default)]
    mail: Vec<Value>,
    /// Events that have not reached everybody yet.
    #[oai(default)]
    events: Vec<Value>,
    /// What is so in the world, and what was.
    #[oai(default)]
    world_facts: Vec<Value>,
    /// Each with its members.
    #[oai(default)]
    groups: Vec<Value>,
    /// Each with the ranks of its members.
    #[oai(default)]
    factions: Vec<Value>,
    /// Conversations between characters.
    #[oai(default)]
    conversations: Vec<Value>,
    /// Variants of the prompt for experiments.
    #[oai(default)]
    variants: Vec<Value>,
}

/// Written while it is read from Postgres.
pub(super) struct Written {
    pub(super) export: Export,
    /// Given back when the last piece has been sent.
    pub(super) room: OwnedSemaphorePermit,
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        let pieces = stream::unfold(
            (self.export.pieces, self.room),
            async |(mut pieces, room)| {
                let piece = pieces.recv().await?;
                // The client sees a body that breaks off; the reason is in the log.
                let piece = piece.map_err(|error| {
                    tracing::error!(%error, "an export broke off");
                    std::io::Error::other("the export broke off")
                });
                Some((piece, (pieces, room)))
            },
        );
        let mut response = Response::builder()
            .content_type("application/json; charset=utf-8")
            .body(Body::from_bytes_stream(pieces));
        response.set_data(Streamed);
        response
    }
}

impl ApiResponse for Written {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "",
                status: Some(200),
                status_range: None,
                content: vec![MetaMediaType {
                    content_type: Json::<StateDocument>::CONTENT_TYPE,
                    schema: StateDocument::schema_ref(),
                }],
                headers: Vec::new(),
            }],
        }
    }

    fn register(registry: &mut Registry) {
        StateDocument::register(registry);
    }
}

/// The bytes of a document that somebody sent.
pub(super) struct Sent(pub(super) Bytes);

impl<'a> ApiExtractor<'a> for Sent {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        StateDocument::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(MetaRequest {
            description: None,
            content: vec![MetaMediaType {
                content_type: Json::<StateDocument>::CONTENT_TYPE,
                schema: StateDocument::schema_ref(),
            }],
            required: true,
        })
    }

    async fn from_request(
        _: &'a Request,
        body: &mut RequestBody,
        _: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let bytes = match body.take() {
            Ok(body) => body.into_bytes().await?,
            Err(_) => Bytes::new(),
        };
        match bytes.trim_ascii().is_empty() {
            true => Err(invalid("Request body required").into()),
            false => Ok(Self(bytes)),
        }
    }
}

impl Example for StateDocument {
    fn example() -> Self {
        Self {
            version: 1,
            exported_at: Some(THEN_MS),
            world: json!({
                "seed": 7,
                "fastTicks": 1200,
                "slowTicks": 80,
                "config": {
                    "tick": { "fastTickMs": 2000, "slowTickMs": 30000, "batchSize": 10, "running": true },
                    "proximity": { "decayRatePerTick": 0.1, "interactionBoost": 4.0 },
                },
                "experimentRun": 0,
                "experimentActive": false,
            }),
            archetypes: Vec::new(),
            characters: vec![
                character("barkeep", "Greta", &greta()),
                character("bard", "Elara", &json!({})),
                character("guard", "Theron", &json!({})),
            ],
            proximity: vec![json!({
                "characterId": "barkeep",
                "playerId": "default",
                "closeness": 65.0,
                "highWaterMark": 65.0,
                "atSlow": 80,
                "totalInteractions": 12,
                "lastInteractionAt": THEN_MS,
                "updatedAt": THEN_MS,
            })],
            relationships: vec![json!({
                "fromId": "barkeep",
                "toId": "guard",
                "type": "friend",
                "strength": 70.0,
                "trust": 80.0,
                "notes": "",
                "atSlow": 80,
                "interactions": 3,
                "lastInteractionAt": THEN_MS,
                "updatedAt": THEN_MS,
            })],
            memories: Vec::new(),
            messages: Vec::new(),
            decisions: vec![json!({
                "id": "0192f0c1-0000-7000-8000-000000000001",
                "characterId": "barkeep",
                "playerId": "default",
                "triggerType": "fast_tick",
                "triggerEvent": null,
                "action": "serve_drink",
                "actionType": "tool_call",
                "detail": { "drink": "ale" },
                "explanation": { "because": "somebody is thirsty" },
                "provider": "offline",
                "inferenceTier": "mid",
                "contextTokens": 450,
                "responseTokens": 85,
                "durationMs": 1.5,
                "variant": null,
                "createdAt": THEN_MS,
            })],
            mail: Vec::new(),
            events: Vec::new(),
            world_facts: vec![json!({
                "key": "tavern_reputation",
                "value": "well-known",
                "category": "locations",
                "source": "narrator",
                "validFrom": THEN_MS,
                "validTo": null,
            })],
            groups: vec![json!({
                "id": "grp_abc123",
                "name": "Tavern Staff",
                "purpose": "Keep the tavern running",
                "leaderId": null,
                "cohesion": 0.5,
                "memberIds": ["barkeep", "bard"],
                "createdAt": THEN_MS,
            })],
            factions: vec![json!({
                "id": "tavern_staff",
                "name": "Tavern staff",
                "maxMembers": [1, null],
                "ranks": [
                    { "characterId": "barkeep", "rankLevel": 0, "since": THEN_MS },
                    { "characterId": "bard", "rankLevel": 1, "since": THEN_MS },
                ],
                "createdAt": THEN_MS,
            })],
            conversations: Vec::new(),
            variants: Vec::new(),
        }
    }
}

fn greta() -> Value {
    json!({
        "goals": [{
            "id": "g_abc123",
            "description": "Organize a tavern festival",
            "priority": 7.0,
            "status": "pending",
            "steps": [{ "description": "Buy decorations", "completed": false }],
            "createdAt": THEN_MS,
        }],
        "routine": {
            "dayFastTicks": 43200,
            "phases": [{ "fromHour": 6.0, "activity": "opens the tavern", "location": "tavern", "tools": ["tidy_up"] }],
        },
    })
}

fn character(id: &str, name: &str, mind: &Value) -> Value {
    json!({
        "id": id,
        "name": name,
        "archetype": id,
        "identity": { "personality": "Warm, and misses nothing.", "backstory": "", "goals": [], "traits": [] },
        "metadata": {},
        "location": "tavern",
        "initialCloseness": 65.0,
        "createdAt": THEN_MS,
        "updatedAt": THEN_MS,
        "mind": mind,
    })
}
