//! API nodes and workers as they are deployed: any node answers for any task, whoever of the others dies.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::Value;

use super::own_postgres::OwnPostgres;
use super::programs::{Api, Stream, migrate, worker};
use super::stage::Stage;
use super::until::{PATIENCE, holds, until};
use crate::theory::steps::endless_game;

const SHORT: &str = "/api/tasks?game_id=trust-game&plugin=Validation";
const RERUN: Duration = Duration::from_secs(10);

fn id(task: &Value) -> anyhow::Result<String> {
    Ok(task["id"]
        .as_str()
        .context("a task without an id")?
        .to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_outlives_its_worker_and_the_node_that_took_the_order() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    migrate(&stage).await?;
    let mut here = Api::start(&stage, "here").await?;
    let there = Api::start(&stage, "there").await?;
    let mut victim = worker(&stage)?;
    let game = here.upload("endless.nfg", endless_game()).await?;
    let order = format!("/api/tasks?game_id={game}&plugin=Nash%20Equilibrium");
    let id = id(&here.post(&order).await?)?;
    let mut events = Stream::open(&there, &id).await?;
    let first = |task: &Value| task["status"] == "running" && task["attempt"] == 1;
    events.task_that(PATIENCE, first).await?;

    let _heir = worker(&stage)?;
    victim.kill()?;
    here.process.kill()?;
    let second = |task: &Value| task["status"] == "running" && task["attempt"] == 2;
    events
        .task_that(RERUN + Duration::from_secs(2), second)
        .await?;
    // The other node serves on, for the old task and for new ones.
    let short = there.post(&format!("{SHORT}&wait=30")).await?;
    let short = there
        .get(&format!("/api/tasks/{}?wait=30", self::id(&short)?))
        .await?;
    assert_eq!(short["status"], "completed");

    let again = Api::start(&stage, "again").await?;
    let seen = again.get(&format!("/api/tasks/{id}")).await?;
    assert_eq!(
        (&seen["status"], &seen["attempt"]),
        (&"running".into(), &2.into())
    );
    let mut late = Stream::open(&again, &id).await?;
    again
        .call(Method::DELETE, &format!("/api/tasks/{id}"))
        .send()
        .await?
        .error_for_status()?;
    let over = |task: &Value| task["status"] == "cancelled";
    let one = events.task_that(PATIENCE, over).await?;
    let other = late.task_that(PATIENCE, over).await?;
    assert_eq!(one, other, "both nodes tell the same end");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_postgres_nothing_is_acknowledged_that_is_not_kept() -> anyhow::Result<()> {
    let mut postgres = OwnPostgres::start().await?;
    let redis = std::env::var("ROOKERY_TEST_REDIS_URL")?;
    let stage = Stage::on(&postgres.url(), &redis).await?;
    migrate(&stage).await?;
    let api = Api::start(&stage, "api").await?;
    let _worker = worker(&stage)?;
    // Several clients order without pause; the stop comes in the middle.
    let clients = (0..4).map(|_| {
        let call = |path: &str| api.call(Method::POST, path);
        let orders = std::iter::repeat_with(move || call(SHORT).send());
        order_until_refused(orders)
    });
    let (stopped, acknowledged) = tokio::join!(
        async {
            holds("some are done", PATIENCE, async || {
                let done: i64 =
                    sqlx::query_scalar("select count(*) from tasks where status = 'completed'")
                        .fetch_one(&stage.pool)
                        .await?;
                Ok(done >= 20)
            })
            .await?;
            postgres.stop_at_once().await
        },
        futures_util::future::try_join_all(clients),
    );
    stopped?;
    let acknowledged: Vec<String> = acknowledged?.concat();
    postgres.start_again().await?;
    let first = until("it takes orders again", PATIENCE, async || {
        Ok(Some(id(&api.post(SHORT).await?)?))
    })
    .await?;
    for id in acknowledged.iter().chain([&first]) {
        let task = api.get(&format!("/api/tasks/{id}?wait=30")).await?;
        assert_eq!(task["status"], "completed", "{task}");
    }
    Ok(())
}

/// The ids of the orders that were acknowledged before the first that was not. A refusal has to say that it is one of the
/// moment, and must come soon.
async fn order_until_refused(
    orders: impl Iterator<Item = impl Future<Output = reqwest::Result<reqwest::Response>>>,
) -> anyhow::Result<Vec<String>> {
    let mut acknowledged = Vec::new();
    for order in orders {
        let answer = tokio::time::timeout(Duration::from_secs(20), order)
            .await
            .context("the refusal takes too long")??;
        if answer.status() == 200 {
            acknowledged.push(id(&answer.json().await?)?);
            continue;
        }
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
        return Ok(acknowledged);
    }
    anyhow::bail!("the orders ran out")
}
