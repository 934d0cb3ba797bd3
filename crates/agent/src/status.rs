//! What an agent says of itself: the body of `PUT /api/agents/{agent}`, and what `/api/sources` shows.

use serde::Serialize;
use wire::AgentId;

use crate::calendar::rfc3339;
use crate::clock::process_cpu_usec;
use crate::log::LogFigures;
use crate::outbox::Outbox;
use crate::own::{self, Rights};
use crate::run::{Logs, State};
use crate::settings::Settings;
use crate::ship::{SharedFigures, ShipFigures};
use crate::source::{Counters, Feature, FileReport};
use crate::spool::{Figures, Loss};

/// What does not change while an agent runs.
#[derive(Debug)]
pub(crate) struct About {
    cluster: String,
    node: String,
    region: Option<String>,
    enhanced: bool,
    started_usec: i64,
    rights: Rights,
}

impl About {
    pub(crate) fn new(settings: &Settings) -> About {
        About {
            cluster: settings.cluster.clone(),
            node: settings.node.clone(),
            region: settings.region.clone(),
            enhanced: settings.enhanced,
            started_usec: crate::clock::wall_usec(),
            rights: own::rights(),
        }
    }
}

/// An agent's report of itself.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    #[serde(skip)]
    id: AgentId,
    /// The agent's id.
    pub agent: String,
    /// Its version.
    pub version: &'static str,
    /// The cluster's name.
    pub cluster: String,
    /// The node's name.
    pub node: String,
    /// The AWS region that the node is said to be in.
    pub region: Option<String>,
    /// Whether the enhanced names of Container Insights are asked for.
    pub enhanced: bool,
    /// As whom it runs.
    #[serde(flatten)]
    pub rights: Rights,
    /// When it started.
    pub started: String,
    /// The last tick.
    pub last_tick: Option<String>,
    /// Seconds between ticks now.
    pub interval_seconds: u64,
    /// Seconds between ticks that are asked for; less than the above when reading costs more than it may.
    pub wanted_interval_seconds: u64,
    /// Age of the oldest row that the server does not have yet, in seconds; 0 when it has all.
    pub lag_seconds: f64,
    /// What waits on the node.
    pub spool: SpoolStatus,
    /// How sending goes.
    pub ship: ShipStatus,
    /// Logs, where they are read.
    pub logs: Option<LogStatus>,
    /// What the agent costs.
    pub own: OwnStatus,
    /// Layout of control groups.
    pub cgroup_version: Option<&'static str>,
    /// Where the host's directories are seen.
    pub roots: [String; 4],
    /// Kernel features that some columns need.
    pub features: Vec<Feature>,
    /// Counts of reading.
    pub counters: Option<Counters>,
    /// Every file, or name of files, that is read or would be.
    pub sources: Vec<SourceStatus>,
}

/// One file, or all files of a name.
#[derive(Debug, Clone, Serialize)]
pub struct SourceStatus {
    /// What the sampler says of it.
    #[serde(flatten)]
    pub file: FileReport,
    /// When it was last read.
    pub last_read: Option<String>,
}

/// What waits on the node, and what was lost there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SpoolStatus {
    /// Bytes of waiting frames.
    pub bytes: u64,
    /// Frames that wait.
    pub frames: u64,
    /// Rows that wait.
    pub rows: u64,
    /// Bytes of the spool's files.
    pub disk_bytes: u64,
    /// Bytes of frames that wait in memory because the disk cannot be written.
    pub memory_bytes: u64,
    /// Frames lost since the start, for whatever reason.
    pub dropped_frames: u64,
    /// Rows lost since the start.
    pub dropped_rows: u64,
    /// Frames that the server refused and that were set aside.
    pub refused_frames: u64,
    /// Writes that failed.
    pub write_failures: u64,
}

/// Reading and sending of logs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogStatus {
    /// The id under which log frames are numbered.
    pub agent: String,
    /// How reading goes.
    #[serde(flatten)]
    pub read: LogFigures,
    /// Age of the oldest entry that the server does not have yet, in seconds; 0 when it has all.
    pub lag_seconds: f64,
    /// What waits on the node.
    pub spool: SpoolStatus,
    /// How sending goes.
    pub ship: ShipStatus,
}

/// How sending goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShipStatus {
    /// Frames that the server took since the start.
    pub frames: u64,
    /// Rows in them.
    pub rows: u64,
    /// Attempts that had to be made again.
    pub again: u64,
    /// Failures in a row until now.
    pub failures_in_a_row: u32,
    /// The last failure, in words; none after a success.
    pub last_failure: Option<String>,
}

