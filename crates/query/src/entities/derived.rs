//! Numbers that no row holds, in one row.

use catalogue::{Derivation, Derived, Resource, Table};

use super::columns::Columns;
use crate::metrics::derived::of_labels;
use crate::names::{Index, Requests, uid_column};

/// The number in a row.
pub(crate) fn number(
    derived: &Derived,
    table: &Table,
    columns: &Columns<'_>,
    row: usize,
    names: &Index,
) -> Option<f64> {
    let of = |resource: Resource, requests: Requests| match resource {
        Resource::Cpu => requests.cpu_cores,
        Resource::Memory => requests.memory_bytes,
    };
    let time = columns.time(row);
    match derived.from {
        Derivation::Text { column, any } => {
            let text = columns.text(column, row)?;
            Some(f64::from(u8::from(any.contains(&text))))
        }
        Derivation::Labels { column, keys, any } => {
            of_labels(columns.entries(column, row), keys, any)
        }
        Derivation::Request(resource) => {
            let uid = columns.text(uid_column(table)?, row)?;
            let requests = match table.column("container") {
                Some(container) => {
                    names.container_at(uid, columns.text(container.name, row)?, time)?
                }
                None => names.at(uid, time)?.requests,
            };
            of(resource, requests)
        }
        Derivation::NodeRequests(resource) => {
            let (cluster, node) = (columns.text("cluster", row), columns.text("node", row)?);
            let (cpu_cores, memory_bytes) = names.nodes().at(cluster, node, time)?;
            let sums = Requests {
                cpu_cores: Some(cpu_cores),
                memory_bytes: Some(memory_bytes),
            };
            of(resource, sums)
        }
    }
}
