//! Vegas programs that are wrong: refused with a place and a reason.

use rookery_theory::game::VegasGame;
use rookery_theory::{Game, Limits, parse};

fn refused(text: &str) -> String {
    match parse("game.vg", text.as_bytes(), &Limits::default()) {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    }
}

fn accepted(text: &str) -> VegasGame {
    match parse("game.vg", text.as_bytes(), &Limits::default()) {
        Ok(Game::Vegas(game)) => game,
        other => panic!("not a program: {other:?}"),
    }
}

/// What is said of steps on a line of their own, after two players have joined.
fn wrong_steps(steps: &str) -> String {
    refused(&format!(
        "type bit = {{0, 1}}\ngame main() {{ join A() $ 5 B() $ 5; random N;\n{steps}\n}}"
    ))
}

const PAY: &str = "withdraw { A -> 5; B -> 5 }";

#[test]
fn syntax_is_refused_where_it_breaks() {
    for (text, message) in [
        (
            "",
            "line 1, column 1: expected `type`, `macro` or `game`, found the end of the file",
        ),
        (
            "game main() {",
            "line 1, column 14: expected `join`, `random`, `sample`, `yield`, `commit`, `reveal` or `withdraw`, found the end of the file",
        ),
        (
            "game main() {\n  join A() $ 01; }",
            "line 2, column 14: a number must not start with 0",
        ),
        (
            "game main() { join a(); }",
            "line 1, column 20: expected a role, found `a`",
        ),
        ("/* open", "line 1, column 1: the comment is not closed"),
        (
            "game main() { join A(); withdraw { A -> \"1\" } }",
            "line 1, column 41: unexpected character `\\\"`",
        ),
        (
            "game main() { join A(); withdraw { A -> 0x } }",
            "line 1, column 41: an address needs digits after `0x`",
        ),
        (
            "game main() { join A(); withdraw { } }",
            "line 1, column 34: an outcome needs at least one payment",
        ),
        (
            "game main() { join A(); withdraw true ? { A -> 0 } }",
            "line 1, column 52: expected `:` between the two outcomes of a condition, found `}`",
        ),
        (
            "game main() { join A(); withdraw { A -> 1 } } x",
            "line 1, column 47: expected the end of the file, found `x`",
        ),
        (
            "game main() { join A(); withdraw { burn 1; burn 2 } }",
            "line 1, column 44: an outcome can burn only once; add the amounts up",
        ),
        (
            "type t = {3..1}",
            "line 1, column 14: the range is empty: its end is before its start",
        ),
        (
            "type t = {1, }",
            "line 1, column 14: expected a value of the type, found `}`",
        ),
        (
            "game main() { withdraw { burn 0 } }",
            "line 1, column 1: no player joins the game",
        ),
    ] {
        assert_eq!(refused(text), message, "{text}");
    }
}

#[test]
fn declarations_are_checked() {
    let end = "game main() { join A(); withdraw { A -> 0 } }";
    for (declarations, message) in [
        (
            "type int = {1}",
            "line 1, column 6: two types are called `int`",
        ),
        ("type t = u", "line 1, column 10: no type is called `u`"),
        (
            "type t = u type u = t",
            "line 1, column 6: the type `t` is defined by itself",
        ),
        (
            "macro m(): int = m()",
            "line 1, column 7: the macro `m` calls itself, perhaps by way of others",
        ),
        (
            "macro m(): int = n() macro n(): int = m()",
            "line 1, column 7: the macro `m` calls itself, perhaps by way of others",
        ),
        (
            "macro m(x: int, x: int): int = 1",
            "line 1, column 17: two parameters are called `x`",
        ),
        (
            "macro m(): bool = 1",
            "line 1, column 19: expected a value of type bool, found one of type {1}",
        ),
        (
            "macro m(): int = A.x",
            "line 1, column 18: a macro cannot read `A.x`; pass it as an argument",
        ),
        (
            "macro abs(x: int): int = x",
            "line 1, column 7: two macros are called `abs`",
        ),
    ] {
        assert_eq!(refused(&format!("{declarations} {end}")), message);
    }
}

