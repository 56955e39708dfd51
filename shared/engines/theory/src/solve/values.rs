//! What pure strategies earn against mixtures, exactly or in doubles.

use std::ops::{AddAssign, Mul};
use std::sync::atomic::{AtomicBool, Ordering};

use super::dominance::Stopped;
use crate::game::NormalGame;

/// How many products are summed between two looks at the stop flag.
const CHECK: usize = 4096;

/// The other players' profiles that have a chance, each with its probability; this player's own strategy is number 0 in them.
pub struct Opponents<T> {
    stride: usize,
    profiles: Vec<(usize, T)>,
}

impl<T> Opponents<T>
where
    T: Clone + Default + PartialEq + for<'a> AddAssign<&'a T>,
    for<'a> &'a T: Mul<&'a T, Output = T>,
{
    /// Mixtures need not sum to one: values are scaled by what they sum to.
    pub fn of(
        game: &NormalGame,
        player: usize,
        mixtures: &[Vec<T>],
        stop: &AtomicBool,
    ) -> Result<Opponents<T>, Stopped> {
        let strides = game.strides();
        let others = (0..mixtures.len()).filter(|other| *other != player);
        let mut profiles: Option<Vec<(usize, T)>> = None;
        for other in others {
            let mixture: Vec<(usize, &T)> = mixtures[other]
                .iter()
                .enumerate()
                .filter(|(_, weight)| **weight != T::default())
                .map(|(strategy, weight)| (strategy * strides[other], weight))
                .collect();
            let mut longer = Vec::new();
            match profiles {
                None => longer.extend(
                    mixture
                        .iter()
                        .map(|(place, weight)| (*place, (*weight).clone())),
                ),
                Some(shorter) => {
                    for (count, (profile, probability)) in shorter.iter().enumerate() {
                        if count % (CHECK / mixture.len().max(1)).max(1) == 0 {
                            check(stop)?;
                        }
                        longer.extend(
                            mixture
                                .iter()
                                .map(|(place, weight)| (profile + place, probability * *weight)),
                        );
                    }
                }
            }
            profiles = Some(longer);
        }
        Ok(Opponents {
            stride: strides[player],
            profiles: profiles.unwrap_or_default(),
        })
    }

    /// What the strategy earns on average; `payoff` gives this player's payoff at a profile.
    pub fn value<'p>(
        &self,
        strategy: usize,
        payoff: impl Fn(usize) -> &'p T,
        stop: &AtomicBool,
    ) -> Result<T, Stopped>
    where
        T: 'p,
    {
        // A player alone meets nobody, surely.
        if self.profiles.is_empty() {
            return Ok(payoff(strategy * self.stride).clone());
        }
        let mut total = T::default();
        for chunk in self.profiles.chunks(CHECK) {
            check(stop)?;
            for (profile, probability) in chunk {
                total += &(payoff(profile + strategy * self.stride) * probability);
            }
        }
        Ok(total)
    }

    /// How many profiles of the others have a chance.
    pub fn count(&self) -> usize {
        self.profiles.len()
    }
}

fn check(stop: &AtomicBool) -> Result<(), Stopped> {
    if stop.load(Ordering::Relaxed) {
        return Err(Stopped);
    }
    Ok(())
}
