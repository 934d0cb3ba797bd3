//! The way to the API server.

use std::path::{Path, PathBuf};

use kube::config::{Config, KubeConfigOptions, Kubeconfig};

/// Where the address and the account come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    /// The pod's service account.
    InCluster,
    /// A kubeconfig's current context.
    Kubeconfig(PathBuf),
}

/// Why there is no way to the API server.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The pod has no service account, or one that cannot be read.
    #[error("the pod's service account: {0}")]
    InCluster(#[from] kube::config::InClusterError),
    /// The kubeconfig cannot be read, or names something that is not in it.
    #[error("kubeconfig {path}: {source}")]
    Kubeconfig {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: kube::config::KubeconfigError,
    },
    /// The certificates or the account cannot be used.
    #[error("the way to the API server: {0}")]
    Client(#[source] Box<kube::Error>),
}

/// The service account's folder in every pod that has one.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// Whether this process runs in a pod that has a service account.
pub fn in_cluster() -> bool {
    std::env::var_os("KUBERNETES_SERVICE_HOST").is_some() && Path::new(ACCOUNT).exists()
}

/// A client. Nothing is asked of the API server yet.
///
/// # Errors
/// See [`ConnectError`].
pub async fn connect(connection: &Connection) -> Result<kube::Client, ConnectError> {
    // Two providers are built into the program, so one must be chosen; a choice that was made before stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = match connection {
        Connection::InCluster => Config::incluster()?,
        Connection::Kubeconfig(path) => {
            let wrong = |source| ConnectError::Kubeconfig {
                path: path.clone(),
                source,
            };
            let file = Kubeconfig::read_from(path).map_err(wrong)?;
            Config::from_custom_kubeconfig(file, &KubeConfigOptions::default())
                .await
                .map_err(wrong)?
        }
    };
    kube::Client::try_from(config).map_err(|error| ConnectError::Client(Box::new(error)))
}
