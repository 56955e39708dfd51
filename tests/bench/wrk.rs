//! `wrk` as the load generator for single requests: what a client library costs would count against the server.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use tokio::process::Command;

pub struct Load {
    pub per_second: f64,
    pub p99_ms: f64,
}

/// GET, as fast as 32 connections go.
pub async fn get(url: &str) -> anyhow::Result<Load> {
    run(url, None).await
}

/// POST without a body, as fast as 32 connections go.
pub async fn post(url: &str) -> anyhow::Result<Load> {
    let script = std::env::temp_dir().join(format!("rookery-bench-{}.lua", std::process::id()));
    std::fs::write(&script, "wrk.method = \"POST\"\n")?;
    let load = run(url, Some(&script)).await;
    std::fs::remove_file(&script)?;
    load
}

async fn run(url: &str, script: Option<&Path>) -> anyhow::Result<Load> {
    let mut wrk = Command::new("wrk");
    wrk.args([
        "--threads=1",
        "--connections=32",
        "--duration=8s",
        "--latency",
    ]);
    if let Some(script) = script {
        wrk.arg("--script").arg(script);
    }
    let output = wrk
        .arg(url)
        .stderr(Stdio::piped())
        .output()
        .await
        .context("wrk does not start (apt install wrk)")?;
    anyhow::ensure!(
        output.status.success(),
        "wrk: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    parse(&String::from_utf8(output.stdout)?)
}

fn parse(text: &str) -> anyhow::Result<Load> {
    let after = |label: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(label))
            .map(str::trim)
    };
    if let Some(count) = after("Non-2xx or 3xx responses:") {
        anyhow::bail!("{count} answers were not 2xx");
    }
    if let Some(errors) = after("Socket errors:") {
        anyhow::bail!("socket errors: {errors}");
    }
    let per_second = after("Requests/sec:")
        .context("wrk printed no rate")?
        .parse()?;
    let p99_ms = after("99%")
        .and_then(milliseconds)
        .context("wrk printed no latencies")?;
    Ok(Load { per_second, p99_ms })
}

fn milliseconds(text: &str) -> Option<f64> {
    let (number, scale) = [("us", 0.001), ("ms", 1.0), ("s", 1_000.0)]
        .into_iter()
        .find_map(|(unit, scale)| Some((text.strip_suffix(unit)?, scale)))?;
    Some(number.parse::<f64>().ok()? * scale)
}

#[cfg(test)]
mod tests {
    use super::{milliseconds, parse};

    #[test]
    fn wrk_writes_three_units() {
        assert_eq!(
            ["501.00us", "9.25ms", "1.50s", "9"].map(milliseconds),
            [Some(0.501), Some(9.25), Some(1_500.0), None]
        );
    }

    #[test]
    fn a_refused_request_is_no_throughput() {
        let text = "  99%    9.00ms\nNon-2xx or 3xx responses: 12\nRequests/sec:  45000.10\n";
        assert!(parse(text).is_err());
        assert!(parse(&text.replace("Non-2xx or 3xx responses: 12\n", "")).is_ok());
    }
}
