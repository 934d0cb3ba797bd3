//! Rows of the kubelet's answers: volumes always; pods, containers, interfaces and file systems where no folder of the
//! host is seen, so that nothing else tells of them.
//!
//! The kubelet measures when it likes and says when that was. An increase is taken over the time between its own two
//! moments; a measurement that it gives out a second time has no second row.

use std::collections::HashMap;

use catalogue::tables;

use super::device_rows::Whose;
use super::node_rows::traffic_columns;
use super::tick::Tick;
use crate::row::{
    Baseline, Cgroup, CgroupReading, ColumnId, Columns, Files, FilesReading, Filesystem,
    FilesystemReading, Interface, InterfaceReading, Measure, Place, Rows, Volume, VolumeReading,
    When, increase,
};
use crate::source::SourceError;
use crate::source::host::interfaces::{SUMMED, is_counted};
use crate::source::kubelet::{
    ContainerStats, CpuStats, FsStats, InterfaceStats, MemoryStats, NetworkStats, PodStats,
    Summary, moment,
};

/// The table of volumes.
#[derive(Debug)]
pub(crate) struct VolumeRows {
    pub(crate) rows: Rows,
    place: Place,
    columns: Columns,
    of_pod: OfPod,
    volume: ColumnId,
    claim: ColumnId,
    /// When the last answer was written, by the monotonic clock.
    read_at: Option<u64>,
}

/// Which pod a row is about.
#[derive(Debug)]
struct OfPod {
    namespace: ColumnId,
    pod: ColumnId,
    uid: ColumnId,
}

impl OfPod {
    fn resolve(rows: &Rows) -> Result<OfPod, SourceError> {
        Ok(OfPod {
            namespace: rows.column("namespace")?,
            pod: rows.column("pod")?,
            uid: rows.column("pod_uid")?,
        })
    }

    fn write(&self, rows: &mut Rows, pod: &PodStats) {
        rows.text(self.namespace, Some(&pod.pod_ref.namespace));
        rows.text(self.pod, Some(&pod.pod_ref.name));
        rows.text(self.uid, Some(&pod.pod_ref.uid));
    }
}

impl VolumeRows {
    pub(crate) fn new() -> Result<VolumeRows, SourceError> {
        let rows = Rows::of(&tables::VOLUME);
        Ok(VolumeRows {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Volume>(&rows)?,
            of_pod: OfPod::resolve(&rows)?,
            volume: rows.column("volume")?,
            claim: rows.column("volume_claim")?,
            read_at: None,
            rows,
        })
    }

    /// Writes a row a volume.
    pub(crate) fn write(&mut self, summary: &Summary, tick: &Tick, whose: &Whose) {
        let when = tick.when(tick.started, self.read_at.replace(tick.started));
        for pod in &summary.pods {
            for volume in &pod.volumes {
                self.place
                    .write(&mut self.rows, when, whose.cluster.as_deref(), &whose.node);
                self.of_pod.write(&mut self.rows, pod);
                self.rows.text(self.volume, Some(&volume.name));
                let claim = volume.pvc_ref.as_ref().map(|claim| claim.name.as_str());
                self.rows.text(self.claim, claim);
                let none: Option<&Baseline<Volume, { Volume::COLUMNS.len() }>> = None;
                self.columns
                    .write(&mut self.rows, &volume_reading(&volume.fs), none);
                self.rows.end_row();
            }
        }
    }
}

fn volume_reading(fs: &FsStats) -> VolumeReading {
    let mut reading = VolumeReading::empty();
    for (measure, value) in [
        (Volume::Capacity, fs.capacity_bytes),
        (Volume::Available, fs.available_bytes),
        (Volume::Used, fs.used_bytes),
        (Volume::Inodes, fs.inodes),
        (Volume::InodesFree, fs.inodes_free),
        (Volume::InodesUsed, fs.inodes_used),
    ] {
        reading.set(measure, value);
    }
    reading
}

/// What an answer says of files, for the rows that control groups give.
#[derive(Debug, Default)]
pub(crate) struct FilesOf {
    containers: HashMap<(String, String), FilesReading>,
    pods: HashMap<String, FilesReading>,
}

impl FilesOf {
    /// All of an answer.
    pub(crate) fn new(summary: &Summary) -> FilesOf {
        let mut files = FilesOf::default();
        for pod in &summary.pods {
            let uid = &pod.pod_ref.uid;
            files.pods.insert(uid.clone(), pod_files(pod));
            for container in &pod.containers {
                let key = (uid.clone(), container.name.clone());
                files.containers.insert(key, container_files(container));
            }
        }
        files
    }

