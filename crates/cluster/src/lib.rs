//! The Kubernetes API as rows of the catalogue's tables `identity`, `object` and `event`.
//!
//! - [`connect`] makes a client from the pod's service account or a kubeconfig.
//! - [`Cluster::start`] watches fifteen resources. What pods are and belong to is written when it changes, the state of
//!   every object each interval, every event once for each time that it is repeated.
//! - Where it is asked for, the API server's own metrics are read beside them (`control_plane`).
//! - [`check`] says before an installation what a cluster lacks for it.
//! - [`Told`] makes the same rows of objects that are handed to it, without an API server.
//! - A resource that may not be read, or is not served, is left out and told of in [`ClusterStatus`]; the rest goes on.
//!
//! The world (`world.rs`) has neither clock nor network: changes go in, rows come out. Objects are read into structures
//! that hold the fields in use and no others (`api.rs`).

mod api;
pub mod check;
mod connect;
mod control_plane;
mod event;
mod front_proxy;
mod identity;
mod kind;
mod moment;
mod object;
mod quantity;
mod resources;
mod run;
mod status;
#[cfg(test)]
mod testing;
mod told;
mod watch;
mod world;

pub use connect::{ConnectError, Connection, connect, connect_with_authorities, in_cluster};
pub use control_plane::PATH as CONTROL_PLANE_PATH;
pub use front_proxy::{
    FrontProxyCallers, FrontProxyCallersError, PATH as FRONT_PROXY_PATH, front_proxy,
};
pub use kind::Kind;
pub use kube::Client;
pub use run::{Before, Cluster, Settings};
pub use status::{ClusterStatus, Watch, WatchState};
pub use told::{Told, ToldError};
pub use watch::Pace;
pub use wire::rows::{RowError, TableBatch};
pub use world::Known;

use wire::rows;
