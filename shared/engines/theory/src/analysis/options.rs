//! What an analysis can be told: each option is declared once, and clients see the declarations.

use serde_json::{Value, json};

use crate::cfr::Algorithm;

/// One option of an analysis.
#[derive(Debug)]
pub struct OptionInfo {
    pub name: &'static str,
    pub description: &'static str,
    pub kind: Kind,
}

/// What values an option takes. Bounds are inclusive.
#[derive(Debug)]
pub enum Kind {
    Choice {
        of: fn() -> Vec<&'static str>,
        default: Option<&'static str>,
    },
    Whole {
        least: u64,
        most: u64,
        default: Option<u64>,
    },
    Number {
        least: f64,
        most: f64,
        default: Option<f64>,
    },
    /// The name of something in the game.
    Name,
    /// By player, a mixture: `{player: {choice: probability}}`; see the analysis.
    Profile,
    /// Probabilities or weights: a list of numbers, or an object of them.
    Mixture,
}

/// A value that the option does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unacceptable(pub String);

impl OptionInfo {
    /// Whether the value is of the right kind and within bounds; what it means in a game is not looked at.
    pub(super) fn accept(&self, value: &Value) -> Result<(), Unacceptable> {
        let name = self.name;
        let refuse = |what: String| Err(Unacceptable(what));
        match &self.kind {
            Kind::Choice { of, .. } => {
                let choices = of();
                if value.as_str().is_some_and(|given| choices.contains(&given)) {
                    return Ok(());
                }
                let given = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                refuse(format!(
                    "unknown {name}: {given}. Available: ['{}']",
                    choices.join("', '")
                ))
            }
            Kind::Whole { least, most, .. } => {
                if value
                    .as_u64()
                    .is_some_and(|given| (*least..=*most).contains(&given))
                {
                    return Ok(());
                }
                refuse(if *most >= u64::from(u32::MAX) {
                    format!("{name} must be a whole number of at least {least}")
                } else {
                    format!("{name} must be a whole number from {least} to {most}")
                })
            }
            Kind::Number { least, most, .. } => {
                if value
                    .as_f64()
                    .is_some_and(|given| given >= *least && given <= *most)
                {
                    return Ok(());
                }
                refuse(format!("{name} must be a number from {least} to {most}"))
            }
            Kind::Name if value.is_string() => Ok(()),
            Kind::Name => refuse(format!("{name} must be a text")),
            Kind::Profile
                if value
                    .as_object()
                    .is_some_and(|by_player| by_player.values().all(Value::is_object)) =>
            {
                Ok(())
            }
            Kind::Profile => refuse(format!(
                "{name} must be an object with an object for each player"
            )),
            Kind::Mixture if value.is_array() || value.is_object() => Ok(()),
            Kind::Mixture => refuse(format!("{name} must be a list or an object of numbers")),
        }
    }

    /// Whether its values mean something in one game only.
    pub(super) fn speaks_of_the_game(&self) -> bool {
        match self.kind {
            Kind::Name | Kind::Profile | Kind::Mixture => true,
            Kind::Choice { .. } | Kind::Whole { .. } | Kind::Number { .. } => {
                self.name == PLAYER.name
            }
        }
    }

    /// What holds when the option is not given; null where there is no such thing.
    pub fn default(&self) -> Value {
        match &self.kind {
            Kind::Choice { default, .. } => json!(default),
            Kind::Whole { default, .. } => json!(default),
            Kind::Number { default, .. } => json!(default),
            Kind::Name | Kind::Profile | Kind::Mixture => Value::Null,
        }
    }

    /// The kind in words and bounds, as clients see it.
    pub fn values(&self) -> String {
        match &self.kind {
            Kind::Choice { of, .. } => format!("one of {}", of().join(", ")),
            Kind::Whole { least, most, .. } => format!("whole number, {least} to {most}"),
            Kind::Number { least, most, .. } => format!("number, {least} to {most}"),
            Kind::Name => "text".to_owned(),
            Kind::Profile => "object by player".to_owned(),
            Kind::Mixture => "list or object of numbers".to_owned(),
        }
    }
}

pub static SOLVER: OptionInfo = OptionInfo {
    name: "solver",
    description: "How to look for Nash equilibria",
    kind: Kind::Choice {
        of: super::config::solver_names,
        default: Some("exhaustive"),
    },
};

pub static MAX_EQUILIBRIA: OptionInfo = OptionInfo {
    name: "max_equilibria",
    description: "Stop after this many equilibria",
    kind: Kind::Whole {
        least: 1,
        most: u32::MAX as u64,
        default: None,
    },
};

