//! What is measured: one list with each measure's name, unit and reach, and the readings that are taken for it.

use serde::Deserialize;

/// Everything that may have a row in the table. The serialised names are what the peers' scripts print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    #[serde(rename = "processed_at_64")]
    ProcessedAt64,
    #[serde(rename = "processed_at_1")]
    ProcessedAt1,
    ProcessedOf1k,
    ProcessedOf100k,
    ProcessedOf1m,
    BacklogSpread,
    Sustained,
    SubmitOneByOne,
    #[serde(rename = "submit_at_64")]
    SubmitAt64,
    SubmitBulk,
    HttpSubmit,
    HttpSubmitP99,
    HttpEndToEnd,
    StartIdleP50,
    StartIdleP99,
    CompletedIdleP50,
    CompletedIdleP99,
    StartHalfP50,
    StartHalfP99,
    CompletedHalfP50,
    CompletedHalfP99,
    DueEarliest,
    DueP50,
    DueP99,
    DueBurst,
    ResultWaitP50,
    ResultWaitP99,
    ResultEventP50,
    ResultEventP99,
    CrashP50,
    CrashP99,
    HandBackMax,
    CancelP50,
    CancelP99,
    WorkerMemory,
    ApiMemory,
    TrivialJson,
}

/// One figure of one subject: Rookery itself, a peer, or the limit that bounds both.
#[derive(Debug, Clone)]
pub struct Reading {
    pub measure: Measure,
    pub subject: Subject,
    pub value: f64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Rookery,
    Other(String),
}

pub fn ours(measure: Measure, value: f64) -> Reading {
    Reading {
        measure,
        subject: Subject::Rookery,
        value,
    }
}

pub fn theirs(measure: Measure, who: &str, value: f64) -> Reading {
    Reading {
        measure,
        subject: Subject::Other(who.to_owned()),
        value,
    }
}

/// How a measure is written down and judged.
pub struct Row {
    pub measure: Measure,
    pub title: &'static str,
    pub unit: Unit,
    pub reach: Option<Reach>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    PerSecond,
    Milliseconds,
    /// Milliseconds after a moment, of which neither more nor less is better: only before it would be wrong.
    MillisecondsAfter,
    Seconds,
    Megabytes,
    Percent,
}

#[derive(Debug, Clone, Copy)]
pub enum Reach {
    AtLeast(f64),
    AtMost(f64),
}

impl Reach {
    pub fn met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
        }
    }
}

impl Unit {
    /// How many times better `ours` is than `other`: more of a rate, less of anything else.
    pub fn advantage(self, ours: f64, other: f64) -> Option<f64> {
        match self {
            Self::PerSecond => Some(ours / other),
            Self::Milliseconds | Self::Seconds | Self::Megabytes | Self::Percent => {
                Some(other / ours)
            }
            Self::MillisecondsAfter => None,
        }
    }
}

