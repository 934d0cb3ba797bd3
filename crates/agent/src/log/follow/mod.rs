//! Following files: which is which, how far each was read, what to do next.
//!
//! A file is known by device, inode and what it begins with ([`print`]). What is to be done with it is a pure function
//! of what was just seen ([`next`]); [`Follower`] sees and does. [`find`] takes in what a directory holds now and settles
//! which of it is new, renamed, copied, compressed or gone; [`read`] takes bytes, in turns.

mod find;
mod gzip;
mod held;
mod instance;
pub(crate) mod log;
mod next;
mod notes;
mod print;
mod read;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) use instance::{Instance, Stat};
pub(crate) use log::{Log, Sink};
pub(crate) use print::Print;

use super::batch::Batch;
use super::checkpoint::Restored;
use super::count::{Count, Totals};
use super::entry::{EntryRules, RateLimit, Selection, SourceName};
use super::source::Source;
use crate::source::ledger::Ledger;
use find::Copying;
use instance::Input;
use next::{Action, Name, Phase};

/// How much of one file is read before it is another's turn.
const QUOTA: usize = 256 << 10;
/// How long a copy of a file that is gone is looked for.
const PART_USEC: u64 = 30_000_000;
/// How often a file that grows is looked at.
const LOOK_USEC: u64 = 200_000;
/// How often one that does not is looked at.
const LOOK_IDLE_USEC: u64 = 1_000_000;
/// The most files that are decompressed at once.
const GZIP_MAX: usize = 4;
/// A log without files is forgotten after so long.
const EMPTY_USEC: u64 = 600_000_000;

/// What following needs to know.
#[derive(Debug, Clone)]
pub(crate) struct FollowSettings {
    pub(crate) rules: Arc<EntryRules>,
    pub(crate) selection: Selection,
    /// Bytes a second for each log.
    pub(crate) rate: Option<u64>,
    /// Files last written earlier than this are passed over at the first start, in microseconds.
    pub(crate) first_age_usec: i64,
    /// The most bytes of removed files that are held.
    pub(crate) held_max: u64,
    /// The most files that are open at once.
    pub(crate) open_max: usize,
    /// The most file instances that are known at once.
    pub(crate) files_max: usize,
}

/// What is told of following.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FollowFigures {
    /// Logs.
    pub(crate) logs: u64,
    /// File instances.
    pub(crate) files: u64,
    /// Of these, open.
    pub(crate) open: u64,
    /// Bytes written and not read.
    pub(crate) unread_bytes: u64,
    /// Bytes of removed files that are held open.
    pub(crate) held_bytes: u64,
    /// Files that were not followed because there are too many.
    pub(crate) files_left_out: u64,
    /// Files that turned out cut off or written over.
    pub(crate) truncations: u64,
    /// Files that were found again as a copy or compressed.
    pub(crate) copies: u64,
}

/// Follows files.
#[derive(Debug)]
pub(crate) struct Follower {
    pub(crate) settings: FollowSettings,
    pub(crate) logs: HashMap<u32, Log>,
    by_source: HashMap<Arc<str>, u32>,
    files: HashMap<u64, Instance>,
    by_inode: HashMap<(u64, u64), u64>,
    ready: VecDeque<u64>,
    /// Instances that are gone, of which a copy is looked for.
    parted: Vec<u64>,
    /// Instances forgotten since the last note.
    forgotten: Vec<u64>,
    /// Instances whose assemblers wait for time to pass.
    waiting: HashSet<u64>,
    /// Files that may be copies being made.
    copying: HashMap<(u64, u64), Copying>,
    /// Directories to look into again.
    pub(crate) look_into: HashSet<PathBuf>,
    next_log: u32,
    next_file: u64,
    open: usize,
    gzips: usize,
    /// No checkpoint was found: what is there now was written before anybody read it.
    pub(crate) is_first: bool,
    buffer: Vec<u8>,
    pub(crate) sources: Ledger,
    figures: FollowFigures,
}

