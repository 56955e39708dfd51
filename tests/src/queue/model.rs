//! The statements of the task core and the pure function `State::after` tell the same story: seeded random sequences of
//! operations, valid and not, are done to rows and to states side by side. `ROOKERY_SEED=<seed>` replays one.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rookery_queue::state::{Ending, Event, State, Token};
use rookery_queue::worker::{Reason, seams};
use rookery_queue::{Again, Cancelled, Status, TaskId};

use crate::faults::probe::Act;
use crate::faults::stage::{Stage, order};

const SEEDS: u64 = 40;
const STEPS: usize = 120;
const WORKERS: [&str; 3] = ["anna", "bert", "carl"];
/// The product's lease; delays are far from it and from each other, so that the real time a step takes decides nothing.
const LEASE_MS: u64 = 6_000;
const DELAYS_MS: [u64; 3] = [0, 1_000_000, 3_000_000];
/// Between the two clocks: how long one seed may take on a busy machine.
const SLACK_MS: u64 = 400_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_and_model_agree() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    if let Ok(seed) = std::env::var("ROOKERY_SEED") {
        return Pair::new(&stage, seed.parse()?).await?.run().await;
    }
    for seed in 0..SEEDS {
        Pair::new(&stage, seed).await?.run().await?;
    }
    Ok(())
}

/// Rows and what they should be.
struct Pair<'a> {
    stage: &'a Stage,
    seed: u64,
    random: StdRng,
    /// The model's clock; Postgres' is moved by shifting the rows' times.
    now: u64,
    tasks: Vec<(TaskId, State)>,
    /// Every token that was ever given out, most of them outdated.
    tokens: Vec<(usize, Token)>,
}

