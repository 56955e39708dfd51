//! Conversions between the forms of a game, and what stands in their way.

mod chain;
mod maid_to_extensive;
mod plans;
mod to_extensive;
mod to_normal;

use crate::game::{ExtensiveGame, Format, Game};
use crate::vegas;
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

/// Whether `game` can be shown in the form `target`. One step is only looked at, in time linear in the size of the game; where there
/// are several, those before the last are done to see what the last one meets.
pub fn conversion(game: &Game, target: Format) -> Conversion {
    let from = game.format();
    if from == target {
        return Conversion::blocked(format!("Already {from} form"));
    }
    let Some(way) = chain::way(from, target) else {
        return Conversion::blocked(no_way(from, target));
    };
    match way.as_slice() {
        [only] => step_check(game, *only),
        several => several_steps(game, several),
    }
}

/// The game in the form `target`; a game already in that form is returned as it is.
pub fn convert(game: &Game, target: Format) -> Result<Game, ConversionError> {
    let from = game.format();
    if from == target {
        return Ok(game.clone());
    }
    let way = chain::way(from, target).ok_or_else(|| ConversionError(no_way(from, target)))?;
    let mut converted = std::borrow::Cow::Borrowed(game);
    for next in way {
        let check = step_check(&converted, next);
        if !check.possible {
            return Err(ConversionError(check.blockers.join("; ")));
        }
        converted = std::borrow::Cow::Owned(step(&converted, next)?);
    }
    Ok(converted.into_owned())
}

fn several_steps(game: &Game, way: &[Format]) -> Conversion {
    if let Some(blocker) = hopeless(game, way) {
        return Conversion::blocked(blocker);
    }
    let mut warnings = vec![format!("Requires {}-step conversion", way.len())];
    let mut here = std::borrow::Cow::Borrowed(game);
    for (number, next) in way.iter().enumerate() {
        let check = step_check(&here, *next);
        warnings.extend(check.warnings);
        if !check.possible {
            return Conversion {
                possible: false,
                warnings: Vec::new(),
                blockers: check.blockers,
            };
        }
        if number + 1 < way.len() {
            here = match step(&here, *next) {
                Ok(game) => std::borrow::Cow::Owned(game),
                Err(error) => return Conversion::blocked(error.0),
            };
        }
    }
    Conversion::possible(warnings)
}

/// What is clear without unfolding a large diagram: a matrix of too many profiles. Of a small one not even that is, since nature
/// may keep away from some configurations.
fn hopeless(game: &Game, way: &[Format]) -> Option<String> {
    let (Game::Maid(diagram), Some(Format::Normal)) = (game, way.last()) else {
        return None;
    };
    let (profiles, ends) = maid_to_extensive::size(diagram)?;
    (profiles > MOST_PROFILES && ends as u128 > MOST_PROFILES).then(|| too_many(profiles))
}

/// Whether a conversion that takes one step can be done.
fn step_check(game: &Game, target: Format) -> Conversion {
    match (game, target) {
        (Game::Normal(_), Format::Extensive) => Conversion::possible(vec![
            "Simultaneity represented via information sets".to_owned(),
        ]),
        (Game::Extensive(tree), Format::Normal) => matrix_check(tree),
        (Game::Maid(diagram), Format::Extensive) => maid_to_extensive::check(diagram),
        (Game::Vegas(program), Format::Extensive) => {
            unless(program.tree_blocker.as_ref(), Vec::new())
        }
        (Game::Vegas(program), Format::Maid) => unless(
            program.diagram_blocker.as_ref(),
            vec!["Nobody quits in the diagram".to_owned()],
        ),
        _ => Conversion::blocked(no_way(game.format(), target)),
    }
}

fn unless(blocker: Option<&String>, warnings: Vec<String>) -> Conversion {
    match blocker {
        Some(blocker) => Conversion::blocked(blocker.clone()),
        None => Conversion::possible(warnings),
    }
}

fn matrix_check(tree: &ExtensiveGame) -> Conversion {
    let players = tree.players().len();
    if players != 2 {
        return Conversion::blocked(format!(
            "Matrix view requires exactly 2 players (game has {players})"
        ));
    }
    let profiles = Plans::count_profiles(tree, Reduction::Full);
    if profiles > MOST_PROFILES {
        return Conversion::blocked(too_many(profiles));
    }
    if let Err(large) = TooLarge::check(tree, Reduction::Full, usize::MAX) {
        return Conversion::blocked(large.to_string());
    }
    let large = profiles > MANY_PROFILES;
    let warning = || format!("Large matrix: {} strategy profiles", grouped(profiles));
    Conversion::possible(large.then(warning).into_iter().collect())
}

fn step(game: &Game, target: Format) -> Result<Game, ConversionError> {
    match (game, target) {
        (Game::Normal(table), Format::Extensive) => Ok(Game::Extensive(simultaneous_tree(
            table,
            table.meta().converted("efg", "strategic-form", "from-nfg"),
        ))),
        (Game::Extensive(tree), Format::Normal) => {
            let meta = tree.meta().converted("nfg", "sequential", "from-efg");
            let table = normal_form(tree, meta, Reduction::Full, usize::MAX)
                .map_err(|error| ConversionError(error.to_string()))?;
            Ok(Game::Normal(table))
        }
        (Game::Maid(diagram), Format::Extensive) => {
            let meta = diagram.meta().converted("efg", "maid", "maid-to-efg");
            Ok(Game::Extensive(maid_to_extensive::unfold(diagram, meta)?))
        }
        (Game::Vegas(program), Format::Extensive) => {
            vegas::to_extensive(program).map(Game::Extensive)
        }
        (Game::Vegas(program), Format::Maid) => vegas::to_maid(program).map(Game::Maid),
        _ => Err(ConversionError(no_way(game.format(), target))),
    }
}

fn no_way(from: Format, to: Format) -> String {
    format!("Cannot convert from {from} to {to}")
}

fn too_many(profiles: u128) -> String {
    format!(
        "Too many strategy profiles ({}) - conversion would be impractical",
        grouped(profiles)
    )
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
