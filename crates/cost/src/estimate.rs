//! The estimate itself.

use serde::Serialize;

use crate::free_tier;
use crate::line::Line;
use crate::mode::Mode;
use crate::performance::performance_events;
use crate::prices::{Item, PriceTable, Region};
use crate::usage::{LogVolume, Usage, UsageFault};
use crate::words;

/// Hours of a month, as AWS's own examples take it.
pub const HOURS_PER_MONTH: f64 = 730.0;
const DAYS_PER_MONTH: f64 = HOURS_PER_MONTH / 24.0;
const MINUTES_PER_HOUR: f64 = 60.0;
const MILLION: f64 = 1e6;

/// What a month would cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Always `USD`.
    pub currency: &'static str,
    /// The region whose prices were taken.
    pub region: String,
    /// The date of the prices, `YYYY-MM-DD`.
    pub as_of: String,
    /// The mode of Container Insights.
    pub mode: Mode,
    /// Hours that were counted.
    pub window_hours: f64,
    /// Hours that they were scaled to.
    pub month_hours: f64,
    /// Everything that is charged for; lines with a quantity of 0 too.
    pub lines: Vec<Line>,
    /// USD a month: all lines, less the free tier.
    pub total_usd_month: f64,
    /// USD a month that the free tier takes off; 0 where it was not asked for.
    pub free_tier_usd: f64,
    /// The regions that the price table has.
    pub regions: Vec<RegionName>,
}

/// A region to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegionName {
    /// Such as `us-east-1`.
    pub id: String,
    /// Such as `US East (N. Virginia)`.
    pub name: String,
}

/// Why there is no estimate.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EstimateError {
    /// The table has no prices of the region.
    #[error("there are no prices of the region {region:?}; the price table has {}", .known.join(", "))]
    UnknownRegion {
        /// The region asked for.
        region: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A number of the usage cannot be.
    #[error(transparent)]
    Usage(#[from] UsageFault),
}

/// Quantities of a month that the free tier looks at.
#[derive(Debug, Default)]
pub(crate) struct Quantities {
    pub(crate) metric_months: f64,
    pub(crate) ingested_gigabytes: f64,
    pub(crate) archived_gigabytes: f64,
    pub(crate) scanned_gigabytes: f64,
    pub(crate) alarm_metrics: f64,
    pub(crate) dashboards: f64,
}

/// What a month of this usage would cost in a region, with Container Insights in a mode.
///
/// # Errors
/// A region without prices; a window of no length, and numbers that are negative or none.
pub fn estimate(
    prices: &PriceTable,
    region: &str,
    mode: Mode,
    usage: &Usage,
) -> Result<Estimate, EstimateError> {
    usage.check()?;
    let region = prices
        .region(region)
        .ok_or_else(|| EstimateError::UnknownRegion {
            region: region.to_owned(),
            known: prices.regions().iter().map(|r| r.id().to_owned()).collect(),
        })?;
    let mut sheet = Sheet {
        prices,
        region,
        usage,
        lines: Vec::new(),
        quantities: Quantities::default(),
    };
    match mode {
        Mode::Standard => sheet.custom_metrics(),
        Mode::Enhanced => sheet.observations(),
    }
    sheet.logs(mode);
    sheet.scans();
    sheet.given();
    let Sheet {
        lines, quantities, ..
    } = sheet;
    let free_tier_usd = if usage.free_tier {
        free_tier::taken_off(prices.free_tier(), region, &quantities)
    } else {
        0.0
    };
    let sum: f64 = lines.iter().map(|line| line.usd_month).sum();
    Ok(Estimate {
        currency: "USD",
        region: region.id().to_owned(),
        as_of: prices.as_of().to_owned(),
        mode,
        window_hours: usage.window_hours,
        month_hours: HOURS_PER_MONTH,
        // Rounding may leave less than nothing where everything is free.
        total_usd_month: (sum - free_tier_usd).max(0.0),
        lines,
        free_tier_usd,
        regions: prices
            .regions()
            .iter()
            .map(|one| RegionName {
                id: one.id().to_owned(),
                name: one.name().to_owned(),
            })
            .collect(),
    })
}

/// An estimate that is being written.
struct Sheet<'a> {
    prices: &'a PriceTable,
    region: &'a Region,
    usage: &'a Usage,
    lines: Vec<Line>,
    quantities: Quantities,
}

