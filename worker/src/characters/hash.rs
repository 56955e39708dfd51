//! The name of a prompt: equal prompts have equal names.

use sha2::{Digest, Sha256};

/// Hexadecimal.
pub fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
