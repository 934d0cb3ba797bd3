//! Rows of pods, containers and units.

use catalogue::tables;

use super::device_rows::{Traffic, Whose};
use super::node_rows::traffic_columns;
use super::tick::Tick;
use crate::row::{
    Baseline, Cgroup, CgroupReading, ColumnId, Columns, Files, FilesReading, Lifetime, Measure,
    Place, Receipt, Rows, increase,
};
use crate::source::SourceError;
use crate::source::cgroup::classify::{Kind, Qos, Runtime};
use crate::source::cgroup::{Entity, shown};
use crate::source::host::interfaces::SUMMED;
use crate::source::pod_network::PodNetwork;

/// The node's capacities, which every row of a cgroup repeats.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Capacity {
    /// Logical processors.
    pub(crate) cores: Option<u64>,
    /// Memory in bytes.
    pub(crate) memory: Option<u64>,
}

/// What both tables of cgroups have.
#[derive(Debug)]
struct Common {
    place: Place,
    columns: Columns,
    files: Columns,
    lifetime: Lifetime,
    cores: ColumnId,
    memory: ColumnId,
    namespace: ColumnId,
    pod: ColumnId,
    pod_uid: ColumnId,
    cgroup_path: ColumnId,
}

impl Common {
    fn resolve(rows: &Rows) -> Result<Common, SourceError> {
        Ok(Common {
            place: Place::resolve(rows)?,
            columns: Columns::resolve::<Cgroup>(rows)?,
            files: Columns::resolve::<Files>(rows)?,
            lifetime: Lifetime::resolve(rows)?,
            cores: rows.column("node_cpu_cores")?,
            memory: rows.column("node_memory_total_bytes")?,
            namespace: rows.column("namespace")?,
            pod: rows.column("pod")?,
            pod_uid: rows.column("pod_uid")?,
            cgroup_path: rows.column("cgroup_path")?,
        })
    }

    /// Everything but what tells a pod from a container. Answers counters that went back.
    fn write(
        &self,
        rows: &mut Rows,
        entity: &Entity,
        files: Option<&FilesReading>,
        capacity: Capacity,
        tick: &Tick,
        whose: &Whose,
    ) -> u64 {
        let now = entity
            .now
            .as_ref()
            .map(shown)
            .unwrap_or(CgroupReading::empty());
        // The end of one that has not been read since its last row adds nothing but the receipt.
        let base = entity.base.as_ref().filter(|_| entity.unreported);
        self.place.write(
            rows,
            tick.when(entity.read_at, base.map(|b| b.at)),
            whose.cluster.as_deref(),
            &whose.node,
        );
        rows.float(self.cores, capacity.cores.map(|n| n as f64));
        rows.integer(self.memory, capacity.memory);
        rows.text(self.namespace, entity.identity.namespace.as_deref());
        rows.text(self.pod, entity.identity.pod.as_deref());
        rows.text(self.pod_uid, entity.pod_uid());
        rows.text(self.cgroup_path, Some(&entity.path));
        self.lifetime.started(rows, entity.started);
        if let Some(files) = files.filter(|_| entity.ended.is_none()) {
            let none: Option<&Baseline<Files, { Files::COLUMNS.len() }>> = None;
            self.files.write(rows, files, none);
        }
        let mut resets = 0;
        if entity.unreported || entity.ended.is_none() {
            resets = self.columns.write(rows, &now, base);
        }
        if entity.ended.is_some() {
            let receipt = Receipt {
                lifetime: entity.lifetime(),
                highest_usage: entity.highest_usage,
            };
            self.lifetime.receipt(rows, &now, receipt);
        }
        resets
    }
}

/// The table of pods.
#[derive(Debug)]
pub(crate) struct PodRows {
    pub(crate) rows: Rows,
    common: Common,
    qos: ColumnId,
    host_network: ColumnId,
    traffic: [ColumnId; SUMMED.len()],
    lifetime_rx: ColumnId,
    lifetime_tx: ColumnId,
}

impl PodRows {
    pub(crate) fn new() -> Result<PodRows, SourceError> {
        let rows = Rows::of(&tables::POD);
        Ok(PodRows {
            common: Common::resolve(&rows)?,
            qos: rows.column("qos_class")?,
            host_network: rows.column("host_network")?,
            traffic: traffic_columns(&rows)?,
            lifetime_rx: rows.column("lifetime_network_rx_bytes")?,
            lifetime_tx: rows.column("lifetime_network_tx_bytes")?,
            rows,
        })
    }

