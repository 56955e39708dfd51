//! Every test that needs the whole system, in one binary: `./dev test` gives it Postgres and Redis.

mod harness;
mod openapi;
mod platform;
mod tasks;
mod theory;
mod tidy;
