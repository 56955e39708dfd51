//! Characters under faults: workers die in the middle of an answer, Redis forgets, answers are late, the world is replaced meanwhile. Each
//! decision is made once, and what was replaced is not written into.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::Method;
use rookery_shared::characters::seed_tavern;
use rookery_shared::{Store, StoreConfig};
use serde_json::{Value, json};

use super::own_redis::OwnRedis;
use super::process::Process;
use super::programs::{Api, asking_worker, worker};
use super::stage::Stage;
use super::until::{PATIENCE, holds, until};
use crate::characters::stub::{Act, Stub};

/// The tavern on a stage, an API process before it, and a language model that does as it is told.
struct Tavern {
    api: Api,
    stub: Stub,
    stage: Stage,
}

impl Tavern {
    async fn open(config: Value) -> anyhow::Result<Self> {
        Self::on(Stage::open().await?, config).await
    }

    async fn on(stage: Stage, config: Value) -> anyhow::Result<Self> {
        sqlx::query("update characters_world set config = $1")
            .bind(config)
            .execute(&stage.pool)
            .await?;
        let store = Store::connect(&StoreConfig {
            database_url: stage.addresses.database.clone(),
            redis_url: stage.addresses.redis.clone(),
            queue_prefix: stage.name.clone(),
            database_connections: 2,
        })?;
        seed_tavern(&store).await?;
        Ok(Self {
            api: Api::start(&stage, "api").await?,
            stub: Stub::start().await?,
            stage,
        })
    }

    /// Its characters ask the stub.
    fn worker(&self) -> anyhow::Result<Process> {
        asking_worker(&self.stage, &self.stub.url())
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let answer = self.api.call(Method::POST, path).json(body).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        anyhow::ensure!(status.is_success(), "{path}: {status} {text}");
        Ok(serde_json::from_str(&text)?)
    }

    async fn count(&self, query: &'static str) -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar(query)
            .fetch_one(&self.stage.pool)
            .await?)
    }

    async fn decisions(&self) -> anyhow::Result<i64> {
        self.count("select count(*) from characters_decisions")
            .await
    }

    async fn reaches(&self, decisions: i64) -> anyhow::Result<()> {
        holds("so many decisions", PATIENCE, async || {
            Ok(self.decisions().await? >= decisions)
        })
        .await
    }

    async fn called(&self, calls: usize) -> anyhow::Result<()> {
        holds("the model is asked", PATIENCE, async || {
            Ok(self.stub.seen().calls >= calls)
        })
        .await
    }

    /// Something that only Greta notices, and that is worth a question.
    async fn whisper(&self) -> anyhow::Result<()> {
        let event = json!({
            "type": "threat", "source": "patron", "target": "barkeep", "importance": 6, "timestamp": 1_709_000_000_000_i64,
            "data": { "location": "where nobody else is" },
        });
        let answer = self.post("/api/events", &json!({ "event": event })).await?;
        anyhow::ensure!(answer["injected"] == true, "{answer}");
        Ok(())
    }
}

fn still() -> Value {
    json!({ "tick": { "running": false } })
}

/// Everybody is active.
fn busy() -> Value {
    json!({ "tick": { "fastTickMs": 50 }, "proximity": { "promotionThreshold": 5, "backgroundThreshold": 1 } })
}

