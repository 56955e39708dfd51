//! The analysis "Backward Induction": the subgame perfect equilibria of trees with perfect information.

use serde_json::{Map, Value, json};

use super::nash_item::snapped;
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Unfit, nothing_to_check, options,
};
use crate::game::{ExtensiveGame, Format, Game, InfosetId, Mover, NodeId, Target};
use crate::rational::Rational;
use crate::tree::{Solution, backward_induction, confusion};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Backward Induction",
    description: "Computes the subgame perfect equilibria in pure strategies of games with perfect information",
    applicable_to: &[Format::Extensive],
    continuous: false,
    options: &[&options::MAX_EQUILIBRIA],
    run,
    fit,
    check: nothing_to_check,
};

/// How many equilibria are listed unless more are asked for: every tie doubles their number.
const MOST: usize = 100;

/// Most actions that the equilibria of one result may list together.
const MOST_ACTIONS: usize = 200_000;

/// Longest description that names the actions.
const LONGEST: usize = 300;

fn fit(game: &Game) -> Result<(), Unfit> {
    perfect(game).map(|_| ())
}

/// The tree, which has perfect information.
fn perfect(game: &Game) -> Result<&ExtensiveGame, Unfit> {
    let Game::Extensive(tree) = game else {
        return Err(Unfit(
            "backward induction requires a game in extensive form".to_owned(),
        ));
    };
    match confusion(tree) {
        None => Ok(tree),
        Some(set) => Err(Unfit(format!(
            "backward induction requires a game with perfect information: the information set of node '{}' has {} nodes",
            tree.node(tree.members(set)[0]).id,
            tree.members(set).len()
        ))),
    }
}

fn run(
    game: &Game,
    config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let tree = perfect(game)?;
    let actions: usize = tree.nodes().iter().map(|node| node.actions.len()).sum();
    let room = (MOST_ACTIONS / actions.max(1)).max(1);
    let most = config.max_equilibria().unwrap_or(MOST).min(room);
    let solutions = backward_induction(tree, most, control.stop);
    if solutions.found.is_empty() {
        return Err(AnalysisError::Stopped);
    }
    let everything = actions <= MOST_ACTIONS;
    let mut items = Vec::new();
    for solution in &solutions.found {
        // Showing them takes longer than finding them.
        if !items.is_empty() && control.stopped() {
            break;
        }
        items.push(item(tree, solution, everything));
    }
    let complete = solutions.complete && items.len() == solutions.found.len();
    let suffix = if complete { "" } else { "+" };
    let summary = match items.len() {
        1 => format!("1 Subgame Perfect Equilibrium{suffix}"),
        count => format!("{count} Subgame Perfect Equilibria{suffix}"),
    };
    let mut details = Map::from_iter([
        ("equilibria".to_owned(), Value::Array(items)),
        ("solver".to_owned(), json!("backward-induction")),
        ("method".to_owned(), json!("backward induction, exact")),
        ("exhaustive".to_owned(), json!(complete)),
    ]);
    if !everything {
        details.insert(
            "note".to_owned(),
            json!("the tree is large: behavior shows only the nodes that play reaches"),
        );
    }
    Ok(AnalysisResult { summary, details })
}

/// In the shape of a Nash equilibrium: each player's strategy is the plan of all own actions in the order of the tree, and
/// `behavior` spells it out.
fn item(tree: &ExtensiveGame, solution: &Solution, everything: bool) -> Value {
    let players = tree.players();
    let mut plans: Vec<Vec<&str>> = vec![Vec::new(); players.len()];
    let reached = (!everything).then(|| reached(tree, solution));
    let mut behavior: Vec<Map<String, Value>> = vec![Map::new(); players.len()];
    for id in tree.preorder() {
        let node = tree.node(*id);
        let Mover::Infoset(set) = node.mover else {
            continue;
        };
        let player = tree.infoset(set).player.index();
        let choice = solution.choices[id.index()] as usize;
        plans[player].push(&node.actions[choice].label);
        if reached.as_ref().is_none_or(|reached| reached[id.index()]) {
            let shown = node.actions.iter().enumerate().map(|(number, action)| {
                let probability = if number == choice { 1.0 } else { 0.0 };
                (action.label.to_string(), json!(probability))
            });
            behavior[player].insert(key(tree, set), Value::Object(shown.collect()));
        }
    }
    let plans: Vec<String> = plans
        .iter()
        .map(|actions| {
            if actions.is_empty() {
                "∅".to_owned()
            } else {
                actions.join("/")
            }
        })
        .collect();
    let by_player = |show: fn(&Rational) -> Value| -> Map<String, Value> {
        let payoffs = players.iter().zip(&solution.payoffs);
        payoffs
            .map(|(player, payoff)| (player.clone(), show(payoff)))
            .collect()
    };
    let strategies: Map<String, Value> = players
        .iter()
        .zip(&plans)
        .map(|(player, plan)| {
            let sure = Map::from_iter([(plan.clone(), json!(1.0))]);
            (player.clone(), Value::Object(sure))
        })
        .collect();
    let behavior: Map<String, Value> = players
        .iter()
        .cloned()
        .zip(behavior.into_iter().map(Value::Object))
        .collect();
    json!({
        "description": description(players, &plans),
        "behavior_profile": strategies,
        "outcomes": by_player(snapped),
        "strategies": strategies,
        "payoffs": by_player(snapped),
        "behavior": behavior,
        "exact": {"payoffs": by_player(|payoff| json!(payoff.to_string()))},
        "regret": 0.0,
    })
}

/// The name of a player's information set: its own, or that of its first node.
pub(super) fn key(tree: &ExtensiveGame, set: InfosetId) -> String {
    let first = &tree.node(tree.members(set)[0]).id;
    tree.infoset(set).id.as_ref().unwrap_or(first).to_string()
}

fn description(players: &[String], plans: &[String]) -> String {
    let moves: Vec<String> = players
        .iter()
        .zip(plans)
        .filter(|(_, plan)| *plan != "∅")
        .map(|(player, plan)| format!("{player} plays {plan}"))
        .collect();
    let text = format!("SPE: {}", moves.join(", "));
    if moves.is_empty() || text.len() > LONGEST {
        "Subgame Perfect Equilibrium".to_owned()
    } else {
        text
    }
}

/// By node, whether play comes there with a chance, up to as many nodes as a result may list.
fn reached(tree: &ExtensiveGame, solution: &Solution) -> Vec<bool> {
    let mut reached = vec![false; tree.nodes().len()];
    let mut listed = 0;
    let mut pending = vec![tree.root()];
    while let Some(target) = pending.pop() {
        let Target::Node(id) = target else { continue };
        let node = tree.node(id);
        listed += node.actions.len();
        if listed > MOST_ACTIONS {
            break;
        }
        reached[id.index()] = true;
        pending.extend(continuations(tree, id, solution));
    }
    reached
}

fn continuations<'a>(
    tree: &'a ExtensiveGame,
    id: NodeId,
    solution: &'a Solution,
) -> impl Iterator<Item = Target> + 'a {
    let node = tree.node(id);
    let choice = solution.choices[id.index()] as usize;
    let happens = move |number: usize| match node.mover {
        Mover::Infoset(_) => number == choice,
        Mover::Chance => node.actions[number]
            .probability
            .as_ref()
            .is_some_and(Rational::is_positive),
    };
    let actions = node.actions.iter().enumerate();
    actions
        .filter(move |(number, _)| happens(*number))
        .map(|(_, action)| action.target)
}
