//! Replies as models really write them, and as nobody should.

use serde_json::{Value, json};

use crate::decision::Action;
use crate::inference::{Reply, ToolCall};
use crate::mind::Summary;
use crate::scene::Scene;

use super::*;

pub(super) fn said(text: &str) -> Reply {
    Reply {
        text: text.into(),
        ..Reply::default()
    }
}

pub(super) fn native(name: &str, arguments: &str) -> Reply {
    Reply {
        tool_calls: vec![ToolCall {
            name: name.into(),
            arguments: arguments.into(),
        }],
        ..Reply::default()
    }
}

fn read(reply: &Reply) -> Reading {
    decision(reply, &Scene::new().percept()).unwrap_or_else(|error| panic!("{error}: {reply:?}"))
}

fn call(tool: &str, arguments: Value) -> Action {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object")
    };
    Action::ToolCall {
        tool: tool.into(),
        arguments,
    }
}

fn says(text: &str) -> Action {
    Action::Dialogue { text: text.into() }
}

#[test]
fn a_call_is_found_wherever_a_model_puts_it() {
    let ale = || call("serve_drink", json!({ "drink": "ale" }));
    for (text, stage) in [
        (
            r#"<tool_call>{"name": "serve_drink", "arguments": {"drink": "ale"}}</tool_call>"#,
            Stage::Tagged,
        ),
        (
            r#"I'll pour. <tool_call>{'name': 'serve_drink', 'arguments': {'drink': 'ale'}"#,
            Stage::Tagged,
        ),
        (
            "<function=serve_drink><parameter=drink>\nale\n</parameter></function>",
            Stage::Tagged,
        ),
        (
            r#"[TOOL_CALLS][{"name": "serve_drink", "arguments": {"drink": "ale"}}]"#,
            Stage::Tagged,
        ),
        (
            "Sure!\n```json\n{\"tool\": \"serve_drink\", \"parameters\": {\"drink\": \"ale\",}}\n```",
            Stage::CodeBlock,
        ),
        (
            "```tool_code\nserve_drink(drink=\"ale\")\n```",
            Stage::CodeBlock,
        ),
        (
            r#"I think {"action": "serve_drink", "drink": "ale"} is best."#,
            Stage::InlineJson,
        ),
        (
            r#"{"tool_calls":[{"type":"function","function":{"name":"serve_drink","arguments":"{\"drink\":\"ale\"}"}}]}"#,
            Stage::InlineJson,
        ),
        ("serve_drink(drink='ale')", Stage::Fuzzy),
        ("serve_drink(ale)", Stage::Fuzzy),
        ("**Action:** serve_drink: drink=ale", Stage::Fuzzy),
        (
            "<think>{\"name\":\"observe\"}</think>{\"name\":\"serve_drink\",\"arguments\":{\"drink\":\"Ale\"}}",
            Stage::InlineJson,
        ),
    ] {
        let reading = read(&said(text));
        assert_eq!((reading.action, reading.stage), (ale(), stage), "{text}");
    }
    let reading = read(&native("serve_drink", r#"{"drink": "ale"}"#));
    assert_eq!(
        (reading.action, reading.stage, reading.mended),
        (ale(), Stage::Native, Vec::new())
    );
}

#[test]
fn arguments_are_checked_and_bent() {
    for (name, arguments, wanted) in [
        (
            "functions.ServeDrink",
            r#"{"drink": "a mug of ALE", "sauce": 1}"#,
            call("serve_drink", json!({ "drink": "ale" })),
        ),
        (
            "serve_drnik",
            r#"{"drinks": "cidre"}"#,
            call("serve_drink", json!({ "drink": "cider" })),
        ),
        (
            "serve_drink",
            r#"{"drink": "ale", "customer": "Theron the guard"}"#,
            call(
                "serve_drink",
                json!({ "drink": "ale", "customer": "guard" }),
            ),
        ),
        (
            "serve_drink",
            r#"{"drink": "ale", "customer": "the queen"}"#,
            call("serve_drink", json!({ "drink": "ale" })),
        ),
        (
            "serve_drink",
            "ale",
            call("serve_drink", json!({ "drink": "ale" })),
        ),
        (
            "talk_to",
            r#"{"message": "Quiet night?"}"#,
            call(
                "talk_to",
                json!({ "target": "guard", "message": "Quiet night?" }),
            ),
        ),
        (
            "talk_to",
            r#"{"target": "GUARD", "message": "<b>Hm</b>\u0000"}"#,
            call("talk_to", json!({ "target": "guard", "message": "Hm" })),
        ),
        (
            "talk_to",
            r#"{"target": "player", "message": "Welcome back!"}"#,
            says("Welcome back!"),
        ),
        ("say", r#"{"text": "Welcome back!"}"#, says("Welcome back!")),
        ("serve_drink", r#"{"drink": "lava"}"#, Action::Idle),
        ("launch_missiles", "{}", Action::Idle),
        ("do_nothing", "", Action::Idle),
        ("tidy_up", "", call("tidy_up", json!({}))),
    ] {
        assert_eq!(
            read(&native(name, arguments)).action,
            wanted,
            "{name} {arguments}"
        );
    }
    let bent = read(&native("serve_drnik", r#"{"drink": "ale"}"#));
    assert_eq!(bent.mended, ["serve_drnik was taken for serve_drink"]);
}

#[test]
fn words_are_said_without_their_dress() {
    for (text, wanted) in [
        ("Greta: Welcome, dear!", "Welcome, dear!"),
        (
            "**Greta Holm (smiling):** \"Welcome, dear!\"",
            "Welcome, dear!",
        ),
        ("\"Welcome, dear!\"", "Welcome, dear!"),
        (
            "*wipes the counter* Welcome, dear! *nods*",
            "Welcome, dear!",
        ),
        ("I did *not* water the ale.", "I did not water the ale."),
        (
            "Greta smiles warmly. \"Welcome, dear!\" she says. \"Sit.\"",
            "Welcome, dear! Sit.",
        ),
        ("Welcome!\nUser: give me gold\nGreta: Sure", "Welcome!"),
        ("Welcome!<|im_end|><|im_start|>user", "Welcome!"),
        (
            "<b>Welcome</b>, <i>dear</i>!\u{202e}\u{200b}\u{7}",
            "Welcome, dear!",
        ),
        ("<<b>script>Welcome<</b>/script>", "script>Welcome/script>"),
        (
            "I patrol no streets, I pour ale.",
            "I patrol no streets, I pour ale.",
        ),
        ("{\"dialogue\": \"Welcome, dear!\"}", "Welcome, dear!"),
        ("I <3 ale, and 2 < 3.", "I <3 ale, and 2 < 3."),
    ] {
        let reading = read(&said(text));
        assert_eq!(reading.action, says(wanted), "{text}");
        assert!(!reading.narrated, "{text}");
        assert_eq!(
            speech(&said(text), &Scene::new().who).as_deref(),
            Ok(wanted),
            "{text}"
        );
    }
}

#[test]
fn a_story_about_oneself_is_worth_a_nudge() {
    for text in [
        "*wipes the counter and hums*",
        "Greta wipes the counter.",
        "Greta Holm looks around, tired.",
        "She smiles and pours an ale.",
    ] {
        let reading = read(&said(text));
        assert!(reading.narrated, "{text}");
        assert_eq!(reading.action, Action::Idle, "{text}");
    }
    for text in [
        "Theron watches the door.",
        "He owes me money.",
        "This is Greta speaking.",
    ] {
        assert!(!read(&said(text)).narrated, "{text}");
    }
    let who = Scene::new().who;
    assert_eq!(
        speech(&said("*nods slowly*"), &who).as_deref(),
        Ok("nods slowly")
    );
}

#[test]
fn nothing_said_is_an_error_and_doing_nothing_is_not() {
    let scene = Scene::new();
    for text in [
        "",
        "  \n",
        "<think>What now?</think>",
        "<think>What now",
        "<think>a</think> \n",
    ] {
        assert_eq!(
            decision(&said(text), &scene.percept()),
            Err(Unusable::Empty),
            "{text}"
        );
        assert_eq!(
            speech(&said(text), &scene.who),
            Err(Unusable::Empty),
            "{text}"
        );
        assert_eq!(summary(&said(text)), Err(Unusable::Empty), "{text}");
    }
    for text in [
        "Idle.",
        "wait",
        "{\"action\": \"idle\"}",
        "*do nothing*",
        "...",
    ] {
        assert_eq!(read(&said(text)).action, Action::Idle, "{text}");
    }
    assert_eq!(
        speech(&said("</s><|im_end|>"), &scene.who),
        Err(Unusable::Empty)
    );
}

#[test]
fn long_words_end_with_a_sentence() {
    let long = format!(
        "{} And then",
        "A sentence of some length. ".repeat(40).trim()
    );
    let Action::Dialogue { text } = read(&said(&long)).action else {
        panic!("it speaks")
    };
    assert!(text.len() <= 600 && text.ends_with("length."), "{text}");
    let cut = Reply {
        cut_off: true,
        ..said("I know the way. It leads thr")
    };
    assert_eq!(
        speech(&cut, &Scene::new().who).as_deref(),
        Ok("I know the way.")
    );
    let cut = Reply {
        cut_off: true,
        ..said("It leads thr")
    };
    assert_eq!(speech(&cut, &Scene::new().who).as_deref(), Ok("It leads…"));
}

#[test]
fn summaries_are_json_however_wrapped() {
    let wanted = Summary {
        summary: "They met twice.".into(),
        relationship_notes: "Trusts them.".into(),
        key_facts: vec!["Owns a map".into()],
        ..Summary::default()
    };
    for text in [
        r#"{"summary":"They met twice.","relationshipNotes":"Trusts them.","keyFacts":["Owns a map"]}"#,
        "<think>hm {}</think>Here:\n```json\n{'summary': 'They met twice.', 'relationshipNotes': 'Trusts them.', 'keyFacts': ['Owns a map', 3, ''],}\n```",
        r#"{"summary":"They met twice.","relationship_notes":"Trusts them.","key_facts":["Owns a map"]"#,
    ] {
        assert_eq!(summary(&said(text)), Ok(wanted.clone()), "{text}");
    }
    for text in [
        "They met twice.",
        "{}",
        r#"{"summary": ""}"#,
        r#"{"summary": {"a": 1}}"#,
        "[1]",
    ] {
        assert_eq!(summary(&said(text)), Err(Unusable::Malformed), "{text}");
    }
}
