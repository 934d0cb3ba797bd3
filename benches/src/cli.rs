//! What can be asked for on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::load::Scale;

/// Measures what Kansoku costs and prints tables.
#[derive(Debug, Parser)]
#[command(name = "kansoku-benches", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) bench: Bench,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// One tick of the agent over 110 pods × 2 containers, against the bare reads of the same files.
    Tick(Tick),
    /// Rows received, logged with fsync, kept in memory; reading the log back.
    Ingest(Common),
    /// Bytes on disk for a measurement, by table, tier and encoding.
    Disk(Common),
    /// Questions over the last hour: from memory, as the server runs, and from files.
    Query(Common),
    /// Log lines: taken in, sorted, indexed, compacted; bytes on disk; questions.
    LogsStore(LogsStore),
    /// The agent reading logs: files rotated, being written, and in a burst. Not among `all`: it needs kansoku-agent built.
    Logs(Tail),
    /// Alarms of a whole server: CPU a minute, from a row to its notification, replay. Not among `all`: it takes twenty
    /// minutes, for alarms are evaluated by the clock, and needs kansoku built.
    Alarms(Alarms),
    /// Each of them in a process of its own.
    All(Common),
}

#[derive(Debug, Args)]
pub(crate) struct Tick {
    /// Ticks to measure; six of them are a minute, after which files that hardly change are read too.
    #[arg(long, default_value_t = 60)]
    pub(crate) ticks: usize,
    /// Pods, each with two containers.
    #[arg(long, default_value_t = 110)]
    pub(crate) pods: usize,
    /// Make real cgroups (cgroup v1 hierarchies, needs root) instead of files in memory, so that the kernel's own
    /// share is measured too. They are removed afterwards.
    #[arg(long)]
    pub(crate) live: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// nodes x pods x containers x minutes; each bench has its own default.
    #[arg(long)]
    pub(crate) scale: Option<Scale>,
    /// Also start VictoriaMetrics and Prometheus on loopback and give them the same samples.
    #[arg(long)]
    pub(crate) peers: bool,
    /// Where to put temporary data; choose a real disk, for fsync is measured. [default: the system's]
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct LogsStore {
    /// Lines of all nodes together, in an hour.
    #[arg(long, default_value_t = 5_000_000)]
    pub(crate) lines: u64,
    /// Nodes.
    #[arg(long, default_value_t = 25)]
    pub(crate) nodes: usize,
    /// Pods of a node.
    #[arg(long, default_value_t = 60)]
    pub(crate) pods: usize,
    /// Where to put temporary data; choose a real disk, for fsync is measured. [default: the system's]
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Tail {
    /// Pods, each with a log.
    #[arg(long, default_value_t = 200)]
    pub(crate) pods: usize,
    /// MiB of files that are there before the agent starts.
    #[arg(long, default_value_t = 512)]
    pub(crate) mib: u64,
    /// MiB a second that are written while it runs.
    #[arg(long, default_value_t = 10)]
    pub(crate) rate: u64,
    /// For how many seconds.
    #[arg(long, default_value_t = 20)]
    pub(crate) seconds: u64,
    /// MiB of a burst at 300 MiB/s.
    #[arg(long, default_value_t = 600)]
    pub(crate) burst: u64,
    /// Where to put temporary data; choose a real disk, for fsync is measured. [default: the system's]
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Alarms {
    /// Nodes that send a row of each pod every ten seconds.
    #[arg(long, default_value_t = 100)]
    pub(crate) nodes: usize,
    /// Pods of a node.
    #[arg(long, default_value_t = 60)]
    pub(crate) pods: usize,
    /// Alarms, each over one metric of one pod.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) alarms: usize,
    /// Minutes for which each case is measured.
    #[arg(long, default_value_t = 3)]
    pub(crate) minutes: u32,
    /// Notifications that are waited for.
    #[arg(long, default_value_t = 8)]
    pub(crate) notifications: usize,
    /// Days of rows that alarms are replayed over; they are of one node.
    #[arg(long, default_value_t = 30)]
    pub(crate) days: u32,
    /// Measure the replay alone.
    #[arg(long)]
    pub(crate) replay_only: bool,
    /// Where to put temporary data; choose a real disk, for fsync is measured. [default: the system's]
    #[arg(long)]
    pub(crate) dir: Option<PathBuf>,
}
