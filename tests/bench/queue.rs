//! `rookery-bench queue`: every measure of the task core, group by group.

mod cancel;
mod crash;
mod due;
mod http;
mod latency;
mod memory;
mod submit;
mod throughput;
mod waiting;

use std::path::Path;

use clap::{Args, ValueEnum};
use sqlx::Connection as _;

use crate::limits::{Limit, postgres_commits, redis_round_trips};
use crate::machine::{self, Machine};
use crate::measure::{Measure, Reading, theirs};
use crate::peers;
use crate::report::{Report, write_section};
use crate::scratch_redis::ScratchRedis;
use crate::section::typed;
use crate::stage::Stage;

#[derive(Debug, Args)]
pub struct QueueBench {
    #[command(flatten)]
    machine: Machine,
    /// Smaller samples and no backlog of a million; the table is printed, not written to `BENCHMARKS.md`.
    #[arg(long)]
    quick: bool,
    /// Only this group of measures, printed, not written; may be given several times.
    #[arg(long, value_name = "NAME")]
    only: Vec<Group>,
}

/// How large the samples are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Full,
    Quick,
}

/// What is measured in one go, on a database of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Group {
    Limits,
    Peers,
    Throughput,
    Submit,
    Latency,
    Due,
    Waiting,
    Crash,
    Drain,
    Cancel,
    Memory,
    Trivial,
    HttpSubmit,
    HttpEndToEnd,
}

impl QueueBench {
    pub async fn run(self) -> anyhow::Result<()> {
        let size = if self.quick { Size::Quick } else { Size::Full };
        let groups: Vec<Group> = Group::value_variants()
            .iter()
            .copied()
            .filter(|group| self.only.is_empty() || self.only.contains(group))
            .collect();
        let mut report = Report {
            command: typed("queue", self.quick, &self.only),
            circumstances: String::new(),
            readings: Vec::new(),
            limits: Vec::new(),
            notes: Vec::new(),
        };
        let (date, load_before) = (machine::date(), machine::load());
        for &group in &groups {
            eprintln!("bench: {group:?}, load {}", machine::load());
            if let Err(error) = measure(group, &self.machine, size, &mut report).await {
                // The other groups are still worth having; the note goes into the table.
                report
                    .notes
                    .push(format!("{group:?} did not run: {error:#}"));
            }
        }
        report.circumstances = format!(
            "{date}, {} cores, {}, load average {load_before} before and {} after",
            machine::cores(),
            versions(&self.machine).await?,
            machine::load()
        );
        print!("{}", report.markdown());
        if self.only.is_empty() && !self.quick {
            write_section(Path::new("BENCHMARKS.md"), "queue", &report.markdown())?;
        }
        Ok(())
    }
}

async fn measure(
    group: Group,
    machine: &Machine,
    size: Size,
    report: &mut Report,
) -> anyhow::Result<()> {
    let readings = match group {
        Group::Limits => limits(machine, &mut report.limits).await?,
        Group::Peers => {
            let peers =
                peers::measure(machine, if size == Size::Full { 20_000 } else { 6_000 }).await?;
            report.notes.extend(peers.notes);
            peers.readings
        }
        Group::Throughput => throughput::measure(machine, size).await?,
        Group::Submit => submit::measure(machine, size).await?,
        Group::Latency => latency::measure(machine, size).await?,
        Group::Due => due::measure(machine, size).await?,
        Group::Waiting => waiting::measure(machine).await?,
        Group::Crash => crash::kills(machine).await?,
        Group::Drain => crash::hand_backs(machine).await?,
        Group::Cancel => cancel::measure(machine).await?,
        Group::Memory => memory::measure(machine).await?,
        Group::Trivial => http::trivial(machine).await?,
        Group::HttpSubmit => http::submits(machine).await?,
        Group::HttpEndToEnd => http::end_to_end(machine).await?,
    };
    report.readings.extend(readings);
    Ok(())
}

/// Measures the limits and sets each beside what it bounds.
async fn limits(machine: &Machine, limits: &mut Vec<Limit>) -> anyhow::Result<Vec<Reading>> {
    let stage = Stage::open(machine).await?;
    sqlx::query("create table bench_commits (id uuid primary key, payload jsonb not null)")
        .execute(&stage.pool)
        .await?;
    let mut readings = Vec::new();
    for (clients, bounded) in [
        (1, &[Measure::SubmitOneByOne][..]),
        (16, &[]),
        (32, &[Measure::HttpSubmit]),
        (64, &[Measure::SubmitAt64, Measure::ProcessedAt64]),
    ] {
        let limit = postgres_commits(machine, &stage.database_url, clients).await?;
        readings.extend(
            bounded
                .iter()
                .map(|&measure| theirs(measure, &limit.name, limit.per_second)),
        );
        limits.push(limit);
    }
    stage.close().await?;
    let redis = ScratchRedis::start().await?;
    for clients in [1, 50] {
        limits.extend(redis_round_trips(&redis.socket().display().to_string(), clients).await?);
    }
    Ok(readings)
}

/// Of the servers that the work is done on.
pub async fn versions(machine: &Machine) -> anyhow::Result<String> {
    let mut connection = sqlx::PgConnection::connect(&machine.database_url).await?;
    let postgres: String = sqlx::query_scalar("show server_version")
        .fetch_one(&mut connection)
        .await?;
    let postgres = postgres.split(' ').next().unwrap_or_default().to_owned();
    let redis = machine::version(Path::new("redis-server")).unwrap_or_default();
    let redis = redis
        .split_whitespace()
        .find_map(|word| word.strip_prefix("v="))
        .unwrap_or("of unknown version")
        .to_owned();
    Ok(format!("Postgres {postgres}, Redis {redis}"))
}