#[test]
fn types_are_checked() {
    for (expression, message) in [
        (
            "1 + true",
            "line 3, column 23: `+` takes values of type int, not bool",
        ),
        (
            "true",
            "line 3, column 19: expected a value of type int, found one of type bool",
        ),
        (
            "1 && true ? 1 : 2",
            "line 3, column 19: `&&` takes values of type bool, not {1}",
        ),
        (
            "true < false ? 1 : 2",
            "line 3, column 19: `<` takes values of type int, not bool",
        ),
        (
            "1 == true ? 1 : 2",
            "line 3, column 24: values of types {1} and bool cannot be compared",
        ),
        (
            "true ? 1 : false",
            "line 3, column 19: the results have different types, {1} and bool",
        ),
        (
            "let! x: bit = 2 in x",
            "line 3, column 33: expected a value of type {0..1}, found one of type {2}",
        ),
        (
            "nothing",
            "line 3, column 19: nothing here is called `nothing`",
        ),
        (
            "nothing(1)",
            "line 3, column 19: no macro is called `nothing`",
        ),
        ("abs(1, 2)", "line 3, column 19: `abs` takes one argument"),
        ("C.x", "line 3, column 19: `C` is not a role"),
        ("A.x", "line 3, column 19: `A.x` has no value here"),
        (
            "1 == null ? 1 : 2",
            "line 3, column 19: only a role's value can be compared with null",
        ),
    ] {
        assert_eq!(
            wrong_steps(&format!("withdraw {{   A -> {expression}; B -> 5 }}")),
            message
        );
    }
}

#[test]
fn missing_values_must_be_looked_for_first() {
    let steps = |outcome: &str| format!("yield A(x: bit) || null; withdraw {outcome}");
    let message = wrong_steps(&steps("{ A -> A.x; B -> 5 }"));
    assert_eq!(
        message,
        "line 3, column 42: expected a value of type int, found one of type {0..1} or null"
    );
    let text = |outcome: &str| {
        let steps = steps(outcome);
        format!("type bit = {{0, 1}} game main() {{ join A() B(); {steps} }}")
    };
    for safe in [
        "A.x != null ? { A -> A.x } : { A -> 0 }",
        "A.x == null ? { A -> 0 } : { A -> A.x }",
        "!(A.x == null) && A.x > 0 ? { A -> A.x } : { A -> 0 }",
        "A.x == null || A.x > 0 ? { A -> 0 } : { A -> A.x }",
        "{ A -> A.x == null ? 7 : A.x + 1 }",
    ] {
        accepted(&text(safe));
    }
    for unsafe_ in [
        "A.x != null || true ? { A -> A.x } : { A -> 0 }",
        "A.x == null && true ? { A -> 0 } : { A -> A.x }",
        "A.x != null && true ? { A -> 0 } : { A -> A.x }",
        "A.x > 0 && A.x != null ? { A -> 0 } : { A -> 0 }",
    ] {
        refused(&text(unsafe_));
    }
    let message = wrong_steps(&format!("yield A(x: bit); {PAY} withdraw"));
    assert!(message.contains("expected `}`"), "{message}");
    let message = wrong_steps(
        "yield A(x: bit); withdraw A.x == null ? { A -> 5; B -> 5 } : { A -> 5; B -> 5 }",
    );
    assert!(
        message.starts_with("line 3, column 27: `A.x` is never null here"),
        "{message}"
    );
}

