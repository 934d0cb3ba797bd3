//! All alarms of a server: in memory, and on disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alarm::{Evaluation, State};
use parking_lot::{Mutex, RwLock};
use serde_json::Value;
use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::history::HistoryItem;
use crate::keep::{Compacted, Counter, HistoryBounds, HistoryQuery, Keep, KeepError};
use crate::outbox::{Delivery, DeliveryState};
use crate::record::Origin;
use crate::routing::Routing;
use crate::settings::Settings;
use crate::windows::{Labels, Windows};
use crate::world::{
    Broken, ContributorStatus, Filter, ManageError, NewState, Put, Status, Synced, World,
};

/// All alarms of a server. Cloning is cheap, and clones are the same.
///
/// What changes anything waits for the disk; what only looks does not.
#[derive(Clone)]
pub struct Evaluator {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) world: Mutex<World>,
    pub(crate) keep: Mutex<Keep>,
    pub(crate) clock: Mutex<Clock>,
    routing: RwLock<Arc<dyn Routing>>,
    pub(crate) settings: Settings,
    /// Counts up with every change of anything.
    changed: watch::Sender<u64>,
    /// Somebody waits for a round: an alarm was put.
    pub(crate) wanted: Notify,
    /// There are new deliveries.
    pub(crate) owed: Notify,
    not_on_disk: Mutex<Option<String>>,
    commits: AtomicU64,
}

impl std::fmt::Debug for Evaluator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evaluator")
            .field("settings", &self.inner.settings)
            .finish_non_exhaustive()
    }
}

/// How it stands with what is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    /// Why changes are not on disk, since the last attempt at writing them. Nothing new is delivered meanwhile.
    pub not_on_disk: Option<String>,
    /// Deliveries that are owed.
    pub owed: usize,
    /// Deliveries that were dropped because the outbox was full, ever.
    pub dropped: u64,
    /// Transactions written since the start.
    pub commits: u64,
}

/// Which deliveries are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeliveryFilter {
    /// Of this alarm only.
    pub alarm: Option<String>,
    /// To this receiver only.
    pub receiver: Option<String>,
    /// In one of these states; empty: any.
    pub states: Vec<DeliveryState>,
    /// How many at most. 0 is none.
    pub limit: usize,
}

/// How deliveries to a receiver stand, of those that are still in the outbox. Times are microseconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiverStatus {
    /// Owed.
    pub waiting: usize,
    /// Arrived.
    pub delivered: usize,
    /// Given up.
    pub failed: usize,
    /// When the newest arrived.
    pub last_delivered: Option<i64>,
    /// The newest error of one that is owed or was given up.
    pub last_error: Option<String>,
}

impl Evaluator {
    /// Opens what is kept in `folder`. `routing` says who is told of transitions.
    ///
    /// # Errors
    /// The file is damaged, in use, or cannot be read or written: alarms must not begin from nothing then.
    pub fn open(
        folder: &Path,
        settings: Settings,
        routing: Arc<dyn Routing>,
    ) -> Result<Evaluator, KeepError> {
        let bounds = HistoryBounds {
            most: settings.most_history,
            seconds: settings.history_seconds,
            bytes: settings.most_history_bytes,
        };
        let opened = Keep::open(folder, bounds)?;
        if opened.is_new {
            tracing::info!(folder = %folder.display(), "a new file for the states of alarms was made");
        }
        let world = World::restore(opened.contents, &settings);
        let clock = Clock::new(
            settings.settle_seconds,
            settings.longest_hold_seconds,
            world.newest_moment(),
        );
        Ok(Evaluator {
            inner: Arc::new(Inner {
                world: Mutex::new(world),
                keep: Mutex::new(opened.keep),
                clock: Mutex::new(clock),
                routing: RwLock::new(routing),
                settings,
                changed: watch::Sender::new(0),
                wanted: Notify::new(),
                owed: Notify::new(),
                not_on_disk: Mutex::new(None),
                commits: AtomicU64::new(0),
            }),
        })
    }

    /// Who is told from now on.
    pub fn set_routing(&self, routing: Arc<dyn Routing>) {
        *self.inner.routing.write() = routing;
    }

    pub(crate) fn routing(&self) -> Arc<dyn Routing> {
        Arc::clone(&self.inner.routing.read())
    }

    /// Told of every change of definitions, states, deliveries and silences.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// Writes what has changed, and returns when it is on disk. Calls that come together share a transaction.
    ///
    /// # Errors
    /// It is not on disk. It stays in memory, and the next call tries again.
    pub async fn commit(&self) -> Result<(), KeepError> {
        let this = self.clone();
        match tokio::task::spawn_blocking(move || this.commit_blocking()).await {
            Ok(result) => result,
            Err(_) => Err(KeepError::stopping()),
        }
    }

