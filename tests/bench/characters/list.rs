//! Listing a thousand characters.

use super::load::one_by_one;
use super::populace::{settle, wake};
use super::town::Town;
use crate::connection::anonymous;
use crate::machine::Machine;
use crate::queue::Size;
use crate::section::Measured;
use crate::table::{Figure, Line, Reach};

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let times = if size == Size::Full { 300 } else { 50 };
    let town = Town::open(machine).await?;
    settle(&town, 0, 1_000).await?;
    wake(&town, 1_000).await?;
    let list = anonymous("GET", "/api/characters?limit=1000", "");
    let mut connection = town.connect().await?;
    let answer = connection.succeed(&list).await?;
    let whole: serde_json::Value = serde_json::from_slice(answer)?;
    let listed = whole["characters"].as_array().map_or(0, Vec::len);
    anyhow::ensure!(listed == 1_000, "{listed} of 1,000 were listed");
    let kilobytes = answer.len() / 1024;
    let took = one_by_one(&town, &vec![list; times]).await?;
    town.close().await?;
    Ok(Measured {
        lines: vec![
            Line::new(
                format!("listing 1,000 characters ({kilobytes} KB), p50 (aim 10 ms)"),
                Figure::Seconds(took.quantile(0.5)?),
            )
            .beside("the original, measured earlier", Figure::Seconds(0.520))
            .reach(Reach::AtMost(Figure::Seconds(0.02))),
            Line::new("… p99", Figure::Seconds(took.quantile(0.99)?)),
        ],
        notes: Vec::new(),
    })
}
