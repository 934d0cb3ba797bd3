//! What handlers share.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use parking_lot::RwLock;
use query::Query;
use store::Store;
use tokio_util::sync::CancellationToken;

use crate::alarms::Alarms;
use crate::api::agents::Agents;
use crate::api::own_source::OwnSource;
use crate::door::{Hosts, Tokens};
use crate::ingest::Admission;
use crate::own::Counters;
use crate::problem::{Code, Problem};

/// Bounds on requests. Those of queries are the query crate's, those of connections are
/// [`ConnectionLimits`](crate::ConnectionLimits).
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// How long any request may take altogether.
    pub request_time: Duration,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// The largest JSON body in bytes.
    pub json_bytes: usize,
    /// What one frame may hold: bytes as they come and after decompression, rows, times.
    pub frame: wire::Limits,
    /// Memory that frames under way may take altogether, in bytes; further ones are refused with 503.
    pub frames_memory: usize,
    /// Frames of one agent that may be under way at once; further ones are refused with 429.
    pub frames_per_agent: usize,
    /// Frames that are decoded at once.
    pub decoders: usize,
    /// How many agents' reports are kept; the one heard of longest ago goes first.
    pub agents: usize,
    /// The largest report of an agent in bytes.
    pub report_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            request_time: Duration::from_secs(120),
            body_time: Duration::from_secs(30),
            json_bytes: 1 << 20,
            frame: wire::Limits {
                compressed_bytes: 16 << 20,
                decompressed_bytes: 64 << 20,
                ..wire::Limits::default()
            },
            frames_memory: 256 << 20,
            frames_per_agent: 16,
            decoders: std::thread::available_parallelism().map_or(1, usize::from),
            agents: 10_000,
            report_bytes: 256 << 10,
        }
    }
}

/// What the server is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The host names that are answered.
    pub hosts: Hosts,
    /// Bounds on requests.
    pub limits: Limits,
    /// Serve the page's files from this folder instead of the embedded ones.
    pub page_folder: Option<PathBuf>,
    /// The version that `/api/status` and `/metrics` name.
    pub version: &'static str,
    /// The name of the cluster that this server is set up for, if one was given.
    pub cluster: Option<String>,
    /// What estimates are made with.
    pub prices: Arc<cost::PriceTable>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            hosts: Hosts::Loopback { also: Vec::new() },
            limits: Limits::default(),
            page_folder: None,
            version: env!("CARGO_PKG_VERSION"),
            cluster: None,
            prices: Arc::new(cost::PriceTable::builtin().clone()),
        }
    }
}

/// What answers questions and keeps rows, once the write-ahead log is replayed.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub(crate) store: Arc<Store>,
    pub(crate) query: Arc<Query>,
}

/// Writes more families of metrics, of another part of the process.
pub type MoreMetrics = Box<dyn Fn() -> String + Send + Sync>;

/// Tells what this process reads itself, beside its agents.
pub type OwnSources = Box<dyn Fn() -> Vec<OwnSource> + Send + Sync>;

/// What handlers share: made first, so that the port answers while the store is still being opened.
pub struct State {
    settings: Settings,
    tokens: Tokens,
    counters: Counters,
    admission: Admission,
    agents: Agents,
    started: SystemTime,
    ready: OnceLock<Ready>,
    alarms: OnceLock<Arc<Alarms>>,
    more_metrics: RwLock<Vec<MoreMetrics>>,
    own_sources: OnceLock<OwnSources>,
    stopping: CancellationToken,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("settings", &self.settings)
            .field("ready", &self.ready.get().is_some())
            .finish_non_exhaustive()
    }
}

/// The state as handlers get it.
pub type Shared = Arc<State>;

impl State {
    /// A server that is starting.
    pub fn new(settings: Settings, tokens: Tokens) -> Shared {
        Arc::new(State {
            tokens,
            counters: Counters::default(),
            admission: Admission::new(&settings.limits),
            agents: Agents::new(settings.limits.agents),
            started: SystemTime::now(),
            ready: OnceLock::new(),
            alarms: OnceLock::new(),
            more_metrics: RwLock::default(),
            own_sources: OnceLock::new(),
            stopping: CancellationToken::new(),
            settings,
        })
    }

    /// The store is open and its log replayed: from now on every route answers. Only the first call counts.
    pub fn set_ready(&self, store: Arc<Store>, query: Arc<Query>) {
        let _ = self.ready.set(Ready { store, query });
    }

    /// Alarms are read back: from now on their routes answer. Only the first call counts.
    pub fn set_alarms(&self, alarms: Arc<Alarms>) {
        let _ = self.alarms.set(alarms);
    }

    /// Adds what another part of the process tells of itself to `/metrics`.
    pub fn add_metrics(&self, more: MoreMetrics) {
        self.more_metrics.write().push(more);
    }

    /// What was added to `/metrics`.
    pub(crate) fn more_metrics(&self) -> String {
        self.more_metrics.read().iter().map(|more| more()).collect()
    }

    /// Adds what this process reads itself to `/api/sources`. Only the first call counts.
    pub fn set_own_sources(&self, sources: OwnSources) {
        let _ = self.own_sources.set(sources);
    }

    /// What this process reads itself.
    pub(crate) fn own_sources(&self) -> Vec<OwnSource> {
        self.own_sources
            .get()
            .map_or_else(Vec::new, |sources| sources())
    }

    /// Cancelled when answers that would go on for ever are to end.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    pub(crate) fn ready(&self) -> Result<&Ready, Problem> {
        self.ready.get().ok_or_else(|| {
            Problem::new(
                Code::NotReady,
                "rows from before the last stop are being read back from the write-ahead log",
            )
            .retry_after(1)
        })
    }

    pub(crate) fn alarms(&self) -> Result<Arc<Alarms>, Problem> {
        self.alarms.get().cloned().ok_or_else(|| {
            Problem::new(
                Code::NotReady,
                "alarms and their states are being read back from the disk",
            )
            .retry_after(1)
        })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    pub(crate) fn counters(&self) -> &Counters {
        &self.counters
    }

    pub(crate) fn admission(&self) -> &Admission {
        &self.admission
    }

    pub(crate) fn agents(&self) -> &Agents {
        &self.agents
    }

    /// When the server began.
    pub(crate) fn started(&self) -> SystemTime {
        self.started
    }
}
