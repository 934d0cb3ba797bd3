//! Whether the store's choice of encodings is the right one: the rows of its own compacted file, written in other ways.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Encoding;

use super::filled::Filled;
use super::rewrite::{Numbers, Rewrite, Rewritten, Stored, Way, columns, stored};
use crate::bench::Failure;
use crate::load::is_measurement;
use crate::report::{Table, count, fixed, mebibytes};
use crate::stores::same;

/// As many rows in a group as the store writes.
const GROUP_ROWS: usize = 131_072;
/// Columns in the second table.
const WORST: usize = 12;

const DICTIONARY: &str = "a dictionary for everything (a writer's default)";
const DELTA: &str = "numbers DELTA_BINARY_PACKED";
const SPLIT: &str = "numbers BYTE_STREAM_SPLIT";
const PLAIN: &str = "numbers PLAIN";

fn ways() -> Vec<Way> {
    let way = |name, numbers, level, group_rows| Way {
        name,
        numbers,
        level,
        group_rows,
    };
    vec![
        way(
            "as the store writes, zstd 3",
            Numbers::AsStored,
            3,
            GROUP_ROWS,
        ),
        way(
            "as the store writes, zstd 1",
            Numbers::AsStored,
            1,
            GROUP_ROWS,
        ),
        way(
            "as the store writes, zstd 9",
            Numbers::AsStored,
            9,
            GROUP_ROWS,
        ),
        way(
            "as the store writes, groups of a million rows",
            Numbers::AsStored,
            3,
            1 << 20,
        ),
        way(DICTIONARY, Numbers::Dictionary, 3, GROUP_ROWS),
        way(
            DELTA,
            Numbers::Plainly(Encoding::DELTA_BINARY_PACKED),
            3,
            GROUP_ROWS,
        ),
        way(
            SPLIT,
            Numbers::Plainly(Encoding::BYTE_STREAM_SPLIT),
            3,
            GROUP_ROWS,
        ),
        way(PLAIN, Numbers::Plainly(Encoding::PLAIN), 3, GROUP_ROWS),
    ]
}

/// Rewrites a table's compacted file, found below the table's folder.
pub(super) fn run(
    folder: &Path,
    filled: &Filled,
    table: &'static catalogue::Table,
) -> Result<(), Failure> {
    let path = newest(folder)?.ok_or_else(|| format!("no file in {}", folder.display()))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(&path)?)?;
    let metadata = std::sync::Arc::clone(reader.metadata());
    same(
        "rows in the compacted file",
        metadata.file_metadata().num_rows().unsigned_abs(),
        filled.rows_of(table),
    )?;
    let (stored, actual) = (stored(&metadata), columns(&metadata));
    let schema = std::sync::Arc::clone(reader.schema());
    let mut files = ways()
        .into_iter()
        .map(|way| Rewrite::new(way, &schema, &stored))
        .collect::<Result<Vec<_>, _>>()?;
    for batch in reader.with_batch_size(16_384).build()? {
        let batch = batch?;
        for file in &mut files {
            file.push(&batch)?;
        }
    }
    let files = files
        .into_iter()
        .map(Rewrite::finish)
        .collect::<Result<Vec<_>, _>>()?;
    let measurements = filled.measurements_of(table);
    let size = std::fs::metadata(&path)?.len();
    by_way(table, &files, size, measurements);
    by_column(table, &files, &stored, &actual, filled.rows_of(table));
    Ok(())
}

/// Files are named by when they were made; the one that compaction wrote is the last.
fn newest(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    let mut files = Vec::new();
    for day in std::fs::read_dir(folder)? {
        let day = day?.path();
        if day.is_dir() && !day.ends_with("_delta_log") {
            for file in std::fs::read_dir(day)? {
                files.push(file?.path());
            }
        }
    }
    files.retain(|path| path.extension().is_some_and(|e| e == "parquet"));
    Ok(files
        .into_iter()
        .max_by_key(|path| path.file_name().map(ToOwned::to_owned)))
}

