//! Waiting for a task inside a request: how long the client wants to, and doing so until the server has to leave.

use std::time::Duration;

use rookery_queue::{Record, TaskId, Until};
use rookery_shared::{Store, StoreError};
use tokio::time::Instant;

use crate::platform::drain::Drain;

/// Longer waits are for event streams: proxies cut a silent connection.
pub const MAX_WAIT_S: u64 = 60;

/// How long a client wants to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    seconds: u64,
    /// By `Prefer: wait`, which an answer confirms.
    preferred: bool,
}

impl Patience {
    /// `?wait=` decides; without it `Prefer: wait=n` (RFC 7240), of which a longer wish is cut.
    pub fn asked(wait: Option<u64>, prefer: Option<&str>) -> Self {
        let preferred = prefer.and_then(preferred_wait);
        match (wait, preferred) {
            (Some(seconds), _) => Self {
                seconds,
                preferred: false,
            },
            (None, Some(seconds)) => Self {
                seconds: seconds.min(MAX_WAIT_S),
                preferred: true,
            },
            (None, None) => Self {
                seconds: 0,
                preferred: false,
            },
        }
    }

    pub fn is_none(self) -> bool {
        self.seconds == 0
    }

    /// The value of `Preference-Applied`.
    pub fn applied(self) -> Option<String> {
        self.preferred.then(|| format!("wait={}", self.seconds))
    }
}

/// Preferences are separated by commas, each with parameters of its own behind semicolons.
fn preferred_wait(prefer: &str) -> Option<u64> {
    prefer.split(',').find_map(|preference| {
        let preference = preference.split(';').next()?;
        let (name, seconds) = preference.split_once('=')?;
        let seconds = seconds.trim().trim_matches('"');
        name.trim()
            .eq_ignore_ascii_case("wait")
            .then(|| seconds.parse().ok())?
    })
}

/// A server that was told to leave answers within this time, with the task as it stands.
const LOOK_AT_DRAIN: Duration = Duration::from_secs(1);

/// The task as soon as it is so, or as it stands when patience ends. `None` when there is no such task.
pub async fn waited(
    (store, drain): (&Store, &Drain),
    id: TaskId,
    until: Until,
    patience: Patience,
) -> Result<Option<Record>, StoreError> {
    let task = store.queue.wait(id, until, Duration::ZERO).await?;
    if patience.is_none() || task.as_ref().is_none_or(|task| until.holds(task)) {
        return Ok(task);
    }
    let deadline = Instant::now() + Duration::from_secs(patience.seconds);
    let mut watch = store.queue.watch(id).await;
    loop {
        let look = deadline.min(Instant::now() + LOOK_AT_DRAIN);
        let task = watch.until(until, look).await?;
        let over = Instant::now() >= deadline || drain.is_draining();
        if over || task.as_ref().is_none_or(|task| until.holds(task)) {
            return Ok(task);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preference_is_found_among_others_and_cut() {
        for (header, applied) in [
            ("wait=10", Some("wait=10")),
            ("respond-async, wait=5", Some("wait=5")),
            ("Wait = \"7\"; strict", Some("wait=7")),
            ("wait=3600", Some("wait=60")),
            ("wait", None),
            ("wait=soon", None),
            ("handling=lenient", None),
        ] {
            assert_eq!(
                Patience::asked(None, Some(header)).applied().as_deref(),
                applied,
                "{header}"
            );
        }
    }

    #[test]
    fn the_query_wins_and_is_not_confirmed_as_a_preference() {
        let patience = Patience::asked(Some(0), Some("wait=10"));
        assert!(patience.is_none());
        assert_eq!(patience.applied(), None);
    }
}
