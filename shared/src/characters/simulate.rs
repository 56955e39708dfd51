//! The task of letting a world run by itself, apart from the one that players are in.

use rookery_characters::simulate::{Incident, Report};
use rookery_characters::world::World;
use rookery_characters::{Now, tavern};
use rookery_queue::Task;
use serde::{Deserialize, Serialize};

use super::Characters;
use super::state::StateError;
use crate::StoreError;

/// What is to be simulated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Simulate {
    pub from: Origin,
    pub seed: u64,
    pub fast_ticks: u64,
    pub events: Vec<Incident>,
}

impl Task for Simulate {
    const KIND: &'static str = "characters.simulate";
    type Output = Report;
}

/// The world that it starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The seed world.
    Tavern,
    /// The one that players are in, as it is when the task begins.
    Current,
    /// A snapshot, by its id.
    Snapshot(String),
}

/// The tavern's days begin at this moment, so that equal orders have equal results: 2026-01-01 00:00 UTC.
const DAWN_MS: i64 = 1_767_225_600_000;

impl Characters {
    /// A copy of it: nothing that happens there is felt here.
    pub async fn copied(&self, origin: &Origin) -> Result<World, StateError> {
        let snapshot = match origin {
            Origin::Tavern => {
                let now = Now {
                    ms: DAWN_MS,
                    ..Now::default()
                };
                return Ok(World {
                    now,
                    ..tavern::world(DAWN_MS)
                });
            }
            Origin::Current => None,
            Origin::Snapshot(id) => Some(id.as_str()),
        };
        let document = self.written(snapshot).await?;
        let reading = tokio::task::spawn_blocking(move || World::exported(&document));
        let read = reading
            .await
            .expect("reading neither panics nor is aborted");
        Ok(read.map_err(StoreError::from)?)
    }
}
