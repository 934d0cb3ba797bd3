//! Container Insights' names, as the CloudWatch agent publishes them.
//!
//! CPU is in millicores without a unit, percentages run from 0 to 100, rates are per second. A first sample is
//! absent, because the columns are null in it.

mod available;
mod dimensions;
mod waiting;

pub(super) use available::metrics;
pub(super) use waiting::waiting;
