//! Alarms of a server from its start to its end.

use std::sync::Arc;

use config::ServerConfig;
use query::Query;
use server::Alarms;
use store::Store;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::parts;
use crate::exit::Failure;

/// Alarms that run.
pub(super) struct Alarming {
    alarms: Arc<Alarms>,
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Alarming {
    pub(super) fn start(
        config: &ServerConfig,
        store: &Arc<Store>,
        query: &Arc<Query>,
    ) -> Result<Alarming, Failure> {
        let settings = parts::alarms(config)?;
        let alarms = Alarms::open(settings, Arc::clone(store), Arc::clone(query));
        let alarms = Arc::new(alarms.map_err(Failure::work)?);
        let (stop, stopping) = watch::channel(false);
        Ok(Alarming {
            running: tokio::spawn(Arc::clone(&alarms).run(stopping)),
            alarms,
            stop,
        })
    }

    /// For the handlers of requests.
    pub(super) fn alarms(&self) -> Arc<Alarms> {
        Arc::clone(&self.alarms)
    }

    /// Ends them: what is due and was not told yet is told after the next start.
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.running.await {
            tracing::error!(%error, "alarms did not end in order");
        }
    }
}
