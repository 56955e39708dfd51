//! Limits that all workers share: the account in Redis against the same rules said in Rust, and what holds for both.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use redis::AsyncCommands as _;
use rookery_characters::inference::Purpose;
use rookery_queue::RedisLine;
use rookery_shared::Store;
use rookery_worker::characters::limits::shared::Shared;
use rookery_worker::characters::limits::{
    Book, Fault, Limits, Order, Outcome, Settlement, Verdict,
};
use uuid::Uuid;

use crate::harness::Servers;

/// Both accounts, by a clock that the test winds.
struct Twins {
    shared: Shared,
    redis: RedisLine,
    clock: String,
    book: Book,
    limits: Limits,
    now: i64,
    _store: Store,
}

const UNBOUNDED: Limits = Limits {
    concurrency: 1000,
    requests_per_minute: None,
    tokens_per_minute: None,
    daily_micro_usd: None,
};
/// Ten in the morning of some day.
const MORNING: i64 = 20_000 * 86_400_000 + 36_000_000;
const PURPOSES: [Purpose; 6] = [
    Purpose::Chat,
    Purpose::Event,
    Purpose::Conversation,
    Purpose::FastTick,
    Purpose::SlowTick,
    Purpose::Keeping,
];

impl Twins {
    async fn new(limits: Limits) -> Self {
        let servers = Servers::of_this_run();
        let name = format!("twins-{}", Uuid::new_v4().simple());
        let store = Store::connect(&rookery_shared::StoreConfig {
            database_url: servers.database_url,
            redis_url: servers.redis_url,
            queue_prefix: name.clone(),
            database_connections: 1,
        })
        .expect("the addresses make sense");
        let clock = format!("{name}:clock");
        let lua = format!("local now = tonumber(redis.call('GET', '{clock}'))\n");
        let mut twins = Self {
            shared: Shared::by_clock(&name, &lua),
            redis: store.queue.redis(),
            clock,
            book: Book::default(),
            limits,
            now: MORNING,
            _store: store,
        };
        twins.wind(0).await;
        twins
    }

    async fn wind(&mut self, ms: i64) {
        self.now += ms;
        let _: () = self
            .redis
            .set(&self.clock, self.now)
            .await
            .expect("redis answers");
    }

    async fn reserve(&mut self, order: &Order) -> Verdict {
        let mut redis = self.redis.clone();
        let said = self
            .shared
            .reserve(&mut redis, order, &self.limits, Some(0))
            .await;
        let said = said.expect("redis answers");
        let also = self.book.reserve(order, &self.limits, self.now);
        assert_eq!(
            said,
            also,
            "{order:?} at {} under {:?}",
            self.now - MORNING,
            self.limits
        );
        said
    }

    async fn settle(&mut self, settled: Settlement) {
        let mut redis = self.redis.clone();
        self.shared
            .settle(&mut redis, &[settled])
            .await
            .expect("redis answers");
        self.book.settle(&settled, self.now);
    }
}

fn order(purpose: Purpose, tokens: u64) -> Order {
    Order {
        id: Uuid::new_v4(),
        purpose,
        tokens,
        micro_usd: 0,
        lease: Duration::from_secs(30),
    }
}

fn settled(order: &Order, outcome: Outcome) -> Settlement {
    Settlement {
        id: order.id,
        requests: 1,
        tokens: order.tokens,
        micro_usd: order.micro_usd,
        outcome,
    }
}

#[tokio::test]
async fn both_accounts_say_the_same_of_everything() {
    for seed in 0..30 {
        let mut chance = StdRng::seed_from_u64(seed);
        let limits = Limits {
            concurrency: chance.random_range(1..8),
            requests_per_minute: chance.random_bool(0.7).then(|| chance.random_range(2..20)),
            tokens_per_minute: chance
                .random_bool(0.7)
                .then(|| chance.random_range(50..1000)),
            daily_micro_usd: chance
                .random_bool(0.5)
                .then(|| chance.random_range(500..5000)),
        };
        let mut twins = Twins::new(limits).await;
        let mut held: Vec<Order> = Vec::new();
        for _ in 0..200 {
            match chance.random_range(0..10) {
                0..2 => twins.wind(chance.random_range(0..4000)).await,
                2 => {
                    twins
                        .wind([20_000, 61_000, 150_000][chance.random_range(0..3)])
                        .await
                }
                3..7 => {
                    let order = Order {
                        micro_usd: chance.random_range(0..200),
                        lease: Duration::from_millis(chance.random_range(100..40_000)),
                        ..order(
                            PURPOSES[chance.random_range(0..6)],
                            chance.random_range(1..300),
                        )
                    };
                    if twins.reserve(&order).await == Verdict::Granted {
                        held.push(order);
                    }
                }
                _ if held.is_empty() => {}
                _ => {
                    let order = held.swap_remove(chance.random_range(0..held.len()));
                    let outcome = match chance.random_range(0..12) {
                        0..3 => Outcome::Failed(Fault::Failure),
                        3..5 => Outcome::Failed(Fault::Silence),
                        5 => Outcome::Unheard,
                        6 => Outcome::Blocked(chance.random_range(0..5000)),
                        7 => Outcome::QuotaUsedUp(chance.random_range(0..5000)),
                        _ => Outcome::Alive,
                    };
                    twins
                        .settle(Settlement {
                            requests: chance.random_range(0..2),
                            tokens: chance.random_range(0..300),
                            micro_usd: chance.random_range(0..200),
                            ..settled(&order, outcome)
                        })
                        .await;
                }
            }
        }
    }
}

