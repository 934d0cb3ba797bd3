//! On a real Kubernetes, with Kansoku installed by the repository's own manifests.
//!
//! Skipped, and said so, where no cluster is built; `KANSOKU_TEST_CLUSTER=1` builds one. One at a time, since there is one
//! installation, which each test brings to what it needs.
#![allow(clippy::unwrap_used)]

mod alarms;
mod api_server;
mod cloudwatch;
mod container_insights;
mod control_plane;
mod figures;
mod inventory;
mod killed;
mod metrics_api;
mod names;
mod page;
mod rungs;
mod trouble;
