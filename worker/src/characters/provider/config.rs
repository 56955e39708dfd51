//! Which language models are asked, and how much of them: from the environment, checked at start.

use std::fmt;
use std::time::Duration;

use clap::{Args, ValueEnum};
use reqwest::Url;
use rookery_characters::inference::Tier;
use thiserror::Error;

use crate::characters::limits::Limits;

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// Nobody outside: the engine decides by itself.
    Offline,
    /// Whoever speaks OpenAI's chat completions: OpenAI, llama.cpp, vLLM, Ollama, LM Studio, OpenRouter.
    #[value(name = "openai")]
    OpenAi,
    /// Anthropic's messages.
    Anthropic,
}

/// A key of a provider. It is shown to nobody but that provider.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The same settings twice: of the provider, and of the one that is asked when it fails.
macro_rules! settings {
    ($(#[$doc:meta])* $name:ident, $long:literal, $env:literal) => {
        $(#[$doc])*
        #[derive(Args, Clone, Debug)]
        pub struct $name {
            /// Who answers for the characters. Unset: the built-in offline provider.
            #[arg(id = concat!($long, "-provider"), long = concat!($long, "-provider"), env = concat!($env, "_PROVIDER"), value_enum)]
            pub provider: Option<Kind>,

            /// Where it answers; unset: at OpenAI's or Anthropic's own address.
            #[arg(id = concat!($long, "-base-url"), long = concat!($long, "-base-url"), env = concat!($env, "_BASE_URL"))]
            pub base_url: Option<String>,

            /// The model that is asked.
            #[arg(id = concat!($long, "-model"), long = concat!($long, "-model"), env = concat!($env, "_MODEL"))]
            pub model: Option<String>,

            /// Another model for what matters most.
            #[arg(id = concat!($long, "-model-heavy"), long = concat!($long, "-model-heavy"), env = concat!($env, "_MODEL_HEAVY"))]
            pub model_heavy: Option<String>,

            /// Another model for chat and usual decisions.
            #[arg(id = concat!($long, "-model-mid"), long = concat!($long, "-model-mid"), env = concat!($env, "_MODEL_MID"))]
            pub model_mid: Option<String>,

            /// Another model for what matters least, and for summaries.
            #[arg(id = concat!($long, "-model-light"), long = concat!($long, "-model-light"), env = concat!($env, "_MODEL_LIGHT"))]
            pub model_light: Option<String>,

            /// The model that makes vectors of texts. Unset: memories are found by their words.
            #[arg(id = concat!($long, "-model-embedding"), long = concat!($long, "-model-embedding"), env = concat!($env, "_MODEL_EMBEDDING"))]
            pub model_embedding: Option<String>,

            /// Its key.
            #[arg(id = concat!($long, "-api-key"), long = concat!($long, "-api-key"), env = concat!($env, "_API_KEY"), hide_env_values = true)]
            pub api_key: Option<Secret>,

            /// Milliseconds that one call may take; an answer with all its retries takes twice that at most.
            #[arg(id = concat!($long, "-timeout-ms"), long = concat!($long, "-timeout-ms"), env = concat!($env, "_TIMEOUT_MS"),
                  default_value_t = 30_000, value_parser = clap::value_parser!(u64).range(10..=600_000))]
            pub timeout_ms: u64,

            /// Calls under way at once, all workers together.
            #[arg(id = concat!($long, "-concurrency"), long = concat!($long, "-concurrency"), env = concat!($env, "_CONCURRENCY"),
                  default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100_000))]
            pub concurrency: u32,

            /// Requests in any minute, all workers together. Unset: as many as there are.
            #[arg(id = concat!($long, "-rpm"), long = concat!($long, "-rpm"), env = concat!($env, "_RPM"),
                  value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
            pub rpm: Option<u64>,

            /// Tokens in any minute, prompts and answers, all workers together. Unset: as many as there are.
            #[arg(id = concat!($long, "-tpm"), long = concat!($long, "-tpm"), env = concat!($env, "_TPM"),
                  value_parser = clap::value_parser!(u64).range(1..=100_000_000_000))]
            pub tpm: Option<u64>,

            /// Dollars in a day (UTC), all workers together; needs the prices. What is over it the offline provider does.
            #[arg(id = concat!($long, "-daily-usd"), long = concat!($long, "-daily-usd"), env = concat!($env, "_DAILY_USD"))]
            pub daily_usd: Option<f64>,

            /// Dollars for a million tokens of prompts.
            #[arg(id = concat!($long, "-price-in"), long = concat!($long, "-price-in"), env = concat!($env, "_PRICE_IN"))]
            pub price_in: Option<f64>,

            /// Dollars for a million tokens of answers.
            #[arg(id = concat!($long, "-price-out"), long = concat!($long, "-price-out"), env = concat!($env, "_PRICE_OUT"))]
            pub price_out: Option<f64>,
        }

        impl $name {
            fn settings(&self) -> Settings<'_> {
                Settings {
                    prefix: $env,
                    base_url: self.base_url.as_deref(),
                    model: self.model.as_deref(),
                    models: [self.model_light.as_deref(), self.model_mid.as_deref(), self.model_heavy.as_deref()],
                    embedding: self.model_embedding.as_deref(),
                    api_key: self.api_key.as_ref(),
                    timeout_ms: self.timeout_ms,
                    concurrency: self.concurrency,
                    rpm: self.rpm,
                    tpm: self.tpm,
                    daily_usd: self.daily_usd,
                    prices: [self.price_in, self.price_out],
                }
            }
        }
    };
}

