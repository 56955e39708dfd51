//! What bounds the queue on this machine: Postgres' durable commits and Redis' round trips, each by its own vendor's tool.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use tokio::process::Command;

use crate::machine::Machine;

/// A limit, for the second table and for the cells beside our own figures.
#[derive(Debug, Clone)]
pub struct Limit {
    pub name: String,
    pub per_second: f64,
}

/// One durable single-row insert per transaction, from `clients` connections at once: no queue in Postgres submits faster
/// than this without sharing its commits.
pub async fn postgres_commits(
    machine: &Machine,
    database_url: &str,
    clients: u32,
) -> anyhow::Result<Limit> {
    let statement = "insert into bench_commits (id, payload) values (gen_random_uuid(), '{}');\n";
    let per_second = pgbench(machine, database_url, clients, statement).await?;
    Ok(Limit {
        name: format!("Postgres commits, {clients} at once"),
        per_second,
    })
}

/// How often a second `clients` connections, each one at a time, run this script of pgbench's.
pub async fn pgbench(
    machine: &Machine,
    database_url: &str,
    clients: u32,
    script: &str,
) -> anyhow::Result<f64> {
    let file = std::env::temp_dir().join(format!("rookery-bench-{}.sql", std::process::id()));
    std::fs::write(&file, script)?;
    let output = Command::new(machine.postgres_program("pgbench"))
        .args(["--no-vacuum", "--protocol=prepared", "--time=5", "--jobs=1"])
        .arg(format!("--client={clients}"))
        .arg("--file")
        .arg(&file)
        .arg(database_url)
        .stderr(Stdio::piped())
        .output()
        .await
        .context("pgbench did not start");
    std::fs::remove_file(&file)?;
    let text = succeeded(output?)?;
    let per_second = text
        .lines()
        .find_map(|line| line.strip_prefix("tps = "))
        .and_then(|rest| rest.split(' ').next())
        .context("pgbench printed no tps")?;
    Ok(per_second.parse()?)
}

/// Redis' answers to PING and LPUSH, one at a time on each of `clients` connections.
pub async fn redis_round_trips(socket: &str, clients: u32) -> anyhow::Result<Vec<Limit>> {
    anyhow::ensure!(Path::new(socket).exists(), "no Redis socket to measure");
    let requests = if clients == 1 { "50000" } else { "200000" };
    let output = Command::new("redis-benchmark")
        .args([
            "-s",
            socket,
            "-n",
            requests,
            "-t",
            "ping_mbulk,lpush",
            "--csv",
            "-c",
        ])
        .arg(clients.to_string())
        .stderr(Stdio::piped())
        .output()
        .await
        .context("redis-benchmark did not start")?;
    let text = succeeded(output)?;
    let limits: Vec<Limit> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.split(',').map(|cell| cell.trim_matches('"'));
            let test = cells.next()?;
            let per_second = cells.next()?.parse().ok()?;
            let test = test.split('_').next()?;
            Some(Limit {
                name: format!("Redis {test}, {clients} at once"),
                per_second,
            })
        })
        .collect();
    anyhow::ensure!(limits.len() == 2, "redis-benchmark printed no figures");
    Ok(limits)
}

fn succeeded(output: std::process::Output) -> anyhow::Result<String> {
    anyhow::ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?)
}
