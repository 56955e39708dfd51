//! Fits the evaluation's weights to the results of games: the value of a quiet position, squeezed into an expected score,
//! should predict how its game ended (the method: Österlund, "Texel's tuning method", 2014; here by gradient descent with
//! Adam, Kingma and Ba, 2015).
//!
//! ```text
//! cargo run --release -p rookery-chess --example tune -- positions.txt [more.txt…] > shared/engines/chess/src/eval/weights.rs
//! ```

use std::io::{self, BufRead as _};

use rookery_chess::eval::{COUNT, GROUPS, Sample, sample, weights};
use shakmaty::fen::Fen;
use shakmaty::{CastlingMode, Chess};

/// Share of the game's result in what is to be predicted; the rest is what the search thought, which is less noisy.
const RESULT_SHARE: f32 = 0.35;
const EPOCHS: usize = 30;
const BATCH: usize = 8_192;
const STEP: f32 = 0.3;
/// Pull of each weight toward where it began, so that rare features stay plausible.
const PULL: f32 = 2e-7;

struct Example {
    sample: Sample,
    target: f32,
}

fn main() -> io::Result<()> {
    let began: Vec<[f32; 2]> = weights()
        .into_iter()
        .map(|pair| pair.map(|weight| weight as f32))
        .collect();
    let mut examples = Vec::new();
    for path in std::env::args().skip(1) {
        read(&path, &mut examples)?;
    }
    let scale = best_scale(&examples, &began);
    // Every eighth run of examples is kept back to see whether the fit holds for games not learnt.
    let (kept, learnt): (Vec<_>, Vec<_>) = examples
        .chunks(500)
        .enumerate()
        .partition(|(number, _)| number % 8 == 0);
    let kept: Vec<&Example> = kept.into_iter().flat_map(|(_, chunk)| chunk).collect();
    let learnt: Vec<&Example> = learnt.into_iter().flat_map(|(_, chunk)| chunk).collect();
    eprintln!(
        "{} positions, scale {scale}, loss {:.6}, kept back {:.6}",
        learnt.len(),
        loss(&learnt, &began, scale),
        loss(&kept, &began, scale)
    );
    let tuned = descend((learnt, kept), &began, scale);
    print(&tuned);
    Ok(())
}

fn read(path: &str, examples: &mut Vec<Example>) -> io::Result<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the engine knows no files, but this tool reads games"
    )]
    let text = std::fs::read_to_string(path)?;
    for line in text.as_bytes().lines() {
        let line = line?;
        let mut parts = line.split(';');
        let mut next = || parts.next().unwrap_or_default();
        let (fen, points, centipawns) = (next(), next(), next());
        let position = fen
            .parse::<Fen>()
            .ok()
            .and_then(|fen| fen.into_position::<Chess>(CastlingMode::Standard).ok());
        let (Some(position), Ok(points), Ok(centipawns)) =
            (position, points.parse::<f32>(), centipawns.parse::<f32>())
        else {
            continue;
        };
        // 0.004: odds of ten to one at 575 centipawns, near what the scale below comes to.
        let thought = sigmoid(centipawns * 0.004);
        examples.push(Example {
            sample: sample(&position),
            target: RESULT_SHARE * points + (1.0 - RESULT_SHARE) * thought,
        });
    }
    Ok(())
}

