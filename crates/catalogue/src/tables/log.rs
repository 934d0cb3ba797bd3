//! Log lines.

use super::row::NEVER;
use crate::table::{Table, TableKind};

const HOST: &str = "a log of the host";

columns! {
    LINE {
        tick time "": "When the line was written, to the microsecond."; "CRI or Docker line, else the read"; NEVER;
        number time_nsec "ns": "Nanoseconds below the microsecond of time, 0 to 999."; "CRI or Docker line"; "not written";
        moment stamped_time "": "What the line was stamped with, where that is no time to believe; time is then when it was read."; "CRI or Docker line, journal"; "the stamp is time itself";
        key cluster "": "Name of the cluster, as configured."; "configuration"; "not configured";
        key node "": "Name of the node."; "configuration, else the kernel's host name"; NEVER;
        key namespace "": "The pod's namespace."; "path of the file"; HOST;
        key pod "": "The pod's name."; "path of the file"; HOST;
        key pod_uid "": "The pod's uid."; "path of the file"; HOST;
        key container "": "The container's name."; "path of the file"; HOST;
        key container_id "": "The runtime's id."; "/var/log/containers link"; "a log of the host; not known yet";
        key stream "": "stdout or stderr; of a host log its name."; "CRI or Docker line"; NEVER;
        text file "": "The file it was read from."; "path"; NEVER;
        number offset "By": "Where the line starts in the file."; "read position"; "journal";
        number sequence "{line}": "Order in which the agent read the file's lines, from 1 for each instance of it."; "agent"; NEVER;
        number joined_lines "{line}": "Lines of the file that were joined into it: the runtime's pieces of a long line, or a group such as a stack trace."; "agent"; "one line";
        text level "": "trace, debug, info, warn, error or fatal."; "found in the message"; "not found";
        number truncated_bytes "By": "Bytes cut off the end of the message."; "agent's line bound"; "nothing cut";
        number invalid_bytes "By": "Bytes that were no UTF-8; U+FFFD stands in their place."; "file"; "none";
        prose message "": "The line, without its newline."; "file"; NEVER;
    }
}

/// A row for each log line.
pub static LOG: Table = Table {
    name: "log",
    kind: TableKind::Record,
    help: "A line that a container or a part of the node has written.",
    key: &[
        "cluster",
        "node",
        "namespace",
        "pod",
        "container",
        "container_id",
        "stream",
    ],
    // Lines of one microsecond stay in the writer's order.
    sort: &[
        "namespace",
        "pod",
        "container",
        "time",
        "time_nsec",
        "sequence",
    ],
    columns: LINE,
};
