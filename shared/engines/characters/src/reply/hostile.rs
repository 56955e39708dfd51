//! Any input at all: broken calls and broken markup by the hundred thousand, and replies of a size that nobody asked for.

use crate::decision::Action;
use crate::inference::Reply;
use crate::scene::Scene;

use super::tests::{native, said};
use super::*;

/// splitmix64 (Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % below as u64) as usize
    }

    /// Pieces of calls, markup and words in any order, some cut in two.
    fn text(&mut self) -> String {
        const PIECES: [&str; 62] = [
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            ":",
            ",",
            "(",
            ")",
            "\\",
            "\\u12",
            "\\ud83c",
            "`",
            "```",
            "```json\n",
            "\n",
            " ",
            "<",
            ">",
            "</",
            "<think>",
            "</think>",
            "<tool_call>",
            "</tool_call>",
            "<function=",
            "<parameter=",
            "</parameter>",
            "[TOOL_CALLS]",
            "<|im_start|>",
            "<|channel|>final<|message|>",
            "name",
            "\"name\"",
            "arguments",
            "serve_drink",
            "\"serve_drink\"",
            "talk_to",
            "target",
            "message",
            "drink",
            "ale",
            "Greta",
            "Greta:",
            "User:",
            "*",
            "**",
            "é",
            "日本",
            "🍺",
            "\u{202e}",
            "\u{0}",
            "\u{feff}",
            "1e999",
            "-0",
            "null",
            "true",
            "//",
            "/*",
            "*/",
            "=",
            "smiles",
            ".",
        ];
        const CALLS: [&str; 4] = [
            r#"<tool_call>{"name": "serve_drink", "arguments": {"drink": "ale"}}</tool_call>"#,
            r#"{"tool": "talk_to", "args": {"target": "guard", "message": "Quiet night?"}}"#,
            "serve_drink(drink='ale', customer=\"Theron\")",
            r#"{"summary": "They met.", "relationshipNotes": "Trusts them.", "keyFacts": ["Owns a map"]}"#,
        ];
        let mut text = String::new();
        for _ in 0..self.next(40) {
            text.push_str(PIECES[self.next(PIECES.len())]);
        }
        if self.next(2) == 0 {
            // A good one, in which a few places went wrong.
            text = CALLS[self.next(CALLS.len())].to_owned();
            for _ in 0..self.next(4) {
                let at = self.next(text.len() + 1);
                let from = text.floor_char_boundary(at);
                let to = text.floor_char_boundary(at + self.next(3));
                text.replace_range(from..to, PIECES[self.next(PIECES.len())]);
            }
            return text;
        }
        let cut = text.floor_char_boundary(self.next(text.len() + 1));
        match self.next(3) {
            0 => text[cut..].to_owned(),
            1 => text[..cut].to_owned(),
            _ => text,
        }
    }
}

fn is_plain(text: &str) -> bool {
    let markup = text.match_indices('<').any(|(at, _)| {
        let next = text[at + 1..].chars().next();
        next.is_some_and(|one| one.is_alphabetic() || matches!(one, '/' | '|' | '!' | '?'))
    });
    let unseen = text
        .chars()
        .any(|one| one.is_control() && one != '\n' || one == '\u{202e}');
    !text.trim().is_empty() && !markup && !unseen && !text.contains("[INST]")
}

#[test]
fn whatever_comes_in_what_goes_out_is_plain() {
    let scene = Scene::new();
    let percept = scene.percept();
    let mut chance = Chance(20_261_121);
    let mut calls = 0;
    for round in 0..100_000 {
        let text = chance.text();
        let reply = Reply {
            tool_calls: match chance.next(4) {
                0 => native(&chance.text(), &chance.text()).tool_calls,
                1 => native("talk_to", &chance.text()).tool_calls,
                _ => Vec::new(),
            },
            cut_off: chance.next(2) == 0,
            ..said(&text)
        };
        match decision(&reply, &percept).map(|reading| reading.action) {
            Ok(Action::Dialogue { text: words }) => {
                assert!(
                    is_plain(&words) && words.len() <= 600,
                    "{round}: {text:?} gave {words:?}"
                );
            }
            Ok(Action::ToolCall { tool, arguments }) => {
                calls += 1;
                let tool = scene.archetype.tools.iter().find(|one| one.name == tool);
                let tool = tool.expect("a tool that it has");
                for (key, value) in &arguments {
                    assert!(
                        tool.parameters.iter().any(|one| one.name == *key),
                        "{round}: {key}"
                    );
                    assert!(
                        value.as_str().is_none_or(is_plain),
                        "{round}: {text:?} gave {value:?}"
                    );
                }
                let mut required = tool.parameters.iter().filter(|one| one.required);
                assert!(
                    required.all(|one| arguments.contains_key(&one.name)),
                    "{round}"
                );
            }
            Ok(Action::Idle) | Err(_) => {}
        }
        if let Ok(words) = speech(&reply, &scene.who) {
            assert!(
                is_plain(&words) && words.len() <= 2_000,
                "{round}: {text:?} gave {words:?}"
            );
        }
        if let Ok(read) = summary(&reply) {
            assert!(is_plain(&read.summary), "{round}: {text:?} gave {read:?}");
        }
    }
    assert!(calls > 10_000, "the generator makes calls too: {calls}");
}

#[test]
fn huge_replies_take_no_huge_time() {
    let scene = Scene::new();
    for piece in [
        "{",
        "[",
        "{\"a\":",
        "<tool_call>",
        "```",
        "\"",
        "<",
        "*a",
        "((",
        "serve_drink(",
        "{'a' 'b' ",
        "<think>",
        "\\",
        "a ",
        "'\n",
    ] {
        let reply = said(&piece.repeat(400_000 / piece.len()));
        assert!(
            decision(&reply, &scene.percept()).is_ok_and(|one| one.mended.len() <= 16)
                || piece == "<think>",
            "{piece}"
        );
        let _ = speech(&reply, &scene.who);
        let _ = summary(&reply);
    }
}
