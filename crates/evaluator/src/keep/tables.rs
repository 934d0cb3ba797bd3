//! The tables of the file, and what they hold as bytes.

use redb::TableDefinition;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) type Texts = TableDefinition<'static, &'static str, &'static [u8]>;
pub(super) type Numbers = TableDefinition<'static, u64, &'static [u8]>;

pub(super) const DEFINITIONS: Texts = TableDefinition::new("definitions");
pub(super) const STATES: Texts = TableDefinition::new("states");
pub(super) const SILENCES: Texts = TableDefinition::new("silences");
/// By line: alarm, labels, receiver.
pub(super) const STANDING: Texts = TableDefinition::new("standing");
pub(super) const TRANSITIONS: Numbers = TableDefinition::new("transitions");
pub(super) const DELIVERIES: Numbers = TableDefinition::new("deliveries");
/// With what is searched by before the JSON: time, type, alarm.
pub(super) const HISTORY: TableDefinition<
    'static,
    u64,
    (i64, &'static str, &'static str, &'static [u8]),
> = TableDefinition::new("history");
pub(super) const META: TableDefinition<'static, &'static str, u64> = TableDefinition::new("meta");

/// The format of the file, under this name in `meta`.
pub(super) const FORMAT_NAME: &str = "format";
/// What this program reads and writes.
pub(super) const FORMAT: u64 = 1;
/// A random number that the file was given when it was made, so that ids of two servers differ.
pub(super) const INSTANCE: &str = "instance";

/// How many bytes the items of the history have, under this name in `meta`. A file that does not say is counted once.
pub(super) const HISTORY_BYTES: &str = "history_bytes";

pub(super) fn bytes<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(value)
}

pub(super) fn value<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(bytes)
}
