//! `POST /api/reset`: the games as on the first day.

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_shared::{Store, theory};

use super::Tag;
use crate::errors::Fail;

pub struct Reset {
    store: Store,
}

/// What a reset did.
#[derive(Object)]
#[oai(example)]
struct Cleared {
    /// Always `reset`.
    status: String,
    /// Games that were there before.
    games_cleared: u64,
}

impl Example for Cleared {
    fn example() -> Self {
        Self {
            status: "reset".to_owned(),
            games_cleared: 8,
        }
    }
}

#[OpenApi]
impl Reset {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// Delete every game and load the examples
    ///
    /// Tasks stay; analyses that were ordered before still run.
    #[oai(
        path = "/api/reset",
        method = "post",
        tag = "Tag::Utility",
        operation_id = "reset_games"
    )]
    async fn reset(&self) -> Result<Json<Cleared>, Fail<()>> {
        let games_cleared = theory::reset(&self.store).await?;
        Ok(Json(Cleared {
            status: "reset".to_owned(),
            games_cleared,
        }))
    }
}
