//! One Redis subscription connection per process, shared by all who wait: a channel is subscribed while somebody watches it.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

/// Wakes watchers when something was published on their channel. What was published is not carried: watchers read the
/// row, so a lost or doubled message changes nothing but the time.
pub(crate) struct Hub {
    orders: mpsc::UnboundedSender<Order>,
}

/// Wakes while it lives.
pub(crate) struct Subscription {
    pub(crate) wakes: watch::Receiver<u64>,
    channel: String,
    orders: Line,
}

type Line = mpsc::UnboundedSender<Order>;

enum Order {
    Watch {
        channel: String,
        ready: oneshot::Sender<Subscription>,
    },
    Leave {
        channel: String,
    },
}

/// A Redis that takes longer than this counts as away.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(200);

impl Hub {
    pub(crate) fn start(client: redis::Client) -> Self {
        let (orders, line) = mpsc::unbounded_channel();
        // Weak, so that the hub ends with the last queue that uses it.
        tokio::spawn(serve(line, orders.downgrade(), client));
        Self { orders }
    }

    /// Returns once the subscription stands, so that nothing published from now on is missed; or, while Redis is away,
    /// soon: watchers look at the row from time to time anyway.
    pub(crate) async fn watch(&self, channel: String) -> Option<Subscription> {
        let (ready, subscribed) = oneshot::channel();
        self.orders.send(Order::Watch { channel, ready }).ok()?;
        // At worst the hub finds its connection dead and then does not get another: only then does it note who waits. Given
        // up earlier, a keeper that starts while Redis hangs would stay deaf for good.
        timeout(3 * PATIENCE, subscribed).await.ok()?.ok()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let channel = std::mem::take(&mut self.channel);
        // The hub ends before its last watcher only when the runtime does.
        let _ended = self.orders.send(Order::Leave { channel });
    }
}

struct Away;

async fn serve(
    mut line: mpsc::UnboundedReceiver<Order>,
    orders: mpsc::WeakUnboundedSender<Order>,
    client: redis::Client,
) {
    let mut channels = Channels::new();
    // Connects only while somebody watches.
    while let Some(order) = line.recv().await {
        channels.note(order, &orders);
        while !channels.is_empty() {
            match timeout(PATIENCE, connect(&client, &channels)).await {
                Ok(Ok((sink, messages))) => {
                    // Whatever happened while nobody listened.
                    channels.open.values().for_each(Channel::wake);
                    if listen(&mut line, &orders, &mut channels, (sink, messages))
                        .await
                        .is_none()
                    {
                        return;
                    }
                }
                Ok(Err(error)) => tracing::debug!(%error, "no subscription connection"),
                Err(_) => tracing::debug!("the subscription connection takes too long"),
            }
            let pause = tokio::time::sleep(PAUSE);
            tokio::pin!(pause);
            while !channels.is_empty() {
                tokio::select! {
                    () = &mut pause => break,
                    order = line.recv() => match order {
                        Some(order) => channels.note(order, &orders),
                        None => return,
                    },
                }
            }
        }
    }
}

type Connection = (PubSubSink, PubSubStream);

async fn connect(
    client: &redis::Client,
    channels: &Channels,
) -> Result<Connection, redis::RedisError> {
    let (mut sink, messages) = client.get_async_pubsub().await?.split();
    let names: Vec<_> = channels.open.keys().collect();
    sink.subscribe(names).await?;
    Ok((sink, messages))
}

/// Until the connection breaks or nobody watches any more. `None`: the hub itself is gone.
async fn listen(
    line: &mut mpsc::UnboundedReceiver<Order>,
    orders: &mpsc::WeakUnboundedSender<Order>,
    channels: &mut Channels,
    (mut sink, mut messages): Connection,
) -> Option<()> {
    while !channels.is_empty() {
        tokio::select! {
            message = messages.next() => match message {
                Some(message) => channels.wake(message.get_channel_name()),
                None => break,
            },
            order = line.recv() => {
                let order = order?;
                if speak(&order, channels, &mut sink).await.is_err() {
                    channels.note(order, orders);
                    break;
                }
                channels.note(order, orders);
            }
        }
    }
    Some(())
}

/// Tells Redis of a channel's first watcher and of its last.
async fn speak(order: &Order, channels: &Channels, sink: &mut PubSubSink) -> Result<(), Away> {
    let spoken = match order {
        Order::Watch { channel, .. } if !channels.open.contains_key(channel) => {
            timeout(PATIENCE, sink.subscribe(channel)).await
        }
        Order::Leave { channel }
            if channels
                .open
                .get(channel)
                .is_some_and(|open| open.watchers == 1) =>
        {
            timeout(PATIENCE, sink.unsubscribe(channel)).await
        }
        _ => return Ok(()),
    };
    match spoken {
        Ok(Ok(())) => Ok(()),
        _ => Err(Away),
    }
}

/// Who watches what.
#[derive(Default)]
struct Channels {
    open: HashMap<String, Channel>,
}

struct Channel {
    wake: watch::Sender<u64>,
    watchers: usize,
}

impl Channels {
    fn new() -> Self {
        Self::default()
    }

    fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    fn wake(&self, channel: &str) {
        if let Some(channel) = self.open.get(channel) {
            channel.wake();
        }
    }

    fn note(&mut self, order: Order, orders: &mpsc::WeakUnboundedSender<Order>) {
        match order {
            Order::Watch { channel, ready } => {
                let Some(orders) = orders.upgrade() else {
                    return;
                };
                let open = self.open.entry(channel.clone()).or_insert_with(|| Channel {
                    wake: watch::Sender::new(0),
                    watchers: 0,
                });
                open.watchers += 1;
                // Given back unread, the subscription takes its leave like any other.
                let _gone = ready.send(Subscription {
                    wakes: open.wake.subscribe(),
                    channel,
                    orders,
                });
            }
            Order::Leave { channel } => {
                if let Some(open) = self.open.get_mut(&channel) {
                    open.watchers -= 1;
                    if open.watchers == 0 {
                        self.open.remove(&channel);
                    }
                }
            }
        }
    }
}

impl Channel {
    fn wake(&self) {
        self.wake.send_modify(|wakes| *wakes += 1);
    }
}
