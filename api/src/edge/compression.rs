//! gzip, for text that is large enough to be worth it; never an event stream, which it would hold back.

use poem::http::{HeaderValue, header};
use poem::web::{Compress, CompressionAlgo};
use poem::{IntoResponse, Response};

/// Below this a gzip frame saves less than the work costs.
const MIN_BYTES: usize = 1024;

/// Rides on an answer that is sent while it is made: it is never whole here.
#[derive(Clone)]
pub struct Streamed;

/// Compresses the answer if the client and its content agree.
pub async fn apply(mut response: Response, accept_encoding: Option<&HeaderValue>) -> Response {
    if !accept_encoding.is_some_and(accepts_gzip) || !is_compressible(&response) {
        return response;
    }
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    let Ok(body) = response.take_body().into_bytes().await else {
        // Only a stream can break half-way, and streams are not compressed.
        return poem::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let worth_it = body.len() >= MIN_BYTES;
    response.set_body(body);
    if !worth_it {
        return response;
    }
    response.headers_mut().remove(header::CONTENT_LENGTH);
    Compress::new(response, CompressionAlgo::GZIP).into_response()
}

fn is_compressible(response: &Response) -> bool {
    let headers = response.headers();
    response.data::<Streamed>().is_none()
        && !headers.contains_key(header::CONTENT_ENCODING)
        && response.content_type().is_some_and(|kind| {
            kind.starts_with("application/json")
                || kind.starts_with("text/html")
                || kind.starts_with("text/plain")
        })
}

/// `gzip` or `*` without `q=0`.
fn accepts_gzip(value: &HeaderValue) -> bool {
    value.to_str().is_ok_and(|value| {
        value.split(',').any(|choice| {
            let mut parts = choice.split(';').map(str::trim);
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("gzip") || name == "*");
            named
                && !parts
                    .any(|part| part.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: String) -> Response {
        Response::builder()
            .content_type("application/json; charset=utf-8")
            .body(body)
    }

    #[test]
    fn a_client_says_gzip_in_many_ways() {
        for (header, accepted) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("*", true),
            ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("br, deflate", false),
            ("", false),
        ] {
            assert_eq!(
                accepts_gzip(&HeaderValue::from_static(header)),
                accepted,
                "{header}"
            );
        }
    }

    #[tokio::test]
    async fn only_large_text_is_compressed() {
        let gzip = HeaderValue::from_static("gzip");
        let large = apply(json("x".repeat(4096)), Some(&gzip)).await;
        assert_eq!(large.header("content-encoding"), Some("gzip"));
        assert_eq!(large.header("vary"), Some("Accept-Encoding"));
        let small = apply(json("x".repeat(64)), Some(&gzip)).await;
        assert_eq!(small.header("content-encoding"), None);
        let stream = Response::builder()
            .content_type("text/event-stream")
            .body("x".repeat(4096));
        assert_eq!(
            apply(stream, Some(&gzip)).await.header("content-encoding"),
            None
        );
        assert_eq!(
            apply(json("x".repeat(4096)), None)
                .await
                .header("content-encoding"),
            None
        );
    }
}
