//! The options of a run, as given by the client.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::options::{Kind, MAX_EQUILIBRIA, OptionInfo, SOLVER, Unacceptable};
use super::{AnalysisInfo, analyses};

/// What a client asked for; keys that were not given stay absent. Every value is of its option's kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Config(Map<String, Value>);

/// How to look for Nash equilibria.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Solver {
    /// Every extreme equilibrium.
    Exhaustive,
    /// One, or `max_equilibria`, as fast as possible.
    Quick,
    /// Every equilibrium in pure strategies.
    Pure,
    /// The limit of the branch of logit quantal response equilibria.
    Logit,
    /// One whose regret is small enough.
    Approximate,
    /// One of a constant-sum game, by linear programming.
    Lp,
    /// One of a two-player game, by complementary pivoting.
    Lcp,
    /// Minima of the Lyapunov function.
    Liap,
}

/// An option that no analysis has, or a value that it does not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct ConfigError {
    /// Which option; `None` when the whole is not an object.
    pub option: Option<String>,
    pub what: String,
}

impl Solver {
    pub const ALL: [Solver; 8] = [
        Solver::Exhaustive,
        Solver::Quick,
        Solver::Pure,
        Solver::Logit,
        Solver::Approximate,
        Solver::Lp,
        Solver::Lcp,
        Solver::Liap,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Solver::Exhaustive => "exhaustive",
            Solver::Quick => "quick",
            Solver::Pure => "pure",
            Solver::Logit => "logit",
            Solver::Approximate => "approximate",
            Solver::Lp => "lp",
            Solver::Lcp => "lcp",
            Solver::Liap => "liap",
        }
    }
}

pub(super) fn solver_names() -> Vec<&'static str> {
    Solver::ALL.into_iter().map(Solver::name).collect()
}

impl Config {
    /// Reads a JSON object; a null value counts as not given. A key that no analysis knows and a value of the wrong kind are errors.
    pub fn from_json(json: &Value) -> Result<Config, ConfigError> {
        let given = json.as_object().ok_or_else(|| ConfigError {
            option: None,
            what: "the config must be an object".to_owned(),
        })?;
        let mut config = Map::new();
        for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            let option = known()
                .find(|option| option.name == name)
                .ok_or_else(|| unknown(name, known()))?;
            // Options of different analyses may have one name; which analysis is meant is not known here.
            let refused = option.accept(value).err();
            let namesakes = analyses().iter().flat_map(|info| info.options.iter());
            if let Some(Unacceptable(what)) = refused
                && !namesakes
                    .filter(|option| option.name == name)
                    .any(|option| option.accept(value).is_ok())
            {
                return Err(ConfigError {
                    option: Some(name.clone()),
                    what,
                });
            }
            config.insert(name.clone(), value.clone());
        }
        Ok(Config(config))
    }

    /// The object that a task shows as its `config`.
    pub fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// Whether the analysis has all options that were given. `solver` and `max_equilibria` pass everywhere: the contract's clients
    /// send them with every analysis.
    pub(super) fn accepted_by(&self, info: &AnalysisInfo) -> Result<(), ConfigError> {
        let has = |name: &str| {
            name == SOLVER.name
                || name == MAX_EQUILIBRIA.name
                || info.options.iter().any(|option| option.name == name)
        };
        match self.0.keys().find(|name| !has(name)) {
            None => Ok(()),
            Some(name) => Err(unknown(name, info.options.iter().copied())),
        }
    }

    /// What was given for the option.
    pub fn get(&self, option: &OptionInfo) -> Option<&Value> {
        self.0.get(option.name)
    }

    /// The given choice or text, else the default.
    pub fn text(&self, option: &OptionInfo) -> Option<&str> {
        let default = match option.kind {
            Kind::Choice { default, .. } => default,
            _ => None,
        };
        self.get(option).and_then(Value::as_str).or(default)
    }

    /// The given whole number, else the default.
    pub fn whole(&self, option: &OptionInfo) -> Option<u64> {
        let default = match option.kind {
            Kind::Whole { default, .. } => default,
            _ => None,
        };
        self.get(option).and_then(Value::as_u64).or(default)
    }

    /// The given number, else the default.
    pub fn number(&self, option: &OptionInfo) -> Option<f64> {
        let default = match option.kind {
            Kind::Number { default, .. } => default,
            _ => None,
        };
        self.get(option).and_then(Value::as_f64).or(default)
    }

    pub fn solver(&self) -> Solver {
        let name = self.text(&SOLVER);
        Solver::ALL
            .into_iter()
            .find(|solver| Some(solver.name()) == name)
            .unwrap_or(Solver::Exhaustive)
    }

    pub fn max_equilibria(&self) -> Option<usize> {
        let most = self.whole(&MAX_EQUILIBRIA)?;
        Some(usize::try_from(most).unwrap_or(usize::MAX))
    }
}

/// Every option of any analysis, the common two first.
fn known() -> impl Iterator<Item = &'static OptionInfo> {
    let mut names = std::collections::HashSet::new();
    [&SOLVER, &MAX_EQUILIBRIA]
        .into_iter()
        .chain(
            analyses()
                .iter()
                .flat_map(|info| info.options.iter().copied()),
        )
        .filter(move |option| names.insert(option.name))
}

fn unknown(name: &str, available: impl Iterator<Item = &'static OptionInfo>) -> ConfigError {
    let names: Vec<&str> = available.map(|option| option.name).collect();
    let what = if names.is_empty() {
        format!("unknown option: {name}. Available: []")
    } else {
        format!(
            "unknown option: {name}. Available: ['{}']",
            names.join("', '")
        )
    };
    ConfigError {
        option: Some(name.to_owned()),
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn holds_only_what_was_given() {
        for given in [
            json!({}),
            json!({"solver": "quick"}),
            json!({"max_equilibria": 3}),
            json!({"solver": "pure", "max_equilibria": 1}),
        ] {
            assert_eq!(
                Config::from_json(&given).map(|config| config.to_json()),
                Ok(given)
            );
        }
        assert_eq!(
            Config::from_json(&json!({"solver": null})),
            Ok(Config::default())
        );
    }

    #[test]
    fn names_what_is_wrong() {
        let error = |given: Value| Config::from_json(&given).expect_err("bad").to_string();
        assert!(
            error(json!({"solver": "magic"}))
                .starts_with("unknown solver: magic. Available: ['exhaustive', 'quick', 'pure'")
        );
        for bad in [json!(0), json!(-1), json!(1.5), json!("3")] {
            assert_eq!(
                error(json!({"max_equilibria": bad})),
                "max_equilibria must be a whole number of at least 1"
            );
        }
        assert!(
            error(json!({"colour": 1}))
                .starts_with("unknown option: colour. Available: ['solver', 'max_equilibria'")
        );
        assert_eq!(error(json!([])), "the config must be an object");
    }
}
