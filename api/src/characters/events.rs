//! `/api/events`: telling the characters what happens in the game.

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_characters::event::Event;
use rookery_shared::characters::Characters as Cast;
use serde_json::{Value, json};

use super::Tag;
use super::people::player;
use super::refusals::{self, Invalid};
use super::view::THEN_MS;
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Events {
    cast: Cast,
}

/// Something that happened, and who had a part in it.
#[derive(Object)]
#[oai(rename = "Injection", rename_all = "camelCase", example)]
struct Injection {
    event: EventView,
    /// The player who had a part in it: its target comes closer to them, or the contrary.
    player_id: Option<String>,
}

/// Something that happened.
#[derive(Object)]
#[oai(rename = "GameEvent", rename_all = "camelCase", example)]
pub(super) struct EventView {
    /// For example `bar_fight`, `customer_arrives`. `combat`, `death`, `gift`, `betrayal`, `rescue`, `trade` and others have feelings and
    /// a weight of their own.
    #[oai(rename = "type")]
    kind: String,
    /// Who or what caused it; a character's id, if it was one.
    source: Option<String>,
    /// Whom it was done to: a character's id.
    target: Option<String>,
    /// Anything. `location` keeps the event to those at that place.
    data: Option<Value>,
    /// 1 to 10; unsaid: by its type. From 5 on those it reaches react at once, from 7 on it reaches every active character.
    importance: Option<f64>,
    /// When it happened, in milliseconds since 1970.
    timestamp: f64,
}

/// That the event is taken down.
#[derive(Object)]
#[oai(rename = "Injected", rename_all = "camelCase", example)]
struct Injected {
    /// Always true.
    injected: bool,
    /// The event's id.
    event_id: String,
}

#[OpenApi]
impl Events {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Tell the characters what happened
    ///
    /// The event is durable when this answers; workers bring it to those whom it concerns: its target and source, from importance 7 on
    /// every active character, and those at `data.location` if it has one.
    #[oai(
        path = "/api/events",
        method = "post",
        tag = "Tag::Events",
        operation_id = "inject_event"
    )]
    async fn inject(&self, body: Strict<Injection>) -> Result<Json<Injected>, Fail<Invalid>> {
        let Injection { event, player_id } = body.0;
        let player_id = match player_id {
            Some(player_id) => Some(player(Some(player_id))?),
            None => None,
        };
        let event = event.checked()?;
        let id = self.cast.inject(&event, player_id.as_deref()).await?;
        Ok(Json(Injected {
            injected: true,
            event_id: id.to_string(),
        }))
    }
}

impl EventView {
    pub(super) fn checked(self) -> Result<Event, Problem> {
        refusals::name("event.type", &self.kind)?;
        for (field, value) in [
            ("event.source", &self.source),
            ("event.target", &self.target),
        ] {
            if let Some(value) = value {
                refusals::name(field, value)?;
            }
        }
        let data = self.data.unwrap_or_else(|| json!({}));
        refusals::json("event.data", &data)?;
        if let Some(importance) = self.importance
            && !(1.0..=10.0).contains(&importance)
        {
            return Err(refusals::bad_field(
                "event.importance",
                "must be from 1 to 10",
            ));
        }
        if !(-8.64e15..=8.64e15).contains(&self.timestamp) {
            return Err(refusals::bad_field(
                "event.timestamp",
                "must be milliseconds since 1970",
            ));
        }
        Ok(Event {
            kind: self.kind,
            source: self.source,
            target: self.target,
            data,
            importance: self.importance,
            timestamp: self.timestamp as i64,
        })
    }
}

impl Example for Injection {
    fn example() -> Self {
        Self {
            event: EventView::example(),
            player_id: None,
        }
    }
}

impl Example for EventView {
    fn example() -> Self {
        Self {
            kind: "bar_fight".to_owned(),
            source: Some("patron".to_owned()),
            target: None,
            data: Some(json!({ "severity": "minor" })),
            importance: Some(7.0),
            timestamp: THEN_MS as f64,
        }
    }
}

impl Example for Injected {
    fn example() -> Self {
        Self {
            injected: true,
            event_id: "01932b8e-5f5e-7c3a-9d54-0f6f6a3c1d2e".to_owned(),
        }
    }
}