#[tokio::test]
async fn no_minute_holds_more_than_it_may_wherever_it_begins() {
    let limits = Limits {
        requests_per_minute: Some(10),
        tokens_per_minute: Some(500),
        ..UNBOUNDED
    };
    let mut twins = Twins::new(limits).await;
    let mut chance = StdRng::seed_from_u64(7);
    let mut granted: Vec<(i64, u64)> = Vec::new();
    while twins.now < MORNING + 600_000 {
        let order = order(Purpose::Chat, chance.random_range(20..90));
        let mut verdict = twins.reserve(&order).await;
        if let Verdict::Full(ms) = verdict {
            // It is told exactly when there is room again.
            let ms = i64::try_from(ms).expect("it is short");
            twins.wind(ms - 1).await;
            assert_eq!(twins.reserve(&order).await, Verdict::Full(1));
            twins.wind(1).await;
            verdict = twins.reserve(&order).await;
        }
        assert_eq!(verdict, Verdict::Granted);
        granted.push((twins.now, order.tokens));
        twins.settle(settled(&order, Outcome::Alive)).await;
        twins.wind(chance.random_range(0..3000)).await;
    }
    for (from, _) in &granted {
        let minute = granted
            .iter()
            .filter(|(at, _)| (*from..from + 60_000).contains(at));
        let (requests, tokens) = minute.fold((0, 0), |(n, sum), (_, tokens)| (n + 1, sum + tokens));
        assert!(
            requests <= 10 && tokens <= 500,
            "{requests} requests, {tokens} tokens"
        );
    }
    // Ten minutes were not wasted either.
    let used: u64 = granted.iter().map(|(_, tokens)| tokens).sum();
    assert!(used > 3_500, "{used} of 5000");
}

#[tokio::test]
async fn a_refusal_takes_nothing() {
    // LiteLLM counted first and looked then (#27001): requests that were refused used up the minute.
    let limits = Limits {
        tokens_per_minute: Some(100),
        ..UNBOUNDED
    };
    let mut twins = Twins::new(limits).await;
    assert_eq!(
        twins.reserve(&order(Purpose::Chat, 60)).await,
        Verdict::Granted
    );
    for _ in 0..50 {
        assert!(matches!(
            twins.reserve(&order(Purpose::Chat, 60)).await,
            Verdict::Full(_)
        ));
    }
    assert_eq!(
        twins.reserve(&order(Purpose::Chat, 40)).await,
        Verdict::Granted
    );
    assert_eq!(
        twins.reserve(&order(Purpose::Chat, 101)).await,
        Verdict::TooLarge
    );
}

#[tokio::test]
async fn what_was_not_used_is_there_for_others() {
    let limits = Limits {
        tokens_per_minute: Some(100),
        ..UNBOUNDED
    };
    let mut twins = Twins::new(limits).await;
    let first = order(Purpose::Chat, 90);
    assert_eq!(twins.reserve(&first).await, Verdict::Granted);
    let used = Settlement {
        tokens: 30,
        ..settled(&first, Outcome::Alive)
    };
    twins.settle(used).await;
    assert_eq!(
        twins.reserve(&order(Purpose::Chat, 70)).await,
        Verdict::Granted
    );
    assert!(matches!(
        twins.reserve(&order(Purpose::Chat, 1)).await,
        Verdict::Full(_)
    ));
}

