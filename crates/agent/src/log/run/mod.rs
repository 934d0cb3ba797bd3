//! The thread that reads logs.
//!
//! One loop: what was announced or is due is looked into, files are read in turns, what was read is cut into frames and
//! put into the spool of logs, and each tick has its rows of the ledger. The spool is the logs' own, and so is the thread
//! that sends from it: metrics and logs never hold each other up. When the spool is full nothing is read: the files
//! themselves are the buffer.

mod state;
mod writer;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit};

pub use state::LogFigures;
pub(crate) use state::LogState;

use super::checkpoint::{Mirror, Restored, snapshot};
use super::count::{Count, Totals};
use super::discover::{Discovery, Look, Places};
use super::follow::{FollowSettings, Follower};
use super::journal::Journal;
use super::ledger::LedgerRows;
use super::settings::{JournalUse, LogSettings};
use crate::clock::{monotonic_usec, thread_cpu_usec, wall_usec};
use crate::outbox::Outbox;
use crate::run::StartError;
use crate::run::schedule::{Schedule, Step};
use crate::run::wake::{Waker, Woken};
use crate::source::Roots;
use crate::source::ledger::SourceId;
use crate::spool::{Recovery, Spool, SpoolSettings, WhenFull};
use writer::Writer;

/// A frame is cut at so many bytes of messages,
const FRAME_BYTES: usize = 1 << 20;
/// or so long after its first entry.
const FRAME_USEC: u64 = 1_000_000;
/// How much is read before anything else is looked at.
const ROUND_BYTES: usize = 4 << 20;
/// How often everything is listed, with inotify and without.
const LIST_USEC: u64 = 10_000_000;
const LIST_ALONE_USEC: u64 = 2_000_000;
/// Listings take no more than this part of the time.
const LIST_SHARE: u64 = 20;
/// How long the thread sleeps at most.
const SLEEP: Duration = Duration::from_millis(200);
/// How often the figures are told.
const TELL_USEC: u64 = 1_000_000;
/// Frames that wait in memory while the disk cannot be written.
const MEMORY_MAX: u64 = 16 << 20;
/// The most file instances that are followed.
const FILES_MAX: usize = 65_536;

/// What the reader is made with.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) settings: LogSettings,
    pub(crate) cluster: String,
    pub(crate) node: String,
    pub(crate) roots: Roots,
    pub(crate) announcements: bool,
    /// Time between rows of the ledger.
    pub(crate) interval: Duration,
    /// zstd's level.
    pub(crate) compression: i32,
    /// What tells this machine from others.
    pub(crate) machine: String,
}

/// Reads logs.
pub(crate) struct LogReader {
    discovery: Discovery,
    follower: Follower,
    journal: Option<Journal>,
    writer: Writer,
    ledger: LedgerRows,
    schedule: Schedule,
    state: Arc<LogState>,
    cpu: Share,
    list_at: u64,
    tell_at: u64,
    closed: HashMap<PathBuf, SourceId>,
}

