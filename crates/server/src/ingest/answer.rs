//! What an agent is told.

use catalogue::Table;
use serde::Serialize;
use store::AppendError;
use wire::{DecodeError, EnvelopeError, Refusal};

use crate::problem::{Code, Problem};

/// When to send again while the store is being closed, in seconds: a restart takes about as long.
const RESTART: u64 = 5;

/// The frame's rows are on disk and visible to queries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Stored {
    /// Rows that this request stored.
    pub(crate) stored: u64,
    /// The frame had been stored before.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) duplicate: bool,
    /// With `duplicate`: the last number that is stored of the agent and table, by which an agent finds out that
    /// another one counts under its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<u64>,
    /// The server does not know what the agent reads (it was started anew), and would like to be told.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) report_wanted: bool,
    /// Columns of a newer schema that this server does not have; everything else was stored.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored_columns: Vec<String>,
}

pub(super) fn unknown_table(name: &str) -> Problem {
    let name: String = name.chars().take(64).collect();
    let known: Vec<_> = catalogue::ALL.iter().map(|table| table.name).collect();
    Problem::new(
        Code::UnknownTable,
        format!("there is no table {name:?}; there are {}", known.join(", ")),
    )
}

pub(super) fn own_table(table: &Table) -> Problem {
    Problem::new(
        Code::OwnTable,
        format!(
            "rows of table {} are the server's own record; nobody else writes it",
            table.name
        ),
    )
}

pub(super) fn bad_headers(error: EnvelopeError) -> Problem {
    Problem::new(Code::MalformedHeader, error.to_string())
}

pub(super) fn bad_frame(error: &DecodeError) -> Problem {
    let code = match error.refusal() {
        Refusal::Malformed => Code::MalformedFrame,
        Refusal::TooLarge => Code::TooLarge,
        Refusal::Unfit => Code::SchemaMismatch,
    };
    Problem::new(code, error.to_string())
}

pub(super) fn not_appended(error: AppendError) -> Problem {
    match error {
        AppendError::OutOfOrder { expected } => Problem::new(
            Code::OutOfOrder,
            format!("frames before this one are missing: send from {expected} on"),
        )
        .with("expected", expected),
        AppendError::Full {
            retry_after_seconds,
            detail,
        } => Problem::new(Code::StorageFull, detail).retry_after(retry_after_seconds),
        AppendError::Pressure {
            retry_after_seconds,
            detail,
        } => Problem::new(Code::Pressure, detail).retry_after(retry_after_seconds),
        AppendError::Closed => {
            Problem::new(Code::ShuttingDown, "the store is being closed").retry_after(RESTART)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    #[test]
    fn what_must_be_sent_again_says_when() {
        let full = AppendError::Full {
            retry_after_seconds: 30,
            detail: "the disk is full".to_owned(),
        };
        let pressure = AppendError::Pressure {
            retry_after_seconds: 2,
            detail: "the log is behind".to_owned(),
        };
        for (error, status, wait) in [
            (full, 503, Some("30")),
            (pressure, 503, Some("2")),
            (AppendError::Closed, 503, Some("5")),
            (AppendError::OutOfOrder { expected: 4 }, 409, None),
        ] {
            let response = not_appended(error).into_response();
            assert_eq!(response.status(), status);
            assert_eq!(
                response
                    .headers()
                    .get("retry-after")
                    .map(|v| v.to_str().unwrap()),
                wait
            );
        }
        assert_eq!(
            not_appended(AppendError::OutOfOrder { expected: 4 }).to_json()["expected"],
            4
        );
    }

    #[test]
    fn an_ordinary_answer_is_short() {
        let plain = Stored {
            stored: 5,
            duplicate: false,
            last: None,
            report_wanted: false,
            ignored_columns: Vec::new(),
        };
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"stored":5}"#);
        let duplicate = Stored {
            stored: 0,
            duplicate: true,
            last: Some(7),
            report_wanted: true,
            ignored_columns: Vec::new(),
        };
        assert_eq!(
            serde_json::to_string(&duplicate).unwrap(),
            r#"{"stored":0,"duplicate":true,"last":7,"report_wanted":true}"#
        );
    }
}
