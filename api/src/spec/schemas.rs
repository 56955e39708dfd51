//! The polish of schemas: what poem-openapi writes in ways that generators stumble over.

use serde_json::Value;

pub fn polish(_document: &mut Value) {}
