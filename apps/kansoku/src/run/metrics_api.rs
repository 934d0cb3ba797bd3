//! The Kubernetes metrics API: its port, the certificate that is shown there, and who may call.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use cluster::{Client, FRONT_PROXY_PATH, FrontProxyCallersError, connect, front_proxy};
use config::{MetricsApiConfig, ServerConfig};
use parking_lot::Mutex;
use server::{ConnectionLimits, FrontProxy, Identity, Listener, OwnSource, Shared};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::cluster::connection;
use crate::exit::Failure;

/// How often it is asked who may call, and whether the files have changed.
const ASK: Duration = Duration::from_secs(60);
/// The same while it is not known.
const ASK_SOON: Duration = Duration::from_secs(5);
/// Names in the certificate that is made: those of the service in deploy/kubernetes.
const NAMES: [&str; 3] = [
    "kansoku-metrics-api.kansoku.svc",
    "kansoku-metrics-api.kansoku.svc.cluster.local",
    "localhost",
];

/// The running port.
pub(super) struct MetricsApi {
    stop: CancellationToken,
    serving: JoinHandle<()>,
    asking: JoinHandle<()>,
    told: Arc<Mutex<Told>>,
}

/// How asking goes.
#[derive(Debug, Default)]
struct Told {
    asked: u64,
    failed: u64,
    last_read: Option<SystemTime>,
    last_error: Option<String>,
    fault: Option<Fault>,
}

#[derive(Debug, Clone)]
enum Fault {
    MissingRight(String),
    Other(String),
}

impl MetricsApi {
    /// Opens the port; `None` where there is to be none.
    pub(super) async fn start(
        config: &ServerConfig,
        state: &Shared,
    ) -> Result<Option<MetricsApi>, Failure> {
        let Some(listen) = config.metrics_api.listen else {
            return Ok(None);
        };
        let Some(connection) = connection(&config.kubernetes.api) else {
            return Err(Failure::usage(
                "server.metrics_api.listen: only the cluster's API server may call, and there is none: run in a pod \
                 with a service account, or set server.kubernetes.api to a kubeconfig",
            ));
        };
        let client = connect(&connection)
            .await
            .map_err(|error| Failure::usage(format!("server.kubernetes.api: {error}")))?;
        // Files that cannot be used are told of at start, not when somebody calls.
        let shown = Shown::of(&config.metrics_api);
        let made = Identity::self_signed(NAMES.map(str::to_owned).to_vec())
            .map_err(|error| Failure::work(format!("server.metrics_api: {error}")))?;
        shown.read(&made).map_err(Failure::usage)?;
        let listener = Listener::bind(listen).await.map_err(Failure::work)?;
        let address = listener.address();
        let stop = CancellationToken::new();
        let (callers, known) = watch::channel(None);
        let told = Arc::new(Mutex::new(Told::default()));
        let asking = ask(client, shown, made, callers, Arc::clone(&told));
        let asking = {
            let stop = stop.clone();
            tokio::spawn(async move {
                stop.run_until_cancelled(asking).await;
            })
        };
        let serving = tokio::spawn(listener.serve_metrics_api(
            Shared::clone(state),
            ConnectionLimits::default(),
            stop.clone(),
            known,
        ));
        tracing::info!(%address, "serving the Kubernetes metrics API");
        Ok(Some(MetricsApi {
            stop,
            serving,
            asking,
            told,
        }))
    }

    /// What is read for it, in the words in which sources are told of, while it runs elsewhere.
    pub(super) fn source_reader(&self) -> impl Fn() -> OwnSource + Send + Sync + 'static {
        let told = Arc::clone(&self.told);
        move || told.lock().source()
    }

    /// Takes no more calls and finishes those under way.
    pub(super) async fn stop(self) {
        self.stop.cancel();
        for (task, what) in [(self.serving, "serving"), (self.asking, "asking")] {
            if let Err(error) = task.await {
                tracing::error!(%error, what, "the metrics API broke off");
            }
        }
    }
}

