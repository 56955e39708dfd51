//! Jobs that count on every core leave the rest of the worker alive: leases are kept, other tasks run.

use std::time::Duration;

use rookery_queue::Status;
use tokio::time::Instant;

use crate::faults::journal::Event;
use crate::faults::probe::Act;
use crate::faults::stage::{Setup, Stage, hasty};
use crate::faults::until::PATIENCE;

/// Longer than a lease, so that one that is not renewed is lost.
const COUNTING: Duration = Duration::from_secs(8);
/// From order to result of a task that does nothing; a starved runtime would take as long as the counting.
const SANE: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_jobs_count_and_the_rest_goes_on() -> anyhow::Result<()> {
    let stage = Stage::open().await?;
    // A process of its own: were its runtime starved, this test's would not be.
    let eight = Setup {
        slots: 8,
        ..Setup::default()
    };
    let _worker = stage.worker_at(&stage.addresses, eight)?;
    let ids = stage.submit_many(8, &Act::Count(stage.gate("go"))).await?;
    stage.started(8).await?;
    let over = Instant::now() + COUNTING;
    let mut done = 0;
    while Instant::now() < over {
        let ordered = Instant::now();
        let id = stage.queue.submit(hasty(&[Act::Sign])?).await?;
        assert_eq!(stage.ended(id).await?.status, Status::Completed);
        assert!(ordered.elapsed() < SANE, "it took {:?}", ordered.elapsed());
        done += 1;
    }
    assert!(done >= 20, "only {done} tasks beside the counting");
    stage.open_gate("go")?;
    stage.all_completed(&ids, PATIENCE).await?;
    for id in &ids {
        assert_eq!(stage.task(*id).await?.attempt, 1, "its lease was lost");
    }
    assert_eq!(stage.events(Event::Stopped)?, []);
    Ok(())
}
