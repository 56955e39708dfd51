//! Chess: fallen flags, and the news of ended games. What falls due is in `rookery_shared::chess::due`.

mod clock;
mod endings;
