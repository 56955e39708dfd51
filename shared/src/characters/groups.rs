//! Groups of characters: making, reading and changing them.

use chrono::{DateTime, Utc};
use rookery_characters::group::Group;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{CharacterError, Characters, members};
use crate::StoreError;

/// What somebody founds.
#[derive(Debug, Clone)]
pub struct NewGroup {
    pub name: String,
    pub purpose: String,
    pub member_ids: Vec<String>,
}

/// Groups that one answer holds, the latest.
const MOST: i64 = 1_000;

struct Row {
    id: String,
    name: String,
    purpose: String,
    leader_id: Option<String>,
    cohesion: f64,
    created_at: DateTime<Utc>,
    member_ids: Vec<String>,
}

impl Row {
    fn group(self) -> Group {
        Group {
            // Of a leader who was removed from the world the name may be left.
            leader_id: self
                .leader_id
                .filter(|leader| self.member_ids.contains(leader)),
            id: self.id,
            name: self.name,
            member_ids: self.member_ids,
            purpose: self.purpose,
            cohesion: self.cohesion,
            created_at: self.created_at.timestamp_millis(),
        }
    }
}

impl Characters {
    pub async fn create_group(&self, new: NewGroup) -> Result<Group, CharacterError> {
        let id = format!("grp_{}", Uuid::now_v7().simple());
        let mut group = Group::new(id, new.name, new.purpose, 0)
            .of(&new.member_ids)
            .map_err(|error| CharacterError::Impossible(error.to_string()))?;
        let mut transaction = self.store.pool.begin().await?;
        let created_at = sqlx::query_scalar!(
            "insert into characters_groups (id, name, purpose, leader_id, cohesion) values ($1, $2, $3, $4, $5) returning created_at",
            group.id,
            group.name,
            group.purpose,
            group.leader_id,
            group.cohesion,
        )
        .fetch_one(&mut *transaction)
        .await?;
        store_members(&mut transaction, &group).await?;
        transaction.commit().await?;
        group.created_at = created_at.timestamp_millis();
        Ok(group)
    }

    pub async fn group(&self, id: &str) -> Result<Group, CharacterError> {
        read(&mut *self.store.pool.acquire().await?, id).await
    }

    /// The latest first; those that somebody belongs to, or all.
    pub async fn groups(&self, character_id: Option<&str>) -> Result<Vec<Group>, CharacterError> {
        let key = match character_id {
            Some(id) => Some(self.key(id).await?),
            None => None,
        };
        let rows = sqlx::query_as!(
            Row,
            r#"select id, name, purpose, leader_id, cohesion, created_at, array(
                select characters.id from characters_group_members as member join characters using (key)
                where member.group_id = characters_groups.id order by place
            ) as "member_ids!"
            from characters_groups
            where $1::uuid is null or id in (select group_id from characters_group_members where key = $1)
            order by created_at desc, id limit $2"#,
            key,
            MOST
        )
        .fetch_all(&self.store.pool)
        .await?;
        Ok(rows.into_iter().map(Row::group).collect())
    }

    /// Does so with the group and stores it; one change after the other.
    pub async fn change_group<E: ToString>(
        &self,
        id: &str,
        change: impl FnOnce(&mut Group) -> Result<(), E>,
    ) -> Result<Group, CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        sqlx::query!(
            "select id from characters_groups where id = $1 for update",
            id
        )
        .fetch_optional(&mut *transaction)
        .await?;
        let mut group = read(&mut transaction, id).await?;
        change(&mut group).map_err(|error| CharacterError::Impossible(error.to_string()))?;
        sqlx::query!(
            "update characters_groups set leader_id = $2, cohesion = $3 where id = $1",
            id,
            group.leader_id,
            group.cohesion
        )
        .execute(&mut *transaction)
        .await?;
        store_members(&mut transaction, &group).await?;
        transaction.commit().await?;
        Ok(group)
    }

    pub async fn remove_group(&self, id: &str) -> Result<(), CharacterError> {
        let removed = sqlx::query!("delete from characters_groups where id = $1", id)
            .execute(&self.store.pool)
            .await?;
        match removed.rows_affected() {
            0 => Err(unknown(id)),
            _ => Ok(()),
        }
    }
}

async fn read(connection: &mut PgConnection, id: &str) -> Result<Group, CharacterError> {
    let row = sqlx::query_as!(
        Row,
        r#"select id, name, purpose, leader_id, cohesion, created_at, array(
            select characters.id from characters_group_members as member join characters using (key)
            where member.group_id = characters_groups.id order by place
        ) as "member_ids!"
        from characters_groups where id = $1"#,
        id
    )
    .fetch_optional(connection)
    .await?;
    row.map(Row::group).ok_or_else(|| unknown(id))
}

/// All of them must be there.
async fn store_members(connection: &mut PgConnection, group: &Group) -> Result<(), CharacterError> {
    let keys = members::keys(&mut *connection, &group.member_ids).await?;
    sqlx::query!(
        "with gone as (
            delete from characters_group_members where group_id = $1 and key <> all($2::uuid[])
        )
        insert into characters_group_members (group_id, key, place)
        select $1, key, place from unnest($2::uuid[]) with ordinality as new (key, place)
        on conflict (group_id, key) do update set place = excluded.place",
        group.id,
        &keys,
    )
    .execute(connection)
    .await
    .map_err(StoreError::from)?;
    Ok(())
}

fn unknown(id: &str) -> CharacterError {
    CharacterError::Missing {
        what: "Group",
        id: id.to_owned(),
    }
}
