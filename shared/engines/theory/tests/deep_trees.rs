//! A centipede of half a million moves: nothing may recurse.

use std::sync::atomic::AtomicBool;

use rookery_theory::cfr::{Algorithm, Behaviour, Flat, best_response, distance};
use rookery_theory::game::{
    Action, ExtensiveGame, ExtensiveParts, InformationSet, InfosetId, Mover, Node, NodeId, Outcome,
    OutcomeId, PlayerId, Target,
};
use rookery_theory::{Config, Control, Game, Rational, analyze, find};
use serde_json::json;

const DEPTH: usize = 500_000;

/// Whoever stops wins 1 of the other.
fn centipede() -> ExtensiveGame {
    let mut parts = ExtensiveParts {
        players: vec!["A".into(), "B".into()],
        root: Some(Target::Node(NodeId::new(0))),
        ..ExtensiveParts::default()
    };
    let action = |label: &str, target: Target| Action {
        label: label.into(),
        target,
        probability: None,
        warning: None,
    };
    for (id, won) in [("a", 1), ("b", -1)] {
        parts.outcomes.push(Outcome {
            id: id.into(),
            label: id.into(),
            payoffs: vec![Rational::from(won), Rational::from(-won)],
        });
    }
    for depth in 0..DEPTH {
        let stop = Target::Outcome(OutcomeId::new(depth % 2));
        let on = match depth + 1 {
            DEPTH => Target::Outcome(OutcomeId::new(0)),
            next => Target::Node(NodeId::new(next)),
        };
        parts.infosets.push(InformationSet {
            id: None,
            player: PlayerId::new(depth % 2),
        });
        parts.nodes.push(Node {
            id: format!("n{depth}").into(),
            label: "".into(),
            mover: Mover::Infoset(InfosetId::new(depth)),
            actions: vec![action("on", on), action("stop", stop)],
            outcome: None,
            warning: None,
        });
    }
    ExtensiveGame::new(parts).expect("a tree")
}

#[test]
fn deep_trees_are_no_danger() {
    let going = AtomicBool::new(false);
    let tree = centipede();
    let flat = Flat::new(&tree, &going).expect("perfect recall");
    for algorithm in Algorithm::ALL {
        let mut learner = algorithm.start(&flat, 0);
        (0..4).for_each(|_| learner.iterate(&going));
        let reached = distance(&flat, &learner.average());
        // The first answer to uniform play is to stop, and there is nothing better.
        assert!(reached.values[0] > 0.9, "{}: {reached:?}", algorithm.name());
    }
    let uniform = Behaviour::uniform(&flat);
    let (value, reply) = best_response(&flat, 0, &uniform);
    assert_eq!((value, reply[1], reply[2]), (1.0, 0.0, 1.0));
    let info = find("Exploitability").expect("an analysis");
    let result = analyze(
        &Game::Extensive(tree),
        info,
        &Config::default(),
        &Control::new(&going),
    )
    .expect("a result");
    // Uniformly A stops first with probability 2/3, so A is worth 1/3 and could have 1; B, who could always stop next, -1/3 and 0.
    let nash_conv = result.details["nash_conv"].as_f64().expect("a number");
    assert!((nash_conv - 1.0).abs() < 1e-9, "{nash_conv}");
    assert_eq!(
        result.details.get("exact"),
        None,
        "fractions of half a million digits are not tried"
    );
    assert_eq!(result.details["policy_type"], json!("uniform_random"));
}
