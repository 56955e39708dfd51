//! After the commit: the alarm of the clock, the bot's turn, the ending's relay, and the event for whoever watches. All best effort:
//! Postgres has it, and the sweep finds what was not heard.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rookery_chess::live::Status;
use uuid::Uuid;

use super::change::moves_deadline;
use super::commit::Write;
use super::due::{BotMove, BotThink, ClockCheck, GameEnded};
use super::events;
use super::load::Game;
use super::row::GameRow;
use super::{Chess, bot_turn};

/// Where the game's events are published.
pub fn channel(game: Uuid) -> String {
    format!("chess:{game}")
}

impl Chess {
    pub(super) fn announce(&self, game: &Game, write: &Write) {
        let queue = &self.store.queue;
        let row = &game.row;
        match game.live().status {
            Status::InProgress if moves_deadline(write.change.clocks) => self.arm_clock(row),
            Status::InProgress | Status::WaitingForOpponent => {}
            Status::Ended => {
                queue.disarm::<ClockCheck>(row.id);
                if row.started_at.is_some() {
                    queue.arm::<GameEnded>(write.event_id, Duration::ZERO);
                }
            }
        }
        self.arm_bot(row);
        self.publish(&events::latest(game, &write.change.event));
    }

    pub(super) fn arm_clock(&self, row: &GameRow) {
        if let Some(deadline) = row.deadline_at {
            let left = until(deadline, row);
            self.store.queue.arm::<ClockCheck>(row.id, left);
        }
    }

    pub(super) fn arm_bot(&self, row: &GameRow) {
        if let Some(due) = row.bot_due_at {
            let left = until(due, row);
            match bot_turn::is_deep(row) {
                true => self.store.queue.arm::<BotThink>(row.id, left),
                false => self.store.queue.arm::<BotMove>(row.id, left),
            }
        }
    }

    pub(super) fn publish(&self, event: &events::GameEvent) {
        match serde_json::to_vec(event) {
            Ok(payload) => self.store.queue.publish(&channel(event.game_id), payload),
            Err(error) => tracing::error!(%error, "an event does not serialise"),
        }
    }
}

fn until(due: DateTime<Utc>, row: &GameRow) -> Duration {
    (due - row.now).to_std().unwrap_or_default()
}
