//! Vegas programs of our own, one per construct, with trees, information and payoffs worked out by hand.

use rookery_theory::game::{ExtensiveGame, Mover, NodeId, Target, VegasGame};
use rookery_theory::{Game, Limits, Rational, parse, vegas};

fn program(text: &str) -> VegasGame {
    match parse("game.vg", text.as_bytes(), &Limits::default()) {
        Ok(Game::Vegas(game)) => game,
        other => panic!("not a program: {other:?}\n{text}"),
    }
}

/// The tree of the steps and the outcome in a game that needs no declarations.
fn tree(steps: &str) -> ExtensiveGame {
    declared_tree("", steps)
}

fn declared_tree(declarations: &str, steps: &str) -> ExtensiveGame {
    let text = format!("{declarations}\ngame main() {{ {steps} }}");
    vegas::to_extensive(&program(&text)).expect("a small tree")
}

/// The whole tree as text: `Player#set{choice: …, choice: …}`, `nature{choice 1/2: …}` and payoffs `(1, 2)`. Only small trees.
fn drawn(tree: &ExtensiveGame) -> String {
    fn draw(tree: &ExtensiveGame, target: Target) -> String {
        let node = match target {
            Target::Node(node) => tree.node(node),
            Target::Outcome(outcome) => {
                let payoffs = tree.outcome(outcome).payoffs.iter();
                let payoffs: Vec<String> = payoffs.map(ToString::to_string).collect();
                return format!("({})", payoffs.join(", "));
            }
        };
        let mover = match node.mover {
            Mover::Chance => "nature".to_owned(),
            Mover::Infoset(set) => {
                let player = tree.infoset(set).player;
                format!("{}#{}", tree.players()[player.index()], set.index())
            }
        };
        let choices = node.actions.iter().map(|action| {
            let label = action.label.as_str();
            let below = draw(tree, action.target);
            match &action.probability {
                Some(probability) => format!("{label} {probability}: {below}"),
                None => format!("{label}: {below}"),
            }
        });
        format!("{mover}{{{}}}", choices.collect::<Vec<_>>().join(", "))
    }
    draw(tree, tree.root())
}

/// The payoff of the only player of a game without moves.
fn value(declarations: &str, expression: &str) -> String {
    let steps = format!("join A(); withdraw {{ A -> {expression} }}");
    let drawn = drawn(&declared_tree(declarations, &steps));
    drawn.trim_matches(['(', ')']).to_owned()
}

#[test]
fn payoffs_are_net_of_deposits_and_a_quitter_without_handler_loses_its_own() {
    let tree = tree("join A() $ 10; yield A(x: bool); withdraw A.x ? { A -> 12 } : { A -> 7 }");
    assert_eq!(drawn(&tree), "A#0{true: (2), false: (-3), Quit: (-10)}");
}

#[test]
fn later_movers_see_what_was_shown() {
    let tree = tree(
        "join A() $ 1 B() $ 1;
         yield A(x: bool) || { B -> 2 };
         yield B(y: bool) || { A -> 2 };
         withdraw A.x == B.y ? { A -> 2; B -> 0 } : { A -> 0; B -> 2 }",
    );
    assert_eq!(
        drawn(&tree),
        "A#0{true: B#1{true: (1, -1), false: (-1, 1), Quit: (1, -1)}, \
         false: B#2{true: (-1, 1), false: (1, -1), Quit: (1, -1)}, \
         Quit: B#3{true: (-1, 1), false: (-1, 1), Quit: (-1, 1)}}"
    );
}

#[test]
fn commitments_hide_the_value_but_not_that_it_was_made() {
    let tree = tree(
        "join A() $ 1 B() $ 1;
         commit or split A(x: bool);
         yield or split B(y: bool);
         reveal A(x: bool);
         withdraw A.x == B.y ? { A -> 2; B -> 0 } : { A -> 0; B -> 2 }",
    );
    let after_true = "B#1{true: A#2{reveal true: (1, -1), Quit: (-1, 1)}, \
         false: A#3{reveal true: (-1, 1), Quit: (-1, 1)}, \
         Quit: A#4{reveal true: (1, -1), Quit: (-1, 1)}}";
    let after_false = "B#1{true: A#5{reveal false: (-1, 1), Quit: (-1, 1)}, \
         false: A#6{reveal false: (1, -1), Quit: (-1, 1)}, \
         Quit: A#7{reveal false: (1, -1), Quit: (-1, 1)}}";
    // Whoever has quit has nothing but quitting left; and A's quitting came first, so B keeps everything even if it quits too.
    let after_quit =
        "B#8{true: A#9{Quit: (-1, 1)}, false: A#10{Quit: (-1, 1)}, Quit: A#11{Quit: (-1, 1)}}";
    let whole = format!(
        "A#0{{commit true: {after_true}, commit false: {after_false}, Quit: {after_quit}}}"
    );
    assert_eq!(drawn(&tree), whole);
}

