//! Rows on their way in: decoded, logged with one fsync for all who wait, in memory and rolled up; then read back
//! from the log as after a crash, then written to tables.

mod alone;
mod case;

use crate::bench::{Failure, folder};
use crate::cli::Common;
use crate::load::{Scale, container, pod};
use crate::report::{Table, count, file_system, fixed};
use crate::stores;
use case::{Case, Outcome};

const DEFAULT: Scale = Scale {
    nodes: 50,
    pods: 60,
    containers: 2,
    minutes: 12,
};

pub(crate) fn run(common: &Common) -> Result<(), Failure> {
    let scale = common.scale.unwrap_or(DEFAULT);
    let dir = folder(common.dir.as_deref())?;
    println!(
        "## Ingest\n\n{scale} (nodes x pods x containers x minutes), a sender a node with one frame in flight, all at \
         once; wire::decode + Store::append, log on {}.\n",
        file_system(dir.path())
    );
    let runtime = stores::runtime()?;
    let mut outcomes = Vec::new();
    for (table, rows) in [
        (container(), 120),
        (container(), 720),
        (pod(), 120),
        (pod(), 720),
    ] {
        let case = Case { table, rows, scale };
        let folder = dir.path().join(format!("{}-{rows}", table.name));
        outcomes.push((case, runtime.block_on(case.run(&folder))?));
        std::fs::remove_dir_all(&folder)?;
    }
    received(&outcomes);
    parts(&outcomes);
    afterwards(&outcomes);
    runtime.block_on(alone::run(&dir.path().join("alone"), &scale))
}

fn received(outcomes: &[(Case, Outcome)]) {
    let mut table = Table::new(
        "Received, on disk and visible",
        &[
            "rows",
            "batch",
            "rows/s",
            "M measurements/s",
            "the same a core",
            "CPU s per M",
            "wire B each",
            "fsyncs",
            "frames per fsync",
            "append p50 ms",
            "p99 ms",
            "memory B each",
        ],
    );
    for (case, o) in outcomes {
        let wall = o.taken.wall.as_secs_f64();
        let cpu = o.taken.cpu.as_secs_f64();
        let millions = o.measurements as f64 / 1e6;
        table.row([
            format!("{} {}", count(o.rows), case.table.name),
            case.rows.to_string(),
            count((o.rows as f64 / wall) as u64),
            fixed(millions / wall),
            fixed(millions / cpu),
            fixed(o.taken.cpu_per_million(o.measurements)),
            fixed(o.body_bytes as f64 / o.measurements as f64),
            count(o.fsyncs),
            fixed(o.frames as f64 / o.fsyncs.max(1) as f64),
            fixed(o.latency_p50.as_secs_f64() * 1e3),
            fixed(o.latency_p99.as_secs_f64() * 1e3),
            fixed(o.hot_bytes as f64 / o.measurements as f64),
        ]);
    }
    table.print();
}

fn parts(outcomes: &[(Case, Outcome)]) {
    let mut table = Table::new(
        "CPU s per million measurements, by part",
        &[
            "rows",
            "batch",
            "agent: encode",
            "decode",
            "log, memory, rollup",
            "both",
            "replay",
            "write to tables",
        ],
    );
    for (case, o) in outcomes {
        let each = |cost: crate::cost::Cost| fixed(cost.cpu_per_million(o.measurements));
        let rest = o.taken.cpu.saturating_sub(o.decoded.cpu);
        table.row([
            case.table.name.to_owned(),
            case.rows.to_string(),
            each(o.encoded),
            each(o.decoded),
            each(crate::cost::Cost {
                cpu: rest,
                ..o.taken
            }),
            each(o.taken),
            each(o.replayed),
            each(o.flushed),
        ]);
    }
    table.print();
}

fn afterwards(outcomes: &[(Case, Outcome)]) {
    let mut table = Table::new(
        "Started again on the same log, then written to tables (raw and 1-minute rows)",
        &[
            "rows",
            "batch",
            "log MiB",
            "replay rows/s",
            "replay s",
            "flush rows/s",
            "flush s",
        ],
    );
    for (case, o) in outcomes {
        let rate =
            |cost: crate::cost::Cost| count((o.rows as f64 / cost.wall.as_secs_f64()) as u64);
        table.row([
            case.table.name.to_owned(),
            case.rows.to_string(),
            crate::report::mebibytes(o.log_bytes),
            rate(o.replayed),
            fixed(o.replayed.wall.as_secs_f64()),
            rate(o.flushed),
            fixed(o.flushed.wall.as_secs_f64()),
        ]);
    }
    table.print();
}