fn sigmoid(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

/// White's value, and what is left of it by the endgame's corrections.
fn value(sample: &Sample, weights: &[[f32; 2]]) -> (f32, f32) {
    let (mut middle, mut end) = (0.0, 0.0);
    for &(feature, count) in &sample.features {
        let [of_middle, of_end] = weights[usize::from(feature)];
        middle += f32::from(count) * of_middle;
        end += f32::from(count) * of_end;
    }
    let value = middle * sample.phase + end * (1.0 - sample.phase);
    let chance = sample.chances[usize::from(value < 0.0)];
    (value * chance, chance)
}

fn loss(examples: &[&Example], weights: &[[f32; 2]], scale: f32) -> f64 {
    let sum: f64 = examples
        .iter()
        .map(|example| {
            let expected = sigmoid(scale * value(&example.sample, weights).0);
            f64::from(expected - example.target).powi(2)
        })
        .sum();
    sum / examples.len().max(1) as f64
}

/// The steepness with which the present weights predict best.
fn best_scale(examples: &[Example], weights: &[[f32; 2]]) -> f32 {
    let sampled: Vec<&Example> = examples.iter().step_by(10).collect();
    (10..80)
        .map(|step| step as f32 * 1e-4)
        .min_by(|a, b| loss(&sampled, weights, *a).total_cmp(&loss(&sampled, weights, *b)))
        .unwrap_or(0.004)
}

fn descend(data: (Vec<&Example>, Vec<&Example>), began: &[[f32; 2]], scale: f32) -> Vec<[f32; 2]> {
    let (mut learnt, kept) = data;
    let mut weights = began.to_vec();
    let mut best = (loss(&kept, &weights, scale), weights.clone());
    let mut momentum = vec![[0.0f32; 2]; COUNT];
    let mut spread = vec![[0.0f32; 2]; COUNT];
    let mut state = 1u64;
    for epoch in 0..EPOCHS {
        shuffle(&mut learnt, &mut state);
        let step = STEP * (1.0 - epoch as f32 / EPOCHS as f32) + 0.01;
        for batch in learnt.chunks(BATCH) {
            let mut gradient = vec![[0.0f32; 2]; COUNT];
            for example in batch {
                let (value, chance) = value(&example.sample, &weights);
                let expected = sigmoid(scale * value);
                let slope = 2.0
                    * (expected - example.target)
                    * expected
                    * (1.0 - expected)
                    * scale
                    * chance;
                for &(feature, count) in &example.sample.features {
                    let [middle, end] = &mut gradient[usize::from(feature)];
                    *middle += slope * f32::from(count) * example.sample.phase;
                    *end += slope * f32::from(count) * (1.0 - example.sample.phase);
                }
            }
            for feature in 0..COUNT {
                for half in 0..2 {
                    let pull = PULL * (weights[feature][half] - began[feature][half]);
                    let slope = gradient[feature][half] / batch.len() as f32 + pull;
                    let momentum = &mut momentum[feature][half];
                    let spread = &mut spread[feature][half];
                    *momentum = 0.9 * *momentum + 0.1 * slope;
                    *spread = 0.999 * *spread + 0.001 * slope * slope;
                    weights[feature][half] -= step * *momentum / (spread.sqrt() + 1e-9);
                }
            }
        }
        let now = loss(&kept, &weights, scale);
        if now < best.0 {
            best = (now, weights.clone());
        }
        if epoch % 10 == 9 {
            eprintln!(
                "{epoch}: loss {:.6}, kept back {now:.6}",
                loss(&learnt, &weights, scale)
            );
        }
    }
    best.1
}

/// Fisher and Yates' way, a linear congruential generator (Knuth's MMIX) choosing.
fn shuffle(examples: &mut [&Example], state: &mut u64) {
    for last in (1..examples.len()).rev() {
        *state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        examples.swap(last, (*state >> 33) as usize % (last + 1));
    }
}

/// The file `eval/weights.rs`.
fn print(weights: &[[f32; 2]]) {
    println!(
        "//! The weights of the features, in centipawns, in the order of `features`: written by `examples/tune.rs` from games that\n\
         //! `examples/selfplay.rs` has let this engine play.\n\n\
         use super::features::COUNT;\n\
         use super::sink::Packed;\n\n\
         pub(super) static WEIGHTS: [Packed; COUNT] = {{\n    \
             let mut weights = [Packed::new(0, 0); COUNT];\n    \
             let mut index = 0;\n    \
             while index < COUNT {{\n        \
                 weights[index] = Packed::new(MIDDLEGAME[index] as i32, ENDGAME[index] as i32);\n        \
                 index += 1;\n    \
             }}\n    \
             weights\n\
         }};"
    );
    for (half, name) in ["MIDDLEGAME", "ENDGAME"].into_iter().enumerate() {
        println!("\nconst {name}: [i16; COUNT] = [");
        for group in GROUPS {
            println!("    // {}", group.name.to_lowercase().replace('_', " "));
            let numbers: Vec<String> = weights[group.start..group.start + group.len]
                .iter()
                .map(|pair| format!("{},", pair[half].round() as i32))
                .collect();
            println!("    {}", numbers.join(" "));
        }
        println!("];");
    }
}