#[test]
fn simultaneous_moves_are_committed_together_and_revealed_together() {
    // Odds and evens, quitters losing their deposit to the other.
    let tree = tree(
        "join Odd() $ 1 Even() $ 1;
         yield or split Odd(c: bool) Even(c: bool);
         withdraw Odd.c <-> Even.c ? { Odd -> 0; Even -> 2 } : { Odd -> 2; Even -> 0 }",
    );
    // Even's name comes first in the alphabet, so its points come first; Odd is player 0 since it joined first.
    let root = tree.preorder()[0];
    let Mover::Infoset(first) = tree.node(root).mover else {
        panic!("nature has no part in this");
    };
    assert_eq!(tree.infoset(first).player.index(), 1);
    // Odd commits without knowing whether Even committed, to what, or quit.
    let replies: Vec<NodeId> = (tree.node(root).actions.iter())
        .map(|action| match action.target {
            Target::Node(node) => node,
            Target::Outcome(_) => panic!("Odd is still to move"),
        })
        .collect();
    let set = tree.node(replies[0]).mover;
    assert!(replies.iter().all(|node| tree.node(*node).mover == set));
    // 3 × 3 ways to commit, then up to 2 × 2 ways to reveal: 4 × 4 + 4 × 2 + 1 plays.
    let ends: usize = (tree.nodes().iter())
        .flat_map(|node| &node.actions)
        .filter(|action| matches!(action.target, Target::Outcome(_)))
        .count();
    assert_eq!(ends, 25);
    // Each player has one set to commit in, and six to reveal in: its own true, false or nothing × whether the other committed.
    assert_eq!(tree.infosets().len(), 2 + 2 * 6);
}

#[test]
fn draws_have_the_weights_of_the_program_given_the_condition() {
    let tree = declared_tree(
        "type face = {0..2}",
        "random Coin; join A() $ 1;
         yield Coin(side: face ~ weighted { 0: 3, 1: 1, 2: 2 }) where Coin.side != 0;
         sample (late: bool);
         withdraw Coin.side == 2 && Sample.late ? { A -> 7 } : { A -> 1 }",
    );
    assert_eq!(
        drawn(&tree),
        "nature{1 1/3: nature{true 1/2: (0), false 1/2: (0)}, 2 2/3: nature{true 1/2: (6), false 1/2: (0)}}"
    );
}

#[test]
fn nature_draws_secretly_and_reveals_without_a_turn() {
    let tree = tree(
        "random N; join A() $ 0;
         commit N(x: bool ~ uniform { true, false });
         yield A(guess: bool);
         reveal N(x: bool);
         withdraw A.guess == N.x ? { A -> 1 } : { A -> 0 }",
    );
    assert_eq!(
        drawn(&tree),
        "nature{commit true 1/2: A#0{true: (1), false: (0), Quit: (0)}, \
         commit false 1/2: A#0{true: (0), false: (1), Quit: (0)}}"
    );
}

#[test]
fn conditions_leave_out_choices_and_those_at_a_revealing_force_quitting() {
    let tree = declared_tree(
        "type place = {0, 1}",
        "join A() $ 1 B() $ 1;
         commit or split A(x: place);
         yield or split B(y: place) where B.y != 0;
         reveal A(x: place) where A.x != B.y;
         withdraw { A -> 1; B -> 1 }",
    );
    let text = drawn(&tree);
    assert!(text.starts_with(
        "A#0{commit 0: B#1{1: A#2{reveal 0: (0, 0), Quit: (-1, 1)}, Quit: A#3{reveal 0: (1, -1), Quit: (-1, 1)}}, \
         commit 1: B#1{1: A#4{Quit: (-1, 1)}, Quit: A#5{reveal 1: (1, -1), Quit: (-1, 1)}}"
    ), "{text}");
}

