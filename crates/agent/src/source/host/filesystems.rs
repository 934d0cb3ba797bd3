//! Mounted file systems and their sizes.
//!
//! A file system whose server is dead does not answer, and whoever asks waits in the kernel, unkillable. So helper
//! threads ask; a tick waits a bounded time for the answers and says of the rest that there was none.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{
    Receiver, RecvTimeoutError, Sender, SyncSender, TrySendError, channel, sync_channel,
};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{AtFlags, CWD, major, minor, statat, statvfs};
use rustix::io::Errno;

use crate::row::{Filesystem, FilesystemReading};
use crate::source::cgroup::Shared;
use crate::source::error::SourceError;
use crate::source::file::{Reader, Shape};
use crate::source::ledger::SourceId;
use crate::source::options::Options;
use crate::source::parse::mounts::{Mount, has_option, mountinfo, unescape};

/// What the mount table feeds.
pub(crate) const MOUNTS: &str = "mounts: file systems, control groups";
/// Most helper threads: one that serves, and those that a dead server holds.
const MOST_THREADS: usize = 4;

/// A mounted file system.
#[derive(Debug)]
pub(crate) struct FilesystemState {
    /// Where it is mounted, as the host sees it.
    pub(crate) mount_point: String,
    /// What is mounted.
    pub(crate) device: String,
    /// Its type.
    pub(crate) kind: String,
    /// Whether it is mounted read-only.
    pub(crate) read_only: bool,
    /// Why there is no size.
    pub(crate) error: Option<String>,
    /// What was answered last.
    pub(crate) now: FilesystemReading,
    number: (u64, u64),
    /// Unique over the life of the process, so that a late answer is not taken for another's.
    ticket: u64,
    asked_at: Option<u64>,
    /// In which tick it was asked.
    round: u64,
}

#[derive(Debug)]
struct Question {
    ticket: u64,
    path: PathBuf,
    /// The device that must be found there; `None` where numbers are known to differ.
    number: Option<(u64, u64)>,
    /// Other places that may be on the same device, for when it is not found there.
    elsewhere: Arc<[PathBuf]>,
}

#[derive(Debug)]
struct Answer {
    ticket: u64,
    result: Result<Size, Failure>,
}

#[derive(Debug, Clone, Copy)]
struct Size {
    size: u64,
    free: u64,
    available: u64,
    inodes: u64,
    inodes_free: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Errno(Errno),
    /// Another device is there: the mount is hidden or does not reach this mount namespace.
    Elsewhere,
}

/// How a question is answered: by the kernel, but for tests of what happens when it does not.
type Ask = fn(&Question) -> Result<Size, Failure>;

/// The host's file systems.
#[derive(Debug)]
pub(crate) struct Filesystems {
    table: PathBuf,
    table_source: SourceId,
    size_source: SourceId,
    /// The file systems.
    pub(crate) list: Vec<FilesystemState>,
    /// File systems that were left out because there were too many: now.
    pub(crate) left_out: u64,
    /// File systems on other machines that are not asked: now.
    pub(crate) remote: u64,
    questions: SyncSender<Question>,
    waiting: Arc<std::sync::Mutex<Receiver<Question>>>,
    answers: Receiver<Answer>,
    answer: Sender<Answer>,
    threads: usize,
    how: Ask,
    next_ticket: u64,
    round: u64,
    asked_at: u64,
    slow_due: u64,
    host_is_here: bool,
    elsewhere: Arc<[PathBuf]>,
}

impl Filesystems {
    /// Starts the first helper.
    pub(crate) fn new(shared: &mut Shared<'_>) -> Result<Filesystems, SourceError> {
        Filesystems::asking(shared, ask)
    }

    fn asking(shared: &mut Shared<'_>, how: Ask) -> Result<Filesystems, SourceError> {
        let roots = &shared.options.roots;
        let table = mount_table(&roots.proc);
        let ledger = &mut shared.reader.ledger;
        let (questions, waiting) = sync_channel(shared.options.max_devices.max(1));
        let (answer, answers) = channel();
        let mut filesystems = Filesystems {
            table_source: ledger.add(table.display().to_string(), MOUNTS),
            size_source: ledger.add(
                format!("statfs below {}", roots.host.display()),
                "sizes of file systems",
            ),
            table,
            list: Vec::new(),
            left_out: 0,
            remote: 0,
            questions,
            waiting: Arc::new(std::sync::Mutex::new(waiting)),
            answers,
            answer,
            threads: 0,
            how,
            next_ticket: 0,
            round: 0,
            asked_at: 0,
            slow_due: 0,
            host_is_here: roots.host.is_dir(),
            elsewhere: places(roots),
        };
        filesystems.start_thread().map_err(SourceError::Thread)?;
        Ok(filesystems)
    }

