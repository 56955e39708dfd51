//! Decisions of the offline provider: one worker, ten thousand active characters.

use std::time::Duration;

use tokio::time::sleep;

use super::bare;
use super::populace::{settle, wake};
use super::town::Town;
use crate::machine::Machine;
use crate::queue::Size;
use crate::section::Measured;
use crate::table::{Figure, Line, Reach};

const ACTIVE: usize = 10_000;
/// Until the alarms run evenly and caches are warm.
const WARM: Duration = Duration::from_secs(6);

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let during = Duration::from_secs(if size == Size::Full { 20 } else { 5 });
    let mut town = Town::open(machine).await?;
    let bare = bare::written(&town.stage.pool, during / 4).await?;
    settle(&town, 0, ACTIVE).await?;
    town.employ(1, None)?;
    wake(&town, ACTIVE).await?;
    sleep(WARM).await;
    let skipped = town.counted("ticks:skipped").await?;
    let before = town.spent().await?;
    let asked = town.rate("decisions", during).await?;
    let after = town.spent().await?;
    let skipped = town.counted("ticks:skipped").await? - skipped;
    let decided = (asked * during.as_secs_f64()) as usize;
    town.tick(500, 10).await?;
    sleep(WARM / 2).await;
    let most = town.rate("decisions", during).await?;
    town.close().await?;
    Ok(Measured {
        lines: vec![
            Line::new(
                "decisions, offline provider, one worker, 10,000 active at ticks of 2 s, which ask for 5,000/s (aim 5,000/s)",
                Figure::PerSecond(asked),
            )
            .beside("bare Postgres, as many rows in batches of 128", Figure::PerSecond(bare))
            .reach(Reach::AtLeast(Figure::PerSecond(3_000.0))),
            Line::new("… ticks that came too late and were skipped", Figure::PerSecond(skipped as f64 / during.as_secs_f64())),
            Line::new("… at ticks of 0.5 s, more than there is room for", Figure::PerSecond(most)),
        ],
        notes: vec![format!(
            "Processor time of an offline decision: {}.",
            after.since(&before, decided)
        )],
    })
}
