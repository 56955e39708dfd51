//! `rookery-bench`: measures Rookery beside its limits and its peers, on the servers that `./dev bench` starts.

mod api_process;
mod characters;
mod chess;
mod connection;
mod limits;
mod machine;
mod measure;
mod noop;
mod peers;
mod processes;
mod python_peer;
mod queue;
mod report;
mod samples;
mod scratch_redis;
mod section;
mod stage;
mod table;
mod theory;
mod worker_process;
mod wrk;

use clap::Parser;

use crate::characters::CharactersBench;
use crate::chess::ChessBench;
use crate::queue::QueueBench;
use crate::theory::{ReadRole, TheoryBench};
use crate::worker_process::WorkerRole;

#[derive(Parser)]
#[command(about = "Measures Rookery beside its limits and its peers")]
enum Bench {
    /// The task core: throughput, latency, due times, recovery, memory.
    Queue(QueueBench),
    /// The game-theory engine: enumeration, linear programs, regret minimisation, influence diagrams, reading, orders over HTTP.
    Theory(TheoryBench),
    /// Live chess: rules, durable moves, sockets, flags, bots.
    Chess(ChessBench),
    /// Characters: decisions, chat, language models, a million of them, memory.
    Characters(CharactersBench),
    /// A process that reads one file, so that its memory can be told.
    #[command(hide = true)]
    Read(ReadRole),
    /// A worker process with no-op jobs, which the benchmark starts and kills.
    #[command(hide = true)]
    Worker(WorkerRole),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    match Bench::parse() {
        Bench::Queue(bench) => bench.run().await,
        Bench::Theory(bench) => bench.run().await,
        Bench::Chess(bench) => bench.run().await,
        Bench::Characters(bench) => bench.run().await,
        Bench::Read(role) => role.run(),
        Bench::Worker(role) => role.run().await,
    }
}
