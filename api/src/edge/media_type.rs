//! Bodies whose label says nothing: where a contract asks for no media type, they are JSON.

use poem::Request;
use poem::http::{HeaderValue, header};

use crate::areas::reads_every_body_as_json;

/// Labels the body. What came as a file keeps its own label.
pub fn settle(request: &mut Request) {
    let is_file = request
        .content_type()
        .is_some_and(|kind| kind.starts_with("multipart/") || kind.starts_with("image/"));
    if is_file || !reads_every_body_as_json(request.uri().path()) {
        return;
    }
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(header::CONTENT_TYPE, json);
}
