//! Being told of what comes and goes in directories.

use std::collections::{HashMap, HashSet};
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};

use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::fs::inotify::{
    CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init, remove_watch,
};
use rustix::io::Errno;

/// Watched directories.
pub(super) struct Watches {
    inotify: Option<OwnedFd>,
    by_id: HashMap<i32, PathBuf>,
    by_path: HashMap<PathBuf, i32>,
    /// What the listing that is under way has come by.
    seen: HashSet<PathBuf>,
    is_listing: bool,
    buffer: Vec<MaybeUninit<u8>>,
}

impl std::fmt::Debug for Watches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watches")
            .field("directories", &self.by_id.len())
            .finish_non_exhaustive()
    }
}

impl Watches {
    pub(super) fn new(wanted: bool) -> Watches {
        let flags = CreateFlags::NONBLOCK | CreateFlags::CLOEXEC;
        Watches {
            inotify: wanted.then(|| init(flags).ok()).flatten(),
            by_id: HashMap::new(),
            by_path: HashMap::new(),
            seen: HashSet::new(),
            is_listing: false,
            buffer: vec![MaybeUninit::uninit(); 64 << 10],
        }
    }

    pub(super) fn fd(&self) -> Option<BorrowedFd<'_>> {
        self.inotify.as_ref().map(AsFd::as_fd)
    }

    pub(super) fn count(&self) -> Option<usize> {
        self.inotify.as_ref().map(|_| self.by_id.len())
    }

    pub(super) fn is_watched(&self, dir: &Path) -> bool {
        self.by_path.contains_key(dir)
    }

    /// Begins a listing of everything.
    pub(super) fn begin(&mut self) {
        self.seen.clear();
        self.is_listing = true;
    }

    /// Ends it: directories that it did not come by are not watched any more.
    pub(super) fn end(&mut self) {
        self.is_listing = false;
        let gone: Vec<(PathBuf, i32)> = self
            .by_path
            .iter()
            .filter(|(path, _)| !self.seen.contains(*path))
            .map(|(path, id)| (path.clone(), *id))
            .collect();
        for (path, id) in gone {
            self.by_path.remove(&path);
            self.by_id.remove(&id);
            if let Some(inotify) = &self.inotify {
                // It may be gone by itself.
                let _ = remove_watch(inotify, id);
            }
        }
    }

    /// Watches a directory, if it is there and may be watched.
    pub(super) fn watch(&mut self, dir: &Path) {
        let Some(inotify) = &self.inotify else { return };
        if self.is_listing {
            self.seen.insert(dir.to_owned());
        } else if self.by_path.contains_key(dir) {
            return;
        }
        let flags = WatchFlags::CREATE
            | WatchFlags::MOVED_FROM
            | WatchFlags::MOVED_TO
            | WatchFlags::DELETE
            | WatchFlags::ONLYDIR;
        // Again in each listing: another directory may have the name now.
        match add_watch(inotify, dir, flags) {
            Ok(id) => {
                if let Some(old) = self
                    .by_path
                    .insert(dir.to_owned(), id)
                    .filter(|old| *old != id)
                {
                    self.by_id.remove(&old);
                }
                self.by_id.insert(id, dir.to_owned());
            }
            // Found by listings alone then.
            Err(_) => {
                self.by_path.remove(dir);
            }
        }
    }

    /// Directories in which something came, went or got another name since the last time; `None` when that is not known.
    pub(super) fn poll(&mut self) -> Option<HashSet<PathBuf>> {
        let mut dirs = HashSet::new();
        let Some(inotify) = &self.inotify else {
            return Some(dirs);
        };
        let mut is_whole = true;
        let mut gone = Vec::new();
        let mut reader = Reader::new(inotify, &mut self.buffer);
        loop {
            let event = match reader.next() {
                Ok(event) => event,
                Err(Errno::INTR) => continue,
                Err(_) => break,
            };
            let events = event.events();
            if events.contains(ReadFlags::QUEUE_OVERFLOW) {
                is_whole = false;
            } else if events.contains(ReadFlags::IGNORED) {
                gone.push(event.wd());
            } else if let Some(dir) = self.by_id.get(&event.wd()) {
                dirs.insert(dir.clone());
            }
        }
        for id in gone {
            if let Some(dir) = self.by_id.remove(&id)
                && self.by_path.get(&dir) == Some(&id)
            {
                self.by_path.remove(&dir);
                dirs.insert(dir);
            }
        }
        is_whole.then_some(dirs)
    }
}
