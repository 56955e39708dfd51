//! Conversions between the forms of a game, and what stands in their way.

mod plans;
mod to_extensive;
mod to_normal;

use crate::game::{Format, Game};
pub use plans::{Plan, Plans, Reduction};
pub use to_extensive::{nodes_of_simultaneous_tree, simultaneous_tree};
pub use to_normal::{TooLarge, normal_form};

/// Profiles from which on a matrix is called large, and those beyond which it is not shown.
const MANY_PROFILES: u128 = 100;
const MOST_PROFILES: u128 = 10_000;

/// Whether a game can be shown in another form.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Conversion {
    pub possible: bool,
    pub warnings: Vec<String>,
    pub blockers: Vec<String>,
}

impl Conversion {
    fn blocked(blocker: String) -> Conversion {
        Conversion {
            possible: false,
            warnings: Vec::new(),
            blockers: vec![blocker],
        }
    }

    fn possible(warnings: Vec<String>) -> Conversion {
        Conversion {
            possible: true,
            warnings,
            blockers: Vec::new(),
        }
    }
}

/// The conversion asked for is not possible; the text gives the blockers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConversionError(pub String);

/// Whether `game` can be shown in the form `target`, without doing it: linear in the size of the game.
pub fn conversion(game: &Game, target: Format) -> Conversion {
    match (game, target) {
        (Game::Extensive(_), Format::Extensive) => {
            Conversion::blocked("Already extensive form".to_owned())
        }
        (Game::Normal(_), Format::Normal) => Conversion::blocked("Already normal form".to_owned()),
        (_, Format::Maid | Format::Vegas) | (Game::Maid(_) | Game::Vegas(_), _) => {
            Conversion::blocked(no_way(game.format(), target))
        }
        (Game::Normal(_), Format::Extensive) => Conversion::possible(vec![
            "Simultaneity represented via information sets".to_owned(),
        ]),
        (Game::Extensive(tree), Format::Normal) => {
            let players = tree.players().len();
            if players != 2 {
                return Conversion::blocked(format!(
                    "Matrix view requires exactly 2 players (game has {players})"
                ));
            }
            let profiles = Plans::count_profiles(tree, Reduction::Full);
            if profiles > MOST_PROFILES {
                return Conversion::blocked(format!(
                    "Too many strategy profiles ({}) - conversion would be impractical",
                    grouped(profiles)
                ));
            }
            let large = profiles > MANY_PROFILES;
            Conversion::possible(if large {
                vec![format!(
                    "Large matrix: {} strategy profiles",
                    grouped(profiles)
                )]
            } else {
                Vec::new()
            })
        }
    }
}

/// The game in the form `target`; a game already in that form is returned as it is.
pub fn convert(game: &Game, target: Format) -> Result<Game, ConversionError> {
    if game.format() == target {
        return Ok(game.clone());
    }
    let check = conversion(game, target);
    if !check.possible {
        return Err(ConversionError(check.blockers.join("; ")));
    }
    match game {
        Game::Normal(table) => Ok(Game::Extensive(simultaneous_tree(
            table,
            table.meta().converted("efg", "strategic-form", "from-nfg"),
        ))),
        Game::Extensive(tree) => {
            let meta = tree.meta().converted("nfg", "sequential", "from-efg");
            let table = normal_form(tree, meta, Reduction::Full, usize::MAX)
                .map_err(|error| ConversionError(error.to_string()))?;
            Ok(Game::Normal(table))
        }
        Game::Maid(_) | Game::Vegas(_) => Err(ConversionError(no_way(game.format(), target))),
    }
}

fn no_way(from: Format, to: Format) -> String {
    format!("Cannot convert from {from} to {to}")
}

/// `12345` as `12,345`.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
