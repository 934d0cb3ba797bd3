//! A body with what its headers say.

use bytes::Bytes;
use catalogue::Table;

use crate::error::EnvelopeError;
use crate::header;
use crate::id::{AgentId, Sequence};

/// How a body is compressed as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Not at all.
    Identity,
    /// One zstd frame (RFC 8878).
    Zstd,
}

impl Encoding {
    /// The token of the `Content-Encoding` header.
    pub fn token(self) -> &'static str {
        match self {
            Encoding::Identity => "identity",
            Encoding::Zstd => "zstd",
        }
    }

    /// The encoding that a `Content-Encoding` header names; no header means [`Encoding::Identity`].
    ///
    /// # Errors
    /// [`EnvelopeError::Encoding`] for any other.
    pub fn from_header(value: Option<&str>) -> Result<Encoding, EnvelopeError> {
        match value.map(str::trim) {
            None | Some("") => Ok(Encoding::Identity),
            Some(v) if v.eq_ignore_ascii_case("identity") => Ok(Encoding::Identity),
            Some(v) if v.eq_ignore_ascii_case("zstd") => Ok(Encoding::Zstd),
            Some(v) => Err(EnvelopeError::Encoding { found: cut(v) }),
        }
    }
}

/// A frame on its way: the body as it came and what its headers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Who sent it.
    pub agent: AgentId,
    /// Which table its rows belong to.
    pub table: &'static Table,
    /// Its number among those of this agent and table.
    pub sequence: Sequence,
    /// The oldest number that the agent still has for the table; never above `sequence`.
    pub oldest: Sequence,
    /// How the body is compressed.
    pub encoding: Encoding,
    /// An Arrow IPC stream, compressed as `encoding` says.
    pub body: Bytes,
}

impl Envelope {
    /// Reads the headers through `header`, which answers a lower-case name of [`header`] with its value.
    /// Without `Kansoku-Oldest` the frame itself is the oldest.
    ///
    /// # Errors
    /// The first header that is missing or unreadable, by name.
    pub fn from_headers<'h>(
        table: &'static Table,
        header: impl Fn(&'static str) -> Option<&'h str>,
        body: Bytes,
    ) -> Result<Envelope, EnvelopeError> {
        let media_type = header(header::CONTENT_TYPE).unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(header::ARROW_STREAM) {
            return Err(EnvelopeError::MediaType {
                found: cut(media_type),
            });
        }
        let agent = header(header::AGENT).ok_or(EnvelopeError::Missing {
            header: header::AGENT,
        })?;
        let agent: AgentId = agent.trim().parse()?;
        let sequence =
            number(header::SEQUENCE, header(header::SEQUENCE))?.ok_or(EnvelopeError::Missing {
                header: header::SEQUENCE,
            })?;
        let oldest = number(header::OLDEST, header(header::OLDEST))?.unwrap_or(sequence);
        if oldest > sequence {
            return Err(EnvelopeError::Order { oldest, sequence });
        }
        let encoding = Encoding::from_header(header(header::CONTENT_ENCODING))?;
        Ok(Envelope {
            agent,
            table,
            sequence,
            oldest,
            encoding,
            body,
        })
    }
}

fn number(header: &'static str, value: Option<&str>) -> Result<Option<Sequence>, EnvelopeError> {
    let Some(text) = value else { return Ok(None) };
    match text.trim().parse::<u64>() {
        Ok(n) if n >= Sequence::FIRST.0 => Ok(Some(Sequence(n))),
        _ => Err(EnvelopeError::Number {
            header,
            found: cut(text),
        }),
    }
}

/// Text from outside, short enough for a message.
fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::example::TABLE;

    const AGENT: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

    fn parse(headers: &[(&'static str, &'static str)]) -> Result<Envelope, EnvelopeError> {
        Envelope::from_headers(
            &TABLE,
            |name| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| *v),
            Bytes::from_static(b"body"),
        )
    }

    #[test]
    fn headers_make_an_envelope() {
        let envelope = parse(&[
            (
                "content-type",
                "application/vnd.apache.arrow.stream; charset=binary",
            ),
            ("content-encoding", "ZSTD"),
            ("kansoku-agent", AGENT),
            ("kansoku-sequence", "7"),
            ("kansoku-oldest", "3"),
        ])
        .unwrap();
        assert_eq!(envelope.agent.to_string(), AGENT);
        assert_eq!(
            (envelope.sequence, envelope.oldest),
            (Sequence(7), Sequence(3))
        );
        assert_eq!(envelope.encoding, Encoding::Zstd);
    }

    #[test]
    fn each_fault_names_its_header() {
        let stream = ("content-type", header::ARROW_STREAM);
        let agent = ("kansoku-agent", AGENT);
        let cases: [(&[(&str, &str)], &str); 7] = [
            (&[agent], "content-type"),
            (&[stream, ("kansoku-sequence", "1")], "kansoku-agent"),
            (&[stream, agent], "kansoku-sequence"),
            (
                &[stream, agent, ("kansoku-sequence", "0")],
                "kansoku-sequence",
            ),
            (
                &[stream, agent, ("kansoku-sequence", "-1")],
                "kansoku-sequence",
            ),
            (
                &[
                    stream,
                    agent,
                    ("kansoku-sequence", "1"),
                    ("kansoku-oldest", "2"),
                ],
                "kansoku-oldest",
            ),
            (
                &[
                    stream,
                    agent,
                    ("kansoku-sequence", "1"),
                    ("content-encoding", "gzip"),
                ],
                "content-encoding",
            ),
        ];
        for (headers, named) in cases {
            let error = Envelope::from_headers(
                &TABLE,
                |name| headers.iter().find(|(n, _)| *n == name).map(|(_, v)| *v),
                Bytes::new(),
            )
            .unwrap_err()
            .to_string();
            assert!(error.contains(named), "{error}");
        }
    }
}
