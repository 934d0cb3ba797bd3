//! A table: the wide rows of one kind of entity.

use std::sync::Arc;

use arrow_schema::{Field, Schema, SchemaRef};

use crate::column::{Column, ColumnType, Temporality};

/// The version of the schemas in this catalogue, written into every schema's metadata under
/// [`SCHEMA_VERSION_KEY`]. It grows when a column is added; a column is never renamed or given another type.
pub const SCHEMA_VERSION: u32 = 2;

/// The key of [`SCHEMA_VERSION`] in an Arrow schema's metadata.
pub const SCHEMA_VERSION_KEY: &str = "kansoku.schema_version";

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// A row for each entity and interval; has rollups.
    Measurement,
    /// A row for each log line or event.
    Record,
    /// A row for each change of an object.
    Change,
    /// Name, labels and value: what does not fit a wide row.
    Sample,
}

/// A table of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name in SQL, in `/ingest/{table}` and on disk.
    pub name: &'static str,
    /// What the rows are.
    pub kind: TableKind,
    /// What one row is, in one sentence.
    pub help: &'static str,
    /// The columns that together name one entity (one series of rows).
    pub key: &'static [&'static str],
    /// The order of rows in files.
    pub sort: &'static [&'static str],
    /// The columns, `time` first.
    pub columns: &'static [Column],
}

/// How much time one row of a rollup covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// As the agents sent it.
    Raw,
    /// One row a minute.
    Minute,
    /// One row in five minutes.
    FiveMinutes,
    /// One row an hour.
    Hour,
}

impl Tier {
    /// Every tier, finest first.
    pub const ALL: [Tier; 4] = [Tier::Raw, Tier::Minute, Tier::FiveMinutes, Tier::Hour];

    /// What is appended to a table's name: `pod`, `pod_1m`, `pod_5m`, `pod_1h`.
    pub fn suffix(self) -> &'static str {
        match self {
            Tier::Raw => "",
            Tier::Minute => "_1m",
            Tier::FiveMinutes => "_5m",
            Tier::Hour => "_1h",
        }
    }

    /// The length of a rollup row in seconds; `None` for raw rows, whose length is each row's own.
    pub fn seconds(self) -> Option<i64> {
        match self {
            Tier::Raw => None,
            Tier::Minute => Some(60),
            Tier::FiveMinutes => Some(300),
            Tier::Hour => Some(3600),
        }
    }
}

/// In a rollup row: how many raw rows it was made of.
pub const ROLLUP_SAMPLES: &str = "samples";
/// In a rollup row: how many one-minute rows it was made of (1 in a one-minute row).
pub const ROLLUP_MINUTES: &str = "minutes";

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    /// The table's name in a tier.
    pub fn name_in(&self, tier: Tier) -> String {
        format!("{}{}", self.name, tier.suffix())
    }

    /// Whether the table is rolled up.
    pub fn has_rollups(&self) -> bool {
        self.kind == TableKind::Measurement
    }

    /// The schema of raw rows, in memory and on the wire.
    pub fn schema(&self) -> SchemaRef {
        Arc::new(Schema::new_with_metadata(
            self.columns.iter().map(Column::field).collect::<Vec<_>>(),
            [(SCHEMA_VERSION_KEY.to_owned(), SCHEMA_VERSION.to_string())].into(),
        ))
    }

    /// The schema of rollup rows: identity and attributes as they are (the last seen), `time` the start of the
    /// row's span, `interval_usec` and every delta column summed, every constant as last seen, every gauge `x` as
    /// `x_min`, `x_max`, `x_sum` (Float64 for floats, else Int64) and `x_count` (how many rows had one), and
    /// `samples` and `minutes`. `read_delay_usec` is left out.
    pub fn rollup_schema(&self) -> SchemaRef {
        let mut fields = Vec::new();
        for column in self.columns {
            match column.temporality {
                Temporality::Gauge if column.name == "read_delay_usec" => {}
                Temporality::Gauge => {
                    for suffix in ["min", "max", "sum"] {
                        fields.push(Field::new(
                            format!("{}_{suffix}", column.name),
                            column.kind.arrow(),
                            true,
                        ));
                    }
                    fields.push(Field::new(
                        format!("{}_count", column.name),
                        ColumnType::Integer.arrow(),
                        true,
                    ));
                }
                _ => fields.push(column.field()),
            }
        }
        fields.push(Field::new(
            ROLLUP_SAMPLES,
            ColumnType::Integer.arrow(),
            true,
        ));
        fields.push(Field::new(
            ROLLUP_MINUTES,
            ColumnType::Integer.arrow(),
            true,
        ));
        Arc::new(Schema::new_with_metadata(
            fields,
            [(SCHEMA_VERSION_KEY.to_owned(), SCHEMA_VERSION.to_string())].into(),
        ))
    }

    /// The schema of a tier.
    pub fn schema_in(&self, tier: Tier) -> SchemaRef {
        match tier {
            Tier::Raw => self.schema(),
            _ => self.rollup_schema(),
        }
    }
}
