//! The series that Container Insights has of the control plane, added up over the labels that it leaves out.

use std::collections::{BTreeMap, HashMap};

use super::text;

/// How a series counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Gauge,
    Counter,
    Histogram,
}

/// A series: its name, the names that other versions have for it, and its labels that stay, each with its column.
struct Series {
    name: &'static str,
    also: &'static [&'static str],
    counts: Counts,
    labels: &'static [(&'static str, &'static str)],
}

const fn series(
    name: &'static str,
    counts: Counts,
    labels: &'static [(&'static str, &'static str)],
) -> Series {
    Series {
        name,
        also: &[],
        counts,
        labels,
    }
}

const ENDPOINT: &[(&str, &str)] = &[
    ("endpoint", "endpoint"),
    ("storage_cluster_id", "endpoint"),
    ("cluster", "endpoint"),
];
const RESOURCE: &[(&str, &str)] = &[("resource", "resource")];
const VERB: &[(&str, &str)] = &[("verb", "verb")];
const OPERATION: &[(&str, &str)] = &[("operation", "operation")];
const REQUESTS: &str = "apiserver_request_total";
const FAILED: &str = "apiserver_request_total_5xx";

const ALL: &[Series] = &[
    series("apiserver_storage_size_bytes", Counts::Gauge, ENDPOINT),
    series(
        "apiserver_storage_db_total_size_in_bytes",
        Counts::Gauge,
        ENDPOINT,
    ),
    series("etcd_db_total_size_in_bytes", Counts::Gauge, ENDPOINT),
    series(
        "apiserver_storage_list_duration_seconds",
        Counts::Histogram,
        RESOURCE,
    ),
    Series {
        also: &["apiserver_longrunning_gauge"],
        ..series("apiserver_longrunning_requests", Counts::Gauge, RESOURCE)
    },
    Series {
        also: &["etcd_object_counts"],
        ..series("apiserver_storage_objects", Counts::Gauge, RESOURCE)
    },
    series(
        "apiserver_request_duration_seconds",
        Counts::Histogram,
        VERB,
    ),
    series(
        "rest_client_request_duration_seconds",
        Counts::Histogram,
        VERB,
    ),
    series(
        REQUESTS,
        Counts::Counter,
        &[("code", "code"), ("verb", "verb")],
    ),
    series(
        "apiserver_admission_controller_admission_duration_seconds",
        Counts::Histogram,
        OPERATION,
    ),
    series(
        "apiserver_admission_step_admission_duration_seconds",
        Counts::Histogram,
        OPERATION,
    ),
    series(
        "etcd_request_duration_seconds",
        Counts::Histogram,
        OPERATION,
    ),
    series(
        "rest_client_requests_total",
        Counts::Counter,
        &[("code", "code"), ("method", "method")],
    ),
    series(
        "apiserver_current_inflight_requests",
        Counts::Gauge,
        &[("request_kind", "request_kind")],
    ),
    series(
        "apiserver_current_inqueue_requests",
        Counts::Gauge,
        &[("request_kind", "request_kind")],
    ),
    series(
        "apiserver_admission_webhook_admission_duration_seconds",
        Counts::Histogram,
        &[("name", "webhook")],
    ),
    series(
        "apiserver_requested_deprecated_apis",
        Counts::Gauge,
        &[("group", "api_group")],
    ),
    series(
        "apiserver_flowcontrol_rejected_requests_total",
        Counts::Counter,
        &[("reason", "reason")],
    ),
    series(
        "apiserver_flowcontrol_request_concurrency_limit",
        Counts::Gauge,
        &[("priority_level", "priority_level")],
    ),
];

/// When the process that answers began: what tells one API server from another behind the same address.
const STARTED: &str = "process_start_time_seconds";

/// The name of a series and its labels: columns and values.
pub(super) type Key = (&'static str, Vec<(&'static str, String)>);

/// What was read of a series, cumulative as it is said.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Value {
    pub(super) gauge: Option<f64>,
    pub(super) count: Option<f64>,
    pub(super) seconds: Option<f64>,
}

/// What one answer said.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    /// The process's start, as its bits, that it can be a key.
    pub(super) started: u64,
    pub(super) values: BTreeMap<Key, Value>,
    /// Lines that could not be read.
    pub(super) unread: u64,
}

/// Finds series by the names that lines have.
pub(super) struct Reader {
    /// By the line's name: the series, and the part of it.
    names: HashMap<String, (&'static Series, Part)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Value,
    Sum,
    Count,
}

impl Reader {
    pub(super) fn new() -> Reader {
        let mut names = HashMap::new();
        for series in ALL {
            for name in std::iter::once(&series.name).chain(series.also) {
                if series.counts == Counts::Histogram {
                    names.insert(format!("{name}_sum"), (series, Part::Sum));
                    names.insert(format!("{name}_count"), (series, Part::Count));
                } else {
                    names.insert((*name).to_owned(), (series, Part::Value));
                }
            }
        }
        Reader { names }
    }

