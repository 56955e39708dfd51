//! What is put to a language model and what comes back, in both formats, whole and as a stream.

use rookery_characters::archetype::{Kind, Parameter, Tool};
use rookery_characters::inference::{Message, Purpose, Role, Tier, ToolCall, Usage};
use rookery_worker::characters::provider::{About, Answer, ModelError};
use serde_json::json;

use super::asking::{Asking, question};
use super::stub::Act;

const ANTHROPIC: &[&str] = &[
    "--llm-provider",
    "anthropic",
    "--llm-api-key",
    "key-of-a-test",
];
/// As the stub counts.
const USAGE: Usage = Usage {
    prompt_tokens: 100,
    cached_tokens: 40,
    completion_tokens: 10,
};

fn serve_drink() -> Tool {
    Tool {
        name: "serve_drink".to_owned(),
        description: "Serves somebody a drink".to_owned(),
        parameters: vec![Parameter {
            name: "drink".to_owned(),
            description: "What is served".to_owned(),
            kind: Kind::OneOf(vec!["ale".to_owned(), "mead".to_owned()]),
            required: true,
        }],
    }
}

#[tokio::test]
async fn a_chat_completion_is_asked_for_as_the_format_has_it() {
    let asking = Asking::start(&[
        "--llm-model-light",
        "small",
        "--llm-api-key",
        "key-of-a-test",
    ])
    .await;
    let mut request = question(Purpose::Chat);
    request.tools = vec![serve_drink()];
    request.tier = Tier::Light;
    asking.stub.then([Act::Call(
        "serve_drink".to_owned(),
        r#"{"drink": "ale"}"#.to_owned(),
    )]);
    let answer = asking
        .model
        .ask(&request, &About::default(), None)
        .await
        .expect("it answers");
    let call = ToolCall {
        name: "serve_drink".to_owned(),
        arguments: r#"{"drink": "ale"}"#.to_owned(),
    };
    assert_eq!(answer.reply.tool_calls, [call]);
    assert_eq!(answer.reply.usage, USAGE);
    assert_eq!(
        (answer.provider, answer.model.as_str()),
        ("openai", "small")
    );
    assert_eq!(
        asking.stub.last(),
        json!({
            "model": "small",
            "messages": [
                { "role": "system", "content": "You are Greta, who keeps the tavern." },
                { "role": "user", "content": "What is the mood tonight?" },
            ],
            "max_tokens": 50,
            "temperature": 0.7,
            "tools": [{ "type": "function", "function": {
                "name": "serve_drink",
                "description": "Serves somebody a drink",
                "parameters": {
                    "type": "object",
                    "properties": { "drink": { "type": "string", "enum": ["ale", "mead"], "description": "What is served" } },
                    "required": ["drink"],
                },
            } }],
            "tool_choice": "auto",
        })
    );
    let seen = asking.stub.seen();
    let head = seen.heads.back().expect("it was called").to_lowercase();
    assert!(head.starts_with("post /v1/chat/completions "), "{head}");
    assert!(
        head.contains("authorization: bearer key-of-a-test\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn a_message_is_asked_for_as_anthropic_has_it() {
    let asking = Asking::start(ANTHROPIC).await;
    let mut request = question(Purpose::Chat);
    request.tools = vec![serve_drink()];
    request.temperature = 1.4;
    request.messages.insert(
        1,
        Message {
            role: Role::Assistant,
            content: "Evening!".to_owned(),
        },
    );
    asking.stub.then([Act::Call(
        "serve_drink".to_owned(),
        r#"{"drink":"mead"}"#.to_owned(),
    )]);
    let answer = asking
        .model
        .ask(&request, &About::default(), None)
        .await
        .expect("it answers");
    assert_eq!(answer.reply.tool_calls[0].arguments, r#"{"drink":"mead"}"#);
    assert_eq!(answer.reply.usage, USAGE);
    assert_eq!(answer.provider, "anthropic");
    let body = asking.stub.last();
    assert_eq!(body["system"], "You are Greta, who keeps the tavern.");
    assert_eq!(body["max_tokens"], 50);
    assert_eq!(body["temperature"], 1.0, "its highest");
    assert_eq!(
        body["tools"][0]["input_schema"]["required"],
        json!(["drink"])
    );
    assert_eq!(
        body["messages"][0]["role"], "user",
        "a conversation begins with the user"
    );
    assert_eq!(
        body["messages"][1],
        json!({ "role": "assistant", "content": "Evening!" })
    );
    let seen = asking.stub.seen();
    let head = seen.heads.back().expect("it was called").to_lowercase();
    assert!(head.starts_with("post /v1/messages "), "{head}");
    assert!(head.contains("x-api-key: key-of-a-test\r\n"), "{head}");
    assert!(head.contains("anthropic-version: 2023-06-01\r\n"), "{head}");
}

/// Asks with somebody listening; what was heard, and the answer.
async fn listen(asking: &Asking, act: Act) -> (Vec<String>, Result<Answer, ModelError>) {
    asking.stub.then([act]);
    let mut heard = Vec::new();
    let mut listener = |piece: &str| heard.push(piece.to_owned());
    let request = question(Purpose::Chat);
    let answer = asking
        .model
        .ask(&request, &About::default(), Some(&mut listener))
        .await;
    (heard, answer)
}

#[tokio::test]
async fn a_stream_is_heard_piece_by_piece_and_adds_up() {
    for settings in [&[][..], ANTHROPIC] {
        let asking = Asking::start(settings).await;
        let text = "Grüß dich, \u{1F37A} what can I get you?";
        let (heard, answer) = listen(&asking, Act::Say(text.to_owned())).await;
        let reply = answer.expect("it answers").reply;
        assert_eq!((reply.text.as_str(), reply.usage), (text, USAGE));
        assert_eq!(heard.concat(), text);
        assert!(heard.len() > 3, "it came piece by piece: {heard:?}");
        let call = Act::Call(
            "serve_drink".to_owned(),
            r#"{"drink": "ale", "to": "the guard"}"#.to_owned(),
        );
        let (heard, answer) = listen(&asking, call).await;
        let reply = answer.expect("it answers").reply;
        assert!(heard.is_empty());
        assert_eq!(
            reply.tool_calls[0].arguments,
            r#"{"drink": "ale", "to": "the guard"}"#
        );
        assert_eq!(asking.stub.last()["stream"], true);
    }
}

#[tokio::test]
async fn thoughts_are_not_spoken() {
    let asking = Asking::start(&[]).await;
    let act = || Act::Say("<think>Who is this?</think>\n\nWelcome, stranger.".to_owned());
    let (heard, answer) = listen(&asking, act()).await;
    assert_eq!(heard.concat(), "Welcome, stranger.");
    assert_eq!(answer.expect("it answers").reply.text, "Welcome, stranger.");
    asking.stub.then([act()]);
    let whole = asking
        .model
        .ask(&question(Purpose::Chat), &About::default(), None)
        .await;
    assert_eq!(whole.expect("it answers").reply.text, "Welcome, stranger.");
}

#[tokio::test]
async fn a_stream_that_breaks_off_after_its_first_word_is_a_failure_and_not_said_twice() {
    let asking = Asking::start(&[]).await;
    let (heard, answer) = listen(&asking, Act::BreakOff).await;
    assert_eq!(answer, Err(ModelError::Failed));
    assert_eq!(heard, ["Well"]);
    assert_eq!(asking.stub.seen().calls, 1);
}

fn refusal(message: &str) -> Act {
    let body = json!({ "error": { "message": message, "type": "invalid_request_error" } });
    Act::Status(400, Vec::new(), body.to_string())
}

#[tokio::test]
async fn a_server_that_knows_no_schemas_is_asked_in_words_from_then_on() {
    let asking = Asking::start(&[]).await;
    let mut request = question(Purpose::Keeping);
    request.schema =
        Some(json!({ "type": "object", "properties": { "summary": { "type": "string" } } }));
    asking.stub.then([
        refusal("response_format: json_schema is not supported"),
        refusal("response_format is not supported"),
        Act::Say(r#"{"summary":"quiet"}"#.to_owned()),
        Act::Say(r#"{"summary":"loud"}"#.to_owned()),
    ]);
    for expected in [r#"{"summary":"quiet"}"#, r#"{"summary":"loud"}"#] {
        let answer = asking.model.ask(&request, &About::default(), None).await;
        assert_eq!(answer.expect("it answers").reply.text, expected);
    }
    let seen = asking.stub.seen();
    let formats: Vec<_> = seen
        .bodies
        .iter()
        .map(|body| serde_json::from_slice::<serde_json::Value>(body).expect("it is JSON"))
        .map(|body| body["response_format"]["type"].clone())
        .collect();
    assert_eq!(
        formats,
        [
            json!("json_schema"),
            json!("json_object"),
            json!(null),
            json!(null)
        ]
    );
    assert!(
        asking.stub.last()["messages"][1]["content"]
            .to_string()
            .contains("summary")
    );
}

#[tokio::test]
async fn newer_models_want_their_budget_by_another_name() {
    let asking = Asking::start(&[]).await;
    asking.stub.then([
        refusal("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        refusal("'temperature' does not support 0.7 with this model."),
    ]);
    let answer = asking
        .model
        .ask(&question(Purpose::Chat), &About::default(), None)
        .await;
    assert!(answer.is_ok(), "{answer:?}");
    let body = asking.stub.last();
    assert_eq!(body["max_completion_tokens"], 50);
    assert!(
        body["max_tokens"].is_null() && body["temperature"].is_null(),
        "{body}"
    );
}

#[tokio::test]
async fn anthropic_replies_in_json_by_a_tool() {
    let asking = Asking::start(ANTHROPIC).await;
    let mut request = question(Purpose::Keeping);
    request.schema = Some(json!({ "type": "object" }));
    asking.stub.then([Act::Call(
        "reply".to_owned(),
        r#"{"summary":"quiet"}"#.to_owned(),
    )]);
    let answer = asking.model.ask(&request, &About::default(), None).await;
    let reply = answer.expect("it answers").reply;
    assert_eq!(
        (reply.text.as_str(), reply.tool_calls.len()),
        (r#"{"summary":"quiet"}"#, 0)
    );
    assert_eq!(
        asking.stub.last()["tool_choice"],
        json!({ "type": "tool", "name": "reply" })
    );
}

#[tokio::test]
async fn a_prompt_that_is_too_long_is_put_again_in_short() {
    let asking = Asking::start(&[]).await;
    let mut request = question(Purpose::Chat);
    for n in 0..5 {
        let content = format!("Words of long ago, number {n}");
        request.messages.insert(
            1,
            Message {
                role: Role::User,
                content,
            },
        );
    }
    asking.stub.then([refusal(
        "This model's maximum context length is 512 tokens.",
    )]);
    let answer = asking.model.ask(&request, &About::default(), None).await;
    assert!(answer.is_ok(), "{answer:?}");
    let messages = asking.stub.last()["messages"].clone();
    assert_eq!(messages.as_array().map(Vec::len), Some(2));
    assert_eq!(messages[1]["content"], "What is the mood tonight?");
    asking
        .stub
        .then([(); 2].map(|()| refusal("context length exceeded")));
    let answer = asking.model.ask(&request, &About::default(), None).await;
    assert_eq!(answer, Err(ModelError::Failed), "once, not for ever");
}

#[tokio::test]
async fn texts_become_vectors_in_their_order() {
    let asking = Asking::start(&["--llm-model-embedding", "vectors"]).await;
    assert_eq!(asking.model.embedding_model(), Some("vectors"));
    let texts = ["ale".to_owned(), "a silver map".to_owned()];
    let vectors = asking.model.embed(&texts).await.expect("it makes vectors");
    assert_eq!(vectors, [[3.0, 0.5, -0.5], [12.0, 0.5, -0.5]]);
    assert_eq!(asking.stub.last()["model"], "vectors");
}

#[tokio::test]
async fn nobody_is_asked_offline() {
    let asking = Asking::start(&["--llm-provider", "offline"]).await;
    assert!(asking.model.is_offline());
    let answer = asking
        .model
        .ask(&question(Purpose::Chat), &About::default(), None)
        .await;
    assert_eq!(answer, Err(ModelError::CapReached));
    assert_eq!(asking.stub.seen().calls, 0);
}