#[tokio::test]
async fn whoever_matters_less_leaves_room_for_who_matters_more() {
    let limits = Limits {
        concurrency: 10,
        ..UNBOUNDED
    };
    let mut twins = Twins::new(limits).await;
    // The parts that the brief of the area gives them: 60, 70, 80, 90, 95 and 100 %.
    for (purpose, places) in [
        (Purpose::Keeping, 6),
        (Purpose::SlowTick, 7),
        (Purpose::FastTick, 8),
        (Purpose::Conversation, 9),
        (Purpose::Event, 9),
        (Purpose::Chat, 10),
    ] {
        let mut taken = Vec::new();
        loop {
            let order = order(purpose, 1);
            match twins.reserve(&order).await {
                Verdict::Granted => taken.push(order),
                Verdict::Busy => break,
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(taken.len(), places, "{purpose:?}");
        for order in taken {
            twins.settle(settled(&order, Outcome::Alive)).await;
        }
    }
}

#[tokio::test]
async fn the_lease_of_a_dead_worker_ends_and_its_budget_comes_back() {
    let limits = Limits {
        concurrency: 1,
        tokens_per_minute: Some(100),
        daily_micro_usd: Some(1000),
        ..UNBOUNDED
    };
    let mut twins = Twins::new(limits).await;
    let dead = Order {
        micro_usd: 900,
        ..order(Purpose::Chat, 100)
    };
    assert_eq!(twins.reserve(&dead).await, Verdict::Granted);
    assert_eq!(twins.reserve(&order(Purpose::Chat, 1)).await, Verdict::Busy);
    twins.wind(29_999).await;
    assert_eq!(twins.reserve(&order(Purpose::Chat, 1)).await, Verdict::Busy);
    twins.wind(1).await;
    let next = Order {
        micro_usd: 900,
        ..order(Purpose::Chat, 100)
    };
    assert_eq!(twins.reserve(&next).await, Verdict::Granted);
}

#[tokio::test]
async fn a_day_s_money_is_a_day_s_money() {
    let limits = Limits {
        daily_micro_usd: Some(1000),
        ..UNBOUNDED
    };
    let mut twins = Twins::new(limits).await;
    let dear = |micro_usd| Order {
        micro_usd,
        ..order(Purpose::Chat, 1)
    };
    let first = dear(800);
    assert_eq!(twins.reserve(&first).await, Verdict::Granted);
    assert_eq!(twins.reserve(&dear(300)).await, Verdict::Spent);
    twins
        .settle(Settlement {
            micro_usd: 500,
            ..settled(&first, Outcome::Alive)
        })
        .await;
    assert_eq!(twins.reserve(&dear(500)).await, Verdict::Granted);
    // Each use does not lengthen the day (LiteLLM #14237): at midnight it is a new one.
    twins.wind(14 * 3_600_000 - 1).await;
    assert_eq!(twins.reserve(&dear(501)).await, Verdict::Spent);
    twins.wind(1).await;
    assert_eq!(twins.reserve(&dear(1000)).await, Verdict::Granted);
}

#[tokio::test]
async fn one_call_tries_a_broken_provider_and_pauses_double() {
    let mut twins = Twins::new(UNBOUNDED).await;
    let fail = Outcome::Failed(Fault::Failure);
    for _ in 0..5 {
        let order = order(Purpose::Chat, 1);
        assert_eq!(twins.reserve(&order).await, Verdict::Granted);
        twins.settle(settled(&order, fail)).await;
    }
    for pause in [5_000, 10_000, 20_000, 40_000, 80_000, 120_000, 120_000] {
        let now = twins.reserve(&order(Purpose::Chat, 1)).await;
        assert_eq!(now, Verdict::Broken(Fault::Failure, pause));
        twins.wind(i64::try_from(pause).expect("it is short")).await;
        let probe = order(Purpose::Keeping, 1);
        assert_eq!(twins.reserve(&probe).await, Verdict::Granted);
        let second = twins.reserve(&order(Purpose::Chat, 1)).await;
        assert!(
            matches!(second, Verdict::Broken(..)),
            "one at a time: {second:?}"
        );
        twins.settle(settled(&probe, fail)).await;
    }
    twins.wind(120_000).await;
    let probe = order(Purpose::Chat, 1);
    assert_eq!(twins.reserve(&probe).await, Verdict::Granted);
    twins.settle(settled(&probe, Outcome::Alive)).await;
    for _ in 0..4 {
        let order = order(Purpose::Chat, 1);
        assert_eq!(
            twins.reserve(&order).await,
            Verdict::Granted,
            "it is closed again"
        );
        twins.settle(settled(&order, fail)).await;
    }
}
