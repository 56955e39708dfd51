//! Equilibria of whole diagrams, and those that are equilibria in every subgame: components of the relevance graph, solved in turn.

use std::collections::HashSet;

use super::diagram::Diagram;
use super::frame::Size;
use super::mixed::{Found as Mixed, extreme_equilibria};
use super::pure::pure_equilibria;
use super::relevance::{components, remembers};
use super::reply::{uniform, values};
use super::rule::{Rule, Rules};
use super::{Halt, Known, Search, look};
use crate::game::PlayerId;
use crate::rational::Rational;

/// Which equilibria are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One action at each configuration.
    Pure,
    /// Any, of which the extreme ones are listed.
    Mixed,
}

/// What a search brought back.
#[derive(Clone, Debug, PartialEq)]
pub struct Solutions {
    pub profiles: Vec<Rules>,
    /// Whether it is proved that there are no others of the kind looked for.
    pub complete: bool,
    /// What the method cannot find.
    pub shortfall: Option<&'static str>,
}

const BY_COMPONENTS: &str = "the whole is too large to unfold: these are the equilibria that the components of the relevance graph have in turn";
const MANY_AGENTS: &str = "decisions of more than two agents rely on each other: there only pure equilibria were looked for";
const NOT_ALL: &str = "decisions of more than two agents rely on each other: equilibria with irrational probabilities and those of supports that stayed undecided are not listed";
const FORGETFUL: &str =
    "an agent forgets what it knew or did: there only pure equilibria were looked for";
const CONTINUUM: &str =
    "a component has infinitely many equilibria: those above were solved for its extreme ones only";

/// Nash equilibria of the whole diagram.
pub fn nash(diagram: &Diagram, kind: Kind, search: &Search<'_>) -> Result<Solutions, Halt> {
    let part = Part { search, last: true };
    let size = Size::of(diagram).check(diagram.agents());
    match size.and_then(|()| part.solve(diagram, kind)) {
        Err(Halt::TooLarge(_)) => {
            let found = subgame_perfect(diagram, kind, search)?;
            Ok(Solutions {
                complete: false,
                shortfall: found.shortfall.or(Some(BY_COMPONENTS)),
                ..found
            })
        }
        other => other,
    }
}

/// The equilibria that are equilibria in every subgame of the diagram (Hammond, Fox, Everitt, Abate and Wooldridge 2021):
/// components of the relevance graph are solved in turn (Koller and Milch 2003, section 6), those already solved following
/// their rules and those to come playing at random, for every solution of those before.
pub fn subgame_perfect(
    diagram: &Diagram,
    kind: Kind,
    search: &Search<'_>,
) -> Result<Solutions, Halt> {
    let anything = uniform(diagram)?;
    let mut solutions = Solutions {
        profiles: vec![Rules::new()],
        complete: true,
        shortfall: None,
    };
    let components = components(diagram);
    for (number, component) in components.iter().enumerate() {
        (search.progress)(Known {
            fraction: Some(number as f64 / components.len() as f64),
            message: format!(
                "{number} of {} components solved, in {} ways",
                components.len(),
                solutions.profiles.len()
            ),
            profiles: None,
        });
        let quiet = Search {
            progress: &|_| {},
            ..*search
        };
        let part = Part {
            search: &quiet,
            last: number + 1 == components.len(),
        };
        let mut extended = Vec::new();
        for partial in &solutions.profiles {
            let mut others = anything.clone();
            others.extend(
                partial
                    .iter()
                    .map(|(decision, rule)| (*decision, rule.clone())),
            );
            others.retain(|decision, _| !component.contains(decision));
            let found = match part.solve(&diagram.fixed(&others), kind) {
                Err(Halt::Stopped) if !extended.is_empty() => {
                    solutions.complete = false;
                    break;
                }
                found => found?,
            };
            solutions.complete &= found.complete;
            solutions.shortfall = solutions.shortfall.or(found.shortfall);
            for mut profile in found.profiles {
                profile.extend(partial.clone());
                extended.push(profile);
            }
            if extended.len() > search.most {
                solutions.complete = false;
                extended.truncate(search.most);
                break;
            }
        }
        solutions.profiles = extended;
    }
    Ok(solutions)
}

