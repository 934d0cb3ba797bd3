//! What one question may cost.

use std::time::Duration;

/// Bounds on every question. The defaults suit one machine that also takes in rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Threads that plan and run questions, apart from those that serve requests; also the number of partitions
    /// that a plan is cut into.
    pub threads: usize,
    /// Time for a metric statistics question, from its start to its answer.
    pub metrics_time: Duration,
    /// Time for an SQL statement, from its start to the last row handed over.
    pub sql_time: Duration,
    /// Memory, in bytes, for the buffers of one question (aggregates, sorts, joins). Nothing is spilled to disk.
    pub memory: usize,
    /// Metric statistics questions that run at once.
    pub metrics_at_once: usize,
    /// SQL statements that run at once.
    pub sql_at_once: usize,
    /// How long a question waits for a place before it is refused with [`Code::Overloaded`](crate::Code::Overloaded).
    pub wait: Duration,
    /// Rows in an SQL answer in JSON when the caller names no limit.
    pub sql_rows: usize,
    /// Rows in an SQL answer at most.
    pub sql_rows_most: usize,
    /// Bytes of an SQL answer in JSON, which is made whole before it is sent.
    pub sql_json_bytes: usize,
    /// Length of an SQL text in bytes.
    pub sql_text: usize,
    /// Periods in a metric statistics answer.
    pub points: usize,
    /// Values in a metric statistics answer: series × periods.
    pub values: usize,
    /// Samples up to which a percentile is exact; above, it is estimated by a t-digest.
    pub exact_percentile_samples: usize,
    /// Time for a question about log lines, from its start to its answer.
    pub logs_time: Duration,
    /// A search for a page of log lines that has taken so long begins no further span, and answers with what it has.
    pub logs_pause: Duration,
    /// Questions about log lines that run at once.
    pub logs_at_once: usize,
    /// Log lines in an answer at most.
    pub log_lines: usize,
    /// Bytes of messages in an answer at most, but for one line.
    pub log_bytes: usize,
    /// Live tails that are open at once.
    pub tails: usize,
    /// The interval at which agents sample, in seconds: the shortest period that is chosen by itself.
    pub tick_seconds: u32,
}

impl Default for Limits {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
        Limits {
            threads: cores,
            metrics_time: Duration::from_secs(30),
            sql_time: Duration::from_secs(60),
            memory: 512 << 20,
            metrics_at_once: cores * 2,
            sql_at_once: cores.max(2),
            wait: Duration::from_secs(5),
            sql_rows: 10_000,
            sql_rows_most: 10_000_000,
            sql_json_bytes: 64 << 20,
            sql_text: 64 << 10,
            points: 11_000,
            values: 1_000_000,
            exact_percentile_samples: 2_000_000,
            logs_time: Duration::from_secs(30),
            logs_pause: Duration::from_secs(10),
            logs_at_once: cores * 2,
            log_lines: 10_000,
            log_bytes: 32 << 20,
            tails: 64,
            tick_seconds: 10,
        }
    }
}
