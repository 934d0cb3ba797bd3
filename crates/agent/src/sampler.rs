//! Reads a node once a tick and gives the rows of that tick.
//!
//! One thread owns a [`Sampler`]. Between ticks it waits for [`Sampler::announcements`] to become readable and calls
//! [`Sampler::poll`], so that short-lived cgroups are read while they live:
//!
//! ```no_run
//! # fn main() -> Result<(), agent::source::SourceError> {
//! use agent::{sampler::Sampler, source::Options};
//!
//! let mut sampler = Sampler::new(Options::default())?;
//! for batch in sampler.tick(1_795_403_660_000_000) {
//!     println!("{}: {} rows", batch.table.name, batch.batch.num_rows());
//! }
//! # Ok(()) }
//! ```

mod cgroup_rows;
mod device_rows;
mod kubelet_rows;
mod node_rows;
mod report;
mod tick;

use std::time::Duration;

use catalogue::Table;
use rustix::fd::BorrowedFd;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

pub use crate::row::TableBatch;

use crate::row::{Node, Rows};
use crate::source::cgroup::classify::Kind;
use crate::source::cgroup::{Cgroups, Entity, Shared};
use crate::source::file::{Kept, Reader, Shape};
use crate::source::host::about::About;
use crate::source::host::disks::Disks;
use crate::source::host::filesystems::{Filesystems, MOUNTS, mount_table};
use crate::source::host::interfaces::Interfaces;
use crate::source::host::node::{NodeSource, network_dir};
use crate::source::kubelet::{Kubelet, Summary};
use crate::source::ledger::SourceId;
use crate::source::pod_network::PodNetworks;
use crate::source::report::Counters;
use crate::source::{Options, SourceError};
use cgroup_rows::{Capacity, ContainerRows, PodRows, advance, has_row};
use device_rows::{DiskRows, FilesystemRows, InterfaceRows, PodInterfaceRows, Traffic, Whose};
use kubelet_rows::{FilesOf, SummaryRows, VolumeRows};
use node_rows::{NodeRows, Sums};
use tick::Tick;

/// The tables that a sampler fills, in the order of its batches.
pub const TABLES: [&Table; 8] = [
    &catalogue::tables::NODE,
    &catalogue::tables::NODE_DISK,
    &catalogue::tables::NODE_FILESYSTEM,
    &catalogue::tables::NODE_NETWORK,
    &catalogue::tables::POD,
    &catalogue::tables::POD_NETWORK,
    &catalogue::tables::CONTAINER,
    &catalogue::tables::VOLUME,
];

/// Reads a node.
#[derive(Debug)]
pub struct Sampler {
    options: Options,
    whose: Whose,
    about: About,
    reader: Reader,
    node: NodeSource,
    disks: Disks,
    filesystems: Filesystems,
    interface_file: Kept,
    interfaces: Interfaces,
    interface_source: SourceId,
    interfaces_due: u64,
    cgroups: Cgroups,
    pod_networks: PodNetworks,
    node_rows: NodeRows,
    disk_rows: DiskRows,
    filesystem_rows: FilesystemRows,
    interface_rows: InterfaceRows,
    pod_rows: PodRows,
    pod_interface_rows: PodInterfaceRows,
    container_rows: ContainerRows,
    kubelet: Option<Kubelet>,
    volume_rows: VolumeRows,
    /// Where no folder of the host is seen.
    summary_rows: Option<SummaryRows>,
    /// Pods and containers of the kubelet's last answer, where there are no control groups to count them by.
    counted: (u64, u64),
    has_pressure: bool,
    counters: Counters,
    /// Rows that were dropped and of which no row tells yet.
    lost_rows: u64,
}

