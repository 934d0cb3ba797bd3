//! Rows of a node's agent, as a real agent would fill them.

mod devices;
mod group;
mod log;
mod node;

use catalogue::tables;
use wire::rows::{RowError, Rows, TableBatch};

use crate::state::Simulation;

/// Tables that a node's agent fills, under construction.
#[derive(Debug)]
pub(crate) struct NodeRows {
    node: Rows,
    pod: Rows,
    container: Rows,
    pod_network: Rows,
    disk: Rows,
    filesystem: Rows,
    network: Rows,
    volume: Rows,
    log: Rows,
    ledger: Rows,
}

impl NodeRows {
    pub(crate) fn new() -> NodeRows {
        NodeRows {
            node: Rows::of(&tables::NODE),
            pod: Rows::of(&tables::POD),
            container: Rows::of(&tables::CONTAINER),
            pod_network: Rows::of(&tables::POD_NETWORK),
            disk: Rows::of(&tables::NODE_DISK),
            filesystem: Rows::of(&tables::NODE_FILESYSTEM),
            network: Rows::of(&tables::NODE_NETWORK),
            volume: Rows::of(&tables::VOLUME),
            log: Rows::of(&tables::LOG),
            ledger: Rows::of(&tables::LOG_LEDGER),
        }
    }

    /// The measurements since the last call.
    pub(crate) fn take_measurements(&mut self) -> Result<Vec<TableBatch>, RowError> {
        taken([
            &mut self.node,
            &mut self.pod,
            &mut self.container,
            &mut self.pod_network,
            &mut self.disk,
            &mut self.filesystem,
            &mut self.network,
            &mut self.volume,
        ])
    }

    /// The log lines, and what the ledger says of them, since the last call.
    pub(crate) fn take_logs(&mut self) -> Result<Vec<TableBatch>, RowError> {
        taken([&mut self.log, &mut self.ledger])
    }
}

fn taken<const N: usize>(tables: [&mut Rows; N]) -> Result<Vec<TableBatch>, RowError> {
    let batches = tables.map(Rows::take);
    batches.into_iter().filter_map(Result::transpose).collect()
}

/// What every row of a node begins with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) tick: i64,
    pub(crate) cluster: &'a str,
    pub(crate) node: &'a str,
}

/// What every node runs.
pub(crate) const KERNEL: &str = "6.8.0-48-generic";
pub(crate) const SYSTEM: &str = "Ubuntu 24.04.1 LTS";

/// From a tick to the reading, in microseconds.
const READ_DELAY: i64 = 1_850;

impl Place<'_> {
    fn begin(&self, rows: &mut Rows, interval: Option<i64>) {
        rows.time("time", Some(self.tick));
        rows.integer("interval_usec", interval);
        rows.integer("read_delay_usec", Some(READ_DELAY));
        rows.text("cluster", Some(self.cluster));
        rows.text("node", Some(self.node));
    }
}

/// Writes every node's rows of a tick.
pub(crate) fn write(sim: &mut Simulation, tick: i64, since: i64) {
    let Simulation {
        cluster,
        nodes,
        rows,
        pods,
        gone,
        workloads,
        random,
        ..
    } = sim;
    let count = nodes.len();
    for (index, (node, rows)) in nodes.iter_mut().zip(rows).enumerate() {
        let name = node.name.clone();
        let place = Place {
            tick,
            cluster,
            node: &name,
        };
        let ids: Vec<_> = node.pods.iter().copied().collect();
        let capacity = group::Capacity {
            cores: f64::from(node.cores),
            memory: node.memory_bytes,
        };
        let mut sums = node::Sums::default();
        for id in ids {
            let Some(pod) = pods.get_mut(&id) else {
                continue;
            };
            sums.add(pod);
            log::write(rows, node, pod, place, since, workloads, random);
            group::write(rows, pod, place, capacity);
            devices::volumes(&mut rows.volume, pod, place, workloads, since);
        }
        for pod in gone.iter_mut().filter(|p| p.node == Some(index)) {
            log::write(rows, node, pod, place, since, workloads, random);
            group::write(rows, pod, place, capacity);
        }
        log::write_kernel(rows, node, place, since);
        node::write(rows, node, place, &sums, (index, count), random);
    }
    gone.clear();
}
