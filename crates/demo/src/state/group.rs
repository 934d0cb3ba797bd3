//! A control group: what it has counted, and what is in it.

use std::ops::AddAssign;

/// What only grows and adds up over the groups in a group. Times in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counters {
    pub(crate) cpu: i64,
    pub(crate) user: i64,
    pub(crate) system: i64,
    pub(crate) periods: i64,
    pub(crate) throttled_periods: i64,
    pub(crate) throttled: i64,
    pub(crate) faults: i64,
    pub(crate) major_faults: i64,
    pub(crate) scanned: i64,
    pub(crate) stolen: i64,
    pub(crate) refaults: i64,
    pub(crate) oom_kills: i64,
    pub(crate) limit_hits: i64,
    pub(crate) read_bytes: i64,
    pub(crate) write_bytes: i64,
    pub(crate) reads: i64,
    pub(crate) writes: i64,
}

impl AddAssign for Counters {
    fn add_assign(&mut self, other: Counters) {
        self.cpu += other.cpu;
        self.user += other.user;
        self.system += other.system;
        self.periods += other.periods;
        self.throttled_periods += other.throttled_periods;
        self.throttled += other.throttled;
        self.faults += other.faults;
        self.major_faults += other.major_faults;
        self.scanned += other.scanned;
        self.stolen += other.stolen;
        self.refaults += other.refaults;
        self.oom_kills += other.oom_kills;
        self.limit_hits += other.limit_hits;
        self.read_bytes += other.read_bytes;
        self.write_bytes += other.write_bytes;
        self.reads += other.reads;
        self.writes += other.writes;
    }
}

/// Time in which some, or all, tasks waited, in microseconds. It does not add up: tasks wait at the same time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pressure {
    pub(crate) cpu: (i64, i64),
    pub(crate) memory: (i64, i64),
    pub(crate) io: (i64, i64),
}

impl Pressure {
    /// What a group with several in it waits at least.
    pub(crate) fn or(self, other: Pressure) -> Pressure {
        let more = |a: (i64, i64), b: (i64, i64)| (a.0.max(b.0), a.1.max(b.1));
        Pressure {
            cpu: more(self.cpu, other.cpu),
            memory: more(self.memory, other.memory),
            io: more(self.io, other.io),
        }
    }

    /// What is added by a further span.
    pub(crate) fn and(self, other: Pressure) -> Pressure {
        let sum = |a: (i64, i64), b: (i64, i64)| (a.0 + b.0, a.1 + b.1);
        Pressure {
            cpu: sum(self.cpu, other.cpu),
            memory: sum(self.memory, other.memory),
            io: sum(self.io, other.io),
        }
    }
}

/// What is in it now, in bytes, tasks and processes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Gauges {
    pub(crate) anon: i64,
    pub(crate) file: i64,
    pub(crate) inactive_file: i64,
    pub(crate) dirty: i64,
    pub(crate) kernel: i64,
    pub(crate) sock: i64,
    pub(crate) pids: i64,
    pub(crate) processes: i64,
    /// Its writable layer and its log files on the node.
    pub(crate) layer: i64,
    pub(crate) logs: i64,
}

impl Gauges {
    /// Memory that is charged.
    pub(crate) fn usage(&self) -> i64 {
        self.anon + self.file + self.kernel + self.sock
    }
}

impl AddAssign for Gauges {
    fn add_assign(&mut self, other: Gauges) {
        self.anon += other.anon;
        self.file += other.file;
        self.inactive_file += other.inactive_file;
        self.dirty += other.dirty;
        self.kernel += other.kernel;
        self.sock += other.sock;
        self.pids += other.pids;
        self.processes += other.processes;
        self.layer += other.layer;
        self.logs += other.logs;
    }
}

/// A control group as the agent has it: increases since its last row, totals of its life, what it holds.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    pub(crate) path: String,
    /// The runtime's id; empty for a pod's.
    pub(crate) id: String,
    pub(crate) started: i64,
    /// Whether it was there before the agent: its first row has nothing to subtract from.
    pub(crate) found: bool,
    /// Until when it was simulated.
    pub(crate) at: i64,
    /// When its last row was.
    pub(crate) row_at: Option<i64>,
    pub(crate) since: Counters,
    pub(crate) waited: Pressure,
    pub(crate) total: Counters,
    pub(crate) gauges: Gauges,
    pub(crate) peak: i64,
    pub(crate) ended: Option<i64>,
}

impl Group {
    /// One that begins at a moment and is seen to.
    pub(crate) fn born(path: String, id: String, at: i64) -> Group {
        Group {
            path,
            id,
            started: at,
            found: false,
            at,
            row_at: None,
            since: Counters::default(),
            waited: Pressure::default(),
            total: Counters::default(),
            gauges: Gauges::default(),
            peak: 0,
            ended: None,
        }
    }

    /// One that has run since `started` and is found at `at`.
    pub(crate) fn found(path: String, id: String, started: i64, at: i64) -> Group {
        Group {
            started,
            found: true,
            ..Group::born(path, id, at)
        }
    }

    /// Adds what happened up to a moment.
    pub(crate) fn add(&mut self, counters: Counters, waited: Pressure, until: i64) {
        self.since += counters;
        self.total += counters;
        self.waited = self.waited.and(waited);
        self.at = self.at.max(until);
    }

    /// Sets what it holds now.
    pub(crate) fn hold(&mut self, gauges: Gauges) {
        self.gauges = gauges;
        self.peak = self.peak.max(gauges.usage());
    }

    /// Since its last row, or since its birth when that was seen; `None` in the first row of one that was found.
    pub(crate) fn interval(&self) -> Option<i64> {
        let since = self.row_at.or((!self.found).then_some(self.started))?;
        Some((self.at - since).max(0))
    }

    /// Its row is written.
    pub(crate) fn reported(&mut self) {
        self.row_at = Some(self.at);
        self.since = Counters::default();
        self.waited = Pressure::default();
    }
}
