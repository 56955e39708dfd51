//! The analysis "Cognitive Hierarchy": how players of limited foresight are predicted to play.

use serde_json::{Map, Value, json};

use super::nash_item::snapped;
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, STRATEGIC, has_normal_form,
    nothing_to_check, options, strategic,
};
use crate::game::{Game, NormalGame};
use crate::rational::Rational;
use crate::solve::hierarchy::{Hierarchy, cognitive_hierarchy};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Cognitive Hierarchy",
    description: "Level-k analysis: predicts play when players think a Poisson-distributed number of steps ahead",
    applicable_to: STRATEGIC,
    continuous: true,
    options: &[&options::TAU],
    run,
    fit: has_normal_form,
    check: nothing_to_check,
};

const METHOD: &str =
    "Poisson cognitive hierarchy, exact best replies, ties uniform, level 0 uniform";

/// Most probabilities that the levels of one result list together; the prediction is always whole.
const MOST_LISTED: usize = 20_000;

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let tau = config
        .get(&options::TAU)
        .cloned()
        .unwrap_or_else(|| options::TAU.default());
    // A JSON number is read as it was written, so that 0.1 is a tenth.
    let exact = Rational::parse(&tau.to_string()).unwrap_or_default();
    let hierarchy =
        cognitive_hierarchy(&table, &exact, control.stop).map_err(|_| AnalysisError::Stopped)?;
    let details = Map::from_iter([
        (
            "equilibria".to_owned(),
            json!([prediction(&table, &hierarchy, &tau)]),
        ),
        ("tau".to_owned(), tau.clone()),
        ("solver".to_owned(), json!("gambit-coghier")),
        ("method".to_owned(), json!(METHOD)),
        ("levels".to_owned(), levels(&table, &hierarchy)),
        (
            "truncation".to_owned(),
            json!({"levels": hierarchy.levels.len(), "share_beyond": hierarchy.beyond}),
        ),
    ]);
    Ok(AnalysisResult {
        summary: format!("Cognitive Hierarchy prediction (τ={tau})"),
        details,
    })
}

/// In the shape of an equilibrium, which it is not.
fn prediction(table: &NormalGame, hierarchy: &Hierarchy, tau: &Value) -> Value {
    let players = table.players();
    let strategies: Map<String, Value> = players
        .iter()
        .zip(table.strategies().iter().zip(&hierarchy.prediction))
        .map(|(player, (labels, shares))| {
            let shown: Map<String, Value> = labels
                .iter()
                .zip(shares)
                .map(|(label, share)| (label.clone(), snapped(share)))
                .collect();
            (player.clone(), Value::Object(shown))
        })
        .collect();
    let payoffs: Map<String, Value> = players
        .iter()
        .enumerate()
        .map(|(player, name)| {
            let payoff = payoff(table, player, hierarchy.payoffs[player]);
            (name.clone(), snapped(&payoff))
        })
        .collect();
    json!({
        "description": format!("Cognitive Hierarchy (τ={tau})"),
        "behavior_profile": strategies,
        "outcomes": payoffs,
        "strategies": strategies,
        "payoffs": payoffs,
    })
}

/// The payoff at this share of the way from the player's lowest to the highest.
fn payoff(table: &NormalGame, player: usize, share: f64) -> Rational {
    let all = || (0..table.profiles()).map(|profile| &table.payoffs_at(profile)[player]);
    let least = all().min().cloned().unwrap_or_default();
    let most = all().max().cloned().unwrap_or_default();
    let share = Rational::parse(&format!("{share:e}")).unwrap_or_default();
    &least + &(&share * &(&most - &least))
}

/// The first levels, each with what it plays.
fn levels(table: &NormalGame, hierarchy: &Hierarchy) -> Value {
    let mut listed = 0;
    let mut shown = Vec::new();
    for (number, level) in hierarchy.levels.iter().enumerate() {
        listed += level.strategies.iter().map(Vec::len).sum::<usize>();
        if listed > MOST_LISTED {
            break;
        }
        let strategies: Map<String, Value> = level
            .strategies
            .iter()
            .enumerate()
            .map(|(player, used)| {
                let each = 1.0 / used.len() as f64;
                let used: Map<String, Value> = used
                    .iter()
                    .map(|strategy| (table.strategies()[player][*strategy].clone(), json!(each)))
                    .collect();
                (table.players()[player].clone(), Value::Object(used))
            })
            .collect();
        shown.push(json!({"level": number, "share": level.share, "strategies": strategies}));
    }
    Value::Array(shown)
}
