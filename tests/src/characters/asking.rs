//! What the tests of language models stand on: a stub, a store of its own, and a handle that asks.

use clap::Parser;
use rookery_characters::inference::{Message, Purpose, Request, Role, Tier};
use rookery_shared::{Store, StoreConfig};
use rookery_worker::characters::provider::{Model, ProviderConfig};

use super::stub::Stub;
use crate::harness::{Database, Servers};

/// A worker's handle with a world of its own around it.
pub struct Asking {
    pub stub: Stub,
    pub store: Store,
    pub model: Model,
    pub at: StoreConfig,
    _database: Database,
}

/// The settings as a worker reads them.
#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    provider: ProviderConfig,
}

impl Asking {
    /// With more settings after those that every test has.
    pub async fn start(settings: &[&str]) -> Self {
        let stub = Stub::start().await.expect("a port is free");
        Self::start_on(&Servers::of_this_run(), stub, settings).await
    }

    pub async fn start_on(servers: &Servers, stub: Stub, settings: &[&str]) -> Self {
        let database = Database::create(servers).await;
        let at = StoreConfig {
            database_url: database.url.clone(),
            redis_url: servers.redis_url.clone(),
            queue_prefix: database.name.clone(),
            database_connections: 4,
        };
        let store = Store::connect(&at).expect("the addresses make sense");
        let model =
            Model::start(&config(&stub, settings), &store).expect("the settings make sense");
        Self {
            stub,
            store,
            model,
            at,
            _database: database,
        }
    }

    /// Another worker of the same world.
    pub fn another(&self, settings: &[&str]) -> Model {
        let store = Store::connect(&self.at).expect("the addresses make sense");
        Model::start(&config(&self.stub, settings), &store).expect("the settings make sense")
    }
}

/// The provider is the stub unless the settings say otherwise.
pub fn config(stub: &Stub, settings: &[&str]) -> ProviderConfig {
    let url = stub.url();
    let mut words = vec!["worker"];
    for (name, value) in [
        ("--llm-base-url", url.as_str()),
        ("--llm-provider", "openai"),
        ("--llm-model", "stub"),
        ("--llm-timeout-ms", "5000"),
    ] {
        if !settings.contains(&name) {
            words.extend([name, value]);
        }
    }
    words.extend(settings);
    Settings::parse_from(words).provider
}

/// A question that a player asks.
pub fn question(purpose: Purpose) -> Request {
    let say = |role, content: &str| Message {
        role,
        content: content.to_owned(),
    };
    Request {
        tier: Tier::Mid,
        purpose,
        messages: vec![
            say(Role::System, "You are Greta, who keeps the tavern."),
            say(Role::User, "What is the mood tonight?"),
        ],
        tools: Vec::new(),
        schema: None,
        max_tokens: 50,
        temperature: 0.7,
    }
}
