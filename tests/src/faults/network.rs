//! The lines to Postgres and Redis are cut, fall silent and get slow: bounded trouble, nothing lost.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rookery_queue::{Queue, Status};
use sqlx::postgres::PgConnectOptions;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::audit::{past, result, signature};
use super::journal::Event;
use super::own_redis::OwnRedis;
use super::probe::Act;
use super::programs::{Api, migrate};
use super::proxy::{Mood, Proxy};
use super::stage::{Addresses, Setup, Stage, order};
use super::until::{PATIENCE, holds, until};

/// A stage whose workers reach the stores through lines that can be hurt; the test itself has its own.
struct Lines {
    stage: Stage,
    postgres: Proxy,
    redis: Proxy,
    hurt: Addresses,
    _redis: OwnRedis,
}

impl Lines {
    async fn lay() -> anyhow::Result<Self> {
        let server = OwnRedis::start().await?;
        let stage = Stage::with_redis(&server.url()).await?;
        let options: PgConnectOptions = stage.addresses.database.parse()?;
        let folder = options.get_socket().context(
            "ROOKERY_TEST_DATABASE_URL names no unix socket; run the tests by ./dev test",
        )?;
        let socket: PathBuf = folder.join(format!(".s.PGSQL.{}", options.get_port()));
        let postgres = Proxy::before(&socket).await?;
        let redis = Proxy::before(server.socket()).await?;
        let user = options.get_username();
        let hurt = Addresses {
            database: format!("postgres://{user}@{}/{}", postgres.address(), stage.name),
            redis: format!("redis://{}", redis.address()),
        };
        Ok(Self {
            stage,
            postgres,
            redis,
            hurt,
            _redis: server,
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_reset_at_random_moments() -> anyhow::Result<()> {
    let lines = Lines::lay().await?;
    let stage = &lines.stage;
    let _one = stage.worker_at(&lines.hurt, Setup::default())?;
    let _other = stage.worker_at(&lines.hurt, Setup::default())?;
    let mut ids = stage.submit_many(8, &Act::Await(stage.gate("go"))).await?;
    stage.started(8).await?;
    ids.extend(stage.submit_many(1_500, &Act::Work { ms: 5 }).await?);
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..20 {
        sleep(Duration::from_millis(random.random_range(0..150))).await;
        match random.random_range(0..3) {
            0 => lines.postgres.reset(),
            1 => lines.redis.reset(),
            _ => {
                lines.postgres.reset();
                lines.redis.reset();
            }
        }
    }
    stage.open_gate("go")?;
    stage.all_completed(&ids, 2 * PATIENCE).await?;
    for id in &ids {
        let task = stage.task(*id).await?;
        assert_eq!(
            task.attempt, 1,
            "its process lived, yet it ran again: {task:?}"
        );
    }
    Ok(())
}

/// Postgres has made the claim, and the worker does not hear of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_whose_answer_is_lost_is_found_again() -> anyhow::Result<()> {
    let lines = Lines::lay().await?;
    let stage = &lines.stage;
    let worker = stage.worker_at(&lines.hurt, Setup::default())?;
    let before = stage.submit(&[Act::Sign]).await?;
    stage.ended(before).await?;
    let task = order(&[Act::Sign])?;
    let question = *task.id().0.as_bytes();
    lines.postgres.set(Mood::LoseAnswerTo(question));
    let id = stage.queue.submit(task).await?;
    holds("it is claimed", PATIENCE, async || {
        Ok(stage.task(id).await?.status == Status::Running)
    })
    .await?;
    lines.postgres.set(Mood::Clear);
    lines.postgres.reset();
    let task = stage.ended(id).await?;
    assert_eq!(signature(&result(&task)?)?, (1, worker.id()));
    assert_eq!(past(&task)?, []);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_for_longer_than_its_lease_a_worker_is_replaced_and_refused() -> anyhow::Result<()>
{
    let lines = Lines::lay().await?;
    let stage = &lines.stage;
    let cut_off = stage.worker_at(&lines.hurt, Setup::default())?;
    let id = stage.submit(&[Act::AwaitDeaf(stage.gate("go"))]).await?;
    stage.event(Event::Started, id, 1).await?;
    lines.postgres.set(Mood::Silent);
    lines.redis.set(Mood::Silent);
    let heir = stage.worker()?;
    stage.event(Event::Started, id, 2).await?;
    stage.open_gate("go")?;
    let ended = stage.ended(id).await?;
    assert_eq!(signature(&result(&ended)?)?, (2, heir.id()));
    stage.event(Event::Answered, id, 1).await?;

    lines.postgres.set(Mood::Clear);
    lines.redis.set(Mood::Clear);
    holds("it serves again", PATIENCE, async || {
        let other = stage.submit(&[Act::Sign]).await?;
        let (_, process) = signature(&result(&stage.ended(other).await?)?)?;
        Ok(process == cut_off.id())
    })
    .await?;
    let task = stage.task(id).await?;
    assert_eq!(signature(&result(&task)?)?, (2, heir.id()));
    assert_eq!(task.version, ended.version);
    Ok(())
}

/// As behind a firewall that forgot them: the standing connections stay silent for ever, new ones work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_fall_silent_for_ever_are_given_up() -> anyhow::Result<()> {
    let lines = Lines::lay().await?;
    let stage = &lines.stage;
    let worker = stage.worker_at(&lines.hurt, Setup::default())?;
    let mut ids = stage.submit_many(4, &Act::Await(stage.gate("go"))).await?;
    stage.started(4).await?;
    // Under load some statement is under way on each connection when it happens.
    ids.extend(stage.submit_many(2_000, &Act::Sign).await?);
    stage.started(4 + 200).await?;
    lines.postgres.abandon();
    lines.redis.abandon();
    stage.open_gate("go")?;
    stage.all_completed(&ids, 2 * PATIENCE).await?;
    let id = stage.submit(&[Act::Sign]).await?;
    assert_eq!(
        signature(&result(&stage.ended(id).await?)?)?,
        (1, worker.id())
    );
    Ok(())
}

/// Who only listens does not notice by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_that_falls_silent_for_ever_is_made_anew() -> anyhow::Result<()> {
    let lines = Lines::lay().await?;
    let stage = &lines.stage;
    let hurt = redis::Client::open(lines.hurt.redis.as_str())?;
    let queue = Queue::new(stage.pool.clone(), hurt, stage.name.clone())?;
    let task = order(&[Act::Sign])?;
    let channel = format!("{}:task:{}", stage.name, task.id());
    let mut redis = stage.queue.redis();
    let mut subscribers = async || -> anyhow::Result<usize> {
        let mut asked = redis::cmd("PUBSUB");
        asked.arg("NUMSUB").arg(&channel);
        let (_, count): (String, usize) = asked.query_async(&mut redis).await?;
        Ok(count)
    };
    let _watch = until("it stands", PATIENCE, async || {
        let watch = queue.watch(task.id()).await;
        Ok((subscribers().await? > 0).then_some(watch))
    })
    .await?;
    lines.redis.abandon();
    // Redis does not know that the first has gone.
    holds("a second one", PATIENCE, async || {
        Ok(subscribers().await? > 1)
    })
    .await
}

/// The same happens to an API while requests are on all its connections.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_gives_up_connections_that_fall_silent_for_ever() -> anyhow::Result<()> {
    let mut lines = Lines::lay().await?;
    lines.stage.addresses = lines.hurt.clone();
    migrate(&lines.stage).await?;
    let api = Arc::new(Api::start(&lines.stage, "api").await?);
    let answered = Arc::new(AtomicUsize::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..32 {
        let (api, answered) = (Arc::clone(&api), Arc::clone(&answered));
        callers.spawn(async move {
            while api.get("/api/games").await.is_ok() {
                answered.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    holds("requests are answered", PATIENCE, async || {
        Ok(answered.load(Ordering::Relaxed) > 200)
    })
    .await?;
    lines.postgres.abandon();
    lines.redis.abandon();
    // They lose their patience and hang up.
    callers.shutdown().await;
    holds("it answers many at once again", PATIENCE, async || {
        let calls = (0..12).map(|_| api.get("/api/games"));
        let answers = tokio::time::timeout(Duration::from_secs(5), join_all(calls)).await;
        Ok(answers.is_ok_and(|answers| answers.iter().all(Result::is_ok)))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_lines_only_take_longer() -> anyhow::Result<()> {
    let lines = Lines::lay().await?;
    let stage = &lines.stage;
    let slow = Mood::Slow(Duration::from_millis(100));
    lines.postgres.set(slow);
    lines.redis.set(slow);
    let _worker = stage.worker_at(&lines.hurt, Setup::default())?;
    let ids = stage.submit_many(60, &Act::Work { ms: 5 }).await?;
    stage.all_completed(&ids, 2 * PATIENCE).await?;
    assert_eq!(stage.events(Event::Started)?.len(), 60, "each once");
    Ok(())
}
