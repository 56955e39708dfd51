//! One Redis subscription connection per process, shared by all who wait: a channel is subscribed while somebody watches it.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::sync::{mpsc, oneshot, watch};

/// Wakes watchers when something was published on their channel. What was published is not carried: watchers read the
/// row, so a lost or doubled message changes nothing but the time.
pub(crate) struct Hub {
    orders: mpsc::UnboundedSender<Order>,
}

/// Wakes while it lives.
pub(crate) struct Subscription {
    pub(crate) wakes: watch::Receiver<u64>,
    channel: String,
    orders: mpsc::UnboundedSender<Order>,
}

enum Order {
    Watch {
        channel: String,
        ready: oneshot::Sender<watch::Receiver<u64>>,
    },
    Leave {
        channel: String,
    },
}

impl Hub {
    pub(crate) fn start(client: redis::Client) -> Self {
        let (orders, line) = mpsc::unbounded_channel();
        tokio::spawn(serve(line, client));
        Self { orders }
    }

    /// Returns once the subscription stands, so that nothing published from now on is missed; or, while Redis is away,
    /// at once: watchers look at the row from time to time anyway.
    pub(crate) async fn watch(&self, channel: String) -> Option<Subscription> {
        let (ready, subscribed) = oneshot::channel();
        self.orders
            .send(Order::Watch {
                channel: channel.clone(),
                ready,
            })
            .ok()?;
        let wakes = subscribed.await.ok()?;
        Some(Subscription {
            wakes,
            channel,
            orders: self.orders.clone(),
        })
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        // The hub ends only with the runtime.
        let _ended = self.orders.send(Order::Leave {
            channel: std::mem::take(&mut self.channel),
        });
    }
}

struct Channel {
    wake: watch::Sender<u64>,
    watchers: usize,
}

type Channels = HashMap<String, Channel>;

async fn serve(mut line: mpsc::UnboundedReceiver<Order>, client: redis::Client) {
    let mut channels = Channels::new();
    // Connect only when somebody watches: a worker never does.
    while let Some(order) = line.recv().await {
        take(order, &mut channels, None).await;
        while !channels.is_empty() {
            match connect(&client, &channels).await {
                Ok((sink, messages)) => {
                    // Whatever happened while nobody listened.
                    channels.values().for_each(Channel::wake);
                    if listen(&mut line, &mut channels, sink, messages)
                        .await
                        .is_none()
                    {
                        return;
                    }
                }
                Err(error) => {
                    tracing::debug!(%error, "no subscription connection");
                    let pause = tokio::time::sleep(Duration::from_millis(200));
                    tokio::pin!(pause);
                    loop {
                        tokio::select! {
                            () = &mut pause => break,
                            order = line.recv() => match order {
                                Some(order) => take(order, &mut channels, None).await,
                                None => return,
                            },
                        }
                    }
                }
            }
        }
    }
}

async fn connect(
    client: &redis::Client,
    channels: &Channels,
) -> Result<(PubSubSink, PubSubStream), redis::RedisError> {
    let (mut sink, messages) = client.get_async_pubsub().await?.split();
    let names: Vec<_> = channels.keys().collect();
    sink.subscribe(names).await?;
    Ok((sink, messages))
}

/// Until the connection breaks or nobody watches any more. `None`: the hub itself is gone.
async fn listen(
    line: &mut mpsc::UnboundedReceiver<Order>,
    channels: &mut Channels,
    mut sink: PubSubSink,
    mut messages: PubSubStream,
) -> Option<()> {
    loop {
        tokio::select! {
            message = messages.next() => match message {
                Some(message) => {
                    if let Some(channel) = channels.get(message.get_channel_name()) {
                        channel.wake();
                    }
                }
                None => return Some(()),
            },
            order = line.recv() => {
                take(order?, channels, Some(&mut sink)).await;
                if channels.is_empty() {
                    return Some(());
                }
            }
        }
    }
}

async fn take(order: Order, channels: &mut Channels, mut sink: Option<&mut PubSubSink>) {
    match order {
        Order::Watch { channel, ready } => {
            if !channels.contains_key(&channel)
                && let Some(sink) = sink.as_mut()
                && let Err(error) = sink.subscribe(&channel).await
            {
                // The stream ends too, then everything is subscribed anew.
                tracing::debug!(%error, "could not subscribe");
            }
            let entry = channels.entry(channel.clone()).or_insert_with(|| Channel {
                wake: watch::Sender::new(0),
                watchers: 0,
            });
            entry.watchers += 1;
            if ready.send(entry.wake.subscribe()).is_err() {
                leave(&channel, channels, sink).await;
            }
        }
        Order::Leave { channel } => leave(&channel, channels, sink).await,
    }
}

async fn leave(channel: &str, channels: &mut Channels, sink: Option<&mut PubSubSink>) {
    let Some(entry) = channels.get_mut(channel) else {
        return;
    };
    entry.watchers -= 1;
    if entry.watchers > 0 {
        return;
    }
    channels.remove(channel);
    if let Some(sink) = sink
        && let Err(error) = sink.unsubscribe(channel).await
    {
        tracing::debug!(%error, "could not unsubscribe");
    }
}

impl Channel {
    fn wake(&self) {
        self.wake.send_modify(|wakes| *wakes += 1);
    }
}
