//! Changing a mind at once, whoever else does the same.

use rookery_characters::{Config, Mind, Now};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{CharacterError, Characters, World};
use crate::StoreError;

/// A mind that is being changed, and the moment it happens in.
pub struct Subject<'a> {
    pub key: Uuid,
    pub mind: &'a mut Mind,
    pub now: Now,
    pub config: Config,
}

impl Characters {
    /// Does so with the mind and stores it. The row is locked meanwhile, so that changes come one after the other; a decision that is
    /// under way meanwhile is applied to what is there when it comes.
    pub async fn change_mind<T>(
        &self,
        id: &str,
        change: impl FnOnce(Subject<'_>) -> T,
    ) -> Result<T, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let world = World::read(&mut *transaction).await?;
        let done = change_mind_in(&mut transaction, &world, id, change).await?;
        transaction.commit().await?;
        Ok(done)
    }

    /// The mind as it was left, and now: what fades in it is worked out by its reader.
    pub async fn mind(&self, id: &str) -> Result<(Mind, World), CharacterError> {
        let world = self.world().await?;
        let mind = sqlx::query_scalar!(
            r#"select mind::text as "mind!" from characters_minds join characters using (key) where id = $1"#,
            id
        )
        .fetch_optional(&self.store.pool)
        .await?;
        let mind = mind.ok_or_else(|| CharacterError::NotFound(id.to_owned()))?;
        Ok((
            serde_json::from_str(&mind).map_err(StoreError::from)?,
            world,
        ))
    }
}

/// The same in the caller's transaction.
pub(super) async fn change_mind_in<T>(
    connection: &mut PgConnection,
    world: &World,
    id: &str,
    change: impl FnOnce(Subject<'_>) -> T,
) -> Result<T, CharacterError> {
    let row = sqlx::query!(
        r#"select mind.key, mind.mind::text as "mind!" from characters_minds as mind join characters using (key)
        where characters.id = $1 for update of mind"#,
        id
    )
    .fetch_optional(&mut *connection)
    .await?;
    let row = row.ok_or_else(|| CharacterError::NotFound(id.to_owned()))?;
    let mut mind: Mind = serde_json::from_str(&row.mind).map_err(StoreError::from)?;
    let done = change(Subject {
        key: row.key,
        mind: &mut mind,
        now: world.now,
        config: world.config,
    });
    sqlx::query!(
        "update characters_minds set mind = $2::text::json, version = version + 1 where key = $1",
        row.key,
        serde_json::to_string(&mind).map_err(StoreError::from)?,
    )
    .execute(connection)
    .await?;
    Ok(done)
}