    /// A container's, by its pod's uid and its name.
    pub(crate) fn container(&self, uid: Option<&str>, name: Option<&str>) -> Option<&FilesReading> {
        self.containers.get(&(uid?.to_owned(), name?.to_owned()))
    }

    /// A pod's.
    pub(crate) fn pod(&self, uid: &str) -> Option<&FilesReading> {
        self.pods.get(uid)
    }
}

fn container_files(container: &ContainerStats) -> FilesReading {
    let mut reading = FilesReading::empty();
    if let Some(fs) = &container.rootfs {
        for (measure, value) in [
            (Files::RootfsUsed, fs.used_bytes),
            (Files::RootfsAvailable, fs.available_bytes),
            (Files::RootfsCapacity, fs.capacity_bytes),
            (Files::RootfsInodesUsed, fs.inodes_used),
            (Files::RootfsInodesFree, fs.inodes_free),
            (Files::RootfsInodes, fs.inodes),
        ] {
            reading.set(measure, value);
        }
    }
    if let Some(logs) = &container.logs {
        reading.set(Files::LogsUsed, logs.used_bytes);
        reading.set(Files::LogsInodesUsed, logs.inodes_used);
    }
    reading
}

fn pod_files(pod: &PodStats) -> FilesReading {
    let mut reading = FilesReading::empty();
    if let Some(fs) = &pod.ephemeral_storage {
        reading.set(Files::EphemeralUsed, fs.used_bytes);
        reading.set(Files::EphemeralAvailable, fs.available_bytes);
        reading.set(Files::EphemeralCapacity, fs.capacity_bytes);
        reading.set(Files::EphemeralInodesUsed, fs.inodes_used);
    }
    reading
}

/// Tables that control groups, mounts and interfaces of the host fill where those are seen.
#[derive(Debug)]
pub(crate) struct SummaryRows {
    pods: Table,
    containers: Table,
    container: ColumnId,
    container_id: ColumnId,
    kind: ColumnId,
    host_network: ColumnId,
    running: ColumnId,
    traffic: [ColumnId; SUMMED.len()],
    pod_interfaces: Interfaces,
    interface_of: OfPod,
    node_interfaces: Interfaces,
    counted: ColumnId,
    filesystems: Rows,
    filesystem_place: Place,
    filesystem_columns: Columns,
    mountpoint: ColumnId,
    read_at: Option<u64>,
    /// What the next answer is subtracted from, by the entity's key.
    bases: HashMap<String, Base<Cgroup, { Cgroup::COLUMNS.len() }>>,
    links: HashMap<String, Base<Interface, { Interface::COLUMNS.len() }>>,
    /// The number of the answer: what was not in the last one is forgotten.
    round: u64,
}

/// An earlier measurement.
#[derive(Debug)]
struct Base<M: Measure, const N: usize> {
    reading: Baseline<M, N>,
    /// When the kubelet took it, in microseconds since 1970.
    taken: i64,
    /// When the container started: with another start it is another one.
    start: Option<String>,
    round: u64,
}

/// Rows of pods or containers.
#[derive(Debug)]
struct Table {
    rows: Rows,
    place: Place,
    columns: Columns,
    files: Columns,
    of_pod: OfPod,
    cores: ColumnId,
    memory: ColumnId,
}

impl Table {
    fn new(table: &'static catalogue::Table) -> Result<Table, SourceError> {
        let rows = Rows::of(table);
        Ok(Table {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Cgroup>(&rows)?,
            files: Columns::resolve::<Files>(&rows)?,
            of_pod: OfPod::resolve(&rows)?,
            cores: rows.column("node_cpu_cores")?,
            memory: rows.column("node_memory_total_bytes")?,
            rows,
        })
    }
}

/// Rows of interfaces.
#[derive(Debug)]
struct Interfaces {
    rows: Rows,
    place: Place,
    columns: Columns,
    name: ColumnId,
}

impl Interfaces {
    fn new(table: &'static catalogue::Table) -> Result<Interfaces, SourceError> {
        let rows = Rows::of(table);
        Ok(Interfaces {
            place: Place::resolve(&rows)?,
            columns: Columns::resolve::<Interface>(&rows)?,
            name: rows.column("interface")?,
            rows,
        })
    }
}

