//! Foreign metrics, one value a row.

use super::row::NEVER;
use crate::table::{Table, TableKind};

columns! {
    SAMPLE_COLUMNS {
        tick time "": "The sample's own time."; "sender"; NEVER;
        key cluster "": "Name of the cluster."; "sender, else configuration"; "not known";
        key name "": "The metric's name, as sent."; "sender"; NEVER;
        key series "": "The labels in one text, sorted by name: {a=\"1\",b=\"2\"}."; "labels"; NEVER;
        text node "": "The node that sent it."; "sender"; "not known";
        labels labels "": "The labels."; "sender"; "none";
        text sample_kind "": "gauge, counter, bucket, sum, count or quantile."; "sender"; "not known";
        text sample_unit "": "The unit, as sent."; "sender"; "not sent";
        moment start_time "": "When a counter began to count."; "sender"; "not sent; a gauge";
        level value "1": "The value, as sent: counters are cumulative."; "sender"; "a stale marker";
    }
}

/// A row for each value of a foreign metric.
pub static SAMPLE: Table = Table {
    name: "sample",
    kind: TableKind::Sample,
    help: "A value of a metric that has no column: remote write, OTLP, a scrape.",
    key: &["cluster", "name", "series"],
    sort: &["cluster", "name", "series", "time"],
    columns: SAMPLE_COLUMNS,
};
