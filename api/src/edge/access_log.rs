//! One readable line per request, and the cause of every failure, once.

use poem::http::StatusCode;
use tracing::Span;

use super::Exchange;
use crate::areas::Area;
use crate::errors::Problem;

/// Surrounds everything that is logged while the request is handled.
pub fn span(exchange: &Exchange) -> Span {
    tracing::info_span!("request", request.id = %exchange.request_id, trace.id = %exchange.trace.trace_id())
}

/// Probes and scrapes come every few seconds and say nothing: they are logged at debug while they succeed.
pub fn line(exchange: &Exchange, route: &'static str, status: StatusCode) {
    let duration_ms = exchange.started.elapsed().as_micros() as f64 / 1000.0;
    let (method, path, status) = (&exchange.method, exchange.uri.path(), status.as_u16());
    if exchange.area == Area::Platform && status < 400 {
        tracing::debug!(
            http.route = route,
            http.duration_ms = duration_ms,
            "{method} {path} {status}"
        );
    } else {
        tracing::info!(
            http.route = route,
            http.duration_ms = duration_ms,
            "{method} {path} {status}"
        );
    }
}

/// What a 5xx does not tell the client.
pub fn cause(problem: &Problem) {
    let Some(cause) = &problem.cause else { return };
    if problem.status == StatusCode::SERVICE_UNAVAILABLE {
        tracing::warn!(error = %format_args!("{cause:#}"), "something the server stands on is unavailable");
    } else {
        tracing::error!(error = %format_args!("{cause:#}"), "a request failed");
    }
}
