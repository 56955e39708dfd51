//! Live chess: games with clocks between two accounts or against a bot.

mod bots;
mod challenges;
mod game_view;
mod live;
mod look;
mod offers;
mod play;
mod refusals;
mod service;

use poem_openapi::Tags;
use rookery_shared::chess::Chess as Games;

use crate::platform::drain::Drain;

/// The area's operations.
pub type Chess = (
    challenges::Challenges,
    bots::Bots,
    look::Look,
    play::Play,
    offers::Offers,
    service::Service,
    live::Live,
);

pub fn chess(games: &Games, drain: &Drain) -> Chess {
    (
        challenges::Challenges::new(games.clone()),
        bots::Bots::new(games.clone()),
        look::Look::new(games.clone()),
        play::Play::new(games.clone()),
        offers::Offers::new(games.clone()),
        service::Service::new(games.clone()),
        live::live(games, drain),
    )
}

#[derive(Tags)]
enum Tag {
    /// Live chess games: challenges, bots, moves, clocks, offers. Every answer is the whole game.
    #[oai(rename = "Live chess")]
    Chess,
    /// For other services: health, and events of ended games.
    #[oai(rename = "Live chess: service")]
    Service,
}
