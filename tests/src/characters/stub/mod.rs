//! A language model that answers what it is told to: OpenAI's and Anthropic's formats over plain HTTP, with counts of what it was asked.

mod http;
mod speech;

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::net::TcpListener;

/// What the next call gets.
#[derive(Debug, Clone)]
pub enum Act {
    /// This text.
    Say(String),
    /// A call of this tool with these arguments, as they are.
    Call(String, String),
    /// A call of the first tool that was offered, without arguments; a greeting if there was none.
    Comply,
    /// This status, with these headers and this body.
    Status(u16, Vec<(String, String)>, String),
    /// Half a JSON document.
    Malformed,
    /// Success, and not a word in it; cut off: because its tokens were used up.
    Empty { cut_off: bool },
    /// The line is closed without an answer.
    HangUp,
    /// The line is closed in the middle of the answer.
    BreakOff,
    /// Nothing for so long, then a text.
    Wait(Duration),
}

/// Serves until it is dropped. Clones are the same server.
#[derive(Clone)]
pub struct Stub {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

/// What happened so far.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub calls: usize,
    /// Calls under way at once, at most.
    pub peak: usize,
    /// When each call came.
    pub arrivals: Vec<Instant>,
    /// The last bodies, oldest first.
    pub bodies: VecDeque<Vec<u8>>,
    /// The heads that belong to them.
    pub heads: VecDeque<String>,
    /// Times its list of models was asked for.
    pub looks: usize,
}

struct State {
    script: VecDeque<Act>,
    usual: Act,
    latency: Duration,
    under_way: usize,
    seen: Seen,
}

/// Bodies that are kept.
const KEPT: usize = 64;

impl Stub {
    /// Must be called inside a tokio runtime.
    pub async fn start() -> io::Result<Self> {
        Self::start_on(SocketAddr::from(([127, 0, 0, 1], 0))).await
    }

    /// At an address of one's own.
    pub async fn start_on(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let stub = Self {
            address: listener.local_addr()?,
            state: Arc::new(Mutex::new(State {
                script: VecDeque::new(),
                usual: Act::Comply,
                latency: Duration::ZERO,
                under_way: 0,
                seen: Seen::default(),
            })),
        };
        tokio::spawn(http::serve(listener, Arc::downgrade(&stub.state)));
        Ok(stub)
    }

    /// What goes into `ROOKERY_LLM_BASE_URL`.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What calls get when no script says otherwise.
    pub fn usually(&self, act: Act) {
        self.state().usual = act;
    }

    /// How long every answer takes.
    pub fn takes(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// What the next calls get, one after the other.
    pub fn then(&self, acts: impl IntoIterator<Item = Act>) {
        self.state().script.extend(acts);
    }

    pub fn seen(&self) -> Seen {
        self.state().seen.clone()
    }

    /// The body of the last call.
    pub fn last(&self) -> Value {
        let seen = self.seen();
        let body = seen.bodies.back().expect("it was called");
        serde_json::from_slice(body).expect("calls carry JSON")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// The most calls that came within so long.
    pub fn most_within(&self, window: Duration) -> usize {
        let mut first = 0;
        let mut most = 0;
        for (last, at) in self.arrivals.iter().enumerate() {
            while self.arrivals[first] + window <= *at {
                first += 1;
            }
            most = most.max(last + 1 - first);
        }
        most
    }
}
