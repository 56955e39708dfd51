//! The count in this process, while Redis is away.

use std::time::Duration;

use governor::RateLimiter;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;

use super::{Quota, Verdict};

/// Callers that are remembered before those whose burst is whole again are forgotten.
const MANY: usize = 10_000;

pub struct LocalLimit {
    quota: Quota,
    limiter: RateLimiter<
        String,
        DefaultKeyedStateStore<String>,
        DefaultClock,
        StateInformationMiddleware,
    >,
    clock: DefaultClock,
}

impl LocalLimit {
    pub fn new(quota: Quota) -> Self {
        let limit = governor::Quota::per_second(quota.per_second).allow_burst(quota.burst);
        Self {
            quota,
            limiter: RateLimiter::keyed(limit).with_middleware(),
            clock: DefaultClock::default(),
        }
    }

    pub fn count(&self, key: String) -> Verdict {
        if self.limiter.len() > MANY {
            self.limiter.retain_recent();
        }
        match self.limiter.check_key(&key) {
            Ok(snapshot) => {
                let remaining = snapshot.remaining_burst_capacity();
                let spent = self.quota.burst.get().saturating_sub(remaining);
                Verdict::Admitted {
                    remaining,
                    reset_after: self.quota.interval() * spent,
                }
            }
            Err(refusal) => Verdict::Refused {
                retry_after: refusal
                    .wait_time_from(self.clock.now())
                    .max(Duration::from_millis(1)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU32;

    #[test]
    fn a_burst_is_admitted_and_then_no_more() {
        let quota = Quota {
            per_second: NonZeroU32::MIN,
            burst: NonZeroU32::new(3).expect("three is not zero"),
        };
        let limit = LocalLimit::new(quota);
        let admitted = (0..5)
            .filter(|_| matches!(limit.count("a".to_owned()), Verdict::Admitted { .. }))
            .count();
        assert_eq!(admitted, 3);
        assert!(matches!(
            limit.count("b".to_owned()),
            Verdict::Admitted { remaining: 2, .. }
        ));
    }
}
