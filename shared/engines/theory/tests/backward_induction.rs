//! Backward Induction: textbook games, ties, chance, inner outcomes, very deep trees, and a brute force over all plans.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use rookery_theory::game::{
    Action, ExtensiveGame, ExtensiveParts, InformationSet, InfosetId, Meta, Mover, Node, NodeId,
    Outcome, OutcomeId, PlayerId, Target,
};
use rookery_theory::tree::backward_induction;
use rookery_theory::{
    AnalysisResult, Config, Control, Game, Limits, Rational, analyze, examples, find, fit, parse,
};
use serde_json::{Value, json};

fn efg(text: &str) -> Game {
    parse("g.efg", text.as_bytes(), &Limits::default()).expect("well formed")
}

fn run(game: &Game, config: Value) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    let info = find("Backward Induction").expect("an analysis");
    let config = Config::from_json(&config).expect("a config");
    analyze(game, info, &config, &Control::new(&stop)).expect("a result")
}

#[test]
fn trust_is_not_honoured() {
    let games = examples();
    let game = games
        .iter()
        .find(|game| game.id() == "trust-game")
        .expect("an example");
    let result = run(game, json!({}));
    assert_eq!(result.summary, "1 Subgame Perfect Equilibrium");
    assert_eq!(result.details["solver"], "backward-induction");
    assert_eq!(result.details["exhaustive"], true);
    assert_eq!(
        result.details["equilibria"],
        json!([{
            "description": "SPE: Alice plays Don't, Bob plays Betray",
            "behavior_profile": {"Alice": {"Don't": 1.0}, "Bob": {"Betray": 1.0}},
            "strategies": {"Alice": {"Don't": 1.0}, "Bob": {"Betray": 1.0}},
            "outcomes": {"Alice": 0.0, "Bob": 0.0},
            "payoffs": {"Alice": 0.0, "Bob": 0.0},
            "behavior": {
                "Alice": {"n_start": {"Trust": 0.0, "Don't": 1.0}},
                "Bob": {"n_bob": {"Honor": 0.0, "Betray": 1.0}},
            },
            "exact": {"payoffs": {"Alice": "0", "Bob": "0"}},
            "regret": 0.0,
        }])
    );
}

/// Player 1 picks C, D or E; player 2 is indifferent after C and after D (Osborne 2004, section 5.4.2).
const SIX: &str = r#"EFG 2 R "six" { "1" "2" }
p "" 1 1 "" { "C" "D" "E" } 0
p "" 2 1 "" { "F" "G" } 0 t "" 1 "" { 3 0 } t "" 2 "" { 1 0 }
p "" 2 2 "" { "H" "I" } 0 t "" 3 "" { 1 1 } t "" 4 "" { 2 1 }
p "" 2 3 "" { "J" "K" } 0 t "" 5 "" { 2 2 } t "" 6 "" { 1 3 }"#;

#[test]
fn ties_give_all_six_equilibria_of_the_textbook() {
    let result = run(&efg(SIX), json!({}));
    assert_eq!(result.summary, "6 Subgame Perfect Equilibria");
    assert_eq!(result.details["exhaustive"], true);
    let items = result.details["equilibria"].as_array().expect("a list");
    let found: BTreeSet<&str> = items
        .iter()
        .map(|item| item["description"].as_str().expect("a text"))
        .collect();
    let expected = [
        "SPE: 1 plays C, 2 plays F/H/K",
        "SPE: 1 plays C, 2 plays F/I/K",
        "SPE: 1 plays C, 2 plays G/H/K",
        "SPE: 1 plays D, 2 plays G/H/K",
        "SPE: 1 plays E, 2 plays G/H/K",
        "SPE: 1 plays D, 2 plays G/I/K",
    ];
    assert_eq!(found, BTreeSet::from(expected));
    assert_eq!(items.len(), 6);
}

