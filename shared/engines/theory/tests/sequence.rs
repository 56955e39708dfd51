//! Trees in sequence form: equilibria from the literature and from Gambit's test suite (17.0), values known from OpenSpiel and HiGHS.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use rookery_theory::game::PlayerId;
use rookery_theory::sequence::{
    BehaviourEquilibrium, BestResponse, SequenceForm, Unsolved, Unsuited, estimate_value, plan_of,
    solve_lcp, solve_lp,
};
use rookery_theory::{ExtensiveGame, Game, Limits, Rational, parse};

mod dice;
mod poker;

fn tree(text: &str) -> ExtensiveGame {
    match parse("test.efg", text.as_bytes(), &Limits::default()).expect("well formed") {
        Game::Extensive(tree) => tree,
        _ => unreachable!("an efg file holds a tree"),
    }
}

fn built(game: Game) -> ExtensiveGame {
    match game {
        Game::Extensive(tree) => tree,
        _ => unreachable!("poker is built as a tree"),
    }
}

fn two_players(body: &str) -> ExtensiveGame {
    tree(&format!("EFG 2 R \"test\" {{ \"1\" \"2\" }}\n{body}"))
}

fn lp(game: &ExtensiveGame) -> BehaviourEquilibrium {
    solve_lp(game, &AtomicBool::new(false)).expect("constant sum")
}

fn lcp(game: &ExtensiveGame) -> BehaviourEquilibrium {
    solve_lcp(game, &AtomicBool::new(false)).expect("two players with perfect recall")
}

/// By information set, in the order of the file's numbers.
fn shown(found: &BehaviourEquilibrium) -> Vec<String> {
    assert!(found.regret.is_zero());
    let set = |probabilities: &Vec<Rational>| {
        let texts: Vec<String> = probabilities.iter().map(Rational::to_string).collect();
        texts.join(" ")
    };
    found.behaviour.iter().map(set).collect()
}

fn number(text: &str) -> Rational {
    Rational::parse(text).expect("a number")
}

/// Myerson (1991), figure 2.1, as Gambit's stripped-down poker.
const ONE_CARD_POKER: &str = r#"c "" 1 "" { "K" 1/2 "Q" 1/2 } 0
    p "" 1 1 "" { "bet" "fold" } 0
    p "" 2 1 "" { "call" "fold" } 0
    t "" 1 "" { 2, -2 }
    t "" 2 "" { 1, -1 }
    t "" 3 "" { -1, 1 }
    p "" 1 2 "" { "bet" "fold" } 0
    p "" 2 1 "" { "call" "fold" } 0
    t "" 4 "" { -2, 2 }
    t "" 5 "" { 1, -1 }
    t "" 6 "" { -1, 1 }"#;

#[test]
fn one_card_poker() {
    let game = two_players(ONE_CARD_POKER);
    for found in [lp(&game), lcp(&game)] {
        assert_eq!(shown(&found), ["1 0", "2/3 1/3", "1/3 2/3"]);
        assert_eq!(found.payoffs, [number("1/3"), number("-1/3")]);
    }
    let form = SequenceForm::new(&game).expect("perfect recall");
    assert_eq!([form.sides[0].sequences, form.sides[1].sequences], [5, 3]);
}

