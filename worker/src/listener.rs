//! `/livez`, `/readyz` and `/metrics` of a worker, over the least HTTP that probes and scrapers speak.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use rookery_shared::Store;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::shutdown::Shutdown;

/// From a no-op to an analysis of an hour.
const BUCKETS_S: [f64; 13] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0, 60.0, 600.0, 3600.0,
];

/// Samples wait in memory until they are folded into buckets.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// A peer that does not finish its request.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Listener {
    store: Store,
    shutdown: Shutdown,
    figures: PrometheusHandle,
}

/// Listens from now on, and records metrics.
///
/// # Errors
/// When the address is taken.
pub async fn start(address: SocketAddr, store: Store, shutdown: Shutdown) -> anyhow::Result<()> {
    let socket = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address}"))?;
    let figures = PrometheusBuilder::new()
        .set_buckets(&BUCKETS_S)?
        .install_recorder()?;
    let listener = Listener {
        store,
        shutdown,
        figures,
    };
    tracing::info!("health and metrics on http://{}", socket.local_addr()?);
    tokio::spawn(fold(listener.figures.clone()));
    tokio::spawn(async move {
        loop {
            match socket.accept().await {
                Ok((stream, _)) => {
                    let listener = listener.clone();
                    tokio::spawn(async move {
                        // A prober that hangs up or stalls has its answer: none.
                        let _gone = tokio::time::timeout(PATIENCE, listener.answer(stream)).await;
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a probe could not be accepted");
                    tokio::time::sleep(UPKEEP_EVERY).await;
                }
            }
        }
    });
    Ok(())
}

async fn fold(figures: PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP_EVERY).await;
        figures.run_upkeep();
    }
}

/// Longer ones are no probe's.
const MAX_REQUEST_BYTES: u64 = 8192;

impl Listener {
    async fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let (reading, mut writing) = stream.into_split();
        let mut lines =
            BufReader::new(tokio::io::AsyncReadExt::take(reading, MAX_REQUEST_BYTES)).lines();
        let request = lines.next_line().await?.unwrap_or_default();
        while lines
            .next_line()
            .await?
            .is_some_and(|line| !line.is_empty())
        {}
        let (status, body) = self
            .reply(request.split(' ').nth(1).unwrap_or_default())
            .await;
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        writing.write_all(head.as_bytes()).await?;
        writing.write_all(body.as_bytes()).await?;
        writing.shutdown().await
    }

    async fn reply(&self, path: &str) -> (&'static str, String) {
        match path {
            "/livez" => ("200 OK", "ok\n".to_owned()),
            "/readyz" if self.shutdown.is_asked() => {
                ("503 Service Unavailable", "draining\n".to_owned())
            }
            "/readyz" if matches!(self.store.schema_is_current().await, Ok(true)) => {
                ("200 OK", "ready\n".to_owned())
            }
            "/readyz" => ("503 Service Unavailable", "unready\n".to_owned()),
            "/metrics" => ("200 OK", self.figures.render()),
            _ => ("404 Not Found", "not found\n".to_owned()),
        }
    }
}
