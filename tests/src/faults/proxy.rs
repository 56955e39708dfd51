//! A TCP line in front of a server's unix socket that tests can cut, hold up and make slow.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// The line's present state; connections follow it.
#[derive(Debug, Clone, Copy)]
struct Weather {
    mood: Mood,
    /// Connections of an earlier era are reset.
    era: u64,
    /// Connections older than this stay silent for good.
    forgotten: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Clear,
    /// Nothing arrives, nothing is refused. What was sent arrives when the sky clears, as TCP would have it.
    Silent,
    /// Each piece arrives this much later, in both directions.
    Slow(Duration),
    /// Whoever sends these bytes is heard, and never answered.
    LoseAnswerTo([u8; 16]),
}

pub struct Proxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
}

impl Proxy {
    pub async fn before(socket: &Path) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let weather = watch::Sender::new(Weather {
            mood: Mood::Clear,
            era: 0,
            forgotten: 0,
        });
        tokio::spawn(accept(listener, socket.to_owned(), weather.subscribe()));
        Ok(Self { address, weather })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn set(&self, mood: Mood) {
        self.weather.send_modify(|weather| weather.mood = mood);
    }

    /// Resets every connection that stands.
    pub fn reset(&self) {
        self.weather.send_modify(|weather| weather.era += 1);
    }

    /// Every connection that stands falls silent for ever; new ones work.
    pub fn abandon(&self) {
        self.weather.send_modify(|weather| weather.forgotten += 1);
    }
}

async fn accept(listener: TcpListener, socket: PathBuf, weather: watch::Receiver<Weather>) {
    // Ends with the test's runtime.
    while let Ok((client, _)) = listener.accept().await {
        let (socket, weather) = (socket.clone(), weather.clone());
        tokio::spawn(async move {
            // Refusing to connect is what a client would see of a dead server.
            if let Ok(server) = UnixStream::connect(socket).await {
                join(client, server, weather).await;
            }
        });
    }
}

async fn join(mut client: TcpStream, mut server: UnixStream, weather: watch::Receiver<Weather>) {
    let (era, born) = (weather.borrow().era, weather.borrow().forgotten);
    let mut eras = weather.clone();
    let asked = AtomicBool::new(false);
    let reset = {
        let (client_in, client_out) = client.split();
        let (server_in, server_out) = server.split();
        tokio::select! {
            _ = eras.wait_for(|weather| weather.era != era) => true,
            () = carry((client_in, server_out), Way::There(&asked), born, weather.clone()) => false,
            () = carry((server_in, client_out), Way::Back(&asked), born, weather) => false,
        }
    };
    if reset {
        // Without lingering, closing sends RST instead of FIN. Refused, it is a plain end: a fault as well.
        let _ = client.set_zero_linger();
    }
}

/// Which way, and whether the question was asked whose answer is to be lost.
enum Way<'a> {
    There(&'a AtomicBool),
    Back(&'a AtomicBool),
}

async fn carry(
    (mut from, mut to): (impl AsyncRead + Unpin, impl AsyncWrite + Unpin),
    way: Way<'_>,
    born: u64,
    mut weather: watch::Receiver<Weather>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let now = *weather.borrow();
        if now.forgotten != born {
            return std::future::pending().await;
        }
        match now.mood {
            Mood::Clear => {}
            Mood::Slow(delay) => tokio::time::sleep(delay).await,
            Mood::Silent => {
                let clears = weather.wait_for(|weather| weather.mood != Mood::Silent);
                if clears.await.is_err() {
                    return;
                }
            }
            Mood::LoseAnswerTo(question) => match &way {
                Way::There(asked) => {
                    if buffer[..length].windows(16).any(|some| some == question) {
                        asked.store(true, Ordering::Release);
                    }
                }
                Way::Back(asked) if asked.load(Ordering::Acquire) => {
                    return std::future::pending().await;
                }
                Way::Back(_) => {}
            },
        }
        if to.write_all(&buffer[..length]).await.is_err() {
            return;
        }
    }
}
