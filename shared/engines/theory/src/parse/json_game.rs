//! Games as JSON: the unified form (`game_efg`, `game_nfg`) and the older one with everything at the top level.

use super::json_fields::Fields;
use super::position::Source;
use super::{Limits, ParseError, json_normal, json_text, json_tree};
use crate::game::{CHANCE, Game, Meta};

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
    if unified == ["game_maid"] || top.has("agents") || named.as_deref() == Some("maid") {
        return Err(source.error(offset, "influence diagrams (MAID) cannot be read yet"));
    }
    let meta = Meta {
        id: top.text("id")?.unwrap_or_default(),
        title: top.text("title")?.unwrap_or_default(),
        description: top.text("description")?,
        tags: top.texts("tags")?.unwrap_or_default(),
        warnings: Vec::new(),
    };
    top.text("version")?;
    let players = top
        .texts("players")?
        .ok_or_else(|| source.error(offset, "the game has no `players`"))?;
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
    let normal = unified == ["game_nfg"] || unified.is_empty() && top.has("strategies");
    let expected = if normal { "normal" } else { "extensive" };
    if let Some(named) = named.filter(|named| named != expected) {
        return Err(source.error(
            offset,
            format!(
                "`format_name` is `{named}`, but the fields are those of a game in {expected} form"
            ),
        ));
    }
    let shared = Shared {
        source,
        limits,
        meta,
        players,
    };
    let Some(key) = unified.first() else {
        return if normal {
            json_normal::read(shared, top)
        } else {
            json_tree::read(shared, top)
        };
    };
    let inner = Fields::of(source, top.required(key)?, key)?;
    top.finish()?;
    if normal {
        json_normal::read(shared, inner)
    } else {
        json_tree::read(shared, inner)
    }
}

/// What both forms have been given by the time their own fields are read.
pub struct Shared<'s> {
    pub source: &'s Source<'s>,
    pub limits: &'s Limits,
    pub meta: Meta,
    pub players: Vec<String>,
}
