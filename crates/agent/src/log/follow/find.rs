//! What a directory holds now, against what is known: new, renamed, copied, compressed, gone.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use rustix::io::Errno;

use super::gzip;
use super::instance::{Input, Instance, Stat};
use super::print::{self, HEAD, Print};
use super::{Batch, Count, Follower, Name, Phase};
use crate::log::discover::{Family, Found};
use crate::log::entry::SourceName;

/// A file that shrank or grew within so short a time may still be under way.
const YOUNG_USEC: i64 = 60_000_000;

/// A copy that is being made grows; one that has not for so long is all that there is.
const COPY_QUIET_USEC: u64 = 2_000_000;

/// Opens a log for reading. A pipe of that name does not hold anything up.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    std::fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits() as i32)
        .open(path)
}

impl Follower {
    /// Takes in the files of one log, all that there are of it now.
    pub(crate) fn family(&mut self, family: &Family, now: u64, wall: i64, batch: &mut Batch) {
        let [namespace, pod, _, container] = family.source.columns().map(Option::unwrap_or_default);
        let path = family
            .files
            .first()
            .map(|found| found.path.to_string_lossy());
        let is_known = self.log_id(&family.source).is_some();
        let name = SourceName {
            namespace,
            pod,
            container,
            path: path.as_deref().unwrap_or_default(),
        };
        if (family.files.is_empty() && !is_known)
            || (!family.files.is_empty() && !self.settings.selection.admits(&name))
        {
            return;
        }
        let log = self.log_of(&family.source);
        if let Some(log) = self.logs.get_mut(&log)
            && family.container_id.is_some()
            && log.container_id.as_deref() != family.container_id.as_deref()
        {
            log.container_id = family.container_id.as_deref().map(Arc::from);
        }
        let mut seen = Vec::with_capacity(family.files.len());
        let mut unknown: Vec<&Found> = Vec::new();
        for found in &family.files {
            match self.by_inode.get(&found.stat.inode).copied() {
                Some(id) if self.is_still(id, log, found) => {
                    self.attach(id, found, now, wall, batch);
                    seen.push(id);
                }
                Some(id) => {
                    // The inode has been given to another file.
                    self.part(id, now);
                    unknown.push(found);
                }
                None => unknown.push(found),
            }
        }
        let files = self.logs.get(&log).map_or(Vec::new(), |l| l.files.clone());
        for id in files {
            if !seen.contains(&id) {
                self.unnamed(id, now);
            }
        }
        if unknown.iter().any(|found| !found.is_live) {
            self.know_beginnings(log);
        }
        unknown.sort_by_key(|found| found.stat.written_usec);
        for found in unknown {
            if let Err(error) = self.unknown(log, found, now, wall, batch) {
                self.note_trouble(family, &found.path, &error);
            } else {
                let entry = self.sources.add(family.pattern.to_string(), family.feeds);
                self.sources.example(entry, &found.path);
                self.sources.read(entry, 0);
            }
        }
    }

    /// Whether the file that was found is the instance that had this inode.
    fn is_still(&mut self, id: u64, log: u32, found: &Found) -> bool {
        let Some(file) = self.files.get(&id) else {
            return false;
        };
        if file.log != log || file.is_compressed != found.is_compressed {
            return false;
        }
        // As long as a file is open its inode is nobody else's; and one that has not changed is what it was.
        if file.is_open() || (file.is_located && file.stat == found.stat) {
            return true;
        }
        // Of one that was empty nothing tells whether it is this one, and nothing of it is lost if it is taken for another.
        if !file.print.is_some() {
            return false;
        }
        if !file.is_compressed && found.stat.size < file.position {
            return false;
        }
        let Ok(open) = open(&found.path) else {
            // It cannot be looked into now; nothing says that it is another.
            return true;
        };
        if file.is_compressed {
            return gzip::head(&open).is_ok_and(|head| file.print.is_of(&head));
        }
        let mut head = [0; HEAD];
        print::head(&open, &mut head).is_ok_and(|length| file.print.is_of(&head[..length]))
    }

    /// A known file was found, under whichever name.
    fn attach(&mut self, id: u64, found: &Found, now: u64, wall: i64, batch: &mut Batch) {
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        let is_new = !file.is_located;
        file.is_located = true;
        file.part_until = None;
        file.name = name_of(found);
        if file.path.as_deref() != Some(found.path.as_path()) {
            file.path = Some(found.path.clone());
            if is_new {
                file.shown = found.path.display().to_string().into();
            }
        }
        if is_new {
            file.phase = Phase::New;
            file.grown_at = now;
            if file.is_compressed {
                self.settle_or_read(id, found);
                return;
            }
        }
        self.take_stat(id, found.stat, now);
        self.act(id, now, wall, batch);
    }

    /// A known file has no name in its directory any more.
    fn unnamed(&mut self, id: u64, now: u64) {
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        if file.phase == Phase::Gone {
            return;
        }
        file.name = Name::None;
        file.path = None;
        let still = match &file.input {
            Input::Plain(open) => open.metadata().ok().map(|m| Stat::of(&m)),
            // It is read on from what is open.
            Input::Gzip(_) => return,
            Input::Closed => None,
        };
        match still {
            Some(stat) => {
                self.take_stat(id, stat, now);
                self.make_ready(id);
            }
            None => self.part(id, now),
        }
    }

