//! Where logs are.
//!
//! Three kinds of places: the kubelet's `/var/log/pods`, Docker's own folder, and the host's logs. Each is listed whole
//! every few seconds, and what inotify announces at once; without inotify, or when a directory cannot be watched, the
//! listings alone find everything. What comes out are [`Family`]s: all files of one log.

mod docker;
mod host;
mod pods;
mod watch;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fd::BorrowedFd;

use super::follow::Stat;
use super::source::Source;
use watch::Watches;

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    /// The host's `/var/log`.
    pub(crate) log: PathBuf,
    /// The host's `/`.
    pub(crate) host: PathBuf,
    /// Whether the host's own logs are looked for.
    pub(crate) host_logs: bool,
    /// Further files of the host.
    pub(crate) files: Vec<PathBuf>,
    /// Whether to ask inotify.
    pub(crate) announcements: bool,
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its path.
    pub(crate) path: PathBuf,
    /// Whether it has the name that is written to.
    pub(crate) is_live: bool,
    /// Whether it is compressed by gzip.
    pub(crate) is_compressed: bool,
    /// What it looks like from outside.
    pub(crate) stat: Stat,
}

/// All files of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Family {
    /// Its log.
    pub(crate) source: Source,
    /// The runtime's id of the container, of its newest instance.
    pub(crate) container_id: Option<String>,
    /// Its files, in no order.
    pub(crate) files: Vec<Found>,
    /// What it is reported under.
    pub(crate) pattern: Arc<str>,
    /// What it feeds, in a few words.
    pub(crate) feeds: &'static str,
}

/// A directory that cannot be listed, or files that cannot be read.
#[derive(Debug)]
pub(crate) struct Closed {
    /// The directory, or a pattern of names.
    pub(crate) path: PathBuf,
    /// Why.
    pub(crate) error: io::Error,
}

/// What a look around gave.
#[derive(Debug, Default)]
pub(crate) struct Look {
    /// Logs.
    pub(crate) families: Vec<Family>,
    /// Directories that cannot be listed, and files that cannot be read.
    pub(crate) closed: Vec<Closed>,
}

/// Finds logs.
#[derive(Debug)]
pub(crate) struct Discovery {
    places: Places,
    watches: Watches,
    pods: pods::Pods,
    docker: docker::Docker,
}

impl Discovery {
    /// Nothing found yet.
    pub(crate) fn new(places: Places) -> Discovery {
        Discovery {
            watches: Watches::new(places.announcements),
            pods: pods::Pods::new(&places),
            docker: docker::Docker::new(&places),
            places,
        }
    }

    /// Becomes readable when something was announced.
    pub(crate) fn announcements(&self) -> Option<BorrowedFd<'_>> {
        self.watches.fd()
    }

    /// Whether inotify works, and for how many directories.
    pub(crate) fn watched(&self) -> Option<usize> {
        self.watches.count()
    }

    /// Lists everything.
    pub(crate) fn all(&mut self) -> Look {
        let mut look = Look::default();
        self.watches.begin();
        self.pods.all(&mut self.watches, &mut look);
        self.docker
            .all(&mut self.watches, self.pods.is_there(), &mut look);
        host::all(&self.places, &mut self.watches, &mut look);
        self.watches.end();
        look
    }

    /// Directories in which something was announced. `None`: announcements were lost, and everything must be listed.
    pub(crate) fn announced(&mut self) -> Option<HashSet<PathBuf>> {
        self.watches.poll()
    }

    /// Lists some directories.
    pub(crate) fn some(&mut self, dirs: &HashSet<PathBuf>) -> Look {
        let mut look = Look::default();
        let mut host_is_due = false;
        for dir in dirs {
            if self.pods.some(dir, &mut self.watches, &mut look)
                || self.docker.some(dir, &mut self.watches, &mut look)
            {
                continue;
            }
            host_is_due = true;
        }
        if host_is_due {
            host::all(&self.places, &mut self.watches, &mut look);
        }
        look
    }
}

/// Ways to compress that are not read.
const NOT_READ: [&str; 4] = [".xz", ".bz2", ".zst", ".lz4"];

/// A name without what rotation adds, and whether it is compressed: `syslog.2.gz` is `syslog`, and so is
/// `syslog-20260101`. `None`: it is compressed in a way that is not read, or not whole.
fn unrotated(name: &str) -> Option<(&str, bool)> {
    let (stem, is_compressed) = match name.strip_suffix(".gz") {
        Some(stem) => (stem, true),
        None => (name, false),
    };
    if name.ends_with(".tmp") || NOT_READ.iter().any(|end| name.ends_with(end)) {
        return None;
    }
    let digits = stem.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    match digits.strip_suffix('.') {
        Some(base) if digits.len() < stem.len() && !base.is_empty() => Some((base, is_compressed)),
        _ if stem.len() - digits.len() >= 5 && stem[digits.len()..].starts_with('-') => {
            Some((digits, is_compressed))
        }
        _ => Some((stem, is_compressed)),
    }
}

/// Tells of rotated files that are compressed in a way that is not read, so that nobody believes they are. One entry for
/// a directory and a way: their names change with each rotation.
fn note_not_read(dir: &Path, name: &str, look: &mut Look, is_followed: impl Fn(&str) -> bool) {
    for end in NOT_READ {
        let stem = name.strip_suffix(end).and_then(unrotated);
        if stem.is_some_and(|(live, _)| is_followed(live)) {
            let path = dir.join(format!("*{end}"));
            if !look.closed.iter().any(|closed| closed.path == path) {
                look.closed.push(Closed {
                    path,
                    error: rustix::io::Errno::OPNOTSUPP.into(),
                });
            }
        }
    }
}

/// A file with that name, if there is one: links are followed.
fn found(path: PathBuf, is_live: bool, is_compressed: bool) -> Option<Found> {
    let metadata = std::fs::metadata(&path).ok()?;
    metadata.is_file().then(|| Found {
        stat: Stat::of(&metadata),
        path,
        is_live,
        is_compressed,
    })
}

/// The names in a directory; a directory that is not there has none.
fn names(dir: &Path, look: &mut Look) -> Vec<String> {
    match std::fs::read_dir(dir) {
        Ok(entries) => entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect(),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Vec::new()
        }
        Err(error) => {
            look.closed.push(Closed {
                path: dir.to_owned(),
                error,
            });
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests;