impl Told {
    fn source(&self) -> OwnSource {
        let (reason, missing_right) = match &self.fault {
            None => (None, None),
            Some(Fault::MissingRight(right)) => (Some("forbidden".to_owned()), Some(right.clone())),
            Some(Fault::Other(why)) => (Some(why.clone()), None),
        };
        OwnSource {
            path: FRONT_PROXY_PATH.to_owned(),
            feeds: "who may call the Kubernetes metrics API",
            state: match (&self.fault, self.asked) {
                (Some(_), _) => "unreadable",
                (None, 0) => "untried",
                (None, _) => "ok",
            },
            reason,
            missing_right,
            reads: self.asked - self.failed,
            errors: self.failed,
            last_read: self.last_read,
            last_error: self.last_error.clone(),
        }
    }

    fn note(&mut self, fault: Option<Fault>) {
        self.asked += 1;
        match &fault {
            None => self.last_read = Some(SystemTime::now()),
            Some(Fault::MissingRight(why) | Fault::Other(why)) => {
                self.failed += 1;
                self.last_error = Some(why.clone());
            }
        }
        self.fault = fault;
    }
}

/// Where the certificate comes from that is shown.
#[derive(Debug, Clone)]
enum Shown {
    Made,
    Files(PathBuf, PathBuf),
}

impl Shown {
    fn of(config: &MetricsApiConfig) -> Shown {
        match &config.identity {
            None => Shown::Made,
            Some((cert, key)) => Shown::Files(cert.clone(), key.clone()),
        }
    }

    fn read(&self, made: &Identity) -> Result<Identity, String> {
        let Shown::Files(cert, key) = self else {
            return Ok(made.clone());
        };
        let read = |name: &str, path: &PathBuf| {
            std::fs::read(path)
                .map_err(|error| format!("server.metrics_api.{name} = {}: {error}", path.display()))
        };
        Identity::from_pem(&read("cert", cert)?, &read("key", key)?).map_err(|error| {
            format!(
                "server.metrics_api.cert = {}, server.metrics_api.key = {}: {error}",
                cert.display(),
                key.display()
            )
        })
    }
}

/// Asks who may call, again and again, and reads the files again. What was known stays while it cannot be asked.
async fn ask(
    client: Client,
    shown: Shown,
    made: Identity,
    callers: watch::Sender<Option<FrontProxy>>,
    told: Arc<Mutex<Told>>,
) {
    loop {
        let known = match front_proxy(&client).await {
            Err(error @ FrontProxyCallersError::Forbidden) => {
                Err(Fault::MissingRight(error.to_string()))
            }
            Err(error) => Err(Fault::Other(error.to_string())),
            Ok(said) => shown.read(&made).map_err(Fault::Other).and_then(|shown| {
                FrontProxy::new(shown, said.authorities.as_bytes(), said.names)
                    .map_err(|error| Fault::Other(error.to_string()))
            }),
        };
        let fault = match known {
            Ok(proxy) => {
                callers.send_replace(Some(proxy));
                None
            }
            Err(fault) => {
                if told.lock().fault.is_none() {
                    let (Fault::MissingRight(why) | Fault::Other(why)) = &fault;
                    tracing::warn!(why, "it is not known who may call the metrics API");
                }
                Some(fault)
            }
        };
        told.lock().note(fault);
        let known = callers.borrow().is_some();
        tokio::time::sleep(if known { ASK } else { ASK_SOON }).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_right_is_a_source_that_says_so() {
        let mut told = Told::default();
        assert_eq!(told.source().state, "untried");
        told.note(Some(Fault::MissingRight("bind it".to_owned())));
        let source = told.source();
        assert_eq!(
            (source.state, source.missing_right.as_deref(), source.errors),
            ("unreadable", Some("bind it"), 1)
        );
        told.note(None);
        let source = told.source();
        assert_eq!((source.state, source.reads, source.errors), ("ok", 1, 1));
        assert_eq!(source.last_error.as_deref(), Some("bind it"));
    }

    #[test]
    fn files_that_cannot_be_read_are_named() {
        let made = Identity::self_signed(vec!["n".to_owned()]).unwrap();
        let shown = Shown::Files("/no/such.crt".into(), "/no/such.key".into());
        let said = shown.read(&made).unwrap_err();
        assert!(
            said.starts_with("server.metrics_api.cert = /no/such.crt: "),
            "{said}"
        );
    }
}
