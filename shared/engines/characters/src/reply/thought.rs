//! Takes out what a model thought before it answered.

/// Tags under which models think, in lower case.
const TAGS: [&str; 5] = ["think", "thinking", "thought", "reasoning", "analysis"];
/// gpt-oss writes channels; the answer is in the last one of this name (OpenAI 2025, harmony response format).
const FINAL: &str = "<|channel|>final<|message|>";

/// The text without its thoughts. One that was opened and not closed goes to the end; one that is closed and was never opened (some
/// templates open it in the prompt) goes back to the beginning.
pub(super) fn without(text: &str) -> String {
    let text = match text.rfind(FINAL) {
        Some(at) => &text[at + FINAL.len()..],
        None => text,
    };
    let mut answer = String::new();
    let mut depth = 0_u32;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        if depth == 0 {
            answer.push_str(before);
        }
        match tag(tail) {
            Some((Mark::Opens, length)) => {
                depth += 1;
                rest = &tail[length..];
            }
            Some((Mark::Closes, length)) => {
                if depth == 0 {
                    answer.clear();
                }
                depth = depth.saturating_sub(1);
                rest = &tail[length..];
            }
            None => {
                if depth == 0 {
                    answer.push('<');
                }
                rest = &tail[1..];
            }
        }
    }
    if depth == 0 {
        answer.push_str(rest);
    }
    answer
}

enum Mark {
    Opens,
    Closes,
}

/// Whether a tag of a thought stands at the beginning of this, and how long it is.
fn tag(text: &str) -> Option<(Mark, usize)> {
    let inside = text.strip_prefix('<')?;
    let (mark, name) = match inside.strip_prefix('/') {
        Some(name) => (Mark::Closes, name),
        None => (Mark::Opens, inside),
    };
    let end = name
        .bytes()
        .take(12)
        .position(|byte| !byte.is_ascii_alphabetic())?;
    let known = TAGS
        .iter()
        .any(|tag| tag.eq_ignore_ascii_case(&name[..end]));
    let behind = name[end..].trim_start();
    let closed = known && behind.starts_with('>');
    closed.then(|| (mark, text.len() - behind.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn thoughts_are_no_answer() {
        for (text, answer) in [
            ("<think>She is thirsty.</think>Ale?", "Ale?"),
            ("Ale? <think>and then", "Ale? "),
            ("hidden reasoning</think>\nAle?", "\nAle?"),
            ("<Thinking >a<think>b</think>c</thinking >Ale?", "Ale?"),
            ("a <3 b <thinker> c", "a <3 b <thinker> c"),
            (
                "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Ale?",
                "Ale?",
            ),
            ("<think>", ""),
        ] {
            assert_eq!(without(text), answer, "{text}");
        }
    }
}
