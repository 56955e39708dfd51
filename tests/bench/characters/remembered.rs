//! Memories by the hundred thousand, copied into Postgres: twelve invented words each, some of them everywhere and most of them rare.

use std::fmt::Write as _;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use sqlx::PgPool;
use uuid::Uuid;

/// Words that there are.
const WORDS: usize = 3_000;
const IN_A_MEMORY: usize = 12;
/// Rows in one message to Postgres.
const CHUNK: usize = 2_000;

pub struct Speech(Vec<String>);

impl Speech {
    pub fn new() -> Self {
        const FIRST: [&str; 15] = [
            "b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "t", "v", "z",
        ];
        const SECOND: [&str; 5] = ["a", "e", "i", "o", "u"];
        let syllable = |n: usize| format!("{}{}", FIRST[n % 15], SECOND[n / 15 % 5]);
        let word = |n: usize| format!("{}{}k", syllable(n % 75), syllable(n / 75 % 75));
        Self((0..WORDS).map(word).collect())
    }

    /// The earlier words are said more often: the third power of an even chance leaves a third of all to the first hundred of them.
    pub fn word(&self, dice: &mut StdRng) -> &str {
        let place = dice.random::<f64>().powi(3) * self.0.len() as f64;
        &self.0[place as usize % self.0.len()]
    }

    pub fn sentence(&self, words: usize, dice: &mut StdRng) -> String {
        let words: Vec<&str> = (0..words).map(|_| self.word(dice)).collect();
        words.join(" ")
    }
}

/// Gives each of these so many memories. The word index is made at the end: kept up row by row it takes far longer.
pub async fn remember(pool: &PgPool, whose: &[(Uuid, usize)]) -> anyhow::Result<()> {
    let index: String = sqlx::query_scalar(
        "select indexdef from pg_indexes where indexname = 'characters_memories_words'",
    )
    .fetch_one(pool)
    .await?;
    sqlx::raw_sql("drop index characters_memories_words")
        .execute(pool)
        .await?;
    let (speech, mut dice) = (Speech::new(), StdRng::seed_from_u64(5));
    let mut connection = pool.acquire().await?;
    let mut copy = connection
        .copy_in_raw(
            "copy characters_memories (id, key, kind, content, importance, decay_rate, at_slow) from stdin",
        )
        .await?;
    let (mut rows, mut held) = (String::new(), 0);
    for (key, count) in whose {
        for _ in 0..*count {
            let id = Uuid::from_u128(dice.random());
            let content = speech.sentence(IN_A_MEMORY, &mut dice);
            let importance = dice.random_range(3..=8);
            writeln!(rows, "{id}\t{key}\tepisode\t{content}\t{importance}\t1\t0")?;
            held += 1;
            if held == CHUNK {
                copy.send(std::mem::take(&mut rows).into_bytes()).await?;
                held = 0;
            }
        }
    }
    copy.send(rows.into_bytes()).await?;
    copy.finish().await?;
    let (keys, counts): (Vec<Uuid>, Vec<i64>) = whose
        .iter()
        .map(|(key, count)| (*key, *count as i64))
        .unzip();
    sqlx::query(
        "update characters_minds as mind set memories_version = new.count
        from unnest($1::uuid[], $2::bigint[]) as new (key, count) where mind.key = new.key",
    )
    .bind(&keys)
    .bind(&counts)
    .execute(&mut *connection)
    .await?;
    sqlx::raw_sql("set maintenance_work_mem = '512MB'")
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(index))
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql("vacuum (analyze) characters_memories; ")
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql("vacuum (analyze) characters_minds")
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql("checkpoint")
        .execute(&mut *connection)
        .await?;
    Ok(())
}
