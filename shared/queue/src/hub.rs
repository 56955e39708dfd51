//! One Redis subscription connection per process, shared by all who wait and listen: a channel is subscribed while somebody
//! does.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::{PubSubSink, PubSubStream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::mailbox::{Heard, Mailbox};

/// Brings what was published to those who listen.
pub(crate) struct Hub {
    orders: Line,
}

/// Hears its channel while it lives.
pub(crate) struct Subscription {
    mailbox: Arc<Mailbox>,
    channel: Arc<str>,
    orders: Line,
}

type Line = mpsc::UnboundedSender<Order>;

enum Order {
    Listen {
        channel: Arc<str>,
        mailbox: Arc<Mailbox>,
        ready: oneshot::Sender<()>,
    },
    Leave {
        channel: Arc<str>,
        mailbox: Arc<Mailbox>,
    },
}

/// A Redis that takes longer than this counts as away.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(200);
/// Orders carried out together.
const ROUND: usize = 1024;
/// Channels in one command.
const CHUNK: usize = 1000;
/// A line on which nothing was said for so long is asked whether it still lives: nobody else would notice.
const QUIET: Duration = Duration::from_secs(3);

impl Hub {
    pub(crate) fn start(client: redis::Client) -> Self {
        let (orders, line) = mpsc::unbounded_channel();
        tokio::spawn(serve(line, client));
        Self { orders }
    }

    /// For those who read the row whenever something was published, whatever it was: a lost or doubled message changes
    /// nothing but the time.
    pub(crate) async fn watch(&self, channel: String) -> Subscription {
        self.listen(channel, 0).await
    }

    /// Returns once the subscription stands, so that nothing published from now on is missed unheard; or, while Redis is
    /// away, soon: once it is back, all are told that they missed something.
    pub(crate) async fn listen(&self, channel: String, room: usize) -> Subscription {
        let subscription = Subscription {
            mailbox: Arc::new(Mailbox::new(room)),
            channel: channel.into(),
            orders: self.orders.clone(),
        };
        let (ready, subscribed) = oneshot::channel();
        // The hub ends before its last user only when the runtime does.
        let _ended = self.orders.send(Order::Listen {
            channel: Arc::clone(&subscription.channel),
            mailbox: Arc::clone(&subscription.mailbox),
            ready,
        });
        let _late = timeout(PATIENCE, subscribed).await;
        subscription
    }
}

impl Subscription {
    pub(crate) async fn heard(&self) -> Heard {
        self.mailbox.heard().await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let _ended = self.orders.send(Order::Leave {
            channel: Arc::clone(&self.channel),
            mailbox: Arc::clone(&self.mailbox),
        });
    }
}

struct Away;

/// Ends when the last queue and the last subscription are gone.
async fn serve(mut line: mpsc::UnboundedReceiver<Order>, client: redis::Client) {
    let mut channels = Channels::default();
    let mut orders = Vec::new();
    // Connects only while somebody listens.
    while line.recv_many(&mut orders, ROUND).await > 0 {
        channels.note(orders.drain(..));
        while !channels.is_empty() {
            match connect(&client, &channels).await {
                Ok(connection) => {
                    channels.all_missed();
                    channels.all_ready();
                    let listened = listen(&mut line, &mut channels, connection).await;
                    if listened.is_none() {
                        return;
                    }
                }
                Err(Away) => tracing::debug!("no subscription connection"),
            }
            let pause = tokio::time::sleep(PAUSE);
            tokio::pin!(pause);
            while !channels.is_empty() {
                tokio::select! {
                    () = &mut pause => break,
                    count = line.recv_many(&mut orders, ROUND) => match count {
                        0 => return,
                        _ => {
                            channels.note(orders.drain(..));
                        }
                    },
                }
            }
        }
    }
}

type Connection = (PubSubSink, PubSubStream);

async fn connect(client: &redis::Client, channels: &Channels) -> Result<Connection, Away> {
    let (mut sink, messages) = in_time(client.get_async_pubsub()).await?.split();
    let names: Vec<_> = channels.open.keys().cloned().collect();
    subscribe(&mut sink, &names).await?;
    Ok((sink, messages))
}

