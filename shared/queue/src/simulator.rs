//! Seeded simulation of the task core: the pure state machine under a queue that loses, doubles and delays hints and
//! workers that die, freeze and return as zombies. A failure names its seed; `ROOKERY_SEED=<seed>` replays it alone.

use std::collections::{BTreeMap, HashMap};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::state::{Ending, Event, State, Token};
use crate::task::Status;

const SEEDS: u64 = 20_000;
const LEASE: u64 = 6_000;
const RENEW: u64 = 2_000;
const SWEEP: u64 = 500;
/// By then every task must have ended, whatever went wrong before.
const HORIZON: u64 = 3_600_000;
/// After this nothing goes wrong any more, so that the rest must settle.
const TROUBLE: u64 = 120_000;

#[test]
fn every_seed_keeps_the_promises() {
    if let Ok(seed) = std::env::var("ROOKERY_SEED") {
        return World::new(seed.parse().expect("ROOKERY_SEED is a number")).run();
    }
    for seed in 0..SEEDS {
        // The panic of a failing seed carries it.
        World::new(seed).run();
    }
}

/// What happens at a moment of the virtual clock.
#[derive(Debug, Clone)]
enum Moment {
    Hint {
        task: usize,
    },
    End {
        worker: usize,
        task: usize,
        attempt: u32,
    },
    Renew {
        worker: usize,
    },
    Die {
        worker: usize,
    },
    /// The process stops for a while and comes back without knowing it.
    Freeze {
        worker: usize,
        until: u64,
    },
    Cancel {
        task: usize,
    },
    Sweep,
}

struct Process {
    name: String,
    alive: bool,
    frozen_until: u64,
    /// Attempts in its hands: task → attempt.
    held: HashMap<usize, u32>,
}

