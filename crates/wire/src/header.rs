//! The names of the HTTP headers of a frame, lower-case as HTTP/2 and `http::HeaderName::from_static` want them.

/// The agent's id, a UUID.
pub const AGENT: &str = "kansoku-agent";
/// The frame's number among those of its agent and table.
pub const SEQUENCE: &str = "kansoku-sequence";
/// The oldest number that the agent still has for the table.
pub const OLDEST: &str = "kansoku-oldest";
/// What the body is: [`ARROW_STREAM`].
pub const CONTENT_TYPE: &str = "content-type";
/// How the body is compressed: [`crate::Encoding`].
pub const CONTENT_ENCODING: &str = "content-encoding";
/// How long to wait before sending again, in an answer: seconds or an HTTP date.
pub const RETRY_AFTER: &str = "retry-after";

/// The media type of an Arrow IPC stream, as registered with IANA.
pub const ARROW_STREAM: &str = "application/vnd.apache.arrow.stream";
