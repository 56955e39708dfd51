//! Theory's jobs.

mod analyze;
mod keeper;
mod limit;
