//! Prometheus' names: cAdvisor's, the kubelet's and node-exporter's.
//!
//! A counter is the running sum of the formula over the entity's rows; only its differences matter to `rate()`.
//! Series that others answer with a made-up 0 (no limit, no pressure file) are absent here.

mod cadvisor;
mod kubelet;
mod node_exporter;

use crate::formula::{Formula, column};
use crate::metric::Metric;

/// Every name.
pub(super) fn metrics() -> Vec<Metric> {
    let mut list = Vec::new();
    cadvisor::add(&mut list);
    kubelet::add(&mut list);
    node_exporter::add(&mut list);
    list
}

/// Microseconds, or a moment, in seconds.
fn seconds(name: &'static str) -> Formula {
    column(name) / 1e6
}
