//! The store: opening, appending, reading, closing.

use std::fs::{self, File, OpenOptions};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow::array::RecordBatch;
use catalogue::{Table, Tier};
use datafusion::catalog::TableProvider;
use hashbrown::HashMap;
use parking_lot::Mutex;
use tokio::runtime::Runtime;
use tokio::sync::{mpsc, oneshot};

use crate::append::{Append, AppendError, Appended};
use crate::clock::Clock;
use crate::config::StoreConfig;
use crate::error::StoreError;
use crate::hot::Latest;
use crate::live::Live;
use crate::rollup::Written;
use crate::scan::LiveTable;
use crate::subscription::{LogSubscription, Subscribers};
use crate::table::{DeltaLog, Root, TXN_MINUTE, TXN_WAL};
use crate::upkeep::{Request, Tables, Upkeep, UpkeepFigures};
use crate::wal::{self, Apply, Frame, Incoming, Replayed, Wal};

/// Keeps rows. Cheap to share behind an `Arc`; one process has one for a folder.
pub struct Store {
    pub(crate) config: StoreConfig,
    pub(crate) root: Root,
    pub(crate) wal: Arc<Wal>,
    pub(crate) tables: Arc<Tables>,
    latest: Arc<LatestRows>,
    requests: mpsc::Sender<Request>,
    pub(crate) figures: Arc<UpkeepFigures>,
    pub(crate) replayed: ReplayFigures,
    pub(crate) subscribers: Arc<Subscribers>,
    /// Those who follow what pods are called; not counted among those who watch lines.
    identity: Arc<Subscribers>,
    clock: Clock,
    /// Upkeep's own threads: sorting and encoding never hold up a request.
    runtime: Mutex<Option<Runtime>>,
    _lock: File,
}

type LatestRows = HashMap<&'static str, Mutex<Latest>>;

/// What the start found in the write-ahead log.
#[derive(Debug, Default, Clone, serde::Serialize)]
pub struct ReplayFigures {
    /// Frames read.
    pub frames: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Bytes of a torn tail, never acknowledged, that were cut off.
    pub torn_bytes: u64,
    /// Files with damaged stretches that were set aside.
    pub set_aside: Vec<String>,
    /// Frames whose body no longer decodes: set aside too.
    pub undecodable: u64,
    /// How long it took.
    pub millis: u64,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("tables", &self.root.url().as_str())
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens a store, creates what is missing, and reads back what the write-ahead log holds.
    ///
    /// # Errors
    /// When the folder is in use by another process, a folder or URL cannot be used, or a Delta log cannot be read.
    pub async fn open(config: StoreConfig) -> Result<Store, StoreError> {
        Store::open_with_clock(config, Clock::system()).await
    }

    /// [`Store::open`] with another time of day.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with_clock(config: StoreConfig, clock: Clock) -> Result<Store, StoreError> {
        let lock = lock(&config.wal_dir)?;
        let root = Root::open(
            &config.tables_url,
            &config.storage_options,
            config.recent_bytes,
            config.index_bytes,
        )?;
        let (tables, mut last_position) = open_tables(&root).await?;
        learn_namespaces(&root, &tables).await;
        let latest: Arc<LatestRows> = Arc::new(
            catalogue::ALL
                .iter()
                .filter(|t| t.has_rollups())
                .map(|t| (t.name, Mutex::new(Latest::new(t))))
                .collect(),
        );

        let began = std::time::Instant::now();
        let (replayed, undecodable) = {
            let (dir, tables, latest, now) = (
                config.wal_dir.clone(),
                Arc::clone(&tables),
                Arc::clone(&latest),
                clock.now_usec(),
            );
            let read = move || replay(&dir, &tables, &latest, now);
            tokio::task::spawn_blocking(read)
                .await
                .unwrap_or_else(|e| Err(std::io::Error::other(e)))
                .map_err(|source| StoreError::Folder {
                    path: config.wal_dir.clone(),
                    source,
                })?
        };
        last_position = last_position.max(replayed.last_position);
        let figures = ReplayFigures {
            frames: replayed.frames,
            bytes: replayed.bytes,
            torn_bytes: replayed.torn_bytes,
            set_aside: replayed
                .set_aside
                .iter()
                .map(|p| p.display().to_string())
                .collect(),
            undecodable,
            millis: began.elapsed().as_millis() as u64,
        };
        report(&figures);

