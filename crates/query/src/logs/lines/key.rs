//! What a line is known by, and its place among all lines.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::ser::SerializeTuple;
use serde::{Deserialize, Serialize, Serializer};

use crate::error::QueryError;

/// Everything that tells a line from others, in the order in which lines are compared: by time, lines of one time by
/// their log, and in it by the order in which they were read.
///
/// Two lines with one key would have to be equal in all of this and in their message; nobody can tell them apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) struct Key {
    /// Microseconds of the epoch.
    pub(crate) time: i64,
    pub(crate) time_nsec: i64,
    pub(crate) cluster: Option<String>,
    pub(crate) node: Option<String>,
    pub(crate) namespace: Option<String>,
    pub(crate) pod: Option<String>,
    pub(crate) pod_uid: Option<String>,
    pub(crate) container: Option<String>,
    pub(crate) container_id: Option<String>,
    pub(crate) sequence: Option<i64>,
    pub(crate) offset: Option<i64>,
    pub(crate) file: Option<String>,
    pub(crate) stream: Option<String>,
    /// Of the message: where a file was begun anew within one tick of its clock, all of the above may agree.
    pub(crate) hash: u64,
}

/// Without the names of its fields, which would make up most of an id.
impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut all = serializer.serialize_tuple(14)?;
        all.serialize_element(&self.time)?;
        all.serialize_element(&self.time_nsec)?;
        all.serialize_element(&self.cluster)?;
        all.serialize_element(&self.node)?;
        all.serialize_element(&self.namespace)?;
        all.serialize_element(&self.pod)?;
        all.serialize_element(&self.pod_uid)?;
        all.serialize_element(&self.container)?;
        all.serialize_element(&self.container_id)?;
        all.serialize_element(&self.sequence)?;
        all.serialize_element(&self.offset)?;
        all.serialize_element(&self.file)?;
        all.serialize_element(&self.stream)?;
        all.serialize_element(&self.hash)?;
        all.end()
    }
}

impl Key {
    /// Before every line of a time.
    pub(crate) fn before(time: i64) -> Key {
        Key::of_time(time, i64::MIN)
    }

    /// After every line of a time.
    pub(crate) fn after(time: i64) -> Key {
        Key::of_time(time, i64::MAX)
    }

    fn of_time(time: i64, time_nsec: i64) -> Key {
        Key {
            time,
            time_nsec,
            cluster: None,
            node: None,
            namespace: None,
            pod: None,
            pod_uid: None,
            container: None,
            container_id: None,
            sequence: None,
            offset: None,
            file: None,
            stream: None,
            hash: 0,
        }
    }

    /// The id of its line: a word without meaning to others.
    pub(crate) fn id(&self) -> String {
        word(self)
    }

    /// The key of an id that was given out.
    pub(crate) fn of_id(id: &str, path: &str) -> Result<Key, QueryError> {
        read(id).ok_or_else(|| {
            QueryError::invalid(
                path,
                "this is no line's id: take it from a line of an answer as it is",
            )
        })
    }

    /// A number for it that two keys hardly ever share.
    pub(crate) fn number(&self) -> u64 {
        hash(self.id().as_bytes())
    }
}

/// A value as a word for URLs and JSON.
pub(super) fn word(value: &impl Serialize) -> String {
    // Numbers and texts are always written.
    let json = serde_json::to_vec(value).unwrap_or_default();
    URL_SAFE_NO_PAD.encode(json)
}

/// The value of a word.
pub(super) fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    let json = URL_SAFE_NO_PAD.decode(word).ok()?;
    serde_json::from_slice(&json).ok()
}

/// FNV-1a, which is the same in every version of this program: ids outlive it.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
