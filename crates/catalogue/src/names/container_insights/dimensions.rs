//! The dimension sets that metrics are published under. Names in a set are sorted.

use crate::metric::DimensionSet;

const C: DimensionSet = &["ClusterName"];
const N: DimensionSet = &["ClusterName", "InstanceId", "NodeName"];
const NS: DimensionSet = &["ClusterName", "Namespace"];
const S: DimensionSet = &["ClusterName", "Namespace", "Service"];
const P: DimensionSet = &["ClusterName", "Namespace", "PodName"];
const FP: DimensionSet = &["ClusterName", "FullPodName", "Namespace", "PodName"];
const K: DimensionSet = &["ClusterName", "ContainerName", "Namespace", "PodName"];
const FK: DimensionSet = &[
    "ClusterName",
    "ContainerName",
    "FullPodName",
    "Namespace",
    "PodName",
];

/// A field of the log event only.
pub(super) const NONE: &[DimensionSet] = &[];
pub(super) const CLUSTER: &[DimensionSet] = &[C];
pub(super) const NODE: &[DimensionSet] = &[N, C];
pub(super) const NAMESPACE: &[DimensionSet] = &[NS, C];
pub(super) const SERVICE: &[DimensionSet] = &[S, C];
pub(super) const WORKLOAD: &[DimensionSet] = &[P, C];
pub(super) const WORKLOAD_ALONE: &[DimensionSet] = &[P];
/// Utilizations and traffic of pods, standard mode.
pub(super) const POD_WIDE: &[DimensionSet] = &[P, S, NS, C];
/// The same in the enhanced mode.
pub(super) const POD_WIDE_FULL: &[DimensionSet] = &[P, S, NS, C, FP];
/// Most pod metrics of the enhanced mode.
pub(super) const POD: &[DimensionSet] = &[P, C, FP, S];
pub(super) const POD_INTERFACE: &[DimensionSet] = &[FP, P, NS, C];
pub(super) const CONTAINER: &[DimensionSet] = &[K, FK, C];
pub(super) const CLAIM: &[DimensionSet] = &[
    C,
    NS,
    &["ClusterName", "Namespace", "PersistentVolumeClaimName"],
];

macro_rules! control_plane {
    ($($(#[$doc:meta])* $set:ident: $($name:literal)*;)*) => {
        $($(#[$doc])* pub(super) const $set: &[DimensionSet] = &[&[$($name),*], C];)*
    };
}

control_plane! {
    BY_ENDPOINT: "ClusterName" "endpoint";
    BY_RESOURCE: "ClusterName" "resource";
    BY_VERB: "ClusterName" "verb";
    BY_CODE_VERB: "ClusterName" "code" "verb";
    BY_OPERATION: "ClusterName" "operation";
    BY_CODE_METHOD: "ClusterName" "code" "method";
    BY_REQUEST_KIND: "ClusterName" "request_kind";
    BY_NAME: "ClusterName" "name";
    BY_GROUP: "ClusterName" "group";
    BY_REASON: "ClusterName" "reason";
    BY_PRIORITY_LEVEL: "ClusterName" "priority_level";
}

/// Parts of a container: GPUs, Neuron cores, EFA interfaces; the part's own dimensions come on top.
pub(super) const CONTAINER_PART: &[DimensionSet] = &[C, K, FK];
pub(super) const POD_PART: &[DimensionSet] = &[C, NS, S, P, FP];
pub(super) const NODE_PART: &[DimensionSet] = &[C, N];
pub(super) const NODE_VOLUME: &[DimensionSet] =
    &[C, N, &["ClusterName", "InstanceId", "NodeName", "VolumeId"]];
