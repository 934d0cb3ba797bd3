//! Requests, counted.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::http::Method;
use parking_lot::Mutex;

use super::Text;
use crate::problem::Code;

/// Upper bounds of the duration histogram, in seconds.
const BOUNDS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

#[derive(Debug, Default)]
struct Durations {
    /// One for each bound, and one for what is above the last; not yet added up.
    buckets: [u64; BOUNDS.len() + 1],
    sum_seconds: f64,
}

#[derive(Debug, Default)]
struct Table {
    requests: BTreeMap<(String, &'static str, u16), u64>,
    durations: BTreeMap<String, Durations>,
    problems: BTreeMap<&'static str, u64>,
}

/// Counts requests by route, method and status, their durations by route, and refusals by code.
///
/// The label values are the server's own (routes, known methods, statuses), so their number is bounded.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    table: Mutex<Table>,
    under_way: AtomicU64,
}

/// A request under way; it is over when this is dropped, also when its caller went away.
#[derive(Debug)]
pub(crate) struct UnderWay<'c>(&'c AtomicU64);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Counters {
    /// A request begins.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.under_way)
    }

    /// A request was answered.
    pub(crate) fn record(
        &self,
        route: &str,
        method: &Method,
        status: u16,
        code: Option<Code>,
        took: Duration,
    ) {
        let method = known_method(method);
        let seconds = took.as_secs_f64();
        let bucket = BOUNDS
            .iter()
            .position(|bound| seconds <= *bound)
            .unwrap_or(BOUNDS.len());
        let mut table = self.table.lock();
        *table
            .requests
            .entry((route.to_owned(), method, status))
            .or_default() += 1;
        let durations = match table.durations.get_mut(route) {
            Some(known) => known,
            None => table.durations.entry(route.to_owned()).or_default(),
        };
        durations.buckets[bucket] += 1;
        durations.sum_seconds += seconds;
        if let Some(code) = code {
            *table.problems.entry(code.name()).or_default() += 1;
        }
    }

    /// Writes the families.
    pub(crate) fn write(&self, text: &mut Text) {
        let table = self.table.lock();
        text.family(
            "kansoku_http_requests_total",
            "counter",
            "Requests answered, by route, method and status.",
        );
        for ((route, method, status), count) in &table.requests {
            let status = status.to_string();
            text.sample(
                "kansoku_http_requests_total",
                &[("route", route), ("method", method), ("status", &status)],
                count,
            );
        }
        text.family(
            "kansoku_http_request_duration_seconds",
            "histogram",
            "From the request's head to the answer's.",
        );
        for (route, durations) in &table.durations {
            let mut total = 0;
            for (at, count) in durations.buckets.iter().enumerate() {
                total += count;
                let bound = BOUNDS
                    .get(at)
                    .map_or_else(|| "+Inf".to_owned(), f64::to_string);
                text.sample(
                    "kansoku_http_request_duration_seconds_bucket",
                    &[("route", route), ("le", &bound)],
                    total,
                );
            }
            text.sample(
                "kansoku_http_request_duration_seconds_sum",
                &[("route", route)],
                durations.sum_seconds,
            );
            text.sample(
                "kansoku_http_request_duration_seconds_count",
                &[("route", route)],
                total,
            );
        }
        text.family(
            "kansoku_http_problems_total",
            "counter",
            "Requests refused, by the code of the problem.",
        );
        for code in Code::ALL {
            let count = table.problems.get(code.name()).copied().unwrap_or(0);
            text.sample(
                "kansoku_http_problems_total",
                &[("code", code.name())],
                count,
            );
        }
        text.single(
            "kansoku_http_requests_under_way",
            "gauge",
            "Requests that are being answered.",
            self.under_way.load(Ordering::Relaxed),
        );
    }
}

fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        "PATCH" => "PATCH",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_add_up() {
        let counters = Counters::default();
        let under_way = counters.begin();
        for millis in [1, 3, 3, 700, 60_000] {
            counters.record(
                "/api/sql",
                &Method::POST,
                200,
                None,
                Duration::from_millis(millis),
            );
        }
        counters.record(
            "/api/sql",
            &Method::POST,
            422,
            Some(Code::MemoryLimit),
            Duration::from_millis(2),
        );
        let mut text = Text::default();
        counters.write(&mut text);
        drop(under_way);
        let text = text.finish();
        for line in [
            "kansoku_http_requests_total{route=\"/api/sql\",method=\"POST\",status=\"200\"} 5",
            "kansoku_http_requests_total{route=\"/api/sql\",method=\"POST\",status=\"422\"} 1",
            "kansoku_http_request_duration_seconds_bucket{route=\"/api/sql\",le=\"0.001\"} 1",
            "kansoku_http_request_duration_seconds_bucket{route=\"/api/sql\",le=\"0.005\"} 4",
            "kansoku_http_request_duration_seconds_bucket{route=\"/api/sql\",le=\"30\"} 5",
            "kansoku_http_request_duration_seconds_bucket{route=\"/api/sql\",le=\"+Inf\"} 6",
            "kansoku_http_request_duration_seconds_count{route=\"/api/sql\"} 6",
            "kansoku_http_problems_total{code=\"memory_limit\"} 1",
            "kansoku_http_requests_under_way 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
        assert_eq!(counters.under_way.load(Ordering::Relaxed), 0);
    }
}
