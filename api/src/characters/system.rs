//! `/api/stats` and `/api/metrics`: how the world is doing.

use std::collections::HashMap;

use poem_openapi::payload::Json;
use poem_openapi::types::Example;
use poem_openapi::{Object, OpenApi};
use rookery_shared::characters::{Characters as Cast, WINDOW_MS};

use super::Tag;
use crate::errors::Fail;

pub struct System {
    cast: Cast,
}

/// How the world is doing.
#[derive(Object)]
#[oai(rename = "CharacterStats", example)]
struct StatsView {
    characters: TierCounts,
    inference: InferenceCounts,
    scheduler: SchedulerView,
}

/// Characters by how often they are asked.
#[derive(Object)]
#[oai(rename = "CharacterCounts")]
struct TierCounts {
    total: i64,
    active: i64,
    background: i64,
    dormant: i64,
}

/// Requests to whoever makes the words, since the beginning.
#[derive(Object)]
#[oai(rename = "InferenceCounts", rename_all = "camelCase")]
struct InferenceCounts {
    /// Decisions and replies, the offline provider's included.
    total_requests: i64,
    /// Of prompts and replies.
    total_tokens: i64,
    average_latency_ms: f64,
    /// Replies in chats.
    total_chats: i64,
}

/// The world's clock.
#[derive(Object)]
#[oai(rename = "SchedulerState", rename_all = "camelCase")]
struct SchedulerView {
    /// Since the world began.
    fast_ticks: u64,
    /// Since the world began.
    slow_ticks: u64,
    /// Whether time passes: `tick.running` of the settings.
    running: bool,
    /// Turns that came too late or while the one before was still under way: skipped, never stacked.
    skipped_ticks: i64,
}

/// The last five minutes.
#[derive(Object)]
#[oai(rename = "CharacterMetrics", example)]
struct MetricsView {
    latency: LatencyView,
    /// Calls by tool.
    tools: HashMap<String, i64>,
    /// Decisions by kind: `tool_call`, `dialogue`, `idle`.
    actions: HashMap<String, i64>,
    /// Hints given to language models: `variety`, `unused_tool`.
    hints: HashMap<String, i64>,
}

/// Of decisions and replies, in milliseconds; counted in classes 10 % wide.
#[derive(Object)]
#[oai(rename = "LatencyFigures", rename_all = "camelCase")]
struct LatencyView {
    p50: f64,
    p90: f64,
    p99: f64,
    count: i64,
    /// The window that is looked at.
    window_ms: u64,
}

#[OpenApi]
impl System {
    pub(super) fn new(cast: Cast) -> Self {
        Self { cast }
    }

    /// Look at the figures of the characters
    ///
    /// How many there are, how often they were asked, and where the world's clock stands.
    #[oai(
        path = "/api/stats",
        method = "get",
        tag = "Tag::System",
        operation_id = "get_character_stats"
    )]
    async fn stats(&self) -> Result<Json<StatsView>, Fail<()>> {
        let stats = self.cast.stats().await?;
        Ok(Json(StatsView {
            characters: TierCounts {
                total: stats.active + stats.background + stats.dormant,
                active: stats.active,
                background: stats.background,
                dormant: stats.dormant,
            },
            inference: InferenceCounts {
                total_requests: stats.requests,
                total_tokens: stats.tokens,
                average_latency_ms: stats.average_latency_ms,
                total_chats: stats.chats,
            },
            scheduler: SchedulerView {
                fast_ticks: stats.fast_ticks,
                slow_ticks: stats.slow_ticks,
                running: stats.running,
                skipped_ticks: stats.skipped_ticks,
            },
        }))
    }

    /// Look at the last five minutes
    ///
    /// How long decisions and replies took, and what was done, over all workers.
    #[oai(
        path = "/api/metrics",
        method = "get",
        tag = "Tag::System",
        operation_id = "get_character_metrics"
    )]
    async fn metrics(&self) -> Result<Json<MetricsView>, Fail<()>> {
        let metrics = self.cast.metrics().await?;
        Ok(Json(MetricsView {
            latency: LatencyView {
                p50: metrics.p50_ms,
                p90: metrics.p90_ms,
                p99: metrics.p99_ms,
                count: metrics.count,
                window_ms: WINDOW_MS,
            },
            tools: metrics.tools.into_iter().collect(),
            actions: metrics.actions.into_iter().collect(),
            hints: metrics.hints.into_iter().collect(),
        }))
    }
}

impl Example for StatsView {
    fn example() -> Self {
        Self {
            characters: TierCounts {
                total: 4,
                active: 1,
                background: 2,
                dormant: 1,
            },
            inference: InferenceCounts {
                total_requests: 586,
                total_tokens: 125_000,
                average_latency_ms: 2_800.0,
                total_chats: 12,
            },
            scheduler: SchedulerView {
                fast_ticks: 1_200,
                slow_ticks: 40,
                running: true,
                skipped_ticks: 0,
            },
        }
    }
}

impl Example for MetricsView {
    fn example() -> Self {
        let counts = |counts: &[(&str, i64)]| {
            let counts = counts.iter();
            counts
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect()
        };
        Self {
            latency: LatencyView {
                p50: 2_800.0,
                p90: 4_200.0,
                p99: 6_100.0,
                count: 586,
                window_ms: WINDOW_MS,
            },
            tools: counts(&[("serve_drink", 85)]),
            actions: counts(&[("tool_call", 412)]),
            hints: counts(&[("variety", 38)]),
        }
    }
}
