//! `theory.analyze`: one analysis on one game. Reads the game's document, writes nothing but the task's own result, so that running
//! it twice gives the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rookery_queue::worker::{Context as JobContext, Job, JobError, Reporter, Stop};
use rookery_shared::theory::{Analyze, Analyzed, MAX_TIMEOUT, load};
use rookery_theory::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Game, Progress, analyze, find,
};
use serde_json::json;

use crate::context::Context;

impl Job<Context> for Analyze {
    /// The client's own limit comes first; this one is for an engine that does not look at its flag.
    const TIMEOUT: Duration = MAX_TIMEOUT.saturating_add(Duration::from_secs(10));
    /// They count rather than wait: more than a few only divide the cores.
    const CONCURRENCY: usize = 4;

    async fn run(self, ctx: JobContext<Context>, stop: Stop) -> Result<Analyzed, JobError> {
        let info = find(&self.plugin).ok_or_else(|| {
            JobError::Refused(format!(
                "UNSUPPORTED_ANALYSIS: unknown plugin: {}",
                self.plugin
            ))
        })?;
        let game = load(&ctx.app.store.pool, self.document)
            .await
            .context("the game could not be read")?;
        let game = game
            .ok_or_else(|| JobError::Refused("GAME_GONE: the game is no longer kept".to_owned()))?;
        let limit = Limit::start(
            &stop,
            self.timeout_ms.map_or(MAX_TIMEOUT, Duration::from_millis),
        );
        let run = Run {
            game,
            info,
            config: self.config,
            halt: limit.halt.clone(),
            report: ctx.report.clone(),
        };
        let outcome = ctx.compute(&stop, move |_| run.timed()).await;
        if limit.is_exceeded() {
            return Err(JobError::Refused(
                "TimeoutError: computation exceeded limit".to_owned(),
            ));
        }
        outcome.map_err(|error| JobError::Refused(format!("{}: {error}", error.code())))
    }
}

/// Everything the compute thread needs.
struct Run {
    game: Game,
    info: &'static AnalysisInfo,
    config: Config,
    halt: Arc<AtomicBool>,
    report: Reporter,
}

impl Run {
    fn timed(self) -> Result<Analyzed, AnalysisError> {
        let progress = |progress: Progress| {
            self.report.progress(progress.fraction, progress.message);
            if let Some(found) = progress.partial {
                self.report.partial(found);
            }
        };
        let control = Control {
            progress: &progress,
            ..Control::new(&self.halt)
        };
        let started = Instant::now();
        let mut result: AnalysisResult = analyze(&self.game, self.info, &self.config, &control)?;
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        result
            .details
            .insert("computation_time_ms".to_owned(), json!(elapsed_ms));
        Ok(result.into())
    }
}

/// Halts the engine when the job should stop or its time is over, and remembers which.
struct Limit {
    halt: Arc<AtomicBool>,
    exceeded: Arc<AtomicBool>,
    guard: tokio::task::JoinHandle<()>,
}

impl Limit {
    fn start(stop: &Stop, time: Duration) -> Self {
        let (halt, exceeded) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicBool::new(false)),
        );
        let (stop, flags) = (stop.clone(), (halt.clone(), exceeded.clone()));
        let guard = tokio::spawn(async move {
            tokio::select! {
                () = stop.raised() => {}
                () = tokio::time::sleep(time) => flags.1.store(true, Ordering::Release),
            }
            flags.0.store(true, Ordering::Release);
        });
        Self {
            halt,
            exceeded,
            guard,
        }
    }

    fn is_exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Acquire)
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        self.guard.abort();
    }
}
