//! How the contract of the characters words a request's fault: one sentence that names the field.

use super::FieldFault;

/// The location begins with where the field was expected: `body`, `query`, `path` or `header`.
pub fn sentence(location: &[&str], fault: &FieldFault) -> String {
    if fault.is_broken_json() {
        return "Invalid JSON body".to_owned();
    }
    let (place, names) = match location {
        [place, names @ ..] => (*place, names.join(".")),
        [] => ("body", String::new()),
    };
    let subject = match (place, names.is_empty()) {
        ("body", true) => "Request body".to_owned(),
        ("body", false) => format!("Field '{names}'"),
        _ => format!("Parameter '{names}'"),
    };
    if *fault == FieldFault::MISSING {
        return match (place, names.is_empty()) {
            ("body", true) => super::framework::BODY_REQUIRED.to_owned(),
            ("body", false) => format!("Missing required field: {names}"),
            _ => format!("Missing required parameter: {names}"),
        };
    }
    if let Some(clash) = fault.clash {
        return format!("{subject} must be {}, got {}", clash.expected, clash.found);
    }
    match fault.message.starts_with("must ") {
        true => format!("{subject} {}", fault.message),
        false => format!("{subject}: {}", fault.message),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The first two as the contract's server says them.
    #[test]
    fn a_fault_names_its_field_in_one_sentence() {
        let amount = FieldFault::of_type("number", &json!("ten"));
        for (location, fault, expected) in [
            (
                &["body", "id"][..],
                FieldFault::MISSING,
                "Missing required field: id",
            ),
            (
                &["body", "amount"],
                amount,
                "Field 'amount' must be number, got string",
            ),
            (
                &["body", "event", "type"],
                FieldFault::MISSING,
                "Missing required field: event.type",
            ),
            (
                &["body", "memberIds", "1"],
                FieldFault::of_type("string", &json!(null)),
                "Field 'memberIds.1' must be string, got null",
            ),
            (
                &["body"],
                FieldFault::of_type("object", &json!([])),
                "Request body must be object, got array",
            ),
            (
                &["body", "limit"],
                FieldFault::of_type("integer", &json!(1.5)),
                "Field 'limit': value is not a valid integer",
            ),
            (
                &["body", "emotion"],
                FieldFault::new("must be one of \"joy\""),
                "Field 'emotion' must be one of \"joy\"",
            ),
            (
                &["query", "characterId"],
                FieldFault::MISSING,
                "Missing required parameter: characterId",
            ),
            (&["body"], FieldFault::MISSING, "Request body required"),
        ] {
            assert_eq!(sentence(location, &fault), expected);
        }
    }
}
