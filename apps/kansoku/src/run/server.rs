//! `kansoku server`: the port first, so that it answers while the log is read back; then the store behind it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use config::{Loaded, ServerConfig};
use query::Query;
use server::{ConnectionLimits, Listener, MoreMetrics, OwnSources, Shared, State};
use store::Store;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::alarms::Alarming;
use super::kubernetes::Kubernetes;
use super::signals::Signals;
use super::verdicts::Verdicts;
use super::{log, parts};
use crate::exit::Failure;
use crate::print::{Stdout, bytes};

/// How long stopping in order may take. What is not in tables by then is in the log for the next start.
const STOP: Duration = Duration::from_secs(25);
/// How long threads that do not come back are waited for at the very end.
const LAST: Duration = Duration::from_secs(1);
/// How often a long start says that it is still at it.
const STILL: Duration = Duration::from_secs(5);

/// Runs a server until it is told to stop.
pub(crate) fn server(loaded: Loaded<ServerConfig>) -> Result<(), Failure> {
    log::start(&loaded.config.log, &loaded.warnings)?;
    with_runtime(async move {
        let config = loaded.config;
        let mut signals = Signals::listen()?;
        let front = Front::open(&config).await?;
        say(&front.greeting())?;
        let Some(back) = Back::open(&config, None, &mut signals).await? else {
            return front.close().await;
        };
        front.ready(&back);
        let kubernetes = match back.kubernetes(&front, &config).await {
            Ok(kubernetes) => kubernetes,
            Err(failure) => {
                front.close().await?;
                back.close().await;
                return Err(failure);
            }
        };
        let signal = signals.next().await;
        tracing::info!(signal, "stopping");
        in_time(&mut signals, async {
            front.close().await?;
            kubernetes.stop().await;
            back.close().await;
            Ok(())
        })
        .await
    })
}

/// Runs a future on a runtime of its own; threads that hang at its end are left behind.
pub(super) fn with_runtime(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = Runtime::new().map_err(|error| Failure::work(format!("no threads: {error}")))?;
    let result = runtime.block_on(work);
    runtime.shutdown_timeout(LAST);
    result
}

/// Stops within bounds: of time, and of the patience of whoever sends a second signal.
pub(super) async fn in_time(
    signals: &mut Signals,
    stopping: impl Future<Output = Result<(), Failure>>,
) -> Result<(), Failure> {
    tokio::select! {
        stopped = stopping => stopped,
        signal = signals.next() => Err(Failure::work(format!("{signal} again: stopped at once; the log has every row"))),
        () = tokio::time::sleep(STOP) => {
            Err(Failure::work(format!("not stopped in order within {} s; the log has every row", STOP.as_secs())))
        }
    }
}

/// Lines for whoever started the program.
pub(super) fn say(lines: &[String]) -> Result<(), Failure> {
    let mut out = Stdout::lock();
    let written = lines
        .iter()
        .try_for_each(|line| out.line(line))
        .and_then(|()| out.flush());
    match written {
        // Nobody has to listen.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// The open port.
pub(super) struct Front {
    address: SocketAddr,
    state: Shared,
    stop: CancellationToken,
    serving: JoinHandle<()>,
}

impl Front {
    pub(super) async fn open(config: &ServerConfig) -> Result<Front, Failure> {
        let tokens = parts::tokens(config)?;
        let listener = Listener::bind(config.listen).await.map_err(Failure::work)?;
        let address = listener.address();
        let state = State::new(parts::settings(config)?, tokens);
        let stop = CancellationToken::new();
        let serving = tokio::spawn(listener.serve(
            Shared::clone(&state),
            ConnectionLimits::default(),
            stop.clone(),
        ));
        Ok(Front {
            address,
            state,
            stop,
            serving,
        })
    }

    /// The address, with the real port.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the handlers share.
    pub(super) fn state(&self) -> &Shared {
        &self.state
    }

    /// Adds the figures of another part of the process to `/metrics`.
    pub(super) fn add_metrics(&self, more: MoreMetrics) {
        self.state.add_metrics(more);
    }

    /// Adds what this process reads itself to `/api/sources`.
    pub(super) fn set_own_sources(&self, sources: OwnSources) {
        self.state.set_own_sources(sources);
    }

    pub(super) fn greeting(&self) -> [String; 1] {
        [format!("Kansoku is at http://{}", self.address)]
    }

    /// Every route answers from now on.
    pub(super) fn ready(&self, back: &Back) {
        self.state.set_alarms(back.alarms.alarms());
        self.state
            .set_ready(Arc::clone(&back.store), Arc::clone(&back.query));
        tracing::info!(address = %self.address, "ready");
    }

    /// Takes no more connections and finishes the requests under way.
    pub(super) async fn close(self) -> Result<(), Failure> {
        self.stop.cancel();
        self.serving
            .await
            .map_err(|error| Failure::work(format!("the server broke off: {error}")))
    }
}

/// What is behind the port.
pub(super) struct Back {
    store: Arc<Store>,
    query: Arc<Query>,
    verdicts: Verdicts,
    alarms: Alarming,
}

impl Back {
    /// Opens the store, which reads back its log. `None` when a signal came first.
    pub(super) async fn open(
        config: &ServerConfig,
        tick_seconds: Option<u32>,
        signals: &mut Signals,
    ) -> Result<Option<Back>, Failure> {
        let size = folder_size(&config.wal.dir);
        if size > 0 {
            tracing::info!(
                log = bytes(Some(size as f64)),
                "reading back rows that are not in tables yet"
            );
        }
        let store = parts::store(config)?;
        let still = async {
            let mut seconds = 0;
            loop {
                tokio::time::sleep(STILL).await;
                seconds += STILL.as_secs();
                tracing::info!(seconds, "still reading back the write-ahead log");
            }
        };
        let store = tokio::select! {
            opened = Store::open(store) => Arc::new(opened.map_err(Failure::work)?),
            _ = signals.next() => return Ok(None),
            () = still => return Ok(None),
        };
        let tables: Arc<dyn query::Tables> = Arc::clone(&store) as _;
        let query =
            Query::new(tables, parts::query(config, tick_seconds)).map_err(Failure::work)?;
        let query = Arc::new(query);
        let alarms = match Alarming::start(config, &store, &query) {
            Ok(alarms) => alarms,
            Err(failure) => {
                store.shutdown().await;
                return Err(failure);
            }
        };
        Ok(Some(Back {
            verdicts: Verdicts::start(Arc::clone(&store), Arc::clone(&query)),
            alarms,
            store,
            query,
        }))
    }

    /// Starts what is done in a Kubernetes cluster, where there is one.
    pub(super) async fn kubernetes(
        &self,
        front: &Front,
        config: &ServerConfig,
    ) -> Result<Kubernetes, Failure> {
        Kubernetes::start(front, Arc::clone(&self.store), config).await
    }

    /// Where rows are kept.
    pub(super) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store)
    }

    /// Writes what is in memory to tables.
    pub(super) async fn close(self) {
        self.verdicts.stop().await;
        self.alarms.stop().await;
        self.store.shutdown().await;
    }
}

/// Bytes of the files in a folder; 0 when there is none.
fn folder_size(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .filter(|m| m.is_file())
        .map(|m| m.len())
        .sum()
}
