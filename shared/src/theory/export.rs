//! Games as files that other programs read.

use rookery_theory::{ConversionError, Format, Game, convert, write};

use super::conversions::FormError;

/// The kinds of files that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Gambit's extensive form.
    Efg,
    /// Gambit's strategic form.
    Nfg,
    /// This product's own, exact: trees, tables and diagrams.
    Json,
    /// The text of a Vegas program.
    Vg,
}

impl FileFormat {
    pub const ALL: [Self; 4] = [Self::Efg, Self::Nfg, Self::Json, Self::Vg];

    /// Its extension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Efg => "efg",
            Self::Nfg => "nfg",
            Self::Json => "json",
            Self::Vg => "vg",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// The game's file; one in another form than the file can hold is converted first. Exact: uploaded again, it is the same game.
///
/// # Errors
/// Why the game has no such form.
pub async fn export(game: Game, format: FileFormat) -> Result<String, FormError> {
    let writing = tokio::task::spawn_blocking(move || {
        let none = |reason: &str| {
            let (from, to) = (game.format(), format.name());
            FormError::Impossible(format!("Cannot convert from {from} to {to}: {reason}"))
        };
        let in_form = |form| {
            convert(&game, form).map_err(|ConversionError(reason)| FormError::Impossible(reason))
        };
        Ok(match format {
            FileFormat::Efg => match in_form(Format::Extensive)? {
                Game::Extensive(tree) => write::efg(&tree),
                other => unreachable!("converted to extensive form, not {}", other.format()),
            },
            FileFormat::Nfg => match in_form(Format::Normal)? {
                Game::Normal(table) => write::nfg(&table),
                other => unreachable!("converted to normal form, not {}", other.format()),
            },
            FileFormat::Json => match &game {
                Game::Vegas(_) => return Err(none("the file of a Vegas program is its text (vg)")),
                game => write::json(game).to_string(),
            },
            FileFormat::Vg => match &game {
                Game::Vegas(program) => program.source_code.clone(),
                _ => return Err(none("only what was written in Vegas has such a text")),
            },
        })
    });
    writing
        .await
        .expect("writers neither panic nor are aborted")
}
