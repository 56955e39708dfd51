//! An event of importance 8 in a world of a thousand active characters.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::populace::{settle, wake};
use super::town::Town;
use crate::connection::anonymous;
use crate::machine::Machine;
use crate::queue::Size;
use crate::samples::Samples;
use crate::section::Measured;
use crate::table::{Figure, Line, Reach};

const ACTIVE: i64 = 1_000;
/// How long somebody may take to react before the run is given up.
const PATIENCE: Duration = Duration::from_secs(30);

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let times = if size == Size::Full { 10 } else { 3 };
    let mut town = Town::open(machine).await?;
    settle(&town, 0, ACTIVE.unsigned_abs().try_into()?).await?;
    town.employ(1, None)?;
    wake(&town, ACTIVE.unsigned_abs().try_into()?).await?;
    sleep(Duration::from_secs(4)).await;
    let (mut acknowledged, mut reacted) = (Vec::new(), Vec::new());
    for number in 0..times {
        let (ack, all) = happens(&town, &format!("alarm_{number}")).await?;
        acknowledged.push(ack);
        reacted.push(all);
        sleep(Duration::from_millis(1_300)).await;
    }
    town.close().await?;
    let acknowledged: Samples = acknowledged.into_iter().collect();
    let reacted: Samples = reacted.into_iter().collect();
    Ok(Measured {
        lines: vec![
            Line::new(
                format!("event of importance 8 to 1,000 active characters, {times} times: acknowledged, the slowest"),
                Figure::Seconds(acknowledged.largest()?),
            )
            .beside("the original, measured earlier", Figure::Seconds(10.5))
            .reach(Reach::AtMost(Figure::Seconds(0.01))),
            Line::new("… all of them have reacted, the middle of the times (aim 1 s)", Figure::Seconds(reacted.quantile(0.5)?))
                .reach(Reach::AtMost(Figure::Seconds(2.0))),
            Line::new("… the slowest of the times", Figure::Seconds(reacted.largest()?))
                .reach(Reach::AtMost(Figure::Seconds(2.0))),
        ],
        notes: Vec::new(),
    })
}

/// Seconds until it is acknowledged, and until the decision of the last to react is in the log.
async fn happens(town: &Town, kind: &str) -> anyhow::Result<(f64, f64)> {
    let event = json!({ "event": { "type": kind, "source": "narrator", "importance": 8, "timestamp": 1_709_000_000_000_u64 } });
    let request = anonymous("POST", "/api/events", &event.to_string());
    let mut connection = town.connect().await?;
    let begin = Instant::now();
    connection.succeed(&request).await?;
    let acknowledged = begin.elapsed().as_secs_f64();
    while begin.elapsed() < PATIENCE {
        sleep(Duration::from_millis(50)).await;
        let reacted: i64 = sqlx::query_scalar(
            "select count(distinct key) from characters_decisions where trigger_event = $1 and created_at > now() - interval '1 minute'",
        )
        .bind(kind)
        .fetch_one(&town.stage.pool)
        .await?;
        if reacted == ACTIVE {
            return Ok((acknowledged, begin.elapsed().as_secs_f64()));
        }
    }
    anyhow::bail!("not all have reacted to {kind}")
}
