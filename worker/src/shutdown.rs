//! Being told to stop: once to finish what is held, twice to leave it.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How often a worker was told to stop. Clones hear the same.
#[derive(Clone)]
pub struct Shutdown {
    told: watch::Receiver<u32>,
}

/// Tells a worker to stop; when it is dropped, nobody will any more.
pub struct Teller(watch::Sender<u32>);

impl Teller {
    pub fn tell(&self) {
        self.0.send_modify(|times| *times += 1);
    }
}

impl Shutdown {
    pub fn by_hand() -> (Teller, Self) {
        let (teller, told) = watch::channel(0);
        (Teller(teller), Self { told })
    }

    /// By SIGTERM or Ctrl-C. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the process cannot listen to signals.
    pub fn at_signal() -> std::io::Result<Self> {
        let (teller, shutdown) = Self::by_hand();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                teller.tell();
            }
        });
        Ok(shutdown)
    }

    pub fn is_asked(&self) -> bool {
        *self.told.borrow() > 0
    }

    /// Told once.
    pub fn asked(&self) -> impl Future<Output = ()> + Send + use<> {
        self.times(1)
    }

    /// Told twice.
    pub fn abandoned(&self) -> impl Future<Output = ()> + Send + use<> {
        self.times(2)
    }

    fn times(&self, times: u32) -> impl Future<Output = ()> + Send + use<> {
        let mut told = self.told.clone();
        async move {
            if told.wait_for(|heard| *heard >= times).await.is_err() {
                // The teller is gone: it never comes to that.
                std::future::pending::<()>().await;
            }
        }
    }
}
