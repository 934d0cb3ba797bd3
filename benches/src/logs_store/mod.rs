//! Log lines in the store: what it costs to take them in, sort, index and compact them, what they take on disk, and what
//! questions over them cost.

mod questions;

use std::path::Path;

use arrow::array::AsArray;
use catalogue::Tier;
use catalogue::tables::LOG;

use crate::bench::{Failure, folder};
use crate::cli::LogsStore;
use crate::cost::{Cost, Meter};
use crate::load::{NodeLogs, START_USEC};
use crate::report::{Table, count, fixed, mebibytes};
use crate::stores::{self, Sender, TimedStore, number, same};

/// Lines of a frame.
const FRAME_LINES: usize = 4096;
const MINUTE_USEC: i64 = 60_000_000;
/// From flush to flush.
const FLUSH_USEC: i64 = 10 * MINUTE_USEC;
const SPAN_SECONDS: f64 = 3600.0;

/// What was put in, and what each step cost.
#[derive(Debug, Default)]
struct Filled {
    lines: u64,
    message_bytes: u64,
    wire_bytes: u64,
    accept: Cost,
    flush: Cost,
    compact: Cost,
    flushed_bytes: u64,
}

pub(crate) fn run(options: &LogsStore) -> Result<(), Failure> {
    let dir = folder(options.dir.as_deref())?;
    println!(
        "## Logs in the store\n\n{} lines of {} nodes × {} pods over an hour, frames of {FRAME_LINES} lines, a flush each \
         10 minutes; access logs, JSON with trace ids, klog, Java traces; Pareto over pods.\n",
        count(options.lines),
        options.nodes,
        options.pods
    );
    let runtime = stores::runtime()?;
    let result = runtime.block_on(all(dir.path(), options));
    runtime.shutdown_background();
    result
}

async fn all(dir: &Path, options: &LogsStore) -> Result<(), Failure> {
    let store = TimedStore::open(&dir.join("store"), START_USEC).await?;
    let mut filled = fill(&store, options).await?;
    let query = store.query()?;
    let stored = number(&query, "select count(*) from log").await?;
    same("lines in the store", stored, filled.lines)?;
    store.advance(START_USEC + 3 * 3600 * 1_000_000);
    let meter = Meter::start();
    store.tend().await?;
    filled.compact = meter.stop();
    let stored = number(&query, "select count(*) from log").await?;
    same("lines after compaction", stored, filled.lines)?;
    let usage: u64 = store
        .store
        .log_usage()
        .iter()
        .map(|u| u.message_bytes)
        .sum();
    same(
        "message bytes that are accounted for",
        usage,
        filled.message_bytes,
    )?;
    print(&store, &filled)?;
    questions::run(&store, options).await?;
    store.store.shutdown().await;
    Ok(())
}

async fn fill(store: &TimedStore, options: &LogsStore) -> Result<Filled, Failure> {
    let mut filled = Filled::default();
    let each = options.lines as f64 / options.nodes as f64 / SPAN_SECONDS;
    let mut nodes = Vec::new();
    for node in 0..options.nodes {
        nodes.push((
            NodeLogs::new(node, options.pods, each),
            Sender::new(node, &LOG)?,
            0i64,
        ));
    }
    let mut next_flush = START_USEC + FLUSH_USEC;
    while filled.lines < options.lines {
        // The node that is furthest behind sends next.
        let Some((logs, sender, at)) = nodes.iter_mut().min_by_key(|(_, _, at)| *at) else {
            break;
        };
        let batch = logs.batch(FRAME_LINES)?;
        let frame = sender.frame(&batch)?;
        *at = frame.newest_usec;
        filled.lines += batch.num_rows() as u64;
        let messages = batch
            .column_by_name("message")
            .and_then(|c| c.as_string_opt::<i32>())
            .ok_or("a batch without messages")?;
        filled.message_bytes += messages
            .iter()
            .flatten()
            .map(|m| m.len() as u64)
            .sum::<u64>();
        filled.wire_bytes += frame.body.len() as u64;
        let newest = frame.newest_usec;
        drop(batch);
        let meter = Meter::start();
        store.receive(frame).await?;
        filled.accept = filled.accept + meter.stop();
        if newest >= next_flush {
            next_flush += FLUSH_USEC;
            filled.flush = filled.flush + flushed(store).await?;
        }
    }
    filled.flush = filled.flush + flushed(store).await?;
    filled.flushed_bytes = store.held(&LOG, Tier::Raw).map_or(0, |held| held.bytes);
    Ok(filled)
}

async fn flushed(store: &TimedStore) -> Result<Cost, Failure> {
    let meter = Meter::start();
    store.flush().await?;
    Ok(meter.stop())
}

fn print(store: &TimedStore, filled: &Filled) -> Result<(), Failure> {
    let megabytes = filled.message_bytes as f64 / 1e6;
    let mut table = Table::new(
        "Accepted, sorted, indexed, compacted",
        &["step", "CPU s", "MB of messages a CPU second", "wall s"],
    );
    let sum = filled.accept + filled.flush + filled.compact;
    for (step, cost) in [
        (
            "received: decoded, logged with fsync, in memory",
            filled.accept,
        ),
        ("flushed: sorted, indexed, written", filled.flush),
        ("compacted: merged, indexed, written", filled.compact),
        ("all", sum),
    ] {
        table.row([
            step.to_owned(),
            fixed(cost.cpu.as_secs_f64()),
            fixed(megabytes / cost.cpu.as_secs_f64()),
            fixed(cost.wall.as_secs_f64()),
        ]);
    }
    table.print();
    let held = store.held(&LOG, Tier::Raw).ok_or("there is no log table")?;
    let index = store.store.status().log_index.memory_bytes;
    let each = |bytes: u64| fixed(bytes as f64 / filled.lines as f64);
    let mut table = Table::new("On disk", &["what", "MiB", "B a line", "% of the messages"]);
    for (what, bytes) in [
        ("messages", filled.message_bytes),
        ("frames as they came (zstd 1)", filled.wire_bytes),
        (
            "files of ten minutes, with their index",
            filled.flushed_bytes,
        ),
        ("files compacted, with their index", held.bytes),
        ("indexes in memory", index),
    ] {
        table.row([
            what.to_owned(),
            mebibytes(bytes),
            each(bytes),
            fixed(bytes as f64 * 100.0 / filled.message_bytes as f64),
        ]);
    }
    table.print();
    println!("{} lines in {} files.\n", count(filled.lines), held.files);
    Ok(())
}
