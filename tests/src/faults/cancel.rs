//! Cancelled at random moments, tasks end soon, once, and as the answer to the cancellation said.

use std::time::Duration;

use futures_util::future::try_join_all;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use rookery_queue::{Cancelled, Status, TaskId, Until};
use tokio::time::sleep;

use super::journal::Event;
use super::probe::Act;
use super::stage::{Setup, Stage, order};

const TASKS: usize = 200;
/// From the request to the end; the reach is 50 ms on an idle machine, which a machine that runs tests is not.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_random_moments() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    // Too few slots for all: some are met waiting, some running, some done.
    let few = Setup {
        slots: 8,
        ..Setup::default()
    };
    let _one = stage.worker_at(&stage.addresses, few)?;
    let _other = stage.worker_at(&stage.addresses, few)?;
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let plans = (0..TASKS).map(|_| {
        let ms = random.random_range(0..40);
        let (acts, delay_ms) = match random.random_range(0..5) {
            0 => (vec![Act::Await(stage.gate("never"))], 0),
            1 => (vec![Act::Snooze { ms }, Act::Sign], 0),
            2 => (vec![Act::Sign], ms),
            _ => (vec![Act::Work { ms }], 0),
        };
        let order = order(&acts)?.delayed(Duration::from_millis(delay_ms));
        let pause = Duration::from_millis(random.random_range(0..120));
        anyhow::Ok((order, pause))
    });
    let plans = plans.collect::<anyhow::Result<Vec<_>>>()?;
    let stage = &stage;
    let answers = plans.into_iter().map(async |(order, pause)| {
        let id = stage.queue.submit(order).await?;
        sleep(pause).await;
        let answer = stage.queue.cancel(id).await?;
        let answer = answer.ok_or_else(|| anyhow::anyhow!("the task is gone"))?;
        let waited = stage.queue.wait(id, Until::Final, SOON).await?;
        let status = waited.map(|task| task.status);
        anyhow::ensure!(
            status.is_some_and(Status::is_final),
            "{answer:?}, yet {status:?} {SOON:?} later"
        );
        anyhow::Ok((id, answer))
    });
    let answers: Vec<(TaskId, Cancelled)> = try_join_all(answers).await?;

    let started = stage.events(Event::Started)?;
    for (id, answer) in &answers {
        let task = stage.task(*id).await?;
        match answer {
            Cancelled::AtOnce | Cancelled::Requested => {
                assert_eq!(task.status, Status::Cancelled, "{answer:?}");
            }
            Cancelled::AlreadyFinal(status) => {
                assert_eq!(task.status, *status);
                assert_eq!(*status, Status::Completed, "nothing else ends these");
            }
        }
        let runs = started.iter().filter(|entry| entry.task == *id).count();
        assert_eq!(
            runs,
            task.attempt.cast_unsigned() as usize,
            "it ran once for each claim"
        );
    }
    let of = |wanted: fn(&Cancelled) -> bool| {
        answers.iter().filter(|(_, answer)| wanted(answer)).count()
    };
    let met = (
        of(|answer| *answer == Cancelled::AtOnce),
        of(|answer| *answer == Cancelled::Requested),
    );
    println!("met {met:?} pending and running of {TASKS}");
    assert!(
        met.0 > 0 && met.1 > 0,
        "the moments were not random enough: {met:?}"
    );
    let (ends, ended): (i64, i64) =
        sqlx::query_as("select count(*), count(distinct id) from endings")
            .fetch_one(&stage.pool)
            .await?;
    assert_eq!((ends, ended), (200, 200), "each ended once");
    Ok(())
}
