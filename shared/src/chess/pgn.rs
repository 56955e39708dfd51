//! A game as PGN, clocks included.

use rookery_chess::pgn::{Annotated, Pgn};
use shakmaty::Color;

use super::load::Game;

/// For any chess program.
pub fn pgn(game: &Game) -> String {
    let row = &game.row;
    let began = row.started_at.unwrap_or(row.created_at);
    let event = if row.rated {
        "Rated live game"
    } else {
        "Live game"
    };
    Pgn {
        event,
        site: &row.id.to_string(),
        date: &began.format("%Y.%m.%d").to_string(),
        white: &name(game, Color::White),
        black: &name(game, Color::Black),
        initial_seconds: seconds(row.time_initial_ms),
        increment_seconds: seconds(row.time_increment_ms),
        ending: game.live().ending,
        moves: game
            .moves
            .iter()
            .map(|played| Annotated {
                san: &played.san,
                clock_ms: u64::try_from(played.clock_ms).ok(),
            })
            .collect(),
    }
    .write()
}

fn name(game: &Game, color: Color) -> String {
    let account = match color {
        Color::White => game.row.white_account_id,
        Color::Black => game.row.black_account_id,
    };
    match (game.row.bot() == Some(color), account) {
        (true, _) => game.row.bot_id.clone().unwrap_or_default(),
        (false, Some(account)) => account.to_string(),
        (false, None) => "?".to_owned(),
    }
}

fn seconds(ms: i32) -> u32 {
    u32::try_from(ms / 1000).unwrap_or(0)
}
