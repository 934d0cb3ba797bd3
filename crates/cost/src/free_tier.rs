//! What the free tier takes off.
//!
//! The first units of a month are the free ones. Gigabytes of logs are free over ingestion, archive and scans together;
//! they are taken off the ingestion first, which is dearest, then off the archive, then off scans.

use crate::estimate::Quantities;
use crate::prices::{FreeTier, Item, Region};

/// USD that are not charged, never more than the lines amount to.
pub(crate) fn taken_off(free: &FreeTier, region: &Region, quantities: &Quantities) -> f64 {
    let first = |item: Item, quantity: f64, most: f64| region.price(item).usd(quantity.min(most));
    let metrics = first(
        Item::CustomMetric,
        quantities.metric_months,
        free.custom_metrics,
    );
    let alarms = first(Item::Alarm, quantities.alarm_metrics, free.alarm_metrics);
    let dashboards = first(Item::Dashboard, quantities.dashboards, free.dashboards);
    let mut left = free.log_gigabytes;
    let mut logs = 0.0;
    for (item, gigabytes) in [
        (Item::LogIngestion, quantities.ingested_gigabytes),
        (Item::LogArchive, quantities.archived_gigabytes),
        (Item::InsightsScan, quantities.scanned_gigabytes),
    ] {
        let taken = gigabytes.min(left);
        logs += region.price(item).usd(taken);
        left -= taken;
    }
    metrics + alarms + dashboards + logs
}
