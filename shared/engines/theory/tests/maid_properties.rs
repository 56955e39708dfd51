//! Random influence diagrams: solutions compared with those of the unfolded game, relevance with its definition.

mod diagrams;

use std::sync::atomic::AtomicBool;

use diagrams::{Item, chance, decision, diagram, payoff, solve};
use rookery_theory::convert::{Reduction, normal_form};
use rookery_theory::game::PlayerId;
use rookery_theory::maid::{self, Diagram, Kind, Solutions, components, requisite};
use rookery_theory::solve::{Search, pure};
use rookery_theory::{Format, Game, convert};
use serde_json::json;

/// xorshift64*
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

const AGENTS: [&str; 3] = ["A", "B", "C"];
const VALUES: [&str; 2] = ["0", "1"];

/// Who observes, in random diagrams.
#[derive(Clone, Copy)]
enum Memory {
    /// Each decision observes some of the earlier nodes.
    Any,
    /// Besides, each agent knows at its later decisions what it knew and did before.
    Perfect,
}

/// Two to five decisions and chance nodes with full support, payoffs that depend on up to three of them.
fn random_diagram(random: &mut Random, agents: usize, memory: Memory) -> Game {
    let mut items: Vec<Item> = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut known: Vec<Vec<String>> = vec![Vec::new(); agents];
    let mut sets = 0;
    for number in 0..2 + random.below(4) {
        let mut parents: Vec<String> = Vec::new();
        for name in &names {
            if random.below(3) == 0 && parents.len() < 2 {
                parents.push(name.clone());
            }
        }
        let owner = random.below(agents);
        let name = format!("N{number}");
        if random.below(3) > 0 && sets < 6 {
            if let Memory::Perfect = memory {
                parents.extend(known[owner].clone());
                parents.sort();
                parents.dedup();
                known[owner].clone_from(&parents);
                known[owner].push(name.clone());
            }
            sets += 1 << parents.len();
            items.push(decision(&name, AGENTS[owner], &VALUES, &texts(&parents)));
        } else {
            let columns = 1 << parents.len();
            let weights: Vec<usize> = (0..columns).map(|_| 1 + random.below(4)).collect();
            let row = |above: fn(usize) -> usize| -> Vec<String> {
                weights
                    .iter()
                    .map(|weight| format!("{}/5", above(*weight)))
                    .collect()
            };
            let rows = [row(|weight| weight), row(|weight| 5 - weight)];
            let rows: Vec<Vec<&str>> = rows.iter().map(|row| texts(row)).collect();
            items.push(chance(
                &name,
                &VALUES,
                &texts(&parents),
                &[&rows[0], &rows[1]],
            ));
        }
        names.push(name);
    }
    for number in 0..agents + random.below(3) {
        let mut parents: Vec<&String> = Vec::new();
        for name in &names {
            if random.below(2) == 0 && parents.len() < 3 {
                parents.push(name);
            }
        }
        let parents: Vec<&str> = parents.into_iter().map(String::as_str).collect();
        let payoffs: Vec<i64> = (0..1 << parents.len())
            .map(|_| random.below(5) as i64)
            .collect();
        items.push(payoff(
            &format!("U{number}"),
            AGENTS[number % agents],
            &parents,
            &payoffs,
        ));
    }
    diagram(&AGENTS[..agents], &items)
}

