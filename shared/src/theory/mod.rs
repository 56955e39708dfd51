//! Theory's use cases: games and what is made of them, analyses and the tasks that run them.

mod analyze;
mod applicable;
mod checkpoint;
mod continuous;
mod conversions;
mod document;
mod examples;
mod export;
mod games;
mod order;
mod results;
mod summary;
mod taken_up;
mod upload;

pub use analyze::{Analyze, Analyzed, Look};
pub use applicable::applicable;
pub use checkpoint::{MAX_STATE_BYTES, forget_checkpoints, keep, kept};
pub use continuous::{CONTINUOUS_OWNER, Outcome, Request, analyses_of};
pub use conversions::{FormError, shown_as};
pub use document::{DocumentId, purge};
pub use examples::{reset, seed};
pub use export::{FileFormat, export};
pub use games::{Page, count, delete, get, list, summary};
pub use order::{MAX_TIMEOUT, Order, OrderError, Placed, Refused, place, place_in};
pub use results::{Start, WORTH_KEEPING, forget_results, remember, start};
pub use summary::{GameId, GameIdError};
pub use taken_up::overdue;
pub use upload::{Upload, UploadError, read, store_in};