/// A measurement that has a row: what is subtracted from it, and over which time.
struct Step<M: Measure, const N: usize> {
    before: Option<Baseline<M, N>>,
    interval: Option<u64>,
}

/// Takes a measurement into the bases; `None` when it is one that was there already.
fn step<M: Measure, const N: usize>(
    bases: &mut HashMap<String, Base<M, N>>,
    key: String,
    now: &crate::row::Reading<M, N>,
    taken: i64,
    start: Option<&String>,
    round: u64,
) -> Option<Step<M, N>> {
    let base = bases.get(&key).filter(|base| base.start.as_ref() == start);
    if let Some(base) = base
        && base.taken == taken
    {
        if let Some(base) = bases.get_mut(&key) {
            base.round = round;
        }
        return None;
    }
    let step = Step {
        before: base.map(|base| base.reading),
        interval: base.and_then(|base| u64::try_from(taken.checked_sub(base.taken)?).ok()),
    };
    let mut reading = step.before;
    Baseline::advance(&mut reading, now, 0);
    if let Some(reading) = reading {
        bases.insert(
            key,
            Base {
                reading,
                taken,
                start: start.cloned(),
                round,
            },
        );
    }
    Some(step)
}

impl SummaryRows {
    pub(crate) fn new() -> Result<SummaryRows, SourceError> {
        let pods = Table::new(&tables::POD)?;
        let containers = Table::new(&tables::CONTAINER)?;
        let pod_interfaces = Interfaces::new(&tables::POD_NETWORK)?;
        let node_interfaces = Interfaces::new(&tables::NODE_NETWORK)?;
        let filesystems = Rows::of(&tables::NODE_FILESYSTEM);
        Ok(SummaryRows {
            container: containers.rows.column("container")?,
            container_id: containers.rows.column("container_id")?,
            kind: containers.rows.column("container_kind")?,
            host_network: pods.rows.column("host_network")?,
            running: pods.rows.column("containers_running")?,
            traffic: traffic_columns(&pods.rows)?,
            interface_of: OfPod::resolve(&pod_interfaces.rows)?,
            pod_interfaces,
            counted: node_interfaces.rows.column("interface_counted")?,
            filesystem_place: Place::resolve(&filesystems)?,
            filesystem_columns: Columns::resolve::<Filesystem>(&filesystems)?,
            mountpoint: filesystems.column("mountpoint")?,
            filesystems,
            node_interfaces,
            pods,
            containers,
            read_at: None,
            bases: HashMap::new(),
            links: HashMap::new(),
            round: 0,
        })
    }

    /// The rows, for their batches.
    pub(crate) fn all(&mut self) -> [&mut Rows; 5] {
        [
            &mut self.pods.rows,
            &mut self.containers.rows,
            &mut self.pod_interfaces.rows,
            &mut self.node_interfaces.rows,
            &mut self.filesystems,
        ]
    }

    /// Writes the rows of an answer; answers how many pods and containers it has, and counters that went back.
    pub(crate) fn write(
        &mut self,
        summary: &Summary,
        (cores, memory): (Option<u64>, Option<u64>),
        tick: &Tick,
        whose: &Whose,
    ) -> (u64, u64, u64) {
        self.round += 1;
        let mut resets = 0;
        let node = summary.node.network.as_ref();
        let mut containers = 0;
        for pod in &summary.pods {
            containers += pod.containers.len() as u64;
            let host = pod.network.as_ref().map(|network| is_nodes(network, node));
            let own = pod.network.as_ref().filter(|_| host == Some(false));
            let traffic = own.map(|network| self.pod_network(pod, network, tick, whose));
            resets += self.pod(pod, host, traffic, (cores, memory), tick, whose);
            for container in &pod.containers {
                resets += self.container(pod, container, (cores, memory), tick, whose);
            }
        }
        if let Some(network) = node {
            self.node_network(network, tick, whose);
        }
        self.node_filesystems(summary, tick, whose);
        let round = self.round;
        self.bases.retain(|_, base| base.round == round);
        self.links.retain(|_, base| base.round == round);
        (summary.pods.len() as u64, containers, resets)
    }

