//! A table with a column of each type, so that these tests do not depend on what the catalogue's tables have.

use catalogue::{Column, ColumnType, Table, TableKind, Temporality};

const fn column(name: &'static str, kind: ColumnType, temporality: Temporality) -> Column {
    Column {
        name,
        kind,
        temporality,
        unit: "",
        help: "",
        source: "",
        absent: "",
    }
}

/// The table.
pub(crate) static TABLE: Table = Table {
    name: "example",
    kind: TableKind::Measurement,
    help: "",
    key: &["node"],
    sort: &["node", "time"],
    columns: &[
        column("time", ColumnType::Time, Temporality::Identity),
        column("node", ColumnType::Text, Temporality::Identity),
        column("message", ColumnType::LongText, Temporality::Attribute),
        column("cpu_usage_usec", ColumnType::Integer, Temporality::Delta),
        column(
            "memory_usage_bytes",
            ColumnType::Integer,
            Temporality::Gauge,
        ),
        column("exit_code", ColumnType::Integer, Temporality::Attribute),
        column("share", ColumnType::Float, Temporality::Gauge),
        column("seconds", ColumnType::Float, Temporality::Delta),
        column("ready", ColumnType::Boolean, Temporality::Gauge),
        column("labels", ColumnType::Labels, Temporality::Attribute),
    ],
};
