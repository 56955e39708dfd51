//! Random trees in sequence form: both methods agree, and every equilibrium is complete and has no regret.

use std::sync::atomic::AtomicBool;

use rookery_theory::sequence::{BehaviourEquilibrium, solve_lcp, solve_lp};
use rookery_theory::{ExtensiveGame, Game, Limits, Rational, parse};

fn lp(game: &ExtensiveGame) -> BehaviourEquilibrium {
    solve_lp(game, &AtomicBool::new(false)).expect("constant sum")
}

fn lcp(game: &ExtensiveGame) -> BehaviourEquilibrium {
    solve_lcp(game, &AtomicBool::new(false)).expect("two players with perfect recall")
}

#[test]
fn both_methods_agree_on_random_constant_sum_trees() {
    for seed in 1..=60 {
        let game = random_tree(seed, Payoffs::ConstantSum);
        let (by_lp, by_lcp) = (lp(&game), lcp(&game));
        assert_eq!(by_lp.payoffs, by_lcp.payoffs, "seed {seed}");
        assert_complete(&game, &by_lp);
    }
}

#[test]
fn every_random_tree_has_an_equilibrium_of_regret_zero() {
    for seed in 1..=150 {
        let game = random_tree(seed, Payoffs::Any);
        let found = lcp(&game);
        assert!(found.regret.is_zero(), "seed {seed}");
        assert_complete(&game, &found);
    }
}

fn assert_complete(game: &ExtensiveGame, found: &BehaviourEquilibrium) {
    assert_eq!(found.behaviour.len(), game.infosets().len());
    for probabilities in &found.behaviour {
        assert_eq!(probabilities.iter().sum::<Rational>(), Rational::ONE);
        assert!(!probabilities.iter().any(Rational::is_negative));
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Payoffs {
    ConstantSum,
    Any,
}

/// Alternating moves after a chance move that only the first player sees; the players see each other's moves or not, by the seed. Few
/// different payoffs, so that most trees are degenerate.
fn random_tree(seed: u64, kind: Payoffs) -> ExtensiveGame {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = move |below: u64| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below
    };
    let mut body = String::from("c \"\" 1 \"\" { \"a\" 1/3 \"b\" 1/6 \"c\" 1/2 } 0\n");
    let hidden = next(2) == 0;
    let mut outcome = 0;
    let mut end = |body: &mut String| {
        outcome += 1;
        let first = next(4) as i64 - 1;
        let second = match kind {
            Payoffs::ConstantSum => 2 - first,
            Payoffs::Any => next(4) as i64 - 1,
        };
        *body += &format!("t \"\" {outcome} \"\" {{ {first}, {second} }}\n");
    };
    for signal in 0..3 {
        body += &format!("p \"\" 1 {} \"\" {{ \"l\" \"m\" \"r\" }} 0\n", signal + 1);
        for first in 0..3 {
            let set = if hidden { 1 } else { first + 1 };
            body += &format!("p \"\" 2 {set} \"\" {{ \"x\" \"y\" }} 0\n");
            end(&mut body);
            // After `y` the first player, who remembers all but saw nothing else, moves again.
            body += &format!(
                "p \"\" 1 {} \"\" {{ \"s\" \"t\" }} 0\n",
                4 + 3 * signal + first
            );
            end(&mut body);
            end(&mut body);
        }
    }
    let text = format!("EFG 2 R \"test\" {{ \"1\" \"2\" }}\n{body}");
    match parse("test.efg", text.as_bytes(), &Limits::default()).expect("well formed") {
        Game::Extensive(tree) => tree,
        _ => unreachable!("an efg file holds a tree"),
    }
}
