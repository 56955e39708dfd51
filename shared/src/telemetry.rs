//! Logs: one readable line, or one JSON object per line for a collector.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use tracing_subscriber::filter::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, layer::SubscriberExt, registry};

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people: one line, fields after the sentence.
    Pretty,
    /// For collectors: one object per line.
    Json,
}

/// What is logged unless `RUST_LOG` says otherwise: sqlx reports each slow statement and poem each connection, which is noise at info.
const DEFAULT_FILTER: &str = "info,sqlx=warn,poem=warn";

/// Starts logging to standard error. `RUST_LOG` filters.
pub fn init(service: &'static str, format: LogFormat) -> Result<(), TryInitError> {
    let filter =
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(DEFAULT_FILTER));
    let layer = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false);
    let layer = match format {
        LogFormat::Pretty => layer.compact().boxed(),
        LogFormat::Json => layer
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .boxed(),
    };
    registry().with(layer.with_filter(filter)).try_init()?;
    tracing::debug!(service.name = service, "logging started");
    Ok(())
}
