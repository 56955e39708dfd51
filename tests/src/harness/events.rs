//! A client of server-sent events.

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use reqwest::Response;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::timeout;

use super::PATIENCE;

/// An open stream.
pub struct Events {
    pub status: u16,
    pub headers: HeaderMap,
    chunks: BoxStream<'static, reqwest::Result<Vec<u8>>>,
    unread: String,
}

#[derive(Debug, Default)]
pub struct Event {
    pub id: String,
    pub name: String,
    pub data: Value,
}

impl Events {
    pub(super) fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            chunks: response
                .bytes_stream()
                .map(|chunk| chunk.map(|bytes| bytes.to_vec()))
                .boxed(),
            unread: String::new(),
        }
    }

    /// The next event; none once the server has closed the stream. Comments are passed over.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.unread.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.unread = rest;
                if let Some(event) = parse(&block) {
                    return Some(event);
                }
            }
            let chunk = timeout(PATIENCE, self.chunks.next())
                .await
                .expect("the stream says something or ends")?
                .expect("the stream does not break");
            self.unread += &String::from_utf8(chunk)
                .expect("events are UTF-8")
                .replace('\r', "");
        }
    }

    /// Everything up to the end of the stream.
    pub async fn rest(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            events.push(event);
        }
        events
    }
}

fn parse(block: &str) -> Option<Event> {
    let mut event = Event::default();
    let mut data = String::new();
    for line in block.lines() {
        let (field, value) = line.split_once(':')?;
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => event.id = value.to_owned(),
            "event" => event.name = value.to_owned(),
            "data" => data += value,
            _ => {}
        }
    }
    if data.is_empty() {
        return None;
    }
    event.data = serde_json::from_str(&data).expect("an event's data is JSON");
    Some(event)
}
