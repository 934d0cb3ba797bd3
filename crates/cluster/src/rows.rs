//! Builders of one table's rows, by the names of the catalogue's columns.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Float64Builder, Int64Builder, MapBuilder, MapFieldNames,
    StringBuilder, StringDictionaryBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::ArrowError;
use catalogue::{ColumnType, Table};

/// Rows of one table of the catalogue.
#[derive(Debug, Clone)]
pub struct TableBatch {
    /// The table that they belong to.
    pub table: &'static Table,
    /// The rows, in the catalogue's schema.
    pub batch: RecordBatch,
}

/// Why rows could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// The catalogue has another kind of column, or none, of that name.
    #[error("table {table} has no column {column} for such a value")]
    Column {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// Arrow does not take the columns.
    #[error("the rows of table {table}: {source}")]
    Batch {
        /// The table.
        table: &'static str,
        /// What is wrong.
        source: ArrowError,
    },
}

/// A table under construction, row by row: set what is known, then end the row; what was not set is null.
pub(crate) struct Rows {
    table: &'static Table,
    places: HashMap<&'static str, usize>,
    columns: Vec<Builder>,
    rows: usize,
    fault: Option<&'static str>,
}

enum Builder {
    Text(StringDictionaryBuilder<Int32Type>),
    LongText(StringBuilder),
    Integer(Int64Builder),
    Float(Float64Builder),
    Boolean(BooleanBuilder),
    Time(TimestampMicrosecondBuilder),
    Labels(MapBuilder<StringBuilder, StringBuilder>),
}

impl Builder {
    fn new(kind: ColumnType) -> Builder {
        match kind {
            ColumnType::Text => Builder::Text(StringDictionaryBuilder::new()),
            ColumnType::LongText => Builder::LongText(StringBuilder::new()),
            ColumnType::Integer => Builder::Integer(Int64Builder::new()),
            ColumnType::Float => Builder::Float(Float64Builder::new()),
            ColumnType::Boolean => Builder::Boolean(BooleanBuilder::new()),
            ColumnType::Time => Builder::Time(
                TimestampMicrosecondBuilder::new().with_data_type(ColumnType::Time.arrow()),
            ),
            ColumnType::Labels => {
                let names = MapFieldNames {
                    entry: "key_value".to_owned(),
                    key: "key".to_owned(),
                    value: "value".to_owned(),
                };
                Builder::Labels(MapBuilder::new(
                    Some(names),
                    StringBuilder::new(),
                    StringBuilder::new(),
                ))
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Builder::Text(b) => b.len(),
            Builder::LongText(b) => b.len(),
            Builder::Integer(b) => b.len(),
            Builder::Float(b) => b.len(),
            Builder::Boolean(b) => b.len(),
            Builder::Time(b) => b.len(),
            Builder::Labels(b) => b.len(),
        }
    }

    fn append_null(&mut self) -> Result<(), ArrowError> {
        match self {
            Builder::Text(b) => b.append_null(),
            Builder::LongText(b) => b.append_null(),
            Builder::Integer(b) => b.append_null(),
            Builder::Float(b) => b.append_null(),
            Builder::Boolean(b) => b.append_null(),
            Builder::Time(b) => b.append_null(),
            Builder::Labels(b) => b.append(false)?,
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Text(b) => Arc::new(b.finish()),
            Builder::LongText(b) => Arc::new(b.finish()),
            Builder::Integer(b) => Arc::new(b.finish()),
            Builder::Float(b) => Arc::new(b.finish()),
            Builder::Boolean(b) => Arc::new(b.finish()),
            Builder::Time(b) => Arc::new(b.finish()),
            Builder::Labels(b) => Arc::new(b.finish()),
        }
    }
}

impl Rows {
    /// No rows yet.
    pub(crate) fn of(table: &'static Table) -> Rows {
        Rows {
            table,
            places: (0..)
                .zip(table.columns)
                .map(|(place, column)| (column.name, place))
                .collect(),
            columns: table.columns.iter().map(|c| Builder::new(c.kind)).collect(),
            rows: 0,
            fault: None,
        }
    }

    /// The column's builder when it is not set in this row yet.
    fn unset(&mut self, column: &'static str) -> Option<&mut Builder> {
        let place = self.places.get(column).copied();
        let builder = place.and_then(|place| self.columns.get_mut(place));
        let builder = builder.filter(|b| b.len() == self.rows);
        if builder.is_none() {
            self.fault = Some(column);
        }
        builder
    }

    /// Sets a text.
    pub(crate) fn text(&mut self, column: &'static str, value: Option<&str>) {
        let Some(value) = value.filter(|v| !v.is_empty()) else {
            return;
        };
        match self.unset(column) {
            Some(Builder::Text(b)) => b.append_value(value),
            Some(Builder::LongText(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets an integer.
    pub(crate) fn integer(&mut self, column: &'static str, value: Option<i64>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Integer(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets a number with a fraction.
    pub(crate) fn float(&mut self, column: &'static str, value: Option<f64>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Float(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets true or false.
    pub(crate) fn flag(&mut self, column: &'static str, value: Option<bool>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Boolean(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets a time, in microseconds since 1970.
    pub(crate) fn time(&mut self, column: &'static str, value: Option<i64>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Time(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets labels; none at all are null.
    pub(crate) fn labels<'a>(
        &mut self,
        column: &'static str,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        let mut pairs = pairs.into_iter().peekable();
        if pairs.peek().is_none() {
            return;
        }
        let Some(Builder::Labels(builder)) = self.unset(column) else {
            self.fault = Some(column);
            return;
        };
        for (key, value) in pairs {
            builder.keys().append_value(key);
            builder.values().append_value(value);
        }
        if builder.append(true).is_err() {
            self.fault = Some(column);
        }
    }

    /// Ends the row: what was not set is null.
    pub(crate) fn end_row(&mut self) {
        self.rows += 1;
        for (builder, column) in self.columns.iter_mut().zip(self.table.columns) {
            if builder.len() < self.rows && builder.append_null().is_err() {
                self.fault = Some(column.name);
            }
        }
    }

    /// The rows as a batch, if there are any.
    ///
    /// # Errors
    /// A column was set that the table does not have, or with another kind of value.
    pub(crate) fn finish(mut self) -> Result<Option<TableBatch>, RowError> {
        if let Some(column) = self.fault {
            return Err(RowError::Column {
                table: self.table.name,
                column,
            });
        }
        if self.rows == 0 {
            return Ok(None);
        }
        let columns = self.columns.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(self.table.schema(), columns).map_err(|source| {
            RowError::Batch {
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
