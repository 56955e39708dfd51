//! The life of a recorded task as a pure function. The SQL of `submit`, `claim`, `settle`, `lease`, `cancel` and `sweep`
//! says the same in statements; `tests/src/queue/model.rs` holds the two against each other, `simulator` looks for
//! orders of events that break the promises.
//!
//! ```text
//!             claim                settle: completed | failed
//!  pending ────────────▶ running ─────────────────────────────▶ completed | failed
//!   ▲   │                 │ │ │
//!   │   │ cancel          │ │ └─ settle after a cancel request ─▶ cancelled
//!   │   └───────────▶ cancelled
//!   └─────────────────────┘ │   settle: retry (tries left) | snooze | release;  expire (tries left)
//!                           └─▶ failed   retry or expire with no try left
//!  failed | cancelled ── again ──▶ pending
//! ```
//! Times are milliseconds of one clock (Postgres'). `attempt` counts claims and only grows, so (worker, attempt) is the
//! fencing token: whoever settles or renews with an old one is refused.

use crate::task::Status;

/// The part of a task's row that decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub status: Status,
    pub attempt: u32,
    pub max_attempts: u32,
    pub run_at: u64,
    pub lease_until: Option<u64>,
    pub worker: Option<String>,
    pub cancel_requested: bool,
}

/// Proof of a claim: whoever shows an outdated one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Token {
    pub worker: String,
    pub attempt: u32,
}

/// What happens to a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    Claim {
        worker: String,
        lease: u64,
    },
    Renew {
        token: Token,
        lease: u64,
    },
    Settle {
        token: Token,
        ending: Ending,
    },
    Cancel,
    /// The sweep found the lease run out.
    Expire,
    /// A person asks for another round of a finished task.
    Again {
        attempts: u32,
    },
}

/// How one attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Completed,
    /// For good: no further try would help.
    Failed,
    /// Try again after the delay in milliseconds, if a try is left.
    Retry {
        delay: u64,
    },
    /// Not yet: look again after the delay. Costs no try.
    Snooze {
        delay: u64,
    },
    /// Handed back by a worker that leaves. Costs no try.
    Release,
}

/// Why an event changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    NotPending,
    NotDue,
    NotHeld,
    NotExpired,
    AlreadyFinal,
    NotFinal,
}

impl State {
    pub fn new(max_attempts: u32, run_at: u64) -> Self {
        Self {
            status: Status::Pending,
            attempt: 0,
            max_attempts,
            run_at,
            lease_until: None,
            worker: None,
            cancel_requested: false,
        }
    }

    /// The state after `event` at time `now`.
    ///
    /// # Errors
    /// Why the event does not apply; the state is then unchanged.
    pub fn after(&self, event: &Event, now: u64) -> Result<Self, Refused> {
        match event {
            Event::Claim { worker, lease } => self.claimed(worker, now, *lease),
            Event::Renew { token, lease } => {
                self.check_held(token)?;
                Ok(Self {
                    lease_until: Some(now + lease),
                    ..self.clone()
                })
            }
            Event::Settle { token, ending } => {
                self.check_held(token)?;
                Ok(self.settled(*ending, now))
            }
            Event::Cancel => self.cancelled(),
            Event::Expire => self.expired(now),
            Event::Again { attempts } => self.again(*attempts, now),
        }
    }

    fn claimed(&self, worker: &str, now: u64, lease: u64) -> Result<Self, Refused> {
        if self.status != Status::Pending {
            return Err(Refused::NotPending);
        }
        if self.run_at > now {
            return Err(Refused::NotDue);
        }
        Ok(Self {
            status: Status::Running,
            attempt: self.attempt + 1,
            lease_until: Some(now + lease),
            worker: Some(worker.to_owned()),
            ..self.clone()
        })
    }

    fn check_held(&self, token: &Token) -> Result<(), Refused> {
        let held = self.status == Status::Running
            && self.attempt == token.attempt
            && self.worker.as_deref() == Some(token.worker.as_str());
        if held { Ok(()) } else { Err(Refused::NotHeld) }
    }

    fn settled(&self, ending: Ending, now: u64) -> Self {
        if self.cancel_requested {
            return self.finished(Status::Cancelled);
        }
        match ending {
            Ending::Completed => self.finished(Status::Completed),
            Ending::Failed => self.finished(Status::Failed),
            Ending::Retry { .. } if self.attempt >= self.max_attempts => {
                self.finished(Status::Failed)
            }
            Ending::Retry { delay } => self.waiting(now + delay, self.max_attempts),
            Ending::Snooze { delay } => self.waiting(now + delay, self.max_attempts + 1),
            Ending::Release => self.waiting(now, self.max_attempts + 1),
        }
    }

    fn cancelled(&self) -> Result<Self, Refused> {
        match self.status {
            Status::Pending => Ok(Self {
                cancel_requested: true,
                ..self.finished(Status::Cancelled)
            }),
            Status::Running => Ok(Self {
                cancel_requested: true,
                ..self.clone()
            }),
            Status::Completed | Status::Failed | Status::Cancelled => Err(Refused::AlreadyFinal),
        }
    }

    fn expired(&self, now: u64) -> Result<Self, Refused> {
        if self.status != Status::Running || self.lease_until.is_none_or(|until| until >= now) {
            return Err(Refused::NotExpired);
        }
        Ok(if self.cancel_requested {
            self.finished(Status::Cancelled)
        } else if self.attempt >= self.max_attempts {
            self.finished(Status::Failed)
        } else {
            self.waiting(now, self.max_attempts)
        })
    }

    fn again(&self, attempts: u32, now: u64) -> Result<Self, Refused> {
        match self.status {
            Status::Failed | Status::Cancelled => Ok(Self {
                cancel_requested: false,
                ..self.waiting(now, self.attempt + attempts)
            }),
            Status::Pending | Status::Running | Status::Completed => Err(Refused::NotFinal),
        }
    }

    fn finished(&self, status: Status) -> Self {
        Self {
            status,
            lease_until: None,
            ..self.clone()
        }
    }

    fn waiting(&self, run_at: u64, max_attempts: u32) -> Self {
        Self {
            status: Status::Pending,
            lease_until: None,
            run_at,
            max_attempts,
            ..self.clone()
        }
    }
}
