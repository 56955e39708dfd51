//! The worker process: its lanes, its helpers, and how it leaves.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use apalis::layers::TimeoutLayer;
use apalis::layers::catch_panic::CatchPanicLayer;
use apalis::prelude::*;
use sqlx::PgPool;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::bounded::own_line;
use crate::queue::Queue;
use crate::worker::backend::Fed;
use crate::worker::batches::{Batches, Suspects};
use crate::worker::chore::Chore;
use crate::worker::claims::Claims;
use crate::worker::commit::{Committer, Ending, Ledger, Outcome};
use crate::worker::compute::Compute;
use crate::worker::hands::Hands;
use crate::worker::held::Held;
use crate::worker::job::Job;
use crate::worker::lane::{Lane, Sort, panicked};
use crate::worker::lease;
use crate::worker::overdue::Overdue;
use crate::worker::piece::Piece;
use crate::worker::pump::{Pump, Source};
use crate::worker::report::Board;
use crate::worker::settle::SettleLayer;
use crate::worker::stop::Reason;
use crate::worker::sweep::Sweep;
use crate::worker::timekeeper;

/// A set of jobs on one queue. Build it, then run it.
pub struct Worker<App> {
    queue: Queue,
    app: Arc<App>,
    compute: Compute,
    lanes: Vec<Lane>,
    /// How long running jobs may go on after the process was asked to leave.
    grace: Duration,
    retention: Duration,
}

/// Why a worker stopped without having been asked.
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    #[error("could not start the worker's threads: {0}")]
    Threads(#[from] std::io::Error),
    #[error("could not start the compute pool: {0}")]
    Compute(#[from] rayon::ThreadPoolBuildError),
    #[error("the lanes ended unasked: {0}")]
    Lanes(String),
}

impl<App: Send + Sync + 'static> Worker<App> {
    /// # Errors
    /// When the compute pool's threads cannot be started.
    pub fn new(queue: Queue, app: Arc<App>) -> Result<Self, Ended> {
        Ok(Self {
            queue,
            app,
            compute: Compute::start()?,
            lanes: Vec::new(),
            grace: Duration::from_secs(25),
            retention: Duration::from_secs(30 * 24 * 3600),
        })
    }

    /// Serves a kind of recorded tasks with as many slots as the job says.
    #[must_use]
    pub fn job<J: Job<App>>(mut self) -> Self {
        self.lanes
            .push(Lane::recorded::<J, App>(&self.app, &self.compute));
        self
    }

    /// Serves a kind of due work, in the same way.
    #[must_use]
    pub fn due<C: Chore<App>>(mut self) -> Self {
        self.lanes
            .push(Lane::due::<C, App>(&self.app, &self.compute));
        self
    }

    /// Asks the operator how many slots each kind gets; none closes the lane.
    #[must_use]
    pub fn slots(mut self, of: impl Fn(&str, usize) -> usize) -> Self {
        for lane in &mut self.lanes {
            lane.slots = of(lane.kind, lane.slots);
        }
        self.lanes.retain(|lane| lane.slots > 0);
        self
    }

    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    #[must_use]
    pub fn retention(mut self, retention: Duration) -> Self {
        self.retention = retention;
        self
    }

    /// Runs until `asked_to_leave` completes and what is held has been finished or handed back.
    ///
    /// # Errors
    /// When the lanes end unasked: the process should exit and be started anew.
    pub async fn run(self, asked_to_leave: impl Future<Output = ()>) -> Result<(), Ended> {
        // A name of its own per start: with the attempt it is the fencing token.
        let name = format!("{}-{}", std::process::id(), Uuid::new_v4().simple());
        let leaving = CancellationToken::new();
        let gone = CancellationToken::new();
        let _gone_when_dropped = gone.clone().drop_guard();
        let crew = Crew {
            committer: Committer::start(Ledger {
                pool: own_line(&self.queue.inner.pool, 1, |options| options),
                worker: name.clone(),
                ringer: self.queue.inner.ringer.clone(),
                give_up: gone.clone(),
            }),
            queue: self.queue.clone(),
            claims_pool: claims_pool(&self.queue),
            name: name.clone(),
            held: Held::default(),
            hands: Hands::new(self.queue.inner.ringer.clone()),
            board: Board::default(),
            leaving: leaving.clone(),
        };
        let mut kinds = Vec::new();
        let mut overdue = Vec::new();
        for lane in &self.lanes {
            match &lane.sort {
                Sort::Recorded(_) => kinds.push(lane.kind),
                Sort::Due(work) => overdue.push(Overdue {
                    queue: self.queue.clone(),
                    kind: lane.kind,
                    work: work.clone(),
                }),
            }
        }
        lease::start(&self.queue, name.clone(), crew.held.clone(), gone.clone())?;
        let sweep = Sweep {
            queue: self.queue.clone(),
            kinds,
            retention: self.retention,
        };
        let write = crew.board.clone().write(
            self.queue.inner.pool.clone(),
            name.clone(),
            self.queue.inner.ringer.clone(),
        );
        let mut helpers = vec![
            tokio::spawn(
                gone.clone()
                    .run_until_cancelled_owned(timekeeper::keep(self.queue.clone())),
            ),
            tokio::spawn(gone.clone().run_until_cancelled_owned(sweep.run())),
            tokio::spawn(gone.clone().run_until_cancelled_owned(write)),
        ];
        helpers.extend(
            overdue
                .into_iter()
                .map(|kind| tokio::spawn(gone.clone().run_until_cancelled_owned(kind.run()))),
        );
        tracing::info!(
            worker.name = name,
            lanes = self.lanes.len(),
            "worker serves"
        );
        let lanes = crew.run_lanes(self.lanes);
        tokio::pin!(lanes);
        let outcome = tokio::select! {
            ended = &mut lanes => Err(Ended::Lanes(ended.err().unwrap_or_else(|| "no reason given".to_owned()))),
            () = asked_to_leave => {
                leaving.cancel();
                tracing::info!(worker.name = name, "worker leaves; finishing what it holds");
                crew.leave(&mut lanes, self.grace).await;
                // The hints of what was handed back: unsaid, only the sweep would find it.
                if tokio::time::timeout(NOTICE, self.queue.inner.ringer.spoken()).await.is_err() {
                    tracing::warn!("redis is away; the sweep will find what was handed back");
                }
                Ok(())
            }
        };
        gone.cancel();
        for helper in helpers {
            // A helper that panicked has been logged by its panic.
            let _ended = helper.await;
        }
        outcome
    }
}