    /// The measures that need not be read each time.
    pub(crate) fn constants(&self) -> u128 {
        self.common.columns.constants()
    }

    /// Writes a pod's row; answers counters that went back.
    pub(crate) fn write(
        &mut self,
        entity: &Entity,
        (network, traffic): (Option<&PodNetwork>, &Traffic),
        files: Option<&FilesReading>,
        capacity: Capacity,
        tick: &Tick,
        whose: &Whose,
    ) -> u64 {
        let Kind::Pod { qos, .. } = &entity.class.kind else {
            return 0;
        };
        let rows = &mut self.rows;
        let resets = self
            .common
            .write(rows, entity, files, capacity, tick, whose);
        rows.text(self.qos, qos.map(Qos::word));
        rows.flag(self.host_network, network.and_then(|n| n.is_host));
        for (column, sum) in self.traffic.into_iter().zip(traffic) {
            rows.integer(column, *sum);
        }
        if entity.ended.is_some()
            && let Some(network) = network.filter(|n| n.is_host == Some(false))
        {
            let (rx, tx) = network.interfaces.lifetime();
            rows.integer(self.lifetime_rx, Some(rx));
            rows.integer(self.lifetime_tx, Some(tx));
        }
        rows.end_row();
        resets
    }
}

/// The table of containers and units.
#[derive(Debug)]
pub(crate) struct ContainerRows {
    pub(crate) rows: Rows,
    common: Common,
    container: ColumnId,
    container_id: ColumnId,
    kind: ColumnId,
    runtime: ColumnId,
}

impl ContainerRows {
    pub(crate) fn new() -> Result<ContainerRows, SourceError> {
        let rows = Rows::of(&tables::CONTAINER);
        Ok(ContainerRows {
            common: Common::resolve(&rows)?,
            container: rows.column("container")?,
            container_id: rows.column("container_id")?,
            kind: rows.column("container_kind")?,
            runtime: rows.column("runtime")?,
            rows,
        })
    }

    /// Writes a container's or unit's row; answers counters that went back.
    pub(crate) fn write(
        &mut self,
        entity: &Entity,
        files: Option<&FilesReading>,
        capacity: Capacity,
        tick: &Tick,
        whose: &Whose,
    ) -> u64 {
        let kind = match &entity.class.kind {
            Kind::Container { .. } if entity.identity.sandbox => "sandbox",
            Kind::Container { .. } => "container",
            Kind::Unit => "unit",
            Kind::Scope => "scope",
            Kind::Slice => "slice",
            Kind::Pod { .. } | Kind::Inner => return 0,
        };
        let id = match &entity.class.kind {
            Kind::Container { id, .. } => id.as_str(),
            _ => &entity.path,
        };
        let rows = &mut self.rows;
        let resets = self
            .common
            .write(rows, entity, files, capacity, tick, whose);
        rows.text(self.container, entity.identity.container.as_deref());
        rows.text(self.container_id, Some(id));
        rows.text(self.kind, Some(kind));
        rows.text(self.runtime, entity.runtime().map(Runtime::word));
        rows.end_row();
        resets
    }
}

/// Whether a cgroup has a row now: pods and containers always; units when there is something in them.
pub(crate) fn has_row(entity: &Entity, tick: &Tick) -> bool {
    let Some(now) = &entity.now else { return false };
    let is_pod_or_container =
        matches!(entity.class.kind, Kind::Pod { .. } | Kind::Container { .. });
    if entity.ended.is_none() {
        // Not read in this tick, or going away tree by tree: what it did meanwhile is in the next row.
        if entity.read_at < tick.started || entity.ending > 0 {
            return false;
        }
    }
    let before = entity.base.and_then(|b| b.reading.get(Cgroup::CpuUsage));
    is_pod_or_container
        || entity.has_process() == Some(true)
        || now.get(Cgroup::MemoryUsage).is_some_and(|m| m > 0)
        || increase(now.get(Cgroup::CpuUsage), before).is_some_and(|i| i > 0)
}

/// Makes what was read the base of the next row.
pub(crate) fn advance(entity: &mut Entity) {
    if let Some(now) = entity.now {
        Baseline::advance(&mut entity.base, &now, entity.read_at);
        entity.unreported = false;
    }
}
