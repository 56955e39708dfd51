//! The analysis "Decision Relevance": which decisions rely on which, read off the diagram's graph.

use serde_json::{Map, Value, json};

use super::maid_input::maid;
use super::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, Control, Unfit, nothing_to_check,
};
use crate::game::{Format, Game};
use crate::maid::{Diagram, components, requisite};

pub const INFO: AnalysisInfo = AnalysisInfo {
    name: "Decision Relevance",
    description: "Analyzes which decisions of an influence diagram rely on which others, and in which order they can be solved",
    applicable_to: &[Format::Maid],
    continuous: false,
    options: &[],
    run,
    fit,
    check: nothing_to_check,
};

/// Most pairs of a decision and another node: the result may list them all.
const MOST_PAIRS: usize = 1_000_000;

fn fit(game: &Game) -> Result<(), Unfit> {
    let game = maid(game);
    let decisions = game.decisions().len();
    if decisions == 0 {
        return Err(Unfit("the diagram has no decision nodes".to_owned()));
    }
    if decisions.saturating_mul(game.nodes().len()) > MOST_PAIRS {
        return Err(Unfit(format!(
            "the diagram has {decisions} decisions among {} nodes; at most {MOST_PAIRS} pairs are looked at",
            game.nodes().len()
        )));
    }
    Ok(())
}

/// `s_reachable` lists for each decision those whose rules its own optimal rule may depend on (Koller and Milch 2003). `r_reachable` is
/// pycid's wider notion, of any node, which among decisions is the same; the other nodes are under `relies_on_nodes`.
fn run(
    game: &Game,
    _config: &Config,
    control: &Control<'_>,
) -> Result<AnalysisResult, AnalysisError> {
    let game = maid(game);
    let diagram = Diagram::graph(game);
    let decisions = diagram.decisions();
    let id = |node: usize| game.nodes()[node].id.clone();
    let mut reachable = Map::new();
    let mut nodes = Map::new();
    let mut count = 0;
    for decision in &decisions {
        if control.stopped() {
            return Err(AnalysisError::Stopped);
        }
        let requisite = requisite(&diagram, *decision);
        let (others, rest): (Vec<usize>, Vec<usize>) = (0..game.nodes().len())
            .filter(|node| requisite[*node] && node != decision)
            .partition(|node| diagram.decider(*node).is_some());
        count += others.len();
        let names = |nodes: Vec<usize>| nodes.into_iter().map(|node| json!(id(node))).collect();
        reachable.insert(id(*decision), Value::Array(names(others)));
        nodes.insert(id(*decision), Value::Array(names(rest)));
    }
    let components: Vec<Vec<String>> = components(&diagram)
        .into_iter()
        .map(|component| component.into_iter().map(id).collect())
        .collect();
    let summary = if count == 0 {
        "No strategic dependencies between decisions".to_owned()
    } else {
        format!("{count} r-reachable, {count} s-reachable relationships")
    };
    let names: Vec<String> = decisions.iter().map(|decision| id(*decision)).collect();
    let acyclic = components.len() == decisions.len();
    let details = Map::from_iter([
        ("decisions".to_owned(), json!(names)),
        ("r_reachable".to_owned(), Value::Object(reachable.clone())),
        ("s_reachable".to_owned(), Value::Object(reachable)),
        ("relies_on_nodes".to_owned(), Value::Object(nodes)),
        ("components".to_owned(), json!(components)),
        ("acyclic".to_owned(), json!(acyclic)),
        (
            "interpretation".to_owned(),
            json!({
                "r_reachable": "D1 lists D2 when what happens at D2 can matter to the best rule at D1",
                "s_reachable": "D1 lists D2 when the rule followed at D2 can matter to the best rule at D1",
                "components": "decisions that must be solved together, each group after those it relies on",
            }),
        ),
    ]);
    Ok(AnalysisResult { summary, details })
}