    fn pod(
        &mut self,
        pod: &PodStats,
        host: Option<bool>,
        traffic: Option<[Option<u64>; SUMMED.len()]>,
        capacity: (Option<u64>, Option<u64>),
        tick: &Tick,
        whose: &Whose,
    ) -> u64 {
        let (now, taken) = reading(pod.cpu.as_ref(), pod.memory.as_ref());
        let Some(taken) = taken else { return 0 };
        let key = pod.pod_ref.uid.clone();
        let Some(step) = step(&mut self.bases, key, &now, taken, None, self.round) else {
            return 0;
        };
        let resets = begin(&mut self.pods, pod, &now, &step, capacity, tick, whose);
        let rows = &mut self.pods.rows;
        let none: Option<&Baseline<Files, { Files::COLUMNS.len() }>> = None;
        self.pods.files.write(rows, &pod_files(pod), none);
        rows.flag(self.host_network, host);
        rows.integer(self.running, Some(pod.containers.len() as u64));
        for (column, sum) in self.traffic.into_iter().zip(traffic.unwrap_or_default()) {
            rows.integer(column, sum);
        }
        rows.end_row();
        resets
    }

    fn container(
        &mut self,
        pod: &PodStats,
        container: &ContainerStats,
        capacity: (Option<u64>, Option<u64>),
        tick: &Tick,
        whose: &Whose,
    ) -> u64 {
        let (now, taken) = reading(container.cpu.as_ref(), container.memory.as_ref());
        let Some(taken) = taken else { return 0 };
        // The kubelet does not say the runtime's id.
        let id = format!("{}/{}", pod.pod_ref.uid, container.name);
        let start = container.start_time.as_ref();
        let Some(step) = step(&mut self.bases, id.clone(), &now, taken, start, self.round) else {
            return 0;
        };
        let table = &mut self.containers;
        let resets = begin(table, pod, &now, &step, capacity, tick, whose);
        let none: Option<&Baseline<Files, { Files::COLUMNS.len() }>> = None;
        table
            .files
            .write(&mut table.rows, &container_files(container), none);
        let rows = &mut table.rows;
        rows.text(self.container, Some(&container.name));
        rows.text(self.container_id, Some(&id));
        rows.text(self.kind, Some("container"));
        rows.end_row();
        resets
    }

    /// Rows of a pod's interfaces; the sums over them.
    fn pod_network(
        &mut self,
        pod: &PodStats,
        network: &NetworkStats,
        tick: &Tick,
        whose: &Whose,
    ) -> [Option<u64>; SUMMED.len()] {
        let mut sums = [None; SUMMED.len()];
        let Some(taken) = network.time.as_deref().and_then(moment) else {
            return sums;
        };
        let table = &mut self.pod_interfaces;
        for interface in &network.interfaces {
            let now = interface_reading(interface);
            let key = format!("{}/{}", pod.pod_ref.uid, interface.name);
            let Some(step) = step(&mut self.links, key, &now, taken, None, self.round) else {
                continue;
            };
            for (sum, measure) in sums.iter_mut().zip(SUMMED) {
                let before = step.before.and_then(|base| base.reading.get(measure));
                if let Some(more) = increase(now.get(measure), before) {
                    *sum = Some(sum.unwrap_or(0).saturating_add(more));
                }
            }
            let when = of(tick, step.interval);
            table
                .place
                .write(&mut table.rows, when, whose.cluster.as_deref(), &whose.node);
            self.interface_of.write(&mut table.rows, pod);
            table.rows.text(table.name, Some(&interface.name));
            table
                .columns
                .write(&mut table.rows, &now, step.before.as_ref());
            table.rows.end_row();
        }
        sums
    }

    fn node_network(&mut self, network: &NetworkStats, tick: &Tick, whose: &Whose) {
        let Some(taken) = network.time.as_deref().and_then(moment) else {
            return;
        };
        let table = &mut self.node_interfaces;
        for interface in &network.interfaces {
            let now = interface_reading(interface);
            let key = format!("/{}", interface.name);
            let Some(step) = step(&mut self.links, key, &now, taken, None, self.round) else {
                continue;
            };
            let when = of(tick, step.interval);
            table
                .place
                .write(&mut table.rows, when, whose.cluster.as_deref(), &whose.node);
            table.rows.text(table.name, Some(&interface.name));
            table
                .rows
                .flag(self.counted, Some(is_counted(&interface.name)));
            table
                .columns
                .write(&mut table.rows, &now, step.before.as_ref());
            table.rows.end_row();
        }
    }

