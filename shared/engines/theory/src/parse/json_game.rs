//! Games as JSON: the unified form (`game_efg`, `game_nfg`, `game_maid`) and the older one with everything at the top level.

use super::json_fields::Fields;
use super::position::Source;
use super::{Limits, ParseError, json_maid, json_normal, json_text, json_tree};
use crate::game::{CHANCE, Format, Game, Meta};

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

/// What all forms have been given by the time their own fields are read.
pub struct Shared<'s> {
    pub source: &'s Source<'s>,
    pub limits: &'s Limits,
    pub meta: Meta,
    pub players: Vec<String>,
}