    fn start_thread(&mut self) -> std::io::Result<()> {
        let waiting = Arc::clone(&self.waiting);
        let answer = self.answer.clone();
        let how = self.how;
        thread::Builder::new()
            .name("statfs".into())
            .stack_size(64 << 10)
            .spawn(move || {
                loop {
                    // The lock is held while waiting for a question, not while waiting for a file system.
                    let question = match waiting.lock() {
                        Ok(waiting) => waiting.recv(),
                        Err(_) => return,
                    };
                    let Ok(question) = question else { return };
                    let result = how(&question);
                    if answer
                        .send(Answer {
                            ticket: question.ticket,
                            result,
                        })
                        .is_err()
                    {
                        return;
                    }
                }
            })?;
        self.threads += 1;
        Ok(())
    }

    /// Sends out the questions of a tick. Reads the mounts anew when that is due.
    pub(crate) fn ask(&mut self, shared: &mut Shared<'_>) {
        let now = shared.clock.monotonic();
        self.asked_at = now;
        if now >= self.slow_due {
            self.slow_due = now.saturating_add(shared.options.devices_usec);
            self.read_table(shared.options, shared.reader);
        }
        if !self.host_is_here {
            self.host_is_here = shared.options.roots.host.is_dir();
            shared
                .reader
                .ledger
                .failed(self.size_source, &shared.options.roots.host, Errno::NOENT);
            return;
        }
        // Answers that came after the last tick stopped waiting.
        while let Ok(answer) = self.answers.try_recv() {
            self.take(answer, shared.reader, &shared.options.roots.host);
        }
        let stuck = self.list.iter().filter(|f| f.asked_at.is_some()).count();
        self.round += 1;
        // Without a new thread the others would wait behind the dead one; with none left, they do.
        let rescue = stuck > 0 && stuck >= self.threads && self.threads < MOST_THREADS;
        if rescue && self.start_thread().is_ok() {
            for filesystem in self.list.iter_mut().filter(|f| f.asked_at.is_some()) {
                filesystem.round = self.round;
            }
        }
        for filesystem in &mut self.list {
            if let Some(asked) = filesystem.asked_at {
                let seconds = now.saturating_sub(asked) / 1_000_000;
                filesystem.now = without_size(filesystem.number);
                filesystem.error = Some(format!("no answer for {seconds} s"));
                continue;
            }
            // These make up numbers for each subvolume that no mount table has.
            let known = !matches!(filesystem.kind.as_str(), "btrfs" | "bcachefs");
            let question = Question {
                ticket: filesystem.ticket,
                path: shared
                    .options
                    .roots
                    .host
                    .join(filesystem.mount_point.trim_start_matches('/')),
                number: known.then_some(filesystem.number),
                elsewhere: Arc::clone(&self.elsewhere),
            };
            match self.questions.try_send(question) {
                Ok(()) => {
                    filesystem.asked_at = Some(now);
                    filesystem.round = self.round;
                }
                Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                    filesystem.now = without_size(filesystem.number);
                    filesystem.error = Some("not asked: others do not answer".into());
                }
            }
        }
    }

    /// Waits for the answers, a bounded time.
    pub(crate) fn collect(&mut self, shared: &mut Shared<'_>) {
        let end = Instant::now() + Duration::from_micros(shared.options.filesystem_wait_usec);
        // One that was asked earlier and has not answered is not waited for again.
        let round = self.round;
        let waits = |f: &FilesystemState| f.asked_at.is_some() && f.round == round;
        while self.list.iter().any(waits) {
            match self
                .answers
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(answer) => self.take(answer, shared.reader, &shared.options.roots.host),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        for filesystem in self
            .list
            .iter_mut()
            .filter(|f| f.asked_at == Some(self.asked_at))
        {
            filesystem.now = without_size(filesystem.number);
            filesystem.error = Some("no answer yet".into());
        }
    }

    fn take(&mut self, answer: Answer, reader: &mut Reader, host: &Path) {
        let Some(filesystem) = self.list.iter_mut().find(|f| f.ticket == answer.ticket) else {
            return;
        };
        filesystem.asked_at = None;
        filesystem.now = without_size(filesystem.number);
        match answer.result {
            Ok(size) => {
                reader.ledger.read(self.size_source, 0);
                filesystem.error = None;
                for (measure, value) in [
                    (Filesystem::Size, size.size),
                    (Filesystem::Free, size.free),
                    (Filesystem::Available, size.available),
                ] {
                    filesystem.now.set(measure, value);
                }
                if size.inodes > 0 {
                    filesystem.now.set(Filesystem::Inodes, size.inodes);
                    filesystem.now.set(Filesystem::InodesFree, size.inodes_free);
                }
            }
            Err(Failure::Errno(errno)) => {
                let path = host.join(filesystem.mount_point.trim_start_matches('/'));
                reader.ledger.failed(self.size_source, &path, errno);
                filesystem.error = Some(std::io::Error::from(errno).to_string());
            }
            Err(Failure::Elsewhere) => {
                filesystem.error =
                    Some("not visible from here: another file system is at that place".into());
            }
        }
    }

    fn read_table(&mut self, options: &Options, reader: &mut Reader) {
        let Some(bytes) = reader.read(&self.table, Shape::Pieces, self.table_source) else {
            return;
        };
        let mut found = Vec::new();
        self.remote = 0;
        for mount in mountinfo(bytes) {
            let Some(kind) = of_interest(&mount) else {
                continue;
            };
            if kind == Interest::Remote && !options.network_filesystems {
                self.remote += 1;
                continue;
            }
            found.push(FilesystemState {
                mount_point: plain(mount.mount_point),
                device: plain(mount.source),
                kind: plain(mount.fs_type),
                read_only: has_option(mount.options, b"ro")
                    || has_option(mount.super_options, b"ro"),
                error: None,
                now: without_size((mount.major, mount.minor)),
                number: (mount.major, mount.minor),
                ticket: 0,
                asked_at: None,
                round: 0,
            });
        }
        let mut found = once_each(found);
        self.left_out = found.len().saturating_sub(options.max_devices) as u64;
        found.truncate(options.max_devices);
        for new in &mut found {
            let old = self
                .list
                .iter_mut()
                .find(|o| o.mount_point == new.mount_point && o.number == new.number);
            match old {
                Some(old) => {
                    new.ticket = old.ticket;
                    new.asked_at = old.asked_at;
                    new.round = old.round;
                    new.now = old.now;
                    new.error = old.error.take();
                }
                None => {
                    self.next_ticket += 1;
                    new.ticket = self.next_ticket;
                }
            }
        }
        self.list = found;
    }
}

