//! What every test stands on: a server of its own, with a database and a queue prefix that nobody else has.

mod app;
mod call;
mod conformance;
mod database;
mod events;
mod node;
mod reply;
mod schema;
mod servers;
mod work;

pub use app::TestApp;
pub use call::Call;
pub use conformance::{document, faults};
pub use database::Database;
pub use events::{Event, Events};
pub use node::Node;
pub use reply::Reply;
pub use servers::Servers;

use std::time::Duration;

/// After this a test that waits has failed. It bounds a hang and decides nothing else.
pub const PATIENCE: Duration = Duration::from_secs(60);
