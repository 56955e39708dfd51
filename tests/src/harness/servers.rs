//! Where the Postgres and the Redis of this test run are.

/// Two servers that may be written to at will.
#[derive(Clone, Debug)]
pub struct Servers {
    /// Of a role that may create databases.
    pub database_url: String,
    pub redis_url: String,
}

impl Servers {
    /// As `./dev test` says.
    pub fn of_this_run() -> Self {
        Self {
            database_url: variable("ROOKERY_TEST_DATABASE_URL"),
            redis_url: variable("ROOKERY_TEST_REDIS_URL"),
        }
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: `./dev test` starts a Postgres and a Redis and sets it")
    })
}
