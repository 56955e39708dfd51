//! Body limits: a declared length is judged before a byte is read, an undeclared one while it is read.

use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use poem::http::{StatusCode, header};
use poem::{Body, Request};

use crate::areas::{BodyLimit, body_limit, reads_its_own_body};
use crate::errors::Problem;

/// What is still read of a body that is refused anyway: a client in the middle of sending sees our answer only if we let it
/// finish; beyond this it may see a reset connection.
const POLITE_BYTES: usize = 32 * 1024 * 1024;
const POLITE_TIME: Duration = Duration::from_secs(5);

/// Refuses a body beyond its area's limit. JSON, which its handler reads whole anyway, and what has no length are held in memory, up to
/// that limit; an uploaded file may have `file_mb` MiB. JSON is also returned, so that a fault in it can be looked for.
pub async fn apply(request: &mut Request, file_mb: u64) -> Result<Option<Bytes>, Problem> {
    let declared = match request.headers().get(header::CONTENT_LENGTH) {
        Some(length) => length
            .to_str()
            .ok()
            .and_then(|length| length.parse::<u64>().ok()),
        None if request.headers().contains_key(header::TRANSFER_ENCODING)
            || is_http2_with_body(request) =>
        {
            None
        }
        None => return Ok(None),
    };
    let path = request.uri().path();
    let limit = body_limit(path, file_mb);
    let is_left_alone = reads_its_own_body(path);
    if declared.is_some_and(|length| length > limit.bytes) {
        // Who waits for a sign before sending has not begun, and need not.
        if !request.headers().contains_key(header::EXPECT) {
            let_it_finish(request.take_body().into_bytes_stream()).await;
        }
        return Err(refusal(&limit));
    }
    let is_json = request
        .content_type()
        .is_some_and(|kind| kind.starts_with("application/json"));
    if declared.is_some() && (is_left_alone || !is_json) {
        return Ok(None);
    }
    let body = read(request.take_body(), &limit).await?;
    request.set_body(body.clone());
    Ok((is_json && !is_left_alone).then_some(body))
}

/// The whole body, as long as it keeps within the limit.
async fn read(body: Body, limit: &BodyLimit) -> Result<Bytes, Problem> {
    let mut chunks = Box::pin(body.into_bytes_stream());
    let mut read = BytesMut::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk
            .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "Request body could not be read"))?;
        if (read.len() + chunk.len()) as u64 > limit.bytes {
            let_it_finish(chunks).await;
            return Err(refusal(limit));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.freeze())
}

fn refusal(limit: &BodyLimit) -> Problem {
    let status = StatusCode::from_u16(limit.status).unwrap_or(StatusCode::PAYLOAD_TOO_LARGE);
    Problem::new(status, limit.text.as_str())
}

/// HTTP/2 has neither header; only these methods carry a body.
fn is_http2_with_body(request: &Request) -> bool {
    request.version() == poem::http::Version::HTTP_2 && !request.method().is_safe()
}

async fn let_it_finish(chunks: impl Stream<Item = io::Result<Bytes>>) {
    let mut chunks = pin!(chunks);
    let reading = async {
        let mut left = POLITE_BYTES;
        while let Some(Ok(chunk)) = chunks.next().await {
            left = left.saturating_sub(chunk.len());
            if left == 0 {
                return;
            }
        }
    };
    // Running out of time is no error here: the answer is the same.
    drop(tokio::time::timeout(POLITE_TIME, reading).await);
}
