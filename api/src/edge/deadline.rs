//! How long a request may take: a limit for all that answer at once, none for those that wait on purpose.

use std::time::Duration;

use poem::Request;
use poem::http::{HeaderMap, StatusCode, header};

use crate::areas::{Area, measures_its_own_time};
use crate::config::Config;
use crate::errors::Problem;

/// The limit.
pub struct Deadline(Duration);

impl Deadline {
    pub fn new(config: &Config) -> Self {
        Self(Duration::from_secs(config.request_timeout_seconds))
    }

    /// None for event streams, upgrades and requests that ask to wait: these measure their own time.
    pub fn of(&self, request: &Request) -> Option<Duration> {
        let headers = request.headers();
        let waits = says(headers, header::ACCEPT.as_str(), "text/event-stream")
            || says(headers, "prefer", "wait")
            || headers.contains_key(header::UPGRADE)
            || request.uri().path().ends_with("/events")
            || measures_its_own_time(request.uri().path())
            || request.uri().query().is_some_and(asks_to_wait);
        (!waits).then_some(self.0)
    }
}

/// The work was given up; what it had not committed is undone. One contract calls every time-out a 408.
pub fn exceeded(area: Area) -> Problem {
    let status = match area {
        Area::Characters => StatusCode::REQUEST_TIMEOUT,
        _ => StatusCode::GATEWAY_TIMEOUT,
    };
    Problem {
        retry_after_s: Some(1),
        ..Problem::new(status, "Request timed out")
    }
}

fn says(headers: &HeaderMap, name: &str, word: &str) -> bool {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains(word))
}

fn asks_to_wait(query: &str) -> bool {
    query.split('&').any(|pair| pair.starts_with("wait="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_on_purpose_has_no_limit() {
        let deadline = Deadline(Duration::from_secs(30));
        let of = |uri: &'static str, name: &'static str, value: &'static str| {
            deadline.of(&Request::builder()
                .uri(poem::http::Uri::from_static(uri))
                .header(name, value)
                .finish())
        };
        assert_eq!(
            of("/api/games", "accept", "*/*"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            of("/api/games?awaits=1", "accept", "*/*"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(of("/api/tasks/1?wait=30", "accept", "*/*"), None);
        assert_eq!(of("/api/chat/barkeep", "accept", "*/*"), None);
        assert_eq!(of("/api/tasks/1/events", "accept", "*/*"), None);
        assert_eq!(of("/api/tasks/1", "accept", "text/event-stream"), None);
        assert_eq!(of("/api/tasks", "prefer", "respond-async, wait=10"), None);
    }
}
