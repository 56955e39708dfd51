//! Chat at a hundred requests a second: what it takes beyond the language model's own time.

use std::time::Duration;

use serde_json::json;

use super::load::at_rate;
use super::model::Model;
use super::populace::{id, settle, wake};
use super::town::{Allowed, NEVER_MS, Town};
use crate::connection::anonymous;
use crate::machine::Machine;
use crate::queue::Size;
use crate::section::Measured;
use crate::table::{Figure, Line, Reach};

const PER_SECOND: u32 = 100;
/// They are talked to in turn.
const CHARACTERS: usize = 200;

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let count = if size == Size::Full { 2_000 } else { 400 };
    let mut measured = Measured::default();
    for latency_ms in [0, 50] {
        let model = Model::start(Duration::from_millis(latency_ms)).await?;
        let mut town = Town::open(machine).await?;
        settle(&town, 0, CHARACTERS).await?;
        town.tick(NEVER_MS, 10).await?;
        let allowed = Allowed {
            model: &model,
            concurrency: 100,
            rpm: None,
        };
        town.employ(1, Some(&allowed))?;
        wake(&town, CHARACTERS).await?;
        at_rate(&town, PER_SECOND, talk(CHARACTERS)).await?;
        model.seen();
        let before = town.spent().await?;
        let took = at_rate(&town, PER_SECOND, talk(count)).await?;
        let after = town.spent().await?;
        let seen = model.seen();
        anyhow::ensure!(
            seen.calls >= count,
            "{} calls for {count} chats",
            seen.calls
        );
        let provider = seen.each().as_secs_f64();
        town.close().await?;
        measured.lines.extend([
            Line::new(
                format!(
                    "chat over HTTP at 100/s, beyond a provider of {latency_ms} ms, p50 (aim 2 ms)"
                ),
                Figure::Seconds(took.quantile(0.5)? - provider),
            )
            .beside("the original, measured earlier", Figure::Seconds(0.022))
            .reach(Reach::AtMost(Figure::Seconds(0.005))),
            Line::new(
                "… p99 (aim 10 ms)",
                Figure::Seconds(took.quantile(0.99)? - provider),
            )
            .beside("the original, measured earlier", Figure::Seconds(0.063))
            .reach(Reach::AtMost(Figure::Seconds(0.025))),
        ]);
        measured.notes.push(format!(
            "Processor time of a chat, provider of {latency_ms} ms: {}.",
            after.since(&before, count)
        ));
    }
    Ok(measured)
}

fn talk(count: usize) -> Vec<Vec<u8>> {
    let request = |number: usize| {
        let path = format!("/api/chat/{}", id(number % CHARACTERS));
        let message = format!("What is new since I was here {number} days ago?");
        anonymous("POST", &path, &json!({ "message": message }).to_string())
    };
    (0..count).map(request).collect()
}
