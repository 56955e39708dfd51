//! How soon a move is on the opponent's socket, alone and beside 10,000 idle sockets of 10,000 live games; and their memory.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::Measured;
use super::hall::{Hall, Pair};
use super::playouts::{Playout, playouts};
use super::socket::Socket;
use crate::machine::{Machine, resident_megabytes};
use crate::queue::Size;
use crate::samples::Samples;
use crate::table::{Figure, Line, Reach};

const GAMES: usize = 100;
const RATE: u32 = 500;
const IDLE: usize = 10_000;
/// Sockets that are opened side by side.
const OPENERS: usize = 32;
const PATIENCE: Duration = Duration::from_secs(10);
/// For what opening them took to be given back.
const SETTLE: Duration = Duration::from_secs(5);

pub async fn measure(machine: &Machine, size: Size) -> anyhow::Result<Measured> {
    allow_many_files()?;
    let (plies, idle) = match size {
        Size::Full => (80, IDLE),
        Size::Quick => (20, IDLE / 10),
    };
    let hall = Hall::open(machine, 1).await?;
    let playouts: Arc<[Playout]> = playouts(GAMES).into();
    let mut lines = Vec::new();
    let told = moves_told(&hall, &playouts, plies).await?;
    lines.extend(latency("move → opponent's socket", &told)?);
    let empty = resident_megabytes(hall.api.pid()?)?;
    let pairs = hall.games(idle).await?;
    let live = resident_megabytes(hall.api.pid()?)?;
    let sockets = open_all(&hall, &pairs).await?;
    sleep(SETTLE).await;
    let watched = resident_megabytes(hall.api.pid()?)?;
    lines.push(
        Line::new(
            format!("memory of an API with {idle} live games and {idle} idle sockets"),
            Figure::Megabytes(watched),
        )
        .reach(Reach::AtMost(Figure::Megabytes(1024.0))),
    );
    let told = moves_told(&hall, &playouts, plies).await?;
    lines.extend(latency(
        "move → opponent's socket beside the idle ones",
        &told,
    )?);
    drop(sockets);
    hall.close().await?;
    let notes = vec![format!(
        "Sockets: {GAMES} games, {RATE} moves/s, counted from when a move is due to be sent. The API had {empty:.0} MB before the idle \
         games, {live:.0} MB with them (the last 20,000 games that it saw are remembered)."
    )];
    Ok(Measured { lines, notes })
}

fn latency(what: &str, told: &Samples) -> anyhow::Result<[Line; 2]> {
    Ok([
        Line::new(format!("{what}, p50"), Figure::Seconds(told.quantile(0.5)?)),
        Line::new("… p99", Figure::Seconds(told.quantile(0.99)?))
            .reach(Reach::AtMost(Figure::Seconds(0.06))),
    ])
}

/// Seconds from when each move is due to when the socket of the one who did not make it tells of it.
async fn moves_told(
    hall: &Hall,
    playouts: &Arc<[Playout]>,
    plies: usize,
) -> anyhow::Result<Samples> {
    let pairs = hall.games(GAMES).await?;
    let each = Duration::from_secs(1) / RATE;
    let mut games = JoinSet::new();
    let mut ready = Vec::with_capacity(GAMES);
    for (number, pair) in pairs.into_iter().enumerate() {
        let connection = hall.connect().await?;
        let white = Socket::open(hall, &pair, &pair.white).await?;
        let black = Socket::open(hall, &pair, &pair.black).await?;
        ready.push((number, pair, connection, [white, black]));
    }
    let begin = Instant::now() + Duration::from_millis(500);
    for (number, pair, mut connection, mut sockets) in ready {
        let playouts = Arc::clone(playouts);
        games.spawn(async move {
            let bodies = playouts.get(number).context("a playout for each game")?;
            let mut late = Vec::with_capacity(plies);
            for (ply, body) in bodies.iter().enumerate().take(plies) {
                let turn = u32::try_from(ply * GAMES + number)?;
                let due = begin + each * turn;
                sleep_until(due).await;
                connection.succeed(&pair.play(ply, body)).await?;
                let opponent = &mut sockets[(ply + 1) % 2];
                let heard = timeout(PATIENCE, opponent.heard(ply + 1)).await;
                late.push((heard.context("a socket was not told")?? - due).as_secs_f64());
            }
            anyhow::Ok(late)
        });
    }
    let mut all = Vec::new();
    while let Some(late) = games.join_next().await {
        all.extend(late??);
    }
    Ok(all.into_iter().collect())
}

async fn open_all(hall: &Hall, pairs: &[Pair]) -> anyhow::Result<Vec<Socket>> {
    let mut all = Vec::with_capacity(pairs.len());
    for some in pairs.chunks(OPENERS) {
        let opened = some
            .iter()
            .map(|pair| Socket::open(hall, pair, &pair.black));
        all.extend(futures_util::future::try_join_all(opened).await?);
    }
    Ok(all)
}

/// Shells often allow a process no more than 1024 open files.
fn allow_many_files() -> anyhow::Result<()> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            ..limit
        },
    )
    .context("the limit of open files cannot be raised")
}
