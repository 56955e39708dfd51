//! `/api/experiment`: variants of prompts held against each other.

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{ApiResponse, Object, OpenApi};
use rookery_characters::experiment::{Comparison, Contrast, Outcomes};
use rookery_characters::prompt::Variant;
use rookery_shared::characters::{Characters as Cast, ExperimentReport, NewVariant, VariantReport};
use serde_json::{Map, Value, json};

use super::Tag;
use super::refusals::{self, Invalid};
use crate::errors::{Fail, Problem};
use crate::strict::Strict;

pub struct Experiments {
    cast: Cast,
}

/// What is known of the experiment that is on, or was last.
#[derive(Object)]
#[oai(rename = "ExperimentReport", example)]
struct Report {
    /// Whether one is on.
    active: bool,
    /// In the order in which they were registered; the first is what the others are held against.
    variants: Vec<VariantView>,
}

/// A variant, and what came of it.
#[derive(Object)]
#[oai(rename = "ExperimentVariant", rename_all = "camelCase")]
struct VariantView {
    name: String,
    /// As it was registered.
    config: Value,
    /// Its share of the characters, beside the other weights.
    weight: f64,
    /// Decisions that were made under it.
    assignments: u64,
    /// What they came to.
    outcomes: Counts,
    /// The same as shares of all; absent while there are none.
    #[oai(skip_serializing_if_is_none)]
    rates: Option<Rates>,
    /// Whether it differs from the first variant by more than chance; absent for that one, and while there is nothing to compare.
    #[oai(skip_serializing_if_is_none)]
    significance: Option<Significance>,
}

/// Decisions by what they came to.
#[derive(Object)]
#[oai(rename = "ExperimentOutcomes")]
struct Counts {
    /// Something was done.
    tool_call: u64,
    /// Something was said.
    dialogue: u64,
    /// Nothing.
    idle: u64,
}

/// Shares of all decisions, 0 to 1.
#[derive(Object)]
#[oai(rename = "ExperimentRates")]
struct Rates {
    tool_call: f64,
    dialogue: f64,
    idle: f64,
}

/// A variant against the first one: Pearson's chi-square over all outcomes, and a two-proportion z-test for each.
#[derive(Object)]
#[oai(rename = "ExperimentSignificance", rename_all = "camelCase")]
struct Significance {
    chi_square: f64,
    degrees_of_freedom: u32,
    /// How likely so large a difference is where there is none.
    p_value: f64,
    /// Whether every expected count is at least 5: with fewer the p-value is not to be trusted.
    enough_data: bool,
    /// By outcome.
    outcomes: Differences,
}

/// Each outcome's difference to the first variant.
#[derive(Object)]
#[oai(rename = "ExperimentDifferences")]
struct Differences {
    tool_call: Difference,
    dialogue: Difference,
    idle: Difference,
}

/// One outcome's difference.
#[derive(Object)]
#[oai(rename = "ExperimentDifference", rename_all = "camelCase")]
struct Difference {
    /// This variant's rate less the first one's.
    difference: f64,
    /// Two-sided.
    p_value: f64,
}

/// A variant to be registered.
#[derive(Object)]
#[oai(rename = "NewExperimentVariant", example)]
struct NewVariantView {
    name: String,
    /// What it changes: `systemPromptPrefix`, `systemPromptSuffix`, `temperature` (0 to 2), `maxTokens` (1 to 4096), `maxTools` (0 to
    /// 32), `maxMemories` (0 to 50), `hints` (a boolean), `inferenceTier` (`heavy`, `mid`, `light`). Other fields are kept and change
    /// nothing.
    config: Value,
    /// Its share of the characters, beside the other weights: 1 unless said.
    weight: Option<f64>,
}

/// What is registered now.
#[derive(Object)]
#[oai(rename = "RegisteredVariant", example)]
struct Registered {
    /// Its name.
    registered: String,
    /// Fields of its configuration that change nothing.
    #[oai(default, skip_serializing_if_is_empty)]
    ignored: Vec<String>,
}

/// Whether an experiment is on.
#[derive(Object)]
#[oai(rename = "StartedExperiment", example)]
struct Started {
    started: bool,
    /// False while there are fewer than two variants: nothing to hold against each other.
    active: bool,
}

/// The end of an experiment.
#[derive(Object)]
#[oai(rename = "StoppedExperiment", example)]
struct Stopped {
    stopped: bool,
    report: Report,
}

#[derive(ApiResponse)]
enum Created {
    /// The variant is registered.
    #[oai(status = 201)]
    Created(Json<Registered>),
}

