//! Reserves and settles calls of one provider: by the account in Redis, by this process' share of the limits while Redis is away.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use redis::RedisError;
use rookery_characters::inference::Purpose;
use rookery_queue::RedisLine;
use rookery_shared::Store;
use rookery_shared::characters::{calls, inference_health};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};

use super::shared::Shared;
use super::ticket::Ticket;
use super::workers::Workers;
use super::{Book, Fault, Limits, Order, Settlement, Verdict};

/// Clones share the account.
#[derive(Clone)]
pub struct Meter(pub(super) Arc<Inner>);

pub(super) struct Inner {
    provider: &'static str,
    limits: Limits,
    shared: Shared,
    store: Store,
    redis: RedisLine,
    /// What this process has under way and used, for the time without Redis.
    book: Mutex<Book>,
    away_until: Mutex<Option<Instant>>,
    workers: Workers,
    /// One door for each purpose: who has to wait does so in a line, and the first one asks for all.
    doors: [Door; 6],
    freed: Notify,
    settlements: mpsc::Sender<Message>,
}

#[derive(Default)]
struct Door {
    line: tokio::sync::Mutex<()>,
    waiting: AtomicUsize,
}

enum Message {
    Settle(Settlement),
    Flush(oneshot::Sender<()>),
}

/// Why a call may not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It would have to wait that long.
    Limited(Duration),
    Broken(Fault),
    Spent,
    TooLarge,
}

/// Redis answers such a question in a tenth of a millisecond.
const PATIENCE: Duration = Duration::from_millis(500);
/// How long nobody asks Redis after it did not answer.
const REST: Duration = Duration::from_secs(1);
/// How often the first in a line looks whether another process has ended a call.
const LOOK: Duration = Duration::from_millis(20);
/// Said to those who waited in vain for a call to end.
const SOON: Duration = Duration::from_secs(1);
/// Settlements in one script, and those that wait for Redis.
const GROUP: usize = 64;
const ROOM: usize = 8192;

impl Meter {
    /// Must be called inside a tokio runtime. `provider` is what the ledger calls it.
    pub fn start(store: &Store, provider: &'static str, limits: Limits) -> Self {
        let (settlements, line) = mpsc::channel(ROOM);
        let prefix = inference_health::prefix(store);
        let inner = Arc::new(Inner {
            provider,
            limits,
            shared: Shared::new(&format!("{prefix}:{provider}")),
            redis: store.queue.redis(),
            store: store.clone(),
            book: Mutex::default(),
            away_until: Mutex::default(),
            workers: Workers::start(store.queue.redis(), &prefix),
            doors: Default::default(),
            freed: Notify::new(),
            settlements,
        });
        tokio::spawn(settle(Arc::downgrade(&inner), line));
        Self(inner)
    }

    /// Waits no longer than its patience.
    ///
    /// # Errors
    /// When the call may not be made now.
    pub async fn reserve(&self, order: &Order, patience: Duration) -> Result<Ticket, Refused> {
        // Before it is granted: whoever gives up while Redis thinks gives back what it may have reserved.
        let ticket = Ticket::new(self.clone(), order);
        match self.0.wait(order, Instant::now() + patience).await {
            Ok(()) => Ok(ticket),
            Err(refused) => {
                ticket.void();
                Err(refused)
            }
        }
    }

    /// Returns when all that is over has been settled, or Redis is away.
    pub async fn settled(&self) {
        let (done, is_done) = oneshot::channel();
        if self.0.settlements.send(Message::Flush(done)).await.is_ok() {
            let _gone = is_done.await;
        }
    }

    pub(super) fn settle(&self, settled: Settlement) {
        self.0.book().settle(&settled, now());
        // No room: Redis has been away for thousands of calls. Their leases end, and the ledger has the money.
        let _lost = self.0.settlements.try_send(Message::Settle(settled));
    }
}

/// How an attempt to reserve went.
enum Attempt {
    Granted,
    /// Perhaps within this time.
    In(Duration),
    /// Not before.
    At(Instant),
}

impl Inner {
    fn door(&self, purpose: Purpose) -> &Door {
        let [chat, event, conversation, fast, slow, keeping] = &self.doors;
        match purpose {
            Purpose::Chat => chat,
            Purpose::Event => event,
            Purpose::Conversation => conversation,
            Purpose::FastTick => fast,
            Purpose::SlowTick => slow,
            Purpose::Keeping => keeping,
        }
    }

