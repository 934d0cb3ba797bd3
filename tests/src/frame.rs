//! Frames as agents send them, made of rows written as JSON.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Field, Schema};
use catalogue::Table;
use serde_json::{Value, json};
use wire::{AgentId, Encoding};

use crate::http::{Answer, Http};

/// A frame on its way.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Who sends it.
    pub agent: AgentId,
    /// The table, as it stands in the path.
    pub table: String,
    /// Its number.
    pub sequence: u64,
    /// The oldest number that the agent still has.
    pub oldest: u64,
    /// An Arrow IPC stream, compressed with zstd.
    pub body: Vec<u8>,
}

impl Frame {
    /// A frame of rows; columns that a row leaves out are null.
    pub fn new(agent: AgentId, table: &'static Table, sequence: u64, rows: &[Value]) -> Frame {
        let body = wire::encode(&[rows_of(table, rows)], Encoding::Zstd).unwrap();
        Frame {
            agent,
            table: table.name.to_owned(),
            sequence,
            oldest: sequence,
            body,
        }
    }

    /// Sends it.
    pub fn send(&self, http: &Http) -> Answer {
        self.try_send(http)
            .unwrap_or_else(|| panic!("frame {} was not answered", self.sequence))
    }

    /// Sends it; `None` when nobody answers.
    pub fn try_send(&self, http: &Http) -> Option<Answer> {
        let (agent, sequence, oldest) = (
            self.agent.to_string(),
            self.sequence.to_string(),
            self.oldest.to_string(),
        );
        let headers = [
            (wire::header::CONTENT_TYPE, wire::header::ARROW_STREAM),
            (wire::header::CONTENT_ENCODING, "zstd"),
            (wire::header::AGENT, &agent),
            (wire::header::SEQUENCE, &sequence),
            (wire::header::OLDEST, &oldest),
        ];
        http.try_send(
            "POST",
            &format!("/ingest/{}", self.table),
            &headers,
            &self.body,
        )
    }
}

/// Rows as a batch of the table's schema. Times are microseconds since 1970.
///
/// # Panics
/// When a row does not fit.
pub fn rows_of(table: &'static Table, rows: &[Value]) -> RecordBatch {
    // The reader of JSON makes no dictionaries, so strings are read plainly and the columns cast.
    let plain: Vec<Field> = table
        .schema()
        .fields()
        .iter()
        .map(|field| plain(field))
        .collect();
    let mut decoder = arrow::json::ReaderBuilder::new(Arc::new(Schema::new(plain)))
        .build_decoder()
        .unwrap();
    for row in rows {
        let row = row.as_object().unwrap();
        for name in row.keys() {
            assert!(
                table.column(name).is_some(),
                "table {} has no column {name}",
                table.name
            );
        }
        decoder.serialize(&[json!(row)]).unwrap();
    }
    let batch = decoder.flush().unwrap().unwrap();
    let schema = table.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let columns = columns
        .map(|(field, column)| arrow::compute::cast(column, field.data_type()).unwrap())
        .collect();
    RecordBatch::try_new(schema, columns).unwrap()
}

fn plain(field: &Field) -> Field {
    match field.data_type() {
        DataType::Dictionary(_, value) => field.clone().with_data_type(value.as_ref().clone()),
        DataType::Timestamp(..) => field.clone().with_data_type(DataType::Int64),
        _ => field.clone(),
    }
}
