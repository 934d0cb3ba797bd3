//! The node's row.

use catalogue::tables;

use super::device_rows::{DISK_SUMS, Traffic, Whose};
use super::tick::Tick;
use crate::row::Interface;
use crate::row::{Baseline, ColumnId, Columns, Measure, Node, Place, Rows};
use crate::source::SourceError;
use crate::source::host::about::About;
use crate::source::host::interfaces::SUMMED;
use crate::source::host::node::NodeNow;

/// What goes into a node's row besides its own files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sums {
    /// Increases over disks, in the order of [`DISK_SUMS`].
    pub(crate) disks: [Option<u64>; DISK_SUMS.len()],
    /// Increases over counted interfaces.
    pub(crate) traffic: Traffic,
    /// Layout of control groups.
    pub(crate) cgroup_version: Option<&'static str>,
    /// Rows that the agent had to drop since the last tick.
    pub(crate) lost_rows: u64,
}

/// The table of nodes.
#[derive(Debug)]
pub(crate) struct NodeRows {
    pub(crate) rows: Rows,
    place: Place,
    columns: Columns,
    texts: [ColumnId; 9],
    boot_time: ColumnId,
    cores: ColumnId,
    load: [ColumnId; 3],
    disks: [ColumnId; DISK_SUMS.len()],
    traffic: [ColumnId; SUMMED.len()],
    lost_rows: ColumnId,
    base: Option<Baseline<Node, { Node::COLUMNS.len() }>>,
    boot_id: Option<String>,
}

/// The columns of sums over interfaces, in a table that has them.
pub(crate) fn traffic_columns(rows: &Rows) -> Result<[ColumnId; SUMMED.len()], SourceError> {
    let mut columns = [rows.column("time")?; SUMMED.len()];
    for (column, measure) in columns.iter_mut().zip(SUMMED) {
        *column = rows.column(Interface::COLUMNS[measure.index()])?;
    }
    Ok(columns)
}

impl NodeRows {
    pub(crate) fn new() -> Result<NodeRows, SourceError> {
        let rows = Rows::of(&tables::NODE);
        let mut texts = [rows.column("time")?; 9];
        for (column, name) in texts.iter_mut().zip([
            "boot_id",
            "machine_id",
            "instance_id",
            "instance_type",
            "kernel_version",
            "os_image",
            "architecture",
            "cgroup_version",
            "agent_version",
        ]) {
            *column = rows.column(name)?;
        }
        Ok(NodeRows {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Node>(&rows)?,
            texts,
            boot_time: rows.column("boot_time")?,
            cores: rows.column("node_cpu_cores")?,
            load: [
                rows.column("load_1m")?,
                rows.column("load_5m")?,
                rows.column("load_15m")?,
            ],
            disks: [
                rows.column("io_read_bytes")?,
                rows.column("io_write_bytes")?,
                rows.column("io_reads")?,
                rows.column("io_writes")?,
            ],
            traffic: traffic_columns(&rows)?,
            lost_rows: rows.column("agent_lost_rows")?,
            base: None,
            boot_id: None,
            rows,
        })
    }

    /// Writes the node's row; answers counters that went back.
    pub(crate) fn write(
        &mut self,
        now: &NodeNow,
        about: &About,
        sums: &Sums,
        tick: &Tick,
        whose: &Whose,
    ) -> u64 {
        // A restored machine goes on with a new boot: nothing is to be subtracted from the old one.
        if self.boot_id != about.boot_id {
            self.boot_id.clone_from(&about.boot_id);
            self.base = None;
        }
        let rows = &mut self.rows;
        let when = tick.when(now.at, self.base.map(|b| b.at));
        self.place
            .write(rows, when, whose.cluster.as_deref(), &whose.node);
        for (column, text) in self.texts.into_iter().zip([
            about.boot_id.as_deref(),
            about.machine_id.as_deref(),
            about.instance_id.as_deref(),
            about.instance_type.as_deref(),
            Some(about.kernel.as_str()),
            about.os_image.as_deref(),
            Some(about.architecture.as_str()),
            sums.cgroup_version,
            Some(env!("CARGO_PKG_VERSION")),
        ]) {
            rows.text(column, text);
        }
        let boot_time = now
            .boot_time
            .and_then(|s| i64::try_from(s).ok())
            .and_then(|s| s.checked_mul(1_000_000));
        rows.time(self.boot_time, boot_time);
        rows.float(self.cores, now.cores.map(|n| n as f64));
        for (column, load) in self.load.into_iter().zip(now.load) {
            rows.float(column, load);
        }
        for (column, sum) in self.disks.into_iter().zip(sums.disks) {
            rows.integer(column, sum);
        }
        for (column, sum) in self.traffic.into_iter().zip(sums.traffic) {
            rows.integer(column, sum);
        }
        rows.integer(self.lost_rows, Some(sums.lost_rows));
        let resets = self.columns.write(rows, &now.values, self.base.as_ref());
        rows.end_row();
        Baseline::advance(&mut self.base, &now.values, now.at);
        resets
    }
}