/// Koller, Megiddo and von Stengel (1994), figure 1.
#[test]
fn the_example_of_koller_megiddo_and_von_stengel() {
    let game = two_players(
        r#"c "" 1 "" { "1" 0.2 "2" 0.2 "3" 0.2 "4" 0.4 } 0
        p "" 1 1 "" { "l" "r" } 0
        t "" 1 "" { 5, -5 }
        p "" 2 1 "" { "p" "q" } 0
        p "" 1 3 "" { "L" "R" } 0
        t "" 2 "" { 10, -10 }
        t "" 3 "" { 15, -15 }
        p "" 1 3 "" { "L" "R" } 0
        t "" 4 "" { 20, -20 }
        t "" 5 "" { -5, 5 }
        p "" 1 2 "" { "c" "d" } 0
        t "" 6 "" { 10, -10 }
        t "" 7 "" { 20, -20 }
        p "" 1 2 "" { "c" "d" } 0
        p "" 2 2 "" { "s" "t" } 0
        t "" 8 "" { 20, -20 }
        t "" 9 "" { 50, -50 }
        p "" 2 2 "" { "s" "t" } 0
        t "" 10 "" { 30, -30 }
        t "" 11 "" { 15, -15 }
        t "" 12 "" { 5, -5 }"#,
    );
    for found in [lp(&game), lcp(&game)] {
        let sets = by_name(&game, &found);
        assert_eq!(sets["1 l r"], "0 1");
        assert_eq!(sets["1 L R"], "2/3 1/3");
        assert_eq!(sets["1 c d"], "1/3 2/3");
        assert_eq!(sets["2 p q"], "5/6 1/6");
        assert_eq!(sets["2 s t"], "5/9 4/9");
    }
}

/// Behaviour by player and action labels.
fn by_name(game: &ExtensiveGame, found: &BehaviourEquilibrium) -> HashMap<String, String> {
    let texts = shown(found);
    (0..2)
        .flat_map(|player| game.infosets_of(PlayerId::new(player)))
        .map(|set| {
            let labels: Vec<&str> = game
                .actions(set)
                .iter()
                .map(|action| action.label.as_str())
                .collect();
            let name = format!(
                "{} {}",
                game.players()[game.infoset(set).player.index()],
                labels.join(" ")
            );
            (name, texts[set.index()].clone())
        })
        .collect()
}

#[test]
fn chance_between_the_players_moves() {
    // Gambit 17.0, test case "chance in middle": (3/11, 8/11) and (6/11, 5/11).
    let end = |number: usize, payoff: &str| {
        let other = -Rational::parse(payoff).expect("a number");
        format!("t \"\" {number} \"\" {{ {payoff}, {other} }}\n")
    };
    let mut body = String::from("p \"\" 1 1 \"\" { \"A\" \"B\" } 0\n");
    for (side, (chances, sets)) in [("1/5 4/5", [2, 3]), ("7/10 3/10", [4, 5])]
        .into_iter()
        .enumerate()
    {
        let (high, low) = chances.split_once(' ').expect("two");
        body += &format!(
            "c \"\" {} \"\" {{ \"H\" {high} \"L\" {low} }} 0\n",
            side + 1
        );
        for level in 0..2 {
            body += &format!("p \"\" 2 {} \"\" {{ \"X\" \"Y\" }} 0\n", level + 1);
            for reply in 0..2 {
                let set = sets[reply];
                body += &format!("p \"\" 1 {set} \"\" {{ \"C\" \"D\" }} 0\n");
                let payoffs = [
                    [["0", "-2"], ["-1/2", "-3/2"], ["1/2", "-1/2"], ["1", "-1"]],
                    [["1/2", "-1/2"], ["1", "-1"], ["1", "-1"], ["1/2", "-1/2"]],
                ][side][2 * level + reply];
                for (choice, payoff) in payoffs.into_iter().enumerate() {
                    body += &end(1 + 8 * side + 4 * level + 2 * reply + choice, payoff);
                }
            }
        }
    }
    let game = two_players(&body);
    for found in [lp(&game), lcp(&game)] {
        let texts = shown(&found);
        assert_eq!(
            texts[game.infosets_of(PlayerId::new(0))[0].index()],
            "3/11 8/11"
        );
        let second = game.infosets_of(PlayerId::new(1));
        let replies: Vec<&String> = second.iter().map(|set| &texts[set.index()]).collect();
        assert!(
            replies.iter().any(|reply| *reply == "6/11 5/11"),
            "{replies:?}"
        );
    }
}

