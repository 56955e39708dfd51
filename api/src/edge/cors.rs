//! Which pages of other origins may call this server from a browser: none, until they are named; but all of them where the contract
//! says so.

use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

use crate::areas::is_open_to_pages;
use crate::config::ConfigError;

/// The origins that were named.
pub struct Cors {
    origins: Vec<HeaderValue>,
}

/// What that contract lists.
const OPEN_METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE, OPTIONS");

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE, OPTIONS");
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static(
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer, X-API-Key, X-Request-Id, traceparent",
);
const ANSWER_HEADERS: HeaderValue = HeaderValue::from_static(
    "ETag, Idempotency-Replayed, Link, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, X-Next-Cursor, X-Request-Id",
);
const MAX_AGE_S: HeaderValue = HeaderValue::from_static("86400");
const ANY: HeaderValue = HeaderValue::from_static("*");

impl Cors {
    pub fn new(origins: &[String]) -> Result<Self, ConfigError> {
        let origins = origins.iter().map(|origin| {
            HeaderValue::try_from(origin.trim()).map_err(|_| ConfigError::Origin(origin.clone()))
        });
        Ok(Self {
            origins: origins.collect::<Result<_, _>>()?,
        })
    }

    /// The answer to `OPTIONS`: to a browser that asks before it sends, and to whoever else wants to know, on any path. An origin
    /// that is not named gets no permission, which is the refusal.
    pub fn preflight(&self, request: &Request) -> Option<Response> {
        if request.method() != Method::OPTIONS {
            return None;
        }
        let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
        let is_open = is_open_to_pages(request.uri().path());
        if is_open || self.asks(request) {
            let headers = response.headers_mut();
            let methods = if is_open { OPEN_METHODS } else { METHODS };
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_S);
        }
        Some(response)
    }

    /// A browser's question, from an origin that is let in.
    fn asks(&self, request: &Request) -> bool {
        let headers = request.headers();
        headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
            && self.allowed(headers.get(header::ORIGIN)).is_some()
    }

    /// Lets a page of a named origin read the answer. Credentials are headers here, never cookies, so none are allowed for.
    pub fn expose(&self, response: &mut Response, path: &str, origin: Option<&HeaderValue>) {
        if is_open_to_pages(path) {
            let headers = response.headers_mut();
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, OPEN_METHODS);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
            return;
        }
        if self.origins.is_empty() {
            return;
        }
        let headers = response.headers_mut();
        // Said to everybody, so that a cache does not hand one origin's answer to another.
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(allowed) = self.allowed(origin) {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
        }
    }

    fn allowed(&self, origin: Option<&HeaderValue>) -> Option<HeaderValue> {
        let origin = origin?;
        if self.origins.contains(&ANY) {
            return Some(ANY);
        }
        self.origins.contains(origin).then(|| origin.clone())
    }
}

#[cfg(test)]
mod tests {
    use poem::http::Uri;

    use super::*;

    fn preflight(cors: &Cors, origin: &'static str) -> Response {
        let request = Request::builder()
            .method(Method::OPTIONS)
            .header(header::ORIGIN, origin)
            .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
            .finish();
        let mut response = cors.preflight(&request).expect("this is a preflight");
        cors.expose(&mut response, "/", request.headers().get(header::ORIGIN));
        response
    }

    fn cors(origins: &[&str]) -> Cors {
        let origins: Vec<String> = origins.iter().map(|origin| (*origin).to_owned()).collect();
        Cors::new(&origins).expect("the origins are valid")
    }

    #[test]
    fn a_named_origin_is_let_in_and_no_other() {
        let cors = cors(&["https://app.example.org"]);
        let allowed = preflight(&cors, "https://app.example.org");
        assert_eq!(allowed.status(), StatusCode::NO_CONTENT);
        assert_eq!(
            allowed.header("access-control-allow-origin"),
            Some("https://app.example.org")
        );
        let refused = preflight(&cors, "https://evil.example.org");
        assert_eq!(refused.header("access-control-allow-origin"), None);
        assert_eq!(refused.header("access-control-allow-methods"), None);
    }

    #[test]
    fn a_star_opens_to_all_and_nothing_opens_to_none() {
        assert_eq!(
            preflight(&cors(&["*"]), "https://a.org").header("access-control-allow-origin"),
            Some("*")
        );
        assert_eq!(
            preflight(&cors(&[]), "https://a.org").header("access-control-allow-origin"),
            None
        );
    }

    #[test]
    fn whoever_asks_plainly_is_answered_without_a_permission() {
        let request = Request::builder().method(Method::OPTIONS).finish();
        let response = cors(&["*"])
            .preflight(&request)
            .expect("OPTIONS is answered");
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert_eq!(response.header("access-control-allow-methods"), None);
        assert!(cors(&["*"]).preflight(&Request::default()).is_none());
    }

    #[test]
    fn the_characters_are_open_to_every_page() {
        let cors = cors(&["https://app.example.org"]);
        let request = Request::builder()
            .method(Method::OPTIONS)
            .uri(Uri::from_static("/api/characters/barkeep"))
            .finish();
        let mut response = cors.preflight(&request).expect("OPTIONS is answered");
        cors.expose(&mut response, request.uri().path(), None);
        assert_eq!(response.header("access-control-allow-origin"), Some("*"));
        assert_eq!(
            response.header("access-control-allow-methods"),
            Some("GET, POST, PUT, DELETE, OPTIONS")
        );
    }
}