    fn commit_blocking(&self) -> Result<(), KeepError> {
        let inner = &*self.inner;
        // First the file, then what to write: who had to wait for the file finds its changes written.
        let mut keep = inner.keep.lock();
        let changes = inner.world.lock().changes();
        if changes.is_empty() {
            return Ok(());
        }
        let result = keep.commit(&changes);
        let mut world = inner.world.lock();
        match &result {
            Ok(()) => {
                inner.commits.store(keep.commits(), Ordering::Relaxed);
                if let Some((newest, _)) = changes.deliveries.last_key_value() {
                    world.scribe.outbox.is_on_disk(*newest);
                    inner.owed.notify_one();
                }
                if inner.not_on_disk.lock().take().is_some() {
                    tracing::info!("what alarms have to keep is on disk again");
                }
            }
            Err(error) => {
                world.scribe.changes.put_under(changes);
                if inner
                    .not_on_disk
                    .lock()
                    .replace(error.to_string())
                    .is_none()
                {
                    tracing::error!(%error, "what alarms have to keep is not on disk; it is tried again");
                }
            }
        }
        drop(world);
        inner.changed.send_modify(|count| *count += 1);
        result
    }

    async fn done(&self) -> Result<(), ManageError> {
        self.inner.wanted.notify_one();
        self.commit().await.map_err(ManageError::NotOnDisk)
    }

    /// Takes a definition over the API. It is evaluated at once. `true`: there was none of this name.
    ///
    /// # Errors
    /// It is wrong, or the name is that of an alarm of `alarms.toml`; or it is taken and not on disk yet.
    pub async fn put(&self, definition: &Value, now: i64) -> Result<bool, ManageError> {
        let routing = self.routing();
        let put = self
            .inner
            .world
            .lock()
            .put(definition, Origin::Api, now, &*routing)?;
        self.done().await?;
        Ok(put == Put::Created)
    }

    /// Takes all definitions of a file, or of the starter set. Those of the same origin that are not among them any more
    /// are removed.
    ///
    /// # Errors
    /// It is done, and not on disk yet. What is wrong with definitions is in the answer.
    pub async fn sync(
        &self,
        origin: Origin,
        definitions: &[Value],
        now: i64,
    ) -> Result<Synced, ManageError> {
        let routing = self.routing();
        let synced = self
            .inner
            .world
            .lock()
            .sync(origin, definitions, now, &*routing);
        self.done().await?;
        Ok(synced)
    }

    /// Removes an alarm. Its history stays.
    ///
    /// # Errors
    /// There is none; it is not of the API; others ask about it; or it is done and not on disk yet.
    pub async fn delete(&self, name: &str, now: i64) -> Result<(), ManageError> {
        let routing = self.routing();
        self.inner.world.lock().delete(name, now, &*routing)?;
        self.done().await
    }

    /// Switches an alarm's actions on or off, whatever its origin. What is on stays on when its file is read again.
    ///
    /// # Errors
    /// There is none; or it is done and not on disk yet.
    pub async fn enable_actions(&self, name: &str, on: bool, now: i64) -> Result<(), ManageError> {
        self.inner.world.lock().enable_actions(name, on, now)?;
        self.done().await
    }

    /// Sets an alarm's state, as if it had been found: receivers are told. The next evaluation corrects it.
    ///
    /// # Errors
    /// There is none; or it is done and not on disk yet.
    pub async fn set_state(
        &self,
        name: &str,
        state: State,
        reason: &str,
        reason_data: &str,
        now: i64,
    ) -> Result<(), ManageError> {
        let routing = self.routing();
        let new = NewState::set(state, reason, reason_data);
        self.inner
            .world
            .lock()
            .set_state(name, new, now, &*routing)?;
        self.done().await
    }

    /// Alarms by name.
    pub fn list(&self, filter: &Filter) -> Vec<Status> {
        self.inner.world.lock().list(filter)
    }

    /// One alarm.
    pub fn describe(&self, name: &str) -> Option<Status> {
        self.inner.world.lock().describe(name)
    }

    /// The series of an alarm, by labels; none for an alarm over one.
    pub fn series(&self, name: &str) -> Option<Vec<ContributorStatus>> {
        self.inner.world.lock().series(name)
    }

    /// Definitions on disk that this version cannot read.
    pub fn broken(&self) -> Vec<Broken> {
        self.inner.world.lock().broken()
    }

    /// What an evaluation at `now` would see, for each series, without any consequence. `None`: there is no such alarm
    /// over data points.
    ///
    /// # Errors
    /// The window cannot be read; why, for people.
    pub async fn explain(
        &self,
        name: &str,
        windows: &dyn Windows,
        now: i64,
    ) -> Option<Result<Vec<(Labels, Evaluation)>, String>> {
        let ask = self.inner.world.lock().ask(name, now)?;
        let mut read = windows.read(std::slice::from_ref(&ask), now).await;
        let read = read
            .pop()
            .unwrap_or_else(|| Err("nothing was read".to_owned()));
        Some(read.map(|windows| self.inner.world.lock().explain(&ask, windows)))
    }

