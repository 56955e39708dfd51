//! Stopping with grace: say that we are going, finish what is under way, leave at the second asking.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, watch};

/// Whether this server is on its way out; shared by who hears the signal and who answers `/readyz`.
#[derive(Clone, Default)]
pub struct Drain(Arc<State>);

#[derive(Default)]
struct State {
    draining: watch::Sender<bool>,
    abandoned: Notify,
}

/// How long `/readyz` says 503 before the listener closes, so that a load balancer has looked once.
const NOTICE: Duration = Duration::from_millis(500);

impl Drain {
    pub fn is_draining(&self) -> bool {
        *self.0.draining.borrow()
    }

    /// Waits until the server is on its way out.
    pub async fn begun(&self) {
        // The sender is in our own hands: waiting ends with the word, never without it.
        let mut draining = self.0.draining.subscribe();
        let _told = draining.wait_for(|told| *told).await;
    }

    /// Tells everybody that the server is on its way out.
    pub fn begin(&self) {
        self.0.draining.send_replace(true);
    }

    /// Waits for SIGTERM or Ctrl-C, says so on `/readyz`, and returns when the listener may close.
    pub async fn begin_at_signal(&self) {
        let mut signals = Signals::new();
        signals.next().await;
        self.begin();
        tracing::info!("stopping: finishing the requests under way");
        let state = Arc::clone(&self.0);
        tokio::spawn(async move {
            signals.next().await;
            tracing::warn!("told twice: stopping at once");
            state.abandoned.notify_one();
        });
        tokio::time::sleep(NOTICE).await;
    }

    /// Waits for the second signal.
    pub async fn abandoned(&self) {
        self.0.abandoned.notified().await;
    }
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> Self {
        let listen =
            |kind| signal(kind).expect("signals can be listened to inside a tokio runtime");
        Self {
            terminate: listen(SignalKind::terminate()),
            interrupt: listen(SignalKind::interrupt()),
        }
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
