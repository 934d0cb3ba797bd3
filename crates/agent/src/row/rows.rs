//! Builders of one table's rows.

use std::fmt;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int64Builder, StringBuilder, StringDictionaryBuilder,
    TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::SchemaRef;
use catalogue::{ColumnType, Table};
use std::sync::Arc;

use crate::source::SourceError;

/// The rows of one table that one tick gave.
#[derive(Debug, Clone)]
pub struct TableBatch {
    /// The table that they belong to.
    pub table: &'static Table,
    /// The rows, in the catalogue's schema.
    pub batch: RecordBatch,
}

/// A column of [`Rows`], resolved from its name once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ColumnId(usize);

/// A table under construction, row by row: set what is known, then end the row; what was not set is null.
pub(crate) struct Rows {
    table: &'static Table,
    schema: SchemaRef,
    columns: Vec<Builder>,
    rows: usize,
}

enum Builder {
    Text(StringDictionaryBuilder<Int32Type>),
    LongText(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
    /// A kind that no source fills.
    Null(arrow_schema::DataType, usize),
}

impl Builder {
    fn new(kind: ColumnType, rows: usize) -> Builder {
        match kind {
            ColumnType::Text => {
                // Most texts repeat from row to row, or are the row's own: names and ids of up to 64 bytes.
                Builder::Text(StringDictionaryBuilder::with_capacity(
                    rows,
                    rows,
                    rows * 64,
                ))
            }
            ColumnType::LongText => {
                Builder::LongText(StringBuilder::with_capacity(rows, rows * 64))
            }
            ColumnType::Integer => Builder::Integer(Int64Builder::with_capacity(rows)),
            ColumnType::Float => Builder::Float(Float64Builder::with_capacity(rows)),
            ColumnType::Boolean => Builder::Boolean(BooleanBuilder::with_capacity(rows)),
            ColumnType::Time => Builder::Time(
                TimestampMicrosecondBuilder::with_capacity(rows)
                    .with_data_type(ColumnType::Time.arrow()),
            ),
            other => Builder::Null(other.arrow(), 0),
        }
    }

    fn len(&self) -> usize {
        use arrow_array::builder::ArrayBuilder;
        match self {
            Builder::Text(b) => b.len(),
            Builder::LongText(b) => b.len(),
            Builder::Integer(b) => b.len(),
            Builder::Float(b) => b.len(),
            Builder::Boolean(b) => b.len(),
            Builder::Time(b) => b.len(),
            Builder::Null(_, rows) => *rows,
        }
    }

    fn append_null(&mut self) {
        match self {
            Builder::Text(b) => b.append_null(),
            Builder::LongText(b) => b.append_null(),
            Builder::Integer(b) => b.append_null(),
            Builder::Float(b) => b.append_null(),
            Builder::Boolean(b) => b.append_null(),
            Builder::Time(b) => b.append_null(),
            Builder::Null(_, rows) => *rows += 1,
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(b) => Arc::new(b.finish()),
            Builder::LongText(b) => Arc::new(b.finish()),
            Builder::Integer(b) => Arc::new(b.finish()),
            Builder::Float(b) => Arc::new(b.finish()),
            Builder::Boolean(b) => Arc::new(b.finish()),
            Builder::Time(b) => Arc::new(b.finish()),
            Builder::Null(kind, rows) => arrow_array::new_null_array(kind, std::mem::take(rows)),
        }
    }
}

impl Rows {
    /// Rows of a table of the catalogue.
    pub(crate) fn of(table: &'static Table) -> Rows {
        Rows {
            table,
            schema: table.schema(),
            columns: table
                .columns
                .iter()
                .map(|c| Builder::new(c.kind, 0))
                .collect(),
            rows: 0,
        }
    }

    /// The table.
    pub(crate) fn table(&self) -> &'static Table {
        self.table
    }

    /// The column of that name.
    pub(crate) fn column(&self, name: &'static str) -> Result<ColumnId, SourceError> {
        self.table
            .columns
            .iter()
            .position(|c| c.name == name)
            .map(ColumnId)
            .ok_or(SourceError::Column {
                table: self.table.name,
                column: name,
            })
    }

    /// Sets a text; a column of another kind, or one that is set already, is left as it is.
    pub(crate) fn text(&mut self, column: ColumnId, value: Option<&str>) {
        let (Some(value), rows) = (value, self.rows) else {
            return;
        };
        match &mut self.columns[column.0] {
            Builder::Text(b) if arrow_array::builder::ArrayBuilder::len(b) == rows => {
                b.append_value(value)
            }
            Builder::LongText(b) if arrow_array::builder::ArrayBuilder::len(b) == rows => {
                b.append_value(value)
            }
            _ => debug_assert!(
                false,
                "{} is no unset text",
                self.table.columns[column.0].name
            ),
        }
    }