    /// The two file systems that the kubelet watches, under its own names for them.
    fn node_filesystems(&mut self, summary: &Summary, tick: &Tick, whose: &Whose) {
        let when = tick.when(tick.started, self.read_at.replace(tick.started));
        let image = summary
            .node
            .runtime
            .as_ref()
            .and_then(|r| r.image_fs.as_ref());
        let node = summary.node.fs.as_ref();
        // Mostly they are the same one.
        let image = image.filter(|image| {
            node.is_none_or(|node| {
                (node.capacity_bytes, node.inodes) != (image.capacity_bytes, image.inodes)
            })
        });
        for (name, fs) in [("nodefs", node), ("imagefs", image)] {
            let Some(fs) = fs else { continue };
            let mut now = FilesystemReading::empty();
            now.set(Filesystem::Size, fs.capacity_bytes);
            now.set(Filesystem::Available, fs.available_bytes);
            now.set(Filesystem::Inodes, fs.inodes);
            now.set(Filesystem::InodesFree, fs.inodes_free);
            let rows = &mut self.filesystems;
            self.filesystem_place
                .write(rows, when, whose.cluster.as_deref(), &whose.node);
            rows.text(self.mountpoint, Some(name));
            let none: Option<&Baseline<Filesystem, { Filesystem::COLUMNS.len() }>> = None;
            self.filesystem_columns.write(rows, &now, none);
            rows.end_row();
        }
    }
}

/// Begins a row of a pod or a container with what both have; answers counters that went back.
fn begin(
    table: &mut Table,
    pod: &PodStats,
    now: &CgroupReading,
    step: &Step<Cgroup, { Cgroup::COLUMNS.len() }>,
    (cores, memory): (Option<u64>, Option<u64>),
    tick: &Tick,
    whose: &Whose,
) -> u64 {
    let rows = &mut table.rows;
    let when = of(tick, step.interval);
    table
        .place
        .write(rows, when, whose.cluster.as_deref(), &whose.node);
    table.of_pod.write(rows, pod);
    rows.float(table.cores, cores.map(|n| n as f64));
    rows.integer(table.memory, memory);
    table.columns.write(rows, now, step.before.as_ref())
}

/// The moment of a row that the kubelet measured some time before.
fn of(tick: &Tick, interval: Option<u64>) -> When {
    When {
        tick: tick.time,
        interval,
        delay: None,
    }
}

/// What was measured of a pod or container, and when.
fn reading(cpu: Option<&CpuStats>, memory: Option<&MemoryStats>) -> (CgroupReading, Option<i64>) {
    let mut now = CgroupReading::empty();
    let usage = cpu.and_then(|cpu| cpu.usage_core_nano_seconds);
    now.set(Cgroup::CpuUsage, usage.map(|nanos| nanos / 1000));
    if let Some(memory) = memory {
        now.set(Cgroup::MemoryUsage, memory.usage_bytes);
        now.set(Cgroup::MemoryWorkingSet, memory.working_set_bytes);
        now.set(Cgroup::MemoryAnon, memory.rss_bytes);
        now.set(Cgroup::MemoryPageFaults, memory.page_faults);
        now.set(Cgroup::MemoryMajorPageFaults, memory.major_page_faults);
        // Free below the limit is the limit less the working set.
        let limit = memory
            .available_bytes
            .zip(memory.working_set_bytes)
            .map(|(free, used)| free.saturating_add(used));
        now.set(Cgroup::MemoryLimit, limit);
    }
    let taken = cpu.and_then(|cpu| cpu.time.as_deref()).and_then(moment);
    (now, taken)
}

fn interface_reading(interface: &InterfaceStats) -> InterfaceReading {
    let mut now = InterfaceReading::empty();
    now.set(Interface::RxBytes, interface.rx_bytes);
    now.set(Interface::RxErrors, interface.rx_errors);
    now.set(Interface::TxBytes, interface.tx_bytes);
    now.set(Interface::TxErrors, interface.tx_errors);
    now
}

/// Whether a pod's interfaces are the node's: it is in the node's network then. They have the same names, and the first
/// has counted the same up to what came between two readings.
fn is_nodes(pod: &NetworkStats, node: Option<&NetworkStats>) -> bool {
    let Some(node) = node else { return false };
    let same = |one: &InterfaceStats| {
        node.interfaces.iter().any(|other| {
            let (Some(a), Some(b)) = (one.rx_bytes, other.rx_bytes) else {
                return false;
            };
            other.name == one.name && a.abs_diff(b) <= b / 50
        })
    };
    !pod.interfaces.is_empty() && pod.interfaces.iter().all(same)
}
