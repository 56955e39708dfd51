//! What bounds decisions: the rows that one leaves behind, written by nothing but Postgres.

use std::time::Duration;

use sqlx::PgPool;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// As the worker's.
const BATCH: i64 = 128;
/// Transactions at once: as many as the worker has.
const WRITERS: i64 = 3;
/// Minds of each writer.
const MINDS: i64 = 3_328;

/// A mind and a decision a row, a second: the mind is replaced, the decision added, 128 of them a transaction, three at once. Both have
/// the length of real ones and the tables no index but their keys.
pub async fn written(pool: &PgPool, during: Duration) -> anyhow::Result<f64> {
    sqlx::raw_sql(
        "create table bare_minds (key bigint primary key, mind json not null, next_tick_at timestamptz) with (fillfactor = 50);
        create table bare_decisions (id uuid primary key, key bigint not null, detail json not null, explanation json not null);",
    )
    .execute(pool)
    .await?;
    sqlx::query("insert into bare_minds select n, to_json(repeat('m', 900)) from generate_series(0, $1 - 1) as n")
        .bind(WRITERS * MINDS)
        .execute(pool)
        .await?;
    let from = Instant::now();
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let pool = pool.clone();
        writers.spawn(async move {
            let mut written = 0;
            while from.elapsed() < during {
                let first = writer * MINDS + written % MINDS;
                let keys: Vec<i64> = (first..first + BATCH).collect();
                let minds = vec![format!("\"{}\"", "m".repeat(900)); keys.len()];
                let explanations = vec![format!("\"{}\"", "e".repeat(500)); keys.len()];
                sqlx::query(
                    "with lasting as (
                        insert into bare_decisions select gen_random_uuid(), key, '{}'::json, explanation::json
                        from unnest($1::bigint[], $3::text[]) as new (key, explanation)
                    )
                    update bare_minds as mind set mind = new.mind::json, next_tick_at = clock_timestamp()
                    from unnest($1::bigint[], $2::text[]) as new (key, mind) where mind.key = new.key",
                )
                .bind(&keys)
                .bind(&minds)
                .bind(&explanations)
                .execute(&pool)
                .await?;
                written += BATCH;
            }
            anyhow::Ok(written)
        });
    }
    let mut all = 0;
    while let Some(written) = writers.join_next().await {
        all += written??;
    }
    let rate = all as f64 / from.elapsed().as_secs_f64();
    sqlx::raw_sql("drop table bare_minds, bare_decisions")
        .execute(pool)
        .await?;
    Ok(rate)
}
