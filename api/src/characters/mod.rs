//! Characters: minds that live on the queue, and what players do with them.

mod people;
mod proximity;
mod refusals;
mod view;

use poem_openapi::Tags;
use rookery_shared::characters::Characters as Cast;

/// The area's operations.
pub type Characters = (people::People, proximity::Proximity);

pub fn characters(cast: &Cast) -> Characters {
    (
        people::People::new(cast.clone()),
        proximity::Proximity::new(cast.clone()),
    )
}

#[derive(Tags)]
enum Tag {
    /// Characters: registering them, and looking into them.
    Characters,
    /// How close they are to players.
    #[oai(rename = "Characters: proximity")]
    Proximity,
}
