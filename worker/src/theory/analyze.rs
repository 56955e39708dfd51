//! `theory.analyze` and `theory.look`: one analysis on one game. Reads the game's document, writes nothing but the task's own result
//! and what spares others or its next attempt the work, so that running it twice gives the same.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rookery_queue::worker::{
    Context as JobContext, Job, JobError, Reporter, Share, Stop, Workload,
};
use rookery_shared::theory::{
    Analyze, Analyzed, Look, MAX_TIMEOUT, Start, WORTH_KEEPING, remember, start,
};
use rookery_theory::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Game, Progress, analyze, find,
};
use serde_json::json;

use super::keeper::Checkpoints;
use super::limit::Limit;
use crate::context::Context;

impl Job<Context> for Analyze {
    /// The client's own limit comes first; this one is for an engine that does not look at its flag.
    const TIMEOUT: Duration = MAX_TIMEOUT.saturating_add(Duration::from_secs(10));
    /// They count rather than wait: more than a few only divide the cores.
    const CONCURRENCY: usize = 4;

    async fn run(self, ctx: JobContext<Context>, stop: Stop) -> Result<Analyzed, JobError> {
        run(self, ctx, stop).await
    }
}

impl Job<Context> for Look {
    const TIMEOUT: Duration = Duration::from_secs(60);
    /// One client's look at one game is a dozen of them.
    const CONCURRENCY: usize = 16;
    const WORKLOAD: Workload = Workload::Brief;

    async fn run(self, ctx: JobContext<Context>, stop: Stop) -> Result<Analyzed, JobError> {
        run(self.0, ctx, stop).await
    }
}

async fn run(order: Analyze, ctx: JobContext<Context>, stop: Stop) -> Result<Analyzed, JobError> {
    let info = find(&order.plugin).ok_or_else(|| {
        JobError::Refused(format!(
            "UNSUPPORTED_ANALYSIS: unknown plugin: {}",
            order.plugin
        ))
    })?;
    let found = start(&ctx.app.store, &order).await;
    let game = match found.context("the game could not be read")? {
        Start::Known(mut known) => {
            known.details.insert("cached".to_owned(), json!(true));
            return Ok(known);
        }
        Start::Game(game) => *game,
        Start::Gone => {
            return Err(JobError::Refused(
                "GAME_GONE: the game is no longer kept".to_owned(),
            ));
        }
    };
    let limit = Limit::start(
        &stop,
        order.timeout_ms.map_or(MAX_TIMEOUT, Duration::from_millis),
    );
    let (checkpoints, written) = Checkpoints::start(&ctx, &stop).await?;
    let run = Run {
        game,
        info,
        config: order.config.clone(),
        halt: limit.halt(),
        report: ctx.report.clone(),
        share: ctx.share(),
        checkpoints,
    };
    let begun = Instant::now();
    let outcome = ctx.compute(&stop, move |_| run.timed()).await;
    written.await.context("the checkpoints' writer ended")?;
    if limit.is_exceeded() {
        return late(outcome);
    }
    let result = outcome.map_err(refused)?;
    if stop.reason().is_none() && begun.elapsed() >= WORTH_KEEPING {
        let kept = remember(&ctx.app.store, &order, &result).await;
        if let Err(error) = kept {
            tracing::warn!(%error, "a result was not kept for the next who asks");
        }
    }
    Ok(result)
}

/// What a run shows whose time was over: what it had found, if that is something.
fn late(outcome: Result<Analyzed, AnalysisError>) -> Result<Analyzed, JobError> {
    match outcome {
        Ok(mut found) => {
            found.details.insert("timed_out".to_owned(), json!(true));
            Ok(found)
        }
        Err(AnalysisError::Stopped) => Err(JobError::Refused(
            "TimeoutError: computation exceeded limit".to_owned(),
        )),
        Err(error) => Err(refused(error)),
    }
}

fn refused(error: AnalysisError) -> JobError {
    match error {
        AnalysisError::Stopped => JobError::Stopped,
        error => JobError::Refused(format!("{}: {error}", error.code())),
    }
}

/// Everything the compute thread needs.
struct Run {
    game: Game,
    info: &'static AnalysisInfo,
    config: Config,
    halt: Arc<AtomicBool>,
    report: Reporter,
    share: Share,
    checkpoints: Checkpoints,
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
            threads: &|| self.share.threads(),
            keeper: &self.checkpoints,
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
