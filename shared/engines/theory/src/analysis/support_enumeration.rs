//! The analysis "Support Enumeration": which combinations of strategies an equilibrium may mix.

use std::ops::ControlFlow;

use serde_json::{Map, Value, json};

use super::nash_supports::labels;
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, STRATEGIC, has_normal_form,
    nash::working, nothing_to_check, strategic,
};
use crate::game::{Game, NormalGame};
use crate::solve::nplayer::{Payoffs, Supports, Walk};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Support Enumeration",
    description: "Lists the combinations of strategies that players may mix in a Nash equilibrium: those that iterated conditional dominance leaves",
    applicable_to: STRATEGIC,
    continuous: true,
    options: &[],
    run,
    fit: has_normal_form,
    check: nothing_to_check,
};

/// How many combinations are listed.
const LISTED: usize = 2_000;

fn run(
    game: &Game,
    _config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let table = strategic(game)?;
    let payoffs = Payoffs::of(&table, control.stop).map_err(|_| AnalysisError::Stopped)?;
    let walk = Walk::of(&payoffs, control.stop).map_err(|_| AnalysisError::Stopped)?;
    let total = walk.total();
    let mut supports: Vec<Supports> = Vec::new();
    let found = std::cell::Cell::new(0);
    let mut visit = |found_now: &Supports| {
        if supports.len() == LISTED {
            return ControlFlow::Break(());
        }
        supports.push(found_now.clone());
        found.set(supports.len());
        ControlFlow::Continue(())
    };
    let mut sized = |done: f64| {
        let message = format!("{done} of {total} combinations, {} possible", found.get());
        working(control, Some((done / total).clamp(0.0, 1.0)), message);
        ControlFlow::Continue(())
    };
    let exhaustive = walk.visit(&mut visit, &mut sized).is_ok();
    let suffix = if exhaustive { "" } else { "+" };
    let summary = match supports.len() {
        1 => format!("1{suffix} possible support profile"),
        count => format!("{count}{suffix} possible support profiles"),
    };
    let listed: Vec<Value> = supports
        .iter()
        .map(|supports| item(&table, supports))
        .collect();
    let mut details = Map::from_iter([
        ("count".to_owned(), json!(listed.len())),
        ("supports".to_owned(), json!(listed)),
        ("solver".to_owned(), json!("gambit-support-enum")),
        ("exhaustive".to_owned(), json!(exhaustive)),
    ]);
    if supports.len() == LISTED && !exhaustive {
        let note = format!("the list is cut after {LISTED} combinations");
        details.insert("note".to_owned(), json!(note));
    }
    Ok(AnalysisResult { summary, details })
}

fn item(table: &NormalGame, supports: &Supports) -> Value {
    let parts = table.players().iter().zip(table.strategies()).zip(supports);
    let parts: Vec<String> = parts
        .map(|((player, labels), support)| match support.as_slice() {
            [only] => format!("{player}: {}", labels[*only]),
            several => {
                let names: Vec<&str> = several.iter().map(|s| labels[*s].as_str()).collect();
                format!("{player}: {{{}}}", names.join(", "))
            }
        })
        .collect();
    json!({"description": parts.join(" | "), "support": labels(table, supports)})
}
