//! Writers of game files: JSON, Gambit `.efg` and Gambit `.nfg`. What they write, [`crate::parse()`] reads back as the same game.

mod efg;
mod nfg;

use serde_json::Value;

use crate::game::{Game, Numbers};
pub use efg::efg;
pub use nfg::nfg;

/// The game as JSON that [`crate::parse()`] reads: the shape of [`Game::wire`], with exact numbers (`"2/3"` where no decimal is).
pub fn json(game: &Game) -> Value {
    game.shown(Numbers::Exact)
}

/// A text in the quotes of Gambit's formats, whose only escape is `\"`.
fn put_text(file: &mut String, text: &str) {
    file.push('"');
    for character in text.chars() {
        if character == '"' {
            file.push('\\');
        }
        file.push(character);
    }
    if text.ends_with('\\') {
        // There is no way to write a backslash before the closing quote.
        file.push(' ');
    }
    file.push('"');
}

/// `{ "a" "b" }`
fn put_texts<'a>(file: &mut String, texts: impl Iterator<Item = &'a str>) {
    file.push_str("{ ");
    for text in texts {
        put_text(file, text);
        file.push(' ');
    }
    file.push('}');
}
