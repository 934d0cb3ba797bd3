//! What a tick costs: CPU time, reads and memory, over a made-up node or over real control groups.
//!
//! `cargo run -p agent --example tick_cost -- [v1|v2|real] [pods] [containers] [ticks]`
//!
//! `real` makes cgroups in this machine's trees (as root) and removes them again.

#[path = "../tests/synthetic/mod.rs"]
#[allow(dead_code, clippy::unwrap_used)]
mod synthetic;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use agent::sampler::Sampler;
use agent::source::Options;
use rustix::time::{ClockId, clock_gettime};
use synthetic::{Layout, Synthetic, id};

/// CPU time of this process, in microseconds.
fn cpu() -> u64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as u64 * 1_000_000 + now.tv_nsec as u64 / 1000
}

fn status(key: &str) -> String {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    text.lines()
        .find_map(|l| l.strip_prefix(key))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// The trees of a machine with v1 or both versions.
const TREES: [&str; 6] = ["cpu", "cpuacct", "memory", "blkio", "pids", "unified"];

/// Control groups in the real trees, removed when dropped.
struct Real {
    made: Vec<PathBuf>,
}

impl Real {
    fn new(pods: usize, containers: usize) -> std::io::Result<Real> {
        let mut real = Real { made: Vec::new() };
        for tree in TREES {
            let base = PathBuf::from("/sys/fs/cgroup").join(tree);
            if !base.is_dir() {
                continue;
            }
            let mut paths = vec![
                "kansoku-cost".to_owned(),
                "kansoku-cost/kubepods".to_owned(),
            ];
            paths.push("kansoku-cost/kubepods/burstable".to_owned());
            for pod in 0..pods {
                let path = format!("kansoku-cost/{}", Synthetic::pod(pod));
                paths.push(path.clone());
                paths.extend((0..containers).map(|c| format!("{path}/{}", id(pod, c))));
            }
            for path in paths {
                let dir = base.join(path);
                std::fs::create_dir(&dir)?;
                real.made.push(dir);
            }
        }
        Ok(real)
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        for dir in self.made.iter().rev() {
            let _ = std::fs::remove_dir(dir);
        }
    }
}

/// The files that a tick reads of each cgroup.
const HOT: [&str; 21] = [
    "cpuacct.usage",
    "cpuacct.stat",
    "cpu.stat",
    "memory.stat",
    "memory.usage_in_bytes",
    "memory.oom_control",
    "memory.failcnt",
    "memory.max_usage_in_bytes",
    "memory.kmem.usage_in_bytes",
    "pids.current",
    "blkio.throttle.io_service_bytes_recursive",
    "blkio.throttle.io_serviced_recursive",
    "memory.current",
    "memory.events",
    "memory.swap.current",
    "memory.peak",
    "io.stat",
    "cpu.pressure",
    "memory.pressure",
    "io.pressure",
    "cgroup.procs",
];

/// Keeps those files open below some directories and reads them as often as a sampler would: what the kernel alone
/// charges.
fn bare(trees: &[PathBuf], ticks: usize) -> std::io::Result<()> {
    use std::os::unix::fs::FileExt;
    let mut files = Vec::new();
    let mut open = trees.to_vec();
    let mut lists = 0;
    while let Some(dir) = open.pop() {
        for name in HOT.iter() {
            // The sampler reads one list of processes a cgroup, and of v2 in a hybrid machine its pressure alone.
            let hybrid = dir.starts_with("/sys/fs/cgroup/unified");
            let is_list = *name == "cgroup.procs";
            if is_list && !dir.to_string_lossy().contains("pids") && trees.len() > 1
                || hybrid && *name == "cpu.stat"
            {
                continue;
            }
            if let Ok(file) = std::fs::File::open(dir.join(name)) {
                lists += usize::from(is_list);
                files.push(file);
            }
        }
        for entry in std::fs::read_dir(&dir)?
            .flatten()
            .filter(|e| e.file_type().is_ok_and(|t| t.is_dir()))
        {
            open.push(entry.path());
        }
    }
    println!(
        "bare: {} files, {lists} of them lists of processes",
        files.len()
    );
    let mut buffer = vec![0u8; 64 << 10];
    for tick in 0..ticks {
        let before = cpu();
        let mut bytes = 0;
        for file in &files {
            bytes += file.read_at(&mut buffer, 0).unwrap_or(0);
        }
        println!("bare {tick}: {} µs of CPU, {bytes} bytes", cpu() - before);
        std::thread::sleep(Duration::from_millis(1000));
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let kind = arguments.first().map_or("v1", String::as_str);
    let number = |at: usize, otherwise: usize| {
        arguments
            .get(at)
            .and_then(|a| a.parse().ok())
            .unwrap_or(otherwise)
    };
    let (pods, containers, ticks) = (number(1, 110), number(2, 2), number(3, 12));
    let dir = synthetic::directory();
    let mut real = None;
    let mut trees = Vec::new();
    let options = match kind {
        "real" => {
            real = Some(Real::new(pods, containers)?);
            let base = PathBuf::from("/sys/fs/cgroup");
            trees.extend(
                TREES
                    .iter()
                    .map(|t| base.join(t).join("kansoku-cost"))
                    .filter(|t| t.is_dir()),
            );
            Options {
                filesystem_wait_usec: 1000,
                ..Options::default()
            }
        }
        _ => {
            let layout = if kind == "v2" { Layout::V2 } else { Layout::V1 };
            let node = Synthetic::new(dir.path(), layout);
            // `containers` with the pause container among them.
            node.pods(0..pods, containers.saturating_sub(1));
            trees = node.trees();
            node.options()
        }
    };
    let begun = Instant::now();
    let (before, options) = (
        cpu(),
        Options {
            slow_usec: 30_000_000,
            ..options
        },
    );
    let mut sampler = Sampler::new(options)?;
    println!(
        "{kind}: found everything in {:?}, {} µs of CPU",
        begun.elapsed(),
        cpu() - before
    );
    for tick in 0..ticks {
        let (before, reads) = (cpu(), sampler.counters().reads);
        let begun = Instant::now();
        let batches = sampler.tick(tick as i64 * 10_000_000);
        let spent = cpu() - before;
        let rows: usize = batches.iter().map(|b| b.batch.num_rows()).sum();
        println!(
            "tick {tick}: {spent} µs of CPU, {:?} in all, {rows} rows, {} reads, RSS {}",
            begun.elapsed(),
            sampler.counters().reads - reads,
            status("VmRSS:")
        );
        drop(batches);
        // Limits are read every thirtieth second here, as every thirtieth tick of ten seconds.
        std::thread::sleep(Duration::from_millis(1000));
    }
    println!("{:?}", sampler.counters());
    drop(sampler);
    bare(&trees, ticks)?;
    drop(real);
    Ok(())
}
