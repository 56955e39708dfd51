//! The language models: one handle for the jobs, whoever answers.

mod config;
mod error;

use rookery_characters::inference::{Reply, Request};
use rookery_shared::Store;
use uuid::Uuid;

pub use config::{ProviderConfig, ProviderConfigError};
pub use error::ModelError;

/// Asks language models, within the limits that all workers share. Cheap to clone.
#[derive(Clone)]
pub struct Model {
    chain: Vec<config::Settled>,
}

/// Whom a call is for: for the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    pub character_id: Option<String>,
    pub player_id: Option<String>,
    pub task_id: Option<Uuid>,
}

/// A reply with at least a word or a tool call in it, and who gave it.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub reply: Reply,
    /// As the decision log names it: `openai`, `anthropic`.
    pub provider: &'static str,
    pub model: String,
}

/// Hears a reply's text piece by piece while it comes in. What was heard is never taken back: a call that breaks after its first piece
/// fails.
pub type Listener<'a> = &'a mut (dyn FnMut(&str) + Send);

impl Model {
    /// Must be called inside a tokio runtime; asks nobody yet.
    ///
    /// # Errors
    /// When the settings contradict each other.
    pub fn start(config: &ProviderConfig, _store: &Store) -> Result<Self, ProviderConfigError> {
        Ok(Self {
            chain: config.chain()?,
        })
    }

    /// Nobody outside is asked: decisions and replies are the engine's own, and [`Model::ask`] must not be called.
    pub fn is_offline(&self) -> bool {
        self.chain.is_empty()
    }

    /// Within twice the timeout of a call. Dropping the future ends the call and gives back what it had reserved.
    ///
    /// # Errors
    /// When nobody in the chain answered; the texts are fit for clients.
    pub async fn ask(
        &self,
        _request: &Request,
        _about: &About,
        _listener: Option<Listener<'_>>,
    ) -> Result<Answer, ModelError> {
        Err(ModelError::Failed)
    }
}
