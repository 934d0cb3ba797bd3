//! The answer: what is used of it, as the kubelet's `stats/v1alpha1` has it. Pure.

use serde::Deserialize;

/// The whole answer.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub(crate) struct Summary {
    /// The node.
    #[serde(default)]
    pub(crate) node: NodeStats,
    /// Its pods.
    #[serde(default)]
    pub(crate) pods: Vec<PodStats>,
}

/// The node.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NodeStats {
    /// Its interfaces, pods' ends left out.
    pub(crate) network: Option<NetworkStats>,
    /// The file system that has the kubelet's folder.
    pub(crate) fs: Option<FsStats>,
    /// The runtime.
    pub(crate) runtime: Option<RuntimeStats>,
}

/// The runtime.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct RuntimeStats {
    /// The file system that has the images.
    pub(crate) image_fs: Option<FsStats>,
}

/// A pod.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct PodStats {
    /// Which.
    #[serde(rename = "podRef")]
    pub(crate) pod_ref: PodRef,
    /// Its containers.
    pub(crate) containers: Vec<ContainerStats>,
    /// CPU time.
    pub(crate) cpu: Option<CpuStats>,
    /// Memory.
    pub(crate) memory: Option<MemoryStats>,
    /// Its interfaces; those of the node, where it is in the node's network.
    pub(crate) network: Option<NetworkStats>,
    /// Its volumes.
    #[serde(rename = "volume")]
    pub(crate) volumes: Vec<VolumeStats>,
    /// Writable layers, logs and volumes that go with the pod, together.
    pub(crate) ephemeral_storage: Option<FsStats>,
}

/// A pod's names.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct PodRef {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) uid: String,
}

/// A container.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ContainerStats {
    pub(crate) name: String,
    /// When it started, in the words of RFC 3339: another one is another container.
    pub(crate) start_time: Option<String>,
    pub(crate) cpu: Option<CpuStats>,
    pub(crate) memory: Option<MemoryStats>,
    /// Its writable layer.
    pub(crate) rootfs: Option<FsStats>,
    /// Its log files.
    pub(crate) logs: Option<FsStats>,
}

/// CPU time.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct CpuStats {
    /// When it was measured.
    pub(crate) time: Option<String>,
    /// Since the start, in nanoseconds.
    pub(crate) usage_core_nano_seconds: Option<u64>,
}

/// Memory.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct MemoryStats {
    /// Free below the limit; absent without one.
    pub(crate) available_bytes: Option<u64>,
    pub(crate) usage_bytes: Option<u64>,
    pub(crate) working_set_bytes: Option<u64>,
    pub(crate) rss_bytes: Option<u64>,
    pub(crate) page_faults: Option<u64>,
    pub(crate) major_page_faults: Option<u64>,
}

/// Interfaces.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NetworkStats {
    /// When they were measured.
    pub(crate) time: Option<String>,
    pub(crate) interfaces: Vec<InterfaceStats>,
}

/// One interface.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct InterfaceStats {
    pub(crate) name: String,
    pub(crate) rx_bytes: Option<u64>,
    pub(crate) rx_errors: Option<u64>,
    pub(crate) tx_bytes: Option<u64>,
    pub(crate) tx_errors: Option<u64>,
}

/// A file system, or a part of one.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct FsStats {
    /// Free, of the whole file system.
    pub(crate) available_bytes: Option<u64>,
    /// Its size.
    pub(crate) capacity_bytes: Option<u64>,
    /// What this part uses; of the node's, what all use.
    pub(crate) used_bytes: Option<u64>,
    pub(crate) inodes_free: Option<u64>,
    pub(crate) inodes: Option<u64>,
    pub(crate) inodes_used: Option<u64>,
}

/// A volume.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct VolumeStats {
    /// Its name in the pod.
    pub(crate) name: String,
    /// The claim behind it.
    pub(crate) pvc_ref: Option<PvcRef>,
    #[serde(flatten)]
    pub(crate) fs: FsStats,
}

/// A claim.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct PvcRef {
    pub(crate) name: String,
}

impl Summary {
    /// Reads the JSON.
    ///
    /// # Errors
    /// What is no such object. Members that are not known are passed over, members that are missing are absent.
    pub(crate) fn parse(json: &[u8]) -> Result<Summary, serde_json::Error> {
        serde_json::from_slice(json)
    }
}

/// The moment of an RFC 3339 text in UTC, in microseconds since 1970: what the kubelet writes.
pub(crate) fn moment(text: &str) -> Option<i64> {
    let (date, rest) = text.split_once('T')?;
    let rest = rest.strip_suffix('Z')?;
    let (clock, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let mut clock = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if !(1970..10_000).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let days = crate::calendar::days(year, month, day);
    let micros = match fraction {
        "" => 0,
        digits => {
            let six: String = digits.chars().chain("000000".chars()).take(6).collect();
            six.parse::<i64>().ok()?
        }
    };
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000_000 + micros)
}
