//! Log files of pods as containerd writes and kubelet rotates them, with seeded lines in them.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::bench::Failure;
use crate::load::NodeLogs;

/// A pod's bytes wait in memory up to so many, as they do in a runtime.
const WRITE: usize = 64 << 10;

/// The logs of a node's pods.
#[derive(Debug)]
pub(super) struct Folder {
    logs: NodeLogs,
    pods: Vec<Pod>,
    rotate_at: u64,
    keep: usize,
    bytes: u64,
    entries: u64,
}

/// How much, and how fast.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    pub(super) bytes: u64,
    pub(super) bytes_per_second: Option<u64>,
}

#[derive(Debug)]
struct Pod {
    path: PathBuf,
    file: File,
    size: u64,
    waiting: String,
    rotated: VecDeque<PathBuf>,
    rotations: u64,
}

impl Folder {
    /// Files of so many pods under a folder for /var/log. They rotate at `rotate_at` bytes; `keep` of each remain.
    pub(super) fn new(
        root: &Path,
        pods: usize,
        rotate_at: u64,
        keep: usize,
    ) -> Result<Folder, Failure> {
        let logs = NodeLogs::new(0, pods, 10_000.0);
        let files = logs.pods().iter().map(|pod| {
            let names = &pod.names;
            let container = names.container.as_ref().map_or("main", |c| c.0);
            let folder = root
                .join("pods")
                .join(format!(
                    "{}_{}_{}",
                    names.namespace, names.pod, names.pod_uid
                ))
                .join(container);
            fs::create_dir_all(&folder)?;
            let path = folder.join("0.log");
            Ok(Pod {
                file: File::create(&path)?,
                path,
                size: 0,
                waiting: String::new(),
                rotated: VecDeque::new(),
                rotations: 0,
            })
        });
        let pods = files.collect::<Result<Vec<_>, std::io::Error>>()?;
        fs::create_dir_all(root.join("containers"))?;
        Ok(Folder {
            logs,
            pods,
            rotate_at,
            keep,
            bytes: 0,
            entries: 0,
        })
    }

    /// Bytes written.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Entries written: a stack trace is one.
    pub(super) fn entries(&self) -> u64 {
        self.entries
    }

    /// Writes lines; what waits in memory is written at the end.
    pub(super) fn write(&mut self, sizes: Sizes) -> Result<(), Failure> {
        let began = Instant::now();
        let until = self.bytes + sizes.bytes;
        let mut text = String::new();
        let mut made = self.bytes;
        while made < until {
            text.clear();
            let line = self.logs.line(&mut text);
            let Some(pod) = self.pods.get_mut(line.pod) else {
                continue;
            };
            let before = pod.waiting.len();
            let stamp = chrono::Utc::now()
                .format("%Y-%m-%dT%H:%M:%S%.9fZ")
                .to_string();
            for part in text.split('\n') {
                let _ = writeln!(pod.waiting, "{stamp} {} F {part}", line.stream);
            }
            let length = (pod.waiting.len() - before) as u64;
            self.entries += 1;
            made += length;
            if pod.waiting.len() >= WRITE {
                self.bytes += pod.put(self.rotate_at, self.keep)?;
            }
            if let Some(rate) = sizes.bytes_per_second {
                let due =
                    Duration::from_secs_f64((made + sizes.bytes - until) as f64 / rate as f64);
                let ahead = due.saturating_sub(began.elapsed());
                if ahead > Duration::from_millis(5) {
                    // What was made is written: a line waits for no more than this pause.
                    for pod in &mut self.pods {
                        self.bytes += pod.put(self.rotate_at, self.keep)?;
                    }
                    std::thread::sleep(ahead);
                }
            }
        }
        for pod in &mut self.pods {
            self.bytes += pod.put(self.rotate_at, self.keep)?;
        }
        Ok(())
    }
}

impl Pod {
    /// Writes what waits, and rotates when that makes the file large enough.
    fn put(&mut self, rotate_at: u64, keep: usize) -> Result<u64, Failure> {
        let written = self.waiting.len() as u64;
        if written == 0 {
            return Ok(0);
        }
        self.file.write_all(self.waiting.as_bytes())?;
        self.waiting.clear();
        self.size += written;
        if self.size >= rotate_at {
            self.rotations += 1;
            // Names in the order of time; the seconds are a count, for a burst has more than one rotation in one.
            let stamp = format!("20261001-{:06}", self.rotations);
            let name = self.path.with_file_name(format!("0.log.{stamp}"));
            fs::rename(&self.path, &name)?;
            self.file = File::create(&self.path)?;
            self.size = 0;
            self.rotated.push_back(name);
            while self.rotated.len() >= keep {
                if let Some(oldest) = self.rotated.pop_front() {
                    fs::remove_file(oldest)?;
                }
            }
        }
        Ok(written)
    }
}
