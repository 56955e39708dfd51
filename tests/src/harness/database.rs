//! A database per test, copied from a migrated template and dropped when the test is over.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::Path;
use std::{fs, thread};

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use super::Servers;

/// Gone with its handle, whoever is still connected.
pub struct Database {
    pub name: String,
    pub url: String,
    server: PgConnectOptions,
}

/// Two test processes on one server make the template once; the number is ours alone.
const TEMPLATE_LOCK: i64 = 0x726f_6f6b_6572_7974;

impl Database {
    /// Migrated, and empty but for that.
    pub async fn create(servers: &Servers) -> Self {
        let server: PgConnectOptions = servers
            .database_url
            .parse()
            .expect("ROOKERY_TEST_DATABASE_URL is a Postgres URL");
        let mut admin = PgConnection::connect_with(&server)
            .await
            .expect("Postgres answers");
        let template = template(&mut admin, &server).await;
        let name = format!("rookery_test_{}", Uuid::new_v4().simple());
        run(
            &mut admin,
            format!("create database {name} template {template}"),
        )
        .await;
        admin.close().await.expect("the connection closes");
        let url = server.clone().database(&name).to_url_lossy().to_string();
        Self { name, url, server }
    }
}

impl Drop for Database {
    /// On a thread of its own: the test's runtime cannot be entered again from here.
    fn drop(&mut self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        let server = self.server.clone();
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut admin = PgConnection::connect_with(&server).await?;
                admin.execute(AssertSqlSafe(statement)).await?;
                anyhow::Ok(())
            })
        });
        // A test that took its server down has no database left to drop.
        drop(dropping.join());
    }
}

/// The name of a database with this version's schema, made when there is none. It stays: the next run copies it too.
async fn template(admin: &mut PgConnection, server: &PgConnectOptions) -> String {
    let name = format!("rookery_template_{:016x}", migrations_hash());
    sqlx::query("select pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut *admin)
        .await
        .expect("the lock is free soon");
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut *admin)
            .await
            .expect("the catalogue can be read");
    if !exists {
        let draft = format!("{name}_draft");
        run(admin, format!("drop database if exists {draft}")).await;
        run(admin, format!("create database {draft}")).await;
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(server.clone().database(&draft))
            .await
            .expect("the new database answers");
        rookery_shared::migrate(&pool)
            .await
            .expect("the migrations run on an empty database");
        pool.close().await;
        run(admin, format!("alter database {draft} rename to {name}")).await;
    }
    sqlx::query("select pg_advisory_unlock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(admin)
        .await
        .expect("the lock is ours");
    name
}

fn migrations_hash() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the migrations are there")
        .map(|entry| entry.expect("the folder can be read").path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.file_name().hash(&mut hasher);
        fs::read(&file)
            .expect("a migration can be read")
            .hash(&mut hasher);
    }
    hasher.finish()
}

/// The names in these statements are ours.
async fn run(admin: &mut PgConnection, statement: String) {
    if let Err(error) = admin.execute(AssertSqlSafe(statement.clone())).await {
        panic!("`{statement}` failed: {error}");
    }
}
