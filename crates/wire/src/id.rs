//! Who sent a frame, and which of its frames it is.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use uuid::Uuid;

/// An agent: a random UUID, made once and kept beside its spool. A spool that is lost loses its id too, so that the
/// numbers of a new spool are never taken for those of an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AgentId(Uuid);

impl AgentId {
    /// A new random id.
    pub fn random() -> AgentId {
        AgentId(Uuid::new_v4())
    }

    /// The id with these 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> AgentId {
        AgentId(Uuid::from_bytes(bytes))
    }

    /// The 16 bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for AgentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

/// A text that is not an agent id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an agent id: write a UUID such as 67e55044-10b1-426f-9247-bb680e5fe0c8")]
pub struct BadAgentId {
    text: String,
}

impl FromStr for AgentId {
    type Err = BadAgentId;

    fn from_str(text: &str) -> Result<AgentId, BadAgentId> {
        // The text comes from outside and ends in a message.
        Uuid::try_parse(text).map(AgentId).map_err(|_| BadAgentId {
            text: text.chars().take(64).collect(),
        })
    }
}

/// The number of a frame among those of its agent and table: 1, 2, 3, …
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sequence(pub u64);

impl Sequence {
    /// The first number.
    pub const FIRST: Sequence = Sequence(1);

    /// The number after this one.
    pub fn next(self) -> Sequence {
        Sequence(self.0.saturating_add(1))
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Sequence {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Sequence, ParseIntError> {
        text.parse().map(Sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = AgentId::random();
        assert_eq!(id.to_string().parse::<AgentId>().unwrap(), id);
        assert_eq!(id.to_string().len(), 36);
        assert_ne!(id, AgentId::random());
    }

    #[test]
    fn what_is_no_id_says_so() {
        let error = "node-1".parse::<AgentId>().unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("\"node-1\" is not an agent id")
        );
    }
}
