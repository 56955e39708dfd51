//! Lines as real programs send them, and lines that nobody should send.
