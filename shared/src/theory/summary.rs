//! What is told of a game without its rules: the item of the list, and which analyses can take it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use rookery_theory::{Conversion, Format, Game, conversion, fits};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use thiserror::Error;

/// A game's id: the client's, or a UUID for a file without one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GameId(String);

/// Text that names no game and never will.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a game's id has 1 to {MAX_ID_BYTES} bytes and no control characters")]
pub struct GameIdError;

/// Fits into an index and into a URL.
const MAX_ID_BYTES: usize = 200;

impl GameId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GameId {
    type Err = GameIdError;

    fn from_str(text: &str) -> Result<Self, GameIdError> {
        let fits = (1..=MAX_ID_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(GameIdError)
        }
    }
}

impl fmt::Display for GameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The item that lists show, with the forms the game can be shown in.
pub(super) fn summary(game: &Game) -> Value {
    let others = Format::ALL
        .into_iter()
        .filter(|format| *format != game.format());
    let conversions: BTreeMap<&str, Conversion> = others
        .map(|format| (format.name(), conversion(game, format)))
        .collect();
    json!({
        "id": game.id(),
        "title": game.title(),
        "description": game.description(),
        "format": game.format().name(),
        "player_count": game.players().len(),
        "players": game.players(),
        "tags": game.tags(),
        "conversions": conversions,
    })
}

/// By analysis, what stands in the way: `None` nothing. An analysis that is not in it came with a later version.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Fit(BTreeMap<String, Option<String>>);

impl Fit {
    pub(super) fn of(game: &Game) -> Self {
        let judged = fits(game).into_iter().map(|(info, judgement)| {
            let obstacle = judgement.err().map(|unfit| unfit.to_string());
            (info.name.to_owned(), obstacle)
        });
        Self(judged.collect())
    }

    pub(super) fn judgement(&self, analysis: &str) -> Option<Result<(), &str>> {
        let obstacle = self.0.get(analysis)?;
        Some(obstacle.as_deref().map_or(Ok(()), Err))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_bounded_and_printable() {
        assert!("trust-game".parse::<GameId>().is_ok());
        assert!("Spiel des Jahres/ö".parse::<GameId>().is_ok());
        for bad in ["", "a\0b", "line\nbreak", &"x".repeat(201)] {
            assert_eq!(bad.parse::<GameId>(), Err(GameIdError), "{bad:?}");
        }
    }

    #[test]
    fn the_list_s_item_of_the_contract() {
        let games = rookery_theory::examples();
        let trust = games
            .iter()
            .find(|game| game.id() == "trust-game")
            .expect("an example");
        let item = summary(trust);
        for (key, value) in [
            ("id", json!("trust-game")),
            ("title", json!("Trust Game")),
            ("format", json!("extensive")),
            ("player_count", json!(2)),
        ] {
            assert_eq!(item[key], value);
        }
        assert_eq!(item["conversions"]["normal"]["possible"], json!(true));
    }
}
