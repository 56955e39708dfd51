//! Rings the workers after a commit: pushes hints, arms due times, says what changed. All of it best effort: when Redis
//! is away the words are dropped and the sweep finds the rows.

use std::collections::HashMap;

use redis::aio::ConnectionManager;
use tokio::sync::{mpsc, oneshot};

use crate::keys::{Keys, due_member};
use crate::task::{Hint, TaskId};

/// Says things to Redis from a task of its own, so that no request waits for it. Clones share one line.
#[derive(Clone)]
pub(crate) struct Ringer {
    words: mpsc::UnboundedSender<Word>,
}

enum Word {
    Hints(Vec<Hint>),
    Changed(Vec<TaskId>),
    CancelRequested,
    /// Answered when all that was said before has been said to Redis.
    Spoken(oneshot::Sender<()>),
}

/// Words sent in one round trip at most.
const ROUND: usize = 256;

impl Ringer {
    pub(crate) fn start(redis: ConnectionManager, keys: Keys) -> Self {
        let (words, line) = mpsc::unbounded_channel();
        tokio::spawn(speak(line, redis, keys));
        Self { words }
    }

    pub(crate) fn hints(&self, hints: Vec<Hint>) {
        if !hints.is_empty() {
            self.say(Word::Hints(hints));
        }
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

async fn speak(mut line: mpsc::UnboundedReceiver<Word>, mut redis: ConnectionManager, keys: Keys) {
    let mut words = Vec::with_capacity(ROUND);
    let mut reachable = true;
    while line.recv_many(&mut words, ROUND).await > 0 {
        let mut listeners = Vec::new();
        let round = pipeline(words.drain(..), &keys, &mut listeners);
        let said = match round.is_empty() {
            true => Ok(()),
            false => round.query_async::<()>(&mut redis).await,
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
            }
        }
        for listener in listeners {
            let _gone = listener.send(());
        }
    }
}

fn pipeline(
    words: impl Iterator<Item = Word>,
    keys: &Keys,
    listeners: &mut Vec<oneshot::Sender<()>>,
) -> redis::Pipeline {
    let mut round = redis::pipe();
    let mut waiting: HashMap<String, Vec<Vec<u8>>> = HashMap::new();
    let mut armed: Vec<(Vec<u8>, u64)> = Vec::new();
    for word in words {
        match word {
            Word::Hints(hints) => {
                for hint in hints {
                    if hint.delay.is_zero() {
                        let list = keys.waiting(&hint.kind, hint.priority);
                        waiting
                            .entry(list)
                            .or_default()
                            .push(hint.id.0.as_bytes().to_vec());
                    } else {
                        armed.push((due_member(&hint), delay_ms(&hint)));
                    }
                }
            }
            Word::Changed(ids) => {
                for id in ids {
                    round.cmd("PUBLISH").arg(keys.changed(id)).arg("").ignore();
                }
            }
            Word::Spoken(listener) => listeners.push(listener),
            Word::CancelRequested => {
                round
                    .cmd("PUBLISH")
                    .arg(keys.cancel_requested())
                    .arg("")
                    .ignore();
            }
        }
    }
    for (list, ids) in waiting {
        round.cmd("RPUSH").arg(list).arg(ids).ignore();
    }
    for some in armed.chunks(1000) {
        round.cmd("EVAL").arg(ARM).arg(1).arg(keys.due());
        for (member, delay) in some {
            round.arg(member).arg(*delay);
        }
        round.arg(keys.prefix()).ignore();
    }
    round
}

/// One millisecond is added so that a score cut to whole milliseconds is never early.
fn delay_ms(hint: &Hint) -> u64 {
    u64::try_from(hint.delay.as_millis()).unwrap_or(u64::MAX >> 12) + 1
}

/// Sets due times by Redis' own clock. Replaces a task's earlier one. Tells the timekeepers when the head moved.
const ARM: &str = r"
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local before = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
for i = 1, #ARGV - 1, 2 do
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[i + 1]), ARGV[i])
end
local after = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
if before ~= after then redis.call('PUBLISH', ARGV[#ARGV] .. ':due-moved', '') end
";
