//! The analysis "Dominance": strategies that another one, or a mixture of others, strictly dominates.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, STRATEGIC, has_normal_form,
    nothing_to_check,
};
use crate::convert::{Plans, Reduction, normal_form};
use crate::game::{ExtensiveGame, Game, NormalGame, PlayerId, number};
use crate::solve::dominance::{Dominance, Stopped, View};
use crate::solve::mixed_dominance::{MOST_ENTRIES, Mixture, mixed_dominator};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Dominance",
    description: "Identifies strictly dominated strategies",
    applicable_to: STRATEGIC,
    continuous: true,
    options: &[],
    run,
    fit: has_normal_form,
    check: nothing_to_check,
};

/// Not iterated: every strategy is compared with all others of its player. In trees the strategies are reduced plans, and each
/// pair is shown by the first action in which the two differ, once for each such action.
fn run(
    game: &Game,
    _config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let strategies = match game {
        Game::Extensive(tree) => {
            let table = normal_form(
                tree,
                tree.meta().clone(),
                Reduction::Reduced,
                super::MOST_CELLS,
            )?;
            let plans = (0..tree.players().len())
                .map(|player| Plans::of(tree, PlayerId::new(player), Reduction::Reduced));
            Strategies::Plans(tree, plans.collect(), table)
        }
        _ => Strategies::Rows(super::strategic(game)?.into_owned()),
    };
    let mut found = Dominated::default();
    let stopped = found.look(&strategies, control) == Err(Stopped);
    if stopped && found.pure.is_empty() {
        return Err(AnalysisError::Stopped);
    }
    let mut details = Map::from_iter([
        (
            "dominated_strategies".to_owned(),
            Value::Array(found.pure.clone()),
        ),
        ("mixed".to_owned(), Value::Array(found.mixed.clone())),
    ]);
    if found.skipped || found.cut || stopped {
        details.insert("exhaustive".to_owned(), json!(false));
    }
    Ok(AnalysisResult {
        summary: found.summary(),
        details,
    })
}

/// Where the strategies come from: that decides how a pair of them is shown.
enum Strategies<'g> {
    Rows(NormalGame),
    Plans(&'g ExtensiveGame, Vec<Plans>, NormalGame),
}

#[derive(Default)]
struct Dominated {
    pure: Vec<Value>,
    mixed: Vec<Value>,
    /// Some player's game is too large to look for mixtures.
    skipped: bool,
    /// There are more than are listed.
    cut: bool,
}

/// Longer lists are cut: nobody reads them, and each entry is stored.
const MOST_LISTED: usize = 10_000;

impl Dominated {
    fn look(&mut self, strategies: &Strategies<'_>, control: &Control<'_>) -> Result<(), Stopped> {
        let table = strategies.table();
        let everything: Vec<Vec<usize>> = table
            .sizes()
            .into_iter()
            .map(|size| (0..size).collect())
            .collect();
        for (player, own) in everything.iter().enumerate() {
            let view = View::of(table, player, &everything);
            let mut seen = HashSet::new();
            let mut rest = Vec::new();
            let dominators = view.dominators(Dominance::Strict, control.stop)?;
            for (strategy, dominator) in own.iter().zip(dominators) {
                let Some(dominator) = dominator else {
                    rest.push(*strategy);
                    continue;
                };
                if self.pure.len() == MOST_LISTED {
                    self.cut = true;
                    break;
                }
                let pair = strategies.pair(player, *strategy, dominator);
                if seen.insert((pair["dominated"].clone(), pair["dominated_at_node"].clone())) {
                    self.pure.push(pair);
                }
            }
            if rest.len() * view.columns() > MOST_ENTRIES {
                self.skipped = true;
                continue;
            }
            // A dominated strategy adds nothing to a mixture: its dominator does better in its place.
            for strategy in &rest {
                let rivals: Vec<usize> = rest
                    .iter()
                    .copied()
                    .filter(|rival| rival != strategy)
                    .collect();
                if rivals.len() < 2 {
                    continue;
                }
                if let Some(mixture) = mixed_dominator(&view, *strategy, &rivals, control.stop)? {
                    self.mixed.push(shown(table, player, *strategy, &mixture));
                }
            }
        }
        Ok(())
    }

    fn summary(&self) -> String {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match (self.pure.as_slice(), self.mixed.as_slice()) {
            ([], []) => "No dominated strategies".to_owned(),
            ([only], []) | ([], [only]) => {
                format!(
                    "Dom: {}.{}",
                    text(&only["player"]),
                    text(&only["dominated"])
                )
            }
            (pure, mixed) => format!(
                "{}{} dominated strategies",
                pure.len() + mixed.len(),
                if self.cut { "+" } else { "" }
            ),
        }
    }
}

impl Strategies<'_> {
    fn table(&self) -> &NormalGame {
        match self {
            Strategies::Rows(table) | Strategies::Plans(_, _, table) => table,
        }
    }

    fn pair(&self, player: usize, dominated: usize, dominator: usize) -> Value {
        let table = self.table();
        let labels = &table.strategies()[player];
        let (worse, better, place) = self
            .difference(player, dominated, dominator)
            .unwrap_or_else(|| {
                (
                    labels[dominated].to_string(),
                    labels[dominator].to_string(),
                    labels[dominated].to_string(),
                )
            });
        json!({
            "player": table.players()[player],
            "dominated": worse,
            "dominator": better,
            "dominated_at_node": place,
            "strategies": {"dominated": labels[dominated], "dominator": labels[dominator]},
        })
    }

    /// The first information set where two plans differ: both actions, and the set's first node.
    fn difference(
        &self,
        player: usize,
        one: usize,
        other: usize,
    ) -> Option<(String, String, String)> {
        let Strategies::Plans(tree, plans, _) = self else {
            return None;
        };
        let plans = &plans[player];
        // Plans that agree so far have the same sets before them, so both have an action there.
        let choices = plans.plans[one].iter().zip(&plans.plans[other]);
        let (set, actions) = plans
            .sets
            .iter()
            .zip(choices)
            .find_map(|(set, pair)| match pair {
                (Some(one), Some(other)) if one != other => Some((set, (*one, *other))),
                _ => None,
            })?;
        let labels = tree.actions(*set);
        Some((
            labels[actions.0].label.to_string(),
            labels[actions.1].label.to_string(),
            tree.node(tree.members(*set)[0]).id.to_string(),
        ))
    }
}

fn shown(table: &NormalGame, player: usize, strategy: usize, mixture: &Mixture) -> Value {
    let label = |strategy: &usize| table.strategies()[player][*strategy].clone();
    let weights: Map<String, Value> = mixture
        .weights
        .iter()
        .map(|(rival, weight)| (label(rival), number(weight)))
        .collect();
    let exact: Map<String, Value> = mixture
        .weights
        .iter()
        .map(|(rival, weight)| (label(rival), json!(weight.to_string())))
        .collect();
    json!({
        "player": table.players()[player],
        "dominated": label(&strategy),
        "mixture": weights,
        "margin": number(&mixture.margin),
        "exact": {"mixture": exact, "margin": mixture.margin.to_string()},
    })
}