        let subscribers = Arc::new(Subscribers::default());
        let identity = Arc::new(Subscribers::default());
        let apply: Apply = {
            let (tables, latest) = (Arc::clone(&tables), Arc::clone(&latest));
            let (subscribers, identity) = (Arc::clone(&subscribers), Arc::clone(&identity));
            Box::new(move |position, table, batches| {
                take_in(&tables, &latest, position, table, &batches);
                let watched = match table.name {
                    name if name == catalogue::tables::LOG.name => &subscribers,
                    name if name == catalogue::tables::IDENTITY.name => &identity,
                    _ => return,
                };
                batches.iter().for_each(|batch| watched.offer(batch));
            })
        };
        let wal = Wal::start(
            &config.wal_dir,
            config.wal_segment_bytes,
            config.disk_reserve_bytes,
            last_position,
            replayed.sequences,
            apply,
        )
        .map_err(|source| StoreError::Folder {
            path: config.wal_dir.clone(),
            source,
        })?;
        let wal = Arc::new(wal);

        let upkeep_figures = Arc::new(UpkeepFigures::default());
        let (requests, inbox) = mpsc::channel(16);
        let upkeep = Upkeep {
            config: config.clone(),
            root: root.clone(),
            wal: Arc::clone(&wal),
            tables: Arc::clone(&tables),
            clock: clock.clone(),
            figures: Arc::clone(&upkeep_figures),
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("upkeep")
            .enable_all()
            .build()
            .map_err(|source| StoreError::Folder {
                path: config.wal_dir.clone(),
                source,
            })?;
        runtime.spawn(upkeep.run(inbox));
        Ok(Store {
            config,
            root,
            wal,
            tables,
            latest,
            requests,
            figures: upkeep_figures,
            replayed: figures,
            subscribers,
            identity,
            clock,
            runtime: Mutex::new(Some(runtime)),
            _lock: lock,
        })
    }

