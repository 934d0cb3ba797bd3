//! Kubernetes events.

use super::row::NEVER;
use crate::table::{Table, TableKind};

columns! {
    EVENT_COLUMNS {
        tick time "": "When it happened, or happened again."; "Event: series.lastObservedTime, eventTime, lastTimestamp"; NEVER;
        key cluster "": "Name of the cluster, as configured."; "configuration"; "not configured";
        key namespace "": "Namespace of the object it is about."; "Event: involvedObject.namespace"; "object of the cluster";
        key object_kind "": "Kind of the object it is about."; "Event: involvedObject.kind"; NEVER;
        key object_name "": "Name of the object it is about."; "Event: involvedObject.name"; NEVER;
        key object_uid "": "Uid of the object it is about."; "Event: involvedObject.uid"; "not written";
        text object_field "": "The part of the object, for example spec.containers{web}."; "Event: involvedObject.fieldPath"; "not written";
        text node "": "The node it was reported from."; "Event: source.host"; "not written";
        text event_type "": "Normal or Warning."; "Event: type"; NEVER;
        text reason "": "One word for why."; "Event: reason"; NEVER;
        text action "": "What was done or tried."; "Event: action"; "not written";
        text reporter "": "The component that reported it."; "Event: reportingComponent, source.component"; "not written";
        text event_name "": "Name of the event object."; "Event: metadata.name"; NEVER;
        text event_uid "": "Uid of the event object."; "Event: metadata.uid"; NEVER;
        number event_count "{event}": "How often it has happened so far."; "Event: series.count, count"; "not written";
        moment first_time "": "When it happened first."; "Event: firstTimestamp"; "not written";
        prose message "": "What a person is told."; "Event: message"; NEVER;
    }
}

/// A row for each event, and for each time that it is repeated.
pub static EVENT: Table = Table {
    name: "event",
    kind: TableKind::Record,
    help: "A Kubernetes event, or its repetition.",
    key: &[
        "cluster",
        "namespace",
        "object_kind",
        "object_name",
        "object_uid",
    ],
    sort: &["cluster", "namespace", "object_kind", "object_name", "time"],
    columns: EVENT_COLUMNS,
};