    /// Sets an integer; one beyond `i64` is garbage and stays null.
    pub(crate) fn integer(&mut self, column: ColumnId, value: Option<u64>) {
        let Some(value) = value.and_then(|v| i64::try_from(v).ok()) else {
            return;
        };
        match &mut self.columns[column.0] {
            Builder::Integer(b) if arrow_array::builder::ArrayBuilder::len(b) == self.rows => {
                b.append_value(value)
            }
            _ => debug_assert!(
                false,
                "{} is no unset integer",
                self.table.columns[column.0].name
            ),
        }
    }

    /// Sets a number with a fraction.
    pub(crate) fn float(&mut self, column: ColumnId, value: Option<f64>) {
        let Some(value) = value else { return };
        match &mut self.columns[column.0] {
            Builder::Float(b) if arrow_array::builder::ArrayBuilder::len(b) == self.rows => {
                b.append_value(value)
            }
            _ => debug_assert!(
                false,
                "{} is no unset float",
                self.table.columns[column.0].name
            ),
        }
    }

    /// Sets true or false.
    pub(crate) fn flag(&mut self, column: ColumnId, value: Option<bool>) {
        let Some(value) = value else { return };
        match &mut self.columns[column.0] {
            Builder::Boolean(b) if arrow_array::builder::ArrayBuilder::len(b) == self.rows => {
                b.append_value(value)
            }
            _ => debug_assert!(
                false,
                "{} is no unset flag",
                self.table.columns[column.0].name
            ),
        }
    }

    /// Sets a time, in microseconds since 1970.
    pub(crate) fn time(&mut self, column: ColumnId, value: Option<i64>) {
        let Some(value) = value else { return };
        match &mut self.columns[column.0] {
            Builder::Time(b) if arrow_array::builder::ArrayBuilder::len(b) == self.rows => {
                b.append_value(value)
            }
            _ => debug_assert!(
                false,
                "{} is no unset time",
                self.table.columns[column.0].name
            ),
        }
    }

    /// Ends the row: what was not set is null.
    pub(crate) fn end_row(&mut self) {
        self.rows += 1;
        for column in &mut self.columns {
            if column.len() < self.rows {
                column.append_null();
            }
        }
    }

    /// How many rows were ended since the last batch.
    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    /// The rows so far as a batch, if there are any; the builders start afresh.
    pub(crate) fn finish(&mut self) -> Result<Option<TableBatch>, SourceError> {
        if self.rows == 0 {
            return Ok(None);
        }
        // The next tick has about as many rows: builders that are large enough at once do not grow step by step.
        let expected = std::mem::take(&mut self.rows);
        let columns = self
            .columns
            .iter_mut()
            .zip(self.table.columns)
            .map(|(builder, column)| {
                let array = builder.finish();
                *builder = Builder::new(column.kind, expected);
                array
            })
            .collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|source| {
            SourceError::Batch {
                table: self.table.name,
                source,
            }
        })?;
        Ok(Some(TableBatch {
            table: self.table,
            batch,
        }))
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("table", &self.table.name)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Int64Type, TimestampMicrosecondType};

    #[test]
    fn what_is_not_set_is_null() {
        let mut rows = Rows::of(catalogue::table("node_network").unwrap());
        let id = |rows: &Rows, name| rows.column(name).unwrap();
        let (time, interface, bytes) = (
            id(&rows, "time"),
            id(&rows, "interface"),
            id(&rows, "network_rx_bytes"),
        );
        for row in 0..3u64 {
            rows.time(time, Some(row as i64));
            rows.text(interface, (row != 1).then_some("eth0"));
            rows.integer(bytes, (row == 1).then_some(7));
            rows.end_row();
        }
        let batch = rows.finish().unwrap().unwrap().batch;
        assert_eq!(batch.num_rows(), 3);
        let bytes = batch
            .column_by_name("network_rx_bytes")
            .unwrap()
            .as_primitive::<Int64Type>();
        assert_eq!(
            (bytes.is_null(0), bytes.value(1), bytes.is_null(2)),
            (true, 7, true)
        );
        let names = batch.column_by_name("interface").unwrap();
        assert_eq!((names.is_null(0), names.is_null(1)), (false, true));
        let times = batch
            .column_by_name("time")
            .unwrap()
            .as_primitive::<TimestampMicrosecondType>();
        assert_eq!(times.values(), &[0, 1, 2]);
        assert!(
            rows.finish().unwrap().is_none(),
            "the builders start afresh"
        );
    }

    #[test]
    fn numbers_beyond_the_column_stay_null() {
        let mut rows = Rows::of(catalogue::table("node_network").unwrap());
        let bytes = rows.column("network_rx_bytes").unwrap();
        rows.time(rows.column("time").unwrap(), Some(1));
        rows.integer(bytes, Some(u64::MAX));
        rows.end_row();
        let batch = rows.finish().unwrap().unwrap().batch;
        assert_eq!(
            batch
                .column_by_name("network_rx_bytes")
                .unwrap()
                .null_count(),
            1
        );
    }

    #[test]
    fn an_unknown_column_is_an_error_that_names_it() {
        let rows = Rows::of(catalogue::table("node").unwrap());
        let text = rows.column("no_such").unwrap_err().to_string();
        assert!(text.contains("no_such") && text.contains("node"), "{text}");
    }
}
