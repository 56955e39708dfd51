//! Many characters at once: one is registered over HTTP, the others are its copies, made by SQL.

use std::time::Duration;

use rookery_shared::characters::Tick;
use serde_json::json;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::town::Town;

/// Neighbours at each place, the character itself included.
const AT_A_PLACE: usize = 10;
/// Over so long the first ticks are spread.
const FIRST_TICKS_MS: u64 = 2_000;

/// The name under which clients know the `n`-th.
pub fn id(n: usize) -> String {
    format!("soul-{n}")
}

pub fn key(n: usize) -> Uuid {
    // Growing, as the keys that the API makes are.
    Uuid::from_u128((0x0193 << 112) | n as u128)
}

/// So many more, all dormant, numbered on from `from`.
pub async fn settle(town: &Town, from: usize, count: usize) -> anyhow::Result<()> {
    let pattern = json!({
        "id": "pattern", "name": "Pattern", "archetype": "villager", "initialCloseness": 0,
        "identity": {
            "personality": "Patient, curious about strangers and slow to anger.",
            "backstory": "Came with the spring caravan nine years ago and stayed.",
            "goals": ["See the coast once"], "traits": ["patient", "curious", "thrifty"],
        },
    });
    town.post("/api/characters", &pattern).await?;
    let to = from + count - 1;
    let key = "('0193' || lpad(to_hex(n), 28, '0'))::uuid";
    let statements = [
        format!(
            "insert into characters (key, id, name, archetype, identity, metadata, location, initial_closeness)
            select {key}, 'soul-' || n, 'Soul ' || n, (array['barkeep', 'merchant', 'bard', 'guard'])[1 + n % 4], identity,
                metadata, 'place-' || n / {AT_A_PLACE}, initial_closeness
            from characters cross join generate_series({from}, {to}) as n where id = 'pattern'"
        ),
        format!(
            "insert into characters_minds (key, mind, tier)
            select {key}, mind, 0 from characters_minds join characters using (key)
                cross join generate_series({from}, {to}) as n where id = 'pattern'"
        ),
        format!(
            "insert into characters_proximity (key, player_id, closeness, high_water, at_slow)
            select {key}, 'default', 0, 0, at_slow from characters_proximity join characters using (key)
                cross join generate_series({from}, {to}) as n where id = 'pattern'"
        ),
        "delete from characters where id = 'pattern'".to_owned(),
    ];
    for statement in statements {
        sqlx::raw_sql(AssertSqlSafe(statement))
            .execute(&town.stage.pool)
            .await?;
    }
    // As autovacuum leaves them: it must not come in the middle of a measurement.
    for table in ["characters", "characters_minds", "characters_proximity"] {
        sqlx::raw_sql(AssertSqlSafe(format!("vacuum (analyze) {table}")))
            .execute(&town.stage.pool)
            .await?;
    }
    sqlx::raw_sql("checkpoint")
        .execute(&town.stage.pool)
        .await?;
    Ok(())
}

/// The first so many are close to the default player from now on, and active.
pub async fn wake(town: &Town, count: usize) -> anyhow::Result<()> {
    let pool = &town.stage.pool;
    let keys: Vec<Uuid> = (0..count).map(key).collect();
    sqlx::query(
        "update characters_proximity set closeness = 80, high_water = 80 where key = any($1)",
    )
    .bind(&keys)
    .execute(pool)
    .await?;
    sqlx::query(
        "update characters_minds as mind
        set tier = 2, next_tick_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000 * place / $3)
        from unnest($1::uuid[]) with ordinality as new (key, place) where mind.key = new.key",
    )
    .bind(&keys)
    .bind(FIRST_TICKS_MS as f64)
    .bind(count as f64)
    .execute(pool)
    .await?;
    for (place, key) in keys.into_iter().enumerate() {
        let wait = Duration::from_millis(FIRST_TICKS_MS * place as u64 / count.max(1) as u64);
        town.stage.queue.arm::<Tick>(key, wait);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn keys_are_those_of_the_statements() {
        // '0193' || lpad(to_hex(255), 28, '0')
        assert_eq!(key(255).to_string(), "01930000-0000-0000-0000-0000000000ff");
    }
}
