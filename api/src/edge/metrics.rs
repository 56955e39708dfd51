//! Figures: durations of requests under labels of bounded number, the queue's depth, and their rendering.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::histogram;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use poem::http::{Method, StatusCode};
use rookery_queue::Depth;

const REQUEST_DURATION: &str = "http_server_request_duration_seconds";

/// From a memory read to the longest wait a client may ask for.
const BUCKETS_S: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];

/// Samples wait in memory until they are folded into buckets; a scrape does it too, if there is one.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// One finished request. `route` is a template of the document, so the number of series is bounded by it.
pub fn record_request(
    method: &Method,
    route: &'static str,
    status: StatusCode,
    duration: Duration,
) {
    histogram!(REQUEST_DURATION, "method" => method_label(method), "route" => route, "status" => status_label(status))
        .record(duration.as_secs_f64());
}

/// The process's figures in Prometheus' text format, and the queue's when it could be asked.
pub fn render(depths: &[Depth]) -> String {
    let mut text = recorder().render();
    // Written here and not kept as gauges: a kind that has no task any more must not keep its last figure.
    gauges(&mut text, "rookery_queue_depth", depths, |depth| {
        depth.count as f64
    });
    gauges(
        &mut text,
        "rookery_queue_oldest_age_seconds",
        depths,
        |depth| depth.oldest_age_s,
    );
    text
}

fn gauges(text: &mut String, name: &str, depths: &[Depth], value: fn(&Depth) -> f64) {
    if depths.is_empty() {
        return;
    }
    text.push_str(&format!("# TYPE {name} gauge\n"));
    for depth in depths {
        let (kind, status, value) = (&depth.kind, depth.status.as_str(), value(depth));
        text.push_str(&format!(
            "{name}{{kind=\"{kind}\",status=\"{status}\"}} {value}\n"
        ));
    }
}

/// Folds samples for as long as the runtime lives.
pub fn keep_up() {
    tokio::spawn(async {
        let mut ticks = tokio::time::interval(UPKEEP_EVERY);
        loop {
            ticks.tick().await;
            recorder().run_upkeep();
        }
    });
}

/// The `metrics` crate has one recorder per process; servers that share a process (tests) share it.
fn recorder() -> &'static PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets(&BUCKETS_S)
            .expect("the buckets are not empty")
            .build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).expect("only this function installs a recorder");
        handle
    })
}

/// Clients may invent methods.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn status_label(status: StatusCode) -> String {
    status.as_str().to_owned()
}
