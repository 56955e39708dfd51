//! Limits as workers go by them: many at once, without Redis, with a Redis that forgot.

use std::time::Duration;

use rookery_characters::inference::Purpose;
use rookery_worker::characters::limits::{Limits, Meter, Order, Refused};
use rookery_worker::characters::provider::{About, ModelError};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::asking::{Asking, question};
use super::stub::Stub;
use crate::faults::own_redis::OwnRedis;
use crate::harness::{PATIENCE, Servers};

#[tokio::test]
async fn many_at_once_never_take_more_than_there_is() {
    // Looking first and counting then let racing requests through (LiteLLM #18730); a count of each worker's own let N times as many
    // through (#40291).
    let limits = ["--llm-concurrency", "5", "--llm-rpm", "40"];
    let asking = Asking::start(&limits).await;
    asking.stub.takes(Duration::from_millis(20));
    let others = [asking.another(&limits), asking.another(&limits)];
    let mut asks = tokio::task::JoinSet::new();
    for n in 0..90 {
        let model = [&asking.model, &others[0], &others[1]][n % 3].clone();
        asks.spawn(async move {
            model
                .ask(&question(Purpose::Chat), &About::default(), None)
                .await
        });
    }
    let answers = asks.join_all().await;
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    let seen = asking.stub.seen();
    assert_eq!((answered, seen.calls), (40, 40));
    assert!(seen.peak <= 5, "{} at once", seen.peak);
    assert!(seen.most_within(Duration::from_secs(60)) <= 40);
    let limited = answers.iter().filter_map(|answer| answer.as_ref().err());
    assert!(limited.clone().count() == 50);
    for error in limited {
        assert!(matches!(error, ModelError::RateLimited { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn the_ledger_says_what_was_spent_when_redis_has_forgotten() {
    let settings = [
        "--llm-daily-usd",
        "0.001",
        "--llm-price-in",
        "5",
        "--llm-price-out",
        "5",
    ];
    let own = OwnRedis::start().await.expect("redis starts");
    let servers = Servers {
        redis_url: own.url(),
        ..Servers::of_this_run()
    };
    let stub = Stub::start().await.expect("a port is free");
    let asking = Asking::start_on(&servers, stub, &settings).await;
    let ask = async || {
        let request = question(Purpose::Chat);
        let answer = asking.model.ask(&request, &About::default(), None).await;
        asking.model.close().await;
        answer.map(|answer| answer.provider)
    };
    // 110 tokens at 5 dollars a million: 550 of 1000 millionths; the second one could go above.
    assert_eq!(ask().await, Ok("openai"));
    assert_eq!(ask().await, Ok("openai"));
    assert_eq!(ask().await, Err(ModelError::CapReached));
    own.forget_everything().await.expect("redis forgets");
    assert_eq!(ask().await, Err(ModelError::CapReached));
    assert_eq!(asking.stub.seen().calls, 2);
}

#[tokio::test]
async fn without_redis_a_worker_takes_its_share() {
    let mut own = OwnRedis::start().await.expect("redis starts");
    let servers = Servers {
        redis_url: own.url(),
        ..Servers::of_this_run()
    };
    let stub = Stub::start().await.expect("a port is free");
    let limits = ["--llm-rpm", "12"];
    let asking = Asking::start_on(&servers, stub, &limits).await;
    let other = asking.another(&limits);
    let request = question(Purpose::Chat);
    // Until both have been counted, the share is the smaller one that is assumed.
    assert!(other.ask(&request, &About::default(), None).await.is_ok());
    own.kill().expect("redis dies");
    let about = About::default();
    let ask = async || {
        let asked = asking.model.ask(&request, &about, None);
        timeout(PATIENCE, asked).await.expect("it does not hang")
    };
    let began = Instant::now();
    let mut answered = 0;
    while ask().await.is_ok() {
        answered += 1;
        assert!(answered <= 12, "unlimited without redis");
    }
    // Two workers, or the four that are assumed before they were counted.
    assert!(matches!(answered, 3 | 6 | 12), "{answered}");
    assert!(began.elapsed() < PATIENCE);
    own.start_again().await.expect("redis starts");
    asking.model.close().await;
}

fn order() -> Order {
    Order {
        id: Uuid::new_v4(),
        purpose: Purpose::Chat,
        tokens: 1,
        micro_usd: 0,
        lease: PATIENCE,
    }
}

#[tokio::test]
async fn a_meter_says_when_to_come_again() {
    let asking = Asking::start(&["--llm-provider", "offline"]).await;
    let limits = Limits {
        concurrency: 10,
        requests_per_minute: Some(1),
        tokens_per_minute: None,
        daily_micro_usd: None,
    };
    let meter = Meter::start(&asking.store, "test", limits);
    let first = meter.reserve(&order(), Duration::ZERO).await;
    assert!(first.is_ok());
    let second = meter.reserve(&order(), Duration::from_secs(1)).await;
    match second {
        Err(Refused::Limited(wait)) => {
            assert!(
                wait > Duration::from_secs(50) && wait <= Duration::from_secs(61),
                "{wait:?}"
            );
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("granted"),
    }
    // Never sent: it did not count.
    drop(first);
    meter.settled().await;
    let third = meter.reserve(&order(), Duration::ZERO).await;
    assert!(third.is_ok());
}