#[test]
fn private_signals_of_both_players() {
    // Gambit 17.0, test case "2 player chance" (three actions, the second player sees which): the solution is unique.
    let win = [
        ["1", "-1"],
        ["-1", "1"],
        ["1", "0"],
        ["0", "1"],
        ["1", "-1"],
        ["-1", "1"],
    ];
    let mut body = String::from("c \"\" 1 \"\" { \"H\" 1/2 \"L\" 1/2 } 0\n");
    let mut outcome = 0;
    for signal in 0..2 {
        body += &format!("p \"\" 1 {} \"\" {{ \"A\" \"B\" \"C\" }} 0\n", signal + 1);
        for action in 0..3 {
            body += &format!("p \"\" 2 {} \"\" {{ \"X\" \"Y\" }} 0\n", action + 1);
            for payoff in win[3 * signal + action] {
                outcome += 1;
                let other = -Rational::parse(payoff).expect("a number");
                body += &format!("t \"\" {outcome} \"\" {{ {payoff}, {other} }}\n");
            }
        }
    }
    let game = two_players(&body);
    for found in [lp(&game), lcp(&game)] {
        assert_eq!(
            shown(&found),
            ["1/3 0 2/3", "2/3 1/3", "2/3 1/3", "1/3 2/3", "2/3 0 1/3"]
        );
    }
}

#[test]
fn payoffs_of_twenty_digits_stay_exact() {
    // A 2x2 game with the diagonal 1, b has the value b/(b + 1) and the solution (b, 1)/(b + 1) for both players.
    let large = "9999999999999999999";
    let game = two_players(&format!(
        r#"p "" 1 1 "" {{ "A" "B" }} 0
        p "" 2 1 "" {{ "X" "Y" }} 0
        t "" 1 "" {{ 1, -1 }}
        t "" 2 "" {{ 0, 0 }}
        p "" 2 1 "" {{ "X" "Y" }} 0
        t "" 3 "" {{ 0, 0 }}
        t "" 4 "" {{ {large}, -{large} }}"#
    ));
    let expected = "9999999999999999999/10000000000000000000";
    for found in [lp(&game), lcp(&game)] {
        let mixture = format!("{expected} 1/10000000000000000000");
        assert_eq!(shown(&found), [mixture.clone(), mixture]);
        assert_eq!(found.payoffs[0], number(expected));
    }
}

#[test]
fn numbers_beyond_doubles_take_the_exact_path() {
    let large = format!("1{}", "0".repeat(400));
    let game = two_players(&format!(
        r#"p "" 1 1 "" {{ "A" "B" }} 0
        p "" 2 1 "" {{ "X" "Y" }} 0
        t "" 1 "" {{ {large}, -{large} }}
        t "" 2 "" {{ 0, 0 }}
        p "" 2 1 "" {{ "X" "Y" }} 0
        t "" 3 "" {{ 0, 0 }}
        t "" 4 "" {{ {large}, -{large} }}"#
    ));
    for found in [lp(&game), lcp(&game)] {
        assert_eq!(shown(&found), ["1/2 1/2", "1/2 1/2"]);
    }
}

#[test]
fn kuhn_poker_by_both_methods() {
    let game = built(poker::kuhn());
    let form = SequenceForm::new(&game).expect("perfect recall");
    assert_eq!([form.sides[0].sequences, form.sides[1].sequences], [13, 13]);
    for found in [lp(&game), lcp(&game)] {
        assert_eq!(found.payoffs, [number("-1/18"), number("1/18")]);
        assert!(found.regret.is_zero());
        // Kuhn (1950): with α the first player's bluffing probability on the jack, it bets the king with 3α and calls with the queen
        // with α + 1/3; the second player's strategy is unique but for where it is never reached.
        let [jack, queen, king] = [0, 1, 2].map(|card| {
            let bet = &found.behaviour[first_sets(&game)[card][0]][1];
            let call = &found.behaviour[first_sets(&game)[card][1]][1];
            (bet.clone(), call.clone())
        });
        assert!(!jack.0.is_negative() && jack.0 <= number("1/3"));
        assert!(queen.0.is_zero());
        assert_eq!(king.0, &jack.0 * &number("3"));
        assert_eq!(queen.1, &jack.0 + &number("1/3"));
        assert_eq!(king.1, Rational::ONE);
    }
}

