//! Vegas programs that are too large or hostile: refused in little time, memory and stack.

use rookery_theory::game::VegasGame;
use rookery_theory::{Game, Limits, parse, vegas};

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

#[test]
fn what_has_no_tree_says_why() {
    let blocker = |declarations: &str, steps: &str| {
        let game = accepted(&format!(
            "{declarations} game main() {{ join A(); {steps} withdraw {{ A -> 0 }} }}"
        ));
        let error = vegas::to_extensive(&game).expect_err("no tree").to_string();
        assert_eq!(game.tree_blocker.as_ref(), Some(&error));
        error
    };
    assert_eq!(
        blocker("", "yield A(x: int);"),
        "`A.x` is of type int, which has no bounds; give it a range"
    );
    assert_eq!(
        blocker("", "yield A(x: address);"),
        "`A.x` is an address and has no list of values"
    );
    assert_eq!(
        blocker("type big = {1..1000000000}", "yield A(x: big);"),
        "`A.x` has 1000000000 values; the limit is 20000"
    );
    assert_eq!(
        blocker("type t = {1..1000}", "yield A(x: t, y: t, z: t);"),
        "a move of A has 1000000000 choices; the limit is 20000"
    );
    let steps: String = (0..10)
        .map(|step| format!("yield A(x{step}: digit);"))
        .collect();
    assert_eq!(
        blocker("type digit = {0..9}", &steps),
        "the tree of this program is too large: the limit is 100000 nodes"
    );
}

/// Every one of these would take ages, gigabytes or the stack if it were taken at its word.
#[test]
fn hostile_programs_cost_little() {
    let deep = |open: &str, close: &str| {
        let (open, close) = (open.repeat(50_000), close.repeat(50_000));
        format!("game main() {{ join A(); withdraw {{ A -> {open} 1 {close} }} }}")
    };
    let game = |declarations: String, steps: &str| {
        format!("{declarations} game main() {{ join A(); {steps} withdraw {{ A -> 0 }} }}")
    };
    let doubling = (1..60).map(|step| {
        let before = step - 1;
        format!("macro m{step}(x: int): int = m{before}(x) + m{before}(x) ")
    });
    let doubling = format!("macro m0(x: int): int = x {}", doubling.collect::<String>());
    let chain = (1..20_000).map(|step| format!("macro m{step}(): int = m{}() ", step - 1));
    let chain = format!("macro m0(): int = 1 {}", chain.collect::<String>());
    let aliases = (1..40_000)
        .rev()
        .map(|step| format!("type t{step} = t{} ", step - 1));
    let aliases = format!("{} type t0 = bool", aliases.collect::<String>());
    let nulls = (0..8_000).map(|step| format!("yield A(x{step}: bool) || null; "));
    let tests = (0..8_000).map(|step| format!("A.x{step} == null || "));
    let guards = (0..20_000).map(|step| format!("R{step}() where true "));
    let sources = [
        deep("(", ")"),
        deep("-", ""),
        deep("!", ""),
        deep("true ? ", ": 1"),
        deep("let! x: int = ", "in x"),
        deep("1 + (", ")"),
        deep("abs(", ")"),
        format!(
            "game main() {{ join A(); withdraw {} {{ A -> 1 }} }}",
            "(".repeat(90_000)
        ),
        format!(
            "game main() {{ join A(); withdraw {} {{ A -> 1 }} }}",
            "true ? {A -> 1} : ".repeat(20_000)
        ),
        game(doubling, "yield A(x: bool) where m59(1) == 2;"),
        game(chain, ""),
        game(aliases, "yield A(x: t39999);"),
        game(String::new(), &nulls.collect::<String>()),
        format!(
            "game main() {{ join A(); {} withdraw {} false ? {{ A -> 0 }} : {{ A -> 1 }} }}",
            (0..8_000)
                .map(|step| format!("yield A(x{step}: bool) || null; "))
                .collect::<String>(),
            tests.collect::<String>()
        ),
        format!(
            "game main() {{ join {} ; withdraw {{ A -> 1 }} }}",
            guards.collect::<String>()
        ),
        format!("type t = {{{}}}", "1, ".repeat(90_000)),
        "x ".repeat(2_000_000),
        "/*".repeat(2_000_000),
    ];
    let mut answers: Vec<String> = Vec::new();
    for source in &sources {
        answers.push(
            match parse("hostile.vg", source.as_bytes(), &Limits::default()) {
                Ok(Game::Vegas(game)) => game.tree_blocker.unwrap_or_default(),
                Ok(_) => "another game".to_owned(),
                Err(error) => error.what,
            },
        );
    }
    let count = |answer: &str| answers.iter().filter(|other| *other == answer).count();
    assert_eq!(count("this is nested more than 128 levels deep"), 5);
    assert_eq!(
        count("the program has more than 200000 words and symbols"),
        6
    );
    assert_eq!(
        count("the tree of this program is too large: the limit is 100000 nodes"),
        3
    );
    assert_eq!(count("more than 64 roles join"), 1);
    assert_eq!(count("a type can list 1000 values at most; use a range"), 1);
    // A long chain of conditions and one of aliases are harmless.
    assert_eq!(count(""), 2, "{answers:?}");
}

/// The deepest programs that are accepted are read and played on half of the stack that a thread usually gets.
#[test]
fn recursion_is_bounded() {
    let macros = |count: usize| {
        let list =
            (1..count).map(|step| format!("macro m{step}(x: int): int = (1 + m{}(x)) ", step - 1));
        let list: String = list.collect();
        format!(
            "macro m0(x: int): int = x {list} game main() {{ join A(); withdraw {{ A -> m{}(0) }} }}",
            count - 1
        )
    };
    let (open, close) = ("(1 + abs(".repeat(20), "))".repeat(20));
    let nested = format!("game main() {{ join A(); withdraw {{ A -> {open} 1 {close} }} }}");
    let read = move || {
        let refusal = refused(&macros(4_000));
        assert!(
            refusal.ends_with("with its macros this is nested more than 1000 levels deep"),
            "{refusal}"
        );
        for (text, payoff) in [(macros(490), "489"), (nested, "21")] {
            let tree = vegas::to_extensive(&accepted(&text)).expect("no moves");
            assert_eq!(tree.outcomes()[0].payoffs[0].to_string(), payoff);
        }
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(read);
    thread.expect("a thread").join().expect("no overflow");
}

#[test]
fn a_long_program_without_choices_is_no_deep_recursion() {
    let steps: String = (0..5_000)
        .map(|step| format!("yield N(x{step}: one); "))
        .collect();
    let text = format!(
        "type one = {{1}} game main() {{ random N; join A(); {steps} withdraw {{ A -> N.x4999 }} }}"
    );
    let tree = vegas::to_extensive(&accepted(&text)).expect("a single path");
    assert_eq!((tree.nodes().len(), tree.outcomes().len()), (5_000, 1));
    assert_eq!(tree.outcomes()[0].payoffs[0].to_string(), "1");
}
