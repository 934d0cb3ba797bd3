//! The resolved structs, one a role.

mod agent;
mod server;
mod up;

use std::path::PathBuf;

pub use agent::{
    AgentConfig, CloudWatchConfig, HostConfig, KubeletConfig, LogConfig, SpoolConfig, TlsConfig,
};
pub use server::{
    DiskConfig, HotConfig, IngestConfig, LogsConfig, NamespaceRetention, ObjectStoreConfig,
    QueryConfig, RetentionConfig, ServerConfig, WalConfig,
};
pub use up::UpConfig;

use crate::key::Role;
use crate::keys;
use crate::resolve::{Missing, Values};

/// The folder under which everything is kept.
fn data(values: &mut Values<'_>) -> Result<PathBuf, Missing> {
    let key = &keys::DATA;
    match (values.role, values.machine.data_home.clone()) {
        (Role::Up, Some(home)) => values.derived(
            key,
            home.join("kansoku").display().to_string(),
            "the XDG data folder",
        ),
        (Role::Up, None) if values.typed(key).is_none() => Err(values.fault(
            key,
            "there is no home folder to put it into; set it".to_owned(),
        )),
        _ => values.derived(key, "/var/lib/kansoku".to_owned(), "default"),
    }
}

/// What is logged.
fn log(values: &mut Values<'_>) -> Result<String, Missing> {
    values.get(&keys::LOG)
}

/// Looks at every key before the first that cannot be had stops the rest.
macro_rules! resolve_all {
    ($values:ident; $($name:ident = $value:expr;)*) => {
        $(let $name = $value;)*
        $(let $name = $name?;)*
    };
}
use resolve_all;