/// The mount table of the host: process 1's, or this process' own where that cannot be read.
pub(crate) fn mount_table(proc: &Path) -> PathBuf {
    let first = proc.join("1/mountinfo");
    if std::fs::File::open(&first).is_ok() {
        first
    } else {
        proc.join("self/mountinfo")
    }
}

fn without_size((major, minor): (u64, u64)) -> FilesystemReading {
    let mut now = FilesystemReading::empty();
    now.set(Filesystem::Major, major);
    now.set(Filesystem::Minor, minor);
    now
}

/// Folders and files that a pod has of the host's file systems without having their mounts: the logs, what the kubelet
/// binds into every container, and the host's own process files. Any path on a file system tells its size.
fn places(roots: &crate::source::options::Roots) -> Arc<[PathBuf]> {
    [
        roots.log.join("pods"),
        roots.log.join("containers"),
        roots.log.clone(),
        PathBuf::from("/etc/hosts"),
        PathBuf::from("/dev/termination-log"),
    ]
    .into()
}

fn ask(question: &Question) -> Result<Size, Failure> {
    let mut path = &question.path;
    if let Some(number) = question.number {
        let is_there = |path: &PathBuf| {
            let stat = statat(CWD, path, AtFlags::empty()).map_err(Failure::Errno)?;
            let found = (u64::from(major(stat.st_dev)), u64::from(minor(stat.st_dev)));
            if found == number {
                Ok(())
            } else {
                Err(Failure::Elsewhere)
            }
        };
        if let Err(failure) = is_there(path) {
            let other = question.elsewhere.iter().find(|p| is_there(p).is_ok());
            path = other.ok_or(failure)?;
        }
    }
    let answer = statvfs(path).map_err(Failure::Errno)?;
    let bytes = |blocks: u64| blocks.saturating_mul(answer.f_frsize);
    Ok(Size {
        size: bytes(answer.f_blocks),
        free: bytes(answer.f_bfree),
        available: bytes(answer.f_bavail),
        inodes: answer.f_files,
        inodes_free: answer.f_ffree,
    })
}

