//! The dialects' names, a file for each.

#[macro_use]
mod list;

mod container_insights;
mod opentelemetry;
mod prometheus;

use std::sync::LazyLock;

use crate::metric::{Dialect, Metric, Waiting};

static METRICS: LazyLock<Vec<Metric>> = LazyLock::new(|| {
    let mut metrics = container_insights::metrics();
    metrics.extend(prometheus::metrics());
    metrics.extend(opentelemetry::metrics());
    metrics
});

/// Every name that has a formula.
pub fn metrics() -> impl Iterator<Item = &'static Metric> {
    METRICS.iter()
}

/// The metrics of that name: one in Container Insights; in other dialects one for each table and set of labels.
pub fn metrics_named(dialect: Dialect, name: &str) -> impl Iterator<Item = &'static Metric> {
    metrics().filter(move |m| m.dialect == dialect && m.name == name)
}

/// The (first) metric of that name.
pub fn metric(dialect: Dialect, name: &str) -> Option<&'static Metric> {
    metrics_named(dialect, name).next()
}

/// Every name that the dialects know and that cannot be answered yet.
pub fn waiting() -> impl Iterator<Item = Waiting> {
    container_insights::waiting()
}
