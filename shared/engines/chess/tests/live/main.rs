//! Live games by their commands: what each leads to, and what each is refused for.

mod clocks;
mod draws;
mod endings;
mod moves;
mod seats;
mod table;
mod takebacks;
