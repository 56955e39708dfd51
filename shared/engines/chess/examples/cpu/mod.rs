//! The CPU time of this process: what a benchmark on a shared machine can compare.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

pub fn spent() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(
        now.tv_sec.try_into().expect("a process' time is positive"),
        now.tv_nsec.try_into().expect("less than a second"),
    )
}