struct World {
    seed: u64,
    now: u64,
    random: StdRng,
    tasks: Vec<State>,
    due_at: Vec<u64>,
    /// Results that the state machine accepted, per task.
    recorded: Vec<u32>,
    cancelled_at: Vec<Option<u64>>,
    workers: Vec<Process>,
    agenda: BTreeMap<(u64, u64), Moment>,
    order: u64,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let tasks: Vec<_> = (0..random.random_range(1..12))
            .map(|_| State::new(random.random_range(1..5), random.random_range(0..20_000)))
            .collect();
        let workers = (0..random.random_range(1..5))
            .map(Process::new)
            .collect::<Vec<_>>();
        let mut world = Self {
            seed,
            now: 0,
            due_at: tasks.iter().map(|task| task.run_at).collect(),
            recorded: vec![0; tasks.len()],
            cancelled_at: vec![None; tasks.len()],
            tasks,
            workers,
            random,
            agenda: BTreeMap::new(),
            order: 0,
        };
        world.plan();
        world
    }

    fn plan(&mut self) {
        for task in 0..self.tasks.len() {
            self.ring(task, self.tasks[task].run_at);
            if self.random.random_bool(0.2) {
                let at = self.random.random_range(0..60_000);
                self.at(at, Moment::Cancel { task });
            }
        }
        for worker in 0..self.workers.len() {
            let first = self.random.random_range(0..RENEW);
            self.at(first, Moment::Renew { worker });
        }
        for _ in 0..self.random.random_range(0..6) {
            let at = self.random.random_range(0..TROUBLE);
            let worker = self.random.random_range(0..self.workers.len());
            let until = at + self.random.random_range(0..20_000);
            let trouble = if self.random.random_bool(0.5) {
                Moment::Die { worker }
            } else {
                Moment::Freeze { worker, until }
            };
            self.at(at, trouble);
        }
        self.at(SWEEP, Moment::Sweep);
    }

    fn run(mut self) {
        while let Some(((at, _), moment)) = self.agenda.pop_first() {
            self.now = at;
            self.happen(moment);
            if at > TROUBLE && self.tasks.iter().all(|task| task.status.is_final()) {
                break;
            }
            assert!(
                at < HORIZON,
                "seed {}: not settled: {:?}",
                self.seed,
                self.tasks
            );
        }
        self.check_end();
    }

    fn happen(&mut self, moment: Moment) {
        match moment {
            Moment::Hint { task } => self.claim(task),
            Moment::End {
                worker,
                task,
                attempt,
            } => self.end(worker, task, attempt),
            Moment::Renew { worker } => self.renew(worker),
            Moment::Die { worker } => {
                // A new process takes its place under a new name.
                let number = self.workers.len();
                self.workers[worker].alive = false;
                self.workers.push(Process::new(number));
                self.at(self.now + RENEW, Moment::Renew { worker: number });
            }
            Moment::Freeze { worker, until } => self.workers[worker].frozen_until = until,
            Moment::Cancel { task } => {
                if self.apply(task, &Event::Cancel) {
                    self.cancelled_at[task] = Some(self.now);
                }
            }
            Moment::Sweep => self.sweep(),
        }
    }

    fn claim(&mut self, task: usize) {
        let able: Vec<_> = (0..self.workers.len())
            .filter(|worker| self.is_awake(*worker))
            .collect();
        if able.is_empty() {
            return;
        }
        let worker = able[self.random.random_range(0..able.len())];
        let event = Event::Claim {
            worker: self.workers[worker].name.clone(),
            lease: LEASE,
        };
        if !self.apply(task, &event) {
            return;
        }
        assert!(
            self.now >= self.due_at[task],
            "seed {}: task {task} ran early",
            self.seed
        );
        assert!(
            self.cancelled_at[task].is_none(),
            "seed {}: task {task} ran after its cancellation",
            self.seed
        );
        let attempt = self.tasks[task].attempt;
        self.workers[worker].held.insert(task, attempt);
        let takes = if self.random.random_bool(0.2) {
            30_000
        } else {
            500
        };
        let at = self.now + self.random.random_range(1..takes);
        self.at(
            at,
            Moment::End {
                worker,
                task,
                attempt,
            },
        );
    }

    fn end(&mut self, worker: usize, task: usize, attempt: u32) {
        let process = &self.workers[worker];
        if !process.alive {
            return;
        }
        if process.frozen_until > self.now {
            // The zombie finishes when it wakes.
            return self.at(
                process.frozen_until,
                Moment::End {
                    worker,
                    task,
                    attempt,
                },
            );
        }
        let ending = match self.random.random_range(0..10) {
            0 => Ending::Failed,
            1 | 2 => Ending::Retry {
                delay: self.random.random_range(0..5_000),
            },
            3 => Ending::Snooze {
                delay: self.random.random_range(0..5_000),
            },
            4 => Ending::Release,
            _ => Ending::Completed,
        };
        let token = Token {
            worker: process.name.clone(),
            attempt,
        };
        let ours = self.workers[worker].held.get(&task) == Some(&attempt);
        if ours {
            self.workers[worker].held.remove(&task);
        }
        let before = self.tasks[task].clone();
        if self.apply(
            task,
            &Event::Settle {
                token: token.clone(),
                ending,
            },
        ) {
            let held = before.status == Status::Running
                && before.attempt == attempt
                && before.worker.as_deref() == Some(token.worker.as_str());
            assert!(
                held,
                "seed {}: a stale token settled task {task}: {before:?}",
                self.seed
            );
            if self.tasks[task].status.is_final() {
                self.recorded[task] += 1;
            } else {
                self.due_at[task] = self.tasks[task].run_at;
                self.ring(task, self.tasks[task].run_at);
            }
        }
    }

    fn renew(&mut self, worker: usize) {
        if !self.workers[worker].alive {
            return;
        }
        if self.is_awake(worker) {
            let name = self.workers[worker].name.clone();
            for (task, attempt) in self.workers[worker].held.clone() {
                let token = Token {
                    worker: name.clone(),
                    attempt,
                };
                // A refusal means that the lease was lost: the job is stopped, its end will be refused.
                self.apply(
                    task,
                    &Event::Renew {
                        token,
                        lease: LEASE,
                    },
                );
            }
        }
        self.at(self.now + RENEW, Moment::Renew { worker });
    }

    fn sweep(&mut self) {
        for task in 0..self.tasks.len() {
            if self.apply(task, &Event::Expire) {
                if self.tasks[task].status.is_final() {
                    self.recorded[task] += 1;
                } else {
                    self.due_at[task] = self.now;
                }
            }
            if self.tasks[task].status == Status::Pending
                && self.tasks[task].run_at + 1_000 < self.now
            {
                self.ring(task, self.now);
            }
        }
        self.at(self.now + SWEEP, Moment::Sweep);
    }

    /// A hint on its way: it may be lost, doubled or late.
    fn ring(&mut self, task: usize, at: u64) {
        let troubled = self.now < TROUBLE;
        if troubled && self.random.random_bool(0.2) {
            return;
        }
        let copies = if troubled && self.random.random_bool(0.2) {
            2
        } else {
            1
        };
        for _ in 0..copies {
            let delay = if troubled && self.random.random_bool(0.1) {
                10_000
            } else {
                5
            };
            let arrival = at.max(self.now) + self.random.random_range(0..delay);
            self.at(arrival, Moment::Hint { task });
        }
    }

    fn apply(&mut self, task: usize, event: &Event) -> bool {
        let before = &self.tasks[task];
        let Ok(after) = before.after(event, self.now) else {
            return false;
        };
        let seed = self.seed;
        assert!(
            !before.status.is_final(),
            "seed {seed}: {event:?} moved a final task {before:?}"
        );
        assert!(
            after.attempt >= before.attempt,
            "seed {seed}: the fencing token went back"
        );
        assert_eq!(
            after.status == Status::Running,
            after.lease_until.is_some(),
            "seed {seed}: {after:?}"
        );
        self.tasks[task] = after;
        true
    }

    fn check_end(&self) {
        for (number, task) in self.tasks.iter().enumerate() {
            let seed = self.seed;
            assert!(
                task.status.is_final(),
                "seed {seed}: task {number} lost: {task:?}"
            );
            if self.cancelled_at[number].is_some() {
                assert_eq!(
                    task.status,
                    Status::Cancelled,
                    "seed {seed}: a cancelled task ended otherwise"
                );
            } else {
                assert_eq!(
                    self.recorded[number], 1,
                    "seed {seed}: task {number} has not exactly one result"
                );
            }
            assert!(
                self.recorded[number] <= 1,
                "seed {seed}: task {number} was recorded twice"
            );
            assert!(
                task.attempt <= task.max_attempts,
                "seed {seed}: task {number} was tried too often"
            );
        }
    }

    fn is_awake(&self, worker: usize) -> bool {
        self.workers[worker].alive && self.workers[worker].frozen_until <= self.now
    }

    fn at(&mut self, time: u64, moment: Moment) {
        self.order += 1;
        self.agenda.insert((time, self.order), moment);
    }
}

impl Process {
    fn new(number: usize) -> Self {
        Self {
            name: format!("worker-{number}"),
            alive: true,
            frozen_until: 0,
            held: HashMap::new(),
        }
    }
}
