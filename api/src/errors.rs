//! Errors as clients see them: one problem, rendered once, in the envelope of the area that owns the path.

mod envelope;
mod fail;
mod framework;
mod wording;

use std::borrow::Cow;
use std::sync::Arc;

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use rookery_shared::StoreError;
use serde_json::Value;

use crate::areas::Envelope;
pub use envelope::FIELD_ERROR;
pub use fail::{Case, Cases, Declared, Fail, Shown, unpack};
pub use framework::{BODY_REQUIRED, Called, FieldFault, faulty, invalid, problem_of};

/// What went wrong, in no envelope yet.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// What programs compare; the two envelopes that have room for it show it.
    pub code: Cow<'static, str>,
    /// What people read. Of a 5xx it never says what happened inside.
    pub text: String,
    /// A structured `detail`, where a contract has one.
    pub detail: Option<Value>,
    /// Seconds after which to come again.
    pub retry_after_s: Option<u64>,
    /// For the log, never for the client.
    pub cause: Option<Arc<anyhow::Error>>,
}

/// How long a client should wait for Postgres to come back.
const UNAVAILABLE_RETRY_AFTER_S: u64 = 2;

impl Problem {
    pub fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self {
            status,
            code: Cow::Borrowed(code_of(status)),
            text: text.into(),
            detail: None,
            retry_after_s: None,
            cause: None,
        }
    }

    /// A bug of ours: the client learns that, the log learns why.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self {
            cause: Some(Arc::new(cause.into())),
            ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
        }
    }

    /// Something we stand on is away for the moment.
    pub fn unavailable(cause: impl Into<anyhow::Error>) -> Self {
        Self {
            cause: Some(Arc::new(cause.into())),
            retry_after_s: Some(UNAVAILABLE_RETRY_AFTER_S),
            ..Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Service temporarily unavailable",
            )
        }
    }

    pub fn render(&self, envelope: Envelope, request_id: &str) -> Response {
        let body = envelope.body(self, request_id);
        let mut response = Response::builder()
            .status(self.status)
            .content_type("application/json")
            .body(body.to_string());
        if let Some(seconds) = self.retry_after_s {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_unavailable() {
            Self::unavailable(error)
        } else {
            Self::internal(error)
        }
    }
}

impl From<Problem> for poem::Error {
    /// The problem rides on the error; the edge, which knows the area and the request id, renders it.
    fn from(problem: Problem) -> Self {
        let mut error = poem::Error::from_response(problem.status.into_response());
        error.set_data(problem);
        error
    }
}

/// The code of an error that no handler named more exactly.
pub fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "bad_request",
        401 => "unauthorized",
        403 => "forbidden",
        404 => "not_found",
        405 => "method_not_allowed",
        408 => "timeout",
        409 => "conflict",
        413 => "payload_too_large",
        415 => "unsupported_media_type",
        422 => "validation_error",
        429 => "rate_limited",
        503 => "unavailable",
        504 => "timeout",
        _ if status.is_client_error() => "request_error",
        _ => "internal_error",
    }
}