impl<'a> Pair<'a> {
    async fn new(stage: &'a Stage, seed: u64) -> anyhow::Result<Self> {
        let mut random = StdRng::seed_from_u64(seed);
        let now = 10_000_000;
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let delay = *DELAYS_MS.choose(&mut random).unwrap_or(&0);
            let delayed = order(&[Act::Sign])?.delayed(std::time::Duration::from_millis(delay));
            let id = stage.queue.submit(delayed).await?;
            let attempts = 3;
            tasks.push((id, State::new(attempts, now + delay)));
        }
        Ok(Self {
            stage,
            seed,
            random,
            now,
            tasks,
            tokens: Vec::new(),
        })
    }

    async fn run(mut self) -> anyhow::Result<()> {
        for step in 0..STEPS {
            let done = self.step().await?;
            self.compare(step, &done).await?;
        }
        Ok(())
    }

    /// Does something to both; what it was, for the message of a failure.
    async fn step(&mut self) -> anyhow::Result<String> {
        match self.random.random_range(0..10) {
            0..=2 => self.claim().await,
            3 => self.renew().await,
            4..=6 => self.settle().await,
            7 => self.pass_time().await,
            8 if self.random.random_bool(0.3) => self.cancel().await,
            8 => self.expire().await,
            _ => self.again().await,
        }
    }

    fn task(&mut self) -> usize {
        self.random.random_range(0..self.tasks.len())
    }

    fn token(&mut self) -> Option<(usize, Token)> {
        // Half of the time the newest ones, of which some still hold.
        let recent = self.tokens.len().saturating_sub(4);
        let from = if self.random.random_bool(0.5) {
            recent
        } else {
            0
        };
        let (task, mut token) = self.tokens[from..].choose(&mut self.random)?.clone();
        if self.random.random_bool(0.1) {
            token.worker = WORKERS[self.random.random_range(0..3)].to_owned();
        }
        Some((task, token))
    }

    /// Whether the model took it.
    fn apply(&mut self, task: usize, event: &Event) -> bool {
        match self.tasks[task].1.after(event, self.now) {
            Ok(after) => {
                self.tasks[task].1 = after;
                true
            }
            Err(_) => false,
        }
    }

    async fn claim(&mut self) -> anyhow::Result<String> {
        let task = self.task();
        let worker = WORKERS[self.random.random_range(0..3)];
        let event = Event::Claim {
            worker: worker.to_owned(),
            lease: LEASE_MS,
        };
        let expected = self.apply(task, &event);
        let token = seams::claim(&self.stage.queue, worker, self.tasks[task].0).await?;
        let wanted = expected.then(|| Token {
            worker: worker.to_owned(),
            attempt: self.tasks[task].1.attempt,
        });
        assert_eq!(token, wanted, "seed {}: {event:?}", self.seed);
        self.tokens.extend(token.map(|token| (task, token)));
        Ok(format!("{event:?} of {task}"))
    }

    async fn renew(&mut self) -> anyhow::Result<String> {
        let Some((task, token)) = self.token() else {
            return Ok("nothing".to_owned());
        };
        let event = Event::Renew {
            token: token.clone(),
            lease: LEASE_MS,
        };
        let held = self.apply(task, &event);
        let told = seams::renew(&self.stage.queue, self.tasks[task].0, &token).await?;
        let wanted = match (held, self.tasks[task].1.cancel_requested) {
            (false, _) => Some(Reason::Lost),
            (true, true) => Some(Reason::Cancelled),
            (true, false) => None,
        };
        assert_eq!(told, wanted, "seed {}: {event:?}", self.seed);
        Ok(format!("{event:?} of {task}"))
    }

    async fn settle(&mut self) -> anyhow::Result<String> {
        let Some((task, token)) = self.token() else {
            return Ok("nothing".to_owned());
        };
        let delay = DELAYS_MS[self.random.random_range(0..3)];
        let ending = match self.random.random_range(0..7) {
            0 => Ending::Completed,
            1 => Ending::Failed,
            2 | 3 => Ending::Retry { delay },
            4 | 5 => Ending::Snooze { delay },
            _ => Ending::Release,
        };
        let event = Event::Settle {
            token: token.clone(),
            ending,
        };
        self.apply(task, &event);
        seams::settle(&self.stage.queue, self.tasks[task].0, &token, ending).await?;
        Ok(format!("{event:?} of {task}"))
    }

    async fn cancel(&mut self) -> anyhow::Result<String> {
        let task = self.task();
        let before = self.tasks[task].1.status;
        self.apply(task, &Event::Cancel);
        let wanted = match before {
            Status::Pending => Cancelled::AtOnce,
            Status::Running => Cancelled::Requested,
            ended => Cancelled::AlreadyFinal(ended),
        };
        let answer = self.stage.queue.cancel(self.tasks[task].0).await?;
        assert_eq!(answer, Some(wanted), "seed {}", self.seed);
        Ok(format!("cancel {task}"))
    }

    async fn again(&mut self) -> anyhow::Result<String> {
        let task = self.task();
        let attempts = self.random.random_range(1..4);
        let before = self.tasks[task].1.status;
        let wanted = if self.apply(task, &Event::Again { attempts }) {
            Again::Pending
        } else {
            Again::Not(before)
        };
        let answer = self.stage.queue.again(self.tasks[task].0, attempts).await?;
        assert_eq!(answer, Some(wanted), "seed {}", self.seed);
        Ok(format!("again {task}"))
    }

    async fn expire(&mut self) -> anyhow::Result<String> {
        for task in 0..self.tasks.len() {
            self.apply(task, &Event::Expire);
        }
        seams::expire(&self.stage.queue).await?;
        Ok("expire".to_owned())
    }

    /// Long enough for leases to run out, or for what was delayed to come due as well.
    async fn pass_time(&mut self) -> anyhow::Result<String> {
        let ms = if self.random.random_bool(0.5) {
            500_000
        } else {
            4_000_000
        };
        self.now += ms;
        sqlx::query(
            "update tasks set run_at = run_at - make_interval(secs => $1),
                lease_until = lease_until - make_interval(secs => $1)",
        )
        .bind(ms as f64 / 1000.0)
        .execute(&self.stage.pool)
        .await?;
        Ok(format!("{ms} ms pass"))
    }

    async fn compare(&self, step: usize, done: &str) -> anyhow::Result<()> {
        for (number, (id, state)) in self.tasks.iter().enumerate() {
            let row = self.row(*id).await?;
            let place = format!("seed {}, step {step}, {done}: task {number}", self.seed);
            let without_times = |state: &State| State {
                run_at: 0,
                lease_until: state.lease_until.map(|_| 0),
                ..state.clone()
            };
            assert_eq!(without_times(&row), without_times(state), "{place}");
            let near = |row: u64, model: u64| row.abs_diff(model) < SLACK_MS;
            // When a task was due means nothing any more once it has ended.
            if !state.status.is_final() {
                assert!(near(row.run_at, state.run_at), "{place}: {row:?} {state:?}");
            }
            if let (Some(row), Some(model)) = (row.lease_until, state.lease_until) {
                assert!(near(row, model), "{place}: lease {row} {model}");
            }
        }
        Ok(())
    }

    /// The row as a state, its times on the model's clock.
    async fn row(&self, id: TaskId) -> anyhow::Result<State> {
        let task = self.stage.task(id).await?;
        let (run_at_ms, lease_ms): (i64, Option<i64>) = sqlx::query_as(
            "select (extract(epoch from run_at - clock_timestamp()) * 1000)::int8,
                (extract(epoch from lease_until - clock_timestamp()) * 1000)::int8
            from tasks where id = $1",
        )
        .bind(id.0)
        .fetch_one(&self.stage.pool)
        .await?;
        Ok(State {
            status: task.status,
            attempt: task.attempt.cast_unsigned(),
            max_attempts: task.max_attempts.cast_unsigned(),
            run_at: self.now.saturating_add_signed(run_at_ms),
            lease_until: lease_ms.map(|ms| self.now.saturating_add_signed(ms)),
            worker: task.worker,
            cancel_requested: task.cancel_requested,
        })
    }
}
