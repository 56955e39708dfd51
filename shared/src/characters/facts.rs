//! What is so in the world, and what was so when.
//!
//! A fact has one row for each time it was so: from `valid_from` to before `valid_to`. Nothing that was said is ever changed, so that
//! anybody may ask what was known at a moment (a bi-temporal table reduced to the time of recording, Snodgrass 1999).

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::{CharacterError, Characters};
use crate::StoreError;

/// What somebody says is so.
#[derive(Debug, Clone)]
pub struct NewFact {
    pub key: String,
    pub value: Value,
    pub category: String,
    pub source: String,
}

/// A fact, and when it was so.
#[derive(Debug, Clone)]
pub struct WorldFact {
    pub key: String,
    pub value: Value,
    pub category: String,
    pub source: String,
    pub valid_from: DateTime<Utc>,
    /// None: it is so now.
    pub valid_to: Option<DateTime<Utc>>,
}

/// Facts that one answer holds, the latest.
const MOST: i64 = 1_000;

struct Row {
    key: String,
    value: String,
    category: String,
    source: String,
    valid_from: DateTime<Utc>,
    valid_to: Option<DateTime<Utc>>,
}

impl Row {
    fn fact(self) -> Result<WorldFact, StoreError> {
        Ok(WorldFact {
            key: self.key,
            value: serde_json::from_str(&self.value)?,
            category: self.category,
            source: self.source,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

impl Characters {
    /// It is so from now on. Said again unchanged, it goes on being so.
    pub async fn set_fact(&self, fact: &NewFact) -> Result<(), StoreError> {
        let mut transaction = self.store.pool.begin().await?;
        // No moment in between without a truth, and none with two.
        let ended_at = end(&mut transaction, &fact.key, Some(fact)).await?;
        sqlx::query!(
            "insert into characters_world_facts (key, value, category, source, valid_from)
            select $1, $2::text::jsonb, $3, $4, coalesce($5, greatest(clock_timestamp(),
                (select max(valid_to) from characters_world_facts where key = $1)))
            where not exists (select from characters_world_facts where key = $1 and valid_to is null)",
            fact.key,
            fact.value.to_string(),
            fact.category,
            fact.source,
            ended_at,
        )
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// It is so no longer.
    pub async fn end_fact(&self, key: &str) -> Result<(), CharacterError> {
        let mut transaction = self.store.pool.begin().await?;
        let ended = end(&mut transaction, key, None).await?;
        transaction.commit().await?;
        ended.map(drop).ok_or_else(|| unknown(key))
    }

    /// The fact as it was at a moment, or is now.
    pub async fn fact(
        &self,
        key: &str,
        at: Option<DateTime<Utc>>,
    ) -> Result<WorldFact, CharacterError> {
        let row = sqlx::query_as!(
            Row,
            r#"select key, value::text as "value!", category, source, valid_from, valid_to from characters_world_facts
            where key = $1 and ($2::timestamptz is null and valid_to is null
                or valid_from <= $2 and (valid_to is null or valid_to > $2))
            order by valid_from desc limit 1"#,
            key,
            at
        )
        .fetch_optional(&self.store.pool)
        .await?;
        Ok(row.ok_or_else(|| unknown(key))?.fact()?)
    }

    /// All that was ever said of it, the latest first.
    pub async fn fact_history(&self, key: &str) -> Result<Vec<WorldFact>, CharacterError> {
        let rows = sqlx::query_as!(
            Row,
            r#"select key, value::text as "value!", category, source, valid_from, valid_to from characters_world_facts
            where key = $1 order by valid_from desc, number desc limit $2"#,
            key,
            MOST
        )
        .fetch_all(&self.store.pool)
        .await?;
        if rows.is_empty() {
            return Err(unknown(key));
        }
        let facts = rows.into_iter().map(Row::fact);
        Ok(facts.collect::<Result<_, _>>()?)
    }

    /// What is so now, the latest first.
    pub async fn facts(&self, category: Option<&str>) -> Result<Vec<WorldFact>, StoreError> {
        let rows = sqlx::query_as!(
            Row,
            r#"select key, value::text as "value!", category, source, valid_from, valid_to from characters_world_facts
            where valid_to is null and ($1::text is null or category = $1) order by number desc limit $2"#,
            category,
            MOST
        )
        .fetch_all(&self.store.pool)
        .await?;
        rows.into_iter().map(Row::fact).collect()
    }
}

/// Ends what is so of a key, unless it is just what is said again, and says when. One after the other: until the transaction ends nobody
/// else says anything of this key.
async fn end(
    connection: &mut PgConnection,
    key: &str,
    said: Option<&NewFact>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('characters_world_facts:' || $1, 0))",
        key
    )
    .fetch_one(&mut *connection)
    .await?;
    let ended = sqlx::query_scalar!(
        r#"update characters_world_facts set valid_to = greatest(clock_timestamp(), valid_from + interval '1 microsecond')
        where key = $1 and valid_to is null
            and ($2::text is null or (value, category, source) is distinct from ($2::text::jsonb, $3::text, $4::text))
        returning valid_to as "valid_to!""#,
        key,
        said.map(|fact| fact.value.to_string()),
        said.map(|fact| fact.category.as_str()),
        said.map(|fact| fact.source.as_str()),
    )
    .fetch_optional(connection)
    .await?;
    Ok(ended)
}

fn unknown(key: &str) -> CharacterError {
    CharacterError::Missing {
        what: "World fact",
        id: key.to_owned(),
    }
}
