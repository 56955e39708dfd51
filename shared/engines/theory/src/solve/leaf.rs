//! The exact end of the search: the completely labelled pairs of a node, in integers.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use dashu_int::IBig;

use super::face::{Point, each_vertex};
use super::labels::Labels;
use super::linear::{Solution, solve};
use super::node::Node;
use super::number::{Exact, Overflow};
use super::polytope::{Meaning, Polytope};
use super::vertices::Walk;

/// Most vertices of one face that are held at a time.
const MOST_POINTS: usize = 1 << 14;

/// Takes a completely labelled pair.
pub type Take<'t> = dyn FnMut(&Point, &Point) -> ControlFlow<()> + 't;

/// All pairs of a node whose labels are all fixed.
pub fn pairs_of_leaf(node: &Node<'_>, stop: &AtomicBool, take: &mut Take<'_>) -> Walk {
    let (first, second) = (node.first.polytope, node.second.polytope);
    // The second face is the same for every vertex of the first: walked once, remembered after that.
    let mut replies: Option<Vec<Point>> = None;
    visit(first, node.first.fixed(), stop, &mut |x| {
        if is_forbidden(node, x) {
            return ControlFlow::Continue(());
        }
        if let Some(replies) = &replies {
            return replies.iter().try_for_each(|y| take(x, y));
        }
        let mut points = Vec::new();
        let walk = visit(second, node.second.fixed(), stop, &mut |y| {
            take(x, y)?;
            points.push(y.clone());
            if points.len() < MOST_POINTS {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        });
        replies = Some(points);
        proceed(walk)
    })
}

/// All pairs of any node, by every vertex of one face in exact arithmetic: for when doubles do not decide.
pub fn pairs_of_face(node: &Node<'_>, stop: &AtomicBool, take: &mut Take<'_>) -> Walk {
    let (first, second) = (&node.first, &node.second);
    let labels = first.polytope.labels();
    if first.polytope.variables <= second.polytope.variables {
        visit(first.polytope, first.fixed(), stop, &mut |x| {
            if is_forbidden(node, x) {
                return ControlFlow::Continue(());
            }
            let mut rest = second.fixed().clone();
            rest.add_missing(&tight(first.polytope, x), labels);
            proceed(visit(second.polytope, &rest, stop, &mut |y| take(x, y)))
        })
    } else {
        visit(second.polytope, second.fixed(), stop, &mut |y| {
            let mut rest = first.fixed().clone();
            rest.add_missing(&tight(second.polytope, y), labels);
            proceed(visit(first.polytope, &rest, stop, &mut |x| {
                if is_forbidden(node, x) {
                    return ControlFlow::Continue(());
                }
                take(x, y)
            }))
        })
    }
}

fn proceed(walk: Walk) -> ControlFlow<()> {
    match walk {
        Walk::Complete => ControlFlow::Continue(()),
        Walk::Broken => ControlFlow::Break(()),
    }
}

fn is_forbidden(node: &Node<'_>, x: &Point) -> bool {
    !node.forbidden.is_empty()
        && node
            .forbidden
            .common(&tight(node.first.polytope, x))
            .is_some()
}

/// The labels that are tight at a vertex.
fn tight(polytope: &Polytope, point: &Point) -> Labels {
    let mut labels = Labels::none(polytope.labels());
    for (variable, numerator) in point.numerators.iter().enumerate() {
        if *numerator == IBig::ZERO {
            labels.insert(polytope.label_of(Meaning::Variable(variable)));
        }
    }
    for row in 0..polytope.rows {
        if reply(polytope, row, point) == point.denominator {
            labels.insert(polytope.label_of(Meaning::Row(row)));
        }
    }
    labels
}

/// What a row of the matrix comes to at a point, times its denominator.
fn reply(polytope: &Polytope, row: usize, point: &Point) -> IBig {
    let terms = point.numerators.iter().enumerate();
    terms
        .filter(|(_, numerator)| **numerator != IBig::ZERO)
        .map(|(column, numerator)| polytope.exact.at(row, column) * numerator)
        .fold(IBig::ZERO, |sum, term| sum + term)
}

/// The vertices of the face where these labels are tight.
fn visit(
    polytope: &Polytope,
    fixed: &Labels,
    stop: &AtomicBool,
    each: &mut dyn FnMut(&Point) -> ControlFlow<()>,
) -> Walk {
    let is_fixed = |meaning| fixed.contains(polytope.label_of(meaning));
    let used: Vec<usize> = (0..polytope.variables)
        .filter(|variable| !is_fixed(Meaning::Variable(*variable)))
        .collect();
    let optimal: Vec<usize> = (0..polytope.rows)
        .filter(|row| is_fixed(Meaning::Row(*row)))
        .collect();
    if used.len() == optimal.len() {
        let only = only_point::<i128>(polytope, &optimal, &used)
            .or_else(|Overflow| only_point::<IBig>(polytope, &optimal, &used))
            .expect("integers of any size do not overflow");
        match only {
            Only::Point(point) if each(&point).is_break() => return Walk::Broken,
            Only::Point(_) | Only::None => return Walk::Complete,
            Only::Unclear => {}
        }
    }
    each_vertex(&polytope.exact, (&optimal, &used), stop, |point| {
        each(&point)
    })
}

enum Only {
    Point(Point),
    None,
    /// The equations have no single solution.
    Unclear,
}

/// The point that as many equations as unknowns leave, if it lies in the polytope.
fn only_point<N: Exact>(
    polytope: &Polytope,
    optimal: &[usize],
    used: &[usize],
) -> Result<Only, Overflow> {
    let mut system = Vec::with_capacity(optimal.len());
    for row in optimal {
        let mut line = Vec::with_capacity(used.len() + 1);
        for column in used {
            line.push(N::from_integer(polytope.exact.at(*row, *column))?);
        }
        line.push(N::one());
        system.push(line);
    }
    let Some(Solution {
        numerators,
        denominator,
    }) = solve(system)?
    else {
        return Ok(Only::Unclear);
    };
    let mut point = Point {
        numerators: vec![IBig::ZERO; polytope.variables],
        denominator: denominator.to_integer(),
    };
    for (column, numerator) in used.iter().zip(&numerators) {
        point.numerators[*column] = numerator.to_integer();
    }
    let is_inside = point.numerators.iter().all(|value| *value >= IBig::ZERO)
        && (0..polytope.rows).all(|row| reply(polytope, row, &point) <= point.denominator);
    Ok(if is_inside {
        Only::Point(point)
    } else {
        Only::None
    })
}
