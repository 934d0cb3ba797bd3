//! The loss ledger: what became of each log, from the bytes that were written to the lines that are stored.

use super::row::{FIRST, NEVER, PLACE, ROW};
use crate::table::{Table, TableKind};

const HOST: &str = "a log of the host";
const LOG: &str = "agent's log reader";

columns! {
    LEDGER {
        key log_source "": "The log: <namespace>/<pod>/<pod uid>/<container>, docker/<container id>, or host/<name>."; LOG; NEVER;
        key namespace "": "The pod's namespace."; "path of the file"; HOST;
        key pod "": "The pod's name."; "path of the file"; HOST;
        key pod_uid "": "The pod's uid."; "path of the file"; HOST;
        key container "": "The container's name."; "path of the file"; HOST;
        text container_id "": "The runtime's id, of the newest instance."; "/var/log/containers link"; "a log of the host; not known yet";
        delta log_written_bytes "By": "Bytes that its files grew by, across rotations."; "sizes of its files"; FIRST;
        delta log_read_bytes "By": "Bytes that were read."; LOG; FIRST;
        delta log_skipped_bytes "By": "Bytes passed over on purpose: older than the age bound when the agent first saw them."; LOG; FIRST;
        delta log_lost_bytes "By": "Bytes that were gone before they were read: deleted, truncated or replaced."; LOG; FIRST;
        delta log_entries "{line}": "Entries that were made of what was read; one that is not counted as excluded, limited or refused is a row of log."; LOG; FIRST;
        delta log_excluded_entries "{line}": "Entries left out by a rule."; LOG; FIRST;
        delta log_limited_entries "{line}": "Entries left out by the rate limit."; LOG; FIRST;
        delta log_refused_entries "{line}": "Entries that the server would not take or that the spool lost."; LOG; FIRST;
        delta log_spooled_entries "{line}": "Entries that were put on the agent's disk."; LOG; FIRST;
        delta log_acknowledged_entries "{line}": "Entries that the server has stored, by its answers."; LOG; FIRST;
        delta log_truncated_entries "{line}": "Entries whose end was cut off at the bound."; LOG; FIRST;
        delta log_invalid_entries "{line}": "Entries with bytes that were no UTF-8."; LOG; FIRST;
        delta log_malformed_entries "{line}": "Lines that were not in the runtime's format and are kept as they were."; LOG; FIRST;
        delta log_redacted_entries "{line}": "Entries in which something was masked."; LOG; FIRST;
        gauge log_files "{file}": "Its files that are not read to their end or may still grow."; LOG; NEVER;
        gauge log_unread_bytes "By": "Bytes written and not yet read."; LOG; NEVER;
        gauge log_held_bytes "By": "Bytes of files that are deleted and held open to be read to their end."; LOG; NEVER;
        gauge log_waiting_entries "{line}": "Entries on the agent's disk that the server has not stored yet."; LOG; NEVER;
    }
}

/// A row for each log and interval.
pub static LOG_LEDGER: Table = Table {
    name: "log_ledger",
    kind: TableKind::Measurement,
    help: "What became of one log in one interval: written, read, left out, lost, kept, stored.",
    key: &["cluster", "node", "log_source"],
    sort: &["cluster", "node", "log_source", "time"],
    columns: join!(ROW, PLACE, LEDGER),
};