/// How one component, or the whole, is solved.
struct Part<'a> {
    search: &'a Search<'a>,
    /// Nothing is solved on top of it.
    last: bool,
}

impl Part<'_> {
    fn solve(&self, diagram: &Diagram, kind: Kind) -> Result<Solutions, Halt> {
        let movers: Vec<PlayerId> = (0..diagram.agents())
            .map(PlayerId::new)
            .filter(|agent| !diagram.decisions_of(*agent).is_empty())
            .collect();
        let remember = movers.iter().all(|agent| remembers(diagram, *agent));
        if kind == Kind::Mixed && movers.len() >= 2 && remember {
            match extreme_equilibria(diagram, self.search) {
                Err(Halt::TooLarge(_)) if movers.len() > 2 => {}
                found => return Ok(self.mixed(diagram, &movers, found?)),
            }
        }
        let mut solutions = match diagram.decisions().as_slice() {
            [decision] => self.optimal_rules(diagram, *decision)?,
            _ => {
                let found = pure_equilibria(diagram, self.search)?;
                Solutions {
                    profiles: found.profiles,
                    complete: found.complete,
                    shortfall: None,
                }
            }
        };
        if kind == Kind::Mixed {
            // A single agent's optima are the mixtures of its pure ones.
            solutions.shortfall = match movers.len() {
                0 | 1 if self.last || solutions.profiles.len() <= 1 => None,
                0 | 1 => Some(CONTINUUM),
                2 => Some(FORGETFUL),
                _ => Some(MANY_AGENTS),
            };
            solutions.complete &= solutions.shortfall.is_none();
        }
        Ok(solutions)
    }

    fn mixed(&self, diagram: &Diagram, movers: &[PlayerId], found: Mixed) -> Solutions {
        let many = movers.len() > 2;
        let continuum = !self.last && !many && touching(diagram, &found.profiles, movers);
        let shortfall = match (continuum, many && !found.complete) {
            (true, _) => Some(CONTINUUM),
            (false, true) => Some(NOT_ALL),
            (false, false) => None,
        };
        Solutions {
            profiles: found.profiles,
            complete: found.complete && !continuum,
            shortfall,
        }
    }

    /// Every best rule of the one open decision: at each configuration any of the best actions.
    fn optimal_rules(&self, diagram: &Diagram, decision: usize) -> Result<Solutions, Halt> {
        let actions = diagram.sizes()[decision];
        let values = values(diagram, decision, self.search.stop)?;
        let best: Vec<Vec<usize>> = values.chunks(actions).map(best_actions).collect();
        let mut found = Solutions {
            profiles: Vec::new(),
            complete: true,
            shortfall: None,
        };
        let mut digits = vec![0; best.len()];
        loop {
            if found.profiles.len() == self.search.most || look(self.search.stop).is_err() {
                found.complete = false;
                return Ok(found);
            }
            let choices: Vec<usize> = digits
                .iter()
                .zip(&best)
                .map(|(digit, best)| best[*digit])
                .collect();
            let rule = Rule::pure(actions, &choices);
            found.profiles.push(Rules::from([(decision, rule)]));
            let Some(position) =
                (0..best.len()).rfind(|position| digits[*position] + 1 < best[*position].len())
            else {
                return Ok(found);
            };
            digits[position] += 1;
            digits[position + 1..].fill(0);
        }
    }
}

fn best_actions(values: &[Rational]) -> Vec<usize> {
    let best = values.iter().max();
    (0..values.len())
        .filter(|action| Some(&values[*action]) == best)
        .collect()
}

/// Whether two of these extreme equilibria share an agent's rules: then everything between them is an equilibrium too.
fn touching(diagram: &Diagram, profiles: &[Rules], movers: &[PlayerId]) -> bool {
    movers.iter().any(|agent| {
        let own = diagram.decisions_of(*agent);
        let mut seen = HashSet::new();
        profiles.iter().any(|profile| {
            let rules: Vec<Option<&Rule>> =
                own.iter().map(|decision| profile.get(decision)).collect();
            !seen.insert(rules)
        })
    })
}
