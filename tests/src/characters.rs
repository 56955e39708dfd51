//! The characters area over HTTP, as the contract shows it.

mod edge;
