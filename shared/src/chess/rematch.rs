//! Another game of the same two, colours exchanged: one POST by each side; a bot needs none.

use rookery_chess::live::{self, Seat, Seats, Status};
use shakmaty::Color;
use uuid::Uuid;

use super::create::{NewBot, NewRow, insert};
use super::load::{Game, load};
use super::row::letter;
use super::{Chess, CommandError, events};
use crate::StoreError;

impl Chess {
    /// Offers a rematch, or accepts the other side's. The game returned is the old one; `rematch_id` names the new one once there is
    /// one.
    pub async fn rematch(&self, id: Uuid, by: Uuid) -> Result<Game, RematchError> {
        let mut transaction = self.store.pool.begin().await.map_err(StoreError::from)?;
        // One after the other: the second sees the first one's offer.
        sqlx::query_scalar!(
            "select version from chess_games where id = $1 for update",
            id
        )
        .fetch_optional(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
        let game = load(&mut transaction, id, None).await?;
        let game = game.ok_or(CommandError::NotFound)?;
        let color = eligible(&game, by)?;
        let offered = game.row.rematch_offer.as_deref();
        let agreed = game.row.bot_color.is_some() || offered == Some(letter(!color));
        if game.row.rematch_id.is_some() || (offered == Some(letter(color)) && !agreed) {
            return Ok(game);
        }
        let new = match agreed {
            true => Some(insert(&mut transaction, &swapped(&game)).await?),
            false => None,
        };
        let kind = if agreed { "rematch" } else { "rematch_offered" };
        let detail = match &new {
            Some(new) => serde_json::json!({ "rematch_id": new.row.id }),
            None => serde_json::json!({ "color": letter(color) }),
        };
        sqlx::query!(
            "with changed as (
                update chess_games set rematch_offer = $2, rematch_id = $3, version = version + 1, updated_at = clock_timestamp()
                where id = $1 returning id, version, updated_at)
            insert into chess_game_events (game_id, version, event_type, payload, created_at)
            select id, version, $4, $5, updated_at from changed",
            id,
            letter(color),
            new.as_ref().map(|new| new.row.id),
            kind,
            detail
        )
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
        let old = load(&mut transaction, id, Some(&game)).await?;
        let old = old.ok_or(CommandError::NotFound)?;
        transaction.commit().await.map_err(StoreError::from)?;
        if let Some(new) = &new {
            self.created(new);
        }
        self.publish(&events::of_rematch(&old, kind, detail));
        Ok(old)
    }
}

/// Why there is no rematch.
#[derive(Debug, thiserror::Error)]
pub enum RematchError {
    #[error("The game has not ended.")]
    NotEnded,
    #[error(transparent)]
    Command(#[from] CommandError),
}

impl From<StoreError> for RematchError {
    fn from(error: StoreError) -> Self {
        Self::Command(error.into())
    }
}

/// The asker's colour in the game that has ended.
fn eligible(game: &Game, by: Uuid) -> Result<Color, RematchError> {
    let seats = game.live().seats;
    let color = seats.and_then(|seats| seats.color_of(Seat::Account(by)));
    let Some(color) = color else {
        let stranger = live::Refusal::NotAPlayer;
        return Err(CommandError::Refused(stranger, game.clone().into()).into());
    };
    match game.live().status {
        Status::Ended => Ok(color),
        Status::InProgress | Status::WaitingForOpponent => Err(RematchError::NotEnded),
    }
}

/// What every JSON reader keeps exactly: 2^53 - 1.
const MOST_SEED: i64 = (1 << 53) - 1;

fn swapped(game: &Game) -> NewRow {
    let old = game.live();
    let fresh = live::Game::against_bot(old.creator, old.preference, Color::White, old.policy);
    NewRow {
        live: live::Game {
            rated: old.rated,
            invited: old.invited,
            seats: old.seats.map(|seats| Seats {
                white: seats.black,
                black: seats.white,
            }),
            ..fresh
        },
        time: game.row.time(),
        bot: game.row.bot().map(|color| NewBot {
            id: game.row.bot_id.clone().unwrap_or_default(),
            color: !color,
            // Another day, another mood.
            seed: game.row.bot_seed.unwrap_or_default().wrapping_add(1) & MOST_SEED,
            thinks: game.row.bot_thinks,
        }),
        rematch_of: Some(game.row.id),
    }
}
