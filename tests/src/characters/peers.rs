//! Language models' servers that we did not write: llama.cpp with a model of dice, and a mock that speaks both formats.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rookery_characters::archetype::Tool;
use rookery_characters::inference::{Message, Purpose, Request, Role};
use rookery_worker::characters::provider::{About, Answer, ModelError};
use serde_json::{Value, json};

use super::asking::{Asking, question};
use crate::faults::folder::Folder;
use crate::faults::process::{Process, command};
use crate::faults::until::until;

/// Longer than a busy machine needs to start one.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server and where it listens.
struct Peer {
    url: String,
    _process: Process,
    _folder: Folder,
}

/// Where `./dev test` has installed them.
fn installed(path: &str) -> PathBuf {
    let folder = std::env::var_os("ROOKERY_TEST_PEERS")
        .expect("`./dev test` installs the peers and says where");
    let path = PathBuf::from(folder).join(path);
    assert!(
        path.exists(),
        "{} is missing: remove its folder and run ./dev test",
        path.display()
    );
    path
}

impl Peer {
    async fn llama(arguments: &[&str]) -> Self {
        let folder = Folder::new().expect("a folder can be made");
        let script = folder.path().join("llama.py");
        fs::write(&script, include_str!("peers/llama.py")).expect("a file can be written");
        let mut llama = command(installed("llama/bin/python"));
        llama.arg(script).arg(folder.path()).args(arguments);
        Self::start(llama, folder, |said| {
            let (_, rest) = said.split_once("listening ")?;
            let (url, _) = rest.split_once('\n')?;
            Some(url.to_owned())
        })
        .await
    }

    async fn mock() -> Self {
        let folder = Folder::new().expect("a folder can be made");
        let fixtures = folder.path().join("mock.json");
        fs::write(&fixtures, include_str!("peers/mock.json")).expect("a file can be written");
        let mut mock = command(installed("mock/node_modules/.bin/llmock"));
        mock.args(["--port", "0", "--log-level", "info", "--fixtures"])
            .arg(fixtures);
        Self::start(mock, folder, |said| {
            let (_, rest) = said.split_once("http://")?;
            let end = rest.find(|c: char| c != '.' && c != ':' && !c.is_ascii_alphanumeric())?;
            Some(format!("http://{}", &rest[..end]))
        })
        .await
    }

    /// Returns when it says where it listens.
    async fn start(
        mut peer: Command,
        folder: Folder,
        url: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let said = folder.path().join("said");
        peer.stdout(File::create(&said).expect("a file can be made"));
        peer.stderr(File::create(folder.path().join("complained")).expect("a file can be made"));
        let mut process = Process::start(&mut peer).expect("the peer starts");
        let listening = until("the peer listens", PATIENCE, async || {
            let ended = process.ended()?;
            anyhow::ensure!(
                ended.is_none(),
                "{}",
                fs::read_to_string(folder.path().join("complained"))?
            );
            Ok(url(&fs::read_to_string(&said)?))
        });
        Self {
            url: format!("{}/v1", listening.await.expect("the peer listens")),
            _process: process,
            _folder: folder,
        }
    }

    async fn asked(&self, settings: &[&str]) -> Asking {
        let mut all = vec!["--llm-base-url", &self.url, "--llm-timeout-ms", "30000"];
        all.extend(settings);
        Asking::start(&all).await
    }
}

async fn ask(asking: &Asking, request: &Request) -> Result<Answer, ModelError> {
    asking.model.ask(request, &About::default(), None).await
}

fn say(words: &str) -> Request {
    let mut request = question(Purpose::Chat);
    request.messages = vec![Message {
        role: Role::User,
        content: words.to_owned(),
    }];
    request
}

#[tokio::test]
async fn llama_cpp_answers_whole_and_as_a_stream() {
    let peer = Peer::llama(&[]).await;
    let asking = peer.asked(&[]).await;
    let mut request = question(Purpose::Chat);
    request.temperature = 0.0;
    request.max_tokens = 12;
    let whole = ask(&asking, &request).await.expect("it answers").reply;
    assert!(!whole.text.is_empty());
    // The model knows bytes only: each is a token, and so are the names of roles that its template adds.
    let bytes: usize = request
        .messages
        .iter()
        .map(|message| message.content.len())
        .sum();
    assert!(
        whole.usage.prompt_tokens as usize > bytes,
        "{:?}",
        whole.usage
    );
    assert!(whole.usage.completion_tokens <= 12, "{:?}", whole.usage);
    assert_eq!(whole.cut_off, whole.usage.completion_tokens == 12);
    let mut heard = String::new();
    let mut listener = |piece: &str| heard.push_str(piece);
    let about = About::default();
    let streamed = asking
        .model
        .ask(&request, &about, Some(&mut listener))
        .await;
    let streamed = streamed.expect("it answers").reply;
    // The same question without chance gets the same answer.
    assert_eq!(
        (&streamed.text, streamed.cut_off),
        (&whole.text, whole.cut_off)
    );
    assert_eq!(
        streamed.usage.completion_tokens,
        whole.usage.completion_tokens
    );
    assert_eq!(heard, streamed.text);
}

