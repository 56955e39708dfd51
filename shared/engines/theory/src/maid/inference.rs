//! Expected utilities and distributions by eliminating variables; nothing that cannot matter is looked at.

use std::sync::atomic::AtomicBool;

use super::Halt;
use super::diagram::{Diagram, Role};
use super::factor::{Context, Factor};
use crate::game::PlayerId;
use crate::rational::Rational;

/// What the agent gets on average. Every decision above its utilities must be fixed ([`Diagram::fixed`]).
pub fn expected_utility(
    diagram: &Diagram,
    agent: PlayerId,
    stop: &AtomicBool,
) -> Result<Rational, Halt> {
    let mut total = Rational::ZERO;
    for utility in diagram.utilities_of(agent) {
        let paid = payoff(diagram, utility, &[], stop)?;
        total += &paid.values[0];
    }
    Ok(total)
}

/// The joint probability of the variables' values, in row-major order; the decisions among them count with weight 1 each.
pub fn marginal(
    diagram: &Diagram,
    variables: &[usize],
    stop: &AtomicBool,
) -> Result<Vec<Rational>, Halt> {
    let factors = probabilities(diagram, variables);
    let context = Context {
        sizes: diagram.sizes(),
        stop,
    };
    Ok(context.eliminate(factors, variables)?.values)
}

/// The utility's payoff times the probability of where it is paid, summed over everything but `keep`.
pub fn payoff(
    diagram: &Diagram,
    utility: usize,
    keep: &[usize],
    stop: &AtomicBool,
) -> Result<Factor, Halt> {
    let parents = diagram.parents(utility);
    let roots: Vec<usize> = parents.iter().chain(keep).copied().collect();
    let mut factors = probabilities(diagram, &roots);
    if let Role::Utility(_, payoffs) = diagram.role(utility) {
        factors.push(Factor {
            scope: parents.to_vec(),
            values: payoffs.to_vec(),
        });
    }
    let context = Context {
        sizes: diagram.sizes(),
        stop,
    };
    context.eliminate(factors, keep)
}

/// The tables of the chance nodes above these, themselves included: those below sum to one.
fn probabilities(diagram: &Diagram, of: &[usize]) -> Vec<Factor> {
    let above = diagram.ancestors(of);
    let table = |node: usize| match diagram.role(node) {
        Role::Chance(values) if above[node] => Some(Factor {
            scope: diagram
                .parents(node)
                .iter()
                .copied()
                .chain([node])
                .collect(),
            values: values.to_vec(),
        }),
        _ => None,
    };
    (0..diagram.nodes()).filter_map(table).collect()
}
