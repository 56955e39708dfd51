//! Gambit's `.nfg`: strategy names, then the payoffs profile by profile.

use std::fmt::Write;

use super::{put_text, put_texts};
use crate::game::NormalGame;

/// The game as an `.nfg` file with payoffs, player 1's strategy varying fastest; a line per combination of the others' strategies.
pub fn nfg(game: &NormalGame) -> String {
    let mut file = "NFG 1 R ".to_owned();
    put_text(&mut file, &game.meta().title);
    file.push(' ');
    put_texts(&mut file, game.players().iter().map(String::as_str));
    file.push_str("\n\n{ ");
    for labels in game.strategies() {
        put_texts(&mut file, labels.iter().map(String::as_str));
        file.push('\n');
    }
    file.push_str("}\n");
    let comment = game.meta().description.as_deref();
    put_text(&mut file, comment.unwrap_or_default());
    file.push_str("\n\n");
    let (sizes, strides) = (game.sizes(), game.strides());
    let mut profile = vec![0; sizes.len()];
    for _ in 0..game.profiles() {
        let number = profile.iter().zip(&strides).map(|(at, stride)| at * stride);
        for payoff in game.payoffs_at(number.sum()) {
            write!(file, "{payoff} ").expect("a String takes everything");
        }
        if profile[0] + 1 == sizes[0] {
            file.push('\n');
        }
        for (strategy, size) in profile.iter_mut().zip(&sizes) {
            *strategy += 1;
            if *strategy < *size {
                break;
            }
            *strategy = 0;
        }
    }
    file
}