settings!(
    /// The provider.
    Main,
    "llm",
    "ROOKERY_LLM"
);
settings!(
    /// The provider that is asked when the first one fails.
    Fallback,
    "llm-fallback",
    "ROOKERY_LLM_FALLBACK"
);

/// Language models, as the operator set them.
#[derive(Args, Clone, Debug)]
pub struct ProviderConfig {
    #[command(flatten)]
    pub main: Main,
    #[command(flatten)]
    pub fallback: Fallback,
}

/// A setting that cannot be meant so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProviderConfigError {
    #[error("{0} is not set, and {1} needs it")]
    Missing(String, String),
    #[error("{0} is no address of a provider: {1}")]
    Address(String, String),
    #[error("{0} must be a positive number")]
    Amount(String),
    #[error("{0} is not a key that can be sent")]
    Key(String),
    #[error("{0} is set, but ROOKERY_LLM_PROVIDER asks nobody before it")]
    NobodyFirst(String),
}

/// One provider, ready to be asked.
#[derive(Debug, Clone)]
pub struct Settled {
    pub kind: Kind,
    pub base_url: Url,
    /// By tier, light first.
    models: [String; 3],
    pub embedding: Option<String>,
    pub api_key: Option<Secret>,
    pub timeout: Duration,
    pub limits: Limits,
    pub prices: Prices,
}

/// Millionths of a dollar a token, which is dollars for a million.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Prices {
    pub prompt: f64,
    pub completion: f64,
}

impl Prices {
    pub fn micro_usd(&self, prompt_tokens: u32, completion_tokens: u32) -> u64 {
        let sum =
            self.prompt * f64::from(prompt_tokens) + self.completion * f64::from(completion_tokens);
        // Rounded up: many cheap calls must not add up to nothing. Negative or absurd prices were refused.
        sum.ceil() as u64
    }
}

impl Settled {
    pub fn model(&self, tier: Tier) -> &str {
        let [light, mid, heavy] = &self.models;
        match tier {
            Tier::Light => light,
            Tier::Mid => mid,
            Tier::Heavy => heavy,
        }
    }
}

impl ProviderConfig {
    /// Providers in the order in which they are asked. None: offline.
    ///
    /// # Errors
    /// For what cannot be meant so.
    pub fn chain(&self) -> Result<Vec<Settled>, ProviderConfigError> {
        let kind = |kind: Option<Kind>| kind.filter(|kind| *kind != Kind::Offline);
        let main = kind(self.main.provider);
        let fallback = kind(self.fallback.provider);
        if main.is_none() && fallback.is_some() {
            let set = "ROOKERY_LLM_FALLBACK_PROVIDER".to_owned();
            return Err(ProviderConfigError::NobodyFirst(set));
        }
        let main = main.map(|kind| self.main.settings().settle(kind));
        let fallback = fallback.map(|kind| self.fallback.settings().settle(kind));
        main.into_iter().chain(fallback).collect()
    }
}