impl Sampler {
    /// Finds what there is to read. Raises the process' limit of open files to the most that is allowed.
    ///
    /// # Errors
    ///
    /// When the roots do not exist, the node has no name, or the catalogue does not have what the sources fill. A file
    /// that cannot be read is no error: see [`Sampler::report`].
    pub fn new(options: Options) -> Result<Sampler, SourceError> {
        for (option, what, path) in [
            ("roots.proc", "/proc", &options.roots.proc),
            ("roots.sys", "/sys", &options.roots.sys),
        ] {
            if !path.is_dir() {
                return Err(SourceError::Root {
                    option,
                    what,
                    path: path.clone(),
                });
            }
        }
        let clock = options.clock.clone();
        let mut reader = Reader::new();
        reader.ledger.set_time(clock.wall());
        let about = About::read(&options.roots, &mut reader);
        let node = options
            .node
            .clone()
            .unwrap_or_else(|| about.host_name.clone());
        if node.is_empty() {
            return Err(SourceError::NodeName);
        }
        let whose = Whose {
            cluster: options.cluster.clone(),
            node,
        };
        let proc = options.roots.proc.clone();
        let has_pressure = std::fs::read(proc.join("pressure/cpu")).is_ok();
        let pod_rows = PodRows::new()?;
        let container_rows = ContainerRows::new()?;
        let mut shared = Shared {
            options: &options,
            reader: &mut reader,
            clock: &clock,
        };
        let table = mount_table(&proc);
        let table_source = shared
            .reader
            .ledger
            .add(table.display().to_string(), MOUNTS);
        // The mounts of a container are not the node's: what they show of control groups is the container's own.
        let mounts = shared
            .reader
            .read(&table, Shape::Pieces, table_source)
            .filter(|_| options.mounted)
            .unwrap_or_default()
            .to_vec();
        let limit = raise_file_limit();
        let cgroups = Cgroups::new(
            &mut shared,
            &mounts,
            has_pressure,
            pod_rows.constants(),
            limit,
        );
        let sys_net = options.roots.sys.join("class/net/*").display().to_string();
        Ok(Sampler {
            node: NodeSource::new(&proc, has_pressure, options.mounted, shared.reader),
            disks: Disks::new(&mut shared),
            filesystems: Filesystems::new(&mut shared)?,
            interface_file: Kept::new(
                network_dir(&proc).join("dev"),
                "network of the node",
                &mut shared.reader.ledger,
            ),
            interfaces: Interfaces::default(),
            interface_source: shared
                .reader
                .ledger
                .add(sys_net, "state, speed and address of interfaces"),
            interfaces_due: 0,
            pod_networks: PodNetworks::new(&options.roots, shared.reader),
            cgroups,
            node_rows: NodeRows::new()?,
            disk_rows: DiskRows::new()?,
            filesystem_rows: FilesystemRows::new()?,
            interface_rows: InterfaceRows::new()?,
            pod_rows,
            pod_interface_rows: PodInterfaceRows::new()?,
            container_rows,
            kubelet: options
                .kubelet
                .clone()
                .map(|kubelet| Kubelet::start(kubelet, clock.clone()))
                .transpose()?,
            volume_rows: VolumeRows::new()?,
            summary_rows: (!options.mounted).then(SummaryRows::new).transpose()?,
            counted: (0, 0),
            has_pressure,
            counters: Counters::default(),
            lost_rows: 0,
            whose,
            about,
            reader,
            options,
        })
    }