fn plain(escaped: &[u8]) -> String {
    let mut out = Vec::with_capacity(escaped.len());
    unescape(escaped, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interest {
    Local,
    Remote,
}

/// File systems that hold nothing but the kernel's own, and images that are always full.
const KERNEL_ONLY: [&[u8]; 27] = [
    b"autofs",
    b"binder",
    b"binfmt_misc",
    b"bpf",
    b"cgroup",
    b"cgroup2",
    b"configfs",
    b"debugfs",
    b"devpts",
    b"devtmpfs",
    b"efivarfs",
    b"fusectl",
    b"fuse.lxcfs",
    b"hugetlbfs",
    b"iso9660",
    b"mqueue",
    b"nsfs",
    b"proc",
    b"pstore",
    b"ramfs",
    b"rpc_pipefs",
    b"securityfs",
    b"selinuxfs",
    b"squashfs",
    b"sysfs",
    b"tracefs",
    b"erofs",
];

/// File systems whose answers come from another machine.
const REMOTE: [&[u8]; 13] = [
    b"nfs",
    b"nfs4",
    b"cifs",
    b"smb3",
    b"smbfs",
    b"ceph",
    b"glusterfs",
    b"lustre",
    b"beegfs",
    b"gpfs",
    b"afs",
    b"9p",
    b"ocfs2",
];

/// Directories below which the kubelet and runtimes mount what belongs to pods and containers.
const OF_CONTAINERS: [&[u8]; 11] = [
    b"/var/lib/kubelet/pods/",
    b"/var/lib/kubelet/plugins/",
    b"/var/lib/docker/",
    b"/var/lib/containerd",
    b"/var/lib/containers/storage/",
    b"/run/containerd",
    b"/run/docker/",
    b"/run/netns/",
    b"/run/user/",
    b"/run/credentials/",
    b"/snap/",
];

/// What is in the path of a container's mounts wherever the runtime keeps its state.
const OF_ANY_CONTAINER: [&[u8]; 2] = [b"/io.containerd.", b"/overlay-containers/"];

fn of_interest(mount: &Mount<'_>) -> Option<Interest> {
    let at = mount.mount_point;
    if KERNEL_ONLY.contains(&mount.fs_type)
        || OF_CONTAINERS.iter().any(|prefix| at.starts_with(prefix))
        || OF_ANY_CONTAINER
            .iter()
            .any(|part| memchr::memmem::find(at, part).is_some())
        || at.starts_with(b"/proc/")
        || at.starts_with(b"/sys/")
        || at.starts_with(b"/dev/") && at != b"/dev/shm"
    {
        return None;
    }
    // Layers of containers; but a host that itself is a container image has one for its root.
    if mount.fs_type == b"overlay" && at != b"/" {
        return None;
    }
    let remote = REMOTE.contains(&mount.fs_type)
        || (mount.fs_type.starts_with(b"fuse") && mount.fs_type != b"fuseblk");
    Some(if remote {
        Interest::Remote
    } else {
        Interest::Local
    })
}

/// Leaves of each device the mount with the shortest path: the others are bind mounts of it. Of two mounts at one place
/// the later hides the earlier.
fn once_each(mut found: Vec<FilesystemState>) -> Vec<FilesystemState> {
    let mut places = HashSet::new();
    found.reverse();
    found.retain(|f| places.insert(f.mount_point.clone()));
    found.sort_by(|a, b| {
        (a.mount_point.len(), &a.mount_point).cmp(&(b.mount_point.len(), &b.mount_point))
    });
    let mut devices = HashSet::new();
    found.retain(|f| devices.insert(f.number));
    found.sort_by(|a, b| a.mount_point.cmp(&b.mount_point));
    found
}

#[cfg(test)]
#[path = "filesystems_tests.rs"]
mod tests;
