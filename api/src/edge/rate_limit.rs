//! How often one caller may come: GCRA, kept in Redis for all servers together, or in this process while Redis is away.

mod address;
mod local;
mod shared;

use std::num::NonZeroU32;
use std::time::Duration;

use poem::Request;
use poem::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use rookery_shared::Store;

use crate::areas::Area;
use crate::auth::Caller;
use crate::config::Config;
use crate::errors::Problem;
use local::LocalLimit;
use shared::SharedLimit;

/// The limit, and where it is counted.
pub struct RateLimit {
    quota: Quota,
    trusted_proxies: usize,
    shared: SharedLimit,
    local: LocalLimit,
}

/// So many per second on average, so many at once.
#[derive(Clone, Copy, Debug)]
pub struct Quota {
    per_second: NonZeroU32,
    burst: NonZeroU32,
}

/// What the count said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Come in; so many more may come at once.
    Admitted {
        remaining: u32,
        reset_after: Duration,
    },
    /// Come again after so long.
    Refused { retry_after: Duration },
}

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

impl RateLimit {
    /// None when no limit is configured.
    pub fn new(config: &Config, store: &Store) -> Option<Self> {
        let per_second = NonZeroU32::new(config.rate_per_second?)?;
        let burst = config
            .rate_burst
            .and_then(NonZeroU32::new)
            .unwrap_or(per_second);
        let quota = Quota { per_second, burst };
        Some(Self {
            quota,
            trusted_proxies: config.trusted_proxies,
            shared: SharedLimit::new(store, quota),
            local: LocalLimit::new(quota),
        })
    }

    /// Counts the request. Probes and scrapes are not counted: they are the platform's own.
    pub async fn count(&self, request: &Request, caller: &Caller) -> Option<Verdict> {
        if Area::of(request.uri().path()) == Area::Platform {
            return None;
        }
        let key = self.key(request, caller);
        match self.shared.count(&key).await {
            Some(verdict) => Some(verdict),
            None => Some(self.local.count(key)),
        }
    }

    /// The draft's `RateLimit` fields (draft-ietf-httpapi-ratelimit-headers), on answers and refusals alike.
    pub fn describe(&self, headers: &mut HeaderMap, verdict: Verdict) {
        let (remaining, reset) = match verdict {
            Verdict::Admitted {
                remaining,
                reset_after,
            } => (remaining, reset_after),
            Verdict::Refused { retry_after } => (0, retry_after),
        };
        let policy = format!(
            "\"default\";q={};w={}",
            self.quota.burst,
            whole_seconds(self.quota.window())
        );
        let state = format!("\"default\";r={remaining};t={}", whole_seconds(reset));
        for (name, value) in [(RATE_LIMIT_POLICY, policy), (RATE_LIMIT, state)] {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
    }

    fn key(&self, request: &Request, caller: &Caller) -> String {
        match caller {
            Caller::Key(name) => format!("key:{name}"),
            Caller::Account(account) => format!("account:{account}"),
            Caller::Anonymous => format!("address:{}", address::of(request, self.trusted_proxies)),
        }
    }
}

/// A refusal as the problem it is.
pub fn admit(verdict: Option<Verdict>) -> Result<(), Problem> {
    match verdict {
        Some(Verdict::Refused { retry_after }) => Err(Problem {
            retry_after_s: Some(whole_seconds(retry_after)),
            ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
        }),
        _ => Ok(()),
    }
}

impl Quota {
    /// The time between two requests at the average rate.
    fn interval(self) -> Duration {
        Duration::from_secs(1) / self.per_second.get()
    }

    /// The time in which a spent burst comes back.
    fn window(self) -> Duration {
        self.interval() * self.burst.get()
    }
}

/// Rounded up: coming a moment too early would only be refused again.
fn whole_seconds(duration: Duration) -> u64 {
    duration.as_secs() + u64::from(duration.subsec_nanos() > 0)
}
