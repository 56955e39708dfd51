//! The characters area over HTTP, as the contract shows it.

mod archetypes;
mod asking;
mod cards;
pub mod cast;
mod edge;
mod emotions;
mod experiments;
mod factions;
mod facts;
mod goals;
mod groups;
mod hearsay;
mod llm_faults;
mod llm_formats;
mod llm_limits;
mod llm_meter;
mod llm_processes;
mod memories;
mod needs;
mod peers;
mod relationships;
mod routines;
mod simulate;
mod state;
pub mod stub;
mod world_document;
