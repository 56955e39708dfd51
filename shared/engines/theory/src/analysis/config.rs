//! The options of an analysis, as given by the client.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a client asked for; keys that were not given stay absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solver: Option<Solver>,
    /// Stop after this many equilibria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_equilibria: Option<usize>,
}

/// How to look for Nash equilibria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Solver {
    /// Every extreme equilibrium.
    Exhaustive,
    /// One, or `max_equilibria`, as fast as possible.
    Quick,
    /// Every equilibrium in pure strategies.
    Pure,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    #[error("unknown solver: {0}. Available: ['exhaustive', 'quick', 'pure']")]
    Solver(String),
    #[error("max_equilibria must be a whole number of at least 1")]
    MaxEquilibria,
    #[error("unknown option: {0}. Available: ['solver', 'max_equilibria']")]
    Option(String),
    #[error("the config must be an object")]
    Shape,
}

impl Solver {
    pub const ALL: [Solver; 3] = [Solver::Exhaustive, Solver::Quick, Solver::Pure];

    pub fn name(self) -> &'static str {
        match self {
            Solver::Exhaustive => "exhaustive",
            Solver::Quick => "quick",
            Solver::Pure => "pure",
        }
    }
}

impl std::str::FromStr for Solver {
    type Err = ConfigError;

    fn from_str(name: &str) -> Result<Solver, ConfigError> {
        Solver::ALL
            .into_iter()
            .find(|solver| solver.name() == name)
            .ok_or_else(|| ConfigError::Solver(name.to_owned()))
    }
}

impl Config {
    /// Reads a JSON object; a null value counts as not given, an unknown key is an error.
    pub fn from_json(json: &Value) -> Result<Config, ConfigError> {
        let mut config = Config::default();
        for (key, value) in json.as_object().ok_or(ConfigError::Shape)? {
            if value.is_null() {
                continue;
            }
            match key.as_str() {
                "solver" => {
                    let name = value
                        .as_str()
                        .ok_or_else(|| ConfigError::Solver(value.to_string()))?;
                    config.solver = Some(name.parse()?);
                }
                "max_equilibria" => {
                    let most = value
                        .as_u64()
                        .and_then(|most| usize::try_from(most).ok())
                        .filter(|most| *most > 0);
                    config.max_equilibria = Some(most.ok_or(ConfigError::MaxEquilibria)?);
                }
                _ => return Err(ConfigError::Option(key.clone())),
            }
        }
        Ok(config)
    }

    /// The object that a task shows as its `config`.
    pub fn to_json(&self) -> Value {
        let mut shown = serde_json::Map::new();
        if let Some(solver) = self.solver {
            shown.insert("solver".to_owned(), solver.name().into());
        }
        if let Some(most) = self.max_equilibria {
            shown.insert("max_equilibria".to_owned(), most.into());
        }
        Value::Object(shown)
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
    fn names_the_choices() {
        let error = |given: Value| Config::from_json(&given).expect_err("bad").to_string();
        assert_eq!(
            error(json!({"solver": "magic"})),
            "unknown solver: magic. Available: ['exhaustive', 'quick', 'pure']"
        );
        assert_eq!(
            error(json!({"max_equilibria": 0})),
            "max_equilibria must be a whole number of at least 1"
        );
        assert_eq!(
            error(json!({"max_equilibria": -1})),
            "max_equilibria must be a whole number of at least 1"
        );
        assert_eq!(
            error(json!({"tau": 1})),
            "unknown option: tau. Available: ['solver', 'max_equilibria']"
        );
        assert_eq!(error(json!([])), "the config must be an object");
    }
}
