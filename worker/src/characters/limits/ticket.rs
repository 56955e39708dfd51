//! The right to make one call. Whoever drops it unused gives back what it had reserved.

use super::{Meter, Order, Outcome, Settlement};

pub struct Ticket {
    meter: Meter,
    /// What is settled if nobody says otherwise.
    pending: Option<Settlement>,
}

impl Ticket {
    pub(super) fn new(meter: Meter, order: &Order) -> Self {
        let nothing = Settlement {
            id: order.id,
            requests: 0,
            tokens: 0,
            micro_usd: 0,
            outcome: Outcome::Unheard,
        };
        Self {
            meter,
            pending: Some(nothing),
        }
    }

    /// It was not granted.
    pub(super) fn void(mut self) {
        self.pending = None;
    }

    /// From now on it costs at least this much: a provider reads the prompt also of those who hang up.
    pub fn sent(&mut self, tokens: u64, micro_usd: u64) {
        if let Some(pending) = &mut self.pending {
            (pending.requests, pending.tokens, pending.micro_usd) = (1, tokens, micro_usd);
        }
    }

    /// What it cost in the end, and what it says of the provider.
    pub fn settle(mut self, tokens: u64, micro_usd: u64, outcome: Outcome) {
        if let Some(pending) = self.pending.take() {
            self.meter.settle(Settlement {
                tokens,
                micro_usd,
                outcome,
                ..pending
            });
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            self.meter.settle(pending);
        }
    }
}