    /// A descriptor that becomes readable when a cgroup came, went or emptied; then [`Sampler::poll`] is due. `None`
    /// where there is no inotify.
    pub fn announcements(&self) -> Option<BorrowedFd<'_>> {
        self.cgroups.fd()
    }

    /// Takes in what was announced: reads new cgroups for the first time and emptied ones for the last. Never blocks.
    /// Answers how long the caller may wait for announcements before it calls again, if it should at all before the
    /// next tick: young cgroups are read more often.
    pub fn poll(&mut self) -> Option<Duration> {
        let clock = self.options.clock.clone();
        self.reader.ledger.set_time(clock.wall());
        let mut shared = Shared {
            options: &self.options,
            reader: &mut self.reader,
            clock: &clock,
        };
        self.cgroups.poll(&mut shared).map(Duration::from_micros)
    }

    /// Rows of earlier ticks that had to be dropped, for the node's next row to tell of.
    pub fn lost(&mut self, rows: u64) {
        self.lost_rows += rows;
    }

    /// Reads everything and gives the rows, a batch for each table that has any. `tick_usec` is the rows' time, in
    /// microseconds since 1970.
    pub fn tick(&mut self, tick_usec: i64) -> Vec<TableBatch> {
        let clock = self.options.clock.clone();
        let tick = Tick::new(tick_usec, clock.monotonic(), clock.wall());
        self.reader.ledger.set_time(clock.wall());
        self.counters.ticks += 1;
        let news = self.kubelet.as_ref().and_then(Kubelet::news);
        if let Some(summary) = &news {
            self.volume_rows.write(summary, &tick, &self.whose);
        }
        if !self.options.mounted {
            self.tick_without_host(news.as_ref(), &tick);
            return self.finish();
        }
        let files = news.as_ref().map(FilesOf::new);
        let mut shared = Shared {
            options: &self.options,
            reader: &mut self.reader,
            clock: &clock,
        };

        self.filesystems.ask(&mut shared);
        let mut node = self.node.read(&mut shared);
        self.disks.read(&mut shared);
        read_interfaces(
            &mut self.interface_file,
            &mut self.interfaces,
            &mut self.interfaces_due,
            self.interface_source,
            &mut shared,
        );
        self.cgroups.read_all(&mut shared);
        let mut ended = self.cgroups.take_ended();
        self.cgroups.identify_ended(&mut ended, &mut shared);
        self.pod_networks
            .read(&mut self.cgroups, &ended, &mut shared);
        self.filesystems.collect(&mut shared);
        let answered = clock.monotonic();

        let (pods, containers) = self.cgroups.running();
        node.values.set(Node::PodsRunning, pods);
        node.values.set(Node::ContainersRunning, containers);
        let capacity = Capacity {
            cores: node.cores,
            memory: node.values.get(Node::MemoryTotal),
        };
        let (disks, r1) =
            self.disk_rows
                .write(&mut self.disks, self.options.partitions, &tick, &self.whose);
        let (traffic, r2) = self
            .interface_rows
            .write(&mut self.interfaces, &tick, &self.whose);
        let sums = Sums {
            disks,
            traffic,
            cgroup_version: self.cgroups.hierarchy.version.word(),
            lost_rows: std::mem::take(&mut self.lost_rows),
        };
        let r3 = self
            .node_rows
            .write(&node, &self.about, &sums, &tick, &self.whose);
        self.filesystem_rows
            .write(&self.filesystems, answered, &tick, &self.whose);
        self.counters.counter_resets += r1 + r2 + r3;
        self.write_cgroups(capacity, files.as_ref(), &tick, &ended);
        self.finish()
    }

    /// A tick of an agent that sees no folder of the host: the node's CPU, memory and disks are in any container's
    /// `/proc`; the rest is what the kubelet answered, where it did since the last tick.
    fn tick_without_host(&mut self, news: Option<&Summary>, tick: &Tick) {
        let clock = self.options.clock.clone();
        let mut shared = Shared {
            options: &self.options,
            reader: &mut self.reader,
            clock: &clock,
        };
        let mut node = self.node.read(&mut shared);
        self.disks.read(&mut shared);
        if let (Some(summary), Some(rows)) = (news, &mut self.summary_rows) {
            let capacity = (node.cores, node.values.get(Node::MemoryTotal));
            let (pods, containers, resets) = rows.write(summary, capacity, tick, &self.whose);
            self.counted = (pods, containers);
            self.counters.counter_resets += resets;
        }
        if self.counted != (0, 0) {
            node.values.set(Node::PodsRunning, self.counted.0);
            node.values.set(Node::ContainersRunning, self.counted.1);
        }
        let (disks, r1) =
            self.disk_rows
                .write(&mut self.disks, self.options.partitions, tick, &self.whose);
        let sums = Sums {
            disks,
            traffic: Traffic::default(),
            cgroup_version: None,
            lost_rows: std::mem::take(&mut self.lost_rows),
        };
        let r2 = self
            .node_rows
            .write(&node, &self.about, &sums, tick, &self.whose);
        self.counters.counter_resets += r1 + r2;
    }

    fn write_cgroups(
        &mut self,
        capacity: Capacity,
        files: Option<&FilesOf>,
        tick: &Tick,
        ended: &[Entity],
    ) {
        for at in 0..self.cgroups.order().len() {
            let index = self.cgroups.order()[at];
            let Some(entity) = self.cgroups.get(index) else {
                continue;
            };
            let first = entity.base.is_none();
            let row = has_row(entity, tick);
            if row {
                self.counters.counter_resets +=
                    self.write_cgroup(index, None, files, capacity, tick);
            }
            // The first reading is what the next is subtracted from, row or not.
            if (row || first)
                && let Some(entity) = self.cgroups.get_mut(index)
            {
                advance(entity);
            }
        }
        for entity in ended {
            if has_row(entity, tick) {
                self.counters.counter_resets +=
                    self.write_cgroup(0, Some(entity), None, capacity, tick);
            }
            if let Kind::Pod { uid, .. } = &entity.class.kind {
                self.pod_networks.forget(uid);
            }
        }
    }

    /// Writes one cgroup's row: of a living one by its index, or of one that ended.
    fn write_cgroup(
        &mut self,
        index: usize,
        ended: Option<&Entity>,
        files: Option<&FilesOf>,
        capacity: Capacity,
        tick: &Tick,
    ) -> u64 {
        let Some(entity) = ended.or_else(|| self.cgroups.get(index)) else {
            return 0;
        };
        let Kind::Pod { uid, .. } = &entity.class.kind else {
            let of = files.and_then(|files| {
                files.container(entity.pod_uid(), entity.identity.container.as_deref())
            });
            return self
                .container_rows
                .write(entity, of, capacity, tick, &self.whose);
        };
        let mut traffic = Traffic::default();
        let mut resets = 0;
        if ended.is_none() {
            let names = (
                entity.identity.namespace.as_deref(),
                entity.identity.pod.as_deref(),
            );
            (traffic, resets) = self.pod_interface_rows.write(
                &mut self.pod_networks,
                uid,
                names,
                tick,
                &self.whose,
            );
        }
        let network = self.pod_networks.pods.get(uid.as_str());
        let of = files.and_then(|files| files.pod(uid));
        let rows = &mut self.pod_rows;
        resets + rows.write(entity, (network, &traffic), of, capacity, tick, &self.whose)
    }

    fn finish(&mut self) -> Vec<TableBatch> {
        let of_kubelet = self.summary_rows.iter_mut().flat_map(SummaryRows::all);
        let all: [&mut Rows; TABLES.len()] = [
            &mut self.node_rows.rows,
            &mut self.disk_rows.rows,
            &mut self.filesystem_rows.rows,
            &mut self.interface_rows.rows,
            &mut self.pod_rows.rows,
            &mut self.pod_interface_rows.rows,
            &mut self.container_rows.rows,
            &mut self.volume_rows.rows,
        ];
        let mut batches = Vec::with_capacity(all.len());
        for rows in all.into_iter().chain(of_kubelet) {
            self.counters.rows += rows.len() as u64;
            match rows.finish() {
                Ok(batch) => batches.extend(batch),
                Err(error) => {
                    self.counters.failed_batches += 1;
                    tracing::error!(%error, "rows of a tick were lost");
                }
            }
        }
        batches
    }
}

fn read_interfaces(
    file: &mut Kept,
    interfaces: &mut Interfaces,
    due: &mut u64,
    source: SourceId,
    shared: &mut Shared<'_>,
) {
    let at = shared.clock.monotonic();
    let options = shared.options;
    let Some(bytes) = file.read(shared.reader) else {
        interfaces.list.clear();
        return;
    };
    let new = interfaces.update(bytes, at, options.max_devices, |name| {
        options.veth || !name.starts_with("veth")
    });
    let slow = new || at >= *due;
    if slow {
        *due = at.saturating_add(options.devices_usec);
    }
    interfaces.look_up(&options.roots.sys, slow, shared.reader, source);
}

/// Raises the limit of open files as far as it may be; answers it.
fn raise_file_limit() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        // It may be forbidden; then the old one stands, and fewer files are kept open.
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit {
                current: limit.maximum,
                maximum: limit.maximum,
            },
        );
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
