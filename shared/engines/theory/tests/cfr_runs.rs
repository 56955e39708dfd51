//! Runs of learning analyses that are stopped, and that go on from what they kept.

mod poker;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rookery_theory::analysis::Keeper;
use rookery_theory::cfr::{Algorithm, FictitiousPlay, Flat, Learner};
use rookery_theory::{AnalysisError, AnalysisResult, Config, Control, Game, analyze, find};
use serde_json::{Value, json};

static GOING: AtomicBool = AtomicBool::new(false);

fn run(game: &Game, name: &str, config: Value) -> AnalysisResult {
    let config = Config::from_json(&config).expect("options");
    let info = find(name).expect("an analysis");
    analyze(game, info, &config, &Control::new(&GOING)).expect("a result")
}

/// An interrupted run that goes on from its state ends like one that was not interrupted.
#[test]
fn learners_go_on_from_their_state() {
    go_on(&poker::kuhn());
    go_on(&poker::leduc());
}

fn go_on(game: &Game) {
    let Game::Extensive(tree) = game else {
        panic!("not a tree")
    };
    let flat = Flat::new(tree, &GOING).expect("perfect recall");
    let start = || -> Vec<Box<dyn Learner + '_>> {
        let mut all: Vec<Box<dyn Learner>> = Vec::new();
        all.extend(
            Algorithm::ALL
                .iter()
                .map(|algorithm| algorithm.start(&flat, 3)),
        );
        all.push(Box::new(FictitiousPlay::new(&flat)));
        all
    };
    for (mut whole, (mut first, mut second)) in
        start().into_iter().zip(start().into_iter().zip(start()))
    {
        (0..90).for_each(|_| whole.iterate(&GOING));
        (0..40).for_each(|_| first.iterate(&GOING));
        let state = first.state();
        second.resume(&state).expect("its own state");
        assert_eq!(second.iterations(), 40);
        (0..50).for_each(|_| second.iterate(&GOING));
        assert_eq!(second.average(), whole.average());
        assert!(second.resume(&state[..state.len() - 8]).is_none());
        assert!(second.resume(b"something else").is_none());
        assert_eq!(second.iterations(), 90, "a refused state changes nothing");
    }
}

/// Stops the run when it is asked for the first time whether it is time to keep something.
struct Stopper {
    stop: AtomicBool,
}

impl Keeper for Stopper {
    fn kept(&self) -> Option<Vec<u8>> {
        None
    }

    fn due(&self) -> bool {
        self.stop.store(true, Ordering::Relaxed);
        false
    }

    fn keep(&self, _: Vec<u8>) {}
}

#[test]
fn a_stopped_run_returns_what_it_has() {
    let game = poker::kuhn();
    for name in ["CFR Equilibrium", "CFR Convergence", "Fictitious Play"] {
        let keeper = Stopper {
            stop: AtomicBool::new(false),
        };
        let control = Control {
            keeper: &keeper,
            ..Control::new(&keeper.stop)
        };
        let config = Config::from_json(&json!({"iterations": 10_000_000})).expect("options");
        let info = find(name).expect("an analysis");
        let result = analyze(&game, info, &config, &control).expect("a result");
        let done = result.details["iterations"].as_u64().expect("a number");
        assert!((1..10_000_000).contains(&done), "{name}: {done}");
        assert!(
            result.details["nash_conv"].as_f64().expect("a number") < 0.01,
            "{name}"
        );
        let at_once = AtomicBool::new(true);
        let stopped = analyze(&game, info, &config, &Control::new(&at_once));
        assert_eq!(stopped, Err(AnalysisError::Stopped), "{name}");
    }
}

/// Keeps a state once and has the run stopped after it; another run finds it.
#[derive(Default)]
struct Kept {
    stop: AtomicBool,
    state: Mutex<Option<Vec<u8>>>,
}

impl Keeper for Kept {
    fn kept(&self) -> Option<Vec<u8>> {
        self.state.lock().expect("nobody panics").clone()
    }

    fn due(&self) -> bool {
        self.kept().is_none()
    }

    fn keep(&self, state: Vec<u8>) {
        *self.state.lock().expect("nobody panics") = Some(state);
        self.stop.store(true, Ordering::Relaxed);
    }
}

#[test]
fn an_analysis_goes_on_from_what_an_earlier_attempt_kept() {
    let game = poker::kuhn();
    for (name, config) in [
        (
            "CFR Equilibrium",
            json!({"iterations": 60_000, "algorithm": "dcfr"}),
        ),
        (
            "CFR Equilibrium",
            json!({"iterations": 60_000, "algorithm": "mccfr"}),
        ),
        ("CFR Convergence", json!({"iterations": 60_000})),
        ("Fictitious Play", json!({"iterations": 60_000})),
    ] {
        let whole = run(&game, name, config.clone());
        let keeper = Kept::default();
        let info = find(name).expect("an analysis");
        let config = Config::from_json(&config).expect("options");
        let attempt = || {
            let control = Control {
                keeper: &keeper,
                ..Control::new(&keeper.stop)
            };
            analyze(&game, info, &config, &control).expect("a result")
        };
        let first = attempt();
        let done = first.details["iterations"].as_u64().expect("a number");
        assert!(done > 1_000 && done < 60_000, "{name}: {done}");
        keeper.stop.store(false, Ordering::Relaxed);
        assert_eq!(attempt(), whole, "{name}");
    }
}
