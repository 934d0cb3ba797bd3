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
    /// As `kubectl` finds it: the file that is named, else those of `KUBECONFIG`, else `~/.kube/config`.
    AsKubectl {
        /// The file.
        kubeconfig: Option<PathBuf>,
        /// A context of it; the current one when left out.
        context: Option<String>,
    },
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
    Ok(connect_with_authorities(connection).await?.0)
}

/// A client, and the authorities that sign for the API server as far as the kubeconfig or account names them, as DER.
///
/// # Errors
/// See [`ConnectError`].
pub async fn connect_with_authorities(
    connection: &Connection,
) -> Result<(kube::Client, Vec<Vec<u8>>), ConnectError> {
    // Two providers are built into the program, so one must be chosen; a choice that was made before stands.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = configuration(connection).await?;
    let authorities = config.root_cert.clone().unwrap_or_default();
    let client =
        kube::Client::try_from(config).map_err(|error| ConnectError::Client(Box::new(error)))?;
    Ok((client, authorities))
}

async fn configuration(connection: &Connection) -> Result<Config, ConnectError> {
    let (path, context) = match connection {
        Connection::InCluster => return Ok(Config::incluster()?),
        Connection::Kubeconfig(path) => (Some(path), None),
        Connection::AsKubectl {
            kubeconfig,
            context,
        } => (kubeconfig.as_ref(), context.clone()),
    };
    let wrong = |source| ConnectError::Kubeconfig {
        path: path.cloned().unwrap_or_else(usual_kubeconfig),
        source,
    };
    let file = match path {
        Some(path) => Kubeconfig::read_from(path),
        None => Kubeconfig::read(),
    };
    let options = KubeConfigOptions {
        context,
        ..KubeConfigOptions::default()
    };
    Config::from_custom_kubeconfig(file.map_err(wrong)?, &options)
        .await
        .map_err(wrong)
}

/// What stands for the path where none is named.
fn usual_kubeconfig() -> PathBuf {
    std::env::var_os("KUBECONFIG").map_or_else(|| PathBuf::from("~/.kube/config"), PathBuf::from)
}
