//! Algorithms that walk a tree as it is, without its normal form: linear in the nodes, and never recursive.

mod induction;
mod reply;

pub use induction::{Solution, Solutions, backward_induction, confusion};
pub use reply::{Behaviour, Replies, Standing, is_affordable};
