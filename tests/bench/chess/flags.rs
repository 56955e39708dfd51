//! Flags that fall with nobody present: how late, and how late when the worker or what Redis knew is gone.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rookery_shared::chess::STREAM;
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use uuid::Uuid;

use super::Measured;
use super::hall::{Hall, Pair};
use crate::machine::Machine;
use crate::queue::Size;
use crate::samples::Samples;
use crate::table::{Figure, Line, Reach};

/// What happens in the middle of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mishap {
    Nothing,
    /// One of two workers, by SIGKILL.
    WorkerDies,
    /// `FLUSHALL`.
    RedisForgets,
}

/// Over so long the games begin, and fall.
const SPREAD: Duration = Duration::from_secs(10);
/// Each side's clock: longer than beginning them all takes.
const CLOCK: u32 = 16;
const JOINERS: usize = 32;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let count = if size == Size::Full { 5_000 } else { 1_000 };
    let mut measured = Measured::default();
    for mishap in [Mishap::Nothing, Mishap::WorkerDies, Mishap::RedisForgets] {
        let late = fall(machine, count, mishap).await?;
        measured.lines.extend(match mishap {
            Mishap::Nothing => {
                let games = format!("{count} flags fall within 10 s: late by, p50");
                vec![
                    Line::new(games, seconds(&late.rows, 0.5)?),
                    Line::new("… p99", seconds(&late.rows, 0.99)?)
                        .reach(Reach::AtMost(Figure::Seconds(0.1))),
                    Line::new("… max", seconds(&late.rows, 1.0)?)
                        .reach(Reach::AtMost(Figure::Seconds(0.5))),
                    Line::new(
                        "… until `GameEnded` is on the stream, p99",
                        seconds(&late.events, 0.99)?,
                    ),
                ]
            }
            Mishap::WorkerDies => after("kill -9 of one of two workers", &late)?,
            Mishap::RedisForgets => after("FLUSHALL", &late)?,
        });
    }
    Ok(measured)
}

fn after(what: &str, late: &Late) -> anyhow::Result<Vec<Line>> {
    Ok(vec![
        Line::new(
            format!("… with {what} halfway: late by, p99"),
            seconds(&late.rows, 0.99)?,
        ),
        Line::new("… max", seconds(&late.rows, 1.0)?).reach(Reach::AtMost(Figure::Seconds(2.5))),
    ])
}

fn seconds(samples: &Samples, quantile: f64) -> anyhow::Result<Figure> {
    Ok(Figure::Seconds(samples.quantile(quantile)?))
}

struct Late {
    /// From the deadline to the statement that ended the game, both by Postgres' clock.
    rows: Samples,
    /// From the deadline to the event's place in the stream, by Redis' clock of the same machine.
    events: Samples,
}

async fn fall(machine: &Machine, count: usize, mishap: Mishap) -> anyhow::Result<Late> {
    let mut hall = Hall::open(machine, 2).await?;
    let mut redis = hall.stage.queue.redis();
    redis::cmd("DEL")
        .arg(STREAM)
        .query_async::<()>(&mut redis)
        .await?;
    let pairs: Arc<[Pair]> = hall.challenges(count, CLOCK).await?.into();
    let begin = Instant::now();
    join(&hall, &pairs, begin).await?;
    let first_falls = begin + Duration::from_secs(CLOCK.into());
    sleep_until(first_falls + SPREAD / 2).await;
    match mishap {
        Mishap::Nothing => {}
        Mishap::WorkerDies => {
            let worker = hall.workers.first_mut().context("there are two")?;
            worker.kill().await?;
        }
        Mishap::RedisForgets => redis::cmd("FLUSHALL").query_async::<()>(&mut redis).await?,
    }
    ended(&hall, count).await?;
    let rows: Vec<f64> = sqlx::query_scalar(
        "select extract(epoch from updated_at - ended_at)::float8 from chess_games where end_reason = 'timeout'",
    )
    .fetch_all(&hall.stage.pool)
    .await?;
    anyhow::ensure!(
        rows.len() == count,
        "{} of {count} ended on time",
        rows.len()
    );
    let events = match mishap {
        Mishap::Nothing => told(&hall, count).await?,
        // The stream goes with the rest of Redis; only the games are asked about.
        Mishap::WorkerDies | Mishap::RedisForgets => Samples::default(),
    };
    hall.close().await?;
    Ok(Late {
        rows: rows.into_iter().collect(),
        events,
    })
}

/// Each game begins at its time.
async fn join(hall: &Hall, pairs: &Arc<[Pair]>, begin: Instant) -> anyhow::Result<()> {
    let each = SPREAD / u32::try_from(pairs.len())?;
    let mut joiners = JoinSet::new();
    for joiner in 0..JOINERS {
        let mut connection = hall.connect().await?;
        let pairs = Arc::clone(pairs);
        joiners.spawn(async move {
            for (number, pair) in pairs.iter().enumerate().skip(joiner).step_by(JOINERS) {
                sleep_until(begin + each * u32::try_from(number)?).await;
                connection.succeed(&pair.join()).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(joined) = joiners.join_next().await {
        joined??;
    }
    Ok(())
}

/// Waits until all games have ended, without looking at them one by one: a look would end an overdue one.
async fn ended(hall: &Hall, count: usize) -> anyhow::Result<()> {
    let patience = Instant::now() + 4 * SPREAD;
    while Instant::now() < patience {
        sleep(Duration::from_millis(500)).await;
        let ended: i64 =
            sqlx::query_scalar("select count(*) from chess_games where status = 'ended'")
                .fetch_one(&hall.stage.pool)
                .await?;
        if usize::try_from(ended)? == count {
            return Ok(());
        }
    }
    anyhow::bail!("some flags never fell")
}

#[derive(Deserialize)]
struct Ending {
    game_id: Uuid,
}

async fn told(hall: &Hall, count: usize) -> anyhow::Result<Samples> {
    let mut redis = hall.stage.queue.redis();
    let patience = Instant::now() + SPREAD;
    let entries = loop {
        let stream: Vec<(String, HashMap<String, String>)> = redis::cmd("XRANGE")
            .arg(STREAM)
            .arg("-")
            .arg("+")
            .query_async(&mut redis)
            .await?;
        if stream.len() >= count {
            break stream;
        }
        anyhow::ensure!(Instant::now() < patience, "some endings were not told");
        sleep(Duration::from_millis(200)).await;
    };
    let rows: Vec<(Uuid, f64)> = sqlx::query_as(
        "select id, extract(epoch from ended_at)::float8 from chess_games where status = 'ended'",
    )
    .fetch_all(&hall.stage.pool)
    .await?;
    let rows: HashMap<_, _> = rows.into_iter().collect();
    let late = entries.iter().map(|(id, fields)| {
        let payload = fields.get("payload").context("an entry without payload")?;
        let ending: Ending = serde_json::from_str(payload)?;
        let (ms, _) = id.split_once('-').context("an odd id")?;
        let ended = rows.get(&ending.game_id).context("an unknown game")?;
        anyhow::Ok(ms.parse::<f64>()? / 1000.0 - ended)
    });
    late.collect()
}
