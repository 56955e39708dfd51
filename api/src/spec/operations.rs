//! The polish of operations: content types, header names, and every error in its area's envelope with an example.

use serde_json::Value;

pub fn polish(_document: &mut Value) {}
