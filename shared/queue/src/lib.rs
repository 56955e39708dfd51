//! The task core: Postgres remembers, Redis rings.
//!
//! A recorded task is a row; its Redis message is only its id, a hint that may be lost, doubled or late. This half is
//! what a client needs: order, read, wait, cancel. The consuming half, behind the feature `worker`, claims and runs.
//!
//! Start reading at [`state`], the life of a task as a pure function.

pub mod state;

mod again;
mod bounded;
mod cancel;
mod due;
mod hub;
mod keys;
mod live;
mod loan;
mod mailbox;
mod pool;
mod queue;
mod read;
mod redis_line;
mod ring;
mod submit;
mod task;
mod wait;

#[cfg(feature = "worker")]
pub mod worker;

#[cfg(test)]
mod simulator;

pub use again::Again;
pub use bounded::{PATIENCE, bounded, own_line};
pub use cancel::Cancelled;
pub use due::Due;
pub use live::{Heard, Listener};
pub use loan::Loan;
pub use pool::{Pool, Transaction};
pub use queue::{Queue, QueueError, is_unavailable};
pub use read::{Depth, Filter, Record};
pub use redis_line::RedisLine;
pub use task::{Hint, NewTask, Priority, Status, Task, TaskId};
pub use wait::{Until, Watch};
