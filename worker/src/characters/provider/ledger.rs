//! Writes calls into the ledger, in groups and off the way of whoever waits for an answer.

use std::time::Duration;

use chrono::Utc;
use rookery_characters::inference::Usage;
use rookery_shared::Store;
use rookery_shared::characters::calls::{self, Call, Outcome};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use super::About;
use super::link::Charge;

/// Clones write into the same one.
#[derive(Clone)]
pub(super) struct Ledger(mpsc::Sender<Message>);

enum Message {
    Write(Box<Call>),
    Flush(oneshot::Sender<()>),
}

/// How long calls are gathered for one statement.
const GATHER: Duration = Duration::from_millis(100);
const GROUP: usize = 512;
/// Calls that wait while Postgres is away.
const ROOM: usize = 16_384;
const REST: Duration = Duration::from_secs(1);

impl Ledger {
    /// Must be called inside a tokio runtime; ends with its last handle.
    pub(super) fn start(store: Store) -> Self {
        let (sender, line) = mpsc::channel(ROOM);
        tokio::spawn(keep(store, line));
        Self(sender)
    }

    /// Returns when all that was said before is written.
    pub(super) async fn flush(&self) {
        let (done, is_done) = oneshot::channel();
        if self.0.send(Message::Flush(done)).await.is_ok() {
            let _gone = is_done.await;
        }
    }

    fn write(&self, call: Call) {
        if let Err(error) = self.0.try_send(Message::Write(Box::new(call)))
            && let Message::Write(call) = error.into_inner()
        {
            tracing::error!(
                provider = call.provider,
                cost_micro_usd = call.cost_micro_usd,
                "a call is missing in the ledger: postgres has been away for too long"
            );
        }
    }
}

/// A call under way. Dropped before its end it was cancelled.
pub(super) struct Entry<'a> {
    ledger: &'a Ledger,
    call: Option<Call>,
    began: Instant,
}

impl<'a> Entry<'a> {
    pub(super) fn open(
        ledger: &'a Ledger,
        provider: &'static str,
        charge: &Charge<'_>,
        about: &About,
    ) -> Self {
        let call = Call {
            id: Uuid::now_v7(),
            provider,
            model: charge.model.to_owned(),
            tier: charge.tier,
            purpose: charge.purpose.as_str(),
            character_id: about.character_id.clone(),
            player_id: about.player_id.clone(),
            task_id: about.task_id,
            prompt_tokens: 0,
            cached_tokens: 0,
            completion_tokens: 0,
            cost_micro_usd: 0,
            duration_ms: 0.0,
            outcome: Outcome::Cancelled,
            at: Utc::now(),
        };
        Self {
            ledger,
            call: Some(call),
            began: Instant::now(),
        }
    }

    pub(super) fn charge(&mut self, usage: Usage, micro_usd: u64) {
        if let Some(call) = &mut self.call {
            call.prompt_tokens = usage.prompt_tokens;
            call.cached_tokens = usage.cached_tokens;
            call.completion_tokens = usage.completion_tokens;
            call.cost_micro_usd = micro_usd;
        }
    }

    pub(super) fn close(mut self, outcome: Outcome) {
        if let Some(call) = &mut self.call {
            call.outcome = outcome;
        }
    }
}

impl Drop for Entry<'_> {
    fn drop(&mut self) {
        if let Some(mut call) = self.call.take() {
            call.duration_ms = self.began.elapsed().as_secs_f64() * 1e3;
            self.ledger.write(call);
        }
    }
}

async fn keep(store: Store, mut line: mpsc::Receiver<Message>) {
    while let Some(first) = line.recv().await {
        let until = Instant::now() + GATHER;
        let mut group = Vec::new();
        let mut next = Some(first);
        let mut flush = None;
        while let Some(message) = next.take() {
            match message {
                Message::Write(call) => group.push(*call),
                Message::Flush(done) => {
                    flush = Some(done);
                    break;
                }
            }
            if group.len() < GROUP {
                next = timeout_at(until, line.recv()).await.ok().flatten();
            }
        }
        write(&store, &group).await;
        if let Some(done) = flush {
            let _gone = done.send(());
        }
    }
}

/// Until Postgres has it.
async fn write(store: &Store, group: &[Call]) {
    while !group.is_empty() {
        match calls::write(store, group).await {
            Ok(()) => return,
            Err(error) if error.is_unavailable() => {
                tracing::debug!(%error, "the ledger waits for postgres");
                sleep(REST).await;
            }
            Err(error) => {
                tracing::error!(%error, calls = group.len(), "calls cannot be written into the ledger");
                return;
            }
        }
    }
}
