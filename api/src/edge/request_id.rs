//! The request's name: taken from the client when it is sane, else made here; in every answer and every log line.

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use poem::Request;
use poem::http::{HeaderName, HeaderValue};
use uuid::Uuid;

pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ones only fill logs.
const MAX_BYTES: usize = 128;

/// Requests named by this process so far, and one.
static COUNT: AtomicU64 = AtomicU64::new(1);

/// Drawn by each process at its start: fifteen digits, so that ten thousand starts share one with a probability of 1 in 18 million.
static NODE: LazyLock<u128> = LazyLock::new(|| NODES + Uuid::new_v4().as_u128() % (9 * NODES));

const NODES: u128 = 100_000_000_000_000;

/// One request, by name. Handlers find it among the request's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    pub fn of(request: &Request) -> Self {
        match request.headers().get(X_REQUEST_ID) {
            Some(given) if is_sane(given.as_bytes()) => Self(given.clone()),
            _ => Self::new(),
        }
    }

    /// `req_` and a number that no process gives twice and no two processes share: the process's own digits, always as many, then
    /// its count.
    fn new() -> Self {
        let name = format!("req_{}{}", *NODE, COUNT.fetch_add(1, Ordering::Relaxed));
        Self(HeaderValue::try_from(name).expect("digits are fit for a header"))
    }

    pub fn as_str(&self) -> &str {
        self.0.to_str().expect("an id is checked to be ASCII")
    }

    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Nothing that could break a log line or a shell.
fn is_sane(id: &[u8]) -> bool {
    let fit = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(byte);
    !id.is_empty() && id.len() <= MAX_BYTES && id.iter().all(fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(id: &'static str) -> RequestId {
        RequestId::of(&Request::builder().header(X_REQUEST_ID, id).finish())
    }

    #[test]
    fn a_sane_id_is_kept_and_others_are_replaced() {
        assert_eq!(given("order-66:retry.2").as_str(), "order-66:retry.2");
        for bad in ["", "a b", "x\"y", "<script>"] {
            assert_ne!(given(bad).as_str(), bad);
        }
    }

    #[test]
    fn a_name_of_ours_is_a_number_and_nobody_else_s() {
        let numbers = [RequestId::new(), RequestId::new()].map(|id| {
            let number = id
                .as_str()
                .strip_prefix("req_")
                .expect("it is named req_")
                .to_owned();
            assert!(
                number.bytes().all(|digit| digit.is_ascii_digit()),
                "{number}"
            );
            assert!(number.len() > 15, "{number}");
            number
        });
        assert_ne!(numbers[0], numbers[1]);
        assert_eq!(numbers[0][..15], numbers[1][..15], "one process");
    }
}