/// The table, top to bottom.
pub const ROWS: &[Row] = &[
    row(
        Measure::ProcessedAt64,
        "no-op tasks processed, one worker process, 64 slots",
        Unit::PerSecond,
        Some(Reach::AtLeast(10_000.0)),
    ),
    row(
        Measure::ProcessedAt1,
        "the same at 1 slot",
        Unit::PerSecond,
        Some(Reach::AtLeast(600.0)),
    ),
    row(
        Measure::ProcessedOf1k,
        "the same at 64 slots, backlog of 1,000",
        Unit::PerSecond,
        None,
    ),
    row(
        Measure::ProcessedOf100k,
        "… backlog of 100,000",
        Unit::PerSecond,
        None,
    ),
    row(
        Measure::ProcessedOf1m,
        "… backlog of 1,000,000",
        Unit::PerSecond,
        None,
    ),
    row(
        Measure::BacklogSpread,
        "… slowest backlog below the fastest by",
        Unit::Percent,
        Some(Reach::AtMost(20.0)),
    ),
    row(
        Measure::Sustained,
        "submitted by 64 and processed at the same time, sustained",
        Unit::PerSecond,
        None,
    ),
    row(
        Measure::SubmitOneByOne,
        "submit, one by one",
        Unit::PerSecond,
        Some(Reach::AtLeast(1_000.0)),
    ),
    row(
        Measure::SubmitAt64,
        "submit, 64 at once",
        Unit::PerSecond,
        Some(Reach::AtLeast(6_000.0)),
    ),
    row(
        Measure::SubmitBulk,
        "submit, in bulk",
        Unit::PerSecond,
        Some(Reach::AtLeast(50_000.0)),
    ),
    row(
        Measure::HttpSubmit,
        "submit over HTTP, 32 connections",
        Unit::PerSecond,
        Some(Reach::AtLeast(4_000.0)),
    ),
    row(
        Measure::HttpSubmitP99,
        "… its answer, p99",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::HttpEndToEnd,
        "HTTP end to end: POST until completed, 32 clients",
        Unit::PerSecond,
        None,
    ),
    row(
        Measure::StartIdleP50,
        "submit → start, idle, p50",
        Unit::Milliseconds,
        Some(Reach::AtMost(3.0)),
    ),
    row(
        Measure::StartIdleP99,
        "submit → start, idle, p99",
        Unit::Milliseconds,
        Some(Reach::AtMost(10.0)),
    ),
    row(
        Measure::CompletedIdleP50,
        "submit → completed and told, idle, p50",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::CompletedIdleP99,
        "submit → completed and told, idle, p99",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::StartHalfP50,
        "submit → start, half load, p50",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::StartHalfP99,
        "submit → start, half load, p99",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::CompletedHalfP50,
        "submit → completed and told, half load, p50",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::CompletedHalfP99,
        "submit → completed and told, half load, p99",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::DueEarliest,
        "due time: the earliest start after it",
        Unit::MillisecondsAfter,
        Some(Reach::AtLeast(0.0)),
    ),
    row(
        Measure::DueP50,
        "due time: late by, p50",
        Unit::Milliseconds,
        Some(Reach::AtMost(5.0)),
    ),
    row(
        Measure::DueP99,
        "due time: late by, p99",
        Unit::Milliseconds,
        Some(Reach::AtMost(15.0)),
    ),
    row(
        Measure::DueBurst,
        "20,000 due at one instant: the last starts after",
        Unit::Seconds,
        Some(Reach::AtMost(3.0)),
    ),
    row(
        Measure::ResultWaitP50,
        "result → client at `?wait=`, p50",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::ResultWaitP99,
        "result → client at `?wait=`, p99",
        Unit::Milliseconds,
        Some(Reach::AtMost(10.0)),
    ),
    row(
        Measure::ResultEventP50,
        "result → client at the event stream, p50",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::ResultEventP99,
        "result → client at the event stream, p99",
        Unit::Milliseconds,
        Some(Reach::AtMost(10.0)),
    ),
    row(
        Measure::CrashP50,
        "kill -9 of 12 workers → runs again, p50",
        Unit::Seconds,
        Some(Reach::AtMost(6.0)),
    ),
    row(
        Measure::CrashP99,
        "kill -9 of 12 workers → runs again, p99",
        Unit::Seconds,
        Some(Reach::AtMost(10.0)),
    ),
    row(
        Measure::HandBackMax,
        "drain hand-back → runs again, longest",
        Unit::Seconds,
        Some(Reach::AtMost(1.0)),
    ),
    row(
        Measure::CancelP50,
        "cancel request → the job notices, p50",
        Unit::Milliseconds,
        None,
    ),
    row(
        Measure::CancelP99,
        "cancel request → the job notices, p99",
        Unit::Milliseconds,
        Some(Reach::AtMost(50.0)),
    ),
    row(
        Measure::WorkerMemory,
        "memory of an idle worker",
        Unit::Megabytes,
        Some(Reach::AtMost(20.0)),
    ),
    row(
        Measure::ApiMemory,
        "memory of an idle API",
        Unit::Megabytes,
        Some(Reach::AtMost(40.0)),
    ),
    row(
        Measure::TrivialJson,
        "trivial JSON endpoint, 32 connections",
        Unit::PerSecond,
        Some(Reach::AtLeast(30_000.0)),
    ),
];

const fn row(measure: Measure, title: &'static str, unit: Unit, reach: Option<Reach>) -> Row {
    Row {
        measure,
        title,
        unit,
        reach,
    }
}
