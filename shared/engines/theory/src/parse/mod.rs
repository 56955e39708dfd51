//! Readers of game files: JSON, Gambit `.efg`, Gambit `.nfg` and (in its own module) Vegas `.vg`.
//!
//! All of them are linear in the input, do not recurse on it, check every announced size against [`Limits`] before they
//! allocate for it, and say what is wrong with its line and column.

mod chance;
mod efg;
mod efg_set;
mod json_fields;
mod json_game;
mod json_maid;
mod json_normal;
mod json_text;
mod json_tree;
mod lexer;
mod names;
mod nfg;
mod numbered;
mod position;

pub(crate) use chance::settle;

use crate::game::Game;
use crate::vegas;
pub use position::ParseError;
pub(crate) use position::Source;

/// How large a game a file may describe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    pub players: usize,
    /// Payoff entries of a normal form: profiles × players.
    pub cells: usize,
    /// Nodes of a tree, the end nodes included.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 5 << 20,
            players: 64,
            cells: 1_000_000,
            nodes: 1_000_000,
        }
    }
}

/// Reads a game; the file name's extension (`.json`, `.efg`, `.nfg`, `.vg`) says how, and its stem is the title of a game without one.
///
/// The id is empty unless the file states one.
pub fn parse(file_name: &str, bytes: &[u8], limits: &Limits) -> Result<Game, ParseError> {
    if bytes.len() > limits.bytes {
        return Err(ParseError::at_start(format!(
            "the file has {} bytes; the limit is {}",
            bytes.len(),
            limits.bytes
        )));
    }
    let source = Source::new(bytes)?;
    let (stem, extension) = file_name.rsplit_once('.').unwrap_or((file_name, ""));
    let mut game = match extension.to_ascii_lowercase().as_str() {
        "json" => json_game::read(&source, limits)?,
        "efg" => efg::read(&source, limits)?,
        "nfg" => nfg::read(&source, limits)?,
        "vg" => Game::Vegas(vegas::read(&source, limits)?),
        _ => {
            return Err(ParseError::at_start(format!(
                "`{file_name}` is not a .json, .efg, .nfg or .vg file"
            )));
        }
    };
    if game.title().is_empty() {
        game.meta_mut().title = stem.to_owned();
    }
    Ok(game)
}
