//! Rings the workers after a commit: pushes hints, sets alarms, says what changed. All of it best effort: when Redis
//! is away the words are dropped and the sweep finds the rows.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use crate::due::DUE_PRIORITY;
use crate::keys::{Keys, due_member};
use crate::redis_line::RedisLine;
use crate::task::{Hint, TaskId};

/// Says things to Redis from a task of its own, so that no request waits for it. Clones share one line.
#[derive(Clone)]
pub(crate) struct Ringer {
    words: mpsc::UnboundedSender<Word>,
}

enum Word {
    Hints(Vec<Hint>),
    Arm {
        kind: &'static str,
        id: Uuid,
        due: Instant,
    },
    Disarm {
        kind: &'static str,
        id: Uuid,
    },
    Now {
        kind: &'static str,
        id: Uuid,
    },
    Publish {
        channel: String,
        payload: Vec<u8>,
    },
    Changed(Vec<TaskId>),
    CancelRequested,
    /// Answered when all that was said before has been said to Redis.
    Spoken(oneshot::Sender<()>),
}

/// Words sent in one round trip at most.
const ROUND: usize = 256;
/// Words that may have piled up behind a round that failed; the oldest above it are dropped, or a Redis that hangs
/// would fill the memory.
const PILE: usize = 4096;

impl Ringer {
    pub(crate) fn start(redis: RedisLine, keys: Keys) -> Self {
        let (words, line) = mpsc::unbounded_channel();
        tokio::spawn(speak(line, redis, keys));
        Self { words }
    }

    pub(crate) fn hints(&self, hints: Vec<Hint>) {
        if !hints.is_empty() {
            self.say(Word::Hints(hints));
        }
    }

    /// Replaces this id's earlier alarm.
    pub(crate) fn arm(&self, kind: &'static str, id: Uuid, due: Instant) {
        self.say(Word::Arm { kind, id, due });
    }

    /// At once, beside any alarm: the id may have got a new one meanwhile.
    #[cfg_attr(
        not(feature = "worker"),
        expect(dead_code, reason = "only workers hand due work back")
    )]
    pub(crate) fn due_now(&self, kind: &'static str, id: Uuid) {
        self.say(Word::Now { kind, id });
    }

    pub(crate) fn disarm(&self, kind: &'static str, id: Uuid) {
        self.say(Word::Disarm { kind, id });
    }

    pub(crate) fn publish(&self, channel: &str, payload: Vec<u8>) {
        let channel = channel.to_owned();
        self.say(Word::Publish { channel, payload });
    }

    /// Wakes whoever waits for these tasks.
    pub(crate) fn changed(&self, ids: Vec<TaskId>) {
        if !ids.is_empty() {
            self.say(Word::Changed(ids));
        }
    }

    /// Makes every worker look whether a task of its own is meant.
    pub(crate) fn cancel_requested(&self) {
        self.say(Word::CancelRequested);
    }

    /// Completes when all words so far have reached Redis or were dropped: for a process that ends.
    #[cfg_attr(
        not(feature = "worker"),
        expect(dead_code, reason = "only a worker hands back when it ends")
    )]
    pub(crate) async fn spoken(&self) {
        let (said, spoken) = oneshot::channel();
        self.say(Word::Spoken(said));
        let _ended = spoken.await;
    }

    fn say(&self, word: Word) {
        // The line closes only when the runtime ends; then nobody is left to hear.
        let _closed = self.words.send(word);
    }
}

async fn speak(mut line: mpsc::UnboundedReceiver<Word>, mut redis: RedisLine, keys: Keys) {
    let mut words = Vec::with_capacity(ROUND);
    let mut reachable = true;
    while line.recv_many(&mut words, ROUND).await > 0 {
        let mut round = Round::default();
        words.drain(..).for_each(|word| round.add(word, &keys));
        let (pipeline, listeners) = round.finish(&keys);
        let said = match pipeline.is_empty() {
            true => Ok(()),
            false => pipeline.query_async::<()>(&mut redis).await,
        };
        match said {
            Ok(()) => {
                if !reachable {
                    tracing::info!("redis is reachable again");
                }
                reachable = true;
            }
            Err(error) => {
                if reachable {
                    tracing::warn!(%error, "redis is unreachable; hints are dropped, the sweep will find the rows");
                }
                reachable = false;
                while line.len() > PILE
                    && let Ok(_dropped) = line.try_recv()
                {}
            }
        }
        for listener in listeners {
            let _gone = listener.send(());
        }
    }
}

