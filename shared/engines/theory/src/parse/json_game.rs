//! Games as JSON: the unified form (`game_efg`, `game_nfg`, `game_maid`) and the older one with everything at the top level. A Vegas
//! program is its text under `source_code`.

use super::json_fields::{Fields, text};
use super::position::Source;
use super::{Limits, ParseError, json_maid, json_normal, json_text, json_tree};
use crate::game::{CHANCE, Format, Game, Meta, VegasGame};
use crate::vegas;

/// Decides which form the file has, reads the fields that all forms share and hands the rest on.
pub fn read(source: &Source<'_>, limits: &Limits) -> Result<Game, ParseError> {
    let json = json_text::read(source)?;
    let mut top = Fields::of(source, &json, "the game")?;
    let offset = top.offset;
    let unified: Vec<&str> = ["game_efg", "game_nfg", "game_maid"]
        .into_iter()
        .filter(|key| top.has(key))
        .collect();
    if unified.len() > 1 {
        return Err(source.error(
            offset,
            format!("a game has one of `{}`, not several", unified.join("`, `")),
        ));
    }
    let named = top.text("format_name")?;
    if unified.is_empty() && top.has("source_code") {
        return program(source, limits, top, named.as_deref());
    }
    let diagram = unified == ["game_maid"]
        || unified.is_empty()
            && (top.has("agents") || named.as_deref() == Some("maid") || top.has_list("nodes"));
    let meta = Meta {
        id: top.text("id")?.unwrap_or_default(),
        title: top.text("title")?.unwrap_or_default(),
        description: top.text("description")?,
        tags: top.texts("tags")?.unwrap_or_default(),
        warnings: Vec::new(),
    };
    top.text("version")?;
    let players = match (diagram, top.texts("agents")?, top.texts("players")?) {
        (true, Some(agents), Some(players)) if agents != players => {
            return Err(source.error(offset, "`agents` and `players` are not the same"));
        }
        (true, Some(agents), _) => agents,
        (_, None, Some(players)) => players,
        (false, Some(_), _) => {
            return Err(source.error(offset, "`agents` are those of an influence diagram"));
        }
        (true, None, None) => return Err(source.error(offset, "the game has no `agents`")),
        (false, None, None) => return Err(source.error(offset, "the game has no `players`")),
    };
    if players.len() > limits.players {
        return Err(source.error(
            offset,
            format!(
                "the game has {} players; the limit is {}",
                players.len(),
                limits.players
            ),
        ));
    }
    if players.iter().any(|name| name == CHANCE) {
        return Err(source.error(
            offset,
            format!("no player can be called `{CHANCE}`: nature has that name"),
        ));
    }
    let form = if diagram {
        Format::Maid
    } else if unified == ["game_nfg"] || unified.is_empty() && top.has("strategies") {
        Format::Normal
    } else {
        Format::Extensive
    };
    if let Some(named) = named.filter(|named| named != form.name()) {
        return Err(source.error(
            offset,
            format!(
                "`format_name` is `{named}`, but the fields are those of a game in {form} form"
            ),
        ));
    }
    let shared = Shared {
        source,
        limits,
        meta,
        players,
    };
    let own = match unified.first() {
        None => top,
        Some(key) => {
            let inner = Fields::of(source, top.required(key)?, key)?;
            top.finish()?;
            inner
        }
    };
    match form {
        Format::Normal => json_normal::read(shared, own),
        Format::Maid => json_maid::read(shared, own),
        Format::Extensive | Format::Vegas => json_tree::read(shared, own),
    }
}

/// The program's text decides; `players` is what the API shows beside it.
fn program(
    source: &Source<'_>,
    limits: &Limits,
    mut top: Fields<'_, '_>,
    named: Option<&str>,
) -> Result<Game, ParseError> {
    if let Some(named) = named.filter(|named| *named != Format::Vegas.name()) {
        let what = format!("`format_name` is `{named}`, but `source_code` is a Vegas program");
        return Err(source.error(top.offset, what));
    }
    let code = top.required("source_code")?;
    let text = text(source, code, "source_code")?;
    let game = vegas::read(&Source::of(&text), limits)
        .map_err(|fault| source.error(code.offset, format!("in the program: {fault}")))?;
    let players = top.texts("players")?;
    if players.is_some_and(|players| players != game.players) {
        let what = "`players` are not the roles of the program in the order in which they join";
        return Err(source.error(top.offset, what));
    }
    let meta = Meta {
        id: top.text("id")?.unwrap_or_default(),
        title: top.text("title")?.unwrap_or_default(),
        description: top.text("description")?,
        tags: top.texts("tags")?.unwrap_or(game.meta.tags),
        warnings: game.meta.warnings,
    };
    top.text("version")?;
    top.finish()?;
    Ok(Game::Vegas(VegasGame { meta, ..game }))
}

/// What all forms have been given by the time their own fields are read.
pub struct Shared<'s> {
    pub source: &'s Source<'s>,
    pub limits: &'s Limits,
    pub meta: Meta,
    pub players: Vec<String>,
}