    /// Stores a frame. When this returns `Ok`, its rows are on disk and every later query sees them.
    ///
    /// # Errors
    /// Nothing of the frame is stored; [`AppendError`] says when to send it again, or which to send.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let hot: usize = self.tables.iter().map(|l| l.hot_bytes()).sum();
        if hot > self.config.hot_bytes {
            // Full already: it is being flushed.
            let _ = self.requests.try_send(Request::Hurry);
        }
        if hot > self.config.hot_bytes * 2 {
            return Err(AppendError::Pressure {
                retry_after_seconds: 5,
                detail: format!(
                    "{hot} bytes of rows are in memory and wait to be written to tables, {} are allowed",
                    self.config.hot_bytes * 2
                ),
            });
        }
        self.wal
            .append(Incoming {
                agent: *append.agent.as_bytes(),
                table: append.table,
                sequence: append.sequence,
                oldest: append.oldest,
                zstd: append.encoding == wire::Encoding::Zstd,
                body: append.body,
                batches: append.batches,
                received_usec: self.clock.now_usec(),
            })
            .await
    }

    /// A table in a tier for a DataFusion plan: rows in memory and live files, one snapshot for each scan. `None` for
    /// a tier that the table has not.
    pub fn provider(&self, table: &Table, tier: Tier) -> Option<Arc<dyn TableProvider>> {
        let live = self.tables.get(table, tier)?;
        Some(Arc::new(LiveTable {
            live: Arc::clone(live),
            root: self.root.clone(),
        }))
    }

    /// The newest row of each live entity of a measurement table, in no order; empty for other tables.
    pub fn latest(&self, table: &Table) -> RecordBatch {
        let rows = self.latest.get(table.name).and_then(|latest| {
            latest
                .lock()
                .rows()
                .inspect_err(|error| tracing::error!(table = table.name, %error, "newest rows"))
                .ok()
        });
        rows.unwrap_or_else(|| RecordBatch::new_empty(table.schema()))
    }

    /// The rows of `log` that are accepted from now on, as they become durable.
    pub fn subscribe_log(&self) -> LogSubscription {
        self.subscribers.subscribe()
    }

    /// The rows of `identity` that are accepted from now on, as they become durable and are seen by scans.
    pub fn subscribe_identity(&self) -> LogSubscription {
        self.identity.subscribe()
    }

    /// Oldest and newest row time held in that tier, µs since the epoch; `None` when it is empty.
    pub fn range(&self, table: &Table, tier: Tier) -> Option<(i64, i64)> {
        self.tables.get(table, tier)?.range()
    }

    /// Writes everything that can be written to tables now.
    ///
    /// # Errors
    /// The first failure, in words; its rows are still in memory and in the log.
    pub async fn flush(&self) -> Result<(), String> {
        self.ask(Request::Flush).await
    }

    /// Compacts, expires and deletes now.
    ///
    /// # Errors
    /// The first failure, in words.
    pub async fn tend(&self) -> Result<(), String> {
        self.ask(Request::Tend).await
    }

    async fn ask(
        &self,
        request: impl FnOnce(oneshot::Sender<Result<(), String>>) -> Request,
    ) -> Result<(), String> {
        let (reply, done) = oneshot::channel();
        let closed = || "the store is closed".to_owned();
        self.requests
            .send(request(reply))
            .await
            .map_err(|_| closed())?;
        done.await.map_err(|_| closed())?
    }

    /// Takes nothing more, writes what is in memory to tables, and ends the threads. What cannot be written is in the
    /// log for the next start.
    pub async fn shutdown(&self) {
        self.wal.close().await;
        self.subscribers.close();
        self.identity.close();
        let (reply, done) = oneshot::channel();
        if self.requests.send(Request::Close(reply)).await.is_ok() {
            let _ = done.await;
        }
        if let Some(runtime) = self.runtime.lock().take() {
            runtime.shutdown_background();
        }
    }

    /// The rows of how many live entities are known, by table.
    pub(crate) fn entities(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.latest
            .iter()
            .map(|(name, latest)| (*name, latest.lock().entities()))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // A runtime that is dropped inside another one panics unless it is let go in the background.
        if let Some(runtime) = self.runtime.lock().take() {
            runtime.shutdown_background();
        }
    }
}

/// One process has the folder at a time.
fn lock(dir: &Path) -> Result<File, StoreError> {
    let fault = |source| StoreError::Folder {
        path: dir.to_owned(),
        source,
    };
    fs::create_dir_all(dir).map_err(fault)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join("lock"))
        .map_err(fault)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StoreError::Locked {
            path: dir.to_owned(),
        }),
        Err(fs::TryLockError::Error(source)) => Err(fault(source)),
    }
}

/// Opens every table in every tier, and the highest position that any of them holds.
async fn open_tables(root: &Root) -> Result<(Arc<Tables>, u64), StoreError> {
    let mut tables = Vec::new();
    let mut last_position = 0;
    for table in catalogue::ALL.iter().copied() {
        let tiers = if table.has_rollups() {
            &Tier::ALL[..]
        } else {
            &Tier::ALL[..1]
        };
        for tier in tiers.iter().copied() {
            let name = table.name_in(tier);
            let log = DeltaLog::open(root, &name, &table.schema_in(tier), table.help).await?;
            let written = match log.transaction(TXN_WAL).await? {
                Some(position) => Some(Written {
                    position: position.max(0) as u64,
                    minute: log.transaction(TXN_MINUTE).await?.unwrap_or(i64::MIN / 2),
                }),
                None => None,
            };
            last_position = last_position.max(written.map_or(0, |w| w.position));
            tables.push(Arc::new(Live::new(table, tier, log, written)));
        }
    }
    Ok((Arc::new(Tables::new(tables)), last_position))
}