/// What is said in one round trip.
#[derive(Default)]
struct Round {
    pipeline: redis::Pipeline,
    waiting: HashMap<String, Vec<Vec<u8>>>,
    /// Milliseconds from now by member, or no alarm. A member's last word holds.
    alarms: HashMap<Vec<u8>, Option<u64>>,
    listeners: Vec<oneshot::Sender<()>>,
}

impl Round {
    fn add(&mut self, word: Word, keys: &Keys) {
        match word {
            Word::Hints(hints) => hints.iter().for_each(|hint| self.hint(hint, keys)),
            Word::Arm { kind, id, due } => {
                let member = due_member(id, DUE_PRIORITY, kind);
                let delay = due.saturating_duration_since(Instant::now());
                if delay.is_zero() {
                    self.wait(keys.waiting(kind, DUE_PRIORITY), id);
                    self.alarms.insert(member, None);
                } else {
                    self.alarms.insert(member, Some(delay_ms(delay)));
                }
            }
            Word::Disarm { kind, id } => {
                let member = due_member(id, DUE_PRIORITY, kind);
                self.alarms.insert(member, None);
            }
            Word::Now { kind, id } => self.wait(keys.waiting(kind, DUE_PRIORITY), id),
            Word::Publish { channel, payload } => self.publish(keys.live(&channel), &payload),
            Word::Changed(ids) => {
                for id in ids {
                    self.publish(keys.changed(id), b"");
                }
            }
            Word::CancelRequested => self.publish(keys.cancel_requested(), b""),
            Word::Spoken(listener) => self.listeners.push(listener),
        }
    }

    fn hint(&mut self, hint: &Hint, keys: &Keys) {
        if hint.delay.is_zero() {
            self.wait(keys.waiting(&hint.kind, hint.priority), hint.id.0);
        } else {
            let member = due_member(hint.id.0, hint.priority, &hint.kind);
            self.alarms.insert(member, Some(delay_ms(hint.delay)));
        }
    }

    fn wait(&mut self, list: String, id: Uuid) {
        self.waiting
            .entry(list)
            .or_default()
            .push(id.as_bytes().to_vec());
    }

    fn publish(&mut self, channel: String, payload: &[u8]) {
        self.pipeline
            .cmd("PUBLISH")
            .arg(channel)
            .arg(payload)
            .ignore();
    }

    fn finish(mut self, keys: &Keys) -> (redis::Pipeline, Vec<oneshot::Sender<()>>) {
        let round = &mut self.pipeline;
        for (list, ids) in self.waiting {
            round.cmd("RPUSH").arg(list).arg(ids).ignore();
        }
        let (armed, disarmed): (Vec<_>, Vec<_>) = self
            .alarms
            .into_iter()
            .partition(|(_, delay)| delay.is_some());
        for some in armed.chunks(CHUNK) {
            round.cmd("EVAL").arg(ARM).arg(1).arg(keys.due());
            for (member, delay) in some {
                round.arg(member).arg(*delay);
            }
            round.arg(keys.due_moved()).ignore();
        }
        for some in disarmed.chunks(CHUNK) {
            round.cmd("ZREM").arg(keys.due());
            for (member, _) in some {
                round.arg(member);
            }
            round.ignore();
        }
        (self.pipeline, self.listeners)
    }
}

/// Alarms in one command: Redis does nothing else meanwhile.
const CHUNK: usize = 1000;

/// One millisecond is added so that a score cut to whole milliseconds is never early.
fn delay_ms(delay: Duration) -> u64 {
    u64::try_from(delay.as_millis()).unwrap_or(u64::MAX >> 12) + 1
}

/// Sets due times by Redis' own clock. Replaces an earlier one. Tells the timekeepers when the head moved forward to a time
/// before which none of them looks of its own accord (they do at least each second). About 4 µs of Redis per alarm in company, 19 µs alone;
/// calling it by its hash would save a twentieth, and fail whenever Redis has lost its scripts.
const ARM: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local before = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
for i = 1, #ARGV - 1, 2 do
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[i + 1]), ARGV[i])
end
local after = tonumber(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2])
if after - now < 1500 and (not before or after < tonumber(before)) then
  redis.call('PUBLISH', ARGV[#ARGV], '')
end
";
