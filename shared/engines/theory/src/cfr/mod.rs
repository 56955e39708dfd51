//! Regret minimisation, fictitious play and best responses on trees: approximate play in doubles, with its distance from equilibrium.
//!
//! A tree is flattened once ([`Flat`]): information sets and their actions become numbered sequences in topological order, and the
//! payoffs of two players a sparse matrix over pairs of sequences (the sequence form: von Stengel 1996). An iteration is
//! then a few linear passes over arrays: nothing recurses and nothing is allocated.

mod exact;
mod fictitious;
mod flat;
mod gradient;
mod learner;
mod pairs;
mod profile;
mod regret;
mod response;
mod sampling;
mod scale;
mod sequences;
mod state;
mod topology;

pub use exact::{Exact, evaluate};
pub use fictitious::FictitiousPlay;
pub use flat::{Flat, Refusal, recall_and_size};
pub use learner::{Algorithm, Learner};
pub use profile::Behaviour;
pub use regret::{RegretMinimizer, Sweep};
pub use response::{Distance, best_response, distance};
pub use sampling::ExternalSampling;
pub use scale::{Scale, zero_sum};
pub use sequences::Sequences;