    /// Adds or exchanges a silence.
    ///
    /// # Errors
    /// It is done, and not on disk yet.
    pub async fn put_silence(&self, id: &str, silence: Value) -> Result<(), ManageError> {
        self.inner.world.lock().put_silence(id, silence);
        self.done().await
    }

    /// Removes a silence. `false`: there was none.
    ///
    /// # Errors
    /// It is done, and not on disk yet.
    pub async fn delete_silence(&self, id: &str) -> Result<bool, ManageError> {
        let was_there = self.inner.world.lock().delete_silence(id);
        self.done().await?;
        Ok(was_there)
    }

    /// Silences by id.
    pub fn silences(&self) -> BTreeMap<String, Value> {
        self.inner.world.lock().silences().clone()
    }

    /// Deliveries, newest first.
    pub fn deliveries(&self, filter: &DeliveryFilter) -> Vec<Delivery> {
        let world = self.inner.world.lock();
        let asked = world.scribe.outbox.entries().rev().filter(|delivery| {
            filter
                .alarm
                .as_ref()
                .is_none_or(|alarm| *alarm == delivery.alarm)
                && filter
                    .receiver
                    .as_ref()
                    .is_none_or(|name| *name == delivery.receiver)
                && (filter.states.is_empty() || filter.states.contains(&delivery.state))
        });
        asked.take(filter.limit).cloned().collect()
    }

    /// How deliveries stand, by receiver; those that were never owed anything are missing.
    pub fn receivers(&self) -> BTreeMap<String, ReceiverStatus> {
        let world = self.inner.world.lock();
        let mut all: BTreeMap<String, ReceiverStatus> = BTreeMap::new();
        for delivery in world.scribe.outbox.entries() {
            if !all.contains_key(&delivery.receiver) {
                all.insert(delivery.receiver.clone(), ReceiverStatus::default());
            }
            let Some(status) = all.get_mut(&delivery.receiver) else {
                continue;
            };
            match delivery.state {
                DeliveryState::Delivered => status.delivered += 1,
                DeliveryState::Failed => status.failed += 1,
                DeliveryState::Waiting | DeliveryState::Attempting => status.waiting += 1,
            }
            status.last_delivered = status.last_delivered.max(delivery.delivered);
            if delivery.state != DeliveryState::Delivered && delivery.error.is_some() {
                status.last_error.clone_from(&delivery.error);
            }
        }
        all
    }

    /// History, newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn history(&self, query: HistoryQuery) -> Result<Vec<HistoryItem>, ManageError> {
        self.reading(move |keep| keep.history(&query)).await
    }

    /// History that was not handed to the store yet, oldest first. Once it is there, [`Evaluator::history_handed`].
    ///
    /// # Errors
    /// The file cannot be read.
    pub async fn history_to_hand(&self, limit: usize) -> Result<Vec<HistoryItem>, ManageError> {
        let after = self
            .inner
            .world
            .lock()
            .scribe
            .counter(Counter::HistoryHanded);
        self.reading(move |keep| keep.history_after(after, limit))
            .await
    }

    /// History up to this number is in the store. It is asked for here all the same, until it is too old.
    ///
    /// # Errors
    /// It is done, and not on disk yet: after a crash the items are handed again.
    pub async fn history_handed(&self, number: u64) -> Result<(), ManageError> {
        {
            let mut world = self.inner.world.lock();
            if number > world.scribe.counter(Counter::HistoryHanded) {
                world.scribe.set_counter(Counter::HistoryHanded, number);
            }
        }
        self.commit().await.map_err(ManageError::NotOnDisk)
    }

    /// Gives back to the disk what the file does not need any more, when that is worth it. Nothing is written meanwhile;
    /// what changes waits.
    ///
    /// # Errors
    /// The file cannot be read or written. Nothing of it is lost.
    pub async fn compact(&self) -> Result<Option<Compacted>, KeepError> {
        let this = self.clone();
        match tokio::task::spawn_blocking(move || this.inner.keep.lock().compact()).await {
            Ok(result) => result,
            Err(_) => Err(KeepError::stopping()),
        }
    }

    /// How it stands with what is to be kept.
    pub fn health(&self) -> Health {
        let world = self.inner.world.lock();
        Health {
            not_on_disk: self.inner.not_on_disk.lock().clone(),
            owed: world.scribe.outbox.open(),
            dropped: world.scribe.counter(Counter::DroppedDeliveries),
            commits: self.inner.commits.load(Ordering::Relaxed),
        }
    }

    pub(crate) async fn reading<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Keep) -> Result<T, KeepError> + Send + 'static,
    ) -> Result<T, ManageError> {
        let this = self.clone();
        let task = tokio::task::spawn_blocking(move || read(&mut this.inner.keep.lock()));
        match task.await {
            Ok(result) => result.map_err(ManageError::Unread),
            Err(_) => Err(ManageError::Refused("the server is stopping".to_owned())),
        }
    }
}