/// What all lanes of a process share.
struct Crew {
    queue: Queue,
    claims_pool: PgPool,
    name: String,
    held: Held,
    hands: Hands,
    board: Board,
    committer: Committer,
    leaving: CancellationToken,
}

/// Claims need not wait for the disk: a claim that Postgres loses in a crash leaves its task pending, and the fencing token
/// names the worker, so nobody can hold a second one like it. What a job returns is committed in full.
fn claims_pool(queue: &Queue) -> PgPool {
    own_line(&queue.inner.pool, 2, |options| {
        options.options([("synchronous_commit", "off")])
    })
}

/// How long a job may take to notice that the process leaves.
const NOTICE: Duration = Duration::from_secs(1);

impl Crew {
    /// One apalis worker per lane, under one monitor.
    fn run_lanes(&self, lanes: Vec<Lane>) -> impl Future<Output = Result<(), String>> + use<> {
        let mut monitor = Monitor::new().should_restart(|_, error| {
            tracing::error!(%error, "a lane broke; starting it again");
            true
        });
        for lane in lanes {
            let feed = self.feed(&lane);
            let settle = SettleLayer { kind: lane.kind };
            let name = self.name.clone();
            monitor = monitor.register(move |restart| {
                WorkerBuilder::new(format!("{}-{name}-{restart}", lane.kind))
                    .backend(Fed::new(feed(), settle.clone()))
                    .layer(TimeoutLayer::new(lane.timeout))
                    .layer(CatchPanicLayer::with_panic_handler(panicked))
                    .build(|piece: Piece| piece.work)
            });
        }
        async move { monitor.run().await.map_err(|error| error.to_string()) }
    }

    /// Starts a lane's pump; called again should apalis have to start the lane anew.
    fn feed(&self, lane: &Lane) -> impl Fn() -> mpsc::Receiver<Piece> + Send + Sync + use<> {
        let source = self.source(lane);
        let (queue, leaving) = (self.queue.clone(), self.leaving.clone());
        let (kind, slots) = (lane.kind, lane.slots);
        move || {
            let (pieces, feed) = mpsc::channel(slots);
            let pump = Pump {
                queue: queue.clone(),
                kind,
                slots,
                source: Arc::clone(&source),
                leaving: leaving.clone(),
                pieces,
            };
            tokio::spawn(pump.run());
            feed
        }
    }

    fn source(&self, lane: &Lane) -> Arc<dyn Source> {
        match &lane.sort {
            Sort::Recorded(work) => Arc::new(Claims {
                queue: self.queue.clone(),
                claims_pool: self.claims_pool.clone(),
                worker: self.name.clone(),
                kind: lane.kind,
                work: Arc::clone(work),
                held: self.held.clone(),
                board: self.board.clone(),
                committer: self.committer.clone(),
                leaving: self.leaving.clone(),
            }),
            Sort::Due(work) => Arc::new(Batches {
                kind: lane.kind,
                work: work.clone(),
                hands: self.hands.clone(),
                ringer: self.queue.inner.ringer.clone(),
                suspects: Suspects::default(),
            }),
        }
    }

    /// Lets jobs finish, then asks them to stop, then hands back what is left.
    async fn leave<F: Future<Output = Result<(), String>> + Unpin>(
        &self,
        lanes: &mut F,
        grace: Duration,
    ) {
        if tokio::time::timeout(grace, &mut *lanes).await.is_ok() {
            return;
        }
        self.held.stop_all(Reason::Draining);
        self.hands.stop_all(Reason::Draining);
        if tokio::time::timeout(NOTICE, lanes).await.is_ok() {
            return;
        }
        let (ids, attempts) = self.held.tokens();
        let due = self.hands.give_away();
        tracing::warn!(
            count = ids.len() + due,
            "handing back jobs that did not stop"
        );
        let releases = ids.into_iter().zip(attempts).map(|(id, attempt)| {
            self.committer.commit(Outcome {
                id: crate::TaskId(id),
                attempt,
                kind: "handed-back",
                ending: Ending::Release,
            })
        });
        let handed_back = futures_util::future::join_all(releases);
        if tokio::time::timeout(2 * NOTICE, handed_back).await.is_err() {
            tracing::warn!("postgres is away; their leases will run out");
        }
    }
}
