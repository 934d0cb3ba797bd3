//! Objects of the Kubernetes API, with the fields that are used and no others, so that memory stays small.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde::{Deserialize, Deserializer};

/// Names to values: labels, resources.
pub(crate) type Pairs = BTreeMap<String, String>;

/// A moment in microseconds since 1970, from RFC 3339. One that is not a time is absent.
fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text
        .and_then(|text| DateTime::parse_from_rfc3339(&text).ok())
        .map(|time| time.timestamp_micros()))
}

/// A list or map that may be null.
fn or_empty<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    from: D,
) -> Result<T, D::Error> {
    Option::<T>::deserialize(from).map(Option::unwrap_or_default)
}

/// Resources whose quantities may be written as bare numbers.
fn quantities<'de, D: Deserializer<'de>>(from: D) -> Result<Pairs, D::Error> {
    let map = Option::<BTreeMap<String, serde_json::Value>>::deserialize(from)?;
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(map
        .unwrap_or_default()
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect())
}

/// A number, or how many there are: a job counts its active pods, a cron job lists its active jobs.
fn count<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(match Option::<serde_json::Value>::deserialize(from)? {
        Some(serde_json::Value::Array(items)) => i64::try_from(items.len()).ok(),
        Some(other) => other.as_i64(),
        None => None,
    })
}

/// `metadata`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Meta {
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) uid: String,
    pub(crate) resource_version: Option<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) labels: Pairs,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) annotations: Pairs,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) owner_references: Vec<Owner>,
    #[serde(deserialize_with = "moment")]
    pub(crate) creation_timestamp: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) deletion_timestamp: Option<i64>,
    pub(crate) generation: Option<i64>,
}

impl Meta {
    /// The controlling owner.
    pub(crate) fn owner(&self) -> Option<&Owner> {
        self.owner_references.iter().find(|o| o.controller)
    }
}

/// Of `metadata.ownerReferences`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Owner {
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) controller: bool,
}

/// Of `status.conditions`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Condition {
    pub(crate) r#type: String,
    pub(crate) status: String,
    pub(crate) reason: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub(crate) last_transition_time: Option<i64>,
}

/// A pod.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Pod {
    pub(crate) metadata: Meta,
    pub(crate) spec: PodSpec,
    pub(crate) status: PodStatus,
}

/// Its `spec`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodSpec {
    pub(crate) node_name: Option<String>,
    pub(crate) priority_class_name: Option<String>,
    pub(crate) service_account_name: Option<String>,
    pub(crate) host_network: bool,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) containers: Vec<Container>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) init_containers: Vec<Container>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) ephemeral_containers: Vec<Container>,
    #[serde(deserialize_with = "quantities")]
    pub(crate) overhead: Pairs,
    pub(crate) resources: Resources,
}

/// Of `spec.containers` and its like.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: Option<String>,
    pub(crate) resources: Resources,
    pub(crate) restart_policy: Option<String>,
}

/// `resources`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Resources {
    #[serde(deserialize_with = "quantities")]
    pub(crate) requests: Pairs,
    #[serde(deserialize_with = "quantities")]
    pub(crate) limits: Pairs,
}

/// A pod's `status`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PodStatus {
    pub(crate) phase: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) qos_class: Option<String>,
    #[serde(rename = "podIP")]
    pub(crate) pod_ip: Option<String>,
    #[serde(rename = "hostIP")]
    pub(crate) host_ip: Option<String>,
    #[serde(deserialize_with = "moment")]
    pub(crate) start_time: Option<i64>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) conditions: Vec<Condition>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) container_statuses: Vec<ContainerStatus>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) init_container_statuses: Vec<ContainerStatus>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) ephemeral_container_statuses: Vec<ContainerStatus>,
}

impl PodStatus {
    /// The status of a container of any kind.
    pub(crate) fn container(&self, name: &str) -> Option<&ContainerStatus> {
        self.container_statuses
            .iter()
            .chain(&self.init_container_statuses)
            .chain(&self.ephemeral_container_statuses)
            .find(|status| status.name == name)
    }
}

/// Of `status.containerStatuses` and its like.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ContainerStatus {
    pub(crate) name: String,
    pub(crate) ready: bool,
    pub(crate) restart_count: i64,
    #[serde(rename = "containerID")]
    pub(crate) container_id: Option<String>,
    #[serde(rename = "imageID")]
    pub(crate) image_id: Option<String>,
    pub(crate) state: ContainerState,
    pub(crate) last_state: ContainerState,
}

/// What a container is doing.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct ContainerState {
    pub(crate) running: Option<StateDetail>,
    pub(crate) waiting: Option<StateDetail>,
    pub(crate) terminated: Option<StateDetail>,
}

/// Since when, until when and why.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StateDetail {
    pub(crate) reason: Option<String>,
    pub(crate) exit_code: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) started_at: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) finished_at: Option<i64>,
}

