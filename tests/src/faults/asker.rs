//! `rookery-test-asker`: asks a language model as a worker does, as a process that tests may kill in the middle of a call.

use clap::Parser;
use rookery_characters::inference::{Message, Purpose, Request, Role, Tier};
use rookery_shared::{Store, StoreConfig};
use rookery_worker::characters::provider::{About, Model, ModelError, ProviderConfig};
use tokio::task::JoinSet;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    store: StoreConfig,
    #[command(flatten)]
    provider: ProviderConfig,
    /// Questions, all at once.
    #[arg(long)]
    asks: usize,
}

/// Exits with the number of questions that were answered in the end; those that are told to come again do.
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let store = Store::connect(&cli.store)?;
    let model = Model::start(&cli.provider, &store)?;
    let mut asks = JoinSet::new();
    for _ in 0..cli.asks {
        let model = model.clone();
        asks.spawn(async move {
            loop {
                match model.ask(&question(), &About::default(), None).await {
                    Ok(_) => return true,
                    Err(ModelError::RateLimited { .. }) => {}
                    Err(_) => return false,
                }
            }
        });
    }
    let answered = asks.join_all().await.into_iter().filter(|ok| *ok).count();
    model.close().await;
    std::process::exit(i32::try_from(answered)?);
}

fn question() -> Request {
    Request {
        tier: Tier::Mid,
        purpose: Purpose::Chat,
        messages: vec![Message {
            role: Role::System,
            content: "You are Greta.".to_owned(),
        }],
        tools: Vec::new(),
        schema: None,
        max_tokens: 20,
        temperature: 0.0,
    }
}
