//! Every threshold of every rule, with its unit and its reason. Nothing else in the crate compares with a number.
//!
//! Times are microseconds, shares are 0 to 1. Alarms of others (kubernetes-mixin, the node mixin) wait long so that
//! nobody is woken for nothing; a page is looked at by somebody who asks, so it speaks sooner and keeps `critical` for
//! the moment at which those alarms would go off.

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Over how long a caller should add up measurements. Long enough for thirty rows of ten seconds, short enough that
/// a verdict follows what is done about it.
pub const WINDOW: i64 = 5 * MINUTE;

/// Over how long a caller should look back for kills and restarts (`OutOfMemory::kills`, `restarts_increase`).
pub const LOOK_BACK: i64 = HOUR;

/// How long a pod may be without a node, a claim without a volume, or a joining node not ready, before it is a finding. A
/// scheduler that has a fitting node takes well under a second.
pub const STARTING_GRACE: i64 = MINUTE;

/// How long a container may wait to be made once its pod has a node: volumes are mounted and images pulled in this time.
pub const MAKING_GRACE: i64 = 2 * MINUTE;

/// How long a running container may be not ready after its start. Virtual machines with much to load take this long.
pub const READY_GRACE: i64 = 2 * MINUTE;

/// After which a state that should pass becomes critical: kubernetes-mixin's alarms about pods that are not ready,
/// containers that wait and rollouts wait 15 minutes.
pub const CRITICAL_AFTER: i64 = 15 * MINUTE;

/// Restarts from which on one speaks of a loop: the kubelet's wait is then 40 s and doubles further.
pub const CRASH_RESTARTS: i64 = 3;

/// How long ago the last end may be for a loop. The kubelet's wait is at most 5 minutes and is forgotten after 10
/// minutes without an end.
pub const CRASH_RECENT: i64 = 10 * MINUTE;

/// How long a single restart, or a restart of a node, is told of.
pub const RESTART_RECENT: i64 = 10 * MINUTE;

/// How long a kill for lack of memory is told of.
pub const OOM_RECENT: i64 = LOOK_BACK;

/// Kills of child processes within [`LOOK_BACK`] from which on it is critical though the container lives: work is lost
/// again and again, and no restart shows it.
pub const OOM_KILLS_CRITICAL: i64 = 5;

/// Share of a limit that must have been used before a kill for that limit to be the one that was met. The last read
/// may be seconds before the kill, so it is not nearer to 1.
pub const OOM_LIMIT_MET: f64 = 0.9;

/// Share of the node's memory that must have been available for the node not to be the reason of a kill. The kernel
/// keeps a few percent (`min_free_kbytes`, reserves) for itself.
pub const OOM_NODE_EXHAUSTED: f64 = 0.03;

/// How far the node's report of a killed process may be from the kill in the measurements.
pub const OOM_VICTIM_NEAR: i64 = MINUTE;

/// How long a failed or evicted pod that is replaced is told of: afterwards it is a leftover.
pub const FAILED_RECENT: i64 = HOUR;

/// How long past its grace a pod may still be there. Its `deletionTimestamp` already includes the grace; unmounting and
/// the last report take some seconds more.
pub const TERMINATING_SLACK: i64 = 2 * MINUTE;

/// How long a namespace or claim may take to go away. Finalizers delete outside resources in this time.
pub const DELETING_GRACE: i64 = 5 * MINUTE;

/// Share of enforcement periods with a used-up quota from which on it is throttling: kubernetes-mixin's
/// `CPUThrottlingHigh` has 25 %.
pub const THROTTLED_PERIODS: f64 = 0.25;

/// Time held back, added over processors, per time passed, that must be lost besides: periods alone count a
/// container that is held back for a millisecond of each (kubernetes-mixin#108). 0.1 is 100 ms in each second.
pub const THROTTLED_TIME: f64 = 0.1;

/// Periods in the window below which nothing is said: 10 s of work at the usual 100 ms.
pub const THROTTLED_LEAST_PERIODS: i64 = 100;

/// Share of the time in which a task waited for a processor, beyond what its own limit held it back.
pub const STARVED_PRESSURE: f64 = 0.2;

/// The same of a whole node: there many tasks share the processors and some one of them waits more often.
pub const NODE_CPU_PRESSURE: f64 = 0.6;

/// Share of the node's processors from which on a container that waits, waits for itself.
pub const OWN_CPU_SHARE: f64 = 0.7;

/// Share of the time in which every task waited for disks.
pub const IO_PRESSURE: f64 = 0.25;

/// Share of a memory limit that cannot be reclaimed (anonymous, shared and kernel memory) from which on it is near.
pub const NEAR_LIMIT: f64 = 0.9;

/// The same for critical: a request more may end it.
pub const AT_LIMIT: f64 = 0.98;

/// Share of the limit that must be used for growth to count: below it, a heap that warms up looks like a leak.
pub const GROWTH_LEAST: f64 = 0.5;

