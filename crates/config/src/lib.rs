//! Configuration: what was typed, what it means, and every fault at once.
//!
//! [`keys::ALL`] declares every key once: its path in the file, its kind, unit, default, bounds and words. From that
//! table come the reading of the file, the environment and the command line ([`source`]), the resolved structs of each
//! role ([`AgentConfig`], [`ServerConfig`], [`UpConfig`]), the page of the guide ([`render_reference`]) and what
//! `config print` shows ([`Loaded::print`]).
//!
//! A later source overrides an earlier one: default, the CloudWatch agent's file, our file, environment, command line.
//! Resolving does no I/O: [`source::Sources`] holds what was read, [`Machine`] what is known of the machine.

mod fault;
mod key;
pub mod keys;
mod loaded;
mod nearest;
mod reference;
mod resolve;
mod role;
pub mod source;
mod value;

pub use fault::{Fault, Faults, Origin};
pub use key::{Default, Key, Kind, Role};
pub use loaded::{Loaded, Shown};
pub use reference::render_reference;
pub use resolve::{load_agent, load_server, load_up};
pub use role::{
    AgentConfig, AlarmsConfig, CloudWatchConfig, DemoConfig, DiskConfig, HostConfig, HotConfig,
    IngestConfig, KubeletConfig, KubernetesApi, KubernetesConfig, LogConfig, LogsConfig,
    MetricsApiConfig, NamespaceRetention, ObjectStoreConfig, QueryConfig, RetentionConfig,
    ServerConfig, SpoolConfig, TlsConfig, UpConfig, WalConfig,
};
pub use source::{Machine, Sources};
pub use value::{HttpUrl, Secret, Share, Size, Span};