/// Until the connection breaks or nobody listens any more. `None`: the hub itself is gone.
async fn listen(
    line: &mut mpsc::UnboundedReceiver<Order>,
    channels: &mut Channels,
    (mut sink, mut messages): Connection,
) -> Option<()> {
    let mut orders = Vec::new();
    while !channels.is_empty() {
        tokio::select! {
            message = messages.next() => match message {
                Some(message) => channels.deliver(message.get_channel_name(), message.get_payload_bytes()),
                None => break,
            },
            count = line.recv_many(&mut orders, ROUND) => {
                if count == 0 {
                    return None;
                }
                let (opened, closed) = channels.note(orders.drain(..));
                if tell(&mut sink, &opened, &closed).await.is_err() {
                    break;
                }
                channels.all_ready();
            }
            () = tokio::time::sleep(QUIET) => {
                if in_time(sink.ping::<redis::Value>()).await.is_err() {
                    break;
                }
            }
        }
    }
    Some(())
}

/// Tells Redis of first listeners and of last ones, of many channels at once.
async fn tell(sink: &mut PubSubSink, opened: &[Arc<str>], closed: &[Arc<str>]) -> Result<(), Away> {
    subscribe(sink, opened).await?;
    for some in closed.chunks(CHUNK) {
        in_time(sink.unsubscribe(names(some))).await?;
    }
    Ok(())
}

async fn subscribe(sink: &mut PubSubSink, channels: &[Arc<str>]) -> Result<(), Away> {
    for some in channels.chunks(CHUNK) {
        in_time(sink.subscribe(names(some))).await?;
    }
    Ok(())
}

fn names(channels: &[Arc<str>]) -> Vec<&str> {
    channels.iter().map(|channel| &**channel).collect()
}

async fn in_time<T>(spoken: impl Future<Output = Result<T, redis::RedisError>>) -> Result<T, Away> {
    match timeout(PATIENCE, spoken).await {
        Ok(Ok(answer)) => Ok(answer),
        _ => Err(Away),
    }
}

/// Who listens to what.
#[derive(Default)]
struct Channels {
    open: HashMap<Arc<str>, Vec<Arc<Mailbox>>>,
    /// Who waits for the subscription to stand.
    waiting: Vec<(Arc<Mailbox>, oneshot::Sender<()>)>,
}

type Names = Vec<Arc<str>>;

impl Channels {
    fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    fn deliver(&self, channel: &str, payload: &[u8]) {
        let Some(mailboxes) = self.open.get(channel) else {
            return;
        };
        let payload = Arc::from(payload);
        mailboxes.iter().for_each(|mailbox| mailbox.put(&payload));
    }

    /// Whatever was published while there was no connection.
    fn all_missed(&self) {
        self.open
            .values()
            .flatten()
            .for_each(|mailbox| mailbox.miss());
    }

    fn all_ready(&mut self) {
        for (mailbox, ready) in self.waiting.drain(..) {
            // From now on nothing is lost, and what was before is not known to him: he reads the truth next.
            mailbox.empty();
            if ready.send(()).is_err() {
                // He gave up waiting, and may have read it before this.
                mailbox.miss();
            }
        }
    }

    /// The channels that got their first listener and those that lost their last.
    fn note(&mut self, orders: impl Iterator<Item = Order>) -> (Names, Names) {
        let mut were_open: HashMap<Arc<str>, bool> = HashMap::new();
        for order in orders {
            let (Order::Listen { channel, .. } | Order::Leave { channel, .. }) = &order;
            were_open
                .entry(Arc::clone(channel))
                .or_insert_with(|| self.open.contains_key(channel));
            match order {
                Order::Listen {
                    channel,
                    mailbox,
                    ready,
                } => {
                    self.waiting.push((Arc::clone(&mailbox), ready));
                    self.open.entry(channel).or_default().push(mailbox);
                }
                Order::Leave { channel, mailbox } => self.leave(&channel, &mailbox),
            }
        }
        let (mut opened, mut closed) = (Vec::new(), Vec::new());
        for (channel, was_open) in were_open {
            match (was_open, self.open.contains_key(&channel)) {
                (false, true) => opened.push(channel),
                (true, false) => closed.push(channel),
                _ => {}
            }
        }
        (opened, closed)
    }

    fn leave(&mut self, channel: &str, mailbox: &Arc<Mailbox>) {
        let Some(mailboxes) = self.open.get_mut(channel) else {
            return;
        };
        mailboxes.retain(|other| !Arc::ptr_eq(other, mailbox));
        self.waiting
            .retain(|(other, _)| !Arc::ptr_eq(other, mailbox));
        if mailboxes.is_empty() {
            self.open.remove(channel);
        }
    }
}