impl Follower {
    /// Goes on where an earlier process was, or starts.
    pub(crate) fn new(settings: FollowSettings, restored: &Restored) -> Follower {
        let mut follower = Follower {
            is_first: !restored.is_known,
            settings,
            logs: HashMap::new(),
            by_source: HashMap::new(),
            files: HashMap::new(),
            by_inode: HashMap::new(),
            ready: VecDeque::new(),
            parted: Vec::new(),
            forgotten: Vec::new(),
            waiting: HashSet::new(),
            copying: HashMap::new(),
            look_into: HashSet::new(),
            next_log: 1,
            next_file: 1,
            open: 0,
            gzips: 0,
            buffer: vec![0; QUOTA],
            sources: Ledger::default(),
            figures: FollowFigures::default(),
        };
        for (id, log) in restored.sources() {
            follower.next_log = follower.next_log.max(id + 1);
            follower.add_log(id, log.source, log.totals, log.reported, true);
        }
        let (files, highest) = restored.files();
        follower.next_file = highest + 1;
        for (id, at) in files {
            let Some(log) = follower.logs.get_mut(&at.source) else {
                continue;
            };
            log.files.push(id);
            follower.by_inode.insert(at.inode, id);
            follower.files.insert(id, Instance::restored(id, &at));
        }
        follower
    }

    /// The log of a source, if it is known.
    pub(crate) fn log_id(&self, source: &Source) -> Option<u32> {
        self.by_source.get(&source.name).copied()
    }

    /// The log of a source, made when it is new.
    pub(crate) fn log_of(&mut self, source: &Source) -> u32 {
        if let Some(id) = self.log_id(source) {
            if let Some(log) = self.logs.get_mut(&id)
                && log.source != *source
            {
                // A container whose name was not known yet.
                log.source = source.clone();
                log.is_named = false;
            }
            return id;
        }
        let id = self.next_log;
        self.next_log += 1;
        self.add_log(
            id,
            source.clone(),
            Totals::default(),
            Totals::default(),
            false,
        );
        id
    }

    fn add_log(&mut self, id: u32, source: Source, totals: Totals, reported: Totals, named: bool) {
        let [namespace, pod, _, container] = source.columns().map(Option::unwrap_or_default);
        let rules = self.settings.rules.of_source(&SourceName {
            namespace,
            pod,
            container,
            path: "",
        });
        // Ten seconds' worth may come at once.
        let limit = |rate: u64| RateLimit::new(rate, rate.saturating_mul(10), 0);
        let log = Log {
            container_id: None,
            totals,
            reported,
            in_frame: 0,
            is_dirty: false,
            is_named: named,
            rules,
            limit: self.settings.rate.map(limit),
            files: Vec::new(),
            last_row: 0,
            last_gauges: [0; 4],
            empty_since: None,
            source: source.clone(),
        };
        self.by_source.insert(source.name, id);
        self.logs.insert(id, log);
    }

    /// Looks at every file whose time has come, and does what follows from it. `now` is the monotonic clock's,
    /// `wall` microseconds since 1970.
    pub(crate) fn look(&mut self, now: u64, wall: i64, batch: &mut Batch) {
        let due: Vec<u64> = self
            .files
            .values()
            .filter(|file| file.look_at <= now && file.is_located && file.phase != Phase::Gone)
            .map(|file| file.id)
            .collect();
        for id in due {
            self.look_at(id, now, wall, batch);
        }
        let waiting: Vec<u64> = self.waiting.iter().copied().collect();
        for id in waiting {
            self.tick_file(id, wall, batch);
        }
        self.expire(now, wall, batch);
        self.release_held(now, wall, batch);
    }