#[test]
fn a_missing_value_is_the_programs_own_business_after_null() {
    let tree = tree(
        "join A() $ 1;
         yield A(x: bool) || null;
         yield A(y: bool) || null;
         withdraw A.x == null ? { A -> 2 } : A.y == null ? { A -> 3 } : A.x && A.y ? { A -> 5 } : { A -> 4 }",
    );
    assert_eq!(
        drawn(&tree),
        "A#0{true: A#1{true: (4), false: (3), Quit: (2)}, false: A#2{true: (3), false: (3), Quit: (2)}, \
         Quit: A#3{Quit: (1)}}"
    );
}

#[test]
fn split_shares_what_quitters_lose_and_burn_does_not() {
    // B quits, then C plays; A, who has no move, and C get B's 9 in whole halves.
    let steps = |handler: &str| {
        format!(
            "join A() $ 5 B() $ 9 C() $ 5; yield or {handler} B(x: bool) C(y: bool);
             withdraw {{ A -> 5; B -> 9; C -> 5 }}"
        )
    };
    let payoffs = |handler: &str| {
        let tree = tree(&steps(handler));
        let mut payoffs: Vec<Vec<String>> = (tree.outcomes().iter())
            .map(|outcome| outcome.payoffs.iter().map(ToString::to_string).collect())
            .collect();
        payoffs.sort();
        payoffs
    };
    let list = |rows: [[&str; 3]; 4]| rows.map(|row| row.map(str::to_owned).to_vec()).to_vec();
    // All stay; B and C quit (A gets 14); C quits (5 / 2 = 2 each); B quits (9 / 2 = 4 each).
    let split = list([
        ["0", "0", "0"],
        ["14", "-9", "-5"],
        ["2", "2", "-5"],
        ["4", "-9", "4"],
    ]);
    assert_eq!(payoffs("split"), split);
    let burn = list([
        ["0", "-9", "-5"],
        ["0", "-9", "0"],
        ["0", "0", "-5"],
        ["0", "0", "0"],
    ]);
    assert_eq!(payoffs("burn"), burn);
}

#[test]
fn several_values_are_chosen_at_once_and_joining_can_choose() {
    let tree = declared_tree(
        "type n = {1, 2}",
        "join A(x: n, big: bool) $ 0 where A.big || A.x == 1; withdraw { A -> A.x + (A.big ? 10 : 0) }",
    );
    assert_eq!(
        drawn(&tree),
        "A#0{x=1, big=true: (11), x=1, big=false: (1), x=2, big=true: (12), Quit: (0)}"
    );
}

#[test]
fn expressions_mean_what_the_grammar_says() {
    let macros = "macro twice(x: int): int = x + x;
        macro larger(a: int, b: int): int = a > b ? a : b
        macro largest(a: int, b: int, c: int): int = larger(larger(a, b), c);";
    for (expression, expected) in [
        ("1 + 2 * 3 - 4", "3"),
        ("-7 / 2", "-3"),
        ("-7 % 2", "-1"),
        ("-(2 - 5) * 2", "6"),
        ("10 - 3 - 2", "5"),
        // `&&` and `||` have one precedence and bind from the left.
        ("true || true && false ? 1 : 0", "0"),
        ("!false && true ? 1 : 0", "1"),
        ("1 < 2 == true ? 1 : 0", "1"),
        ("(true <-> false) ? 1 : (true <-!-> false) ? 2 : 3", "2"),
        ("false ? 1 : false ? 2 : 3", "3"),
        ("let! x: int = 2 in let! y: int = x * 5 in x + y", "12"),
        ("let! x: int = 2 in twice(let! x: int = 7 in x) + x", "16"),
        ("largest(3, twice(4), 5)", "8"),
        ("abs(3 - 8) + abs(2)", "7"),
        ("alldiff(1, 2, 3) ? (alldiff(1, 2, 1) ? 3 : 2) : 1", "2"),
        ("0xAb == 0xab && 0xab != 0xac ? 1 : 0", "1"),
        (
            "100000000000000000000000000000 + 1",
            "100000000000000000000000000001",
        ),
    ] {
        assert_eq!(value(macros, expression), expected, "{expression}");
    }
}

#[test]
fn outcomes_can_bind_and_be_parenthesised() {
    let tree = tree(
        "join A() $ 6 B() $ 6; yield or split A(x: bool);
         withdraw let stake: int = 4 in (A.x) ? ({ A -> stake; B -> 12 - stake }) : ({ A -> 6 B -> 6 })",
    );
    assert_eq!(
        drawn(&tree),
        "A#0{true: (-2, 2), false: (0, 0), Quit: (-6, 6)}"
    );
}

