//! What the reads alone cost: the least that any agent pays.

use std::path::{Path, PathBuf};

use rustix::fd::OwnedFd;
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::pread;

use crate::bench::Failure;
use crate::cost::{Cost, Meter, median};

/// The reads of some files.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bare {
    pub(super) files: u64,
    /// Opened, read and closed each time.
    pub(super) reopened: Cost,
    /// Read through descriptors that stay open.
    pub(super) kept: Cost,
}

impl Bare {
    /// Reads every file once in each pass.
    pub(super) fn measure(paths: &[PathBuf], passes: usize) -> Result<Bare, Failure> {
        raise_file_limit();
        let mut buffer = vec![0u8; 64 << 10];
        let mut reopened = Vec::new();
        for _ in 0..passes {
            let meter = Meter::start();
            for path in paths {
                let file = open(path)?;
                std::hint::black_box(pread(&file, &mut buffer[..], 0)?);
            }
            reopened.push(meter.stop());
        }
        let files = paths
            .iter()
            .map(|path| open(path))
            .collect::<Result<Vec<OwnedFd>, _>>()?;
        let mut kept = Vec::new();
        for _ in 0..passes {
            let meter = Meter::start();
            for file in &files {
                std::hint::black_box(pread(file, &mut buffer[..], 0)?);
            }
            kept.push(meter.stop());
        }
        Ok(Bare {
            files: paths.len() as u64,
            reopened: median(&reopened),
            kept: median(&kept),
        })
    }
}

fn open(path: &Path) -> Result<OwnedFd, Failure> {
    openat(CWD, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())
        .map_err(|e| format!("{}: {e}", path.display()).into())
}

fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    let limit = Rlimit {
        current: maximum,
        maximum,
    };
    // It may be forbidden; then opening says which file was too many.
    let _ = setrlimit(Resource::Nofile, limit);
}
