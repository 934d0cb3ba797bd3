//! Frames between agent and server: an Arrow IPC stream with its agent, table and sequence.
//!
//! - [`Encoder`] turns record batches into a body, [`decode`] turns a body back into batches that have exactly the
//!   catalogue's schema, or says what is wrong with it and where.
//! - [`rows::Rows`] builds such batches by the names of columns.
//! - [`Envelope`] is a body with what its HTTP headers say ([`header`]).
//!
//! The protocol (numbers, answers, who keeps what until when) is in docs/architecture.md, "Exactly once".
//! This crate does no I/O and reads no clock.

mod decode;
mod encode;
mod envelope;
mod error;
pub mod header;
mod id;
pub mod rows;

pub use decode::{Conformed, Limits, decode};
pub use encode::{EncodeError, Encoder, encode};
pub use envelope::{Encoding, Envelope};
pub use error::{DecodeError, EnvelopeError, Refusal};
pub use id::{AgentId, BadAgentId, Sequence};