/// The first player's information sets of Kuhn poker by card: at the start, and after check and bet.
fn first_sets(game: &ExtensiveGame) -> [[usize; 2]; 3] {
    let sets = game.infosets_of(PlayerId::new(0));
    [0, 1, 2].map(|card| [0, 1].map(|stage| sets[2 * card + stage].index()))
}

#[test]
fn liars_dice_has_the_value_one_ninth() {
    let game = tree(&dice::liars_dice(3));
    let form = SequenceForm::new(&game).expect("perfect recall");
    assert_eq!(
        [form.sides[0].sequences, form.sides[1].sequences],
        [190, 190]
    );
    assert_eq!(lp(&game).payoffs[0], number("1/9"));
    assert_eq!(lcp(&game).payoffs[0], number("1/9"));
}

#[test]
fn leduc_poker_has_the_known_value() {
    let game = built(poker::leduc());
    let form = SequenceForm::new(&game).expect("perfect recall");
    assert_eq!(
        [form.sides[0].sequences, form.sides[1].sequences],
        [1093, 1093]
    );
    let value = estimate_value(&game, &AtomicBool::new(false)).expect("it settles");
    assert!((value - -0.085_606_4).abs() < 1e-7, "{value}");
    let found = lp(&game);
    assert!((found.payoffs[0].to_f64() - value).abs() < 1e-9);
    assert!(found.regret.is_zero());
}

#[test]
fn a_game_that_is_not_constant_sum() {
    // Gambit 17.0, test case "2 player non zero sum": (1/3, 2/3) and (1/2, 1/2).
    let game = two_players(
        r#"c "" 1 "" { "H" 1/2 "T" 1/2 } 0
        p "" 1 1 "" { "A" "B" } 0
        p "" 2 1 "" { "X" "Y" } 0
        t "" 1 "" { 2, 1 }
        t "" 2 "" { -1, 2 }
        p "" 2 1 "" { "X" "Y" } 0
        t "" 3 "" { 1, -1 }
        t "" 4 "" { 0, 0 }
        p "" 1 1 "" { "A" "B" } 0
        p "" 2 1 "" { "X" "Y" } 0
        t "" 5 "" { 1, 0 }
        t "" 6 "" { 0, 1 }
        p "" 2 1 "" { "X" "Y" } 0
        t "" 7 "" { -1, 1 }
        t "" 8 "" { 2, -1 }"#,
    );
    assert_eq!(shown(&lcp(&game)), ["1/3 2/3", "1/2 1/2"]);
    assert_eq!(
        solve_lp(&game, &AtomicBool::new(false)),
        Err(Unsolved::Unsuited(Unsuited::NotConstantSum))
    );
}

#[test]
fn entry_and_accommodation() {
    // Gambit 17.0, test case "entry accommodation".
    let game = two_players(
        r#"p "" 1 1 "" { "S" "T" } 0
        p "" 2 1 "" { "E" "O" } 0
        p "" 1 2 "" { "A" "F" } 0
        t "" 1 "" { 3, 2 }
        t "" 2 "" { 0, 1 }
        t "" 3 "" { 1, 3 }
        p "" 2 1 "" { "E" "O" } 0
        p "" 1 3 "" { "A" "F" } 0
        t "" 4 "" { 2, 3 }
        t "" 5 "" { 1, 0 }
        t "" 6 "" { 3, 1 }"#,
    );
    assert_eq!(shown(&lcp(&game)), ["2/3 1/3", "2/3 1/3", "1 0", "1 0"]);
}