#[OpenApi]
impl Experiments {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at the experiment
    ///
    /// Counts are those of the run that is on, or was last. Each start begins a run with counts of its own.
    #[oai(
        path = "/api/experiment",
        method = "get",
        tag = "Tag::Experiments",
        operation_id = "get_experiment"
    )]
    async fn look(&self) -> Result<Json<Report>, Fail<()>> {
        Ok(Json(self.cast.experiment().await?.into()))
    }

    /// Register a variant
    ///
    /// Or replace the one of this name. One that joins while an experiment is on takes its share of the characters; the others keep
    /// theirs.
    #[oai(
        path = "/api/experiment/variant",
        method = "post",
        tag = "Tag::Experiments",
        operation_id = "register_variant"
    )]
    async fn register(&self, body: Strict<NewVariantView>) -> Result<Created, Fail<Invalid>> {
        let (new, ignored) = body.0.checked()?;
        self.cast
            .register_variant(&new)
            .await
            .map_err(Problem::from)?;
        Ok(Created::Created(Json(Registered {
            registered: new.name,
            ignored,
        })))
    }

    /// Start the experiment
    ///
    /// From now on each character asks language models as its variant says, always the same one: shares go by the weights. Nothing
    /// happens while one is on.
    #[oai(
        path = "/api/experiment/start",
        method = "post",
        tag = "Tag::Experiments",
        operation_id = "start_experiment"
    )]
    async fn start(&self) -> Result<Json<Started>, Fail<()>> {
        Ok(Json(Started {
            started: true,
            active: self.cast.start_experiment().await?,
        }))
    }

    /// Stop the experiment
    ///
    /// Answers with the final report.
    #[oai(
        path = "/api/experiment/stop",
        method = "post",
        tag = "Tag::Experiments",
        operation_id = "stop_experiment"
    )]
    async fn stop(&self) -> Result<Json<Stopped>, Fail<()>> {
        Ok(Json(Stopped {
            stopped: true,
            report: self.cast.stop_experiment().await?.into(),
        }))
    }
}

impl NewVariantView {
    fn checked(self) -> Result<(NewVariant, Vec<String>), Problem> {
        refusals::name("name", &self.name)?;
        refusals::json("config", &self.config)?;
        let Value::Object(config) = &self.config else {
            return Err(match self.config {
                Value::Null => refusals::invalid("Missing required field: config"),
                _ => refusals::bad_field("config", "must be an object"),
            });
        };
        let reading = Variant::read(config);
        let reading = reading.map_err(|error| refusals::invalid(error.to_string()))?;
        let weight = self.weight.unwrap_or(1.0);
        refusals::number("weight", weight)?;
        if weight < 0.0 {
            return Err(refusals::bad_field("weight", "must not be negative"));
        }
        let new = NewVariant {
            name: self.name,
            config: config.clone(),
            weight,
        };
        Ok((new, reading.ignored))
    }
}

impl From<ExperimentReport> for Report {
    fn from(report: ExperimentReport) -> Self {
        Self {
            active: report.active,
            variants: report.variants.into_iter().map(VariantView::from).collect(),
        }
    }
}

impl From<VariantReport> for VariantView {
    fn from(report: VariantReport) -> Self {
        let outcomes = report.outcomes;
        Self {
            name: report.name,
            config: Value::Object(report.config),
            weight: report.weight,
            assignments: outcomes.total(),
            rates: Rates::of(outcomes),
            outcomes: Counts {
                tool_call: outcomes.tool_call,
                dialogue: outcomes.dialogue,
                idle: outcomes.idle,
            },
            significance: report.comparison.map(Significance::from),
        }
    }
}

impl Rates {
    fn of(outcomes: Outcomes) -> Option<Self> {
        let total = outcomes.total();
        let rate = |count: u64| count as f64 / total as f64;
        (total > 0).then(|| Self {
            tool_call: rate(outcomes.tool_call),
            dialogue: rate(outcomes.dialogue),
            idle: rate(outcomes.idle),
        })
    }
}

impl From<Comparison> for Significance {
    fn from(found: Comparison) -> Self {
        let difference = |of: Contrast| Difference {
            difference: of.difference,
            p_value: of.p_value,
        };
        Self {
            chi_square: found.chi_square,
            degrees_of_freedom: found.degrees_of_freedom,
            p_value: found.p_value,
            enough_data: found.enough_data,
            outcomes: Differences {
                tool_call: difference(found.tool_call),
                dialogue: difference(found.dialogue),
                idle: difference(found.idle),
            },
        }
    }
}

impl Example for Report {
    fn example() -> Self {
        let variant = |name: &str, config: Value, outcomes: Outcomes| VariantReport {
            name: name.to_owned(),
            config: config.as_object().cloned().unwrap_or_else(Map::new),
            weight: 1.0,
            outcomes,
            comparison: None,
        };
        let [plain, verbose] =
            [(30, 18, 2), (35, 12, 1)].map(|(tool_call, dialogue, idle)| Outcomes {
                tool_call,
                dialogue,
                idle,
            });
        let suffix = json!({ "systemPromptSuffix": "Be very detailed in your reasoning." });
        let mut verbose_report = variant("verbose_prompt", suffix, verbose);
        verbose_report.comparison = rookery_characters::experiment::compare(&plain, &verbose);
        let report = ExperimentReport {
            active: false,
            variants: vec![variant("control", json!({}), plain), verbose_report],
        };
        report.into()
    }
}

impl Example for NewVariantView {
    fn example() -> Self {
        Self {
            name: "verbose_prompt".to_owned(),
            config: json!({ "systemPromptSuffix": "Be very detailed." }),
            weight: Some(1.0),
        }
    }
}

impl Example for Registered {
    fn example() -> Self {
        Self {
            registered: "verbose_prompt".to_owned(),
            ignored: Vec::new(),
        }
    }
}

impl Example for Started {
    fn example() -> Self {
        Self {
            started: true,
            active: true,
        }
    }
}

impl Example for Stopped {
    fn example() -> Self {
        Self {
            stopped: true,
            report: Report::example(),
        }
    }
}