    async fn wait(&self, order: &Order, until: Instant) -> Result<(), Refused> {
        let door = self.door(order.purpose);
        if door.waiting.load(Ordering::Relaxed) == 0
            && let Attempt::Granted = self.attempt(order, until).await?
        {
            return Ok(());
        }
        let _waiting = Waiting::at(door);
        let Ok(_first) = timeout_at(until, door.line.lock()).await else {
            return Err(Refused::Limited(SOON));
        };
        loop {
            let freed = self.freed.notified();
            match self.attempt(order, until).await? {
                Attempt::Granted => return Ok(()),
                // The hint comes from this process alone: the others' ends are found by looking.
                Attempt::In(wait) => {
                    let _either = timeout(wait, freed).await;
                }
                Attempt::At(when) => sleep_until(when).await,
            }
        }
    }

    async fn attempt(&self, order: &Order, until: Instant) -> Result<Attempt, Refused> {
        let later = |ms: u64| {
            let wait = Duration::from_millis(ms);
            let when = Instant::now() + wait;
            match when < until {
                true => Ok(Attempt::At(when)),
                false => Err(Refused::Limited(wait)),
            }
        };
        match self.ask(order).await {
            Verdict::Granted => Ok(Attempt::Granted),
            Verdict::Busy if Instant::now() + LOOK < until => Ok(Attempt::In(LOOK)),
            Verdict::Busy | Verdict::Unknown => Err(Refused::Limited(SOON)),
            Verdict::Full(ms) | Verdict::Blocked(ms) => later(ms),
            Verdict::Broken(fault, _) => Err(Refused::Broken(fault)),
            Verdict::Spent => Err(Refused::Spent),
            Verdict::TooLarge => Err(Refused::TooLarge),
        }
    }

    async fn ask(&self, order: &Order) -> Verdict {
        if !self.is_away() {
            match timeout(PATIENCE, self.ask_redis(order)).await {
                Ok(Ok(Verdict::Granted)) => {
                    self.book().note(order, now());
                    return Verdict::Granted;
                }
                Ok(Ok(refusal)) => return refusal,
                Ok(Err(error)) => self.is_gone(&error.to_string()),
                Err(_) => self.is_gone("it is silent"),
            }
        }
        let share = self.limits.shared_by(self.workers.count());
        self.book().reserve(order, &share, now())
    }

    async fn ask_redis(&self, order: &Order) -> Result<Verdict, RedisError> {
        let mut redis = self.redis.clone();
        let (shared, limits) = (&self.shared, &self.limits);
        match shared.reserve(&mut redis, order, limits, None).await? {
            Verdict::Unknown => match calls::spent_today(&self.store, self.provider).await {
                Ok(spent) => shared.reserve(&mut redis, order, limits, Some(spent)).await,
                Err(error) => {
                    tracing::warn!(%error, "the ledger does not say what was spent today");
                    Ok(Verdict::Unknown)
                }
            },
            verdict => Ok(verdict),
        }
    }

    fn is_away(&self) -> bool {
        let until = *self
            .away_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn is_gone(&self, why: &str) {
        let mut until = self
            .away_until
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if until.is_none_or(|until| Instant::now() > until + 10 * REST) {
            tracing::warn!(
                why,
                workers = self.workers.count(),
                "redis is away; this worker asks the language model within its share of the limits"
            );
        }
        *until = Some(Instant::now() + REST);
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        // Nothing panics while it is held.
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts who waits at a door.
struct Waiting<'a>(&'a Door);

impl<'a> Waiting<'a> {
    fn at(door: &'a Door) -> Self {
        door.waiting.fetch_add(1, Ordering::Relaxed);
        Self(door)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Off the way of those who wait for answers. What Redis does not take is told again: also what was granted in its absence counts, once
/// it is back.
async fn settle(meter: std::sync::Weak<Inner>, mut line: mpsc::Receiver<Message>) {
    let mut messages = Vec::with_capacity(GROUP);
    while line.recv_many(&mut messages, GROUP).await > 0 {
        let Some(meter) = meter.upgrade() else { return };
        let mut flushes = Vec::new();
        let mut group = Vec::with_capacity(messages.len());
        for message in messages.drain(..) {
            match message {
                Message::Settle(settled) => group.push(settled),
                Message::Flush(done) => flushes.push(done),
            }
        }
        while !group.is_empty() {
            let mut redis = meter.redis.clone();
            match timeout(PATIENCE, meter.shared.settle(&mut redis, &group)).await {
                Ok(Ok(())) => break,
                failed => {
                    tracing::debug!(?failed, "calls could not be settled; they are told again");
                    // Who leaves does not wait for Redis: the leases end by themselves.
                    flushes.clear();
                    sleep(REST).await;
                }
            }
        }
        meter.freed.notify_waiters();
        for done in flushes {
            let _gone = done.send(());
        }
    }
}

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
