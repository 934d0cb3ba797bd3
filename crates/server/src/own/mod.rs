//! What the server costs and does, in Prometheus' text format (version 0.0.4).

mod http;
mod process;
mod text;

pub(crate) use http::Counters;
pub(crate) use process::Process;
pub(crate) use text::Text;

/// The media type of the text format.
pub(crate) const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";
