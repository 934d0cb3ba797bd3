//! Tables and columns.

use std::fmt::Write as _;

use super::{code, grid};
use crate::column::{Column, ColumnType, Temporality};
use crate::table::Table;
use crate::tables::ALL;

pub(super) fn write(page: &mut String) {
    page.push_str("\n## Tables\n");
    for table in ALL {
        one(page, table);
    }
}

fn one(page: &mut String, table: &Table) {
    let list = |names: &[&str]| names.iter().map(code).collect::<Vec<_>>().join(", ");
    // Writing to a string cannot fail.
    let _ = write!(
        page,
        "\n### {}\n\n{} One entity: {}. Order in files: {}.\n\n",
        table.name,
        table.help,
        list(table.key),
        list(table.sort)
    );
    grid(
        page,
        &[
            "column",
            "type",
            "unit",
            "temporality",
            "what",
            "source",
            "null",
        ],
        table.columns.iter().map(row),
    );
}

fn row(column: &Column) -> Vec<String> {
    vec![
        code(column.name),
        kind(column.kind).to_owned(),
        code(column.unit),
        temporality(column.temporality).to_owned(),
        column.help.to_owned(),
        column.source.to_owned(),
        column.absent.to_owned(),
    ]
}

fn kind(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text | ColumnType::LongText => "text",
        ColumnType::Integer => "integer",
        ColumnType::Float => "float",
        ColumnType::Boolean => "boolean",
        ColumnType::Time => "time",
        ColumnType::Labels => "map",
    }
}

fn temporality(temporality: Temporality) -> &'static str {
    match temporality {
        Temporality::Identity => "identity",
        Temporality::Attribute => "attribute",
        Temporality::Delta => "delta",
        Temporality::Gauge => "gauge",
        Temporality::Constant => "constant",
    }
}
