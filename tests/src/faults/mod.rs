//! Faults: real processes are killed, frozen, asked to leave and cut off, and nothing may be lost or recorded twice.

pub mod alarm;
pub mod audit;
mod cancel;
mod characters;
mod chess_chaos;
mod chess_clients;
mod chess_flags;
mod due_work;
mod fleet;
pub mod folder;
pub mod journal;
mod network;
mod nodes;
mod own_postgres;
pub mod own_redis;
mod postgres;
pub mod probe;
pub mod process;
mod programs;
mod proxy;
mod redis_away;
pub mod stage;
pub mod until;
mod worker_dies;
mod worker_leaves;
