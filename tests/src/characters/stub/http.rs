//! The least HTTP/1.1 that a client of language models speaks.

use std::io;
use std::sync::{Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use super::speech::{self, Answer};
use super::{Act, KEPT, State};

/// How long the server looks whether it was dropped.
const LOOK: Duration = Duration::from_millis(100);

pub(super) async fn serve(listener: TcpListener, state: Weak<Mutex<State>>) {
    loop {
        let accepted = tokio::time::timeout(LOOK, listener.accept()).await;
        if state.strong_count() == 0 {
            return;
        }
        if let Ok(Ok((line, _))) = accepted {
            let state = state.clone();
            tokio::spawn(async move {
                // A client that hangs up is none of our business.
                let _gone = talk(line, state).await;
            });
        }
    }
}

struct Asked {
    head: String,
    body: Vec<u8>,
}

/// One request after the other.
async fn talk(mut line: TcpStream, state: Weak<Mutex<State>>) -> io::Result<()> {
    line.set_nodelay(true)?;
    let mut unread = Vec::new();
    while let Some(asked) = read(&mut line, &mut unread).await? {
        let path = asked.head.split(' ').nth(1).unwrap_or_default().to_owned();
        if asked.head.starts_with("GET ") {
            with(&state, |state| state.seen.looks += 1)?;
            let list = r#"{"object":"list","data":[{"id":"stub","object":"model"}]}"#;
            whole(&mut line, 200, &[], list).await?;
            continue;
        }
        let (act, latency) = with(&state, |state| arrive(state, &asked))?;
        // Counted down also when the client hangs up while we think.
        let _under_way = UnderWay(state.clone());
        if !latency.is_zero() {
            sleep(latency).await;
        }
        if let Act::Wait(longer) = &act {
            sleep(*longer).await;
        }
        match speech::answer(&path, &act, &asked.body) {
            Answer::Whole(status, headers, body) => {
                whole(&mut line, status, &headers, &body).await?;
            }
            Answer::Stream(events) => stream(&mut line, &events).await?,
            Answer::Broken(start) => {
                line.write_all(start.as_bytes()).await?;
                return line.shutdown().await;
            }
        }
    }
    Ok(())
}

fn arrive(state: &mut State, asked: &Asked) -> (Act, Duration) {
    state.under_way += 1;
    let seen = &mut state.seen;
    seen.calls += 1;
    seen.peak = seen.peak.max(state.under_way);
    seen.arrivals.push(Instant::now());
    if seen.bodies.len() == KEPT {
        seen.bodies.pop_front();
        seen.heads.pop_front();
    }
    seen.bodies.push_back(asked.body.clone());
    seen.heads.push_back(asked.head.clone());
    let act = state.script.pop_front();
    (act.unwrap_or_else(|| state.usual.clone()), state.latency)
}

struct UnderWay(Weak<Mutex<State>>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        // The server may be gone.
        let _gone = with(&self.0, |state| state.under_way -= 1);
    }
}

fn with<T>(state: &Weak<Mutex<State>>, change: impl FnOnce(&mut State) -> T) -> io::Result<T> {
    let state = state.upgrade().ok_or(io::ErrorKind::BrokenPipe)?;
    let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(change(&mut state))
}

async fn read(line: &mut TcpStream, unread: &mut Vec<u8>) -> io::Result<Option<Asked>> {
    let end = loop {
        if let Some(end) = unread.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if line.read_buf(unread).await? == 0 {
            return Ok(None);
        }
    };
    let head = String::from_utf8_lossy(&unread[..end]).into_owned();
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|(_, value)| value.trim().parse().ok());
    let length: usize = length.unwrap_or(0);
    while unread.len() < end + length {
        if line.read_buf(unread).await? == 0 {
            return Ok(None);
        }
    }
    let body = unread[end..end + length].to_vec();
    unread.drain(..end + length);
    Ok(Some(Asked { head, body }))
}

async fn whole(
    line: &mut TcpStream,
    status: u16,
    headers: &[(String, String)],
    body: &str,
) -> io::Result<()> {
    let more: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let answer = format!(
        "HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{more}\r\n{body}",
        body.len()
    );
    line.write_all(answer.as_bytes()).await
}

/// In pieces of three bytes, so that characters and events come split.
async fn stream(line: &mut TcpStream, events: &str) -> io::Result<()> {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    line.write_all(head.as_bytes()).await?;
    for piece in events.as_bytes().chunks(3) {
        let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
        chunk.extend_from_slice(piece);
        chunk.extend_from_slice(b"\r\n");
        line.write_all(&chunk).await?;
    }
    line.write_all(b"0\r\n\r\n").await
}
