//! Nodes and their file systems.

use serde::{Deserialize, Serialize};

use super::{Conditions, EventFact, Moments, Point};

/// A node.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NodeFacts {
    /// Each condition's status; empty when the API is not read.
    pub conditions: Conditions,
    /// Since when.
    pub condition_times: Moments,
    /// When it joined the cluster.
    pub created_time: Option<i64>,
    /// Whether it takes no new pods.
    pub unschedulable: Option<bool>,
    /// Events about it.
    pub events: Vec<EventFact>,
    /// The time of the newest row.
    pub time: Option<i64>,
    /// The length of that row.
    pub interval_usec: Option<i64>,
    /// When the kernel started.
    pub boot_time: Option<i64>,
    /// Sum of `interval_usec` over the window.
    pub window_interval_usec: Option<i64>,
    /// Sum over the window.
    pub cpu_usage_usec: Option<i64>,
    /// Processors that are online.
    pub node_cpu_cores: Option<f64>,
    /// Sum over the window.
    pub cpu_pressure_some_usec: Option<i64>,
    /// Sum over the window.
    pub memory_pressure_some_usec: Option<i64>,
    /// Sum over the window.
    pub memory_pressure_full_usec: Option<i64>,
    /// Sum over the window.
    pub io_pressure_full_usec: Option<i64>,
    /// Sum over the window.
    pub memory_oom_kills: Option<i64>,
    /// Memory that the kernel manages.
    pub node_memory_total_bytes: Option<i64>,
    /// Memory that programs can have without swapping.
    pub memory_available_bytes: Option<i64>,
    /// Used memory that is not available, over the last half hour or so.
    pub memory_used_points: Vec<Point>,
    /// Tasks.
    pub pids_current: Option<i64>,
    /// Most tasks allowed.
    pub pids_limit: Option<i64>,
    /// Connections that the firewall tracks.
    pub conntrack_entries: Option<i64>,
    /// Most that it can track.
    pub conntrack_limit: Option<i64>,
    /// File handles in use.
    pub files_open: Option<i64>,
    /// Most file handles.
    pub files_limit: Option<i64>,
    /// How far the clock is off.
    pub clock_offset_usec: Option<i64>,
    /// Its file systems.
    pub filesystems: Vec<FilesystemFacts>,
}

/// Of table `node_filesystem`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilesystemFacts {
    /// Where it is mounted.
    pub mountpoint: String,
    /// Its type.
    pub filesystem_type: Option<String>,
    /// Whether it is mounted read-only: such a one is full by nature.
    pub filesystem_read_only: Option<bool>,
    /// Its size.
    pub filesystem_size_bytes: Option<i64>,
    /// Free for everybody.
    pub filesystem_available_bytes: Option<i64>,
    /// Free, the part reserved for root included.
    pub filesystem_free_bytes: Option<i64>,
    /// Inodes it can hold.
    pub filesystem_inodes: Option<i64>,
    /// Inodes still free.
    pub filesystem_inodes_free: Option<i64>,
    /// Used bytes (size less what is available) over the last hours.
    pub used_points: Vec<Point>,
}