/// What both sets of settings hold, by their environment's prefix.
struct Settings<'a> {
    prefix: &'static str,
    base_url: Option<&'a str>,
    model: Option<&'a str>,
    models: [Option<&'a str>; 3],
    embedding: Option<&'a str>,
    api_key: Option<&'a Secret>,
    timeout_ms: u64,
    concurrency: u32,
    rpm: Option<u64>,
    tpm: Option<u64>,
    daily_usd: Option<f64>,
    prices: [Option<f64>; 2],
}

const OPENAI: &str = "https://api.openai.com/v1";
const ANTHROPIC: &str = "https://api.anthropic.com/v1";
/// Above this a price or a day's budget is a typing error.
const MOST_USD: f64 = 1e7;

impl Settings<'_> {
    fn settle(&self, kind: Kind) -> Result<Settled, ProviderConfigError> {
        let own = match kind {
            Kind::Anthropic => ANTHROPIC,
            Kind::OpenAi | Kind::Offline => OPENAI,
        };
        let base_url = self.base_url.filter(|url| !url.is_empty());
        // A server of one's own may want no key; the two firms always do.
        if base_url.is_none() && self.api_key.is_none() {
            return Err(self.missing("_API_KEY", "_PROVIDER"));
        }
        if let Some(key) = self.api_key
            && reqwest::header::HeaderValue::from_str(key.reveal()).is_err()
        {
            return Err(ProviderConfigError::Key(self.name("_API_KEY")));
        }
        let usual = self.model.filter(|model| !model.is_empty());
        let mut models = Vec::with_capacity(3);
        for model in self.models {
            let model = model.filter(|model| !model.is_empty()).or(usual);
            models.push(
                model
                    .ok_or_else(|| self.missing("_MODEL", "_PROVIDER"))?
                    .to_owned(),
            );
        }
        for (amount, name) in [
            (self.daily_usd, "_DAILY_USD"),
            (self.prices[0], "_PRICE_IN"),
            (self.prices[1], "_PRICE_OUT"),
        ] {
            let sensible = amount.is_none_or(|usd| (0.0..=MOST_USD).contains(&usd));
            let cap_is_none = name == "_DAILY_USD" && amount == Some(0.0);
            if !sensible || cap_is_none {
                return Err(ProviderConfigError::Amount(self.name(name)));
            }
        }
        let [price_in, price_out] = self.prices;
        if self.daily_usd.is_some() {
            price_in.ok_or_else(|| self.missing("_PRICE_IN", "_DAILY_USD"))?;
            price_out.ok_or_else(|| self.missing("_PRICE_OUT", "_DAILY_USD"))?;
        }
        Ok(Settled {
            kind,
            base_url: self.address(base_url.unwrap_or(own))?,
            models: models.try_into().expect("three were pushed"),
            embedding: self.embedding.map(str::to_owned),
            api_key: self.api_key.cloned(),
            timeout: Duration::from_millis(self.timeout_ms),
            limits: Limits {
                concurrency: self.concurrency,
                requests_per_minute: self.rpm,
                tokens_per_minute: self.tpm,
                daily_micro_usd: self.daily_usd.map(|usd| (usd * 1e6) as u64),
            },
            prices: Prices {
                prompt: price_in.unwrap_or_default(),
                completion: price_out.unwrap_or_default(),
            },
        })
    }

    /// With a slash at its end, so that paths can be joined to it.
    fn address(&self, text: &str) -> Result<Url, ProviderConfigError> {
        let wrong =
            |why: &str| ProviderConfigError::Address(self.name("_BASE_URL"), why.to_owned());
        let mut url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("it must begin with http:// or https://"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("a key belongs into its own setting"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("it must end with its path"));
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(url)
    }

    fn name(&self, setting: &str) -> String {
        format!("{}{setting}", self.prefix)
    }

    fn missing(&self, what: &str, needed_by: &str) -> ProviderConfigError {
        ProviderConfigError::Missing(self.name(what), self.name(needed_by))
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;

    #[derive(Parser)]
    struct Settings {
        #[command(flatten)]
        provider: ProviderConfig,
    }

    fn chain(words: &[&str]) -> Result<Vec<Settled>, ProviderConfigError> {
        let words = ["worker"].iter().chain(words);
        let settings = Settings::try_parse_from(words).expect("the words are known");
        settings.provider.chain()
    }

    #[test]
    fn every_setting_has_a_name_of_its_own() {
        Settings::command().debug_assert();
    }

    #[test]
    fn nothing_said_is_offline() {
        assert!(chain(&[]).expect("it makes sense").is_empty());
        let offline = ["--llm-provider", "offline", "--llm-model", "unused"];
        assert!(chain(&offline).expect("it makes sense").is_empty());
    }

    #[test]
    fn tiers_have_the_models_that_they_were_given() {
        let local = "http://localhost:11434/v1";
        let words = [
            "--llm-provider",
            "openai",
            "--llm-base-url",
            local,
            "--llm-model",
            "usual",
            "--llm-model-heavy",
            "strong",
        ];
        let chain = chain(&words).expect("it makes sense");
        let link = &chain[0];
        assert_eq!(link.base_url.as_str(), "http://localhost:11434/v1/");
        assert_eq!(link.model(Tier::Heavy), "strong");
        assert_eq!(link.model(Tier::Light), "usual");
        assert_eq!(link.limits.concurrency, 10);
    }

    #[test]
    fn what_cannot_be_meant_so_is_refused_at_start() {
        let with = |more: &[&str]| {
            let mut words = vec!["--llm-provider", "openai"];
            words.extend(more);
            chain(&words).expect_err("it is refused").to_string()
        };
        let no_key = "ROOKERY_LLM_API_KEY is not set, and ROOKERY_LLM_PROVIDER needs it";
        assert_eq!(with(&["--llm-model", "m"]), no_key);
        let no_model = "ROOKERY_LLM_MODEL is not set, and ROOKERY_LLM_PROVIDER needs it";
        assert_eq!(with(&["--llm-api-key", "k"]), no_model);
        let known = ["--llm-model", "m", "--llm-api-key", "k"];
        let also = |more: &[&str]| with(&[&known[..], more].concat());
        assert!(also(&["--llm-daily-usd", "5"]).contains("ROOKERY_LLM_PRICE_IN"));
        let negative = ["--llm-price-in=-1"];
        assert!(also(&negative).contains("positive"));
        for url in [
            "ftp://host/",
            "not a url",
            "http://user:key@host/v1",
            "http://host/v1?key=1",
        ] {
            assert!(
                also(&["--llm-base-url", url]).contains("ROOKERY_LLM_BASE_URL"),
                "{url}"
            );
        }
        let broken = with(&["--llm-model", "m", "--llm-api-key", "k\ney"]);
        assert!(!broken.contains("ney"), "a key is told to nobody: {broken}");
        let alone = ["--llm-fallback-provider", "anthropic"];
        assert!(matches!(
            chain(&alone),
            Err(ProviderConfigError::NobodyFirst(_))
        ));
    }

    #[test]
    fn a_key_is_not_shown() {
        let words = [
            "--llm-provider",
            "openai",
            "--llm-model",
            "m",
            "--llm-api-key",
            "hush",
        ];
        let chain = chain(&words).expect("it makes sense");
        assert!(!format!("{chain:?}").contains("hush"));
    }

    #[test]
    fn cheap_calls_add_up() {
        let prices = Prices {
            prompt: 0.15,
            completion: 0.6,
        };
        assert_eq!(prices.micro_usd(1, 0), 1);
        assert_eq!(prices.micro_usd(1_000_000, 1_000_000), 750_000);
        assert_eq!(Prices::default().micro_usd(1_000_000, 5), 0);
    }
}
