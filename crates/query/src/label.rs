//! What filters and groupings are by: a column of the table, or a name that the pod's identity tells.

use catalogue::{Column, ColumnType, Table, Temporality};

use crate::error::{Code, QueryError};
use crate::names::{Name, uid_column};
use crate::nearest::nearest;

/// By what.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Label {
    /// A column that says which entity a row is about, or describes it.
    Column(&'static Column),
    /// A name at question time.
    Name(Name),
}

/// The name that a pod's identity tells when a row does not: the first rows of a pod, and the last ones of one whose log
/// folder is gone, are written before or after its name can be read on the node.
pub(crate) fn told_by_identity(table: &Table, column: &Column) -> Option<Name> {
    table.column("pod_uid")?;
    match column.name {
        "namespace" => Some(Name::Namespace),
        "pod" => Some(Name::Pod),
        _ => None,
    }
}

/// CloudWatch's name of a dimension, as ours.
fn cloudwatch<'a>(table: &Table, name: &'a str) -> &'a str {
    let of_objects = table.name == "object";
    match name {
        "ClusterName" => "cluster",
        "NodeName" if of_objects => "node_name",
        "NodeName" => "node",
        "InstanceId" => "instance_id",
        "Namespace" => "namespace",
        "Service" => "service",
        "PodName" => "pod_name",
        "FullPodName" => "pod",
        "ContainerName" => "container",
        "name" if table.name == "control_plane" => "webhook",
        "group" if table.name == "control_plane" => "api_group",
        "PersistentVolumeClaimName" if of_objects => "object_name",
        other => other,
    }
}

/// What a name in a filter or a grouping means for a table. A column of the table comes before a name of its pods.
pub(crate) fn label(table: &'static Table, name: &str, path: String) -> Result<Label, QueryError> {
    let name = cloudwatch(table, name);
    let columns = || table.columns.iter().filter(|c| is_label(c));
    if let Some(column) = table.column(name)
        && is_label(column)
    {
        return Ok(Label::Column(column));
    }
    let of_pods = uid_column(table).is_some();
    if of_pods && let Some(found) = Name::parse(name) {
        return Ok(Label::Name(found));
    }
    let unknown = |message: String| QueryError::new(Code::UnknownColumn, message).at_path(path);
    if table.column(name).is_some() {
        return Err(unknown(format!(
            "'{name}' of {} is a measurement: filters and groups take identity and attribute columns",
            table.name
        )));
    }
    if Name::parse(name).is_some() {
        return Err(unknown(format!(
            "rows of {} are not about a pod: '{name}' is known of pods, containers and their logs",
            table.name
        )));
    }
    let names = Name::plain().filter(|_| of_pods);
    Err(unknown(format!("{} has no column '{name}'", table.name))
        .with_nearest(nearest(name, columns().map(|c| c.name).chain(names))))
}

fn is_label(column: &Column) -> bool {
    matches!(
        column.temporality,
        Temporality::Identity | Temporality::Attribute
    ) && !matches!(column.kind, ColumnType::Labels | ColumnType::Time)
}
