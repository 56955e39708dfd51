//! What the API and the workers share: the store, its errors, configuration, telemetry, idempotency, then one module per area.

pub mod characters;
pub mod chess;
pub mod config;
pub mod error;
pub mod idempotency;
pub mod store;
pub mod telemetry;
pub mod theory;

pub use config::StoreConfig;
pub use error::StoreError;
pub use store::{Store, migrate};
