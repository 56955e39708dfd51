//! Which tools a model is offered: those that the hour or a goal asks for, then the others in turns.

use crate::archetype::{Kind, Tool};
use crate::decision::Percept;
use crate::goal::{Goal, Step};
use crate::inference::estimated_tokens;

use super::budget::Cut;

/// At most so many tools of at most so many tokens together, in the archetype's order: the same choice makes the same prompt. The
/// number of the decision turns the wheel, so that each tool is offered again and again.
pub(super) fn offered(percept: &Percept<'_>, most: usize, tokens: u32) -> (Vec<Tool>, Option<Cut>) {
    let possible: Vec<&Tool> = percept
        .archetype
        .tools
        .iter()
        .filter(|tool| !percept.near.is_empty() || !needs_company(tool))
        .collect();
    let (called_for, others): (Vec<usize>, Vec<usize>) =
        (0..possible.len()).partition(|&at| is_called_for(percept, &possible[at].name));
    let first = in_turn(&called_for, most, percept.mind.decisions);
    let then = in_turn(&others, most - first.len(), percept.mind.decisions);
    let mut chosen: Vec<usize> = Vec::new();
    let mut left = tokens;
    let mut wanted = 0;
    for at in first.into_iter().chain(then) {
        let cost = tokens_of(possible[at]);
        wanted += cost as usize * 4;
        if cost <= left {
            left -= cost;
            chosen.push(at);
        }
    }
    chosen.sort_unstable();
    let kept = (tokens - left) as usize * 4;
    let cut = (kept < wanted).then_some(Cut {
        part: "tools",
        kept,
        of: wanted,
    });
    let tools = chosen.into_iter().map(|at| possible[at].clone());
    (tools.collect(), cut)
}

/// As [`crate::inference::Request::estimated_prompt_tokens`] counts it.
pub(super) fn tokens_of(tool: &Tool) -> u32 {
    estimated_tokens(&tool.description) + estimated_tokens(&tool.schema().to_string())
}

/// So many of them, from another place with each decision.
fn in_turn(tools: &[usize], most: usize, decision: u64) -> Vec<usize> {
    let taken = most.min(tools.len());
    let wheel = decision.wrapping_mul(taken as u64);
    let start = wheel.checked_rem(tools.len() as u64).unwrap_or(0) as usize;
    let turned = tools.iter().cycle().skip(start);
    turned.take(taken).copied().collect()
}

fn needs_company(tool: &Tool) -> bool {
    let mut required = tool.parameters.iter().filter(|one| one.required);
    required.any(|one| one.kind == Kind::Character)
}

/// The routine names it for this hour, or the next step of an open goal does.
fn is_called_for(percept: &Percept<'_>, tool: &str) -> bool {
    let routine = percept.mind.routine.as_ref();
    let by_routine = routine
        .and_then(|routine| routine.phase(percept.now.fast))
        .is_some_and(|phase| phase.tools.iter().any(|one| one == tool));
    let spelled = tool.replace('_', " ");
    let names = |step: &Step| {
        let step = step.description.to_lowercase();
        step.contains(tool) || step.contains(&spelled)
    };
    let mut steps = percept.mind.goals.iter().filter_map(Goal::next_step);
    by_routine || steps.any(names)
}
