//! Payloads to whoever listens on a channel, in whatever process.

use crate::hub::Subscription;
use crate::queue::Queue;

pub use crate::mailbox::Heard;

/// Payloads kept for a listener that reads slowly.
const ROOM: usize = 64;

impl Queue {
    /// Says it to all who listen at this moment. Call it after the commit. Never waits; nobody is told whether it arrived, so
    /// payloads carry a sequence number, and listeners look at the truth now and then.
    pub fn publish(&self, channel: &str, payload: impl Into<Vec<u8>>) {
        self.inner.ringer.publish(channel, payload.into());
    }

    /// Returns once everything published from now on will be heard (or, while Redis is away, soon: then the first thing
    /// heard is [`Heard::Missed`]). So: listen first, read the truth next.
    pub async fn listen(&self, channel: &str) -> Listener {
        let channel = self.inner.keys.live(channel);
        Listener {
            subscription: self.inner.hub.listen(channel, ROOM).await,
        }
    }
}

/// Hears one channel while it lives. An idle one holds no buffer.
pub struct Listener {
    subscription: Subscription,
}

impl Listener {
    /// The next payload, or that some were missed: the listener was too slow, or the line to Redis was made anew. May be dropped
    /// while it waits without losing anything.
    pub async fn recv(&mut self) -> Heard {
        self.subscription.heard().await
    }
}
