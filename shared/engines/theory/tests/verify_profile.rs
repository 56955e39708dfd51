//! Verify Profile: textbook equilibria, deviations, behaviour profiles against mixed ones, and what is refused.

use std::sync::atomic::AtomicBool;

use rookery_theory::convert::{Plans, Reduction};
use rookery_theory::game::{InfosetId, PlayerId};
use rookery_theory::{
    AnalysisResult, Config, ConfigError, Control, Game, Limits, Rational, analyze, check, examples,
    find, parse,
};
use serde_json::{Map, Value, json};

fn example(id: &str) -> Game {
    let mut games = examples().into_iter();
    games.find(|game| game.id() == id).expect("an example")
}

/// Reiley, Urbancic, Walker 2008: Alice bets or folds on a king or a queen, Bob calls or folds without seeing the card.
fn poker() -> Game {
    let text = r#"EFG 2 R "stripped-down poker" { "Alice" "Bob" }
c "deal" 1 "" { "King" 1/2 "Queen" 1/2 } 0
p "king" 1 1 "" { "Bet" "Fold" } 0
p "bob1" 2 1 "" { "Call" "Fold" } 0 t "" 1 "" { 2 -2 } t "" 2 "" { 1 -1 }
t "" 3 "" { -1 1 }
p "queen" 1 2 "" { "Bet" "Fold" } 0
p "bob2" 2 1 "" { "Call" "Fold" } 0 t "" 4 "" { -2 2 } t "" 2 "" t "" 3 """#;
    parse("poker.efg", text.as_bytes(), &Limits::default()).expect("well formed")
}

fn verify(game: &Game, profile: Value) -> AnalysisResult {
    let stop = AtomicBool::new(false);
    let info = find("Verify Profile").expect("an analysis");
    let config = Config::from_json(&json!({"profile": profile})).expect("a config");
    analyze(game, info, &config, &Control::new(&stop)).expect("a result")
}

fn refusal(game: &Game, config: Value) -> String {
    let info = find("Verify Profile").expect("an analysis");
    let config = Config::from_json(&config).expect("a config");
    let error: ConfigError = check(game, info, &config).expect_err("a refusal");
    assert_eq!(error.option.as_deref(), Some("profile"));
    error.to_string()
}

#[test]
fn mutual_defection_is_an_equilibrium() {
    let profile = json!({"Row": {"Cooperate": 0.0, "Defect": 1.0}, "Column": {"Defect": 1}});
    let result = verify(&example("prisoners-dilemma"), profile);
    assert_eq!(result.summary, "Profile is a Nash equilibrium");
    assert_eq!(result.details["is_equilibrium"], true);
    assert_eq!(result.details["max_regret"], 0.0);
    assert_eq!(result.details["exact"]["max_regret"], "0");
    assert_eq!(result.details["strategy_regrets"]["Row"]["Defect"], 0.0);
    let worse = result.details["strategy_regrets"]["Row"]["Cooperate"].as_f64();
    assert!(worse.is_some_and(|loss| loss > 0.0));
}

#[test]
fn matching_pennies_have_one_equilibrium_to_the_last_digit() {
    let game = example("matching-pennies");
    let players = game.players().to_vec();
    let half = json!({"Heads": "1/2", "Tails": "1/2"});
    let result = verify(
        &game,
        json!({players[0].as_str(): half, players[1].as_str(): half}),
    );
    assert_eq!(result.details["exact"]["max_regret"], "0");
    // A trillionth off: an equilibrium by the contract's tolerance, and the exact figure says that it is none.
    let near =
        json!({"Heads": "500000000001/1000000000000", "Tails": "499999999999/1000000000000"});
    let result = verify(
        &game,
        json!({players[0].as_str(): near, players[1].as_str(): half}),
    );
    assert_eq!(result.details["is_equilibrium"], true);
    assert_eq!(result.details["exact"]["max_regret"], "1/500000000000");
    let sure = json!({"Heads": 1});
    let result = verify(
        &game,
        json!({players[0].as_str(): sure, players[1].as_str(): half}),
    );
    assert_eq!(result.summary, "Not an equilibrium (max regret: 1.0000)");
    assert_eq!(result.details["is_equilibrium"], false);
}

#[test]
fn rounded_thirds_are_thirds() {
    let game = example("rock-paper-scissors");
    let third = 1.0f64 / 3.0;
    let Game::Normal(table) = &game else {
        panic!("a normal form")
    };
    let mut profile = Map::new();
    for (player, labels) in game.players().iter().zip(table.strategies()) {
        let mixture: Map<String, Value> = labels
            .iter()
            .map(|label| (label.clone(), json!(third)))
            .collect();
        profile.insert(player.clone(), Value::Object(mixture));
    }
    let result = verify(&game, Value::Object(profile));
    assert_eq!(result.details["exact"]["max_regret"], "0");
}

#[test]
fn poker_is_verified_by_information_set() {
    // Bet the king, bluff with the queen a third of the time; call two thirds: worth 1/3 to Alice.
    let bob = json!({"bob1": {"Call": "2/3", "Fold": "1/3"}});
    let alice = json!({"king": {"Bet": 1}, "queen": {"Bet": "1/3", "Fold": "2/3"}});
    let result = verify(&poker(), json!({"Alice": alice, "Bob": bob}));
    assert_eq!(result.summary, "Profile is a Nash equilibrium");
    let exact = &result.details["exact"];
    assert_eq!(exact["payoffs"], json!({"Alice": "1/3", "Bob": "-1/3"}));
    assert_eq!(exact["max_regret"], "0");
    // Folding a king gives up 2·2/3 + 1/3 + 1 = 8/3, half of the time.
    let king = exact["strategy_regrets"]["Alice"]
        .as_object()
        .expect("sets");
    assert!(king.values().any(|set| set["Fold"] == "4/3"), "{king:?}");
    // The same, by plans.
    let mixed = json!({"Bet/Bet": "1/3", "Bet/Fold": "2/3"});
    let result = verify(
        &poker(),
        json!({"Alice": mixed, "Bob": {"Call": "2/3", "Fold": "1/3"}}),
    );
    assert_eq!(result.details["exact"]["max_regret"], "0");
    // Who always bluffs is called: calling is then worth 0 to Bob, folding -1, and a third of that is what he loses.
    let alice = json!({"king": {"Bet": 1}, "queen": {"Bet": 1}});
    let result = verify(&poker(), json!({"Alice": alice, "Bob": bob}));
    assert_eq!(result.details["exact"]["player_regrets"]["Bob"], "1/3");
    assert_eq!(result.summary, "Not an equilibrium (max regret: 0.3333)");
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }

    fn mixture(&mut self, size: usize) -> Vec<Rational> {
        let mut weights: Vec<i64> = (0..size).map(|_| self.below(4) as i64).collect();
        weights[0] += i64::from(weights.iter().all(|weight| *weight == 0));
        let total = Rational::from(weights.iter().sum::<i64>());
        let shares = weights
            .into_iter()
            .map(|weight| &Rational::from(weight) / &total);
        shares.collect()
    }
}

/// With perfect recall a behaviour strategy and the product mixture over plans are the same (Kuhn 1953), so that the walk of the
/// tree and the payoff table must agree exactly.
#[test]
fn trees_and_tables_agree() {
    let mut random = Random(0x5eed_0021);
    let games = ["trust-game", "centipede-4", "signaling-game"].map(example);
    for game in games.into_iter().chain([poker()]) {
        let Game::Extensive(tree) = &game else {
            panic!("a tree")
        };
        for _ in 0..100 {
            let behaviour: Vec<Vec<Rational>> = (0..tree.infosets().len())
                .map(|set| random.mixture(tree.actions(InfosetId::new(set)).len()))
                .collect();
            let mut by_set = Map::new();
            let mut by_plan = Map::new();
            for (number, player) in game.players().iter().enumerate() {
                let plans = Plans::of(tree, PlayerId::new(number), Reduction::Reduced);
                let mut sets = Map::new();
                for set in &plans.sets {
                    let actions: Map<String, Value> = tree
                        .actions(*set)
                        .iter()
                        .zip(&behaviour[set.index()])
                        .map(|(action, weight)| {
                            (action.label.to_string(), json!(weight.to_string()))
                        })
                        .collect();
                    let node = tree.node(tree.members(*set)[0]);
                    sets.insert(node.id.to_string(), Value::Object(actions));
                }
                by_set.insert(player.clone(), Value::Object(sets));
                let mixture: Map<String, Value> = plans
                    .labels(tree)
                    .into_iter()
                    .zip(&plans.plans)
                    .map(|(label, plan)| {
                        let weight = plans.sets.iter().zip(plan).fold(
                            Rational::ONE,
                            |product, (set, action)| match action {
                                None => product,
                                Some(action) => &product * &behaviour[set.index()][*action],
                            },
                        );
                        (label, json!(weight.to_string()))
                    })
                    .collect();
                by_plan.insert(player.clone(), Value::Object(mixture));
            }
            let walked = verify(&game, Value::Object(by_set)).details;
            let tabled = verify(&game, Value::Object(by_plan)).details;
            for figure in ["payoffs", "player_regrets", "max_regret"] {
                assert_eq!(walked["exact"][figure], tabled["exact"][figure], "{figure}");
            }
        }
    }
}

#[test]
fn full_plans_are_understood_too() {
    let text = r#"EFG 2 R "twice" { "A" "B" } p "one" 1 1 "" { "in" "out" } 0 p "two" 1 2 "" { "l" "r" } 0 t "" 1 "" { 2 0 } t "" 2 "" { 0 0 } t "" 3 "" { 1 0 }"#;
    let game = parse("g.efg", text.as_bytes(), &Limits::default()).expect("well formed");
    for plan in ["out/*", "out/l", "out/r"] {
        let result = verify(&game, json!({"A": {plan: 1}}));
        assert_eq!(result.details["exact"]["max_regret"], "1", "{plan}");
    }
}

#[test]
fn what_is_wrong_with_a_profile_is_said() {
    let game = example("prisoners-dilemma");
    let defect = json!({"Defect": 1});
    for (config, what) in [
        (
            json!({}),
            "Profile verification requires a 'profile' in config",
        ),
        (
            json!({"profile": {"Row": defect}}),
            "profile has no strategy for player 'Column'",
        ),
        (
            json!({"profile": {"Row": defect, "Column": defect, "Third": defect}}),
            "profile names an unknown player: Third",
        ),
        (
            json!({"profile": {"Row": {"Confess": 1}, "Column": defect}}),
            "profile names an unknown strategy of player 'Row': Confess",
        ),
        (
            json!({"profile": {"Row": {"Defect": 0.9}, "Column": defect}}),
            "the probabilities of player 'Row' sum to 0.9, not to 1",
        ),
        (
            json!({"profile": {"Row": {"Defect": 2, "Cooperate": -1}, "Column": defect}}),
            "profile gives 'Cooperate' of player 'Row' the probability -1",
        ),
        (
            json!({"profile": {"Row": {"Defect": "one"}, "Column": defect}}),
            "profile gives 'Defect' of player 'Row' the probability \"one\"",
        ),
    ] {
        assert_eq!(refusal(&game, config), what);
    }
    let poker = poker();
    let bob = json!({"bob2": {"Call": 1}});
    assert_eq!(
        refusal(
            &poker,
            json!({"profile": {"Alice": {"king": {"Bet": 1}}, "Bob": bob}})
        ),
        "profile has no strategy for player 'Alice' at information set 'h_1_2'"
            .replace("h_1_2", &second_set(&poker))
    );
    assert_eq!(
        refusal(
            &poker,
            json!({"profile": {"Alice": {"ace": {"Bet": 1}}, "Bob": bob}})
        ),
        "profile names an unknown information set of player 'Alice': ace"
    );
}

/// The name of Alice's set with the queen, as the game shows it.
fn second_set(game: &Game) -> String {
    let Game::Extensive(tree) = game else {
        panic!("a tree")
    };
    let set = tree.infosets_of(PlayerId::new(0))[1];
    let id = tree.infoset(set).id.as_ref();
    id.unwrap_or(&tree.node(tree.members(set)[0]).id)
        .to_string()
}
