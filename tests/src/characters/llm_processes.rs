//! Several processes that ask one language model: what they may do together holds, also when one of them is killed in a call.

use std::time::Duration;

use rookery_characters::inference::Purpose;
use rookery_worker::characters::provider::About;

use super::asking::{Asking, question};
use super::stub::Act;
use crate::faults::process::{Process, command};
use crate::faults::until::until;
use crate::harness::PATIENCE;

fn asker(asking: &Asking, asks: usize, settings: &[&str]) -> Process {
    let program = env!("CARGO_BIN_EXE_rookery-test-asker");
    let mut asker = command(program);
    asker
        .args(["--database-url", &asking.at.database_url])
        .args(["--redis-url", &asking.at.redis_url])
        .args(["--queue-prefix", &asking.at.queue_prefix])
        .args(["--llm-provider", "openai", "--llm-model", "stub"])
        .args(["--llm-base-url", &asking.stub.url()])
        .args(["--asks", &asks.to_string()])
        .args(settings);
    Process::start(&mut asker).expect("the program starts")
}

async fn answered(asker: &mut Process) -> Option<i32> {
    let ended = until("the questions are answered", PATIENCE, async || {
        asker.ended()
    })
    .await;
    ended.expect("the process ends").code()
}

#[tokio::test]
async fn processes_stay_within_their_limits_together() {
    let asking = Asking::start(&[]).await;
    asking.stub.takes(Duration::from_millis(30));
    let settings = ["--llm-concurrency", "4"];
    let mut askers = [(); 3].map(|()| asker(&asking, 40, &settings));
    for asker in &mut askers {
        assert_eq!(answered(asker).await, Some(40));
    }
    let seen = asking.stub.seen();
    assert_eq!(seen.calls, 120);
    assert_eq!(seen.peak, 4, "all places were used, and no more");
}

#[tokio::test]
async fn what_a_killed_process_held_is_free_again() {
    // Two questions of the victim reserve 56 tokens, one of ours 74.
    let settings = [
        "--llm-concurrency",
        "2",
        "--llm-tpm",
        "100",
        "--llm-timeout-ms",
        "1000",
    ];
    let asking = Asking::start(&settings).await;
    asking.stub.then([Act::Wait(PATIENCE), Act::Wait(PATIENCE)]);
    let mut victim = asker(&asking, 2, &settings);
    let called = until("it is called", PATIENCE, async || {
        Ok((asking.stub.seen().calls == 2).then_some(()))
    });
    called.await.expect("it asks");
    victim.kill().expect("it dies");
    let request = question(Purpose::Chat);
    let ask = async || asking.model.ask(&request, &About::default(), None).await;
    assert!(
        ask().await.is_err(),
        "its places and its tokens are not free yet"
    );
    assert_eq!(asking.stub.seen().calls, 2);
    // Its leases end six seconds after they began, long before their minute.
    let answered = until("it is free again", PATIENCE, async || Ok(ask().await.ok()));
    answered.await.expect("what it held comes back");
    assert_eq!(asking.stub.seen().calls, 3);
}
