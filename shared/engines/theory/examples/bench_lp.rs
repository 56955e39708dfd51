//! Times the linear programs: `bench_lp` prints one JSON line per case with its wall time in milliseconds.

use std::sync::atomic::AtomicBool;
use std::time::Instant;

use rookery_theory::sequence::{SequenceForm, estimate_value, solve_lp};
use rookery_theory::{Game, Limits, parse};
use serde_json::json;

#[path = "../tests/dice/mod.rs"]
mod dice;
#[path = "../tests/poker/mod.rs"]
mod poker;

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; the library does not"
)]
fn timed<T>(case: &str, run: impl FnOnce() -> T, show: impl Fn(&T) -> String) {
    let start = Instant::now();
    let result = run();
    let ms = start.elapsed().as_secs_f64() * 1e3;
    println!(
        "{}",
        json!({"case": case, "ms": ms, "result": show(&result)})
    );
}

fn main() {
    let stop = AtomicBool::new(false);
    for (name, game) in [
        ("kuhn", poker::kuhn()),
        (
            "liars dice 1x3",
            parse(
                "dice.efg",
                dice::liars_dice(3).as_bytes(),
                &Limits::default(),
            )
            .expect("well formed"),
        ),
        ("leduc", poker::leduc()),
    ] {
        let Game::Extensive(game) = game else {
            unreachable!("these games are built as trees");
        };
        timed(
            &format!("{name}: sequence form"),
            || SequenceForm::new(&game).expect("perfect recall"),
            |form| format!("{} x {}", form.sides[0].sequences, form.sides[1].sequences),
        );
        timed(
            &format!("{name}: float value"),
            || estimate_value(&game, &stop),
            |value| format!("{value:?}"),
        );
        timed(
            &format!("{name}: exact equilibrium"),
            || solve_lp(&game, &stop),
            |result| match result {
                Ok(found) => {
                    let value = found.payoffs[0].to_string();
                    let digits = value.len();
                    format!(
                        "{} in {digits} characters: {}",
                        found.payoffs[0].to_f64(),
                        value.get(..80).unwrap_or(&value)
                    )
                }
                Err(error) => error.to_string(),
            },
        );
    }
}
