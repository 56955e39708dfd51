//! The fields of a normal-form game in JSON: `strategies` and nested `payoffs`, one level per player.

use super::ParseError;
use super::json_fields::{Fields, list, number, texts};
use super::json_game::Shared;
use super::json_text::Json;
use crate::game::{Game, NormalGame, NormalParts};

pub fn read(shared: Shared<'_>, mut fields: Fields<'_, '_>) -> Result<Game, ParseError> {
    let Shared {
        source,
        limits,
        meta,
        players,
    } = shared;
    let offset = fields.offset;
    if players.len() < 2 {
        return Err(source.error(offset, "a game in normal form needs at least two players"));
    }
    let lists = fields.required("strategies")?;
    let payoffs = fields.required("payoffs")?;
    fields.optional("maid_decision_to_player");
    fields.finish()?;
    let strategies: Vec<Vec<String>> = list(source, lists, "strategies")?
        .iter()
        .map(|item| texts(source, item, "strategies"))
        .collect::<Result<_, _>>()?;
    if strategies.len() != players.len() {
        return Err(source.error(
            lists.offset,
            format!(
                "{} lists of strategies for {} players",
                strategies.len(),
                players.len()
            ),
        ));
    }
    let entries = strategies
        .iter()
        .try_fold(players.len(), |product, labels| {
            product.checked_mul(labels.len())
        });
    if entries.is_none_or(|entries| entries > limits.cells) {
        return Err(source.error(
            lists.offset,
            format!("the table has more than {} payoffs", limits.cells),
        ));
    }
    let mut level: Vec<&Json<'_>> = vec![payoffs];
    for (labels, player) in strategies.iter().zip(&players) {
        level = descend(
            &level,
            labels.len(),
            &format!("strategies of `{player}`"),
            source,
        )?;
    }
    let cells = descend(&level, players.len(), "players", source)?;
    let payoffs = cells
        .into_iter()
        .map(|cell| number(source, cell, "payoffs"))
        .collect::<Result<_, _>>()?;
    let parts = NormalParts {
        meta,
        players,
        strategies,
        payoffs,
        maid_decision_to_player: Vec::new(),
    };
    Ok(Game::Normal(
        NormalGame::try_from(parts).map_err(|what| source.error(offset, what))?,
    ))
}

/// The items of all lists of one level, each of which must have the given length.
fn descend<'a, 's>(
    level: &[&'a Json<'s>],
    length: usize,
    of: &str,
    source: &super::position::Source<'_>,
) -> Result<Vec<&'a Json<'s>>, ParseError> {
    let mut items = Vec::new();
    for json in level {
        let row = list(source, json, "payoffs")?;
        if row.len() != length {
            return Err(source.error(
                json.offset,
                format!("{} entries here for {length} {of}", row.len()),
            ));
        }
        items.extend(row);
    }
    Ok(items)
}
