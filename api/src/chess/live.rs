//! Games as they are played: every change to whoever watches, over server-sent events or a WebSocket, from any node.

mod follow;
mod lookout;
mod message;
mod orders;
mod socket;
mod stream;

use rookery_shared::chess::Chess as Games;

use crate::platform::drain::Drain;
use lookout::Lookout;

/// The two ways to watch a game.
pub type Live = (stream::Stream, socket::Socket);

/// Must be called inside a tokio runtime.
pub fn live(games: &Games, drain: &Drain) -> Live {
    let stand = Stand {
        games: games.clone(),
        lookout: Lookout::new(games.clone()),
        drain: drain.clone(),
    };
    (
        stream::Stream::new(stand.clone()),
        socket::Socket::new(stand),
    )
}

/// Where watchers stand: what each of them needs. Cheap to clone.
#[derive(Clone)]
struct Stand {
    games: Games,
    lookout: Lookout,
    drain: Drain,
}
