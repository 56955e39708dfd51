//! Headers that keep browsers from doing more with an answer than reading it.

use poem::Response;
use poem::http::{HeaderName, HeaderValue, header};

const DEFAULTS: [(HeaderName, HeaderValue); 5] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    // What a handler does not say otherwise about is nobody's to keep.
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// Adds what the handler did not say itself. HSTS is the business of whoever ends TLS in front of us.
pub fn secure(response: &mut Response) {
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
}
