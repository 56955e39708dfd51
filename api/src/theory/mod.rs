//! Theory: games, what is known of them at once, and orders of analyses.

mod analyses;
mod batch;
mod game_view;
mod games;
mod limits;
mod order;
mod plugins;
mod reset;
mod submit;
mod upload;

use poem::http::StatusCode;
use poem_openapi::Tags;
use rookery_shared::Store;
use rookery_shared::theory::{GameId, OrderError};

use crate::errors::{Case, Problem};
use crate::platform::drain::Drain;
pub use limits::{CONTRACT_FILE_MB, UploadLimits, too_large};

/// The area's operations.
pub type Theory = (
    games::Games,
    upload::Upload,
    analyses::Analyses,
    plugins::Plugins,
    submit::Submit,
    batch::Batch,
    reset::Reset,
);

pub fn theory(store: &Store, drain: &Drain, uploads: UploadLimits) -> Theory {
    (
        games::Games::new(store.clone()),
        upload::Upload::new(store.clone(), uploads),
        analyses::Analyses::new(store.clone()),
        plugins::Plugins::new(store.clone()),
        submit::Submit::new(store.clone(), drain.clone()),
        batch::Batch::new(store.clone()),
        reset::Reset::new(store.clone()),
    )
}

#[derive(Tags)]
enum Tag {
    /// Games as trees, tables, influence diagrams and Vegas programs: uploading, looking, converting, exporting, deleting.
    Games,
    /// What can be found out about a game, and the quick analyses at once.
    Analyses,
    /// Starting over.
    Utility,
}

struct GameMissing;

impl Case for GameMissing {
    const STATUS: u16 = 404;
    const WHEN: &'static str = "No game has this id.";
    const EXAMPLE: &'static str = "Game not found: invalid-id";
}

struct OrderRefused;

impl Case for OrderRefused {
    const STATUS: u16 = 400;
    const WHEN: &'static str = "There is no such analysis, it cannot take this game in any form, or the options do not suit it or the game.";
    const EXAMPLE: &'static str =
        "Unknown plugin: BadPlugin. Available: ['Nash Equilibrium', 'IESDS', 'Validation']";
}

fn missing(id: &str) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, format!("Game not found: {id}"))
}

/// The id in a path; text that can be no id names no game.
fn parse_id(text: &str) -> Result<GameId, Problem> {
    text.parse().map_err(|_| missing(text))
}

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        match error {
            OrderError::Store(error) => error.into(),
            OrderError::GameNotFound(_) => Self::new(StatusCode::NOT_FOUND, error.to_string()),
            OrderError::UnknownPlugin(_)
            | OrderError::Unfit { .. }
            | OrderError::Options { .. } => Self::new(StatusCode::BAD_REQUEST, error.to_string()),
        }
    }
}
