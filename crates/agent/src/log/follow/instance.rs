//! One file, from its first byte until it is gone: what is known of it.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;

use super::gzip::Gzip;
use super::next::{Facts, Name, Phase};
use super::print::{self, HEAD, Print};
use crate::log::batch::FileCodes;
use crate::log::checkpoint::note::FileAt;
use crate::log::entry::{Assembler, Format, Resume};

/// How the bytes are had.
#[derive(Debug)]
pub(crate) enum Input {
    /// Not at present.
    Closed,
    /// From the file itself.
    Plain(File),
    /// Decompressed.
    Gzip(Box<Gzip>),
}

/// What was last seen of a file from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stat {
    /// Device and inode.
    pub(crate) inode: (u64, u64),
    /// Its length.
    pub(crate) size: u64,
    /// When it was last written, in microseconds since 1970.
    pub(crate) written_usec: i64,
    /// Under how many names it is.
    pub(crate) links: u64,
}

impl Stat {
    pub(crate) fn of(metadata: &Metadata) -> Stat {
        Stat {
            inode: (metadata.dev(), metadata.ino()),
            size: metadata.len(),
            written_usec: metadata
                .mtime()
                .saturating_mul(1_000_000)
                .saturating_add(metadata.mtime_nsec() / 1000),
            links: metadata.nlink(),
        }
    }
}

/// One file instance.
#[derive(Debug)]
pub(crate) struct Instance {
    /// Its number.
    pub(crate) id: u64,
    /// Its log.
    pub(crate) log: u32,
    /// Device and inode.
    pub(crate) inode: (u64, u64),
    /// What it, or what is in it, begins with.
    pub(crate) print: Print,
    /// Where it was seen last.
    pub(crate) path: Option<PathBuf>,
    /// What the rows call it.
    pub(crate) shown: Arc<str>,
    pub(crate) name: Name,
    pub(crate) phase: Phase,
    /// `None` until there is a byte.
    pub(crate) format: Option<Format>,
    pub(crate) input: Input,
    pub(crate) is_compressed: bool,
    /// Made when it is first read.
    pub(crate) assembler: Option<Assembler>,
    /// Where to read again; the assembler's word where there is one.
    pub(crate) resume: Resume,
    /// The next byte to take.
    pub(crate) position: u64,
    /// Behind the last byte that was looked at.
    pub(crate) tried: u64,
    /// Its length when it was seen last; of a compressed one, what was decoded of it so far.
    pub(crate) size: u64,
    pub(crate) stat: Stat,
    pub(crate) read_to: u64,
    pub(crate) written_to: u64,
    /// The number of the next entry.
    pub(crate) sequence: u64,
    /// When it last grew, by the monotonic clock.
    pub(crate) grown_at: u64,
    /// When to look again.
    pub(crate) look_at: u64,
    pub(crate) codes: FileCodes,
    /// Whether it changed since the last note.
    pub(crate) is_dirty: bool,
    /// Whether it is among those that are to be read.
    pub(crate) is_ready: bool,
    /// Whether it was found on disk by this process.
    pub(crate) is_located: bool,
    /// Whether nothing more can come: a compressed file that is read.
    pub(crate) is_settled: bool,
    /// Until when a copy of what is gone is looked for.
    pub(crate) part_until: Option<u64>,
}

impl Instance {
    /// A file that was just found, to be read from the start.
    pub(crate) fn found(id: u64, log: u32, stat: Stat, path: PathBuf, name: Name) -> Instance {
        let shown = path.display().to_string().into();
        Instance {
            id,
            log,
            inode: stat.inode,
            print: Print::default(),
            path: Some(path),
            shown,
            name,
            phase: Phase::New,
            format: None,
            input: Input::Closed,
            is_compressed: false,
            assembler: None,
            resume: Resume::default(),
            position: 0,
            tried: 0,
            size: 0,
            stat,
            read_to: 0,
            written_to: 0,
            sequence: 1,
            grown_at: 0,
            look_at: 0,
            codes: FileCodes::NONE,
            is_dirty: true,
            is_ready: false,
            is_located: true,
            is_settled: false,
            part_until: None,
        }
    }

    /// One that an earlier process read, not yet found again.
    pub(crate) fn restored(id: u64, at: &FileAt) -> Instance {
        let stat = Stat {
            inode: at.inode,
            size: 0,
            written_usec: 0,
            links: 1,
        };
        let start = at.resume.start();
        Instance {
            print: at.print,
            is_compressed: at.is_compressed,
            resume: at.resume,
            position: start,
            tried: start,
            size: start,
            read_to: at.read_to,
            written_to: at.written_to,
            sequence: at.sequence,
            path: None,
            is_dirty: false,
            is_located: false,
            ..Instance::found(id, at.source, stat, PathBuf::new(), Name::None)
        }
    }

    /// What a note says of it.
    pub(crate) fn checkpoint(&self) -> FileAt {
        FileAt {
            source: self.log,
            inode: self.inode,
            print: self.print,
            is_compressed: self.is_compressed,
            resume: self.resume(),
            sequence: self.sequence,
            read_to: self.read_to,
            written_to: self.written_to,
        }
    }

    /// Where to read again after a crash.
    pub(crate) fn resume(&self) -> Resume {
        self.assembler
            .as_ref()
            .map_or(self.resume, Assembler::resume)
    }

    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.input, Input::Closed)
    }

    /// Looks at what it begins with, while that is not known to its end and it is open.
    pub(crate) fn know_beginning(&mut self) {
        if usize::from(self.print.length) < HEAD {
            self.begins_as_it_did();
        }
    }

    /// Whether it still begins as it did: after it was cut off and written anew it may be longer than it ever was. What is
    /// learnt of its beginning is kept.
    pub(crate) fn begins_as_it_did(&mut self) -> bool {
        let opened;
        let file = match (&self.input, &self.path) {
            (Input::Plain(file), _) => file,
            (Input::Gzip(_), _) => return true,
            (Input::Closed, Some(path)) => match super::find::open(path) {
                Ok(file) if is_inode(&file, self.inode) => {
                    opened = file;
                    &opened
                }
                _ => return false,
            },
            (Input::Closed, None) => return false,
        };
        let mut head = [0; HEAD];
        let Ok(length) = print::head(file, &mut head) else {
            return false;
        };
        if !self.print.is_of(&head[..length]) {
            return false;
        }
        if length > usize::from(self.print.length) {
            self.print = Print::of(&head[..length]);
            self.is_dirty = true;
        }
        true
    }

    /// Whether something waits for more bytes.
    pub(crate) fn pending(&self) -> bool {
        self.tried > self.position || self.resume().start() < self.position
    }

    /// Whether it is removed and only its being open keeps it.
    pub(crate) fn is_held(&self) -> bool {
        self.is_open() && self.stat.links == 0
    }

    /// Bytes that are there to be read.
    pub(crate) fn unread(&self) -> u64 {
        match self.phase {
            Phase::Gone => 0,
            _ => self.written_to.saturating_sub(self.read_to),
        }
    }

    /// What the next action depends on.
    pub(crate) fn facts(&self, is_same: bool, now: u64) -> Facts {
        Facts {
            name: self.name,
            is_reachable: self.is_open() || self.path.is_some(),
            is_same,
            size: self.size,
            tried: self.tried,
            pending: self.pending(),
            quiet_usec: now.saturating_sub(self.grown_at),
        }
    }
}

fn is_inode(file: &File, inode: (u64, u64)) -> bool {
    file.metadata()
        .is_ok_and(|metadata| Stat::of(&metadata).inode == inode)
}
