//! SQL: one statement that only reads, over the catalogue's tables.
//!
//! Tables are named as in the catalogue (`node`, `container`, `log`, …); measurement tables have rollups (`node_1m`,
//! `node_5m`, `node_1h`) and `<table>_now`, the newest row of each live entity. There are no files, no URLs and no
//! settings to reach.
//!
//! A statement is bounded in time, memory, rows and length; its work ends when its answer is dropped. Not bounded
//! beyond that is the size of a single value that an expression makes, so functions that make large values from small
//! ones (`repeat`, `lpad`, …) are not there.

mod answer;
mod arrow_stream;
mod check;
mod complexity;
mod csv;
mod describe;
mod json;
mod plain;
mod run;
mod schema;
mod words;

pub use answer::{SqlBody, SqlRows, SqlStats};
pub use run::{Format, SqlRequest};

pub(crate) use check::check;
pub(crate) use run::{Run, body, rows};
pub(crate) use schema::FORBIDDEN_FUNCTIONS;
