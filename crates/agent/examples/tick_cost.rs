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

/// Control groups in the real trees, removed when dropped.
struct Real {
    made: Vec<PathBuf>,
}

impl Real {
    fn new(pods: usize, containers: usize) -> std::io::Result<Real> {
        let mut real = Real { made: Vec::new() };
        for tree in ["cpu", "cpuacct", "memory", "blkio", "pids", "unified"] {
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
    let options = match kind {
        "real" => {
            real = Some(Real::new(pods, containers)?);
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
    drop(real);
    Ok(())
}