    /// Takes a line into an answer that is being read.
    pub(super) fn take(&self, line: &str, answer: &mut Answer) {
        let Some(name) = text::name(line) else { return };
        if name == STARTED {
            answer.started = text::line(line).map_or(0, |line| line.value.to_bits());
            return;
        }
        let Some((series, part)) = self.names.get(name).copied() else {
            return;
        };
        let Some(line) = text::line(line).filter(|line| line.value.is_finite()) else {
            answer.unread += 1;
            return;
        };
        let mut labels: Vec<(&'static str, String)> = Vec::with_capacity(series.labels.len());
        for (label, column) in series.labels {
            let value = line.labels.iter().find(|(name, _)| name == label);
            let value = value
                .map(|(_, value)| value.as_ref())
                .filter(|value| !value.is_empty());
            if let Some(value) = value
                && !labels.iter().any(|(known, _)| known == column)
            {
                labels.push((column, value.to_owned()));
            }
        }
        let failed = series.name == REQUESTS
            && labels
                .iter()
                .any(|(column, code)| *column == "code" && code.starts_with('5'));
        let mut add = |name: &'static str, labels: Vec<(&'static str, String)>| {
            let value = answer.values.entry((name, labels)).or_default();
            let member = match (part, series.counts) {
                (Part::Sum, _) => &mut value.seconds,
                (Part::Count, _) | (_, Counts::Counter) => &mut value.count,
                (Part::Value, _) => &mut value.gauge,
            };
            *member.get_or_insert(0.0) += line.value;
        };
        if failed {
            add(FAILED, labels.clone());
        }
        add(series.name, labels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Answer {
        let (reader, mut answer) = (Reader::new(), Answer::default());
        text.lines().for_each(|line| reader.take(line, &mut answer));
        answer
    }

    fn value(answer: &Answer, name: &str, labels: &[(&str, &str)]) -> Option<Value> {
        let found = answer.values.iter().find(|((series, found), _)| {
            *series == name
                && found
                    .iter()
                    .map(|(n, v)| (*n, v.as_str()))
                    .eq(labels.iter().copied())
        });
        found.map(|(_, value)| *value)
    }

    #[test]
    fn labels_that_are_left_out_are_added_up() {
        let answer = answer(
            "process_start_time_seconds 1.5e9\n\
             apiserver_request_total{code=\"200\",resource=\"pods\",verb=\"LIST\"} 3\n\
             apiserver_request_total{code=\"200\",resource=\"nodes\",verb=\"LIST\"} 4\n\
             apiserver_request_total{code=\"503\",resource=\"nodes\",verb=\"LIST\"} 2\n\
             apiserver_request_duration_seconds_bucket{verb=\"GET\",le=\"0.1\"} 9\n\
             apiserver_request_duration_seconds_sum{verb=\"GET\"} 0.25\n\
             apiserver_request_duration_seconds_count{verb=\"GET\"} 10\n\
             apiserver_storage_size_bytes{storage_cluster_id=\"etcd-0\"} 3.7e+06\n\
             apiserver_current_inflight_requests{request_kind=\"mutating\" 1\n\
             other_total 5\n",
        );
        let of = |name: &str, labels: &[(&str, &str)]| value(&answer, name, labels);
        let listed = of(REQUESTS, &[("code", "200"), ("verb", "LIST")]).unwrap();
        assert_eq!(listed.count, Some(7.0));
        let failed = of(FAILED, &[("code", "503"), ("verb", "LIST")]).unwrap();
        assert_eq!(failed.count, Some(2.0));
        assert_eq!(of(FAILED, &[("code", "200"), ("verb", "LIST")]), None);
        let time = of("apiserver_request_duration_seconds", &[("verb", "GET")]).unwrap();
        assert_eq!(
            (time.seconds, time.count, time.gauge),
            (Some(0.25), Some(10.0), None)
        );
        let size = of("apiserver_storage_size_bytes", &[("endpoint", "etcd-0")]).unwrap();
        assert_eq!(size.gauge, Some(3.7e6));
        assert_eq!(answer.values.len(), 5);
        assert_eq!((answer.started, answer.unread), (1.5e9_f64.to_bits(), 1));
    }

    #[test]
    fn answers_of_real_api_servers_are_read() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/api");
        for (version, series, watched) in [("v1.20", 12, 216.0), ("v1.36", 11, 0.0)] {
            let text = std::fs::read_to_string(format!("{folder}/{version}/metrics.prom")).unwrap();
            let answer = answer(&text);
            let names: std::collections::BTreeSet<_> =
                answer.values.keys().map(|(name, _)| *name).collect();
            assert_eq!(
                (names.len() >= series, answer.unread),
                (true, 0),
                "{version}: {names:?}"
            );
            assert!(f64::from_bits(answer.started) > 1.7e9, "{version}");
            if watched > 0.0 {
                let watches =
                    value(&answer, REQUESTS, &[("code", "0"), ("verb", "WATCH")]).unwrap();
                assert!(watches.count.unwrap() >= watched);
            }
        }
    }
}
