//! From query and body to an order: options, limits, and which field is at fault.

use std::time::Duration;

use rookery_shared::theory::{MAX_TIMEOUT, Order};
use rookery_theory::{Config, ConfigError};
use serde_json::{Map, Value, json};

use crate::areas::Area;
use crate::edge::trace::TraceContext;
use crate::errors::{Problem, invalid};
use crate::tasks::TaskPriority;

/// What one order says, wherever it stands.
pub struct Wish {
    pub game_id: String,
    pub plugin: String,
    pub owner: Option<String>,
    pub options: Options,
    pub config: Map<String, Value>,
    pub timeout: Option<f64>,
    pub priority: TaskPriority,
}

/// The options that have parameters of their own.
#[derive(Default)]
pub struct Options {
    pub solver: Option<String>,
    pub max_equilibria: Option<u64>,
}

/// Where a field stands, for errors.
pub enum Place {
    Query,
    /// In the body's `config`.
    Body,
    /// In an order of a batch.
    Batch(usize),
}

/// Longer ones are somebody's mistake, and would be stored and shown for ever.
const MAX_OWNER_BYTES: usize = 200;

impl Wish {
    pub fn into_order(self, place: &Place, trace: &TraceContext) -> Result<Order, Problem> {
        Ok(Order {
            config: self.options.over(&self.config, place)?,
            timeout: self
                .timeout
                .map(|seconds| timeout(seconds, place))
                .transpose()?,
            owner: owner(self.owner, place)?,
            game_id: self.game_id,
            plugin: self.plugin,
            priority: self.priority.into(),
            trace_context: Some(trace.to_string()),
        })
    }
}

impl Options {
    /// The whole config: that of the body, under the options that were given by themselves.
    pub fn over(&self, config: &Map<String, Value>, place: &Place) -> Result<Config, Problem> {
        let mut all = config.clone();
        let own = [
            ("solver", self.solver.as_ref().map(|solver| json!(solver))),
            (
                "max_equilibria",
                self.max_equilibria.map(|most| json!(most)),
            ),
        ];
        for (name, value) in own {
            if let Some(value) = value {
                all.insert(name.to_owned(), value);
            }
        }
        Config::from_json(&Value::Object(all)).map_err(|error| self.refusal(&error, place))
    }

    fn refusal(&self, error: &ConfigError, place: &Place) -> Problem {
        let option = error.option.as_deref().unwrap_or("config");
        let by_itself = match option {
            "solver" => self.solver.is_some(),
            "max_equilibria" => self.max_equilibria.is_some(),
            _ => false,
        };
        if by_itself {
            place.bad(option, &error.to_string())
        } else {
            place.bad_option(option, &error.to_string())
        }
    }
}

impl Place {
    /// A field of the order itself.
    fn bad(&self, name: &str, reason: &str) -> Problem {
        match self {
            Self::Query | Self::Body => invalid(Area::Theory, &["query", name], reason),
            Self::Batch(index) => invalid(
                Area::Theory,
                &["body", "tasks", &index.to_string(), name],
                reason,
            ),
        }
    }

    /// A field of its config.
    fn bad_option(&self, name: &str, reason: &str) -> Problem {
        match self {
            Self::Query => invalid(Area::Theory, &["query", name], reason),
            Self::Body => invalid(Area::Theory, &["body", "config", name], reason),
            Self::Batch(index) => invalid(
                Area::Theory,
                &["body", "tasks", &index.to_string(), "config", name],
                reason,
            ),
        }
    }
}

/// What decides whether two orders are the same: everything but the request's trace.
pub fn fingerprint(order: &Order) -> String {
    let timeout_ms = order.timeout.map(|timeout| timeout.as_millis());
    let priority = order.priority as u8;
    json!([
        order.game_id,
        order.plugin,
        order.config.to_json(),
        order.owner,
        timeout_ms,
        priority
    ])
    .to_string()
}

fn timeout(seconds: f64, place: &Place) -> Result<Duration, Problem> {
    let timeout = Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|timeout| !timeout.is_zero() && *timeout <= MAX_TIMEOUT);
    let reason = format!(
        "must be more than 0 and at most {} seconds",
        MAX_TIMEOUT.as_secs()
    );
    timeout.ok_or_else(|| place.bad("timeout", &reason))
}

fn owner(owner: Option<String>, place: &Place) -> Result<String, Problem> {
    let owner = owner.unwrap_or_else(|| "anonymous".to_owned());
    if owner.len() > MAX_OWNER_BYTES || owner.contains('\0') {
        let reason = format!("must have at most {MAX_OWNER_BYTES} bytes and no NUL");
        return Err(place.bad("owner", &reason));
    }
    Ok(owner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detail(problem: &Problem) -> &Value {
        problem.detail.as_ref().expect("a list of fields")
    }

    #[test]
    fn options_by_themselves_lie_over_the_config() {
        let config = Map::from_iter([
            ("solver".to_owned(), json!("pure")),
            ("max_equilibria".to_owned(), json!(2)),
        ]);
        let options = Options {
            solver: Some("quick".to_owned()),
            max_equilibria: None,
        };
        let config = options.over(&config, &Place::Body).expect("both are fine");
        assert_eq!(
            config.to_json(),
            json!({"solver": "quick", "max_equilibria": 2})
        );
    }

    #[test]
    fn a_bad_option_is_named_where_it_stands() {
        let bad = Map::from_iter([("luck".to_owned(), json!(1))]);
        let problem = Options::default()
            .over(&bad, &Place::Batch(3))
            .expect_err("no analysis knows it");
        assert_eq!(
            detail(&problem)[0]["loc"],
            json!(["body", "tasks", 3, "config", "luck"])
        );
        let options = Options {
            solver: Some("magic".to_owned()),
            max_equilibria: None,
        };
        let problem = options
            .over(&Map::new(), &Place::Body)
            .expect_err("no such solver");
        assert_eq!(detail(&problem)[0]["loc"], json!(["query", "solver"]));
    }

    #[test]
    fn limits_of_time_are_real() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 3600.5] {
            assert!(timeout(bad, &Place::Query).is_err(), "{bad}");
        }
        assert_eq!(
            timeout(0.5, &Place::Query).expect("half a second"),
            Duration::from_millis(500)
        );
    }
}