fn by_way(table: &catalogue::Table, files: &[Rewritten], size: u64, measurements: u64) {
    let mut out = Table::new(
        format!("The {} rows of one hour, written in other ways", table.name),
        &[
            "way",
            "MiB",
            "B each",
            "against the store's",
            "write CPU s per M",
            "read CPU s per M",
        ],
    );
    let row = |name: &str, bytes: u64, costs: Option<(f64, f64)>| {
        let cost = |c: Option<f64>| c.map_or_else(|| "–".to_owned(), fixed);
        [
            name.to_owned(),
            mebibytes(bytes),
            fixed(bytes as f64 / measurements as f64),
            format!("{:+.1} %", (bytes as f64 / size as f64 - 1.0) * 100.0),
            cost(costs.map(|c| c.0)),
            cost(costs.map(|c| c.1)),
        ]
    };
    out.row(row("the store's file", size, None));
    for file in files {
        let costs = (
            file.write.cpu_per_million(measurements),
            file.read.cpu_per_million(measurements),
        );
        out.row(row(file.way.name, file.bytes, Some(costs)));
    }
    let best: u64 = best(files).values().map(|(_, bytes)| bytes).sum();
    out.row(row(
        "the smallest of these four for each column",
        best,
        None,
    ));
    out.print();
}

/// For each column the smallest of the four uniform ways.
fn best(files: &[Rewritten]) -> BTreeMap<&str, (&'static str, u64)> {
    let mut best: BTreeMap<&str, (&'static str, u64)> = BTreeMap::new();
    for file in files
        .iter()
        .filter(|f| [DICTIONARY, DELTA, SPLIT, PLAIN].contains(&f.way.name))
    {
        for (column, bytes) in &file.columns {
            let entry = best.entry(column).or_insert((file.way.name, *bytes));
            if *bytes < entry.1 {
                *entry = (file.way.name, *bytes);
            }
        }
    }
    best
}

fn by_column(
    table: &catalogue::Table,
    files: &[Rewritten],
    stored: &Stored,
    actual: &BTreeMap<String, u64>,
    rows: u64,
) {
    let mut out = Table::new(
        format!(
            "{}: the columns that are largest, and those where another way saves most (B a row)",
            table.name
        ),
        &[
            "column",
            "as stored",
            "B",
            "dictionary",
            "DELTA",
            "SPLIT",
            "PLAIN",
            "saved by the best, KiB",
        ],
    );
    let best = best(files);
    let saved = |column: &str| {
        let bytes = actual.get(column).copied().unwrap_or(0);
        bytes.saturating_sub(best.get(column).map_or(bytes, |b| b.1))
    };
    let mut by_size: Vec<&String> = actual.keys().collect();
    by_size.sort_by_key(|column| std::cmp::Reverse(actual[*column]));
    let mut by_saving = by_size.clone();
    by_saving.sort_by_key(|column| std::cmp::Reverse(saved(column)));
    let mut chosen: Vec<&String> = by_size.into_iter().take(WORST).collect();
    for column in by_saving.into_iter().take(WORST) {
        if saved(column) > 0 && !chosen.contains(&column) {
            chosen.push(column);
        }
    }
    for column in chosen {
        let each = |bytes: Option<u64>| {
            bytes.map_or_else(|| "–".to_owned(), |b| fixed(b as f64 / rows as f64))
        };
        let of = |name: &str| {
            let file = files.iter().find(|f| f.way.name == name);
            each(file.and_then(|f| f.columns.get(column).copied()))
        };
        let encoding = match stored.get(column) {
            Some(Some(encoding)) => encoding.to_string(),
            _ => "dictionary".to_owned(),
        };
        out.row([
            column.clone(),
            encoding,
            each(actual.get(column).copied()),
            of(DICTIONARY),
            of(DELTA),
            of(SPLIT),
            of(PLAIN),
            count(saved(column) / 1024),
        ]);
    }
    out.print();
    let around: u64 = actual
        .iter()
        .filter(|(name, _)| !table.column(name).is_some_and(is_measurement))
        .map(|(_, bytes)| bytes)
        .sum();
    println!(
        "Of {} MiB in columns, {} MiB are not measurements (time, identity, interval, delay, capacity).\n",
        mebibytes(actual.values().sum()),
        mebibytes(around)
    );
}
