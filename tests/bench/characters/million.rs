//! A million registered characters: what they cost while nobody is near, and ten thousand of them at work.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::populace::{settle, wake};
use super::town::Town;
use crate::machine::Machine;
use crate::queue::Size;
use crate::section::Measured;
use crate::table::{Figure, Line, Reach};

const ACTIVE: usize = 10_000;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let (count, idle, busy) = match size {
        Size::Full => (1_000_000, 20, 20),
        Size::Quick => (50_000, 6, 5),
    };
    let mut town = Town::open(machine).await?;
    let begun = Instant::now();
    settle(&town, 0, count).await?;
    let settled = begun.elapsed().as_secs_f64();
    town.employ(1, None)?;
    // Checkpoint and vacuum are over, the worker has set itself up.
    sleep(Duration::from_secs(5)).await;
    let (before, from) = (town.spent().await?, Instant::now());
    sleep(Duration::from_secs(idle)).await;
    let after = town.spent().await?;
    let idle_share = 100.0 * after.seconds_since(&before) / from.elapsed().as_secs_f64();
    let each = after.since(&before, idle.try_into()?);
    wake(&town, ACTIVE).await?;
    sleep(Duration::from_secs(8)).await;
    let asked = town.rate("decisions", Duration::from_secs(busy)).await?;
    let late: f64 = sqlx::query_scalar(
        "select coalesce(max(extract(epoch from clock_timestamp() - next_tick_at)), 0)::float8 from characters_minds where tier = 2",
    )
    .fetch_one(&town.stage.pool)
    .await?;
    town.close().await?;
    let characters = format!("{},000", count / 1_000);
    Ok(Measured {
        lines: vec![
            Line::new(
                format!("{characters} registered, none active: processor time of API, worker, Postgres and Redis, of a core (aim 2 %)"),
                Figure::Percent(idle_share),
            )
            .reach(Reach::AtMost(Figure::Percent(5.0))),
            Line::new(
                "… 10,000 of them active at ticks of 2 s, which ask for 5,000/s: decisions, one worker",
                Figure::PerSecond(asked),
            )
            .reach(Reach::AtLeast(Figure::PerSecond(3_000.0))),
            Line::new("… the longest overdue of them at the end", Figure::Seconds(late)),
        ],
        notes: vec![format!(
            "Registering {characters} by SQL took {settled:.0} s. A second of idleness costs: {each}."
        )],
    })
}
