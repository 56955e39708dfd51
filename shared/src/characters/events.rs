//! What happens in the game: taken down at once, and spread to the mail of those whom it concerns by a worker.

use rookery_characters::closeness::event_boost;
use rookery_characters::event::Event;
use rookery_characters::letter::Letter;
use rookery_characters::memory;
use serde_json::Value;
use sqlx::PgConnection;
use std::time::Duration;
use uuid::Uuid;

use super::boost::boost_in;
use super::{Character, Characters, React, Spread, World};
use crate::StoreError;

/// From here on whoever it reaches is called upon to react, rather than learning of it at the next tick.
const CALLS: f64 = 5.0;
/// From here on every active character hears of it.
const REACHES_ACTIVE: f64 = 7.0;
/// From here on those at the place where it happened notice it.
const NOTICED: f64 = 3.0;

struct Row {
    id: Uuid,
    event: String,
    importance: f64,
    player_id: Option<String>,
}

impl Characters {
    /// When this returns the event is durable; who is concerned hears of it in a moment.
    pub async fn inject(&self, event: &Event, player_id: Option<&str>) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        let importance = memory::importance::of_event(event, "");
        sqlx::query!(
            "insert into characters_events (id, event, importance, player_id) values ($1, $2::text::jsonb, $3, $4)",
            id,
            serde_json::to_string(event)?,
            importance,
            player_id,
        )
        .execute(&self.store.pool)
        .await?;
        self.store.queue.arm::<Spread>(id, Duration::ZERO);
        Ok(id)
    }

    /// Puts the events into the mail of all whom they concern and calls upon those who should react. Once each, whoever asks.
    pub async fn spread(&self, events: &[Uuid]) -> Result<(), StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        let rows = sqlx::query_as!(
            Row,
            r#"select id, event::text as "event!", importance, player_id from characters_events
            where id = any($1) and spread_at is null order by created_at, id for update skip locked"#,
            events
        )
        .fetch_all(&mut *transaction)
        .await?;
        let world = World::read(&mut *transaction).await?;
        let mut called = Vec::new();
        for row in &rows {
            called.extend(reach(&mut transaction, &world, row).await?);
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        sqlx::query!(
            "update characters_events set spread_at = clock_timestamp() where id = any($1)",
            &ids
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        for key in called {
            self.store.queue.arm::<React>(key, Duration::ZERO);
        }
        Ok(())
    }
}

/// Who was called upon.
async fn reach(
    connection: &mut PgConnection,
    world: &World,
    row: &Row,
) -> Result<Vec<Uuid>, StoreError> {
    let event: Event = serde_json::from_str(&row.event)?;
    let place = event.data.get("location").and_then(Value::as_str);
    let named: Vec<String> = [&event.target, &event.source]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let letter = Letter::Event {
        event: event.clone(),
        importance: row.importance,
    };
    // Those it names always; an important one every active character; at its place, if it has one, who is there. Each by its own index:
    // one condition over both tables would read the whole world.
    let called = sqlx::query_scalar!(
        "with reached as (
            select key, bool_or(named) as named from (
                select key, true as named from characters where id = any($1)
                union all
                select key, false from characters_minds as mind
                where $2 and tier = 2
                    and ($3::text is null or exists (select from characters where characters.key = mind.key and location = $3))
                union all
                select key, false from characters where $4 and location = $3
            ) as each group by key
        ), mail as (
            insert into characters_mail (key, letter) select key, $5::text::json from reached order by key
        )
        update characters_minds as mind set called_at = clock_timestamp()
        from (
            select key from characters_minds join reached using (key) where $6 or named order by key for update of characters_minds
        ) as called
        where mind.key = called.key
        returning mind.key",
        &named,
        row.importance >= REACHES_ACTIVE,
        place,
        row.importance >= NOTICED,
        serde_json::to_string(&letter)?,
        row.importance >= CALLS,
    )
    .fetch_all(&mut *connection)
    .await?;
    if let (Some(player), Some(target)) = (&row.player_id, &event.target)
        && let Some(character) = Character::read(&mut *connection, target).await?
    {
        let amount = event_boost(&event.kind, &world.config.proximity);
        boost_in(connection, world, &character, (player, amount)).await?;
    }
    Ok(called)
}