#[test]
fn unreached_sets_get_a_best_action() {
    // The first player ends the game; what both would do after it is still told, and sensible: backward induction.
    let game = two_players(
        r#"p "" 1 1 "" { "end" "go" } 0
        t "" 1 "" { 5, 0 }
        p "" 2 1 "" { "a" "b" } 0
        p "" 1 2 "" { "x" "y" } 0
        t "" 2 "" { 1, 1 }
        t "" 3 "" { 2, 1 }
        t "" 4 "" { 0, 0 }"#,
    );
    let found = lcp(&game);
    assert_eq!(shown(&found), ["1 0", "1 0", "0 1"]);
}

#[test]
fn inner_outcomes_and_impossible_chances_count_as_they_should() {
    // An ante at the root, paid by the second player; nature's impossible branch would turn the game around.
    let game = two_players(
        r#"c "" 1 "" { "never" 0 "always" 1 } 1 "ante" { 1, -1 }
        p "" 1 1 "" { "a" "b" } 0
        t "" 2 "" { 1000, -1000 }
        t "" 3 "" { 0, 0 }
        p "" 1 1 "" { "a" "b" } 0
        p "" 2 1 "" { "x" "y" } 0
        t "" 4 "" { 1, -1 }
        t "" 5 "" { -1, 1 }
        p "" 2 1 "" { "x" "y" } 0
        t "" 6 "" { -1, 1 }
        t "" 7 "" { 1, -1 }"#,
    );
    for found in [lp(&game), lcp(&game)] {
        assert_eq!(shown(&found), ["1/2 1/2", "1/2 1/2"]);
        assert_eq!(found.payoffs[0], Rational::ONE);
    }
}

#[test]
fn best_responses_on_the_tree() {
    // Against uniform play in Kuhn poker the best responses are worth 1/2 and 5/12, together OpenSpiel's (2.0) NashConv of .916667.
    let game = built(poker::kuhn());
    let form = SequenceForm::new(&game).expect("perfect recall");
    let uniform: Vec<Vec<Rational>> = (0..game.infosets().len())
        .map(|_| vec![number("1/2"), number("1/2")])
        .collect();
    let value = |player: usize| {
        let opponent = plan_of(&form.sides[1 - player], &uniform);
        let values = form.values(PlayerId::new(player), &opponent);
        let best = BestResponse::new(&form.sides[player], &values);
        let plan = best.plan(&form.sides[player]);
        let expected = values
            .iter()
            .zip(&plan)
            .fold(Rational::ZERO, |sum, (value, weight)| sum + value * weight);
        assert_eq!(expected, best.value);
        best.value
    };
    assert_eq!(value(0), number("1/2"));
    assert_eq!(value(1), number("5/12"));
}

#[test]
fn refuses_what_has_no_sequence_form() {
    let stop = AtomicBool::new(false);
    let three = tree(
        "EFG 2 R \"t\" { \"1\" \"2\" \"3\" }\np \"\" 1 1 \"\" { \"a\" \"b\" } 0\nt \"\" 1 \"\" { 1, 1, 1 }\nt \"\" 2 \"\" { 0, 0, 0 }",
    );
    assert_eq!(
        solve_lcp(&three, &stop)
            .expect_err("three players")
            .to_string(),
        "the sequence form needs exactly 2 players (game has 3)"
    );
    let forgetful = two_players(
        r#"p "" 1 1 "" { "a" "b" } 0
        p "" 1 2 "" { "c" "d" } 0
        t "" 1 "" { 1, -1 }
        t "" 2 "" { 0, 0 }
        p "" 1 2 "" { "c" "d" } 0
        t "" 3 "" { 0, 0 }
        t "" 4 "" { 1, -1 }"#,
    );
    let error = solve_lp(&forgetful, &stop).expect_err("imperfect recall");
    assert!(
        error.to_string().starts_with(
            "the sequence form needs perfect recall: player '1' has forgotten something"
        ),
        "{error}"
    );
    let game = two_players(ONE_CARD_POKER);
    assert_eq!(
        solve_lp(&game, &AtomicBool::new(true)),
        Err(Unsolved::Stopped)
    );
    assert_eq!(
        solve_lcp(&game, &AtomicBool::new(true)),
        Err(Unsolved::Stopped)
    );
}
