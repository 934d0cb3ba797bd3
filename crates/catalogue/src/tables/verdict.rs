//! How entities were, in a word each, minute by minute.

use super::row::NEVER;
use crate::table::{Table, TableKind};

columns! {
    VERDICT_COLUMNS {
        tick time "": "When it was found: a whole minute."; "server's clock"; NEVER;
        key cluster "": "Name of the cluster."; "rows that were judged"; "not configured";
        key namespace "": "Namespace of the entity."; "rows that were judged"; "entity of the cluster";
        key entity_kind "": "What it is about: Cluster, Node, Namespace, Workload, Service, Pod, Container or Volume."; "server"; NEVER;
        key entity_name "": "The entity's name; of a container its pod's, of a volume its claim's."; "rows that were judged"; NEVER;
        key entity_uid "": "The entity's uid; of a container its pod's."; "rows that were judged"; "entity without one";
        key container "": "The container's name."; "rows that were judged"; "not about a container";
        text node "": "The node that the entity is on."; "rows that were judged"; "on none, or on several";
        text workload_kind "": "Kind of the workload that it belongs to, or is."; "rows that were judged"; "of none";
        text workload "": "Name of that workload."; "rows that were judged"; "of none";
        text word "": "How it was, in one word."; "crate health"; NEVER;
        text severity "": "How bad that is: critical, warning, ok or unknown."; "crate health"; NEVER;
        flag is_first "": "Whether it is the word for the entity, not something else that was found beside it."; "crate health"; NEVER;
        moment since "": "Since when, as far as that is known."; "rows that were judged"; "not known, or found beside the first";
        moment last_occurrence "": "When it happened last, of what happens at moments: a kill for lack of memory."; "rows that were judged"; "a state, or not known";
        prose verdict_reason "": "Why, in a sentence or two."; "crate health"; NEVER;
    }
}

/// Rows of what was not ok, and for every cluster a row each minute, whatever it was: so a minute in which nobody looked
/// can be told from one in which all was well.
pub static VERDICT: Table = Table {
    name: "verdict",
    kind: TableKind::Record,
    help: "How an entity was in a minute, if it was not ok; of clusters every minute.",
    key: &[
        "cluster",
        "namespace",
        "entity_kind",
        "entity_name",
        "entity_uid",
        "container",
    ],
    sort: &["cluster", "namespace", "entity_kind", "entity_name", "time"],
    columns: VERDICT_COLUMNS,
};