pub static MAX_REGRET: OptionInfo = OptionInfo {
    name: "maxregret",
    description: "When an approximate equilibrium is good enough: the most that any player may gain by deviating, relative to the range of the payoffs",
    kind: Kind::Number {
        least: 1e-12,
        most: 1.0,
        default: Some(1e-6),
    },
};

pub static OBJECTIVE: OptionInfo = OptionInfo {
    name: "objective",
    description: "What to maximise: `welfare` (the sum of all payoffs, the default), or the payoff of the player of this name",
    kind: Kind::Name,
};

pub static PROFILE: OptionInfo = OptionInfo {
    name: "profile",
    description: "How everybody plays, probabilities being numbers or texts like \"1/3\". In Verify Profile {player: {strategy: probability}} or {player: {information set: {action: probability}}}, in Best Response and Exploitability {information set: {action: probability}}, in influence diagrams {agent: {decision: action, or {action: probability}}}",
    kind: Kind::Profile,
};

pub static TAU: OptionInfo = OptionInfo {
    name: "tau",
    description: "Mean number of thinking steps",
    kind: Kind::Number {
        least: 1e-3,
        most: 100.0,
        default: Some(1.5),
    },
};

pub static LAMBDA: OptionInfo = OptionInfo {
    name: "lambda",
    description: "Precision of the players' replies: 0 plays uniformly, large values best replies",
    kind: Kind::Number {
        least: 0.0,
        most: 1e9,
        default: None,
    },
};

pub static ITERATIONS: OptionInfo = OptionInfo {
    name: "iterations",
    description: "How many iterations to run",
    kind: Kind::Whole {
        least: 1,
        most: 10_000_000,
        default: Some(1000),
    },
};

pub static ALGORITHM: OptionInfo = OptionInfo {
    name: "algorithm",
    description: "Which kind of regret minimisation",
    kind: Kind::Choice {
        of: || Algorithm::ALL.map(Algorithm::name).to_vec(),
        default: Some("cfr+"),
    },
};

pub static SEED: OptionInfo = OptionInfo {
    name: "seed",
    description: "Seed of whatever is drawn at random; the same seed gives the same result",
    kind: Kind::Whole {
        least: 0,
        most: u64::MAX,
        default: Some(0),
    },
};

pub static PLAYER: OptionInfo = OptionInfo {
    name: "player",
    description: "A player, by number from 0",
    kind: Kind::Whole {
        least: 0,
        most: 63,
        default: Some(0),
    },
};

pub static TIME_STEPS: OptionInfo = OptionInfo {
    name: "time_steps",
    description: "How many steps to simulate",
    kind: Kind::Whole {
        least: 1,
        most: 100_000,
        default: Some(100),
    },
};

pub static DT: OptionInfo = OptionInfo {
    name: "dt",
    description: "Length of a step",
    kind: Kind::Number {
        least: 1e-9,
        most: 10.0,
        default: Some(0.01),
    },
};

pub static INITIAL_POPULATION: OptionInfo = OptionInfo {
    name: "initial_population",
    description: "Share of each strategy at the start; uniform when it is not given",
    kind: Kind::Mixture,
};

pub static POPULATION_SIZE: OptionInfo = OptionInfo {
    name: "population_size",
    description: "Individuals in the population",
    kind: Kind::Whole {
        least: 2,
        most: 1_000_000,
        default: Some(100),
    },
};

pub static MUTATION_RATE: OptionInfo = OptionInfo {
    name: "mutation_rate",
    description: "Probability that an individual mutates in a step",
    kind: Kind::Number {
        least: 0.0,
        most: 1.0,
        default: Some(0.001),
    },
};

pub static INTENSITY_OF_SELECTION: OptionInfo = OptionInfo {
    name: "intensity_of_selection",
    description: "How strongly payoffs decide who is imitated; 0 is neutral drift",
    kind: Kind::Number {
        least: 0.0,
        most: 1e6,
        default: Some(1.0),
    },
};

/// Another option of the name `solver`: influence diagrams have their own. The contract's clients send theirs with every analysis.
pub static MAID_SOLVER: OptionInfo = OptionInfo {
    name: "solver",
    description: "Which equilibria of an influence diagram to look for: those in pure decision rules (`pure`, also called `enumpure`), or the extreme mixed ones",
    kind: Kind::Choice {
        of: || vec!["pure", "mixed", "enumpure"],
        default: Some("pure"),
    },
};

pub static DECISION: OptionInfo = OptionInfo {
    name: "decision",
    description: "The id of a decision node",
    kind: Kind::Name,
};

pub static OBSERVATION: OptionInfo = OptionInfo {
    name: "observation",
    description: "The id of the node that the decision would observe",
    kind: Kind::Name,
};

pub static VARIABLE: OptionInfo = OptionInfo {
    name: "variable",
    description: "The id of the node that would be controlled",
    kind: Kind::Name,
};
