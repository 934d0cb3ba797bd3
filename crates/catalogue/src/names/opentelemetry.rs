//! OpenTelemetry's names: the semantic conventions (v1.44) and, where they differ, those of the collector's
//! kubeletstats and hostmetrics receivers, which AWS's agent still sends.
//!
//! A counter is a monotonic cumulative sum of the formula. The conventions make sizes up-down counters where the
//! receivers send gauges; here they are gauges.

mod host;
mod kubernetes;

use crate::formula::{Formula, column};
use crate::metric::{Dialect, Metric, Rows};
use crate::names::list::{Group, Labels};

const CONVENTION: &str = "semantic convention";

const READ: Labels = &[("disk.io.direction", "read")];
const WRITE: Labels = &[("disk.io.direction", "write")];
const RECEIVE: Labels = &[("network.io.direction", "receive")];
const TRANSMIT: Labels = &[("network.io.direction", "transmit")];

const fn group(
    origin: &'static str,
    table: &'static str,
    rows: Rows,
    label_columns: Labels,
) -> Group {
    Group {
        dialect: Dialect::OpenTelemetry,
        origin,
        table,
        rows,
        labels: &[],
        label_columns,
    }
}

/// Every name.
pub(super) fn metrics() -> Vec<Metric> {
    let mut list = Vec::new();
    kubernetes::add(&mut list);
    host::add(&mut list);
    list
}

/// Microseconds in seconds.
fn seconds(name: &'static str) -> Formula {
    column(name) / 1e6
}

/// From a moment to the row's time, in seconds.
fn since(name: &'static str) -> Formula {
    (column("time") - column(name)) / 1e6
}
