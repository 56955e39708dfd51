//! The characters area over HTTP, as the contract shows it.

mod asking;
mod edge;
mod llm_faults;
mod llm_formats;
mod llm_limits;
mod llm_meter;
mod llm_processes;
mod memories;
mod peers;
mod state;
pub mod stub;
mod world_document;