/// What the agent costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct OwnStatus {
    /// CPU time of the process since its start.
    pub cpu_seconds: f64,
    /// Resident memory of the process.
    pub resident_bytes: Option<u64>,
    /// CPU time of the last tick.
    pub tick_cpu_seconds: f64,
    /// Ticks since the start.
    pub ticks: u64,
    /// Ticks that were missed.
    pub missed_ticks: u64,
}

impl Status {
    pub(crate) fn of(
        about: &About,
        outbox: &Outbox,
        state: &State,
        shipped: &SharedFigures,
        logs: Option<&Logs>,
        now_usec: i64,
    ) -> Status {
        let ticks = *state.ticks();
        let shipped = shipped.lock().clone();
        let (agent, spool, lag) = {
            let mut spool = outbox.spool();
            (
                spool.agent(),
                spool.figures(),
                lag_seconds(&mut spool, now_usec),
            )
        };
        let sources = state.sources().clone();
        let (files, features, counters, cgroup_version, roots) = match sources {
            Some(report) => {
                let roots = [
                    report.proc_root,
                    report.sys_root,
                    report.log_root,
                    report.host_root,
                ];
                (
                    report.files,
                    report.features,
                    Some(report.counters),
                    report.cgroup_version,
                    roots,
                )
            }
            None => Default::default(),
        };
        Status {
            id: agent,
            agent: agent.to_string(),
            version: env!("CARGO_PKG_VERSION"),
            cluster: about.cluster.clone(),
            node: about.node.clone(),
            region: about.region.clone(),
            enhanced: about.enhanced,
            rights: about.rights.clone(),
            started: rfc3339(about.started_usec),
            last_tick: ticks.last_tick_usec.map(rfc3339),
            interval_seconds: ticks.interval.as_secs(),
            wanted_interval_seconds: ticks.wanted_interval.as_secs(),
            lag_seconds: lag,
            spool: spool_status(&spool, shipped.refused.frames),
            ship: ship_status(shipped),
            logs: logs.map(|logs| log_status(logs, now_usec)),
            own: OwnStatus {
                cpu_seconds: process_cpu_usec() as f64 / 1e6,
                resident_bytes: own::resident_bytes(),
                tick_cpu_seconds: ticks.tick_cpu_usec as f64 / 1e6,
                ticks: ticks.schedule.ticks,
                missed_ticks: ticks.schedule.missed,
            },
            cgroup_version,
            roots,
            features,
            counters,
            sources: files
                .into_iter()
                .chain(logs.map(Logs::files).unwrap_or_default())
                .map(|file| SourceStatus {
                    last_read: file.last_read_time.map(rfc3339),
                    file,
                })
                .collect(),
        }
    }

    /// The agent's id.
    pub fn agent(&self) -> AgentId {
        self.id
    }
}

/// Age of the oldest row that waits, in seconds. A spool that cannot be read has its faults counted where it is sent from.
pub(crate) fn lag_seconds(spool: &mut crate::spool::Spool, now_usec: i64) -> f64 {
    let oldest = spool.oldest_time().ok().flatten();
    oldest.map_or(0.0, |oldest| {
        now_usec.saturating_sub(oldest).max(0) as f64 / 1e6
    })
}

fn log_status(logs: &Logs, now_usec: i64) -> LogStatus {
    let shipped = logs.shipped.lock().clone();
    let mut spool = logs.outbox.spool();
    LogStatus {
        agent: spool.agent().to_string(),
        read: logs.figures(),
        lag_seconds: lag_seconds(&mut spool, now_usec),
        spool: spool_status(&spool.figures(), shipped.refused.frames),
        ship: ship_status(shipped),
    }
}

fn ship_status(shipped: ShipFigures) -> ShipStatus {
    ShipStatus {
        frames: shipped.acknowledged.frames,
        rows: shipped.acknowledged.rows,
        again: shipped.again.iter().sum(),
        failures_in_a_row: shipped.failures_in_a_row,
        last_failure: shipped.last_failure,
    }
}

fn spool_status(figures: &Figures, refused_frames: u64) -> SpoolStatus {
    let mut status = SpoolStatus {
        bytes: 0,
        frames: 0,
        rows: 0,
        disk_bytes: figures.disk_bytes,
        memory_bytes: figures.memory_bytes,
        dropped_frames: 0,
        dropped_rows: 0,
        refused_frames,
        write_failures: figures.write_failures,
    };
    for lane in &figures.lanes {
        status.bytes += lane.waiting.bytes;
        status.frames += lane.waiting.frames;
        status.rows += lane.waiting.rows;
        for (at, _) in Loss::ALL.iter().enumerate() {
            status.dropped_frames += lane.lost[at].frames;
            status.dropped_rows += lane.lost[at].rows;
        }
    }
    status
}