impl LogReader {
    /// Opens the spool of logs and what an earlier process left there.
    ///
    /// # Errors
    /// The spool cannot be opened, or the rules cannot be understood.
    pub(crate) fn open(
        reading: Reading,
    ) -> Result<(LogReader, Arc<Outbox>, Arc<LogState>, Recovery), StartError> {
        let settings = reading.settings;
        let (rules, selection) = settings.rules(super::host::place(&reading.roots))?;
        let dir = settings.spool_dir.clone();
        std::fs::create_dir_all(&dir).map_err(|source| StartError::System {
            what: "make the folder of the logs' spool",
            source,
        })?;
        let found = snapshot::load(&dir).map_err(|source| StartError::System {
            what: "read the checkpoints of logs",
            source,
        })?;
        let (kept, everything) = match found {
            snapshot::Found::Whole(number, note) => (number, Some(note)),
            snapshot::Found::None => (0, None),
            snapshot::Found::Broken => {
                tracing::error!(
                    "the checkpoints of logs cannot be understood; they were set aside, and files of which no \
                                 newer note is there are read again"
                );
                (0, None)
            }
        };
        let mut restored = Restored::default();
        let (spool, recovery) = Spool::open_with(
            SpoolSettings {
                dir: dir.clone(),
                machine: reading.machine,
                max_bytes: settings.spool_max_bytes,
                memory_max_bytes: MEMORY_MAX,
                when_full: WhenFull::Refuse,
            },
            kept,
            &mut |note| restored.note(note.number, note.bytes, note.number > kept, note.waits),
        )?;
        if let Some(note) = everything {
            restored.snapshot(kept, note);
        }
        let outbox = Arc::new(Outbox::new(spool));
        let state = Arc::new(LogState::default());
        let follow = FollowSettings {
            rules,
            selection,
            rate: settings.rate,
            first_age_usec: i64::try_from(settings.first_age.as_micros()).unwrap_or(i64::MAX),
            held_max: settings.held_max,
            open_max: open_max(),
            files_max: FILES_MAX,
        };
        let roots = &reading.roots;
        let has_syslog = ["messages", "syslog"]
            .iter()
            .any(|name| roots.log.join(name).exists());
        let wants_journal = match settings.journal {
            JournalUse::Off => false,
            JournalUse::On => true,
            JournalUse::Auto => settings.host && !has_syslog,
        };
        let folder = Journal::folder(&roots.host, &roots.log).filter(|_| wants_journal);
        let journal = folder.map(|dir| {
            let first_age = settings.first_age.as_secs();
            Journal::new(
                "journalctl".into(),
                dir,
                first_age,
                restored.journal.clone(),
            )
        });
        let wall = wall_usec();
        let reader = LogReader {
            discovery: Discovery::new(Places {
                log: roots.log.clone(),
                host: roots.host.clone(),
                host_logs: settings.host,
                files: settings.files.clone(),
                announcements: reading.announcements,
            }),
            follower: Follower::new(follow, &restored),
            journal,
            writer: Writer::new(
                &reading.cluster,
                &reading.node,
                reading.compression,
                dir,
                Arc::clone(&outbox),
                Mirror::of(&restored),
            )?,
            ledger: LedgerRows::new(&reading.cluster, &reading.node)?,
            schedule: Schedule::new(reading.interval, wall),
            state: Arc::clone(&state),
            cpu: Share::new(settings.cpu_share),
            list_at: 0,
            tell_at: 0,
            closed: HashMap::new(),
        };
        Ok((reader, outbox, state, recovery))
    }

    /// Reads until it is told to end; what was read is on disk then.
    pub(crate) fn run(mut self, waker: &Waker) {
        loop {
            let wait = self.step();
            let journal = self.journal.as_ref().and_then(Journal::fd);
            let blocked = self.writer.is_blocked();
            let fds = self
                .discovery
                .announcements()
                .into_iter()
                .chain(journal.filter(|_| !blocked));
            if waker.wait(fds, wait) == Woken::Stop {
                break;
            }
        }
        self.end();
    }

    /// Puts what was read on disk.
    pub(crate) fn end(&mut self) {
        self.cut();
        self.writer.flush(monotonic_usec());
        self.writer.store_snapshot(&self.follower);
        self.tell(monotonic_usec());
    }

    /// Does what is due, and answers how long nothing is.
    pub(crate) fn step(&mut self) -> Duration {
        self.step_at(monotonic_usec(), wall_usec())
    }

    /// Does what is due by these clocks.
    fn step_at(&mut self, now: u64, wall: i64) -> Duration {
        self.take_answers();
        self.look_around(now, wall);
        let batch = &mut self.writer.batch;
        self.follower.look(now, wall, batch);
        let mut got = 0;
        if !self.writer.is_blocked() {
            let batch = &mut self.writer.batch;
            got += self
                .follower
                .turn(now, wall, batch, ROUND_BYTES, FRAME_BYTES);
            if let Some(journal) = &mut self.journal {
                got += journal.read(now, wall, &mut self.follower, batch, FRAME_BYTES);
            }
        }
        let is_behind = self.follower.is_behind();
        if self.writer.is_due(now, FRAME_BYTES, FRAME_USEC) {
            self.cut();
        }
        if let Step::Tick(tick) = self.schedule.ask(wall, now) {
            self.tick(tick, now);
        }
        self.writer.write(now, is_behind, &self.follower);
        if now >= self.tell_at {
            self.tell_at = now + TELL_USEC;
            self.tell(now);
        }
        let pause = self.cpu.pause(thread_cpu_usec(), monotonic_usec());
        if pause > Duration::ZERO {
            pause.min(SLEEP)
        } else if got > 0 && is_behind && !self.writer.is_blocked() {
            Duration::ZERO
        } else {
            SLEEP.min(self.writer.due_in(now, FRAME_USEC))
        }
    }

    fn cut(&mut self) {
        let journal = self.journal.as_mut().and_then(Journal::changes);
        self.writer.cut(&mut self.follower, journal);
    }

