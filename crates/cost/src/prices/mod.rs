//! Prices of a date, by region.

mod fault;
mod item;
mod price;
mod read;

use std::sync::LazyLock;

pub use fault::{PriceFault, PriceFaults};
pub use item::Item;
pub use price::{Price, Tier};

/// The table that is embedded.
const BUILTIN: &str = include_str!("builtin.toml");

/// Prices of a date, with how things are counted and what is free.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceTable {
    pub(crate) as_of: String,
    pub(crate) counting: Counting,
    pub(crate) free_tier: FreeTier,
    /// In the order of their ids; at least one.
    pub(crate) regions: Vec<Region>,
}

/// The prices of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    pub(crate) id: String,
    pub(crate) name: String,
    /// In the order of [`Item::ALL`].
    pub(crate) prices: [Price; Item::ALL.len()],
}

/// A number that a table gives, and whether a source confirms it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The number.
    pub value: f64,
    /// Whether a source gives it.
    pub confirmed: bool,
}

/// How things are counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counting {
    /// Bytes of what a price calls GB.
    pub gigabyte_bytes: Setting,
    /// Bytes that are added to the message of each log event.
    pub log_event_bytes: Setting,
    /// Bytes in the archive by bytes ingested.
    pub archive_ratio: Setting,
    /// Custom metrics of a cluster in standard mode.
    pub metrics_per_cluster: Setting,
    /// Custom metrics of a node in standard mode.
    pub metrics_per_node: Setting,
    /// Custom metrics of a workload in standard mode: what CloudWatch calls `PodName`.
    pub metrics_per_workload: Setting,
    /// Custom metrics of a service in standard mode.
    pub metrics_per_service: Setting,
    /// Custom metrics of a namespace in standard mode.
    pub metrics_per_namespace: Setting,
}

/// What costs nothing, by account and month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FreeTier {
    /// Metric-months.
    pub custom_metrics: f64,
    /// Alarm metric-months of standard resolution.
    pub alarm_metrics: f64,
    /// Dashboard-months.
    pub dashboards: f64,
    /// GB over ingestion, archive and scans together.
    pub log_gigabytes: f64,
}

impl PriceTable {
    /// The table that is embedded, with us-east-1 and ap-northeast-1.
    pub fn builtin() -> &'static PriceTable {
        static TABLE: LazyLock<PriceTable> = LazyLock::new(|| match PriceTable::parse(BUILTIN) {
            Ok(table) => table,
            Err(faults) => unreachable!("{faults}"),
        });
        &TABLE
    }

    /// The text of [`PriceTable::builtin`], to begin an own table with.
    pub fn builtin_text() -> &'static str {
        BUILTIN
    }

    /// Reads a table of the form of [`PriceTable::builtin_text`].
    ///
    /// # Errors
    /// All faults at once: what is no TOML, unknown and missing keys, prices that are negative or no number, tiers that
    /// do not rise.
    pub fn parse(text: &str) -> Result<PriceTable, PriceFaults> {
        read::read(text)
    }

    /// The date of the prices, `YYYY-MM-DD`.
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// How things are counted.
    pub fn counting(&self) -> &Counting {
        &self.counting
    }

    /// What costs nothing.
    pub fn free_tier(&self) -> &FreeTier {
        &self.free_tier
    }

    /// The regions in the order of their ids.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The region with this id.
    pub fn region(&self, id: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.id == id)
    }
}

impl Region {
    /// Such as `us-east-1`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Such as `US East (N. Virginia)`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The price of an item.
    pub fn price(&self, item: Item) -> &Price {
        let [
            metric,
            observation,
            log,
            performance,
            archive,
            scan,
            alarm,
            high,
            dashboard,
        ] = &self.prices;
        match item {
            Item::CustomMetric => metric,
            Item::Observation => observation,
            Item::LogIngestion => log,
            Item::EnhancedPerformanceIngestion => performance,
            Item::LogArchive => archive,
            Item::InsightsScan => scan,
            Item::Alarm => alarm,
            Item::HighResolutionAlarm => high,
            Item::Dashboard => dashboard,
        }
    }
}
