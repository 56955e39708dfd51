//! The language models: one handle for the jobs, whoever answers.
//!
//! [`Model::ask`] goes down the chain of providers (`link`), each within its limits (`limits`), in the provider's own `format`. What it
//! cost is written into the `ledger`; `health` tells the others whether anybody can be reached.

mod anthropic;
mod call;
mod config;
mod embed;
mod error;
mod failure;
mod format;
mod health;
mod ledger;
mod link;
mod openai;
mod refusal;
mod sse;
mod thinking;

use std::sync::Arc;
use std::time::Duration;

use rookery_characters::inference::{Purpose, Reply, Request};
use rookery_shared::Store;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use call::Hearing;
use ledger::Ledger;
use link::{Link, Time};

pub use config::{Kind, ProviderConfig, ProviderConfigError};
pub use error::ModelError;

/// Asks language models, within the limits that all workers share. Cheap to clone.
#[derive(Clone)]
pub struct Model(Arc<Chain>);

struct Chain {
    /// In the order in which they are asked. None: offline.
    links: Vec<Link>,
    ledger: Ledger,
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
    /// As the decision log names it: `openai`, `anthropic`, `openai-fallback`, `anthropic-fallback`.
    pub provider: &'static str,
    pub model: String,
}

/// Hears a reply's text piece by piece while it comes in. What was heard is never taken back: a call that breaks after its first piece
/// fails.
pub type Listener<'a> = &'a mut (dyn FnMut(&str) + Send);

/// How long calls that are over may take to be written down when the process leaves.
const FAREWELL: Duration = Duration::from_secs(3);

impl Model {
    /// Must be called inside a tokio runtime; answers at once, and asks nobody yet.
    ///
    /// # Errors
    /// When the settings contradict each other.
    pub fn start(config: &ProviderConfig, store: &Store) -> anyhow::Result<Self> {
        let ledger = Ledger::start(store.clone());
        let names = |kind| match kind {
            Kind::Anthropic => ["anthropic", "anthropic-fallback"],
            Kind::OpenAi | Kind::Offline => ["openai", "openai-fallback"],
        };
        let mut links = Vec::new();
        for (place, settled) in config.chain()?.into_iter().enumerate() {
            let [first, then] = names(settled.kind);
            let name = if place == 0 { first } else { then };
            links.push(Link::new(name, settled, ledger.clone(), store)?);
        }
        let chain = Arc::new(Chain { links, ledger });
        tokio::spawn(health::watch(Arc::downgrade(&chain), store.clone()));
        Ok(Self(chain))
    }

    /// Nobody outside is asked: decisions and replies are the engine's own.
    pub fn is_offline(&self) -> bool {
        self.0.links.is_empty()
    }

    /// Within twice the timeout of a call. Dropping the future ends the call and gives back what it had reserved.
    ///
    /// # Errors
    /// When nobody in the chain answered, as the first of them failed; [`ModelError::CapReached`] when there is nobody to ask.
    pub async fn ask(
        &self,
        request: &Request,
        about: &About,
        listener: Option<Listener<'_>>,
    ) -> Result<Answer, ModelError> {
        let deadline = self.deadline();
        let mut hearing = Hearing::new(listener);
        let mut first = None;
        for (place, link) in self.0.links.iter().enumerate() {
            if Instant::now() >= deadline {
                break;
            }
            let is_last = place + 1 == self.0.links.len();
            let patience = match is_last {
                true => patience(request.purpose),
                // Somebody else is there to be asked.
                false => FAILOVER_PATIENCE,
            };
            let time = Time { deadline, patience };
            match link.ask(request, about, &mut hearing, time).await {
                Ok(answer) => return Ok(answer),
                Err(error) if hearing.has_heard() => return Err(error),
                Err(error) => first = first.or(Some(error)),
            }
        }
        Err(first.unwrap_or(ModelError::CapReached))
    }

    /// The model that [`Model::embed`] asks. None: memories are found by their words alone.
    pub fn embedding_model(&self) -> Option<&str> {
        self.embedder().map(|(_, model)| model)
    }

    /// One vector for each text, in their order.
    ///
    /// # Errors
    /// When there is no such model, or it does not answer.
    pub async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, ModelError> {
        let (link, model) = self.embedder().ok_or(ModelError::Failed)?;
        let time = Time {
            deadline: self.deadline(),
            patience: patience(Purpose::Keeping),
        };
        link.embed(model, texts, time).await
    }

    /// Returns when what is over has been settled and written down, or after some seconds.
    pub async fn close(&self) {
        let all = async {
            for link in &self.0.links {
                link.meter.settled().await;
            }
            self.0.ledger.flush().await;
        };
        if timeout(FAREWELL, all).await.is_err() {
            tracing::warn!("calls of language models may be missing in the ledger");
        }
    }

    fn embedder(&self) -> Option<(&Link, &str)> {
        let mut links = self.0.links.iter();
        links.find_map(|link| Some((link, link.settled.embedding.as_deref()?)))
    }

    /// A little before twice the timeout, so that the answer is out by then.
    fn deadline(&self) -> Instant {
        let timeout = self.0.links.first().map(|link| link.settled.timeout);
        Instant::now() + timeout.unwrap_or_default().mul_f64(1.9)
    }
}

/// How long somebody waits for room within the limits, or for a provider that asked for a pause, before he is told to come again.
fn patience(purpose: Purpose) -> Duration {
    match purpose {
        Purpose::Chat | Purpose::Event | Purpose::Conversation => Duration::from_secs(5),
        // There will be another tick.
        Purpose::FastTick | Purpose::SlowTick | Purpose::Keeping => Duration::from_secs(2),
    }
}

/// Long enough for one more try, not for two.
const FAILOVER_PATIENCE: Duration = Duration::from_millis(700);
