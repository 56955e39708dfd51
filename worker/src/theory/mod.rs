//! Theory's jobs.

mod analyze;
