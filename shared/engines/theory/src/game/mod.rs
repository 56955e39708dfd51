//! The games themselves: trees and payoff tables, what every form shares, and how they are stored and shown.

mod check;
mod extensive;
mod fingerprint;
mod ids;
mod maid;
mod meta;
mod name;
mod normal;
mod recall;
mod text;
mod vegas;
mod wire;

use serde::{Deserialize, Serialize};

pub use extensive::{
    Action, Defect, ExtensiveGame, ExtensiveParts, InformationSet, Mover, Node, Outcome, Place,
    Target,
};
pub use ids::{InfosetId, NodeId, OutcomeId, PlayerId};
pub use maid::{
    DomainValue, MaidDefect, MaidGame, MaidKind, MaidNode, MaidParts, MaidPlace, TabularCpd,
};
pub use meta::Meta;
pub use name::{Name, Series};
pub use normal::{NormalGame, NormalParts};
pub use recall::OwnMove;
pub use text::Text;
pub use vegas::VegasGame;
pub use wire::{CHANCE, Numbers, number, whole_or_number};

/// A game in one of its forms. Its serde form is the exact storage form (rationals as `"p/q"`); [`Game::wire`] is what clients see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "format_name", rename_all = "lowercase")]
pub enum Game {
    Extensive(ExtensiveGame),
    Normal(NormalGame),
    Maid(MaidGame),
    Vegas(VegasGame),
}

/// The forms a game can have, spelled on the wire as `format_name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Format {
    Extensive,
    Normal,
    Maid,
    Vegas,
}

impl Format {
    pub const ALL: [Format; 4] = [
        Format::Extensive,
        Format::Normal,
        Format::Maid,
        Format::Vegas,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Format::Extensive => "extensive",
            Format::Normal => "normal",
            Format::Maid => "maid",
            Format::Vegas => "vegas",
        }
    }

    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Game {
    pub fn format(&self) -> Format {
        match self {
            Game::Extensive(_) => Format::Extensive,
            Game::Normal(_) => Format::Normal,
            Game::Maid(_) => Format::Maid,
            Game::Vegas(_) => Format::Vegas,
        }
    }

    pub fn meta(&self) -> &Meta {
        match self {
            Game::Extensive(game) => game.meta(),
            Game::Normal(game) => game.meta(),
            Game::Maid(game) => game.meta(),
            Game::Vegas(game) => &game.meta,
        }
    }

    pub fn meta_mut(&mut self) -> &mut Meta {
        match self {
            Game::Extensive(game) => game.meta_mut(),
            Game::Normal(game) => game.meta_mut(),
            Game::Maid(game) => game.meta_mut(),
            Game::Vegas(game) => &mut game.meta,
        }
    }

    /// The id; empty until the file or the caller ([`Game::set_id`]) gives one.
    pub fn id(&self) -> &str {
        &self.meta().id
    }

    pub fn set_id(&mut self, id: impl Into<String>) {
        self.meta_mut().id = id.into();
    }

    pub fn title(&self) -> &str {
        &self.meta().title
    }

    pub fn description(&self) -> Option<&str> {
        self.meta().description.as_deref()
    }

    pub fn tags(&self) -> &[String] {
        &self.meta().tags
    }

    /// Names of the players (agents, roles) in playing order, nature not included.
    pub fn players(&self) -> &[String] {
        match self {
            Game::Extensive(game) => game.players(),
            Game::Normal(game) => game.players(),
            Game::Maid(game) => game.agents(),
            Game::Vegas(game) => &game.players,
        }
    }
}