#[test]
fn steps_are_checked() {
    for (steps, message) in [
        ("join A();", "line 3, column 6: `A` has joined before"),
        (
            "join Sample();",
            "line 3, column 6: `Sample` is the name of what `sample` draws; use another one",
        ),
        ("yield C(x: bit);", "line 3, column 7: `C` has not joined"),
        (
            "yield A(x: bit) A(y: bit);",
            "line 3, column 17: `A` moves twice in one step",
        ),
        (
            "yield A(x: bit, x: bit);",
            "line 3, column 17: `A.x` is written twice in one step",
        ),
        (
            "yield A(x: bit); yield A(x: bit);",
            "line 3, column 26: `A.x` is written already",
        ),
        (
            "yield A(x: bit) $ 3;",
            "line 3, column 7: deposits are made with `join`",
        ),
        (
            "yield A(x: digit);",
            "line 3, column 12: no type is called `digit`",
        ),
        (
            "commit A(x: bit); yield A(x: bit);",
            "line 3, column 27: `A.x` is committed already; `reveal` it",
        ),
        (
            "commit A(x: bit);",
            "line 3, column 10: `A.x` is committed but never revealed",
        ),
        (
            "reveal A(x: bit);",
            "line 3, column 10: `A.x` is not committed, so it cannot be revealed",
        ),
        (
            "yield A(x: bit); reveal A(x: bit);",
            "line 3, column 27: `A.x` is not committed, so it cannot be revealed",
        ),
        (
            "commit A(x: bit); reveal A(x: bool);",
            "line 3, column 28: `A.x` was committed with type {0..1}, not bool",
        ),
        (
            "commit A(x: bit); yield B(y: bit) where B.y == A.x;",
            "line 3, column 48: `A.x` cannot be read before it is revealed",
        ),
        (
            "yield A(x: bit) B(y: bit) where B.y == A.x;",
            "line 3, column 40: `A.x` has no value here",
        ),
        (
            "yield A(x: bit) where A.x;",
            "line 3, column 23: expected a value of type bool, found one of type {0..1}",
        ),
        (
            "yield A(x: bit ~ uniform { 0, 1 });",
            "line 3, column 9: `A` is a player: only nature draws from a distribution",
        ),
        (
            "yield N(x: bit ~ uniform { 0, 2 });",
            "line 3, column 9: 2 is not of type {0..1}",
        ),
        (
            "yield N(x: bit ~ uniform { 0, 0 });",
            "line 3, column 9: 0 is in the distribution twice",
        ),
        (
            "yield N(x: bit ~ weighted { 0: 1, 1: 0 });",
            "line 3, column 9: 1 has the weight 0; leave it out",
        ),
        (
            "yield N(x: bit ~ normal { 0 });",
            "line 3, column 18: expected `uniform` or `weighted`, found `normal`",
        ),
        (
            "yield N(x: bit ~ uniform { 0 }, y: bit);",
            "line 3, column 9: a value drawn from a distribution must be the only one of its move",
        ),
    ] {
        assert_eq!(wrong_steps(&format!("{steps} {PAY}")), message, "{steps}");
    }
}

#[test]
fn handlers_and_payments_are_checked() {
    for (steps, message) in [
        (
            "join or split C();",
            "line 3, column 1: nobody can quit a `join`: it takes no `or`",
        ),
        (
            "join C() || { A -> 1 };",
            "line 3, column 6: nobody can quit a `join`: it takes no `||`",
        ),
        (
            "yield A(x: bit) || { B -> 5 } B(y: bit);",
            "line 3, column 7: several move in this step: say after its keyword what happens when one quits, `or split`, `or burn` or `or null`",
        ),
        (
            "yield or split A(x: bit) || burn;",
            "line 3, column 16: the step says twice what happens when its mover quits",
        ),
        (
            "yield A(x: bit) || { A -> 5; B -> 5 };",
            "line 3, column 22: `A` has quit and gets nothing",
        ),
        (
            "yield A(x: bit) || { burn 5 };",
            "line 3, column 20: this does not say what `B` is paid",
        ),
        (
            "yield A(x: bit) || { B -> A.x };",
            "line 3, column 27: `A.x` has no value here",
        ),
        (
            "yield or double A(x: bit);",
            "line 3, column 10: expected `split`, `burn` or `null` after `or`, found `double`",
        ),
    ] {
        assert_eq!(wrong_steps(&format!("{steps} {PAY}")), message, "{steps}");
    }
    let message = wrong_steps("withdraw { A -> 5; B -> 5; N -> 1 }");
    assert_eq!(
        message,
        "line 3, column 28: `N` is nature and cannot be paid; use `burn`"
    );
    let message = wrong_steps("withdraw { A -> 5; A -> 5 }");
    assert_eq!(message, "line 3, column 20: `A` is paid twice");
}

#[test]
fn plays_that_cannot_go_on_are_found_by_playing() {
    for (steps, message) in [
        (
            "yield A(x: bit); withdraw { A -> 5 / A.x; B -> 5 }",
            "line 3, column 38: this divides by zero",
        ),
        (
            "yield A(x: bit); yield N(y: bit) where N.y < A.x; withdraw { A -> 5; B -> 5 }",
            "line 3, column 18: the condition leaves N without a value to draw",
        ),
        (
            "withdraw { A -> 100000000000000000000 * 100000000000000000000; B -> 0 }",
            "line 3, column 41: this number is too large",
        ),
    ] {
        assert_eq!(wrong_steps(steps), message, "{steps}");
    }
    // Not every division by zero is reached.
    let text = "type bit = {0, 1} game main() { join A(); yield A(x: bit); withdraw { A -> A.x == 0 ? 1 : 5 / A.x } }";
    assert!(accepted(text).tree_blocker.is_none());
}