#[test]
fn a_cut_list_does_not_claim_to_be_all() {
    for most in 1..=5 {
        let result = run(&efg(SIX), json!({"max_equilibria": most}));
        assert_eq!(result.details["exhaustive"], false);
        assert!(result.summary.ends_with('+'), "{}", result.summary);
        let items = result.details["equilibria"].as_array().expect("a list");
        assert_eq!(items.len(), most);
    }
    let all = run(&efg(SIX), json!({"max_equilibria": 6}));
    assert_eq!(all.details["exhaustive"], true);
}

#[test]
fn chance_and_inner_outcomes_count() {
    // Going in costs 1 at once; then a coin gives 6 or 0: worth 3 - 1 = 2 against 1 for staying out, and 1/3 for the other player.
    let text = r#"EFG 2 R "entry" { "A" "B" }
p "" 1 1 "" { "in" "out" } 0
c "" 1 "" { "heads" 1/2 "tails" 1/2 } 1 "fee" { -1 1/3 }
t "" 2 "" { 6 0 } t "" 3 "" { 0 0 }
t "" 4 "" { 1 0 }"#;
    let result = run(&efg(text), json!({}));
    assert_eq!(
        result.details["equilibria"][0]["exact"]["payoffs"],
        json!({"A": "2", "B": "1/3"})
    );
}

#[test]
fn hidden_moves_are_refused_with_the_place() {
    let text = r#"EFG 2 R "pennies" { "A" "B" } p "" 1 1 "" { "h" "t" } 0 p "x" 2 1 "" { "h" "t" } 0 t "" 1 "" { 1 -1 } t "" 2 "" { -1 1 } p "y" 2 1 "" { "h" "t" } 0 t "" 3 "" { -1 1 } t "" 4 "" { 1 -1 }"#;
    let info = find("Backward Induction").expect("an analysis");
    let why = fit(&efg(text), info).expect_err("not perfect information");
    assert!(
        why.to_string().contains("perfect information") && why.to_string().contains("2 nodes"),
        "{why}"
    );
}

/// A tree being built: every node of its own information set.
#[derive(Default)]
struct Builder(ExtensiveParts);

impl Builder {
    fn players(count: usize) -> Builder {
        Builder(ExtensiveParts {
            meta: Meta::default(),
            players: (0..count).map(|player| player.to_string()).collect(),
            ..ExtensiveParts::default()
        })
    }

    fn end(&mut self, payoffs: Vec<i64>) -> Target {
        let number = self.0.outcomes.len();
        self.0.outcomes.push(Outcome {
            id: format!("end{number}").as_str().into(),
            label: "".into(),
            payoffs: payoffs.into_iter().map(Rational::from).collect(),
        });
        Target::Outcome(OutcomeId::new(number))
    }

    fn decision(&mut self, player: usize, targets: &[Target]) -> Target {
        let number = self.0.nodes.len();
        self.0.infosets.push(InformationSet {
            id: None,
            player: PlayerId::new(player),
        });
        let actions = targets.iter().enumerate().map(|(action, target)| Action {
            label: action.to_string().into(),
            target: *target,
            probability: None,
            warning: None,
        });
        self.0.nodes.push(Node {
            id: format!("node{number}").as_str().into(),
            label: "".into(),
            mover: Mover::Infoset(InfosetId::new(self.0.infosets.len() - 1)),
            actions: actions.collect(),
            outcome: None,
            warning: None,
        });
        Target::Node(NodeId::new(number))
    }

    fn game(mut self, root: Target) -> ExtensiveGame {
        self.0.root = Some(root);
        ExtensiveGame::new(self.0).expect("well formed")
    }
}

