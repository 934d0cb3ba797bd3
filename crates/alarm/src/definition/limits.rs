//! CloudWatch's bounds.

/// The most characters of an alarm's name, a metric's name and a namespace.
pub const LONGEST_NAME: usize = 255;
/// The most characters of a description.
pub const LONGEST_DESCRIPTION: usize = 1024;
/// The most actions for a state.
pub const MOST_ACTIONS: usize = 5;
/// The most characters of an action's ARN.
pub const LONGEST_ACTION: usize = 1024;
/// The most dimensions of a metric.
pub const MOST_DIMENSIONS: usize = 30;
/// The most tags.
pub const MOST_TAGS: usize = 50;
/// The most metrics that expressions of an alarm use.
pub const MOST_METRICS: usize = 10;
/// The most characters of a suppressor's name or ARN.
pub const LONGEST_SUPPRESSOR: usize = 1600;
/// The longest window, in seconds: a week.
pub const LONGEST_WINDOW: u64 = 604_800;
/// The longest window of periods below an hour, in seconds: a day.
pub const LONGEST_WINDOW_OF_SHORT_PERIODS: u64 = 86_400;
/// Seconds of a period from which on a window may be a week.
pub const LONG_PERIOD: u32 = 3600;
/// Bounds of `EvaluationInterval`, in seconds.
pub const EVALUATION_INTERVAL: std::ops::RangeInclusive<u32> = 10..=3600;
/// The shortest period against a band, in seconds.
pub const SHORTEST_PERIOD_OF_BANDS: u32 = 60;

/// The statistics of `Statistic`.
pub const STATISTICS: [&str; 5] = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

/// The units of `Unit`.
pub const UNITS: [&str; 27] = [
    "Seconds",
    "Microseconds",
    "Milliseconds",
    "Bytes",
    "Kilobytes",
    "Megabytes",
    "Gigabytes",
    "Terabytes",
    "Bits",
    "Kilobits",
    "Megabits",
    "Gigabits",
    "Terabits",
    "Percent",
    "Count",
    "Bytes/Second",
    "Kilobytes/Second",
    "Megabytes/Second",
    "Gigabytes/Second",
    "Terabytes/Second",
    "Bits/Second",
    "Kilobits/Second",
    "Megabits/Second",
    "Gigabits/Second",
    "Terabits/Second",
    "Count/Second",
    "None",
];

/// Whether periods may be so long, in seconds: 10, 20, 30, and whole minutes.
pub fn is_period(seconds: u32) -> bool {
    matches!(seconds, 10 | 20 | 30) || (seconds > 0 && seconds.is_multiple_of(60))
}

/// The longest window of periods so long, in seconds.
pub fn longest_window(period: u32) -> u64 {
    match period < LONG_PERIOD {
        true => LONGEST_WINDOW_OF_SHORT_PERIODS,
        false => LONGEST_WINDOW,
    }
}

/// The most bytes of a definition; CloudWatch's bound of a request.
pub const LONGEST_DEFINITION: usize = 120 * 1024;
/// The most characters of an expression.
pub const LONGEST_EXPRESSION: usize = 2048;
/// The most metrics and expressions together.
pub const MOST_QUERIES: usize = 100;

// Bounds of what CloudWatch does not have.

/// The most characters of a log query and of SQL.
pub const LONGEST_QUERY: usize = 10_000;
/// The most ranges that a band does not learn from.
pub const MOST_EXCLUDED_RANGES: usize = 100;
/// The most columns that an alarm has a series for each combination of.
pub const MOST_GROUPS: usize = 30;
/// The most columns that are filtered by.
pub const MOST_FILTERS: usize = 30;
/// The most values of a filter.
pub const MOST_FILTER_VALUES: usize = 1000;
/// How long ago what verdicts tell of may have happened to be meant, in seconds: they are made each minute, and a day is
/// longer than any of them remembers.
pub const WITHIN_SECONDS: std::ops::RangeInclusive<u32> = 60..=86_400;
