//! Every test that needs the whole system, in one binary: `./dev test` gives it Postgres and Redis.

mod characters;
mod chess;
mod faults;
mod harness;
mod openapi;
mod platform;
mod queue;
mod tasks;
mod theory;
mod tidy;
