//! Container Insights' names, as the CloudWatch agent publishes them.
//!
//! CPU is in millicores without a unit, percentages run from 0 to 100, rates are per second. A first sample is
//! absent, because the columns are null in it.

mod available;
mod control_plane;
mod dimensions;
mod objects;
mod waiting;

use crate::metric::{Dialect, DimensionSet, Metric, Rows};
use crate::names::list::Group;

/// Every name that has a formula.
pub(super) fn metrics() -> Vec<Metric> {
    let mut list = available::metrics();
    objects::metrics(&mut list);
    control_plane::metrics(&mut list);
    list
}

/// Dimension sets in the standard mode and in the enhanced one.
type Published = (&'static [DimensionSet], &'static [DimensionSet]);

const fn event(origin: &'static str, table: &'static str, rows: Rows) -> Group {
    Group {
        dialect: Dialect::ContainerInsights,
        origin,
        table,
        rows,
        labels: &[],
        label_columns: &[],
    }
}

/// Of containers proper, without init and ephemeral ones.
const fn container_event() -> Group {
    event(
        "Container",
        "container",
        Rows::Equal("container_kind", "container"),
    )
}

pub(super) use waiting::waiting;
