//! A character's turn: what came in is taken in, what was decided is carried out.

mod carry_out;
mod deed;
mod take_in;

pub use carry_out::carry_out;
pub use take_in::take_in;

#[cfg(test)]
mod tests;
