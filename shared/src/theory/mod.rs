//! Theory's use cases: games and what is made of them, analyses and the tasks that run them.

mod analyze;
mod continuous;
mod document;
mod examples;
mod games;
mod order;
mod summary;
mod upload;

pub use analyze::{Analyze, Analyzed};
pub use continuous::{CONTINUOUS_OWNER, Outcome, Request, analyses_of};
pub use document::{DocumentId, load, purge};
pub use examples::{reset, seed};
pub use games::{Page, convert, count, delete, get, list, summary};
pub use order::{MAX_TIMEOUT, Order, OrderError, Placed, Refused, place, place_in};
pub use summary::{GameId, GameIdError};
pub use upload::{MAX_FILE_BYTES, Upload, UploadError, read, store_in};
