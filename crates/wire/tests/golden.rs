//! Frames that older versions sent must still be read: agents and their spools outlive a server's upgrade.
//!
//! The files in `corpus/wire` were written once, by the version in their names, and are never written again. A frame of a
//! new version is recorded with `KANSOKU_UPDATE=1`, which writes only what is not there.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::builder::{MapBuilder, MapFieldNames, StringBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow_ipc::reader::StreamReader;
use arrow_schema::SchemaRef;
use catalogue::{Column, ColumnType, SCHEMA_VERSION, Table};
use wire::{Encoding, Limits, decode, encode};

const ROWS: usize = 7;
/// 2026-07-14T06:40:00Z, in microseconds.
const TIME: i64 = 1_784_011_200_000_000;

/// What a column holds, from its name and kind alone, so that it is known without the file. Every third value is null.
fn values(column: &Column) -> ArrayRef {
    let some = |row: usize| column.name == "time" || row % 3 != 2;
    let seed: i64 = column.name.bytes().map(i64::from).sum();
    let rows = 0..ROWS;
    match column.kind {
        ColumnType::Time => {
            let times = rows.map(|row| some(row).then_some(TIME + row as i64 * 10_000_000));
            Arc::new(
                times
                    .collect::<TimestampMicrosecondArray>()
                    .with_timezone("UTC"),
            )
        }
        ColumnType::Text => {
            let words = ["alpha", "beta", "γ"];
            Arc::new(
                rows.map(|row| some(row).then(|| words[(row + seed as usize) % 3]))
                    .collect::<DictionaryArray<Int32Type>>(),
            )
        }
        ColumnType::LongText => Arc::new(
            rows.map(|row| some(row).then(|| format!("line {row} of {}", column.name)))
                .collect::<StringArray>(),
        ),
        ColumnType::Integer => Arc::new(
            rows.map(|row| some(row).then_some(seed * 1_000_003 + row as i64))
                .collect::<Int64Array>(),
        ),
        ColumnType::Float => Arc::new(
            rows.map(|row| some(row).then_some(seed as f64 + row as f64 / 8.0))
                .collect::<Float64Array>(),
        ),
        ColumnType::Boolean => Arc::new(
            rows.map(|row| some(row).then_some(row % 2 == 0))
                .collect::<BooleanArray>(),
        ),
        ColumnType::Labels => {
            let names = MapFieldNames {
                entry: "key_value".to_owned(),
                key: "key".to_owned(),
                value: "value".to_owned(),
            };
            let mut labels =
                MapBuilder::new(Some(names), StringBuilder::new(), StringBuilder::new());
            for row in rows {
                labels.keys().append_value("app");
                labels.values().append_value(format!("web {row}"));
                labels.append(some(row)).unwrap();
            }
            Arc::new(labels.finish())
        }
    }
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/wire")).join(name)
}

fn file_name(version: u32, table: &Table, encoding: Encoding) -> String {
    let extension = match encoding {
        Encoding::Identity => "arrow",
        Encoding::Zstd => "arrow.zst",
    };
    format!("v{version}-{}.{extension}", table.name)
}

/// The tables that are recorded: together they have a column of every kind.
const TABLES: [&str; 4] = ["node", "container", "log", "identity"];
const ENCODINGS: [Encoding; 2] = [Encoding::Identity, Encoding::Zstd];

#[test]
fn this_version_s_frames_are_recorded() {
    for table in TABLES.map(|name| catalogue::table(name).unwrap()) {
        for encoding in ENCODINGS {
            let path = path(&file_name(SCHEMA_VERSION, table, encoding));
            if !path.exists() && std::env::var_os("KANSOKU_UPDATE").is_some() {
                let columns = table.columns.iter().map(values).collect();
                let batch = RecordBatch::try_new(table.schema(), columns).unwrap();
                std::fs::write(&path, encode(&[batch], encoding).unwrap()).unwrap();
            }
            assert!(
                path.exists(),
                "{} is missing: KANSOKU_UPDATE=1 cargo nextest run -p wire",
                path.display()
            );
        }
    }
}

#[test]
fn every_version_s_frames_are_read() {
    let mut read = 0;
    for version in 1..=SCHEMA_VERSION {
        for table in TABLES.map(|name| catalogue::table(name).unwrap()) {
            for encoding in ENCODINGS {
                let path = path(&file_name(version, table, encoding));
                let Ok(body) = std::fs::read(&path) else {
                    continue;
                };
                let got = decode(table, encoding, &body, &Limits::default(), TIME).unwrap();
                assert_eq!(
                    (got.schema_version, got.rows, got.ignored_columns.len()),
                    (Some(version), ROWS, 0)
                );
                let recorded = recorded_schema(&body, encoding);
                for (column, array) in table.columns.iter().zip(got.batches[0].columns()) {
                    let place = format!("{}: {}", path.display(), column.name);
                    match recorded.field_with_name(column.name) {
                        Ok(_) => assert_eq!(array, &values(column), "{place}"),
                        // It came after the frame was recorded.
                        Err(_) => assert_eq!(array.logical_null_count(), ROWS, "{place}"),
                    }
                }
                read += 1;
            }
        }
    }
    assert!(read >= TABLES.len() * ENCODINGS.len());
}

/// The columns that the sender had.
fn recorded_schema(body: &[u8], encoding: Encoding) -> SchemaRef {
    let plain = match encoding {
        Encoding::Identity => body.to_vec(),
        Encoding::Zstd => zstd::bulk::decompress(body, 16 << 20).unwrap(),
    };
    StreamReader::try_new(plain.as_slice(), None)
        .unwrap()
        .schema()
}