#[test]
fn a_bar_after_a_condition_starts_a_handler_only_where_an_outcome_follows() {
    let tree = tree(
        "join A() $ 1 B() $ 1; sample (s: bool);
         yield A(x: bool) where A.x || Sample.s || Sample.s ? { B -> 2 } : { B -> 1 };
         withdraw { A -> 1; B -> 1 }",
    );
    assert_eq!(
        drawn(&tree),
        "nature{true 1/2: A#0{true: (0, 0), false: (0, 0), Quit: (-1, 1)}, \
         false 1/2: A#1{true: (0, 0), Quit: (-1, 0)}}"
    );
}

/// Selvin 1975: who switches wins two times in three, whichever door was picked and whichever was opened.
#[test]
fn monty_hall() {
    let tree = declared_tree(
        "type door = {1..3}",
        "random Host; join Guest() $ 3;
         commit Host(prize: door);
         yield or split Guest(pick: door);
         yield Host(opened: door) where alldiff(Host.opened, Guest.pick) && alldiff(Host.opened, Host.prize);
         yield or split Guest(switch: bool);
         reveal Host(prize: door);
         withdraw (Guest.pick == Host.prize) <-!-> Guest.switch ? { Guest -> 3 } : { Guest -> 0; burn 3 }",
    );
    let chance_of = |set: usize, choice: &str| {
        let mut won = Rational::ZERO;
        let mut total = Rational::ZERO;
        let mut pending = vec![(tree.root(), Rational::ONE)];
        while let Some((target, probability)) = pending.pop() {
            let Target::Node(node) = target else { continue };
            let node = tree.node(node);
            for action in &node.actions {
                let below = match &action.probability {
                    Some(share) => &probability * share,
                    None => probability.clone(),
                };
                let here = matches!(node.mover, Mover::Infoset(at) if at.index() == set);
                if let (true, Target::Outcome(outcome)) = (here, action.target)
                    && action.label == choice
                {
                    total = &total + &below;
                    if tree.outcome(outcome).payoffs[0] == Rational::ZERO {
                        won = &won + &below;
                    }
                }
                pending.push((action.target, below));
            }
        }
        won / total
    };
    // One set to pick a door, one per picked and opened door, and one per opened door where the guest has quit.
    assert_eq!(tree.infosets().len(), 1 + 6 + 3);
    let decisions: Vec<usize> = (0..tree.infosets().len())
        .filter(|set| {
            let node = tree
                .nodes()
                .iter()
                .find(|node| matches!(node.mover, Mover::Infoset(at) if at.index() == *set));
            node.is_some_and(|node| node.actions[0].label == "true")
        })
        .collect();
    assert_eq!(decisions.len(), 6);
    for set in decisions {
        assert_eq!(chance_of(set, "true").to_string(), "2/3");
        assert_eq!(chance_of(set, "false").to_string(), "1/3");
    }
}

#[test]
fn unbalanced_payments_are_told() {
    let game = program(
        "game main() { join A() $ 5 B() $ 5; yield or split A(x: bool);
         withdraw A.x ? { A -> 5; B -> 5 } : { A -> 5; B -> 4 } }",
    );
    let warning = "payments and burns add up to 9, deposits to 10, when A.x = false";
    assert_eq!(game.meta.warnings, [warning]);
    let forgetful = program("game main() { join A() $ 5 B() $ 0; withdraw { A -> 5 } }");
    let warning = "`withdraw` does not mention B everywhere; there B gets nothing";
    assert_eq!(forgetful.meta.warnings, [warning]);
    assert!(
        program(include_str!("../games/prisoners-dilemma.vg"))
            .meta
            .warnings
            .is_empty()
    );
}

#[test]
fn a_program_is_a_game_with_its_text() {
    let text = include_str!("../games/prisoners-dilemma.vg");
    let game = parse("dilemma.vg", text.as_bytes(), &Limits::default()).expect("our own example");
    assert_eq!(
        (game.title(), game.players()),
        ("dilemma", &["Row".to_owned(), "Column".to_owned()][..])
    );
    assert_eq!(game.tags(), ["vegas"]);
    let wire = game.wire();
    assert_eq!(wire["format_name"], "vegas");
    assert_eq!(wire["source_code"], text);
    assert_eq!(wire["players"][1], "Column");
    let stored = serde_json::to_string(&game).expect("games can be stored");
    assert_eq!(
        serde_json::from_str::<Game>(&stored).expect("and read again"),
        game
    );
}
