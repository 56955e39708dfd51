//! What somebody does at which time of day.

use serde::{Deserialize, Serialize};

/// A day's plan. A day of the world has `day_fast_ticks` fast ticks; hours are twenty-fourths of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Routine {
    pub day_fast_ticks: u64,
    /// In order of their hours.
    pub phases: Vec<Phase>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Phase {
    /// 0 to below 24: it lasts until the next one begins.
    pub from_hour: f64,
    pub activity: String,
    /// Where it takes place; the character goes there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub location: Option<String>,
    /// Tools that belong to it.
    #[serde(default)]
    pub tools: Vec<String>,
}

/// Phases of a day, and tools of a phase.
const MOST_PHASES: usize = 48;
const MOST_TOOLS: usize = 32;
/// Bytes of an activity, a place or a tool's name.
const LONGEST_NAME: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadRoutine {
    #[error("dayFastTicks must be at least 1")]
    NoDay,
    #[error("a routine has 1 to {MOST_PHASES} phases")]
    Phases,
    #[error("fromHour must be at least 0 and less than 24, and later than the phase before")]
    Hours,
    #[error(
        "a phase needs an activity; no name in it is longer than {LONGEST_NAME} bytes, and it has at most {MOST_TOOLS} tools"
    )]
    Names,
}

impl Routine {
    /// A routine that makes sense.
    pub fn new(day_fast_ticks: u64, phases: Vec<Phase>) -> Result<Self, BadRoutine> {
        if day_fast_ticks == 0 {
            return Err(BadRoutine::NoDay);
        }
        if phases.is_empty() || phases.len() > MOST_PHASES {
            return Err(BadRoutine::Phases);
        }
        let mut before = f64::NEG_INFINITY;
        for phase in &phases {
            if !(0.0..24.0).contains(&phase.from_hour) || phase.from_hour <= before {
                return Err(BadRoutine::Hours);
            }
            before = phase.from_hour;
            if !phase.has_fit_names() {
                return Err(BadRoutine::Names);
            }
        }
        Ok(Self {
            day_fast_ticks,
            phases,
        })
    }

    /// Which day of the world it is, counted from 0.
    pub fn day(&self, fast: u64) -> u64 {
        fast / self.day_fast_ticks.max(1)
    }

    /// The time of day, 0 to below 24.
    pub fn hour(&self, fast: u64) -> f64 {
        let day = self.day_fast_ticks.max(1);
        (fast % day) as f64 * 24.0 / day as f64
    }

    /// What it is time for: the last phase that has begun, early in the morning yesterday's last.
    pub fn phase(&self, fast: u64) -> Option<&Phase> {
        let hour = self.hour(fast);
        let latest = |one: &&Phase, other: &&Phase| one.from_hour.total_cmp(&other.from_hour);
        let begun = self.phases.iter().filter(|phase| phase.from_hour <= hour);
        begun
            .max_by(latest)
            .or_else(|| self.phases.iter().max_by(latest))
    }
}

impl Phase {
    fn has_fit_names(&self) -> bool {
        let is_fit = |name: &String| !name.is_empty() && name.len() <= LONGEST_NAME;
        is_fit(&self.activity)
            && self.location.iter().all(is_fit)
            && self.tools.len() <= MOST_TOOLS
            && self.tools.iter().all(is_fit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(from_hour: f64, activity: &str) -> Phase {
        Phase {
            from_hour,
            activity: activity.to_owned(),
            location: None,
            tools: Vec::new(),
        }
    }

    fn day(phases: &[(f64, &str)]) -> Result<Routine, BadRoutine> {
        let phases = phases.iter().map(|(from, what)| phase(*from, what));
        Routine::new(2_400, phases.collect())
    }

    #[test]
    fn the_day_goes_round() {
        let routine = day(&[(6.0, "clean"), (10.5, "serve"), (23.0, "sleep")]);
        let routine = routine.expect("it makes sense");
        let at = |fast| routine.phase(fast).map(|phase| phase.activity.as_str());
        assert_eq!(at(0), Some("sleep"), "since yesterday");
        assert_eq!(at(599), Some("sleep"));
        assert_eq!(at(600), Some("clean"));
        assert_eq!(at(1_049), Some("clean"));
        assert_eq!(at(1_050), Some("serve"));
        assert_eq!(at(2_300), Some("sleep"));
        assert_eq!(at(2_400 * 7 + 600), Some("clean"));
        assert_eq!((routine.day(2_399), routine.day(2_400)), (0, 1));
        assert_eq!(routine.hour(2_400 * 3 + 1_200), 12.0);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        assert_eq!(
            Routine::new(0, vec![phase(0.0, "x")]),
            Err(BadRoutine::NoDay)
        );
        assert_eq!(day(&[]), Err(BadRoutine::Phases));
        assert_eq!(day(&[(24.0, "x")]), Err(BadRoutine::Hours));
        assert_eq!(day(&[(f64::NAN, "x")]), Err(BadRoutine::Hours));
        assert_eq!(day(&[(5.0, "x"), (5.0, "y")]), Err(BadRoutine::Hours));
        assert_eq!(day(&[(5.0, "")]), Err(BadRoutine::Names));
        // Documents of old are read as they are.
        let broken = Routine {
            day_fast_ticks: 0,
            phases: vec![phase(f64::NAN, "x")],
        };
        assert_eq!(broken.hour(u64::MAX), 0.0);
        assert!(broken.phase(7).is_some());
    }
}
