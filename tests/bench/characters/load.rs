//! Requests at a fixed rate: each is sent when it is due, and a late one counts its wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::town::Town;
use crate::samples::Samples;

/// Connections: more than a server that keeps up needs.
const CONNECTIONS: usize = 64;

/// The seconds that each of these requests took.
pub async fn at_rate(
    town: &Town,
    per_second: u32,
    requests: Vec<Vec<u8>>,
) -> anyhow::Result<Samples> {
    let requests = Arc::new(requests);
    let next = Arc::new(AtomicUsize::new(0));
    let begin = Instant::now() + Duration::from_millis(200);
    let mut clients = JoinSet::new();
    for _ in 0..CONNECTIONS.min(requests.len()) {
        let mut connection = town.connect().await?;
        let (requests, next) = (Arc::clone(&requests), Arc::clone(&next));
        clients.spawn(async move {
            let mut took = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = requests.get(number) else {
                    return anyhow::Ok(took);
                };
                let due = begin + Duration::from_secs_f64(number as f64 / f64::from(per_second));
                sleep_until(due).await;
                connection.succeed(request).await?;
                took.push(due.elapsed().as_secs_f64());
            }
        });
    }
    let mut all = Vec::with_capacity(requests.len());
    while let Some(took) = clients.join_next().await {
        all.extend(took??);
    }
    Ok(all.into_iter().collect())
}

/// One after the other.
pub async fn one_by_one(town: &Town, requests: &[Vec<u8>]) -> anyhow::Result<Samples> {
    let mut connection = town.connect().await?;
    let mut took = Vec::with_capacity(requests.len());
    for request in requests {
        let sent = Instant::now();
        connection.succeed(request).await?;
        took.push(sent.elapsed().as_secs_f64());
    }
    Ok(took.into_iter().collect())
}