#[test]
fn a_centipede_of_half_a_million_legs_stops_at_once() {
    // Rosenthal 1981: taking now is better than being taken from in the next step, so the first mover takes.
    const LEGS: usize = 500_000;
    let mut builder = Builder::players(2);
    let mut rest = builder.end(vec![0, 0]);
    for leg in (0..LEGS).rev() {
        let pot = leg as i64;
        let payoffs = if leg % 2 == 0 {
            vec![pot + 2, pot]
        } else {
            vec![pot, pot + 2]
        };
        let take = builder.end(payoffs);
        rest = builder.decision(leg % 2, &[rest, take]);
    }
    let game = Game::Extensive(builder.game(rest));
    let result = run(&game, json!({}));
    assert_eq!(result.summary, "1 Subgame Perfect Equilibrium");
    let item = &result.details["equilibria"][0];
    assert_eq!(item["payoffs"], json!({"0": 2.0, "1": 0.0}));
    let taken = item["strategies"]["1"].as_object().expect("a plan");
    let plan = taken.keys().next().expect("one plan");
    assert_eq!(plan.split('/').count(), LEGS / 2);
    assert!(plan.split('/').all(|action| action == "1"));
    assert!(result.details["note"].is_string());
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    /// Full of ties.
    fn tree(&mut self, builder: &mut Builder, depth: usize) -> Target {
        if depth == 0 || self.below(4) == 0 {
            let payoffs = (0..3).map(|_| self.below(3) as i64).collect();
            return builder.end(payoffs);
        }
        let branches = 1 + self.below(3);
        let targets: Vec<Target> = (0..branches)
            .map(|_| self.tree(builder, depth - 1))
            .collect();
        builder.decision(self.below(3) as usize, &targets)
    }
}

/// Follows the choices from a target to an outcome.
fn play(game: &ExtensiveGame, mut target: Target, choices: &[u32]) -> OutcomeId {
    loop {
        match target {
            Target::Outcome(outcome) => return outcome,
            Target::Node(node) => {
                target = game.node(node).actions[choices[node.index()] as usize].target;
            }
        }
    }
}

/// Subgame perfect by the one-shot deviation principle: nowhere does any other single action do better.
fn perfect(game: &ExtensiveGame, choices: &[u32]) -> bool {
    game.preorder().iter().all(|id| {
        let Mover::Infoset(set) = game.node(*id).mover else {
            return true;
        };
        let player = game.infoset(set).player.index();
        let payoff = |target| game.outcome(play(game, target, choices)).payoffs[player].clone();
        let here = payoff(Target::Node(*id));
        let actions = &game.node(*id).actions;
        actions.iter().all(|action| payoff(action.target) <= here)
    })
}

#[test]
fn equals_a_brute_force_over_all_plans() {
    let mut random = Random(0x5eed_0011);
    let mut compared = 0;
    while compared < 400 {
        let mut builder = Builder::players(3);
        let root = random.tree(&mut builder, 4);
        let game = builder.game(root);
        let sizes: Vec<u32> = game
            .nodes()
            .iter()
            .map(|node| node.actions.len() as u32)
            .collect();
        if sizes.iter().map(|size| f64::from(*size)).product::<f64>() > 5_000.0 {
            continue;
        }
        compared += 1;
        let mut expected = BTreeSet::new();
        let mut choices = vec![0; sizes.len()];
        loop {
            if perfect(&game, &choices) {
                expected.insert(choices.clone());
            }
            let Some(next) = (0..sizes.len()).find(|node| choices[*node] + 1 < sizes[*node]) else {
                break;
            };
            choices[next] += 1;
            choices[..next].fill(0);
        }
        let solutions = backward_induction(&game, usize::MAX, &AtomicBool::new(false));
        assert!(solutions.complete);
        let found: BTreeSet<Vec<u32>> = solutions
            .found
            .iter()
            .map(|solution| solution.choices.clone())
            .collect();
        assert_eq!(found.len(), solutions.found.len(), "none is listed twice");
        assert_eq!(found, expected, "{game:?}");
    }
}

#[test]
fn a_stopped_run_has_nothing() {
    let stop = AtomicBool::new(true);
    let info = find("Backward Induction").expect("an analysis");
    let result = analyze(&efg(SIX), info, &Config::default(), &Control::new(&stop));
    assert!(result.is_err());
}
