//! A language model that costs nothing: OpenAI's chat completions over plain HTTP, answered after a fixed time with the first tool that
//! is offered, with counts of what came.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// Serves until it is dropped.
pub struct Model {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    server: JoinHandle<()>,
}

/// What happened so far.
#[derive(Default)]
pub struct Seen {
    pub calls: usize,
    under_way: usize,
    /// Calls under way at once, at most.
    pub peak: usize,
    /// From the request to its answer, all together.
    took: Duration,
}

impl Model {
    pub async fn start(latency: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        let all = Arc::clone(&seen);
        let server = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let seen = Arc::clone(&all);
                tokio::spawn(async move {
                    // A worker that hangs up is none of our business.
                    let _gone = talk(line, &seen, latency).await;
                });
            }
        });
        Ok(Self {
            address,
            seen,
            server,
        })
    }

    /// What goes into `ROOKERY_LLM_BASE_URL`.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// What was seen since the last time that this was asked.
    pub fn seen(&self) -> Seen {
        let mut now = lock(&self.seen);
        let fresh = Seen {
            under_way: now.under_way,
            peak: now.under_way,
            ..Seen::default()
        };
        std::mem::replace(&mut *now, fresh)
    }
}

impl Seen {
    /// What the provider itself took for a call, on average.
    pub fn each(&self) -> Duration {
        self.took.div_f64(self.calls.max(1) as f64)
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request after the other.
async fn talk(mut line: TcpStream, seen: &Mutex<Seen>, latency: Duration) -> io::Result<()> {
    line.set_nodelay(true)?;
    let mut unread = Vec::with_capacity(16 * 1024);
    loop {
        let (head, end) = loop {
            if let Some(found) = complete(&unread) {
                break found;
            }
            if line.read_buf(&mut unread).await? == 0 {
                return Ok(());
            }
        };
        if unread.starts_with(b"GET ") {
            write(&mut line, r#"{"object":"list","data":[]}"#).await?;
        } else {
            let came = Instant::now();
            {
                let mut seen = lock(seen);
                seen.under_way += 1;
                seen.peak = seen.peak.max(seen.under_way);
            }
            let answer = answer(&String::from_utf8_lossy(&unread[head..end]));
            if !latency.is_zero() {
                sleep(latency).await;
            }
            {
                let mut seen = lock(seen);
                seen.under_way -= 1;
                seen.calls += 1;
                seen.took += came.elapsed();
            }
            write(&mut line, &answer).await?;
        }
        unread.drain(..end);
    }
}

/// Where the body of a complete request begins and ends.
fn complete(unread: &[u8]) -> Option<(usize, usize)> {
    let head = unread.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&unread[..head]).ok()?;
    let length = text
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(Ok(0), |(_, value)| value.trim().parse::<usize>())
        .ok()?;
    (unread.len() >= head + length).then_some((head, head + length))
}

fn answer(body: &str) -> String {
    let message = match first_tool(body) {
        Some(tool) => json!({
            "role": "assistant", "content": null,
            "tool_calls": [{ "id": "call", "type": "function", "function": { "name": tool, "arguments": "{}" } }],
        }),
        None => json!({ "role": "assistant", "content": "Good evening. Sit down by the fire." }),
    };
    json!({
        "id": "answer", "object": "chat.completion", "created": 0, "model": "stub",
        "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 400, "completion_tokens": 20, "total_tokens": 420 },
    })
    .to_string()
}

/// Without reading the whole: what the model takes would count against the server on the same cores.
fn first_tool(body: &str) -> Option<&str> {
    let (_, tools) = body.split_once("\"tools\":[")?;
    let (_, name) = tools.split_once("\"name\":\"")?;
    name.split('"').next()
}

async fn write(line: &mut TcpStream, body: &str) -> io::Result<()> {
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    line.write_all(answer.as_bytes()).await
}

#[cfg(test)]
mod tests {
    use super::{complete, first_tool};

    #[test]
    fn a_request_is_complete_with_its_body() {
        let whole = b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(complete(&whole[..whole.len() - 1]), None);
        assert_eq!(complete(whole), Some((38, 40)));
    }

    #[test]
    fn the_first_tool_is_found() {
        let body = r#"{"model":"m","tools":[{"type":"function","function":{"name":"observe"}}]}"#;
        assert_eq!(first_tool(body), Some("observe"));
        assert_eq!(first_tool("{}"), None);
    }
}
