//! One HTTP call: sent, read within bounds, heard piece by piece where somebody listens.

use chrono::Utc;
use reqwest::header::CONTENT_TYPE;
use reqwest::{RequestBuilder, Response};
use rookery_characters::inference::Reply;

use super::Listener;
use super::config::Kind;
use super::failure::Failure;
use super::format::{self, Delivery, Gathering};
use super::{refusal, sse};

/// Who listens, and whether there was something to hear.
pub(super) struct Hearing<'a> {
    listener: Option<Listener<'a>>,
    heard: bool,
}

impl<'a> Hearing<'a> {
    pub(super) fn new(listener: Option<Listener<'a>>) -> Self {
        Self {
            listener,
            heard: false,
        }
    }

    pub(super) fn delivery(&self) -> Delivery {
        match self.listener {
            Some(_) => Delivery::Stream,
            None => Delivery::Whole,
        }
    }

    pub(super) fn has_heard(&self) -> bool {
        self.heard
    }

    fn hear(&mut self, text: &str) {
        if let Some(listener) = &mut self.listener
            && !text.is_empty()
        {
            self.heard = true;
            listener(text);
        }
    }
}

/// Far above any answer that was asked for.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// Of an error nobody reads more.
const MOST_ERROR_BYTES: usize = 64 * 1024;

pub(super) async fn ask(
    kind: Kind,
    post: RequestBuilder,
    hearing: &mut Hearing<'_>,
) -> Result<Reply, Failure> {
    let response = send(post).await?;
    let json = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    // A server that does not know streams sends it all at once.
    if hearing.delivery() == Delivery::Whole || json {
        let reply = format::read(kind, &whole(response, MOST_BYTES).await?)?;
        hearing.hear(&reply.text);
        return Ok(reply);
    }
    gather(kind, response, hearing).await
}

/// A successful answer, whose body is still to be read.
pub(super) async fn send(post: RequestBuilder) -> Result<Response, Failure> {
    let response = post.send().await.map_err(broken)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let headers = response.headers().clone();
    // The status says enough should the body not come.
    let body = whole(response, MOST_ERROR_BYTES).await.unwrap_or_default();
    Err(refusal::read(status, &headers, &body, Utc::now()))
}

pub(super) async fn whole(mut response: Response, most: usize) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(broken)? {
        if body.len() + piece.len() > most {
            return Err(Failure::malformed("the answer does not end"));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

async fn gather(
    kind: Kind,
    mut response: Response,
    hearing: &mut Hearing<'_>,
) -> Result<Reply, Failure> {
    let mut events = sse::Events::default();
    let mut gathering = Gathering::new(kind);
    while !gathering.is_done() {
        let piece = response.chunk().await.map_err(broken)?;
        let (events, is_end) = match piece {
            Some(piece) => (events.take(&piece)?, false),
            None => (events.end().into_iter().collect(), true),
        };
        for event in events {
            hearing.hear(&gathering.take(&event)?);
        }
        if is_end {
            break;
        }
    }
    let (reply, rest) = gathering.end()?;
    hearing.hear(&rest);
    Ok(reply)
}

fn broken(error: reqwest::Error) -> Failure {
    if error.is_timeout() {
        return Failure::Timeout;
    }
    // The causes say what happened, the address nothing new.
    Failure::Broken(format!("{:#}", anyhow::Error::from(error.without_url())))
}