#[tokio::test]
async fn llama_cpp_keeps_to_the_schema_that_it_is_given() {
    let peer = Peer::llama(&[]).await;
    let asking = peer.asked(&[]).await;
    let mut request = question(Purpose::FastTick);
    request.max_tokens = 400;
    request.temperature = 0.0;
    request.schema = Some(json!({
        "type": "object",
        "properties": {
            "tool": { "type": "string", "enum": ["serve_drink", "observe"] },
            "mood": { "type": "string", "enum": ["joy", "fear"] },
        },
        "required": ["tool", "mood"],
        "additionalProperties": false,
    }));
    let text = ask(&asking, &request).await.expect("it answers").reply.text;
    let said: Value = serde_json::from_str(&text).expect("it is JSON, though the weights are dice");
    assert!(
        ["serve_drink", "observe"].contains(&said["tool"].as_str().unwrap_or_default()),
        "{said}"
    );
    assert!(
        ["joy", "fear"].contains(&said["mood"].as_str().unwrap_or_default()),
        "{said}"
    );
}

#[tokio::test]
async fn llama_cpp_gets_a_prompt_that_it_can_read() {
    let peer = Peer::llama(&[]).await;
    let asking = peer.asked(&[]).await;
    let mut request = question(Purpose::Chat);
    let old = Message {
        role: Role::User,
        content: "Words of long ago. ".repeat(200),
    };
    request.messages.insert(1, old);
    request.max_tokens = 8;
    let reply = ask(&asking, &request)
        .await
        .expect("it answers the short form")
        .reply;
    assert!(reply.usage.prompt_tokens < 1024, "{:?}", reply.usage);
}

#[tokio::test]
async fn llama_cpp_makes_vectors() {
    let peer = Peer::llama(&["embeddings"]).await;
    let asking = peer.asked(&["--llm-model-embedding", "dice"]).await;
    let texts = ["ale", "a silver map", "ale"].map(str::to_owned);
    let vectors = asking.model.embed(&texts).await.expect("it makes vectors");
    // As wide as the model.
    assert!(vectors.iter().all(|vector| vector.len() == 64));
    // Which of its cores reckons what makes a difference in the last digits.
    let apart = |a: &[f32], b: &[f32]| -> f32 { a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum() };
    assert!(apart(&vectors[0], &vectors[2]) < 1e-3);
    assert!(apart(&vectors[0], &vectors[1]) > 0.1);
}

#[tokio::test]
async fn a_mock_of_both_formats_is_understood() {
    let peer = Peer::mock().await;
    let anthropic = ["--llm-provider", "anthropic", "--llm-api-key", "key"];
    for settings in [&[][..], &anthropic] {
        let asking = peer.asked(settings).await;
        let text = "The mead is older than the roof, and leaks less.";
        let said = ask(&asking, &say("say something"))
            .await
            .expect("it answers");
        assert_eq!(said.reply.text, text);
        let mut heard = Vec::new();
        let mut listener = |piece: &str| heard.push(piece.to_owned());
        let about = About::default();
        let request = say("say something");
        let streamed = asking
            .model
            .ask(&request, &about, Some(&mut listener))
            .await;
        assert_eq!(streamed.expect("it answers").reply.text, text);
        assert_eq!(heard.concat(), text);
        assert!(heard.len() > 1, "it came in pieces");
        let mut request = say("pour something");
        request.tools = vec![Tool {
            name: "serve_drink".to_owned(),
            description: "Serves a drink".to_owned(),
            parameters: Vec::new(),
        }];
        let call = ask(&asking, &request)
            .await
            .expect("it answers")
            .reply
            .tool_calls
            .remove(0);
        assert_eq!(call.name, "serve_drink");
        let arguments: Value = serde_json::from_str(&call.arguments).expect("it is JSON");
        assert_eq!(arguments, json!({ "drink": "mead" }));
    }
}

#[tokio::test]
async fn a_mock_s_failures_have_their_codes() {
    let peer = Peer::mock().await;
    for (words, expected) in [
        ("broken", ModelError::Failed),
        ("hang up", ModelError::Failed),
        ("too slow", ModelError::Timeout),
        (
            "too many",
            ModelError::RateLimited {
                retry_after: Duration::from_secs(33),
            },
        ),
    ] {
        // A world for each: what one failure leaves behind is no matter of the next.
        let asking =
            Asking::start(&["--llm-base-url", &peer.url, "--llm-timeout-ms", "3000"]).await;
        assert_eq!(ask(&asking, &say(words)).await, Err(expected), "{words}");
    }
}