/// An endpoint slice.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Slice {
    pub(crate) metadata: Meta,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) endpoints: Vec<Endpoint>,
}

/// The label with the service that a slice belongs to.
const SERVICE_NAME: &str = "kubernetes.io/service-name";

impl Slice {
    /// The name of its service.
    pub(crate) fn service(&self) -> Option<&str> {
        self.metadata.labels.get(SERVICE_NAME).map(String::as_str)
    }

    /// The uids of the pods in it.
    pub(crate) fn pods(&self) -> impl Iterator<Item = &str> {
        let targets = self.endpoints.iter().filter_map(|e| e.target_ref.as_ref());
        targets.filter(|t| t.kind == "Pod").map(|t| t.uid.as_str())
    }
}

/// Of a slice's `endpoints`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Endpoint {
    #[serde(deserialize_with = "or_empty")]
    pub(crate) addresses: Vec<String>,
    pub(crate) conditions: EndpointConditions,
    pub(crate) target_ref: Option<Reference>,
}

/// Whether it is ready; not written means yes.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct EndpointConditions {
    pub(crate) ready: Option<bool>,
}

/// One object's word for another.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Reference {
    pub(crate) kind: String,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) field_path: Option<String>,
}

/// An event.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Event {
    pub(crate) metadata: Meta,
    pub(crate) involved_object: Reference,
    pub(crate) r#type: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) reporting_component: Option<String>,
    pub(crate) source: EventSource,
    pub(crate) count: Option<i64>,
    pub(crate) series: Option<Series>,
    #[serde(deserialize_with = "moment")]
    pub(crate) event_time: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) first_timestamp: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) last_timestamp: Option<i64>,
}

/// Who reported an event.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct EventSource {
    pub(crate) component: Option<String>,
    pub(crate) host: Option<String>,
}

/// An event's repetitions.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Series {
    pub(crate) count: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) last_observed_time: Option<i64>,
}

/// An object of any other kind: the fields of all of them, of which each has some.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Thing {
    pub(crate) metadata: Meta,
    pub(crate) spec: Spec,
    pub(crate) status: Status,
}

/// `spec`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Spec {
    pub(crate) replicas: Option<i64>,
    pub(crate) paused: Option<bool>,
    pub(crate) suspend: Option<bool>,
    pub(crate) completions: Option<i64>,
    pub(crate) parallelism: Option<i64>,
    pub(crate) schedule: Option<String>,
    pub(crate) r#type: Option<String>,
    pub(crate) unschedulable: bool,
    #[serde(rename = "providerID")]
    pub(crate) provider_id: Option<String>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) taints: Vec<Taint>,
    pub(crate) storage_class_name: Option<String>,
    pub(crate) volume_name: Option<String>,
    pub(crate) claim_ref: Option<Reference>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) access_modes: Vec<String>,
    pub(crate) resources: Resources,
    #[serde(deserialize_with = "quantities")]
    pub(crate) capacity: Pairs,
}

/// Of a node's `spec.taints`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Taint {
    pub(crate) key: String,
    pub(crate) value: Option<String>,
    pub(crate) effect: String,
}

/// `status`
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Status {
    pub(crate) phase: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) observed_generation: Option<i64>,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) conditions: Vec<Condition>,
    pub(crate) replicas: Option<i64>,
    pub(crate) ready_replicas: Option<i64>,
    pub(crate) available_replicas: Option<i64>,
    pub(crate) unavailable_replicas: Option<i64>,
    pub(crate) updated_replicas: Option<i64>,
    pub(crate) desired_number_scheduled: Option<i64>,
    pub(crate) current_number_scheduled: Option<i64>,
    pub(crate) number_ready: Option<i64>,
    pub(crate) number_available: Option<i64>,
    pub(crate) number_unavailable: Option<i64>,
    pub(crate) updated_number_scheduled: Option<i64>,
    pub(crate) number_misscheduled: Option<i64>,
    pub(crate) current_revision: Option<String>,
    pub(crate) update_revision: Option<String>,
    #[serde(deserialize_with = "count")]
    pub(crate) active: Option<i64>,
    pub(crate) succeeded: Option<i64>,
    pub(crate) failed: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) start_time: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) completion_time: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) last_schedule_time: Option<i64>,
    #[serde(deserialize_with = "moment")]
    pub(crate) last_successful_time: Option<i64>,
    #[serde(deserialize_with = "quantities")]
    pub(crate) capacity: Pairs,
    #[serde(deserialize_with = "quantities")]
    pub(crate) allocatable: Pairs,
    #[serde(deserialize_with = "or_empty")]
    pub(crate) addresses: Vec<Address>,
    #[serde(deserialize_with = "quantities")]
    pub(crate) node_info: Pairs,
}

/// Of a node's `status.addresses`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Address {
    pub(crate) r#type: String,
    pub(crate) address: String,
}
