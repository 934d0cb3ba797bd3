//! Bytes on disk: by table and tier, by encoding, beside other stores.

mod encodings;
mod filled;
mod peers;
mod rewrite;

use catalogue::Tier;

use crate::bench::{Failure, folder};
use crate::cli::Common;
use crate::load::{Scale, container, pod};
use crate::report::{Table, count, fixed, mebibytes};
use crate::stores::{self, TimedStore};
pub(crate) use filled::{Filled, Flushing, fill};

/// A fifth of the 100 nodes: bytes for a measurement do not depend on the number of nodes, time does.
const DEFAULT: Scale = Scale {
    nodes: 20,
    pods: 60,
    containers: 2,
    minutes: 60,
};

pub(crate) fn run(common: &Common) -> Result<(), Failure> {
    let scale = common.scale.unwrap_or(DEFAULT);
    let dir = folder(common.dir.as_deref())?;
    println!(
        "## Disk\n\n{scale} (nodes x pods x containers x minutes), a row each 10 s, a flush each 10 minutes.\n"
    );
    let runtime = stores::runtime()?;
    let (filled, after_flush, after_compaction) = runtime.block_on(async {
        let tables = [(pod(), scale.nodes), (container(), scale.nodes)];
        let folder = dir.path().join("store");
        let (store, filled) = fill(&folder, &scale, &tables, Flushing::EveryTenMinutes).await?;
        store.advance(filled.end_usec + 20 * 60 * 1_000_000);
        store.flush().await?;
        filled.check(&store).await?;
        let after_flush = sizes(&store);
        store.tend().await?;
        filled.check(&store).await?;
        let after_compaction = sizes(&store);
        store.store.shutdown().await;
        Ok::<_, Failure>((filled, after_flush, after_compaction))
    })?;
    tiers(&filled, &after_flush, &after_compaction);
    let raw: u64 = after_compaction
        .iter()
        .filter(|s| s.tier == Tier::Raw)
        .map(|s| s.bytes)
        .sum();
    for table in [pod(), container()] {
        encodings::run(
            &dir.path().join("store/tables").join(table.name),
            &filled,
            table,
        )?;
    }
    if common.peers {
        peers::run(dir.path(), &scale, filled.measurements(), raw)?;
    }
    Ok(())
}

/// What one table has in one tier.
#[derive(Debug, Clone)]
struct Size {
    table: &'static catalogue::Table,
    tier: Tier,
    rows: u64,
    files: usize,
    bytes: u64,
}

fn sizes(store: &TimedStore) -> Vec<Size> {
    let mut sizes = Vec::new();
    for table in [pod(), container()] {
        for tier in Tier::ALL {
            if let Some(held) = store.held(table, tier) {
                sizes.push(Size {
                    table,
                    tier,
                    rows: held.rows,
                    files: held.files,
                    bytes: held.bytes,
                });
            }
        }
    }
    sizes
}

fn tiers(filled: &Filled, after_flush: &[Size], after_compaction: &[Size]) {
    let mut table = Table::new(
        "By table and tier; B each = bytes for each raw measurement that the rows stand for",
        &[
            "table",
            "rows",
            "files",
            "MiB",
            "B each",
            "files compacted",
            "MiB compacted",
            "B each compacted",
            "B a row compacted",
        ],
    );
    let mut sums = [0u64; 2];
    for (before, after) in after_flush.iter().zip(after_compaction) {
        let each = |bytes: u64| fixed(bytes as f64 / filled.measurements_of(before.table) as f64);
        table.row([
            before.table.name_in(before.tier),
            count(after.rows),
            before.files.to_string(),
            mebibytes(before.bytes),
            each(before.bytes),
            after.files.to_string(),
            mebibytes(after.bytes),
            each(after.bytes),
            fixed(after.bytes as f64 / after.rows.max(1) as f64),
        ]);
        sums[0] += before.bytes;
        sums[1] += after.bytes;
    }
    let each = |bytes: u64| fixed(bytes as f64 / filled.measurements() as f64);
    let dash = || "–".to_owned();
    table.row([
        "all".to_owned(),
        dash(),
        dash(),
        mebibytes(sums[0]),
        each(sums[0]),
        dash(),
        mebibytes(sums[1]),
        each(sums[1]),
        dash(),
    ]);
    table.print();
    println!(
        "{} measurements: {} in pod rows, {} in container rows.\n",
        count(filled.measurements()),
        count(filled.measurements_of(pod())),
        count(filled.measurements_of(container())),
    );
}
