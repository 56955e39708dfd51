//! The whole system for one test: database, queue prefix, one API node, and a worker when it is asked for.

use std::ops::Deref;

use clap::Parser;
use rookery_api::config::Config;
use rookery_queue::{Status, TaskId, Until};
use rookery_shared::Store;
use rookery_worker::characters::provider::ProviderConfig;
use tokio::time::Instant;

use super::work::Working;
use super::{Database, Node, PATIENCE, Servers};

/// Requests go to its node: `app.get("/api/games").await`.
pub struct TestApp {
    node: Node,
    pub store: Store,
    pub config: Config,
    // Last: what is connected to it is dropped before it.
    _database: Database,
}

/// The configuration as `rookery-api serve` reads it, defaults included.
#[derive(Parser)]
struct Serve {
    #[command(flatten)]
    config: Config,
}

impl TestApp {
    /// With the example games loaded.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with settings of its own.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_on(&Servers::of_this_run(), change).await
    }

    /// The same, on servers of the test's own.
    pub async fn start_on(servers: &Servers, change: impl FnOnce(&mut Config)) -> Self {
        let database = Database::create(servers).await;
        let mut config = Serve::parse_from([
            "rookery-api",
            "--database-url",
            &database.url,
            "--redis-url",
            &servers.redis_url,
            "--queue-prefix",
            &database.name,
            "--database-connections",
            "4",
        ])
        .config;
        change(&mut config);
        let store = Store::connect(&config.store).expect("the addresses make sense");
        rookery_shared::theory::seed(&store)
            .await
            .expect("the examples can be loaded");
        let node = Node::start(&config, store.clone()).await;
        Self {
            node,
            store,
            config,
            _database: database,
        }
    }

    /// A second API node, with connections of its own.
    pub async fn another_node(&self) -> Node {
        let store = Store::connect(&self.config.store).expect("the addresses make sense");
        Node::start(&self.config, store).await
    }

    /// A worker that serves until its handle is dropped.
    pub fn worker(&self) -> Working {
        Working::start(&self.config.store)
    }

    /// One whose characters ask this language model.
    pub fn asking_worker(&self, provider: ProviderConfig) -> Working {
        Working::asking(&self.config.store, provider)
    }

    /// One that hands back what it holds as soon as it is told to leave.
    pub fn hasty_worker(&self) -> Working {
        Working::hasty(&self.config.store)
    }

    /// Runs the queue dry through the real worker.
    pub async fn work(&self) {
        let worker = self.worker();
        self.idle().await;
        worker.leave().await;
    }

    /// Waits until no due task is pending or running.
    pub async fn idle(&self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let open: Option<(uuid::Uuid, i64)> = sqlx::query_as(
                "select id, version from tasks
                where status = 'running' or status = 'pending' and run_at <= clock_timestamp() limit 1",
            )
            .fetch_optional(&self.store.pool)
            .await
            .expect("the tasks can be counted");
            let Some((id, version)) = open else { return };
            assert!(
                Instant::now() < deadline,
                "task {id} is still open after {PATIENCE:?}"
            );
            let changed = Until::NewerThan(version);
            self.store
                .queue
                .wait(TaskId(id), changed, PATIENCE)
                .await
                .expect("the task can be read");
        }
    }

    /// Waits until the task has begun, and says how it stands.
    pub async fn begun(&self, id: &str) -> Status {
        let id: TaskId = id.parse().expect("a task's id is a UUID");
        let mut seen = 0;
        loop {
            let changed = Until::NewerThan(seen);
            let task = self.store.queue.wait(id, changed, PATIENCE).await;
            let task = task
                .expect("the task can be read")
                .expect("there is such a task");
            if task.status != Status::Pending {
                return task.status;
            }
            assert!(task.version > seen, "task {id} did not begin");
            seen = task.version;
        }
    }
}

impl Deref for TestApp {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}
