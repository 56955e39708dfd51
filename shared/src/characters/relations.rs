//! What characters hold of each other: one row a direction.

use std::collections::HashMap;

use rookery_characters::relationship::{Bond, Relationship};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::StoreError;

/// What of `from` to `to` is known, as of the tick it was stored at.
pub(super) async fn known(
    connection: &mut PgConnection,
    from: &[Uuid],
    to: &[Uuid],
) -> Result<HashMap<(Uuid, Uuid), Relationship>, StoreError> {
    let rows = sqlx::query!(
        "select from_key, to_key, type as bond, strength, trust, at_slow, interactions from characters_relationships
        where from_key = any($1) and to_key = any($2)",
        from,
        to
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            let relationship = Relationship {
                bond: parsed(&row.bond)?,
                strength: row.strength,
                trust: row.trust,
                at_slow: row.at_slow.cast_unsigned(),
                interactions: row.interactions.cast_unsigned(),
            };
            Ok(((row.from_key, row.to_key), relationship))
        })
        .collect()
}

/// Stores what became of them; whoever is gone meanwhile is left out.
pub(super) async fn store(
    connection: &mut PgConnection,
    relationships: &[(Uuid, Uuid, Relationship)],
) -> Result<(), StoreError> {
    let mut from = Vec::with_capacity(relationships.len());
    let mut to = Vec::with_capacity(relationships.len());
    let mut bonds = Vec::with_capacity(relationships.len());
    let mut strengths = Vec::with_capacity(relationships.len());
    let mut trusts = Vec::with_capacity(relationships.len());
    let mut slow = Vec::with_capacity(relationships.len());
    let mut interactions = Vec::with_capacity(relationships.len());
    for (one, other, relationship) in relationships {
        from.push(*one);
        to.push(*other);
        bonds.push(relationship.bond.as_str().to_owned());
        strengths.push(relationship.strength);
        trusts.push(relationship.trust);
        slow.push(relationship.at_slow.cast_signed());
        interactions.push(relationship.interactions.cast_signed());
    }
    sqlx::query!(
        "insert into characters_relationships as known
            (from_key, to_key, type, strength, trust, at_slow, interactions, last_interaction_at)
        select from_key, to_key, bond, strength, trust, at_slow, interactions, clock_timestamp()
        from unnest($1::uuid[], $2::uuid[], $3::text[], $4::float8[], $5::float8[], $6::bigint[], $7::bigint[])
            as new (from_key, to_key, bond, strength, trust, at_slow, interactions)
        where exists (select from characters where key = from_key) and exists (select from characters where key = to_key)
        order by from_key, to_key
        on conflict (from_key, to_key) do update
        set type = excluded.type, strength = excluded.strength, trust = excluded.trust, at_slow = excluded.at_slow,
            interactions = excluded.interactions, last_interaction_at = excluded.last_interaction_at,
            updated_at = clock_timestamp()",
        &from,
        &to,
        &bonds,
        &strengths,
        &trusts,
        &slow,
        &interactions,
    )
    .execute(connection)
    .await?;
    Ok(())
}

fn parsed(bond: &str) -> Result<Bond, StoreError> {
    Bond::named(bond).ok_or_else(|| StoreError::Unreadable(format!("{bond} is no relationship")))
}
