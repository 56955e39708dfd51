//! `rookery-api doctor`: what a server would find, before one is started; and a probe for containers that have no curl.

use std::time::Duration;

use anyhow::{Context, bail};
use rookery_shared::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A probe that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Prints one line per thing a server stands on; fails when one of them is missing.
pub async fn examine(store: &Store) -> anyhow::Result<()> {
    let (database, migrations) = match store.schema_is_current().await {
        Ok(true) => (Ok(()), Ok(())),
        Ok(false) => (
            Ok(()),
            Err("some are missing: run `rookery-api migrate`".to_owned()),
        ),
        Err(error) => (
            Err(format!("{:#}", anyhow::Error::from(error))),
            Err("unknown".to_owned()),
        ),
    };
    let redis = store.queue.ping().await.map_err(|error| error.to_string());
    let findings = [
        ("postgres", database),
        ("migrations", migrations),
        ("redis", redis),
    ];
    let mut failed = 0;
    for (name, finding) in &findings {
        match finding {
            Ok(()) => println!("{name}: ok"),
            Err(reason) => {
                failed += 1;
                println!("{name}: {reason}");
            }
        }
    }
    if failed > 0 {
        bail!("{failed} of {} checks failed", findings.len());
    }
    Ok(())
}

/// Asks a running server, over plain HTTP; fails unless it answers 200.
pub async fn probe(url: &str) -> anyhow::Result<()> {
    let status = tokio::time::timeout(PATIENCE, status_of(url))
        .await
        .context("no answer in time")??;
    match status {
        200 => Ok(()),
        other => bail!("{url} answers {other}"),
    }
}

async fn status_of(url: &str) -> anyhow::Result<u16> {
    let (host, path) = split(url).with_context(|| format!("`{url}` is not an http:// address"))?;
    let address = if host.contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let mut stream = TcpStream::connect(&address)
        .await
        .with_context(|| format!("cannot reach {address}"))?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64).read_to_end(&mut answer).await?;
    let text = String::from_utf8_lossy(&answer);
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.context("the answer is not HTTP")
}

/// Host with port, and path; `/readyz` when the address has none.
fn split(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest
        .find('/')
        .map_or((rest, "/readyz"), |slash| rest.split_at(slash));
    (!host.is_empty()).then_some((host, if path == "/" { "/readyz" } else { path }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_means_readiness() {
        assert_eq!(
            split("http://127.0.0.1:8000"),
            Some(("127.0.0.1:8000", "/readyz"))
        );
        assert_eq!(split("http://api/"), Some(("api", "/readyz")));
        assert_eq!(split("http://api:8000/livez"), Some(("api:8000", "/livez")));
        assert_eq!(split("https://api"), None);
        assert_eq!(split("http:///x"), None);
    }
}