impl Sheet<'_> {
    fn line(&mut self, words: &'static str, item: Item, quantity: f64, assumption: String) {
        let price = self.region.price(item);
        let line = Line::new(words, item, price, quantity, assumption);
        self.lines.push(line);
    }

    fn custom_metrics(&mut self) {
        let hours = &self.usage.entity_hours;
        let counting = self.prices.counting();
        // Metrics that had data in an average hour: with data in all hours of a month, each is a metric-month.
        let quantity = hours.metric_hours(counting) / f64::from(hours.hours.max(1));
        self.quantities.metric_months = quantity;
        let counted = words::counted(f64::from(hours.hours), "hour", "hours");
        let assumption = format!(
            "{} Counted in {counted}, {}.",
            hours.words(counting),
            MONTH_WORDS
        );
        self.line("Custom metrics", Item::CustomMetric, quantity, assumption);
    }

    fn observations(&mut self) {
        let minutes = &self.usage.entity_minutes;
        let quantity = self.a_month(minutes.observations()) / MILLION;
        let assumption = format!(
            "{} {}",
            minutes.words(self.usage.window_hours * MINUTES_PER_HOUR),
            self.scaled()
        );
        self.line("Observations", Item::Observation, quantity, assumption);
    }

    fn logs(&mut self, mode: Mode) {
        let usage = self.usage;
        let (performance, sizes) = match usage.performance_logs {
            Some(volume) => (volume, "with the bytes of the events themselves"),
            None => (
                performance_events(mode, &usage.entity_minutes),
                "with the size of typical events; those of long names and many labels are up to 1.5 times as large",
            ),
        };
        let words = format!(
            "The log that Container Insights writes: an event for each entity and minute, {sizes}."
        );
        match mode {
            Mode::Standard => self.ingestion("Performance events", performance, &words),
            Mode::Enhanced => {
                let (quantity, events) = self.gigabytes(performance);
                let assumption = format!("{words} {events} {}", self.scaled());
                let item = Item::EnhancedPerformanceIngestion;
                self.line("Performance events", item, quantity, assumption);
            }
        }
        let of_enhanced = match mode {
            Mode::Standard => 0.0,
            Mode::Enhanced => self.gigabytes(performance).0,
        };
        self.ingestion(
            "Application logs",
            usage.application_logs,
            "Lines of containers.",
        );
        self.ingestion(
            "Host logs",
            usage.host_logs,
            "Lines of the nodes: kernel and system services.",
        );
        self.ingestion(
            "Data plane logs",
            usage.dataplane_logs,
            "Lines of the kubelet, the proxy, the network and the runtime.",
        );
        self.archive(self.quantities.ingested_gigabytes + of_enhanced);
    }

    fn ingestion(&mut self, words: &'static str, volume: LogVolume, what: &str) {
        let (quantity, events) = self.gigabytes(volume);
        let assumption = format!("{what} {events} {}", self.scaled());
        let price = self.region.price(Item::LogIngestion);
        let before = self.quantities.ingested_gigabytes;
        let item = Item::LogIngestion;
        let line = Line::after(before, words, item, price, quantity, assumption);
        self.lines.push(line);
        self.quantities.ingested_gigabytes += quantity;
    }

    fn archive(&mut self, ingested_gigabytes: f64) {
        let ratio = self.prices.counting().archive_ratio;
        let days = self.usage.retention_days;
        let quantity = ingested_gigabytes * days / DAYS_PER_MONTH * ratio.value;
        self.quantities.archived_gigabytes = quantity;
        let assumption = format!(
            "What is kept once {} have gone by, at {} of the bytes ingested{}. CloudWatch itself keeps logs for ever unless told otherwise.",
            words::counted(days, "day", "days"),
            words::number(ratio.value),
            if ratio.confirmed {
                ""
            } else {
                ", a ratio that AWS does not confirm"
            }
        );
        self.line("Log archive", Item::LogArchive, quantity, assumption);
    }

    fn scans(&mut self) {
        let quantity = self.usage.insights_scanned_gigabytes;
        self.quantities.scanned_gigabytes = quantity;
        let assumption = if quantity > 0.0 {
            "As given, for a month."
        } else {
            "Nobody said how much is searched. A search reads all bytes of its time range in the log groups it is run on."
        };
        let words = "Logs Insights searches";
        self.line(words, Item::InsightsScan, quantity, assumption.to_owned());
    }

    /// What does not follow from rows.
    fn given(&mut self) {
        let usage = self.usage;
        self.quantities.alarm_metrics = usage.alarm_metrics;
        self.quantities.dashboards = usage.dashboards;
        for (words, item, quantity) in [
            ("Alarms", Item::Alarm, usage.alarm_metrics),
            (
                "High-resolution alarms",
                Item::HighResolutionAlarm,
                usage.high_resolution_alarm_metrics,
            ),
            ("Dashboards", Item::Dashboard, usage.dashboards),
        ] {
            let assumption = match item {
                Item::Dashboard if quantity > 0.0 => {
                    "As given. Those of Container Insights itself are free."
                }
                Item::Dashboard => "None were given. Those of Container Insights itself are free.",
                _ if quantity <= 0.0 => "None were given.",
                _ => "As given, by the metrics that they evaluate, for all hours of a month.",
            };
            self.line(words, item, quantity, assumption.to_owned());
        }
    }

    /// GB a month, and how they come about.
    #[allow(clippy::cast_precision_loss)] // Bytes below 2^53.
    fn gigabytes(&self, volume: LogVolume) -> (f64, String) {
        let counting = self.prices.counting();
        let event = counting.log_event_bytes.value;
        let bytes = volume.bytes as f64 + volume.events as f64 * event;
        let gigabytes = self.a_month(bytes) / counting.gigabyte_bytes.value;
        let words = if volume.events == 0 {
            "None were counted.".to_owned()
        } else {
            format!(
                "{} with {} bytes added to each.",
                words::counted(volume.events as f64, "event", "events"),
                words::number(event)
            )
        };
        (gigabytes, words)
    }

    /// A quantity of the window, for a month.
    fn a_month(&self, quantity: f64) -> f64 {
        quantity * HOURS_PER_MONTH / self.usage.window_hours
    }

    fn scaled(&self) -> String {
        let hours = words::counted(self.usage.window_hours, "hour", "hours");
        format!("Counted over {hours}, {MONTH_WORDS}.")
    }
}

const MONTH_WORDS: &str = "scaled to a month of 730 hours";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_for_a_month_have_its_hours() {
        assert!(MONTH_WORDS.contains(&words::number(HOURS_PER_MONTH)));
    }

    #[test]
    fn an_unknown_region_is_told_with_those_there_are() {
        let table = PriceTable::builtin();
        let refused = estimate(table, "us-est-1", Mode::Standard, &Usage::over(1.0)).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "there are no prices of the region \"us-est-1\"; the price table has ap-northeast-1, us-east-1"
        );
    }
}
