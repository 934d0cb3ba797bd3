//! Builders of one table's rows, by the names of the catalogue's columns.

use std::fmt;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Float64Builder, Int64Builder, MapBuilder, MapFieldNames,
    StringBuilder, StringDictionaryBuilder, TimestampMicrosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, SchemaRef};
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
pub struct Rows {
    table: &'static Table,
    schema: SchemaRef,
    columns: Vec<Builder>,
    /// Where the next name is looked for first: names come in the order of the columns, or nearly so.
    place: usize,
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

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("table", &self.table.name)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// Nothing is reserved: a table has up to a hundred columns, most batches few rows.
impl Builder {
    fn new(kind: ColumnType) -> Builder {
        match kind {
            ColumnType::Text => Builder::Text(StringDictionaryBuilder::with_capacity(0, 0, 0)),
            ColumnType::LongText => Builder::LongText(StringBuilder::with_capacity(0, 0)),
            ColumnType::Integer => Builder::Integer(Int64Builder::with_capacity(0)),
            ColumnType::Float => Builder::Float(Float64Builder::with_capacity(0)),
            ColumnType::Boolean => Builder::Boolean(BooleanBuilder::with_capacity(0)),
            ColumnType::Time => Builder::Time(times()),
            ColumnType::Labels => {
                let names = MapFieldNames {
                    entry: "key_value".to_owned(),
                    key: "key".to_owned(),
                    value: "value".to_owned(),
                };
                Builder::Labels(MapBuilder::with_capacity(
                    Some(names),
                    StringBuilder::with_capacity(0, 0),
                    StringBuilder::with_capacity(0, 0),
                    0,
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
            Builder::Time(b) => Arc::new(std::mem::replace(b, times()).finish()),
            Builder::Labels(b) => Arc::new(b.finish()),
        }
    }
}

impl Rows {
    /// No rows yet.
    pub fn of(table: &'static Table) -> Rows {
        Rows {
            table,
            schema: table.schema(),
            columns: builders(table),
            place: 0,
            rows: 0,
            fault: None,
        }
    }

    /// Rows that were ended so far.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether no row was ended yet.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The column's builder when it is not set in this row yet.
    fn unset(&mut self, column: &'static str) -> Option<&mut Builder> {
        let columns = self.table.columns;
        let from = |start: usize| {
            let found = columns.iter().skip(start).position(|c| c.name == column);
            found.map(|at| start + at)
        };
        let place = from(self.place).or_else(|| from(0));
        self.place = place.map_or(0, |place| place + 1);
        let builder = place.and_then(|place| self.columns.get_mut(place));
        let builder = builder.filter(|b| b.len() == self.rows);
        if builder.is_none() {
            self.fault = Some(column);
        }
        builder
    }

    /// Sets a text.
    pub fn text(&mut self, column: &'static str, value: Option<&str>) {
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
    pub fn integer(&mut self, column: &'static str, value: Option<i64>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Integer(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets a number with a fraction.
    pub fn float(&mut self, column: &'static str, value: Option<f64>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Float(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets true or false.
    pub fn flag(&mut self, column: &'static str, value: Option<bool>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Boolean(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets a time, in microseconds since 1970.
    pub fn time(&mut self, column: &'static str, value: Option<i64>) {
        let Some(value) = value else { return };
        match self.unset(column) {
            Some(Builder::Time(b)) => b.append_value(value),
            _ => self.fault = Some(column),
        }
    }

    /// Sets labels; none at all are null.
    pub fn labels<'a>(
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
    pub fn end_row(&mut self) {
        self.rows += 1;
        self.place = 0;
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
    pub fn finish(mut self) -> Result<Option<TableBatch>, RowError> {
        self.take()
    }

    /// The rows so far as a batch, if there are any; the next row begins a new batch.
    ///
    /// # Errors
    /// As [`Rows::finish`]; the rows are gone then.
    pub fn take(&mut self) -> Result<Option<TableBatch>, RowError> {
        let rows = std::mem::take(&mut self.rows);
        self.place = 0;
        let table = self.table.name;
        if let Some(column) = self.fault.take() {
            self.columns = builders(self.table);
            return Err(RowError::Column { table, column });
        }
        if rows == 0 {
            return Ok(None);
        }
        let columns = self.columns.iter_mut().map(Builder::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)
            .map_err(|source| RowError::Batch { table, source })?;
        Ok(Some(TableBatch {
            table: self.table,
            batch,
        }))
    }
}

fn builders(table: &'static Table) -> Vec<Builder> {
    table.columns.iter().map(|c| Builder::new(c.kind)).collect()
}

/// A builder of times, which forgets its unit when it is finished.
fn times() -> TimestampMicrosecondBuilder {
    TimestampMicrosecondBuilder::with_capacity(0).with_data_type(ColumnType::Time.arrow())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    use catalogue::tables::{EVENT, OBJECT};

    #[test]
    fn what_is_not_set_is_null_and_the_order_of_names_does_not_matter() {
        let mut rows = Rows::of(&OBJECT);
        rows.integer("replicas_desired", Some(3));
        rows.time("time", Some(1));
        rows.text("object_name", Some("web"));
        rows.end_row();
        rows.time("time", Some(2));
        rows.labels("labels", [("app", "web")]);
        rows.end_row();
        let batch = rows.take().unwrap().unwrap().batch;
        assert_eq!(batch.schema(), OBJECT.schema());
        let desired = batch.column_by_name("replicas_desired").unwrap();
        assert_eq!(desired.as_primitive::<Int64Type>().value(0), 3);
        assert!(desired.is_null(1));
        assert!(batch.column_by_name("labels").unwrap().is_null(0));
        // The next batch starts afresh and has times of the same type.
        assert!(rows.take().unwrap().is_none());
        rows.time("time", Some(3));
        rows.end_row();
        let batch = rows.take().unwrap().unwrap().batch;
        assert_eq!((batch.num_rows(), batch.schema()), (1, OBJECT.schema()));
    }

    #[test]
    fn a_column_set_twice_or_wrongly_is_told() {
        let faults: [fn(&mut Rows); 3] = [
            |rows| rows.integer("event_count", Some(1)),
            |rows| rows.integer("no_such_column", Some(1)),
            |rows| rows.integer("message", Some(1)),
        ];
        for fault in faults {
            let mut rows = Rows::of(&EVENT);
            rows.time("time", Some(1));
            rows.integer("event_count", Some(1));
            fault(&mut rows);
            rows.end_row();
            assert!(matches!(rows.take(), Err(RowError::Column { .. })));
            rows.time("time", Some(1));
            rows.end_row();
            assert_eq!(rows.take().unwrap().unwrap().batch.num_rows(), 1);
        }
    }
}