    /// What the server answered for since the last time.
    fn take_answers(&mut self) {
        for (id, (acknowledged, refused)) in self.state.take_answers() {
            if let Some(log) = self.follower.logs.get_mut(&id) {
                log.count(Count::Acknowledged, acknowledged);
                log.count(Count::Refused, refused);
            }
        }
    }

    /// Lists what is due.
    fn look_around(&mut self, now: u64, wall: i64) {
        let mut dirs = match self.discovery.announced() {
            Some(dirs) => dirs,
            None => {
                self.list_at = 0;
                HashSet::new()
            }
        };
        dirs.extend(self.follower.look_into.drain());
        if now >= self.list_at {
            let start = Instant::now();
            let look = self.discovery.all();
            let sources: Vec<_> = look.families.iter().map(|f| f.source.clone()).collect();
            self.take_in(look, now, wall);
            let seen = sources
                .iter()
                .filter_map(|source| self.follower.log_id(source))
                .collect();
            self.follower.not_seen(&seen, now);
            self.follower.is_first = false;
            let every = match self.discovery.watched() {
                Some(_) => LIST_USEC,
                None => LIST_ALONE_USEC,
            };
            let cost = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.list_at = now + every.max(cost.saturating_mul(LIST_SHARE));
        } else if !dirs.is_empty() {
            let look = self.discovery.some(&dirs);
            self.take_in(look, now, wall);
        }
    }

    fn take_in(&mut self, look: Look, now: u64, wall: i64) {
        self.follower.sources.set_time(wall);
        for closed in look.closed {
            let sources = &mut self.follower.sources;
            let path = closed.path.display().to_string();
            let entry = *self
                .closed
                .entry(closed.path.clone())
                .or_insert_with(|| sources.add(path, "logs"));
            let errno =
                rustix::io::Errno::from_io_error(&closed.error).unwrap_or(rustix::io::Errno::IO);
            sources.failed(entry, &closed.path, errno);
        }
        for family in &look.families {
            self.follower
                .family(family, now, wall, &mut self.writer.batch);
        }
    }

    /// Rows of the ledger. What they tell is in frames: those come first.
    fn tick(&mut self, tick: i64, now: u64) {
        if self.writer.is_blocked() {
            // It comes with the next tick; sums stay right.
            return;
        }
        self.cut();
        match self.ledger.tick(&mut self.follower, tick, now) {
            Ok(Some(rows)) => {
                let journal = self.journal.as_mut().and_then(Journal::changes);
                self.writer.ledger(&rows, tick, &mut self.follower, journal);
            }
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "rows of the log ledger were not made"),
        }
    }

    fn tell(&mut self, now: u64) {
        let mut totals = Totals::default();
        for log in self.follower.logs.values() {
            for (sum, one) in totals.0.iter_mut().zip(log.totals.0) {
                *sum += one;
            }
        }
        let files = self.follower.sources.entries();
        let files = files.iter().map(crate::source::file_report).collect();
        let figures = LogFigures::new(
            self.follower.figures(),
            totals,
            self.discovery.watched(),
            self.writer.is_full(),
            thread_cpu_usec(),
            self.journal.as_ref(),
        );
        self.state.tell(figures, files, now);
    }
}

/// How many logs may be open: a part of what the process may, as cgroups have theirs.
fn open_max() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(limit / 3)
        .unwrap_or(usize::MAX)
        .clamp(16, 16_384)
}

/// Keeps a thread within its share of a core.
#[derive(Debug)]
struct Share {
    share: f64,
    /// Where the present stretch began: CPU time and time.
    start: Option<(u64, u64)>,
}

/// A stretch this long is forgotten: what was not used is not saved up.
const STRETCH_USEC: u64 = 10_000_000;

impl Share {
    fn new(share: f64) -> Share {
        Share { share, start: None }
    }

    /// How long to do nothing, so that the share is kept.
    fn pause(&mut self, cpu: u64, now: u64) -> Duration {
        let (cpu_then, then) = *self.start.get_or_insert((cpu, now));
        let (used, passed) = (cpu.saturating_sub(cpu_then), now.saturating_sub(then));
        let due = (used as f64 / self.share) as u64;
        if due > passed {
            return Duration::from_micros(due - passed);
        }
        if passed > STRETCH_USEC {
            self.start = Some((cpu, now));
        }
        Duration::ZERO
    }
}

#[cfg(test)]
mod tests;