    /// Looks at one file.
    fn look_at(&mut self, id: u64, now: u64, wall: i64, batch: &mut Batch) {
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        let idle = now.saturating_sub(file.grown_at) / 8;
        file.look_at = now + idle.clamp(LOOK_USEC, LOOK_IDLE_USEC);
        if file.is_settled || file.is_ready {
            return;
        }
        let seen = match (&file.input, &file.path) {
            (Input::Plain(open), _) => open.metadata().ok(),
            // Compressed files do not grow.
            (Input::Gzip(_), _) => return self.make_ready(id),
            (Input::Closed, Some(path)) => std::fs::metadata(path).ok(),
            (Input::Closed, None) => None,
        };
        let seen = seen.map(|metadata| Stat::of(&metadata));
        let Some(seen) = seen.filter(|stat| stat.inode == file.inode) else {
            // It was renamed, replaced or removed; its directory tells.
            if let Some(dir) = file.path.as_deref().and_then(Path::parent) {
                self.look_into.insert(dir.to_owned());
            }
            return;
        };
        // Written to and not longer: only what it begins with tells whether it is the same.
        let is_touched = seen.written_usec != file.stat.written_usec
            && seen.size == file.tried
            && file.tried > 0;
        self.take_stat(id, seen, now);
        self.act(id, now, wall, batch);
        if is_touched {
            self.make_ready(id);
        }
    }

    /// Takes in what was seen of a file from outside.
    fn take_stat(&mut self, id: u64, seen: Stat, now: u64) {
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        if seen.size != file.stat.size || seen.written_usec != file.stat.written_usec {
            file.grown_at = now;
            file.look_at = file.look_at.min(now + LOOK_USEC);
        }
        file.stat = seen;
        if file.is_compressed {
            return;
        }
        file.size = seen.size;
        // Before it is read there may be a copy, or nothing but a copy: so what it begins with is looked at now.
        if seen.size > file.written_to
            && file.begins_as_it_did()
            && let Some(log) = self.logs.get_mut(&file.log)
        {
            log.count(Count::Written, seen.size - file.written_to);
            file.written_to = seen.size;
            file.is_dirty = true;
        }
    }

    /// Does what is next for a file.
    fn act(&mut self, id: u64, now: u64, wall: i64, batch: &mut Batch) {
        let Some(file) = self.files.get(&id) else {
            return;
        };
        // What it begins with is looked at with each read; a file that is shorter than what was read of it is told by
        // its length alone.
        let is_same = file.is_compressed || file.size >= file.tried.max(file.position);
        let (phase, action) = next::next(file.phase, &file.facts(is_same, now));
        if let Some(file) = self.files.get_mut(&id) {
            file.phase = phase;
        }
        match action {
            Action::Read => self.make_ready(id),
            Action::Wait => {}
            Action::Finish => self.finish(id, wall, batch),
            Action::Close => self.close(id),
            Action::Part => {
                self.figures.truncations += u64::from(!is_same);
                self.part(id, now);
            }
            // Its compressed copy, if there is one, takes its place and is then known as read.
            Action::Forget => self.part(id, now),
        }
    }

    fn make_ready(&mut self, id: u64) {
        if let Some(file) = self.files.get_mut(&id)
            && !file.is_ready
        {
            file.is_ready = true;
            self.ready.push_back(id);
        }
    }

    fn close(&mut self, id: u64) {
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        match std::mem::replace(&mut file.input, Input::Closed) {
            Input::Closed => return,
            Input::Gzip(_) => self.gzips -= 1,
            Input::Plain(_) => {}
        }
        self.open -= 1;
    }

    /// A file is not to be had any more as it was. A copy of it may be; it is looked for until the time is over.
    fn part(&mut self, id: u64, now: u64) {
        self.close(id);
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        tracing::debug!(
            id,
            file = &*file.shown,
            position = file.position,
            written = file.written_to,
            print = file.print.length,
            "a log file is not there any more as it was"
        );
        if let Some(dir) = file.path.take().as_deref().and_then(Path::parent) {
            self.look_into.insert(dir.to_owned());
        }
        file.phase = Phase::Gone;
        file.name = Name::None;
        file.tried = file.position;
        if file.part_until.is_none() {
            file.part_until = Some(now + PART_USEC);
            self.parted.push(id);
        }
        if self.by_inode.get(&file.inode) == Some(&id) {
            self.by_inode.remove(&file.inode);
        }
    }

