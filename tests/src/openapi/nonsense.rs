//! Every documented operation is sent what nobody should send; it refuses as documented and never breaks.

use serde_json::{Value, json};

use super::board::board;
use super::cast::cast;
use super::operation::{Operation, Sample, operations, parameter};
use super::people::people;
use crate::chess::players::app;
use crate::harness::{Call, TestApp};
use crate::tasks::steps::short;

/// Values that a parameter may get from a careless or a hostile client.
fn values() -> Vec<String> {
    let mut values: Vec<String> = [
        "",
        " ",
        "0",
        "-1",
        "1.5",
        "1e400",
        "NaN",
        "18446744073709551616",
        "true",
        "null",
        "undefined",
        "[]",
        "{}",
        "'",
        "\"",
        "%",
        "%00",
        "a\0b",
        "'; drop table tasks; --",
        "$(reboot)",
        "<script>",
        "🐦",
        "\u{202e}txt",
        "line\nbreak",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("x".repeat(4000));
    values
}

#[tokio::test]
async fn no_parameter_breaks_an_operation() {
    let app = app().await;
    let _worker = app.worker();
    // One that has ended: nothing waits for it.
    let task = short(&app).await;
    app.idle().await;
    // A stream that goes on for ever has no answer that could be looked at.
    for operation in operations().into_iter().filter(|one| !one.never_ends()) {
        let sample = prepared(&app, &operation, &task).await;
        for says in operation.parameters() {
            for value in values() {
                let odd = parameter(says, value);
                // What a header cannot even carry cannot be sent.
                if odd.place == "header"
                    && !odd.value.bytes().all(|byte| (b' '..0x7f).contains(&byte))
                {
                    continue;
                }
                let mut sample = sample.clone();
                sample.parameters.retain(|known| known.name != odd.name);
                sample.parameters.push(odd);
                unbroken(&operation, operation.call(&app, &sample)).await;
            }
        }
    }
}

#[tokio::test]
async fn no_body_breaks_an_operation() {
    let app = app().await;
    let _worker = app.worker();
    let task = short(&app).await;
    for operation in operations() {
        let sample = prepared(&app, &operation, &task).await;
        if let Some(body) = &sample.body {
            for odd in variations(body) {
                let sample = Sample {
                    body: Some(odd),
                    ..sample.clone()
                };
                unbroken(&operation, operation.call(&app, &sample)).await;
            }
        }
        if sample.body.is_some() || operation.takes_files() {
            for (kind, body) in odd_texts() {
                let call = operation.bare(&app, &sample);
                unbroken(&operation, call.header("content-type", kind).body(body)).await;
            }
        }
    }
}

/// The operation's own example, where it would work: only one part of it is to be odd.
async fn prepared(app: &TestApp, operation: &Operation, task: &str) -> Sample {
    let sample = operation.sample(task);
    if operation.is_live_chess() {
        return operation.at(&board(app, &operation.name).await, sample);
    }
    if operation.is_of_characters() {
        let sample = operation.of_snapshot(&cast(app, &operation.name).await, sample);
        return operation.with(people(app, &operation.name).await, sample);
    }
    sample
}

async fn unbroken(operation: &Operation, call: Call) {
    let reply = call.await;
    assert!(
        reply.status < 500,
        "{}: {}: {}",
        operation.name,
        reply.status,
        reply.text()
    );
}

/// The body with each of its parts in turn replaced by something else, or gone.
fn variations(body: &Value) -> Vec<Value> {
    let mut odd = vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("a\0b"),
        json!([]),
        json!({}),
        json!([[]]),
        json!({ "a": { "b": [] } }),
        json!("x".repeat(5000)),
    ];
    match body {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let with = |value: Value| {
                    let mut fields = fields.clone();
                    fields.insert(name.clone(), value);
                    Value::Object(fields)
                };
                odd.extend(variations(inner).into_iter().map(with));
                let mut without = fields.clone();
                without.remove(name);
                odd.push(Value::Object(without));
            }
        }
        Value::Array(items) => {
            let first = items.first().into_iter().flat_map(variations);
            odd.extend(first.map(|item| json!([item])));
        }
        _ => {}
    }
    odd
}

/// Bodies that are not what their type says.
fn odd_texts() -> Vec<(&'static str, Vec<u8>)> {
    let (json, form) = ("application/json", "multipart/form-data; boundary=x");
    let mut texts: Vec<(&str, Vec<u8>)> = vec![
        (json, b"\xff\xfe".to_vec()),
        (json, b"{\"tasks\": [{]}".to_vec()),
        (json, "[".repeat(100_000).into_bytes()),
        (json, "{\"config\":".repeat(100_000).into_bytes()),
        (json, b"{\"config\": {\"max_equilibria\": 1e999}}".to_vec()),
        ("application/json; charset=utf-16", b"{}".to_vec()),
        ("text/plain", b"{}".to_vec()),
        ("nonsense", b"{}".to_vec()),
        (form, Vec::new()),
        (form, b"--x\r\n".to_vec()),
        (
            form,
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n{}"
                .to_vec(),
        ),
        (
            form,
            b"--x\r\nContent-Disposition: \xff\r\n\r\n{}\r\n--x--\r\n".to_vec(),
        ),
        ("multipart/form-data", b"--x--".to_vec()),
    ];
    let parts = "--x\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n1\r\n".repeat(5000);
    texts.push((form, (parts + "--x--\r\n").into_bytes()));
    texts
}
