//! The rows of several incidents, in the order of their times.

use std::fs;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::TimestampMicrosecondType;
use catalogue::Table;
use wire::{Encoding, Limits};

use super::Incident;

const SUFFIX: &str = ".arrow.zst";

/// Rows by table.
#[derive(Debug)]
pub struct Recording {
    tables: Vec<Sheet>,
}

/// A table's rows and how many of them were taken.
#[derive(Debug)]
struct Sheet {
    table: &'static Table,
    rows: RecordBatch,
    taken: usize,
}

impl Recording {
    /// The rows of these incidents.
    ///
    /// # Panics
    /// When a file cannot be read.
    pub fn of(incidents: &[Incident]) -> Recording {
        let mut tables: Vec<(&'static Table, Vec<RecordBatch>)> = Vec::new();
        for incident in incidents {
            for entry in fs::read_dir(&incident.folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.file_name().unwrap().to_string_lossy();
                let Some(name) = name.strip_suffix(SUFFIX) else {
                    continue;
                };
                let table = catalogue::table(name)
                    .unwrap_or_else(|| panic!("{}: there is no such table", path.display()));
                let body = fs::read(&path).unwrap();
                let read = wire::decode(
                    table,
                    Encoding::Zstd,
                    &body,
                    &Limits::default(),
                    i64::MAX / 2,
                );
                let read = read.unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
                assert_eq!(read.ignored_columns, [] as [&str; 0], "{}", path.display());
                match tables
                    .iter_mut()
                    .find(|(known, _)| known.name == table.name)
                {
                    Some((_, batches)) => batches.extend(read.batches),
                    None => tables.push((table, read.batches)),
                }
            }
        }
        let tables = tables.into_iter().map(|(table, batches)| Sheet {
            table,
            rows: in_order(table, &batches),
            taken: 0,
        });
        Recording {
            tables: tables.collect(),
        }
    }

    /// The times of the first and the last row of a table, in microseconds of the epoch.
    ///
    /// # Panics
    /// When there are none.
    pub fn range(&self, table: &str) -> (i64, i64) {
        let sheet = self.tables.iter().find(|sheet| sheet.table.name == table);
        let times = times(&sheet.unwrap().rows);
        (times[0], times[times.len() - 1])
    }

    /// The rows up to a time, in microseconds of the epoch, that were not taken yet.
    pub fn until(&mut self, time: i64) -> Vec<(&'static Table, RecordBatch)> {
        let mut found = Vec::new();
        for sheet in &mut self.tables {
            let end = times(&sheet.rows).partition_point(|at| *at <= time);
            if end > sheet.taken {
                let rows = sheet.rows.slice(sheet.taken, end - sheet.taken);
                found.push((sheet.table, rows));
                sheet.taken = end;
            }
        }
        found
    }
}

fn times(rows: &RecordBatch) -> &[i64] {
    let times = rows.column_by_name("time").unwrap();
    times.as_primitive::<TimestampMicrosecondType>().values()
}

fn in_order(table: &'static Table, batches: &[RecordBatch]) -> RecordBatch {
    let rows = concat_batches(&Arc::clone(&table.schema()), batches).unwrap();
    let mut order: Vec<(i64, u32)> = times(&rows).iter().copied().zip(0..).collect();
    order.sort_unstable();
    let order: UInt32Array = order.into_iter().map(|(_, row)| row).collect();
    take_record_batch(&rows, &order).unwrap()
}
