//! Judging all analyses at once says of each what judging it alone says.

use rookery_theory::{Limits, examples, fit, fits, parse};

#[test]
fn together_as_alone() {
    let three = "NFG 1 R \"\" { \"A\" \"B\" \"C\" } { 2 1 1 } 1 2 3 4 5 6";
    let three = parse("three.nfg", three.as_bytes(), &Limits::default()).expect("a table");
    for game in examples().into_iter().chain([three]) {
        let together = fits(&game);
        assert!(together.iter().any(|(_, judgement)| judgement.is_ok()));
        assert!(together.iter().any(|(_, judgement)| judgement.is_err()));
        for (info, judgement) in together {
            assert_eq!(
                judgement,
                fit(&game, info),
                "{} of {}",
                info.name,
                game.id()
            );
        }
    }
}
