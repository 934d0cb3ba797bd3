//! The server's side of a Kubernetes cluster: what it watches there, and what it serves there.

use std::sync::Arc;

use config::ServerConfig;
use store::Store;

use super::cluster::{self, Watching};
use super::metrics_api::MetricsApi;
use super::server::Front;
use crate::exit::Failure;

/// What runs of it.
pub(super) struct Kubernetes {
    watching: Option<Watching>,
    metrics_api: Option<MetricsApi>,
}

impl Kubernetes {
    /// Starts what is to run, and has it told of in `/api/sources` and `/metrics`.
    pub(super) async fn start(
        front: &Front,
        store: Arc<Store>,
        config: &ServerConfig,
    ) -> Result<Kubernetes, Failure> {
        let watching = Watching::start(config, store).await?;
        let metrics_api = match MetricsApi::start(config, front.state()).await {
            Ok(metrics_api) => metrics_api,
            Err(failure) => {
                if let Some(watching) = watching {
                    watching.stop().await;
                }
                return Err(failure);
            }
        };
        if let Some(watching) = &watching {
            let status = watching.status_reader();
            front.add_metrics(Box::new(move || status().metrics_text()));
        }
        let watches = watching.as_ref().map(Watching::status_reader);
        let callers = metrics_api.as_ref().map(MetricsApi::source_reader);
        if watches.is_some() || callers.is_some() {
            front.set_own_sources(Box::new(move || {
                let watches = watches.as_ref().map(|status| cluster::sources(&status()));
                let callers = callers.as_ref().map(|source| source());
                watches
                    .unwrap_or_default()
                    .into_iter()
                    .chain(callers)
                    .collect()
            }));
        }
        Ok(Kubernetes {
            watching,
            metrics_api,
        })
    }

    /// Ends it, and writes what the watches have told.
    pub(super) async fn stop(self) {
        if let Some(metrics_api) = self.metrics_api {
            metrics_api.stop().await;
        }
        if let Some(watching) = self.watching {
            watching.stop().await;
        }
    }
}
