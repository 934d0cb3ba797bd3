//! The Kubernetes API inside the server: which one is watched, and its rows on their way into the store.

use std::sync::Arc;
use std::time::Duration;

use cluster::{
    Before, CONTROL_PLANE_PATH, Cluster, ClusterStatus, Connection, Pace, Settings, WatchState,
    connect, in_cluster,
};
use config::{KubernetesApi, ServerConfig};
use server::OwnSource;
use store::Store;
use tokio::sync::mpsc::channel;
use tokio::task::JoinHandle;

use super::before::before;
use super::rows::write;
use crate::exit::Failure;

/// Batches that wait for the store: identities and events wait beyond it, states of objects are dropped and counted.
const WAITING: usize = 4;

/// How often the API server's own metrics are read: as often as the CloudWatch agent does.
const CONTROL_PLANE: Duration = Duration::from_secs(60);

/// The running watches, and what writes their rows.
pub(super) struct Watching {
    cluster: Cluster,
    writing: JoinHandle<()>,
}

impl Watching {
    /// Starts them; `None` when there is nothing to watch.
    pub(super) async fn start(
        config: &ServerConfig,
        store: Arc<Store>,
    ) -> Result<Option<Watching>, Failure> {
        let Some(connection) = connection(&config.kubernetes.api) else {
            return Ok(None);
        };
        let Some(name) = config.cluster.clone() else {
            let needed = "cluster: must be set for the Kubernetes API to be watched: cluster = \"…\" in the file, \
                          KANSOKU_CLUSTER in the environment, or --cluster on the command line";
            if config.kubernetes.api == KubernetesApi::Auto {
                tracing::warn!("the Kubernetes API is not watched. {needed}");
                return Ok(None);
            }
            return Err(Failure::usage(needed));
        };
        let client = connect(&connection)
            .await
            .map_err(|error| Failure::usage(format!("server.kubernetes.api: {error}")))?;
        let settings = Settings {
            cluster: name,
            interval: config.kubernetes.interval.duration(),
            annotations: config.kubernetes.annotations.clone(),
            control_plane: config.kubernetes.control_plane.then_some(CONTROL_PLANE),
            pace: Pace::default(),
        };
        let known: Before = before(Arc::clone(&store), &settings.cluster).await;
        let (sender, rows) = channel(WAITING);
        tracing::info!(
            cluster = settings.cluster,
            ?connection,
            "watching the Kubernetes API"
        );
        let cluster = Cluster::start(&client, settings, known, sender);
        Ok(Some(Watching {
            cluster,
            writing: tokio::spawn(write("the cluster", store, rows)),
        }))
    }

    /// Tells how the watches are doing while they run elsewhere.
    pub(super) fn status_reader(&self) -> impl Fn() -> ClusterStatus + Send + Sync + 'static {
        self.cluster.status_reader()
    }

    /// Ends the watches and writes what they have told.
    pub(super) async fn stop(self) {
        self.cluster.stop().await;
        if let Err(error) = self.writing.await {
            tracing::error!(%error, "rows about the cluster were not written in order");
        }
    }
}

/// Which API server, and as whom.
pub(super) fn connection(api: &KubernetesApi) -> Option<Connection> {
    match api {
        KubernetesApi::Off => None,
        KubernetesApi::Auto if !in_cluster() => None,
        KubernetesApi::Auto | KubernetesApi::InCluster => Some(Connection::InCluster),
        KubernetesApi::Kubeconfig(path) => Some(Connection::Kubeconfig(path.clone())),
    }
}

/// How each watch is doing, in the words in which sources are told of.
pub(super) fn sources(status: &ClusterStatus) -> Vec<OwnSource> {
    let watches = status.watches.iter();
    let watches = watches.map(|(kind, watch)| (kind.path(), kind.feeds(), watch));
    let control_plane = status.control_plane.iter().map(|watch| {
        let feeds = "the control plane's metrics";
        (CONTROL_PLANE_PATH.to_owned(), feeds, watch)
    });
    watches
        .chain(control_plane)
        .map(|(path, feeds, watch)| {
            let right = match &watch.state {
                WatchState::Forbidden(right) => Some(right.clone()),
                _ => None,
            };
            OwnSource {
                path,
                feeds,
                state: match watch.state {
                    WatchState::Starting => "untried",
                    WatchState::Watching => "ok",
                    WatchState::NotServed => "absent",
                    WatchState::Forbidden(_) | WatchState::Failing(_) => "unreadable",
                },
                reason: match &watch.state {
                    WatchState::Starting | WatchState::Watching => None,
                    WatchState::Forbidden(_) => Some("forbidden".to_owned()),
                    WatchState::NotServed => Some("the API server does not serve it".to_owned()),
                    WatchState::Failing(why) => Some(why.clone()),
                },
                missing_right: right,
                reads: watch.told,
                errors: watch.faults,
                last_read: watch.last_told,
                last_error: watch.last_fault.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use cluster::{Kind, Watch};

    use super::*;

    #[test]
    fn nothing_is_watched_unless_there_is_an_account_or_a_file() {
        assert_eq!(connection(&KubernetesApi::Off), None);
        let path = PathBuf::from("/k");
        assert_eq!(
            connection(&KubernetesApi::Kubeconfig(path.clone())),
            Some(Connection::Kubeconfig(path))
        );
        assert_eq!(
            connection(&KubernetesApi::InCluster),
            Some(Connection::InCluster)
        );
    }

    #[test]
    fn a_missing_right_is_named() {
        let mut status = ClusterStatus::default();
        let forbidden = WatchState::Forbidden("list and watch on pods".to_owned());
        for (kind, state) in [(Kind::Pod, forbidden), (Kind::Node, WatchState::Watching)] {
            let watch = Watch {
                state,
                told: 3,
                ..Watch::default()
            };
            status.watches.insert(kind, watch);
        }
        let sources = sources(&status);
        let of = |path: &str| sources.iter().find(|s| s.path == path).unwrap();
        let pods = of("/api/v1/pods");
        assert_eq!(
            (pods.state, pods.missing_right.as_deref()),
            ("unreadable", Some("list and watch on pods"))
        );
        let nodes = of("/api/v1/nodes");
        assert_eq!(
            (nodes.state, nodes.reads, nodes.missing_right.is_none()),
            ("ok", 3, true)
        );
    }
}
