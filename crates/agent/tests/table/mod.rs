//! Looking at the rows of a tick.

use agent::sampler::TableBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;

/// The rows of a table; none if the tick had none.
pub(crate) fn rows<'b>(batches: &'b [TableBatch], table: &str) -> Vec<Row<'b>> {
    batches
        .iter()
        .filter(|b| b.table.name == table)
        .flat_map(|b| {
            (0..b.batch.num_rows()).map(|index| Row {
                batch: &b.batch,
                index,
            })
        })
        .collect()
}

/// The rows of which a text column has a value.
pub(crate) fn rows_where<'b>(
    batches: &'b [TableBatch],
    table: &str,
    column: &str,
    value: &str,
) -> Vec<Row<'b>> {
    rows(batches, table)
        .into_iter()
        .filter(|r| r.text(column).as_deref() == Some(value))
        .collect()
}

/// The only such row.
pub(crate) fn row<'b>(
    batches: &'b [TableBatch],
    table: &str,
    column: &str,
    value: &str,
) -> Row<'b> {
    let found = rows_where(batches, table, column, value);
    assert_eq!(found.len(), 1, "rows of {table} with {column} = {value}");
    found[0]
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'b> {
    batch: &'b RecordBatch,
    index: usize,
}

impl Row<'_> {
    fn column(&self, name: &str) -> &dyn Array {
        self.batch
            .column_by_name(name)
            .unwrap_or_else(|| panic!("no column {name}"))
            .as_ref()
    }

    /// An integer or time.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        let column = self.column(name);
        (!column.is_null(self.index)).then(|| match column.data_type() {
            DataType::Int64 => column.as_primitive::<Int64Type>().value(self.index),
            _ => column
                .as_primitive::<TimestampMicrosecondType>()
                .value(self.index),
        })
    }

    /// A number with a fraction.
    pub(crate) fn float(&self, name: &str) -> Option<f64> {
        let column = self.column(name);
        (!column.is_null(self.index))
            .then(|| column.as_primitive::<Float64Type>().value(self.index))
    }

    /// True or false.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        let column = self.column(name);
        (!column.is_null(self.index)).then(|| column.as_boolean().value(self.index))
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let column = self.column(name);
        if column.is_null(self.index) {
            return None;
        }
        let texts = column.as_dictionary::<Int32Type>();
        let key = texts.keys().value(self.index) as usize;
        Some(texts.values().as_string::<i32>().value(key).to_owned())
    }

    /// Everything that is not null, as `name=value`, a line each, but for some columns.
    pub(crate) fn listing(&self, but: &[&str]) -> String {
        let schema = self.batch.schema();
        let mut out = String::new();
        for field in schema
            .fields()
            .iter()
            .filter(|f| !but.contains(&f.name().as_str()))
        {
            let name = field.name();
            let value = match field.data_type() {
                DataType::Int64 | DataType::Timestamp(..) => {
                    self.integer(name).map(|v| v.to_string())
                }
                DataType::Float64 => self.float(name).map(|v| v.to_string()),
                DataType::Boolean => self.flag(name).map(|v| v.to_string()),
                DataType::Dictionary(..) => self.text(name),
                _ => None,
            };
            if let Some(value) = value {
                out += &format!("{name}={value}\n");
            }
        }
        out
    }
}
