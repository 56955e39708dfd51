//! Flags that fall although the only worker was killed, or Redis forgot every alarm: at their deadlines, seen by nobody.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::Value;
use sqlx::PgPool;
use uuid::Uuid;

use super::own_redis::OwnRedis;
use super::programs::{Api, migrate, worker};
use super::stage::Stage;
use super::until::{PATIENCE, until};
use crate::chess::players::{Account, seconds, terms, text, time};

const GAMES: usize = 25;

/// Games whose clocks run, with their deadlines.
async fn running(api: &Api) -> anyhow::Result<Vec<(String, DateTime<Utc>)>> {
    let mut games = Vec::new();
    for _ in 0..GAMES {
        let (creator, guest) = (Account::new(), Account::new());
        let ask = async |account: &Account, path: &str, body: &Value| {
            let call = api.call(Method::POST, path).json(body);
            let answer = call
                .header("authorization", account.bearer())
                .send()
                .await?;
            anyhow::Ok(answer.error_for_status()?.json::<Value>().await?)
        };
        let made = ask(&creator, "/v1/games", &terms(&seconds(2, 0))).await?;
        let id = text(&made, "id");
        let joined = ask(&guest, &format!("/v1/games/{id}/join"), &Value::Null).await?;
        games.push((id, time(&joined, "deadline_at")));
    }
    Ok(games)
}

async fn all_fall(pool: &PgPool, games: &[(String, DateTime<Utc>)]) -> anyhow::Result<()> {
    for (id, deadline) in games {
        let (reason, result, ended_at) = until("the flag falls", PATIENCE, async || {
            let ended: Option<(String, String, DateTime<Utc>)> = sqlx::query_as(
                "select end_reason, result, ended_at from chess_games where id = $1 and status = 'ended'",
            )
            .bind(id.parse::<Uuid>()?)
            .fetch_optional(pool)
            .await?;
            Ok(ended)
        })
        .await?;
        assert_eq!((reason.as_str(), result.as_str()), ("timeout", "0-1"));
        assert_eq!(ended_at, *deadline);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flags_fall_after_the_only_worker_was_killed() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    migrate(&stage).await?;
    let api = Api::start(&stage, "api").await?;
    let mut victim = worker(&stage)?;
    let before = running(&api).await?;
    all_fall(&stage.pool, &before).await?;
    let games = running(&api).await?;
    victim.kill()?;
    let _heir = worker(&stage)?;
    all_fall(&stage.pool, &games).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flags_fall_after_redis_forgot_the_alarms() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    migrate(&stage).await?;
    let api = Api::start(&stage, "api").await?;
    let _worker = worker(&stage)?;
    let games = running(&api).await?;
    redis.forget_everything().await?;
    all_fall(&stage.pool, &games).await
}
