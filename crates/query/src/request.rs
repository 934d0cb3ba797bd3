//! JSON requests, with faults that name their place.

use serde::de::DeserializeOwned;

use crate::error::{Code, QueryError};

/// Reads a request. A fault in the text has a line and a column; a fault in a value has its path.
pub(crate) fn from_json<T: DeserializeOwned>(json: &[u8]) -> Result<T, QueryError> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let read: T = serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let path = e.path().to_string();
        let fault = e.into_inner();
        if fault.is_data() && path != "." {
            QueryError::invalid(path, plain(&fault))
        } else {
            in_text(&fault)
        }
    })?;
    reader.end().map_err(|e| in_text(&e))?;
    Ok(read)
}

/// A request's `limit`: the usual one when it does not say, else from 1 to the most.
pub(crate) fn limit(asked: Option<usize>, usual: usize, most: usize) -> Result<usize, QueryError> {
    match asked {
        None => Ok(usual),
        Some(limit) if (1..=most).contains(&limit) => Ok(limit),
        Some(_) => Err(QueryError::invalid(
            "limit",
            format!("a limit is from 1 to {most}"),
        )),
    }
}

fn in_text(fault: &serde_json::Error) -> QueryError {
    QueryError::new(Code::InvalidRequest, plain(fault))
        .at(fault.line() as u64, fault.column() as u64)
}

/// The message without the place that serde_json appends.
fn plain(fault: &serde_json::Error) -> String {
    let message = fault.to_string();
    let place = format!(" at line {} column {}", fault.line(), fault.column());
    message.strip_suffix(&place).unwrap_or(&message).to_owned()
}
