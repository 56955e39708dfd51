//! The circuit breaker: a provider that fails again and again is left alone for a while, then one call tries it.

use uuid::Uuid;

use super::{Fault, Outcome};

/// So many failures without an answer between them open it. Fewer would let two unlucky calls of a thousand close off everybody.
pub(super) const FAILURES: u32 = 5;
/// The first pause; each one that follows without an answer is twice as long.
pub(super) const PAUSE_MS: i64 = 5_000;
pub(super) const LONGEST_PAUSE_MS: i64 = 120_000;

#[derive(Debug, Clone, Default)]
pub(super) struct Breaker {
    failures: u32,
    open: Option<Open>,
}

#[derive(Debug, Clone)]
struct Open {
    until: i64,
    pauses: u32,
    fault: Fault,
    /// The one that tries, and until when it is waited for.
    probe: Option<(Uuid, i64)>,
}

impl Breaker {
    /// For how long nobody may call, and why.
    pub(super) fn refuses(&self, now: i64) -> Option<(Fault, i64)> {
        let open = self.open.as_ref()?;
        if now < open.until {
            return Some((open.fault, open.until - now));
        }
        let (_, until) = open.probe.filter(|(_, until)| now < *until)?;
        Some((open.fault, until - now))
    }

    /// After the pause, whoever comes first tries it for all.
    pub(super) fn granted(&mut self, id: Uuid, until: i64) {
        if let Some(open) = &mut self.open {
            open.probe = Some((id, until));
        }
    }

    pub(super) fn settled(&mut self, id: Uuid, outcome: Outcome, now: i64) {
        let is_probe = self
            .open
            .as_ref()
            .is_some_and(|open| open.probe.is_some_and(|(probe, _)| probe == id));
        match outcome {
            // Calls from before the pause say nothing of what is now.
            _ if self.open.is_some() && !is_probe => {}
            Outcome::Unheard => {
                if let Some(open) = &mut self.open {
                    open.probe = None;
                }
            }
            Outcome::Failed(fault) => {
                self.failures += 1;
                let pauses = self.open.as_ref().map_or(0, |open| open.pauses) + 1;
                if is_probe || self.failures >= FAILURES {
                    let pause = PAUSE_MS << (pauses - 1).min(10);
                    self.failures = 0;
                    self.open = Some(Open {
                        until: now + pause.min(LONGEST_PAUSE_MS),
                        pauses,
                        fault,
                        probe: None,
                    });
                }
            }
            Outcome::Alive | Outcome::Blocked(_) | Outcome::QuotaUsedUp(_) => {
                *self = Self::default();
            }
        }
    }
}
