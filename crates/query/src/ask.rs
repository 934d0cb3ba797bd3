//! Statements of our own, for answers that are put together from several.

use arrow::array::RecordBatch;

use crate::entities::Columns;
use crate::error::QueryError;

/// Runs a statement and gives its rows.
pub(crate) trait Ask {
    /// The rows of a statement.
    fn ask(&self, sql: String)
    -> impl Future<Output = Result<Vec<RecordBatch>, QueryError>> + Send;
}

/// Goes over the rows of an answer.
pub(crate) fn each(batches: &[RecordBatch], mut row: impl FnMut(&Columns<'_>, usize)) {
    for batch in batches {
        let columns = Columns::new(batch);
        for at in 0..batch.num_rows() {
            row(&columns, at);
        }
    }
}
