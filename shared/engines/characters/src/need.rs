//! What somebody lacks: five needs that grow until they are met.

mod relief;

use serde::{Deserialize, Serialize};

pub use relief::{met_by, met_in_receiving, relief};

use crate::bounds::share;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    Rest,
    Social,
    Sustenance,
    Safety,
    Purpose,
}

/// How much of each is lacking, 0 to 1, as of a fast tick.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Needs {
    pub rest: f64,
    pub social: f64,
    pub sustenance: f64,
    pub safety: f64,
    pub purpose: f64,
    pub at_fast: u64,
}

/// One need, as clients see it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Lack {
    #[serde(rename = "type")]
    pub need: Need,
    pub intensity: f64,
}

impl Lack {
    /// Whether it is felt at all, and whether it presses (defaults of the contract's engine).
    pub fn is_felt(&self) -> bool {
        self.intensity > 0.3
    }

    pub fn is_critical(&self) -> bool {
        self.intensity >= 0.7
    }
}

impl Need {
    pub const ALL: [Self; 5] = [
        Self::Rest,
        Self::Social,
        Self::Sustenance,
        Self::Safety,
        Self::Purpose,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rest => "rest",
            Self::Social => "social",
            Self::Sustenance => "sustenance",
            Self::Safety => "safety",
            Self::Purpose => "purpose",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// By how much it grows in a fast tick (defaults of the contract's engine).
    pub fn growth(self) -> f64 {
        match self {
            Self::Rest => 0.003,
            Self::Social | Self::Purpose => 0.002,
            Self::Sustenance => 0.004,
            Self::Safety => 0.001,
        }
    }

    /// By how much it shrinks when it is met in full (defaults of the contract's engine).
    pub fn fulfilment(self) -> f64 {
        match self {
            Self::Rest | Self::Safety => 0.5,
            Self::Social | Self::Purpose => 0.4,
            Self::Sustenance => 0.6,
        }
    }
}

impl Needs {
    pub fn get(&self, need: Need) -> f64 {
        match need {
            Need::Rest => self.rest,
            Need::Social => self.social,
            Need::Sustenance => self.sustenance,
            Need::Safety => self.safety,
            Need::Purpose => self.purpose,
        }
    }

    /// Clamped to 0 to 1.
    pub fn set(&mut self, need: Need, intensity: f64) {
        let place = match need {
            Need::Rest => &mut self.rest,
            Need::Social => &mut self.social,
            Need::Sustenance => &mut self.sustenance,
            Need::Safety => &mut self.safety,
            Need::Purpose => &mut self.purpose,
        };
        *place = share(intensity);
    }

    /// What they have grown to at a later fast tick.
    #[must_use]
    pub fn at(mut self, fast: u64) -> Self {
        let ticks = fast.saturating_sub(self.at_fast) as f64;
        for need in Need::ALL {
            self.set(need, share(self.get(need)) + ticks * need.growth());
        }
        self.at_fast = self.at_fast.max(fast);
        self
    }

    /// Met by this part of what meets it in full; a negative one makes it worse.
    pub fn meet(&mut self, need: Need, part: f64) {
        self.set(need, self.get(need) - part * need.fulfilment());
    }

    /// All five, the most pressing first.
    pub fn list(&self) -> [Lack; 5] {
        let mut lacks = Need::ALL.map(|need| Lack {
            need,
            intensity: self.get(need),
        });
        lacks.sort_by(|one, other| other.intensity.total_cmp(&one.intensity));
        lacks
    }

    /// Those that are felt, the most pressing first.
    pub fn felt(&self) -> impl Iterator<Item = Lack> {
        self.list().into_iter().filter(Lack::is_felt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;

    #[test]
    fn the_closed_form_is_the_loop() {
        let mut dice = Dice(5);
        for _ in 0..200 {
            let mut start = Needs::default();
            for need in Need::ALL {
                start.set(need, dice.share());
            }
            let mut looped = start;
            for tick in 1..=3_000 {
                for need in Need::ALL {
                    looped.set(need, looped.get(need) + need.growth());
                }
                let closed = start.at(tick);
                for need in Need::ALL {
                    assert!((closed.get(need) - looped.get(need)).abs() < 1e-9);
                }
            }
        }
    }

    #[test]
    fn a_need_grows_is_felt_presses_and_is_met() {
        // By hand: 0.004 a tick is 0.3 after 75 ticks and 0.7 after 175.
        let hungry = |fast| Needs::default().at(fast).list()[0];
        assert_eq!(hungry(100).need, Need::Sustenance);
        assert!(!hungry(70).is_felt() && hungry(80).is_felt());
        assert!(!hungry(170).is_critical() && hungry(180).is_critical());
        let mut needs = Needs::default().at(200);
        needs.meet(Need::Sustenance, 1.0);
        assert!((needs.sustenance - 0.2).abs() < 1e-12);
        needs.meet(Need::Sustenance, 1.0);
        assert_eq!(needs.sustenance, 0.0);
        let felt: Vec<_> = needs.felt().map(|lack| lack.need).collect();
        assert_eq!(felt, [Need::Rest, Need::Social, Need::Purpose]);
    }

    #[test]
    fn no_content_breaks_it() {
        let broken = Needs {
            rest: f64::NAN,
            social: f64::INFINITY,
            safety: -1e308,
            ..Needs::default()
        };
        let settled = broken.at(u64::MAX);
        assert!(Need::ALL.iter().all(|need| settled.get(*need) == 1.0));
        assert_eq!(broken.at(0).rest, 0.0);
    }
}
