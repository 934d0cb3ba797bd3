//! Watches and the maker of rows, running.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::control_plane;
use crate::kind::Kind;
use crate::moment::{next_tick, now};
use crate::rows::{RowError, TableBatch};
use crate::status::{ClusterStatus, SharedStatus};
use crate::watch::{Pace, watch};
use crate::world::{Known, World};

/// Changes that wait for the maker of rows; watches wait when it is full.
const WAITING: usize = 1024;
/// How soon a change has its row.
const SOON: Duration = Duration::from_secs(1);
/// How long identities wait for the lists that name pods when one of them does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is watched, and how.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Written into every row.
    pub cluster: String,
    /// Between two rows about the same object; whole seconds.
    pub interval: Duration,
    /// The names of annotations that identities keep.
    pub annotations: Vec<String>,
    /// How often the API server's own metrics are read; never when left out.
    pub control_plane: Option<Duration>,
    /// How long is waited after faults.
    pub pace: Pace,
}

/// What the store knows from before.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// The last row of each pod and container that has no row that says it is deleted.
    pub identities: Vec<Known>,
    /// By event uid: the highest count that is written.
    pub events: HashMap<String, i64>,
}

/// The running watches.
#[derive(Debug)]
pub struct Cluster {
    status: SharedStatus,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Cluster {
    /// Starts watching. Rows of `identity` and `event` wait until `rows` takes them; those of `object` are dropped,
    /// and counted, when it does not. Must be called within a tokio runtime.
    pub fn start(
        client: &kube::Client,
        settings: Settings,
        before: Before,
        rows: Sender<TableBatch>,
    ) -> Cluster {
        let status = SharedStatus::default();
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        let (sender, changes) = channel(WAITING);
        for kind in Kind::ALL {
            let task = Box::pin(watch(
                client.clone(),
                kind,
                sender.clone(),
                status.clone(),
                settings.pace,
            ));
            let stop = stop.clone();
            tasks.spawn(async move {
                let _ = stop.run_until_cancelled(task).await;
            });
        }
        if let Some(interval) = settings.control_plane {
            status.control_plane(|_| {});
            let task = control_plane::follow(
                client.clone(),
                settings.cluster.clone(),
                interval.max(Duration::from_secs(1)),
                rows.clone(),
                status.clone(),
            );
            let stop = stop.clone();
            tasks.spawn(async move {
                let _ = stop.run_until_cancelled(task).await;
            });
        }
        let maker = Maker {
            world: World::new(
                &settings.cluster,
                settings.annotations,
                before.identities,
                before.events,
            ),
            status: status.clone(),
            rows,
            interval: settings.interval.max(Duration::from_secs(1)),
            begun: Instant::now(),
        };
        let stopped = stop.clone();
        tasks.spawn(async move {
            if let Some(Err(error)) = stopped.run_until_cancelled(maker.run(changes)).await {
                tracing::error!(%error, "no more rows about the cluster");
            }
        });
        Cluster {
            status,
            stop,
            tasks,
        }
    }

    /// How the watches are doing.
    pub fn status(&self) -> ClusterStatus {
        self.status.get()
    }

    /// What hands out [`ClusterStatus`] while this runs elsewhere.
    pub fn status_reader(&self) -> impl Fn() -> ClusterStatus + Send + Sync + 'static {
        let status = self.status.clone();
        move || status.get()
    }

    /// Ends the watches. What changed within the last second is seen again at the next start.
    pub async fn stop(mut self) {
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
    }
}

/// Rows cannot be made, or nobody takes them.
#[derive(Debug, thiserror::Error)]
enum MakerError {
    #[error(transparent)]
    Row(#[from] RowError),
    #[error("nobody takes the rows")]
    Closed,
}

struct Maker {
    world: World,
    status: SharedStatus,
    rows: Sender<TableBatch>,
    interval: Duration,
    begun: Instant,
}

impl Maker {
    async fn run(mut self, mut changes: Receiver<crate::world::Change>) -> Result<(), MakerError> {
        let mut soon = tokio::time::interval(SOON);
        soon.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut tick = next_tick(self.interval);
        loop {
            let until_tick = Duration::from_micros(u64::try_from(tick - now()).unwrap_or(0));
            tokio::select! {
                change = changes.recv() => match change {
                    Some(change) => self.world.take(change),
                    None => return Ok(()),
                },
                _ = soon.tick() => self.changes().await?,
                () = tokio::time::sleep(until_tick) => {
                    self.objects(tick)?;
                    tick = next_tick(self.interval);
                }
            }
        }
    }

    fn clock(&self) -> i64 {
        i64::try_from(self.begun.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// Hands on rows of what has changed.
    async fn changes(&mut self) -> Result<(), MakerError> {
        let is_time = self.world.can_name_pods() || self.begun.elapsed() >= PATIENCE;
        if is_time && let Some(batch) = self.world.identity_rows(now())? {
            self.send(batch).await?;
        }
        if let Some(batch) = self.world.event_rows(now())? {
            self.send(batch).await?;
        }
        Ok(())
    }

    async fn send(&mut self, batch: TableBatch) -> Result<(), MakerError> {
        self.status.count(&batch);
        self.rows.send(batch).await.map_err(|_| MakerError::Closed)
    }

    /// Hands on the state of all objects at a tick.
    fn objects(&mut self, tick: i64) -> Result<(), MakerError> {
        self.world.restate(now());
        self.status.update(|status| {
            for (kind, watch) in &mut status.watches {
                watch.objects = self.world.held(*kind);
            }
        });
        let Some(batch) = self.world.object_rows(tick, now() - tick, self.clock())? else {
            return Ok(());
        };
        let rows = batch.batch.num_rows() as u64;
        match self.rows.try_send(batch) {
            Ok(()) => self
                .status
                .update(|s| *s.rows.entry("object").or_default() += rows),
            Err(TrySendError::Full(_)) => self.status.update(|s| s.dropped_rows += rows),
            Err(TrySendError::Closed(_)) => return Err(MakerError::Closed),
        }
        Ok(())
    }
}