fn texts(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn nash(game: &Game, kind: Kind, stop: &AtomicBool) -> Solutions {
    let Game::Maid(game) = game else {
        panic!("a diagram")
    };
    let diagram = Diagram::of(game).expect("complete");
    let search = maid::Search {
        stop,
        most: 10_000,
        progress: &|_| {},
    };
    maid::nash(&diagram, kind, &search).expect("small")
}

fn has_decisions(game: &Game) -> bool {
    matches!(game, Game::Maid(game) if !game.decisions().is_empty())
}

/// The search over rules agrees with marking best replies in the unreduced normal form of the tree, with any recall.
#[test]
fn pure_equilibria_are_those_of_the_unfolded_game() {
    let mut random = Random(0x5eed_0001);
    let stop = AtomicBool::new(false);
    let mut equilibria = 0;
    for round in 0..300 {
        let game = random_diagram(&mut random, 1 + round % 3, Memory::Any);
        if !has_decisions(&game) {
            continue;
        }
        let Ok(Game::Extensive(tree)) = convert(&game, Format::Extensive) else {
            panic!("a small diagram")
        };
        let Ok(table) = normal_form(&tree, tree.meta().clone(), Reduction::Full, 200_000) else {
            continue;
        };
        let expected = pure(&table, &Search::new(&stop));
        let found = nash(&game, Kind::Pure, &stop);
        if expected.complete && found.complete {
            assert_eq!(
                found.profiles.len(),
                expected.equilibria.len(),
                "round {round}"
            );
            equilibria += found.profiles.len();
        }
    }
    assert!(equilibria > 400, "the diagrams were worth the trouble");
}

/// Two agents with perfect recall: as many extreme equilibria as the tree's reduced normal form has, each certified from the diagram.
#[test]
fn mixed_equilibria_are_those_of_the_unfolded_game() {
    let mut random = Random(0x5eed_0002);
    let stop = AtomicBool::new(false);
    let mut mixed = 0;
    for round in 0..200 {
        let game = random_diagram(&mut random, 2, Memory::Perfect);
        let Game::Maid(maid) = &game else {
            panic!("a diagram")
        };
        let diagram = Diagram::of(maid).expect("complete");
        let moves = |agent: usize| !diagram.decisions_of(PlayerId::new(agent)).is_empty();
        if !moves(0) || !moves(1) {
            continue;
        }
        let found = nash(&game, Kind::Mixed, &stop);
        let (_, unfolded) = solve(&game, "Nash Equilibrium", &json!({}));
        let unfolded = unfolded["equilibria"].as_array().expect("a list");
        assert_eq!(found.profiles.len(), unfolded.len(), "round {round}");
        for profile in found.profiles.iter().take(8) {
            let certificate = maid::certify(&diagram, profile, &stop).expect("small");
            assert!(certificate.regret.is_zero(), "round {round}");
            mixed += usize::from(!profile.values().all(maid::Rule::is_pure));
        }
    }
    assert!(mixed > 20, "only {mixed} mixed equilibria came up");
}

/// Subgame perfect equilibria are equilibria (each is certified before it is shown), and there is one in pure rules whenever no decisions
/// rely on each other in a circle (Koller and Milch 2003, theorem 6.1).
#[test]
fn acyclic_diagrams_have_pure_subgame_perfect_equilibria() {
    let mut random = Random(0x5eed_0003);
    let mut acyclic = 0;
    for round in 0..200 {
        let game = random_diagram(&mut random, 1 + round % 3, Memory::Perfect);
        let Game::Maid(maid) = &game else {
            panic!("a diagram")
        };
        let graph = Diagram::graph(maid);
        if maid.decisions().is_empty() || components(&graph).iter().any(|part| part.len() > 1) {
            continue;
        }
        acyclic += 1;
        let one = json!({"max_equilibria": 4});
        let (_, details) = solve(&game, "MAID Subgame Perfect Equilibrium", &one);
        assert_ne!(details["equilibria"], json!([]), "round {round}");
    }
    assert!(acyclic > 50);
}

/// Relevance against its definition, d-separation decided by the moral graph of the ancestors (Lauritzen, Dawid, Larsen and Leimer 1990).
#[test]
fn relevance_is_separation_in_the_moral_graph() {
    let mut random = Random(0x5eed_0005);
    let mut positive = 0;
    for round in 0..500 {
        let game = random_diagram(&mut random, 1 + round % 3, Memory::Any);
        let Game::Maid(maid) = &game else {
            panic!("a diagram")
        };
        let graph = Diagram::graph(maid);
        for decision in maid.decisions() {
            let relied_on = requisite(&graph, decision);
            for (node, relied_on) in relied_on.into_iter().enumerate() {
                let expected = relies_on(&graph, decision, node);
                assert_eq!(relied_on, expected, "round {round}: {decision} on {node}");
                positive += usize::from(expected);
            }
        }
    }
    assert!(positive > 500);
}

/// Whether a new parent of `node` is connected with a utility of the decider below the decision, given the decision and its parents.
fn relies_on(graph: &Diagram, decision: usize, node: usize) -> bool {
    let agent = graph.decider(decision).expect("a decision");
    let below = graph.descendants(decision);
    let new = graph.nodes();
    let parents = |of: usize| -> Vec<usize> {
        if of == new {
            return Vec::new();
        }
        let own = graph.parents(of).iter().copied();
        own.chain((of == node).then_some(new)).collect()
    };
    let mut given = graph.parents(decision).to_vec();
    given.push(decision);
    let utilities = graph.utilities_of(agent).into_iter();
    utilities.filter(|utility| below[*utility]).any(|utility| {
        let mut kept = vec![false; new + 1];
        let mut pending: Vec<usize> = given.iter().copied().chain([utility, new]).collect();
        while let Some(next) = pending.pop() {
            if !std::mem::replace(&mut kept[next], true) {
                pending.extend(parents(next));
            }
        }
        let mut joined = vec![Vec::new(); new + 1];
        let mut join = |one: usize, other: usize| {
            joined[one].push(other);
            joined[other].push(one);
        };
        for child in (0..=new).filter(|child| kept[*child]) {
            let above = parents(child);
            for (position, parent) in above.iter().enumerate() {
                join(*parent, child);
                for other in &above[..position] {
                    join(*parent, *other);
                }
            }
        }
        let mut seen = vec![false; new + 1];
        let mut pending = vec![new];
        while let Some(next) = pending.pop() {
            if given.contains(&next) || std::mem::replace(&mut seen[next], true) {
                continue;
            }
            pending.extend(&joined[next]);
        }
        seen[utility]
    })
}