    /// A file that is not known by its inode.
    fn unknown(
        &mut self,
        log: u32,
        found: &Found,
        now: u64,
        wall: i64,
        batch: &mut Batch,
    ) -> io::Result<()> {
        let file = match open(&found.path) {
            Ok(file) => file,
            // Renamed or removed meanwhile; its directory is looked into again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let stat = Stat::of(&file.metadata()?);
        if stat.inode != found.stat.inode {
            if let Some(dir) = found.path.parent() {
                self.look_into.insert(dir.to_owned());
            }
            return Ok(());
        }
        let mut bytes = [0; HEAD];
        let decoded;
        let head = if found.is_compressed {
            decoded = match gzip::head(&file) {
                Ok(head) => head,
                // It is still being written.
                Err(_) if wall - stat.written_usec < YOUNG_USEC => return Ok(()),
                Err(error) => return Err(error),
            };
            decoded.as_slice()
        } else {
            let length = print::head(&file, &mut bytes)?;
            &bytes[..length]
        };
        let found = &Found {
            stat,
            ..found.clone()
        };
        if !found.is_live {
            match self.origin(log, found, head) {
                Some(Original::Gone(id)) => {
                    self.copying.remove(&stat.inode);
                    self.take_over(id, found, now, wall, batch);
                    return Ok(());
                }
                // It is a copy of a file that is still there: what becomes of that one decides.
                Some(Original::There) => {
                    self.copying.remove(&stat.inode);
                    return Ok(());
                }
                None if self.is_under_way(log, found, head, now) => return Ok(()),
                None => {}
            }
        }
        if self.files.len() >= self.settings.files_max {
            self.figures.files_left_out += 1;
            return Ok(());
        }
        self.begin(log, found, file, head, now, wall, batch);
        Ok(())
    }

    /// Looks at what open files begin with, where that is not known to its end: of one that has not been read yet there may
    /// be a copy already.
    fn know_beginnings(&mut self, log: u32) {
        let ids = self.logs.get(&log).map_or(Vec::new(), |l| l.files.clone());
        for id in ids {
            if let Some(file) = self.files.get_mut(&id) {
                file.know_beginning();
            }
        }
    }

    /// Whether a file with a rotated name may be a copy that is being made: nothing tells yet of what, since it is
    /// shorter than what is known of others' beginnings. It is looked at again until it has not grown for a while.
    fn is_under_way(&mut self, log: u32, found: &Found, head: &[u8], now: u64) -> bool {
        let inode = found.stat.inode;
        let is_short = head.len() < HEAD
            && self.logs.get(&log).is_some_and(|log| {
                let files = log.files.iter().filter_map(|id| self.files.get(id));
                let mut lengths = files.map(|file| usize::from(file.print.length));
                lengths.any(|length| length > head.len())
            });
        let before = self.copying.remove(&inode);
        if !is_short {
            return false;
        }
        // An inode that was not looked at all the while may be another file's.
        let before = before.filter(|copy| {
            copy.size == found.stat.size && now.saturating_sub(copy.looked) < COPY_QUIET_USEC
        });
        let since = before.map_or(now, |copy| copy.since);
        if now.saturating_sub(since) >= COPY_QUIET_USEC {
            return false;
        }
        // Those that were removed meanwhile.
        self.copying
            .retain(|_, copy| now.saturating_sub(copy.looked) < COPY_QUIET_USEC);
        let copy = Copying {
            size: found.stat.size,
            since,
            looked: now,
        };
        self.copying.insert(inode, copy);
        if let Some(dir) = found.path.parent() {
            self.look_into.insert(dir.to_owned());
        }
        true
    }

    /// The instance that a rotated file may be a copy of.
    fn origin(&self, log: u32, found: &Found, head: &[u8]) -> Option<Original> {
        let log = self.logs.get(&log)?;
        let alike = log.files.iter().filter_map(|id| self.files.get(id));
        let alike = alike.filter(|file| file.print.is_some() && file.print.is_of(head));
        let mut there = false;
        let mut gone: Option<&Instance> = None;
        for file in alike {
            if file.phase == Phase::Gone {
                // The more of its beginning is known, the surer it is.
                if gone.is_none_or(|best| best.print.length < file.print.length) {
                    gone = Some(file);
                }
            } else if !file.is_compressed
                && (found.is_compressed || file.name == Name::Live || file.name == Name::None)
            {
                there = true;
            }
        }
        match gone {
            Some(file) => Some(Original::Gone(file.id)),
            None => there.then_some(Original::There),
        }
    }

    /// A gone instance goes on in a copy of it.
    fn take_over(&mut self, id: u64, found: &Found, now: u64, wall: i64, batch: &mut Batch) {
        self.figures.copies += 1;
        self.parted.retain(|parted| *parted != id);
        let Some(file) = self.files.get_mut(&id) else {
            return;
        };
        tracing::debug!(id, path = %found.path.display(), from = file.position, "a log file goes on in a copy of it");
        file.inode = found.stat.inode;
        file.path = Some(found.path.clone());
        if file.shown.is_empty() {
            // Of an earlier process' file nobody knows any more what it was called.
            file.shown = found.path.display().to_string().into();
        }
        file.name = Name::Rotated;
        file.phase = Phase::Draining;
        file.part_until = None;
        file.is_located = true;
        file.is_compressed = found.is_compressed;
        file.is_settled = false;
        file.stat = found.stat;
        file.tried = file.position;
        file.grown_at = now;
        file.is_dirty = true;
        self.by_inode.insert(found.stat.inode, id);
        if found.is_compressed {
            self.settle_or_read(id, found);
        } else {
            file.size = found.stat.size;
            self.take_stat(id, found.stat, now);
            self.act(id, now, wall, batch);
        }
    }

    /// A compressed file whose content is known to be read is not read again.
    fn settle_or_read(&mut self, id: u64, found: &Found) {
        let length = open(&found.path).and_then(|file| gzip::length(&file)).ok();
        if let Some(file) = self.files.get_mut(&id) {
            file.stat = found.stat;
            let is_read = length == Some(file.position & u64::from(u32::MAX));
            if is_read && !file.pending() && file.position > 0 {
                file.is_settled = true;
                return;
            }
        }
        self.make_ready(id);
    }

    /// A file that nobody has seen before.
    #[allow(clippy::too_many_arguments)]
    fn begin(
        &mut self,
        log: u32,
        found: &Found,
        open: File,
        head: &[u8],
        now: u64,
        wall: i64,
        batch: &mut Batch,
    ) {
        let id = self.next_file;
        self.next_file += 1;
        tracing::debug!(id, path = %found.path.display(), inode = found.stat.inode.1, size = found.stat.size, "a new log file");
        let mut file = Instance::found(id, log, found.stat, found.path.clone(), name_of(found));
        file.print = Print::of(head);
        file.is_compressed = found.is_compressed;
        file.grown_at = now;
        let is_old = found.stat.written_usec < wall.saturating_sub(self.settings.first_age_usec);
        if self.is_first && is_old {
            let size = if found.is_compressed {
                gzip::length(&open).unwrap_or(0)
            } else {
                found.stat.size
            };
            file.resume = crate::log::entry::Resume::at(size);
            (file.position, file.tried, file.size) = (size, size, size);
            (file.read_to, file.written_to) = (size, size);
            file.is_settled = found.is_compressed;
            // Not from the middle of a line: what is half written is passed over with the rest.
            if let Some(log) = self.logs.get_mut(&log) {
                log.count(Count::Written, size);
                log.count(Count::Skipped, size);
            }
        }
        if let Some(log) = self.logs.get_mut(&log) {
            log.files.push(id);
        }
        self.by_inode.insert(found.stat.inode, id);
        let is_settled = file.is_settled;
        if !found.is_compressed {
            self.make_room_to_open();
            file.input = Input::Plain(open);
            self.open += 1;
        }
        self.files.insert(id, file);
        if found.is_compressed {
            if !is_settled {
                self.make_ready(id);
            }
            return;
        }
        self.take_stat(id, found.stat, now);
        self.act(id, now, wall, batch);
    }

    fn note_trouble(&mut self, family: &Family, path: &Path, error: &io::Error) {
        let entry = self.sources.add(family.pattern.to_string(), family.feeds);
        if let Some(errno) = Errno::from_io_error(error) {
            self.sources.failed(entry, path, errno);
        } else {
            self.sources.failed(entry, path, Errno::IO);
        }
    }

    /// A file that is followed cannot be read.
    pub(super) fn note_failure(&mut self, id: u64, path: &Path, error: &io::Error) {
        if error.kind() == io::ErrorKind::NotFound {
            return;
        }
        let entry = self.sources.add(path.display().to_string(), "logs");
        let errno = Errno::from_io_error(error).unwrap_or(Errno::IO);
        self.sources.failed(entry, path, errno);
        tracing::debug!(id, path = %path.display(), %error, "a log file cannot be read");
    }

    /// Logs of which a whole look around found no file.
    pub(crate) fn not_seen(&mut self, seen: &std::collections::HashSet<u32>, now: u64) {
        let gone: Vec<u64> = self
            .logs
            .iter()
            .filter(|(id, _)| !seen.contains(id))
            .flat_map(|(_, log)| log.files.clone())
            .collect();
        for id in gone {
            self.unnamed(id, now);
        }
    }
}

/// A file that may be a copy being made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Copying {
    /// Its length,
    size: u64,
    /// since when it has it,
    since: u64,
    /// and when it was looked at last.
    looked: u64,
}

/// What a copy was made of.
enum Original {
    /// An instance that is gone.
    Gone(u64),
    /// One that is still there.
    There,
}

fn name_of(found: &Found) -> Name {
    if found.is_live {
        Name::Live
    } else {
        Name::Rotated
    }
}
