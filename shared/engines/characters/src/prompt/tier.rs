//! Which model is asked: the closer the character and the weightier the event, the stronger.

use crate::closeness;
use crate::decision::{Percept, Trigger};
use crate::inference::Tier;

use super::Variant;

/// A variant's own tier, or the rule of the contract's engine: an active character asks the strongest for events from 5, else the
/// middle; one in the background the strongest from 8, a dormant one the lightest; and events from 6 in the background, from 5 for the
/// dormant, lift it by one.
pub fn inference_tier(percept: &Percept<'_>, variant: &Variant) -> Tier {
    if let Some(tier) = variant.inference_tier {
        return tier;
    }
    let importance = match percept.trigger {
        Trigger::Event { importance, .. } => *importance,
        Trigger::FastTick | Trigger::SlowTick => 0.0,
    };
    match percept.tier {
        closeness::Tier::Active if importance >= 5.0 => Tier::Heavy,
        // From 8 by itself, from 6 because it is lifted.
        closeness::Tier::Background if importance >= 6.0 => Tier::Heavy,
        closeness::Tier::Active | closeness::Tier::Background => Tier::Mid,
        closeness::Tier::Dormant if importance >= 5.0 => Tier::Mid,
        closeness::Tier::Dormant => Tier::Light,
    }
}
