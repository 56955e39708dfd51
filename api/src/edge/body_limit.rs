//! Body limits: a declared length is judged before a byte is read, an undeclared one while it is read.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use poem::error::ReadBodyError;
use poem::http::{StatusCode, header};
use poem::{Body, Request};

use crate::areas::{BodyLimit, body_limit};
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
    let limit = body_limit(request.uri().path(), file_mb);
    if declared.is_some_and(|length| length > limit.bytes) {
        let_it_finish(request.take_body()).await;
        return Err(refusal(&limit));
    }
    let is_json = request
        .content_type()
        .is_some_and(|kind| kind.starts_with("application/json"));
    if declared.is_some() && !is_json {
        return Ok(None);
    }
    let bytes = usize::try_from(limit.bytes).unwrap_or(usize::MAX);
    match request.take_body().into_bytes_limit(bytes).await {
        Ok(body) => {
            request.set_body(body.clone());
            Ok(is_json.then_some(body))
        }
        Err(ReadBodyError::PayloadTooLarge) => Err(refusal(&limit)),
        Err(_) => Err(Problem::new(
            StatusCode::BAD_REQUEST,
            "Request body could not be read",
        )),
    }
}

fn refusal(limit: &BodyLimit) -> Problem {
    let status = StatusCode::from_u16(limit.status).unwrap_or(StatusCode::PAYLOAD_TOO_LARGE);
    Problem::new(status, limit.text.as_str())
}

/// HTTP/2 has neither header; only these methods carry a body.
fn is_http2_with_body(request: &Request) -> bool {
    request.version() == poem::http::Version::HTTP_2 && !request.method().is_safe()
}

async fn let_it_finish(body: Body) {
    let mut chunks = Box::pin(body.into_bytes_stream());
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
