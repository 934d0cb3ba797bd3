//! What CloudWatch charges for, as far as it is modelled.

/// Something with a price. The table of each region has all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Item {
    /// A metric that had data in all hours of a month.
    CustomMetric,
    /// A value of one entity at one collection, in enhanced mode.
    Observation,
    /// Bytes written to log groups of the standard class.
    LogIngestion,
    /// Bytes of performance events in enhanced mode.
    EnhancedPerformanceIngestion,
    /// Compressed bytes kept for a month.
    LogArchive,
    /// Bytes read by Logs Insights.
    InsightsScan,
    /// A metric that an alarm of standard resolution evaluates.
    Alarm,
    /// A metric that an alarm with a period below a minute evaluates.
    HighResolutionAlarm,
    /// A custom dashboard.
    Dashboard,
}

impl Item {
    /// All of them, in the order of an estimate.
    pub const ALL: [Item; 9] = [
        Item::CustomMetric,
        Item::Observation,
        Item::LogIngestion,
        Item::EnhancedPerformanceIngestion,
        Item::LogArchive,
        Item::InsightsScan,
        Item::Alarm,
        Item::HighResolutionAlarm,
        Item::Dashboard,
    ];

    /// The key in a price table.
    pub fn key(self) -> &'static str {
        match self {
            Item::CustomMetric => "custom_metric",
            Item::Observation => "observation",
            Item::LogIngestion => "log_ingestion",
            Item::EnhancedPerformanceIngestion => "enhanced_performance_ingestion",
            Item::LogArchive => "log_archive",
            Item::InsightsScan => "insights_scan",
            Item::Alarm => "alarm",
            Item::HighResolutionAlarm => "high_resolution_alarm",
            Item::Dashboard => "dashboard",
        }
    }

    /// What one price is for.
    pub fn unit(self) -> &'static str {
        match self {
            Item::CustomMetric => "metric-month",
            Item::Observation => "million observations",
            Item::LogIngestion | Item::EnhancedPerformanceIngestion | Item::InsightsScan => "GB",
            Item::LogArchive => "GB-month",
            Item::Alarm | Item::HighResolutionAlarm => "alarm metric-month",
            Item::Dashboard => "dashboard-month",
        }
    }

    /// The item with this key.
    pub fn of_key(key: &str) -> Option<Item> {
        Item::ALL.into_iter().find(|item| item.key() == key)
    }
}
