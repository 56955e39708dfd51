//! Finite games of strategy: reading them, converting between their forms, and solving them in exact arithmetic.
//!
//! The crate is pure: no clock, file, network, environment or entropy. A stop flag, a progress callback and a place to keep state
//! are arguments ([`Control`]); everything else a caller needs is a function from values to values.
//!
//! ```
//! use std::sync::atomic::AtomicBool;
//! use rookery_theory::{Config, Control, Limits, analyze, find, parse};
//!
//! let file = br#"NFG 1 R "Chicken" { "A" "B" } { 2 2 }  6 6  7 2  2 7  0 0"#;
//! let game = parse("chicken.nfg", file, &Limits::default()).expect("a well-formed file");
//! let nash = find("Nash Equilibrium").expect("it is one of the analyses");
//! let stop = AtomicBool::new(false);
//! let control = Control::new(&stop);
//! let result = analyze(&game, nash, &Config::default(), &control).expect("two players");
//! assert_eq!(result.summary, "3 Nash equilibria");
//! ```

pub mod analysis;
pub mod cfr;
pub mod convert;
pub mod evolution;
pub mod examples;
pub mod game;
pub mod lp;
pub mod maid;
pub mod parse;
pub mod rational;
pub mod sequence;
pub mod solve;
pub mod tree;
pub mod vegas;
pub mod write;

pub use analysis::{
    AnalysisError, AnalysisInfo, AnalysisResult, Config, ConfigError, Control, Keeper, Progress,
    Solver, Unfit, analyses, analyze, check, find, fit, fits,
};
pub use convert::{Conversion, ConversionError, conversion, convert};
pub use examples::examples;
pub use game::{ExtensiveGame, Format, Game, NormalGame};
pub use parse::{Limits, ParseError, parse};
pub use rational::Rational;
