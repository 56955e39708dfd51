//! Which processes the processor time of a measurement went to.

use anyhow::Context;

use crate::stage::Stage;

/// In which the kernel tells times to programs (USER_HZ, the same on all of today's architectures).
const TICKS_PER_SECOND: f64 = 100.0;

/// What the benchmark itself spends.
const GENERATOR: &str = "generator";

/// Seconds of processor time so far.
pub struct Spent(Vec<(&'static str, f64)>);

impl Spent {
    pub async fn by(
        stage: &Stage,
        api: u32,
        workers: impl Iterator<Item = u32>,
    ) -> anyhow::Result<Self> {
        let workers: f64 = workers.map(own).sum::<anyhow::Result<f64>>()?;
        Ok(Self(vec![
            ("API", own(api)?),
            ("worker", workers),
            ("Postgres", postgres(stage).await?),
            ("Redis", redis(stage).await?),
            (GENERATOR, own(std::process::id())?),
        ]))
    }

    /// What each has spent since `before`, in microseconds a piece of work.
    pub fn since(&self, before: &Self, pieces: usize) -> String {
        let each = self.0.iter().zip(&before.0).map(|(now, before)| {
            let micros = (now.1 - before.1) * 1e6 / pieces.max(1) as f64;
            format!("{} {micros:.0} µs", now.0)
        });
        each.collect::<Vec<_>>().join(", ")
    }

    /// What all but the generator have spent since `before`, in seconds.
    pub fn seconds_since(&self, before: &Self) -> f64 {
        let each = self.0.iter().zip(&before.0);
        let served = each.filter(|(now, _)| now.0 != GENERATOR);
        served.map(|(now, before)| now.1 - before.1).sum()
    }
}

/// The server with all its processes, those that have ended included.
async fn postgres(stage: &Stage) -> anyhow::Result<f64> {
    let backend: i32 = sqlx::query_scalar("select pg_backend_pid()")
        .fetch_one(&stage.pool)
        .await?;
    let server = Stat::of(backend.try_into()?)?.parent;
    let whole = Stat::of(server)?;
    let mut ticks = whole.own + whole.reaped;
    for entry in std::fs::read_dir("/proc")? {
        let Ok(pid) = entry?.file_name().to_string_lossy().parse() else {
            continue;
        };
        // It may have ended meanwhile.
        let Ok(stat) = Stat::of(pid) else { continue };
        if stat.parent == server {
            ticks += stat.own;
        }
    }
    Ok(ticks / TICKS_PER_SECOND)
}

async fn redis(stage: &Stage) -> anyhow::Result<f64> {
    let mut redis = stage.queue.redis();
    let about: String = redis::cmd("INFO")
        .arg("server")
        .query_async(&mut redis)
        .await?;
    let pid = about
        .lines()
        .find_map(|line| line.strip_prefix("process_id:"))
        .context("Redis does not tell its process")?;
    own(pid.trim().parse()?)
}

fn own(pid: u32) -> anyhow::Result<f64> {
    Ok(Stat::of(pid)?.own / TICKS_PER_SECOND)
}

/// In clock ticks.
struct Stat {
    parent: u32,
    own: f64,
    /// Of its children that have ended.
    reaped: f64,
}

impl Stat {
    /// See proc_pid_stat(5): the fields after the name in brackets, from the third on.
    fn of(pid: u32) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let (_, fields) = text.rsplit_once(')').context("no process name")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let number = |index: usize| -> anyhow::Result<f64> {
            Ok(fields.get(index).context("a short line")?.parse()?)
        };
        Ok(Self {
            parent: fields.get(1).context("a short line")?.parse()?,
            own: number(11)? + number(12)?,
            reaped: number(13)? + number(14)?,
        })
    }
}
