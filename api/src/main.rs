//! `rookery-api`: serve, migrate, openapi, token, doctor.

use anyhow::Context;
use clap::{Parser, Subcommand};
use rookery_api::auth::{TokenTerms, Tokens};
use rookery_api::config::{Config, check_secret};
use rookery_api::{doctor, serve, spec};
use rookery_shared::{Store, StoreConfig, characters, migrate, telemetry, theory};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use uuid::Uuid;

/// The HTTP API of Rookery. Everything is configured by the environment.
#[derive(Parser)]
#[command(name = "rookery-api", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API until SIGTERM or Ctrl-C.
    Serve(Box<Config>),
    /// Brings the database's schema up to date.
    Migrate(MigrateArgs),
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints a token for an account.
    Token(TokenArgs),
    /// Checks Postgres, the migrations and Redis; or, with `--ready`, asks a running server.
    Doctor(DoctorArgs),
}

#[derive(clap::Args)]
struct DoctorArgs {
    /// Asks the server at this address whether it is ready, and looks at nothing else: `http://127.0.0.1:8000`.
    #[arg(long, value_name = "URL")]
    ready: Option<String>,
    #[command(flatten)]
    store: Option<StoreConfig>,
}

#[derive(clap::Args)]
struct MigrateArgs {
    #[command(flatten)]
    store: StoreConfig,
    /// Characters that an empty world begins with.
    #[arg(long, env = "ROOKERY_SEED_WORLD", value_enum, default_value = "nobody")]
    seed_world: SeedWorld,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum SeedWorld {
    Nobody,
    /// Greta the barkeep and her company.
    Tavern,
}

#[derive(clap::Args)]
struct TokenArgs {
    /// The account that the token names.
    #[arg(long)]
    account: Uuid,
    /// Lifetime in seconds; a negative one has expired already.
    #[arg(
        long,
        alias = "ttl",
        default_value_t = 86_400,
        allow_negative_numbers = true
    )]
    ttl_s: i64,
    /// The secret that the server verifies with, at least 32 bytes.
    #[arg(long, env = "ROOKERY_JWT_SECRET", hide_env_values = true)]
    jwt_secret: String,
    #[command(flatten)]
    terms: TokenTerms,
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Serve(config) => run(start(*config)),
        Command::Migrate(args) => run(bring_up_to_date(args)),
        Command::Openapi => {
            println!("{:#}", spec::spec());
            Ok(())
        }
        Command::Doctor(DoctorArgs {
            ready: Some(url), ..
        }) => run(doctor::probe(&url)),
        Command::Doctor(DoctorArgs {
            store: Some(config),
            ..
        }) => run(async { doctor::examine(&Store::connect(&config)?).await }),
        Command::Doctor(_) => anyhow::bail!("DATABASE_URL and REDIS_URL are not set"),
        Command::Token(args) => {
            check_secret(Some(&args.jwt_secret))?;
            let tokens = Tokens::under(&args.jwt_secret, args.terms);
            println!("{}", tokens.mint(args.account, args.ttl_s)?);
            Ok(())
        }
    }
}

fn run(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    tokio::runtime::Runtime::new()?.block_on(work)
}

async fn start(config: Config) -> anyhow::Result<()> {
    telemetry::init("rookery-api", config.log_format)?;
    allow_many_connections();
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    tracing::info!("listening on http://{}", listener.local_addr()?);
    serve(config, listener).await
}

/// The usual limit of 1,024 open files is for programs that use `select`; each watcher of a game is an open file.
fn allow_many_connections() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays at {:?}", limit.current);
    }
}

async fn bring_up_to_date(args: MigrateArgs) -> anyhow::Result<()> {
    let store = Store::connect(&args.store)?;
    migrate(&store.pool)
        .await
        .context("the migrations failed")?;
    theory::seed(&store)
        .await
        .context("the example games could not be loaded")?;
    match args.seed_world {
        SeedWorld::Tavern => characters::seed_tavern(&store)
            .await
            .context("the tavern could not be furnished"),
        SeedWorld::Nobody => Ok(()),
    }
}
