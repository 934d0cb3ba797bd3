//! What a question is answered with when it has no answer.

use std::fmt;

use serde::Serialize;

/// Which fault it is: a stable word for programs. The server picks its HTTP status by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// The request is not of the documented form, or a value in it is out of bounds.
    InvalidRequest,
    /// No entity (measurement table) of that name.
    UnknownEntity,
    /// No metric of that name for the entity.
    UnknownMetric,
    /// No statistic of that name.
    UnknownStatistic,
    /// No table of that name.
    UnknownTable,
    /// No column of that name.
    UnknownColumn,
    /// The SQL text does not parse.
    SqlSyntax,
    /// The statement is not one of those that only read.
    SqlRefused,
    /// The SQL text parses but means nothing: types, functions, grouping.
    SqlInvalid,
    /// A value met while running does not fit the expression: a cast, an overflow, a division by zero.
    BadValue,
    /// The time limit passed.
    Timeout,
    /// The memory limit was met.
    MemoryLimit,
    /// The answer has more rows than asked for, in a format that cannot say so.
    RowLimit,
    /// The answer would have more values than the limit.
    TooManySeries,
    /// Too many questions at once; the caller may come again.
    Overloaded,
    /// The store could not be read. Not the caller's fault.
    Storage,
    /// A fault of this program.
    Internal,
}

impl Code {
    /// The word, as it is serialised.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::InvalidRequest => "invalid_request",
            Code::UnknownEntity => "unknown_entity",
            Code::UnknownMetric => "unknown_metric",
            Code::UnknownStatistic => "unknown_statistic",
            Code::UnknownTable => "unknown_table",
            Code::UnknownColumn => "unknown_column",
            Code::SqlSyntax => "sql_syntax",
            Code::SqlRefused => "sql_refused",
            Code::SqlInvalid => "sql_invalid",
            Code::BadValue => "bad_value",
            Code::Timeout => "timeout",
            Code::MemoryLimit => "memory_limit",
            Code::RowLimit => "row_limit",
            Code::TooManySeries => "too_many_series",
            Code::Overloaded => "overloaded",
            Code::Storage => "storage",
            Code::Internal => "internal",
        }
    }

    /// Every code, for documents that list them.
    pub const ALL: [Code; 17] = [
        Code::InvalidRequest,
        Code::UnknownEntity,
        Code::UnknownMetric,
        Code::UnknownStatistic,
        Code::UnknownTable,
        Code::UnknownColumn,
        Code::SqlSyntax,
        Code::SqlRefused,
        Code::SqlInvalid,
        Code::BadValue,
        Code::Timeout,
        Code::MemoryLimit,
        Code::RowLimit,
        Code::TooManySeries,
        Code::Overloaded,
        Code::Storage,
        Code::Internal,
    ];
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where in the question the fault is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Position {
    /// A place in a text, both counted from 1; the column in characters.
    Text {
        /// Line.
        line: u64,
        /// Character in the line.
        column: u64,
    },
    /// A value in a JSON request: `metrics[1].statistic`.
    Path {
        /// The path from the request's root.
        path: String,
    },
    /// A place in a text that is a value of a JSON request, such as the `query` of a question about logs.
    Member {
        /// The path from the request's root.
        path: String,
        /// Line, from 1.
        line: u64,
        /// Character in the line, from 1.
        column: u64,
    },
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Text { line, column } => write!(f, "line {line}, column {column}"),
            Position::Path { path } => f.write_str(path),
            Position::Member { path, line, column } => {
                write!(f, "{path}, line {line}, column {column}")
            }
        }
    }
}

/// Why a question has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", position.as_ref().map(|p| format!("{p}: ")).unwrap_or_default())]
pub struct QueryError {
    /// Which fault.
    pub code: Code,
    /// What is wrong and what to do, in lower case, without the position.
    pub message: String,
    /// Where, if the fault has a place.
    pub position: Option<Position>,
    /// Known names that are near to an unknown one, nearest first.
    pub nearest: Vec<String>,
}

impl QueryError {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        QueryError {
            code,
            message: message.into(),
            position: None,
            nearest: Vec::new(),
        }
    }

    pub(crate) fn invalid(path: impl Into<String>, message: impl Into<String>) -> Self {
        QueryError::new(Code::InvalidRequest, message).at_path(path)
    }

    pub(crate) fn at_path(mut self, path: impl Into<String>) -> Self {
        self.position = Some(Position::Path { path: path.into() });
        self
    }

    pub(crate) fn at(mut self, line: u64, column: u64) -> Self {
        self.position = Some(Position::Text { line, column });
        self
    }

    /// Names what is near to an unknown name, in the message and beside it.
    pub(crate) fn with_nearest(mut self, nearest: Vec<String>) -> Self {
        if !nearest.is_empty() {
            self.message = format!(
                "{}; did you mean {}?",
                self.message,
                crate::nearest::either(&nearest)
            );
            self.nearest = nearest;
        }
        self
    }
}