/// Made more often than there were ticks between the first and the last: up to two ticks are due to one decision that was late.
const TOO_MANY: &str = "
    select count(*) from (
        select count(*) as made, extract(epoch from max(created_at) - min(created_at)) / 0.05 as ticks
        from characters_decisions where trigger_type = 'fast_tick' group by key
    ) as each where made > ticks + 3";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_decision_is_doubled_when_a_worker_dies() -> anyhow::Result<()> {
    let tavern = Tavern::open(busy()).await?;
    let other = Api::start(&tavern.stage, "other").await?;
    let mut victim = worker(&tavern.stage)?;
    let _survivor = worker(&tavern.stage)?;
    tavern.reaches(60).await?;
    victim.kill()?;
    let before = tavern.decisions().await?;
    tavern.reaches(before + 60).await?;
    tavern.post("/api/config", &still()).await?;
    let counted = until("time stands still", PATIENCE, async || {
        let before = tavern.decisions().await?;
        let counts = [
            tavern.api.get("/api/decisions/count").await?,
            other.get("/api/decisions/count").await?,
        ];
        let after = tavern.decisions().await?;
        Ok((before == after).then_some((after, counts)))
    });
    let (made, counts) = counted.await?;
    assert_eq!(counts, [json!({ "count": made }), json!({ "count": made })]);
    assert_eq!(tavern.count(TOO_MANY).await?, 0);
    let awake = "select count(distinct key) from characters_decisions";
    assert_eq!(tavern.count(awake).await?, 4, "nobody was left out");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_worker_was_asking_is_decided_once_by_another() -> anyhow::Result<()> {
    let tavern = Tavern::open(still()).await?;
    tavern.stub.then([Act::Wait(2 * PATIENCE)]);
    let mut victim = tavern.worker()?;
    tavern.whisper().await?;
    tavern.called(1).await?;
    victim.kill()?;
    assert_eq!(tavern.decisions().await?, 0);
    let _heir = tavern.worker()?;
    tavern.reaches(1).await?;
    let open =
        "select count(*) from characters_minds where thinking is not null or called_at is not null";
    holds("nothing is left to decide", PATIENCE, async || {
        Ok(tavern.count(open).await? == 0)
    })
    .await?;
    assert_eq!(tavern.decisions().await?, 1);
    let asked = "select count(*) from characters_decisions where provider = 'openai' and trigger_event = 'threat'";
    assert_eq!(tavern.count(asked).await?, 1);
    assert_eq!(tavern.stub.seen().calls, 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_outlives_the_worker_that_had_it() -> anyhow::Result<()> {
    let tavern = Tavern::open(still()).await?;
    tavern.stub.then([Act::Wait(2 * PATIENCE)]);
    let mut victim = tavern.worker()?;
    let body = json!({ "message": "What is the mood in the tavern tonight?" });
    let death = async {
        tavern.called(1).await?;
        victim.kill()?;
        tavern.worker()
    };
    let (said, heir) = tokio::join!(tavern.post("/api/chat/barkeep", &body), death);
    let (said, _heir) = (said?, heir?);
    assert_eq!(said["reply"], "Well met, träveller.");
    let messages = tavern.count("select count(*) from characters_messages");
    assert_eq!(messages.await?, 2, "said once, answered once");
    let near = tavern.api.get("/api/proximity/barkeep").await?;
    assert_eq!(
        (&near["closeness"], &near["totalInteractions"]),
        (&json!(67.0), &json!(1))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticks_go_on_when_redis_forgets_everything() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let tavern = Tavern::on(stage, busy()).await?;
    let _worker = worker(&tavern.stage)?;
    tavern.reaches(20).await?;
    for _ in 0..3 {
        redis.forget_everything().await?;
        let before = tavern.decisions().await?;
        tavern.reaches(before + 20).await?;
    }
    assert_eq!(tavern.count(TOO_MANY).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticks_that_come_during_a_question_are_skipped_and_counted() -> anyhow::Result<()> {
    let tavern = Tavern::open(
        json!({ "tick": { "fastTickMs": 50 }, "proximity": { "backgroundThreshold": 60 } }),
    )
    .await?;
    tavern.stub.takes(Duration::from_millis(400));
    // A player who is near makes Greta's ticks worth a question now and then.
    tavern
        .post("/api/proximity/barkeep/boost", &json!({ "amount": 1 }))
        .await?;
    let _worker = tavern.worker()?;
    tavern.called(4).await?;
    let seen = tavern.stub.seen();
    assert_eq!(seen.peak, 1, "never two questions of one character");
    let stats = tavern.api.get("/api/stats").await?;
    let skipped = stats["scheduler"]["skippedTicks"].as_i64();
    // Three questions are answered: eight ticks each, of which the last may be in time.
    assert!(skipped.context("no count")? >= 3 * 6, "{stats}");
    assert_eq!(tavern.count(TOO_MANY).await?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_ticks_while_time_stands_still() -> anyhow::Result<()> {
    let tavern = Tavern::open(busy()).await?;
    let _worker = worker(&tavern.stage)?;
    tavern.reaches(20).await?;
    tavern.post("/api/config", &still()).await?;
    // Whoever had a turn when time stopped ends it; then an event still gets through, and more of them.
    let before = "select count(*) from characters_decisions where trigger_type <> 'event'";
    let told = "select count(*) from characters_decisions where trigger_type = 'event'";
    tavern.whisper().await?;
    holds("an event is reacted to", PATIENCE, async || {
        Ok(tavern.count(told).await? > 0)
    })
    .await?;
    let made = tavern.count(before).await?;
    for reactions in 2..=4 {
        tavern.whisper().await?;
        holds("an event is reacted to", PATIENCE, async || {
            Ok(tavern.count(told).await? >= reactions)
        })
        .await?;
    }
    assert_eq!(tavern.count(before).await?, made);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decision_for_a_world_that_was_replaced_is_refused() -> anyhow::Result<()> {
    let tavern = Tavern::open(still()).await?;
    let _worker = tavern.worker()?;
    let state = tavern.post("/api/state/export", &json!({})).await?;
    let snapshot = tavern.post("/api/state/snapshot", &json!({})).await?;
    let snapshot = snapshot["snapshotId"].as_str().context("no id")?;
    let restore = format!("/api/state/snapshots/{snapshot}/restore");
    for (round, (path, body)) in [("/api/state/import", state), (restore.as_str(), json!({}))]
        .into_iter()
        .enumerate()
    {
        tavern.stub.then([Act::Wait(Duration::from_secs(1))]);
        tavern.whisper().await?;
        tavern.called(round + 1).await?;
        tavern.post(path, &body).await?;
        let refused = "select coalesce(sum(count), 0)::bigint from characters_tallies where name = 'decisions:refused'";
        holds("it is refused", PATIENCE, async || {
            Ok(tavern.count(refused).await? > 0)
        })
        .await
        .with_context(|| path.to_owned())?;
        let made: Vec<Value> =
            sqlx::query_scalar("select to_jsonb(made) from characters_decisions as made")
                .fetch_all(&tavern.stage.pool)
                .await?;
        assert_eq!(made, Vec::<Value>::new(), "{path}");
        // The figures go with the world that they count.
        sqlx::query("delete from characters_tallies")
            .execute(&tavern.stage.pool)
            .await?;
    }
    Ok(())
}
