//! The resolved structs, one a role.

mod agent;
mod server;
mod up;

use std::path::PathBuf;

pub use agent::{
    AgentConfig, CloudWatchConfig, HostConfig, KubeletConfig, LogConfig, SpoolConfig, TlsConfig,
};
pub use server::{
    AlarmsConfig, DiskConfig, HotConfig, IngestConfig, KubernetesApi, KubernetesConfig, LogsConfig,
    MetricsApiConfig, NamespaceRetention, ObjectStoreConfig, QueryConfig, RetentionConfig,
    ServerConfig, WalConfig,
};
pub use up::{DemoConfig, UpConfig};

use crate::key::{Key, Role};
use crate::keys;
use crate::resolve::{Missing, Values};

/// The folder under which everything is kept.
fn data(values: &mut Values<'_>) -> Result<PathBuf, Missing> {
    let key = &keys::DATA;
    match (values.role, values.machine.data_home.clone()) {
        (Role::Up, Some(home)) => {
            // The rows of a demo are never among those of this machine.
            let folder = match values.get(&keys::DEMO_ENABLED)? {
                true => "kansoku-demo",
                false => "kansoku",
            };
            let folder = home.join(folder).display().to_string();
            values.derived(key, folder, "the XDG data folder")
        }
        (Role::Up, None) if values.typed(key).is_none() => Err(values.fault(
            key,
            "there is no home folder to put it into; set it".to_owned(),
        )),
        _ => values.derived(key, "/var/lib/kansoku".to_owned(), "default"),
    }
}

/// The cluster's name, where one is known.
fn cluster(values: &mut Values<'_>) -> Result<Option<String>, Missing> {
    let key = &keys::CLUSTER;
    let name: Option<String> = match (values.role, values.machine.hostname.as_str()) {
        (Role::Up, hostname) if !hostname.is_empty() => {
            Some(values.derived(key, hostname.to_owned(), "the host's name")?)
        }
        _ => match values.variable(&["K8S_CLUSTER_NAME"]) {
            Some((_, name)) => {
                Some(values.derived(key, name, "environment variable K8S_CLUSTER_NAME")?)
            }
            None => values.optional(key)?,
        },
    };
    match name {
        // CloudWatch's bound; a longer one could not be a dimension there.
        Some(name) if name.trim().is_empty() || name.len() > 512 => {
            Err(values.fault(key, "must have 1 to 512 characters".to_owned()))
        }
        name => Ok(name),
    }
}

/// What is logged.
fn log(values: &mut Values<'_>) -> Result<String, Missing> {
    values.get(&keys::LOG)
}

/// The files of a certificate and of its private key: both or neither.
fn identity(
    values: &mut Values<'_>,
    cert: &'static Key,
    key: &'static Key,
) -> Result<Option<(PathBuf, PathBuf)>, Missing> {
    let files = (values.optional(cert), values.optional(key));
    match (files.0?, files.1?) {
        (Some(cert), Some(key)) => Ok(Some((cert, key))),
        (None, None) => Ok(None),
        (Some(_), None) => Err(values.fault(cert, format!("needs {} beside it", key.path))),
        (None, Some(_)) => Err(values.fault(key, format!("needs {} beside it", cert.path))),
    }
}

/// Looks at every key before the first that cannot be had stops the rest.
macro_rules! resolve_all {
    ($values:ident; $($name:ident = $value:expr;)*) => {
        $(let $name = $value;)*
        $(let $name = $name?;)*
    };
}
use resolve_all;
