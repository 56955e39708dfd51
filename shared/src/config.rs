//! Where the stores are: the part of the configuration that every binary has.

use clap::Args;

/// Postgres and Redis, from the environment.
#[derive(Args, Clone)]
pub struct StoreConfig {
    /// Postgres, as a URL; `?host=/folder` for a unix socket. No default.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: String,

    /// Redis, as a URL; `redis+unix:///path` for a unix socket. No default.
    #[arg(long, env = "REDIS_URL", hide_env_values = true)]
    pub redis_url: String,

    /// What every Redis key starts with; two systems that share a Redis differ in it.
    #[arg(long, env = "ROOKERY_QUEUE_PREFIX", default_value = "rookery")]
    pub queue_prefix: String,

    /// Connections to Postgres that this process holds at most.
    #[arg(long, env = "ROOKERY_DATABASE_CONNECTIONS", default_value_t = 20,
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_connections: u32,
}
