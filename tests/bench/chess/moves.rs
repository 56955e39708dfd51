//! Durable moves over HTTP: as many as go, and their latency at a fixed rate; beside what Postgres alone could do.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::Measured;
use super::bare;
use super::hall::{Hall, Pair};
use super::playouts::{PLIES, Playout, playouts};
use crate::connection::Connection;
use crate::machine::Machine;
use crate::queue::Size;
use crate::samples::Samples;
use crate::table::{Figure, Line, Reach};

const RATE: u32 = 500;
/// Who play at the fixed rate, by turns.
const BY_TURNS: usize = 100;
const WARM_UP: Duration = Duration::from_secs(1);

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    let lasts = Duration::from_secs(if size == Size::Full { 10 } else { 4 });
    let bare = bare::measure(machine).await?;
    let hall = Hall::open(machine, 1).await?;
    let playouts: Arc<[Playout]> = playouts(200).into();
    let mut measured = Measured::default();
    for clients in [64, 256] {
        let load = as_many_as_go(&hall, &playouts, (clients, lasts)).await?;
        let mut line = Line::new(
            format!("durable moves over HTTP, {clients} games at once"),
            Figure::PerSecond(load.latencies.len() as f64 / lasts.as_secs_f64()),
        );
        if clients == 256 {
            line = line.reach(Reach::AtLeast(Figure::PerSecond(6_000.0)));
        } else {
            line = line.reach(Reach::AtLeast(Figure::PerSecond(3_000.0)));
        }
        measured.lines.push(
            line.beside(
                "Postgres alone, one statement a move, 16 connections",
                Figure::PerSecond(bare.one_by_one),
            )
            .beside(
                "32 moves a statement, 4 connections",
                Figure::PerSecond(bare.together),
            ),
        );
        measured.lines.extend(load.latency(None)?);
        measured.notes.push(format!(
            "Processor time of a move, {clients} games at once: {}.",
            load.spent
        ));
    }
    let load = at_a_rate(&hall, &playouts, lasts).await?;
    measured.lines.push(Line::new(
        format!("moves at {RATE}/s, {BY_TURNS} games: sent"),
        Figure::PerSecond(load.latencies.len() as f64 / lasts.as_secs_f64()),
    ));
    measured.lines.extend(load.latency(Some((0.005, 0.03)))?);
    measured.notes.push(format!(
        "Processor time of a move at {RATE}/s: {}.",
        load.spent
    ));
    hall.close().await?;
    Ok(measured)
}

struct Load {
    /// Seconds.
    latencies: Samples,
    spent: String,
}

impl Load {
    fn latency(&self, reach: Option<(f64, f64)>) -> anyhow::Result<[Line; 2]> {
        let line = |title: &str, quantile, most: Option<f64>| {
            let line = Line::new(title, Figure::Seconds(self.latencies.quantile(quantile)?));
            Ok::<_, anyhow::Error>(match most {
                Some(most) => line.reach(Reach::AtMost(Figure::Seconds(most))),
                None => line,
            })
        };
        Ok([
            line("… latency p50", 0.5, reach.map(|(most, _)| most))?,
            line("… latency p99", 0.99, reach.map(|(_, most)| most))?,
        ])
    }
}

/// Each client plays both sides of one game after another, on one connection, the next move as soon as the last is answered.
async fn as_many_as_go(
    hall: &Hall,
    playouts: &Arc<[Playout]>,
    (clients, lasts): (usize, Duration),
) -> anyhow::Result<Load> {
    // Enough for 12,000 moves a second; whoever finds none left stops, and the figure shows it.
    let moves = 12_000.0 * (lasts + WARM_UP).as_secs_f64();
    let ready = hall.games(clients + moves as usize / PLIES).await?;
    let ready = Arc::new(Mutex::new(ready));
    let begin = Instant::now() + WARM_UP;
    let end = begin + lasts;
    let mut players = JoinSet::new();
    for number in 0..clients {
        let mut connection = hall.connect().await?;
        let (ready, playouts) = (Arc::clone(&ready), Arc::clone(playouts));
        players.spawn(async move {
            let mut latencies = Vec::new();
            let mut round = number;
            loop {
                let Some(pair) = ready.lock().await.pop() else {
                    anyhow::bail!("there were too few games");
                };
                let bodies = &playouts[round % playouts.len()];
                round += 1;
                for (ply, body) in bodies.iter().enumerate() {
                    let sent = Instant::now();
                    connection.succeed(&pair.play(ply, body)).await?;
                    let answered = Instant::now();
                    if answered > end {
                        return anyhow::Ok(latencies);
                    }
                    if answered >= begin {
                        latencies.push((answered - sent).as_secs_f64());
                    }
                }
            }
        });
    }
    sleep_until(begin).await;
    let before = hall.spent().await?;
    sleep_until(end).await;
    let after = hall.spent().await?;
    let latencies = gathered(players).await?;
    let spent = after.since(&before, latencies.len());
    Ok(Load { latencies, spent })
}

/// Moves at fixed times, each counted from the time that it was meant for: one that had to wait for its turn counts the wait.
async fn at_a_rate(
    hall: &Hall,
    playouts: &Arc<[Playout]>,
    lasts: Duration,
) -> anyhow::Result<Load> {
    let each = Duration::from_secs(1) / RATE;
    let turn = each * BY_TURNS as u32;
    let rounds = (lasts.as_secs_f64() / turn.as_secs_f64()) as usize;
    let games = hall.games(BY_TURNS * rounds.div_ceil(PLIES)).await?;
    let games: Vec<Vec<Pair>> = games
        .chunks(rounds.div_ceil(PLIES))
        .map(<[Pair]>::to_vec)
        .collect();
    let begin = Instant::now() + WARM_UP;
    let mut players = JoinSet::new();
    for (number, games) in games.into_iter().enumerate() {
        let mut connection: Connection = hall.connect().await?;
        let playouts = Arc::clone(playouts);
        players.spawn(async move {
            let mut latencies = Vec::with_capacity(rounds);
            let bodies = &playouts[number % playouts.len()];
            let mut due = begin + each * number as u32;
            for round in 0..rounds {
                sleep_until(due).await;
                let ply = round % PLIES;
                let pair = &games[round / PLIES];
                connection.succeed(&pair.play(ply, &bodies[ply])).await?;
                latencies.push(due.elapsed().as_secs_f64());
                due += turn;
            }
            anyhow::Ok(latencies)
        });
    }
    sleep_until(begin).await;
    let before = hall.spent().await?;
    let latencies = gathered(players).await?;
    let after = hall.spent().await?;
    let spent = after.since(&before, latencies.len());
    Ok(Load { latencies, spent })
}

async fn gathered(mut players: JoinSet<anyhow::Result<Vec<f64>>>) -> anyhow::Result<Samples> {
    let mut all = Vec::new();
    while let Some(latencies) = players.join_next().await {
        all.extend(latencies??);
    }
    Ok(all.into_iter().collect())
}
