//! Decisions that a language model makes over HTTP: as many as go when it takes no time; and with one worker and four when it takes its
//! time, never more at once, nor a minute, than is allowed.

use std::time::Duration;

use serde_json::json;
use tokio::time::{Instant, sleep};

use super::model::Model;
use super::populace::{settle, wake};
use super::town::{Allowed, NEVER_MS, Town};
use crate::machine::Machine;
use crate::queue::Size;
use crate::section::Measured;
use crate::table::{Figure, Line, Reach};

const ACTIVE: usize = 2_000;
/// Nobody waits for the next event: fewer than so many wait for a decision when it comes.
const LOW: i64 = 800;
const SLOW: Duration = Duration::from_millis(200);
/// Of one worker.
const BATCH: u32 = 16;
const WORKERS: usize = 4;
const RPM: u32 = 300;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let during = Duration::from_secs(if size == Size::Full { 15 } else { 5 });
    let mut measured = fastest(machine, during).await?;
    measured.lines.extend(scaled(machine, during).await?.lines);
    Ok(measured)
}

async fn fastest(machine: &Machine, during: Duration) -> anyhow::Result<Measured> {
    let model = Model::start(Duration::ZERO).await?;
    let mut town = crowd(machine, 128).await?;
    let allowed = Allowed {
        model: &model,
        concurrency: 128,
        rpm: None,
    };
    town.employ(1, Some(&allowed))?;
    provoke(&town, Duration::from_secs(4)).await?;
    let before = town.spent().await?;
    let rate = provoke(&town, during).await?;
    let after = town.spent().await?;
    town.close().await?;
    let decided = (rate * during.as_secs_f64()) as usize;
    Ok(Measured {
        lines: vec![
            Line::new(
                "decisions, provider over HTTP that takes no time, one worker (aim 1,500/s)",
                Figure::PerSecond(rate),
            )
            .beside("the original, measured earlier", Figure::PerSecond(156.0))
            .reach(Reach::AtLeast(Figure::PerSecond(1_000.0))),
        ],
        notes: vec![format!(
            "Processor time of a decision over HTTP: {}.",
            after.since(&before, decided)
        )],
    })
}

async fn scaled(machine: &Machine, during: Duration) -> anyhow::Result<Measured> {
    let model = Model::start(SLOW).await?;
    let mut town = crowd(machine, BATCH).await?;
    let at_once = BATCH * u32::try_from(WORKERS)?;
    let mut allowed = Allowed {
        model: &model,
        concurrency: at_once,
        rpm: None,
    };
    let mut rates = Vec::new();
    let mut peak = 0;
    for more in [1, WORKERS - 1] {
        town.employ(more, Some(&allowed))?;
        provoke(&town, Duration::from_secs(5)).await?;
        rates.push(provoke(&town, during).await?);
        peak = peak.max(model.seen().peak);
    }
    town.close().await?;
    // In a world of its own, whose minute is empty: half of what the four would have under way, and a minute's calls that they would
    // have made in a moment.
    let mut town = crowd(machine, BATCH).await?;
    allowed.concurrency = at_once / 2;
    allowed.rpm = Some(RPM);
    town.employ(WORKERS, Some(&allowed))?;
    model.seen();
    provoke(&town, during).await?;
    let limited = model.seen();
    town.close().await?;
    let (one, four) = (rates[0], rates[1]);
    Ok(Measured {
        lines: vec![
            Line::new(
                format!(
                    "decisions, provider over HTTP that takes 200 ms, one worker of {BATCH} at once"
                ),
                Figure::PerSecond(one),
            )
            .beside(
                "what the provider lets through",
                Figure::PerSecond(f64::from(BATCH) / SLOW.as_secs_f64()),
            ),
            Line::new("… four workers", Figure::PerSecond(four)),
            Line::new("… four beside one", Figure::Times(four / one))
                .reach(Reach::AtLeast(Figure::Times(3.6))),
            Line::new(
                "… calls under way at once, counted at the provider, the most; allowed are 64",
                Figure::Count(peak as f64),
            )
            .reach(Reach::AtMost(Figure::Count(f64::from(at_once)))),
            Line::new(
                "… the same, allowed are 32 and 300 a minute",
                Figure::Count(limited.peak as f64),
            )
            .reach(Reach::AtMost(Figure::Count(f64::from(at_once / 2)))),
            Line::new(
                format!("… calls in the first {} s of it", during.as_secs()),
                Figure::Count(limited.calls as f64),
            )
            .reach(Reach::AtMost(Figure::Count(f64::from(RPM)))),
        ],
        notes: Vec::new(),
    })
}

/// Active characters who are only asked when something happens.
async fn crowd(machine: &Machine, batch_size: u32) -> anyhow::Result<Town> {
    let town = Town::open(machine).await?;
    settle(&town, 0, ACTIVE).await?;
    town.tick(NEVER_MS, batch_size).await?;
    wake(&town, ACTIVE).await?;
    Ok(town)
}

/// Lets important events happen so that there is always somebody who has to react, and counts how many decided by the model, a second.
async fn provoke(town: &Town, during: Duration) -> anyhow::Result<f64> {
    let event = json!({ "event": { "type": "bell", "source": "narrator", "importance": 8, "timestamp": 1_709_000_000_000_u64 } });
    let (before, from) = (decided(town).await?, Instant::now());
    while from.elapsed() < during {
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from characters_minds where thinking is not null or called_at is not null",
        )
        .fetch_one(&town.stage.pool)
        .await?;
        if waiting < LOW {
            town.post("/api/events", &event).await?;
        }
        sleep(Duration::from_millis(100)).await;
    }
    Ok((decided(town).await? - before) as f64 / from.elapsed().as_secs_f64())
}

/// Not those that were decided offline instead.
async fn decided(town: &Town) -> anyhow::Result<i64> {
    Ok(
        sqlx::query_scalar("select count(*) from characters_decisions where provider <> 'offline'")
            .fetch_one(&town.stage.pool)
            .await?,
    )
}
