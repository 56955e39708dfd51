//! Processor time, of a piece of our own work and of a program: what other processes take in the meantime does not count.

use std::io::Read as _;
use std::process::{Command, Stdio};

use anyhow::Context;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use rustix::time::{ClockId, clock_gettime};

/// Seconds of processor time that `run` takes, and what comes of it. All threads of this process count, since a solver may well work
/// on others than the one that called it; the benchmark itself does nothing meanwhile.
pub fn timed<T>(run: impl FnOnce() -> T) -> (f64, T) {
    let begun = process_seconds();
    let result = run();
    (process_seconds() - begun, result)
}

fn process_seconds() -> f64 {
    let spent = clock_gettime(ClockId::ProcessCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
}

/// Seconds of processor time of a program with one thread, and what it printed.
pub fn timed_program(command: &mut Command) -> anyhow::Result<(f64, String)> {
    let name = command.get_program().display().to_string();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("{name} does not start"))?;
    let mut text = String::new();
    let mut output = child.stdout.take().context("no standard output")?;
    output.read_to_string(&mut text)?;
    // The kernel's account of a process lasts until its parent has asked for its end: until then to the nanosecond.
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let pid = pid.context("no process id")?;
    waitid(
        WaitId::Pid(pid),
        WaitIdOptions::EXITED | WaitIdOptions::NOWAIT,
    )?;
    let account = std::fs::read_to_string(format!("/proc/{}/schedstat", child.id()));
    let status = child.wait()?;
    anyhow::ensure!(status.success(), "{name} ended with {status}");
    let account = account.context("the kernel keeps no account of single processes")?;
    let nanoseconds: f64 = account
        .split(' ')
        .next()
        .context("an empty account")?
        .parse()?;
    Ok((nanoseconds / 1e9, text))
}
