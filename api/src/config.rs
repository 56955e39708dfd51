//! The API's configuration: the environment, nothing else.

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use rookery_shared::StoreConfig;
use rookery_shared::telemetry::LogFormat;
use thiserror::Error;

use crate::auth::TokenTerms;
use crate::theory::UploadLimits;

/// Everything `rookery-api serve` can be told.
#[derive(Args, Clone)]
pub struct Config {
    #[command(flatten)]
    pub store: StoreConfig,

    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "ROOKERY_LISTEN", default_value = "127.0.0.1:8000")]
    pub listen: SocketAddr,

    /// How a log line looks.
    #[arg(long, env = "ROOKERY_LOG_FORMAT", value_enum, default_value = "pretty")]
    pub log_format: LogFormat,

    /// Keys, separated by commas, one of which theory, characters and tasks then ask for. Unset: these areas are open.
    #[arg(
        long,
        env = "ROOKERY_API_KEYS",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub api_keys: Vec<String>,

    /// The secret behind account tokens (HS256), at least 32 bytes. Without it and ROOKERY_JWKS_URL chess and arena let nobody in.
    #[arg(long, env = "ROOKERY_JWT_SECRET", hide_env_values = true)]
    pub jwt_secret: Option<String>,

    /// Where an identity provider publishes the keys (a JWK set) of the account tokens that it signs with RS256, ES256 or EdDSA.
    #[arg(long, env = "ROOKERY_JWKS_URL")]
    pub jwks_url: Option<String>,

    #[command(flatten)]
    pub token_terms: TokenTerms,

    /// Origins, separated by commas, whose pages may call this server; `*` for all. Unset: none, only pages served from here.
    #[arg(long, env = "ROOKERY_CORS_ORIGINS", value_delimiter = ',')]
    pub cors_origins: Vec<String>,

    /// Milliseconds that one call of a language model may take, as the workers have it: a chat is given up after twice as long.
    #[arg(long, env = "ROOKERY_LLM_TIMEOUT_MS", default_value_t = 30_000,
          value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub llm_timeout_ms: u64,

    /// Requests per second that one key, account or address may make on average. Unset: no limit.
    #[arg(long, env = "ROOKERY_RATE_PER_SECOND")]
    pub rate_per_second: Option<u32>,

    /// Requests that may come at once before the average counts. Unset: as many as a second holds.
    #[arg(long, env = "ROOKERY_RATE_BURST")]
    pub rate_burst: Option<u32>,

    /// Proxies in front of this server whose `X-Forwarded-For` is believed, counted from here outwards.
    #[arg(long, env = "ROOKERY_TRUSTED_PROXIES", default_value_t = 0)]
    pub trusted_proxies: usize,

    /// Seconds after which a request is given up. Event streams and `?wait=` have their own measure.
    #[arg(long, env = "ROOKERY_REQUEST_TIMEOUT_SECONDS", default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..))]
    pub request_timeout_seconds: u64,

    #[command(flatten)]
    pub uploads: UploadLimits,

    /// Seconds that requests under way may still take once the server was told to stop.
    #[arg(long, env = "ROOKERY_DRAIN_SECONDS", default_value_t = 25)]
    pub drain_seconds: u64,
}

/// Settings that make no sense, alone or together.
#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("ROOKERY_RATE_BURST is set without ROOKERY_RATE_PER_SECOND")]
    BurstWithoutRate,
    #[error("ROOKERY_RATE_PER_SECOND and ROOKERY_RATE_BURST must be at least 1")]
    ZeroRate,
    #[error("ROOKERY_JWT_SECRET has fewer than {MIN_SECRET_BYTES} bytes")]
    ShortSecret,
    #[error("ROOKERY_API_KEYS holds a key of fewer than {MIN_KEY_BYTES} bytes")]
    ShortKey,
    #[error("ROOKERY_JWKS_URL: `{0}` is not an address such as https://id.example.org/keys")]
    KeysAddress(String),
    #[error("ROOKERY_CORS_ORIGINS: `{0}` is not an origin such as https://example.org")]
    Origin(String),
}

/// HS256 is as strong as its secret, up to the 256 bits of the hash (RFC 7518, 3.2).
pub const MIN_SECRET_BYTES: usize = 32;

/// Long enough not to be guessed over the network.
const MIN_KEY_BYTES: usize = 16;

impl Config {
    /// For what asks a language model: its retries end within twice the time of one call; the rest is the queue's.
    pub fn chat_patience(&self) -> Duration {
        Duration::from_millis(2 * self.llm_timeout_ms) + Duration::from_secs(2)
    }

    /// Refuses what could only surprise later.
    pub fn check(&self) -> Result<(), ConfigError> {
        match (self.rate_per_second, self.rate_burst) {
            (None, Some(_)) => return Err(ConfigError::BurstWithoutRate),
            (Some(0), _) | (_, Some(0)) => return Err(ConfigError::ZeroRate),
            _ => {}
        }
        check_secret(self.jwt_secret.as_deref())?;
        if let Some(url) = &self.jwks_url
            && !is_web_address(url)
        {
            return Err(ConfigError::KeysAddress(url.clone()));
        }
        if self
            .api_keys
            .iter()
            .any(|key| key.trim().len() < MIN_KEY_BYTES)
        {
            return Err(ConfigError::ShortKey);
        }
        match self.cors_origins.iter().find(|origin| !is_origin(origin)) {
            Some(origin) => Err(ConfigError::Origin(origin.clone())),
            None => Ok(()),
        }
    }
}

pub fn check_secret(secret: Option<&str>) -> Result<(), ConfigError> {
    match secret {
        Some(secret) if secret.len() < MIN_SECRET_BYTES => Err(ConfigError::ShortSecret),
        _ => Ok(()),
    }
}

fn is_web_address(text: &str) -> bool {
    let url = reqwest::Url::parse(text);
    url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn is_origin(text: &str) -> bool {
    let text = text.trim();
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    text == "*" || host.is_some_and(|host| !host.is_empty() && !host.contains('/'))
}