/// Memory that is full within this time is near its limit.
pub const MEMORY_HORIZON: i64 = HOUR;

/// Memory that is full within this time is critical.
pub const MEMORY_HORIZON_CRITICAL: i64 = 10 * MINUTE;

/// Share of the time in which a task waited for memory from which on it is thrashing.
pub const THRASHING_PRESSURE: f64 = 0.1;

/// Share of the time in which every task waited for memory that is critical.
pub const THRASHING_FULL: f64 = 0.3;

/// Where the kernel has no pressure figures: pages a second read back soon after they were reclaimed (20 MiB/s of
/// 4 KiB pages).
pub const THRASHING_REFAULTS: f64 = 5_000.0;

/// Share of tasks, tracked connections or file handles from which on their limit is near. The node mixin warns at
/// 75 % of connections and 70 % of handles; those are steady on many nodes.
pub const COUNT_NEAR: f64 = 0.9;

/// Share of a node's memory that is available below which it is near its limit.
pub const NODE_MEMORY_LOW: f64 = 0.05;

/// The same for critical: the kubelet evicts at 100 MiB, which is 2 % of a node of 5 GB.
pub const NODE_MEMORY_CRITICAL: f64 = 0.02;

/// How far a node's clock may be off: the node mixin's `NodeClockSkewDetected` has 50 ms.
pub const CLOCK_OFFSET: i64 = 50_000;

/// How long nothing may have come from an agent.
pub const SILENT: i64 = 2 * MINUTE;

/// Intervals without a row before an agent that reports seldom is silent.
pub const SILENT_INTERVALS: i64 = 4;

/// How long replicas may be missing, a service be without addresses, or a rollout be on its way. A rolling update lets a
/// quarter of the replicas be missing by design.
pub const REPLICAS_GRACE: i64 = 2 * MINUTE;

/// Share of a cluster's nodes that must be unwell for the cluster to be critical.
pub const CLUSTER_NODES_CRITICAL: f64 = 0.2;

/// How many of the last log lines are evidence.
pub const LAST_LINES: usize = 3;

/// Most characters of a message or log line in evidence.
pub const TEXT_MOST: usize = 300;

/// What makes a file system short of space.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpaceLimits {
    /// Share that is free below which it is full in all but name: critical.
    pub critical_free: f64,
    /// Share that is free below which it is filling, growth or not.
    pub low_free: f64,
    /// Share that is free below which growth is looked at.
    pub growth_free: f64,
    /// Full within this time is a finding, in microseconds.
    pub horizon: i64,
    /// Full within this time is critical, in microseconds.
    pub horizon_critical: i64,
}

/// A volume with a claim: kubernetes-mixin's `KubePersistentVolumeFillingUp` is critical below 3 % and warns below 15 %
/// when it will be full in four days.
pub const VOLUME: SpaceLimits = SpaceLimits {
    critical_free: 0.03,
    low_free: 0.05,
    growth_free: 0.15,
    horizon: 4 * DAY,
    horizon_critical: 4 * HOUR,
};

/// A node's file system: the node mixin's `NodeFilesystemAlmostOutOfSpace` has 5 % and 3 %, its `…SpaceFillingUp` has a
/// day and four hours. Growth is looked at below 20 %, where the kubelet has begun to remove images.
pub const FILESYSTEM: SpaceLimits = SpaceLimits {
    critical_free: 0.03,
    low_free: 0.05,
    growth_free: 0.2,
    horizon: DAY,
    horizon_critical: 4 * HOUR,
};

/// Share of a file system that is free at which it is called full.
pub const FULL_FREE: f64 = 0.005;

/// Share of inodes that is free below which they are low. There is no growth of them in the tables.
pub const INODES_LOW: f64 = 0.05;

/// The same for critical, as kubernetes-mixin's `KubePersistentVolumeInodesFillingUp`.
pub const INODES_CRITICAL: f64 = 0.03;

/// What of the points of space is looked at by itself too: what began to grow of late is not steady over hours.
pub const SPACE_RECENT: i64 = 10 * MINUTE;

/// Points that growth needs.
pub const GROWTH_POINTS: usize = 5;

/// Most points that are looked at, evenly chosen: every pair of them is compared.
pub const GROWTH_POINTS_MOST: usize = 120;

/// Time that the points must span.
pub const GROWTH_SPAN: i64 = 5 * MINUTE;

/// Kendall's tau of time and value from which on growth is steady; 1 is growth from each point to every later one.
pub const GROWTH_STEADY: f64 = 0.7;

/// Greatest fall between two points, as a share of the range, that is not the tooth of a saw (garbage collection,
/// rotation).
pub const GROWTH_FALL: f64 = 0.25;

/// The slope of the later half as a share of the whole: less is growth that comes to rest.
pub const GROWTH_LATER: f64 = 0.5;

/// Growth over the span, as a share of the limit, below which it is noise.
pub const GROWTH_NOISE: f64 = 0.01;
