//! What a task's attempt comes to: what the job returned becomes the row's next state.

use std::time::Duration;

use apalis_core::error::BoxDynError;
use tower::timeout::error::Elapsed;

use crate::worker::commit::Ending;
use crate::worker::job::JobError;
use crate::worker::lane::Panicked;
use crate::worker::piece::Returned;
use crate::worker::stop::{Reason, Stop};

/// `None`: the task is not ours any more, nothing is to be said.
pub(crate) fn ending(returned: Returned, stop: &Stop, failures: i32) -> Option<Ending> {
    let error: BoxDynError = match returned {
        // A job that was asked to leave may have returned less than it would have found.
        Ok(_) if stop.reason() == Some(Reason::Draining) => return Some(Ending::Release),
        Ok(_) if stop.reason() == Some(Reason::Lost) => return None,
        Ok(result) => return Some(Ending::Completed(result)),
        Err(error) => error,
    };
    if error.is::<Elapsed>() {
        return Some(Ending::Failed(
            "TimeoutError: computation exceeded limit".to_owned(),
        ));
    }
    match stop.reason() {
        // The row knows of the request and makes this `cancelled`.
        Some(Reason::Cancelled) => return Some(Ending::Completed(None)),
        Some(Reason::Draining) => return Some(Ending::Release),
        Some(Reason::Lost) => return None,
        None => {}
    }
    Some(match error.downcast::<JobError>() {
        Ok(error) => from_job(*error, failures),
        Err(error) => {
            if let Some(Panicked(text)) = error.downcast_ref() {
                tracing::error!(panic = %text, "the job panicked");
            } else {
                tracing::error!(%error, "the job ended in an unknown way");
            }
            Ending::Retry {
                error: "InternalError: the job crashed".to_owned(),
                delay: backoff(failures),
            }
        }
    })
}

fn from_job(error: JobError, failures: i32) -> Ending {
    match error {
        JobError::Retry(error) => {
            tracing::warn!(error = format!("{error:#}"), "the attempt failed");
            // Only the outermost context is for the client.
            Ending::Retry {
                error: error.to_string(),
                delay: backoff(failures),
            }
        }
        JobError::Refused(error) => Ending::Failed(error),
        JobError::Snooze(delay) => Ending::Snooze(delay),
        JobError::Stopped => Ending::Retry {
            error: "InternalError: the job stopped unasked".to_owned(),
            delay: backoff(failures),
        },
    }
}

/// 1 s, 2 s, 4 s … at most 5 min, spread by a quarter so that what failed together does not return together.
fn backoff(failures: i32) -> Duration {
    let delay = Duration::from_secs(1 << failures.clamp(0, 9)).min(Duration::from_secs(300));
    delay.mul_f64(rand::random_range(0.75..1.25))
}
