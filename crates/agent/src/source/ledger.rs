//! What was read, how often, and what could not be.

use std::path::{Path, PathBuf};

use rustix::io::Errno;

/// An entry of the [`Ledger`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceId(u16);

/// How reading a file went, last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Not tried: nothing that has such a file was seen.
    Untried,
    /// It was read.
    Read,
    /// It does not exist.
    Absent,
    /// It exists and could not be read.
    Unreadable,
}

/// Counts for one file, or for all files of one name in the cgroup tree.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The path, or the pattern of paths.
    pub(crate) path: String,
    /// What it feeds, in a few words.
    pub(crate) feeds: &'static str,
    /// How reading went the last time that it was tried.
    pub(crate) state: State,
    /// Whether it was ever read.
    pub(crate) ever: bool,
    /// A real path, of which mode and owner are asked for the report.
    pub(crate) example: Option<PathBuf>,
    /// Reads that gave bytes.
    pub(crate) reads: u64,
    /// Bytes read.
    pub(crate) bytes: u64,
    /// Reads that failed, other than because the file or its cgroup is gone.
    pub(crate) errors: u64,
    /// The last failure, an absent file included.
    pub(crate) last_error: Option<Errno>,
    /// When that was, in microseconds since 1970.
    pub(crate) last_error_time: Option<i64>,
    /// When it was last read.
    pub(crate) last_read_time: Option<i64>,
}

/// The entries of all sources.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    now: i64,
}

impl Ledger {
    /// Adds an entry, or finds the one that a path has already.
    pub(crate) fn add(&mut self, path: String, feeds: &'static str) -> SourceId {
        if let Some(known) = self.entries.iter().position(|e| e.path == path) {
            return SourceId(known as u16);
        }
        let id = SourceId(u16::try_from(self.entries.len()).unwrap_or(u16::MAX));
        self.entries.push(Entry {
            path,
            feeds,
            state: State::Untried,
            ever: false,
            example: None,
            reads: 0,
            bytes: 0,
            errors: 0,
            last_error: None,
            last_error_time: None,
            last_read_time: None,
        });
        id
    }

    /// Sets the time that goes into the entries.
    pub(crate) fn set_time(&mut self, wall: i64) {
        self.now = wall;
    }

    /// Notes a read.
    pub(crate) fn read(&mut self, id: SourceId, bytes: usize) {
        let now = self.now;
        if let Some(entry) = self.entries.get_mut(usize::from(id.0)) {
            entry.state = State::Read;
            entry.ever = true;
            entry.reads += 1;
            entry.bytes += bytes as u64;
            entry.last_read_time = Some(now);
        }
    }

    /// Notes a failure, and once the path that failed.
    pub(crate) fn failed(&mut self, id: SourceId, path: &Path, errno: Errno) {
        let now = self.now;
        let Some(entry) = self.entries.get_mut(usize::from(id.0)) else {
            return;
        };
        // Pressure files of a kernel started without PSI exist and are not supported.
        let absent = matches!(
            errno,
            Errno::NOENT | Errno::NODEV | Errno::NOTDIR | Errno::SRCH | Errno::OPNOTSUPP
        );
        // One cgroup without a file, or one that ended, does not make the file absent everywhere.
        if !(absent && entry.ever) {
            let state = if absent {
                State::Absent
            } else {
                State::Unreadable
            };
            if entry.state != state || entry.example.is_none() {
                entry.example = Some(path.to_owned());
            }
            entry.state = state;
            entry.last_error = Some(errno);
            entry.last_error_time = Some(now);
        }
        entry.errors += u64::from(!absent);
    }

    /// Remembers a real path for an entry that has none yet, and now and then a newer one: cgroups go.
    pub(crate) fn example(&mut self, id: SourceId, path: &Path) {
        if let Some(entry) = self.entries.get_mut(usize::from(id.0))
            && (entry.example.is_none() || entry.reads.is_multiple_of(128))
        {
            entry.example = Some(path.to_owned());
        }
    }

    /// All entries.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Reads and bytes over all entries.
    pub(crate) fn totals(&self) -> (u64, u64) {
        self.entries.iter().fold((0, 0), |(reads, bytes), e| {
            (reads + e.reads, bytes + e.bytes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_vanished_cgroup_does_not_make_a_file_absent() {
        let mut ledger = Ledger::default();
        let id = ledger.add("cpu.stat".into(), "cpu");
        ledger.read(id, 10);
        ledger.failed(id, Path::new("/a/cpu.stat"), Errno::NOENT);
        assert_eq!(ledger.entries()[0].state, State::Read);
        ledger.failed(id, Path::new("/b/cpu.stat"), Errno::ACCESS);
        assert_eq!(ledger.entries()[0].state, State::Unreadable);
        assert_eq!(ledger.entries()[0].errors, 1);
        assert_eq!(
            ledger.entries()[0].example.as_deref(),
            Some(Path::new("/b/cpu.stat"))
        );
    }

    #[test]
    fn a_file_that_never_was_is_absent_and_no_error() {
        let mut ledger = Ledger::default();
        let id = ledger.add("memory.peak".into(), "peak");
        ledger.failed(id, Path::new("/a/memory.peak"), Errno::NOENT);
        assert_eq!(
            (ledger.entries()[0].state, ledger.entries()[0].errors),
            (State::Absent, 0)
        );
    }
}
