//! Live chess over HTTP, sockets and streams.

mod board;
mod live_drain;
mod live_gaps;
mod live_socket;
mod live_stream;
mod socket;