    /// Lets go of instances of which no copy was found, and counts what of them is lost.
    fn expire(&mut self, now: u64, wall: i64, batch: &mut Batch) {
        let is_over = |files: &HashMap<u64, Instance>, id: &u64| {
            files
                .get(id)
                .is_none_or(|file| file.part_until.is_none_or(|until| until <= now))
        };
        let (over, parted) = std::mem::take(&mut self.parted)
            .into_iter()
            .partition(|id| is_over(&self.files, id));
        self.parted = parted;
        let over: Vec<u64> = over;
        for id in over {
            if self.files.get(&id).is_some_and(|f| f.part_until.is_some()) {
                self.lose(id, wall, batch);
            }
        }
        let empty: Vec<u32> = self
            .logs
            .iter_mut()
            .filter_map(|(id, log)| {
                if !log.files.is_empty() || log.totals.waiting() > 0 {
                    log.empty_since = None;
                    return None;
                }
                let since = *log.empty_since.get_or_insert(now);
                let is_told = log.reported == log.totals;
                (is_told && now.saturating_sub(since) >= EMPTY_USEC).then_some(*id)
            })
            .collect();
        for id in empty {
            if let Some(log) = self.logs.remove(&id) {
                self.by_source.remove(&log.source.name);
            }
        }
    }

    /// An instance is gone for good: what waits of it becomes entries, what was not read is lost.
    fn lose(&mut self, id: u64, wall: i64, batch: &mut Batch) {
        self.end_entries(id, &[], wall, batch);
        if let Some(file) = self.files.get(&id)
            && let Some(log) = self.logs.get_mut(&file.log)
        {
            let lost = file.written_to.saturating_sub(file.read_to);
            log.count(Count::Lost, lost);
            if lost > 0 {
                tracing::warn!(
                    log = &*log.source.name,
                    file = &*file.shown,
                    bytes = lost,
                    "a log file was gone before it was read"
                );
            }
        }
        self.forget(id);
    }

    fn forget(&mut self, id: u64) {
        self.close(id);
        self.waiting.remove(&id);
        let Some(file) = self.files.remove(&id) else {
            return;
        };
        self.forgotten.push(id);
        if self.by_inode.get(&file.inode) == Some(&id) {
            self.by_inode.remove(&file.inode);
        }
        if let Some(log) = self.logs.get_mut(&file.log) {
            log.files.retain(|known| *known != id);
        }
    }

    /// Whether something is there to be read now.
    pub(crate) fn is_behind(&self) -> bool {
        !self.ready.is_empty()
    }

    /// What is told of it.
    pub(crate) fn figures(&self) -> FollowFigures {
        let sum = |of: fn(&Instance) -> u64| self.files.values().map(of).sum();
        FollowFigures {
            logs: self.logs.len() as u64,
            files: self.files.len() as u64,
            open: self.open as u64,
            unread_bytes: sum(Instance::unread),
            held_bytes: sum(|file| if file.is_held() { file.unread() } else { 0 }),
            ..self.figures
        }
    }

    /// A log's gauges: files, unread bytes, held bytes.
    pub(crate) fn gauges(&self, log: &Log) -> [u64; 3] {
        log.files.iter().filter_map(|id| self.files.get(id)).fold(
            [0; 3],
            |[files, unread, held], file| {
                let bytes = file.unread();
                let is_alive = !file.is_settled && (file.name == Name::Live || bytes > 0);
                [
                    files + u64::from(is_alive),
                    unread + bytes,
                    held + if file.is_held() { bytes } else { 0 },
                ]
            },
        )
    }
}

#[cfg(test)]
mod tests;
