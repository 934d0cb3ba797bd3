//! One tick of the agent over a full node, against the bare reads of the same files.

mod bare;
mod contents;
mod host;
mod live;
mod tree;

use std::path::{Path, PathBuf};

use agent::sampler::Sampler;
use agent::source::{Clock, ManualClock, Options, Roots};

use crate::bench::{Failure, folder};
use crate::cli;
use crate::cost::{Allocations, Cost, Meter, median, peak_resident, resident};
use crate::load::{START_USEC, TICK_USEC};
use crate::report::{Table, count, fixed, mebibytes, ratio};
use bare::Bare;
use tree::Layout;

/// Containers of each pod.
const CONTAINERS: usize = 2;
/// Ticks before measuring: files are opened, buffers grow.
const WARM_UP: usize = 6;
/// Passes of the bare reads.
const PASSES: usize = 60;

pub(crate) fn run(options: &cli::Tick) -> Result<(), Failure> {
    println!(
        "## Tick\n\n{} pods x {CONTAINERS} containers: {} cgroups.\n",
        options.pods,
        options.pods * (1 + CONTAINERS)
    );
    let mut results = Vec::new();
    if options.live {
        let made = live::Groups::make(options.pods, CONTAINERS)?;
        let node = Node {
            name: "this kernel's v1",
            roots: Roots::default(),
            groups: made.groups(),
            changing: made.changing(),
        };
        results.push(measure(node, options.ticks, &|_| Ok(()))?);
    } else {
        for layout in [Layout::V2, Layout::V1] {
            // In memory: a disk's file system is not what an agent reads from.
            let shm = Path::new("/dev/shm");
            let dir = folder(shm.is_dir().then_some(shm))?;
            let tree = tree::Tree::make(dir.path(), layout, options.pods, CONTAINERS)?;
            let node = Node {
                name: layout.name(),
                roots: Roots::under(dir.path()),
                groups: tree.groups(),
                changing: tree.changing(),
            };
            results.push(measure(node, options.ticks, &|tick| tree.work(tick))?);
        }
    }
    print(&results);
    Ok(())
}

/// What is measured.
struct Node {
    name: &'static str,
    roots: Roots,
    /// Pods and containers.
    groups: usize,
    /// The files of theirs that must be read each tick.
    changing: Vec<PathBuf>,
}

/// What a tick over one layout costs.
struct Outcome {
    name: &'static str,
    rows: u64,
    measurements: u64,
    tick: Cost,
    worst: Cost,
    encode: Cost,
    allocations: Allocations,
    encoded_bytes: u64,
    files: f64,
    bytes: f64,
    kept: u64,
    resident: (u64, u64),
    peak: u64,
    bare: Bare,
}

fn measure(
    node: Node,
    ticks: usize,
    work: &dyn Fn(usize) -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let bare = Bare::measure(&node.changing, PASSES)?;
    let before = resident();
    let clock = ManualClock::default();
    let set = |tick: usize| {
        let usec = tick as i64 * TICK_USEC;
        clock.set(usec.unsigned_abs() + 1, START_USEC + usec + 2_000);
        START_USEC + usec
    };
    set(0);
    let mut sampler = Sampler::new(Options {
        cluster: Some("production".to_owned()),
        node: Some("node-1".to_owned()),
        roots: node.roots,
        clock: Clock::Manual(clock.clone()),
        ..Options::default()
    })?;
    let mut encoder = wire::Encoder::new(wire::Encoding::Zstd, wire::Encoder::DEFAULT_LEVEL)?;
    let mut body = Vec::new();
    let (mut costs, mut encodes) = (Vec::new(), Vec::new());
    let mut allocations = Allocations::default();
    let (mut rows, mut measurements, mut encoded_bytes) = (0, 0, 0);
    let mut reads = (0, 0);
    for tick in 0..WARM_UP + ticks {
        work(tick)?;
        let time = set(tick + 1);
        if tick == WARM_UP {
            let counters = sampler.counters();
            reads = (counters.reads, counters.bytes);
        }
        let allocated = Allocations::now();
        let meter = Meter::start();
        let batches = sampler.tick(time);
        let cost = meter.stop();
        let allocated = allocated.since();
        if tick < WARM_UP {
            continue;
        }
        costs.push(cost);
        allocations.count += allocated.count;
        allocations.bytes += allocated.bytes;
        let meter = Meter::start();
        for batch in &batches {
            body.clear();
            encoder.encode(std::slice::from_ref(&batch.batch), &mut body)?;
            encoded_bytes += body.len() as u64;
        }
        encodes.push(meter.stop());
        for batch in &batches {
            rows += batch.batch.num_rows() as u64;
            measurements += crate::load::measurements(batch.table, &batch.batch);
        }
    }
    let counters = sampler.counters();
    let each = |total: u64| total as f64 / ticks as f64;
    let expected = (node.groups * ticks) as u64;
    if rows < expected {
        return Err(format!("{rows} rows came of {expected} cgroups and ticks").into());
    }
    Ok(Outcome {
        name: node.name,
        rows: rows / ticks as u64,
        measurements: measurements / ticks as u64,
        tick: median(&costs),
        worst: costs
            .iter()
            .copied()
            .max_by_key(|c| c.cpu)
            .unwrap_or_default(),
        encode: median(&encodes),
        allocations: Allocations {
            count: allocations.count / ticks as u64,
            bytes: allocations.bytes / ticks as u64,
        },
        encoded_bytes: encoded_bytes / ticks as u64,
        files: each(counters.reads - reads.0),
        bytes: each(counters.bytes - reads.1),
        kept: counters.kept_files,
        resident: (before, resident()),
        peak: peak_resident(),
        bare,
    })
}

fn print(results: &[Outcome]) {
    let mut table = Table::new(
        "A tick, CPU ms (median; the largest is one in which files that seldom change are read too)",
        &[
            "layout",
            "rows",
            "measurements",
            "files read",
            "KiB read",
            "tick",
            "largest",
            "encode (zstd 1)",
            "KiB encoded",
            "allocations",
            "KiB allocated",
        ],
    );
    for r in results {
        table.row([
            r.name.to_owned(),
            count(r.rows),
            count(r.measurements),
            fixed(r.files),
            fixed(r.bytes / 1024.0),
            fixed(r.tick.cpu_ms()),
            fixed(r.worst.cpu_ms()),
            fixed(r.encode.cpu_ms()),
            fixed(r.encoded_bytes as f64 / 1024.0),
            count(r.allocations.count),
            fixed(r.allocations.bytes as f64 / 1024.0),
        ]);
    }
    table.print();
    let mut table = Table::new(
        "The bare reads of the cgroups' files that are read each tick, CPU ms",
        &[
            "layout",
            "files",
            "open + read + close",
            "pread, kept open",
            "tick to kept open",
            "tick to reopened",
        ],
    );
    for r in results {
        table.row([
            r.name.to_owned(),
            count(r.bare.files),
            fixed(r.bare.reopened.cpu_ms()),
            fixed(r.bare.kept.cpu_ms()),
            ratio(r.tick.cpu_ms(), r.bare.kept.cpu_ms()),
            ratio(r.tick.cpu_ms(), r.bare.reopened.cpu_ms()),
        ]);
    }
    table.print();
    let mut table = Table::new(
        "Memory of this process, MiB",
        &[
            "layout",
            "resident before",
            "after",
            "peak",
            "files kept open",
        ],
    );
    for r in results {
        table.row([
            r.name.to_owned(),
            mebibytes(r.resident.0),
            mebibytes(r.resident.1),
            mebibytes(r.peak),
            count(r.kept),
        ]);
    }
    table.print();
}