/// Reads whose the lines of each file are: what the accounting and retention by namespace go by.
async fn learn_namespaces(root: &Root, tables: &Tables) {
    use futures::StreamExt;
    /// Files read at once.
    const AT_ONCE: usize = 16;
    let Some(live) = tables.get(&catalogue::tables::LOG, Tier::Raw) else {
        return;
    };
    let files = live.files();
    futures::stream::iter(files.iter())
        .for_each_concurrent(AT_ONCE, |file| async move {
            let object = file.object(&live.name);
            root.namespaces
                .learn(root.store(), &object, file.bytes)
                .await;
        })
        .await;
}

/// Reads the log into memory; also how many frames no longer decode.
fn replay(
    dir: &Path,
    tables: &Tables,
    latest: &LatestRows,
    now_usec: i64,
) -> std::io::Result<(Replayed, u64)> {
    let mut undecodable = 0;
    let replayed = wal::replay(dir, |frame| {
        if let Err(reason) = replay_frame(&frame, tables, latest, now_usec) {
            undecodable += 1;
            let path = dir
                .join("broken")
                .join(format!("frame-{}.bytes", frame.position));
            let kept =
                fs::create_dir_all(dir.join("broken")).and_then(|()| fs::write(&path, &frame.body));
            tracing::error!(position = frame.position, table = frame.table, %reason, file = %path.display(),
                kept = kept.is_ok(), "a frame of the write-ahead log does not decode and is set aside");
        }
    })?;
    Ok((replayed, undecodable))
}

fn replay_frame(
    frame: &Frame,
    tables: &Tables,
    latest: &LatestRows,
    now_usec: i64,
) -> Result<(), String> {
    let table = catalogue::table(&frame.table).ok_or("its table is not in the catalogue")?;
    let encoding = if frame.zstd {
        wire::Encoding::Zstd
    } else {
        wire::Encoding::Identity
    };
    // It was checked when it came, against the clock of then.
    let now_usec = now_usec.max(frame.received_usec);
    let rows = wire::decode(
        table,
        encoding,
        &frame.body,
        &wire::Limits::default(),
        now_usec,
    )
    .map_err(|e| e.to_string())?;
    take_in(tables, latest, frame.position, table, &rows.batches);
    Ok(())
}

/// Rows that are durable become visible.
fn take_in(
    tables: &Tables,
    latest: &LatestRows,
    position: u64,
    table: &'static Table,
    batches: &[RecordBatch],
) {
    for batch in batches {
        for tier in [Tier::Raw, Tier::Minute] {
            if let Some(live) = tables.get(table, tier) {
                live.add(position, batch);
            }
        }
        if let Some(latest) = latest.get(table.name) {
            latest.lock().add(batch);
        }
    }
}

fn report(figures: &ReplayFigures) {
    if figures.torn_bytes > 0 {
        tracing::warn!(
            bytes = figures.torn_bytes,
            "the write-ahead log ended in a frame that was never acknowledged"
        );
    }
    for file in &figures.set_aside {
        tracing::error!(
            file,
            "a damaged stretch of the write-ahead log is set aside; its rows are not in the tables"
        );
    }
    if figures.frames > 0 {
        tracing::info!(
            frames = figures.frames,
            bytes = figures.bytes,
            millis = figures.millis,
            "read the write-ahead log"
        );
    }
}

impl Store {
    /// The last position of the write-ahead log.
    pub fn last_position(&self) -> u64 {
        self.wal.figures.last_position.load(Ordering::Relaxed)
    }
}
