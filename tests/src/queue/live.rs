//! Payloads to listeners: all of them in order, or word that some are missing.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use rookery_queue::{Heard, Listener, Queue};
use tokio::time::timeout;

use crate::faults::own_redis::OwnRedis;
use crate::faults::stage::Stage;
use crate::faults::until::{PATIENCE, holds};

async fn hear(listener: &mut Listener) -> anyhow::Result<Heard> {
    Ok(timeout(PATIENCE, listener.recv()).await?)
}

fn payload(text: &str) -> Heard {
    Heard::Payload(Arc::from(text.as_bytes()))
}

/// Another process, as far as Redis can tell.
fn elsewhere(stage: &Stage) -> anyhow::Result<Queue> {
    let client = redis::Client::open(stage.addresses.redis.as_str())?;
    Ok(Queue::new(stage.pool.clone(), client, stage.name.clone())?)
}

#[tokio::test]
async fn every_listener_hears_all_of_its_channel_in_order() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let (one, other) = (elsewhere(&stage)?, elsewhere(&stage)?);
    let mut listeners = vec![
        one.listen("a").await,
        one.listen("a").await,
        other.listen("a").await,
    ];
    let mut aside = other.listen("b").await;
    for number in 0..500 {
        stage.queue.publish("a", number.to_string());
        // Between them, so that nobody is too slow.
        if number % 50 == 49 {
            for listener in &mut listeners {
                for expected in number - 49..=number {
                    assert_eq!(hear(listener).await?, payload(&expected.to_string()));
                }
            }
        }
    }
    stage.queue.publish("b", "aside");
    assert_eq!(hear(&mut aside).await?, payload("aside"));
    Ok(())
}

#[tokio::test]
async fn ten_thousand_channels_on_one_connection() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let queue = elsewhere(&stage)?;
    let names: Vec<_> = (0..10_000).map(|number| format!("game:{number}")).collect();
    let mut listeners = join_all(names.iter().map(|name| queue.listen(name))).await;
    for name in &names {
        stage.queue.publish(name, name.clone());
    }
    for (name, listener) in names.iter().zip(&mut listeners) {
        // The first may be that it was not subscribed in time: then it is told so.
        let mut heard = hear(listener).await?;
        if heard == Heard::Missed {
            stage.queue.publish(name, name.clone());
            heard = hear(listener).await?;
        }
        assert_eq!(heard, payload(name));
    }
    drop(listeners);
    let mut connection = stage.queue.redis();
    holds("nothing is subscribed any more", PATIENCE, async || {
        let channels: Vec<String> = redis::cmd("PUBSUB")
            .arg("CHANNELS")
            .query_async(&mut connection)
            .await?;
        Ok(channels.is_empty())
    })
    .await
}

#[tokio::test]
async fn after_a_broken_line_a_listener_is_told_and_hears_again() -> anyhow::Result<()> {
    let redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    let queue = elsewhere(&stage)?;
    let mut listener = queue.listen("a").await;
    stage.queue.publish("a", "before");
    assert_eq!(hear(&mut listener).await?, payload("before"));
    let mut connection = stage.queue.redis();
    let killed: usize = redis::cmd("CLIENT")
        .arg(&["KILL", "TYPE", "pubsub"])
        .query_async(&mut connection)
        .await?;
    assert_eq!(killed, 1);
    assert_eq!(hear(&mut listener).await?, Heard::Missed);
    stage.queue.publish("a", "after");
    assert_eq!(hear(&mut listener).await?, payload("after"));
    Ok(())
}

#[tokio::test]
async fn listening_while_redis_is_away_begins_with_a_gap() -> anyhow::Result<()> {
    let mut redis = OwnRedis::start().await?;
    let stage = Stage::with_redis(&redis.url()).await?;
    redis.kill()?;
    let mut listener = stage.queue.listen("a").await;
    assert!(
        timeout(Duration::ZERO, listener.recv()).await.is_err(),
        "nothing was said"
    );
    redis.start_again().await?;
    assert_eq!(hear(&mut listener).await?, Heard::Missed);
    let queue = elsewhere(&stage)?;
    queue.publish("a", "after");
    assert_eq!(hear(&mut listener).await?, payload("after"));
    Ok(())
}

#[tokio::test]
async fn too_slow_a_listener_is_told_and_goes_on_with_the_newest() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    let mut slow = stage.queue.listen("a").await;
    let mut quick = stage.queue.listen("a").await;
    for number in 0..1_000 {
        stage.queue.publish("a", number.to_string());
        if number % 50 == 49 {
            for expected in number - 49..=number {
                assert_eq!(hear(&mut quick).await?, payload(&expected.to_string()));
            }
        }
    }
    assert_eq!(hear(&mut slow).await?, Heard::Missed);
    let mut last = None;
    while let Ok(heard) = timeout(Duration::ZERO, slow.recv()).await {
        assert_ne!(heard, Heard::Missed);
        last = Some(heard);
    }
    assert_eq!(last, Some(payload("999")));
    Ok(())
}
