//! How columns are written.
//!
//! The encodings are those that were smallest when measured (docs/decisions/): what changes from row to row (deltas,
//! gauges) as BYTE_STREAM_SPLIT, which puts the bytes of equal weight beside each other for zstd; what repeats (names,
//! limits, capacities) as a dictionary, which runs of rows of one entity reduce to almost nothing; times as
//! DELTA_BINARY_PACKED, and so what counts upwards in a log (offset, sequence).

use arrow::datatypes::{DataType, SchemaRef};
use catalogue::{Table, Temporality};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// Rows that are pruned together; what a question about one entity decodes at the least.
const ROW_GROUP_ROWS: usize = 131_072;
pub(super) const PAGE_ROWS: usize = 8_192;

/// Whether a file is one of many that will be merged, or the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// From memory; merged within the hour.
    Flushed,
    /// Merged.
    Compacted,
}

pub(super) fn properties(table: &Table, schema: &SchemaRef, stage: Stage) -> WriterProperties {
    let is_log = table.name == catalogue::tables::LOG.name;
    let level = match stage {
        // What is soon read and written again need not be small.
        Stage::Flushed if is_log => 1,
        _ => 3,
    };
    let mut properties = WriterProperties::builder()
        .set_created_by(format!("kansoku {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(
            ZstdLevel::try_new(level).unwrap_or_default(),
        ))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(1024)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_sorting_columns(Some(
            table
                .sort
                .iter()
                .filter_map(|name| schema.index_of(name).ok())
                .map(|column| SortingColumn {
                    column_idx: column as i32,
                    descending: false,
                    nulls_first: true,
                })
                .collect(),
        ));
    for field in schema.fields() {
        let name = field.name().as_str();
        let path = ColumnPath::from(name);
        // Pages of what is searched by can be skipped; for the rest their statistics would cost more than they save.
        let statistics = match is_log {
            true => log_statistics(name),
            false if table.sort.contains(&name) || table.key.contains(&name) => {
                EnabledStatistics::Page
            }
            false => EnabledStatistics::Chunk,
        };
        properties = properties.set_column_statistics_enabled(path.clone(), statistics);
        let changes = !matches!(
            table.column(name).map(|c| c.temporality),
            Some(Temporality::Constant | Temporality::Identity | Temporality::Attribute)
        );
        let encoding = match field.data_type() {
            DataType::Timestamp(_, _) if name == "time" => Some(Encoding::DELTA_BINARY_PACKED),
            DataType::Int64 if is_log && matches!(name, "offset" | "sequence") => {
                Some(Encoding::DELTA_BINARY_PACKED)
            }
            DataType::Int64 | DataType::Float64 if changes && !is_count(name) => {
                Some(Encoding::BYTE_STREAM_SPLIT)
            }
            DataType::Utf8 => Some(Encoding::DELTA_LENGTH_BYTE_ARRAY),
            _ => None,
        };
        if let Some(encoding) = encoding {
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, encoding);
        }
    }
    properties.build()
}

/// Of a log, what rows are in order by can be skipped page by page, and a node or an instance group by group. Every
/// value of a column with statistics is compared with two others, which for the rest would be for nothing.
fn log_statistics(name: &str) -> EnabledStatistics {
    match name {
        "time" | "namespace" | "pod" | "container" => EnabledStatistics::Page,
        "cluster" | "node" | "pod_uid" | "container_id" => EnabledStatistics::Chunk,
        _ => EnabledStatistics::None,
    }
}

/// Rollup columns that are nearly always the same number.
fn is_count(name: &str) -> bool {
    name.ends_with("_count")
        || name == catalogue::ROLLUP_SAMPLES
        || name == catalogue::ROLLUP_MINUTES
}
