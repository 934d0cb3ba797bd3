//! Alarms at work in a server: what they look at (`windows`), who is told (`notices`), what they are (`file`), what became of
//! them (`history`), and what they would have done (`replay`). What they mean is crate `alarm`'s, what is kept and when they
//! are evaluated crate `evaluator`'s, how somebody is told crate `notify`'s.

mod file;
mod history;
mod notices;
mod replay;
mod windows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alarm::definition::{Definition, Fault, FaultKind};
use alarm::{State, Transition, TransitionActions};
use evaluator::{Evaluator, KeepError, Labels, Origin, Plan, Settings, Status, Windows};
use notify::{Links, Silence};
use parking_lot::RwLock;
use query::Query;
use serde_json::Value;
use store::Store;
use tokio::sync::watch;
use tokio::task::JoinSet;
use wire::AgentId;

pub use notices::{SilenceStatus, Tested};
pub use replay::ReplayedSeries;

use crate::api::time::now_usec;
use notices::{Notices, Told};
use windows::StoredWindows;

/// Silences that people may make.
const MOST_SILENCES: usize = 10_000;

/// What alarms are set up with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AlarmSettings {
    /// Where their states are kept.
    pub folder: PathBuf,
    /// `alarms.toml`, if there is one.
    pub file: Option<PathBuf>,
    /// Whether the starter set is evaluated.
    pub starter: bool,
    /// Where people find the page, for links in notifications.
    pub external_url: Option<String>,
}

/// Why alarms cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum AlarmsError {
    /// The folder cannot be made or used.
    #[error("the folder of alarms {}: {source}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// What is kept cannot be read.
    #[error(transparent)]
    Keep(#[from] KeepError),
    /// The address for links is none.
    #[error("server.alarms.external_url = {0}: it is no http or https address")]
    ExternalUrl(String),
}

/// All alarms of a server.
#[derive(Debug)]
pub struct Alarms {
    evaluator: Evaluator,
    windows: Arc<StoredWindows>,
    store: Arc<Store>,
    notices: Arc<Notices>,
    settings: AlarmSettings,
    links: Links,
    history_id: AgentId,
    file_problem: RwLock<Option<String>>,
}

/// A receiver, and how deliveries to it stand.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiverView {
    /// Its name.
    pub name: String,
    /// `webhook`, `email` and so on.
    pub kind: &'static str,
    /// What else actions call it.
    pub arns: Vec<String>,
    /// Where it is, without anything secret.
    pub target: String,
    /// How deliveries stand.
    pub status: evaluator::ReceiverStatus,
}

/// Why a silence does not end.
#[derive(Debug, thiserror::Error)]
pub enum EndSilence {
    /// There is none.
    #[error("there is no silence '{0}'")]
    NotFound(String),
    /// It is the file's.
    #[error("silence '{0}' stands in alarms.toml: it ends when it is removed there")]
    FromFile(String),
    /// It is not on disk.
    #[error(transparent)]
    Manage(#[from] evaluator::ManageError),
}

impl Alarms {
    /// Opens what is kept. Nothing is evaluated before [`Alarms::run`].
    ///
    /// # Errors
    /// The folder cannot be used, what is kept there is damaged, or the address for links is none.
    pub fn open(
        settings: AlarmSettings,
        store: Arc<Store>,
        query: Arc<Query>,
    ) -> Result<Alarms, AlarmsError> {
        let folder = |source| AlarmsError::Folder {
            path: settings.folder.clone(),
            source,
        };
        std::fs::create_dir_all(&settings.folder).map_err(folder)?;
        let links = match settings.external_url.as_deref() {
            None => Links::default(),
            Some(url) => {
                Links::new(Some(url)).ok_or_else(|| AlarmsError::ExternalUrl(url.to_owned()))?
            }
        };
        let notices = Arc::new(Notices::new(settings.file.is_some()));
        // Before anybody can set a state: a change that is told to nobody is not told later either.
        let file = settings.file.as_deref();
        if let Some(config) = file.and_then(|file| file::receivers(file, links.clone())) {
            notices.set_config(config);
        }
        let told = Arc::new(Told(Arc::clone(&notices)));
        let evaluator = Evaluator::open(&settings.folder, Settings::default(), told)?;
        notices.set_made(kept_silences(evaluator.silences()));
        Ok(Alarms {
            windows: Arc::new(StoredWindows::new(Arc::clone(&store), query)),
            history_id: history::id(&settings.folder).map_err(folder)?,
            evaluator,
            store,
            notices,
            links,
            settings,
            file_problem: RwLock::default(),
        })
    }

    /// Evaluates, tells, hands history over and watches the file, until `stop` is true; returns when all of that has ended.
    pub async fn run(self: Arc<Self>, stop: watch::Receiver<bool>) {
        self.take_starter_set().await;
        let mut tasks = JoinSet::new();
        if let Some(path) = self.settings.file.clone() {
            let (this, stop) = (Arc::clone(&self), stop.clone());
            tasks.spawn(async move {
                let links = this.links.clone();
                file::watch(&this, path, links, stop).await;
            });
        }
        let (evaluator, windows) = (self.evaluator.clone(), self.windows());
        let rounds = stop.clone();
        tasks.spawn(async move { evaluator.run_rounds(windows, rounds).await });
        let (evaluator, told) = (self.evaluator.clone(), Told(Arc::clone(&self.notices)));
        let deliveries = stop.clone();
        tasks.spawn(async move { evaluator.run_deliveries(Arc::new(told), deliveries).await });
        tasks.spawn(history::hand_over(
            self.evaluator.clone(),
            Arc::clone(&self.store),
            self.history_id,
            stop,
        ));
        while let Some(ended) = tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a part of alarms broke off");
            }
        }
    }

    async fn take_starter_set(&self) {
        let definitions: Vec<Value> = match self.settings.starter {
            true => alarm::starter::definitions()
                .iter()
                .map(Definition::to_json)
                .collect(),
            false => Vec::new(),
        };
        match self
            .evaluator
            .sync(Origin::Starter, &definitions, now_usec())
            .await
        {
            Ok(synced) => {
                for fault in synced.faults {
                    tracing::warn!(
                        alarm = fault.name.unwrap_or_default(),
                        "an alarm of the starter set is not there: {}",
                        fault.message
                    );
                }
            }
            Err(error) => tracing::error!(%error, "the starter set of alarms"),
        }
    }

    /// What evaluates them and keeps their states.
    pub fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    /// What reads their data points.
    pub fn windows(&self) -> Arc<dyn Windows> {
        Arc::clone(&self.windows) as _
    }

    fn notices(&self) -> &Notices {
        &self.notices
    }

    /// Reads a definition and looks up every name in it.
    ///
    /// # Errors
    /// Everything that is wrong, key by key.
    pub fn check(&self, definition: &Value) -> Result<Definition, Vec<Fault>> {
        let read = Definition::from_json(definition.to_string().as_bytes())
            .map_err(|error| error.faults())?;
        let plan = Plan::read(definition).map_err(|error| error.faults())?;
        let Some(points) = plan.points() else {
            return Ok(read);
        };
        self.windows
            .check(points, now_usec())
            .map_err(|fault| vec![fault])?;
        Ok(read)
    }

    /// What an alarm would have done from `start` to `end` (microseconds since 1970), series by series.
    ///
    /// # Errors
    /// It is over other alarms, the range is too long, or what is stored cannot be read; in words for people.
    pub async fn replay(
        &self,
        definition: &Definition,
        start: i64,
        end: i64,
    ) -> Result<Vec<ReplayedSeries>, String> {
        let plan = Plan::read(&definition.to_json()).map_err(|fault| fault.to_string())?;
        let Some(points) = plan.points() else {
            return Err("a composite alarm is over other alarms: replay those".to_owned());
        };
        replay::run(&self.windows, points, (start, end), now_usec()).await
    }

    /// Ids of the silences that hold notifications of an alarm, or of one of its series in ALARM, at `now`.
    pub fn silenced_by(&self, status: &Status, now: i64) -> Vec<String> {
        let mut ids = self
            .notices
            .silenced_by(&transition(status, Labels::new()), now);
        for series in &status.in_alarm {
            ids.extend(
                self.notices
                    .silenced_by(&transition(status, series.labels.clone()), now),
            );
        }
        ids.sort();
        ids.dedup();
        ids
    }

    /// Names of those who are told when it goes to ALARM.
    pub fn receivers_of(&self, status: &Status) -> Vec<String> {
        match status.actions_enabled {
            true => {
                self.notices
                    .config()
                    .routes
                    .told(&transition(status, Labels::new()))
                    .receivers
            }
            false => Vec::new(),
        }
    }

    /// All silences, those of the file first.
    pub fn silences(&self, now: i64) -> Vec<SilenceStatus> {
        self.notices.silences(now)
    }

    /// Makes a silence; its id.
    ///
    /// # Errors
    /// What is wrong with it, key by key.
    pub async fn add_silence(&self, silence: Value, now: i64) -> Result<String, Vec<Fault>> {
        let fault = |key: &str, message: String| Fault {
            key: key.to_owned(),
            message,
            kind: FaultKind::Value,
        };
        let read: Result<Silence, _> = serde_path_to_error::deserialize(silence);
        let mut silence = read.map_err(|error| {
            let key = error.path().to_string();
            // The whole silence has no key: "." is what it is called there.
            vec![fault(
                key.trim_start_matches('.'),
                error.into_inner().to_string(),
            )]
        })?;
        let faults: Vec<Fault> = silence
            .faults()
            .into_iter()
            .map(|one| fault(one.key, one.message))
            .collect();
        if !faults.is_empty() {
            return Err(faults);
        }
        if silence.is_over(now) {
            let message = "is past: nothing would be held back";
            return Err(vec![fault("ends", message.to_owned())]);
        }
        let made = self.notices.silences(now);
        // Those that are over make room.
        for over in made
            .iter()
            .filter(|one| one.origin == "api" && one.silence.is_over(now))
        {
            self.notices.remove(&over.silence.id);
            let _ = self.evaluator.delete_silence(&over.silence.id).await;
        }
        if self.notices.silences(now).len() >= MOST_SILENCES {
            return Err(vec![fault(
                "",
                format!("there are {MOST_SILENCES} silences already"),
            )]);
        }
        silence.id = AgentId::random().to_string();
        let id = silence.id.clone();
        let json =
            serde_json::to_value(&silence).map_err(|error| vec![fault("", error.to_string())])?;
        self.notices.add(silence);
        self.evaluator
            .put_silence(&id, json)
            .await
            .map_err(|error| vec![fault("", error.to_string())])?;
        Ok(id)
    }

    /// Ends a silence.
    ///
    /// # Errors
    /// There is none, it is the file's, or its end is not on disk yet.
    pub async fn end_silence(&self, id: &str) -> Result<(), EndSilence> {
        if self
            .notices
            .config()
            .silences
            .iter()
            .any(|silence| silence.id == id)
        {
            return Err(EndSilence::FromFile(id.to_owned()));
        }
        if !self.notices.remove(id) {
            return Err(EndSilence::NotFound(id.to_owned()));
        }
        self.evaluator.delete_silence(id).await?;
        Ok(())
    }

    /// All receivers.
    pub fn receivers(&self) -> Vec<ReceiverView> {
        let mut status = self.evaluator.receivers();
        let config = self.notices.config();
        let receivers = config.receivers.iter();
        receivers
            .map(|receiver| ReceiverView {
                name: receiver.name().to_owned(),
                kind: receiver.receiver_type().word(),
                arns: receiver.arns().to_vec(),
                target: receiver.target(),
                status: status.remove(receiver.name()).unwrap_or_default(),
            })
            .collect()
    }

    /// Sends a test; `None` when there is no receiver of that name.
    pub async fn test_receiver(&self, name: &str) -> Option<Tested> {
        self.notices.test(name, AgentId::random().to_string()).await
    }

    /// What is wrong with `alarms.toml`, with lines; what was read last is in force meanwhile.
    pub fn file_problem(&self) -> Option<String> {
        self.file_problem.read().clone()
    }

    /// The file, if one is configured.
    pub fn file(&self) -> Option<&Path> {
        self.settings.file.as_deref()
    }

    fn set_file_problem(&self, problem: Option<String>) {
        *self.file_problem.write() = problem;
    }
}

/// Those that can be read; one that cannot holds nothing and is said.
fn kept_silences(kept: BTreeMap<String, Value>) -> BTreeMap<String, Silence> {
    let read = |(id, value): (String, Value)| match serde_json::from_value(value) {
        Ok(silence) => Some((id, silence)),
        Err(error) => {
            tracing::error!(id, %error, "a silence cannot be read and holds nothing");
            None
        }
    };
    kept.into_iter().filter_map(read).collect()
}

/// An alarm's going to ALARM, as routes and silences look at it.
fn transition(status: &Status, labels: Labels) -> Transition {
    let named = |key: &str| -> Vec<String> {
        let list = status.definition.get(key).and_then(Value::as_array);
        let list = list.into_iter().flatten().filter_map(Value::as_str);
        list.map(str::to_owned).collect()
    };
    Transition {
        number: 0,
        alarm: status.name.clone(),
        arn: status.arn.clone(),
        description: status.description.clone(),
        labels,
        tags: status.tags.clone(),
        from: State::Ok,
        to: State::Alarm,
        at: status.since,
        from_since: status.since,
        reason: String::new(),
        reason_data: String::new(),
        value: None,
        configured_at: status.configured_at,
        trigger: status.definition.clone(),
        actions: TransitionActions {
            alarm: named("AlarmActions"),
            ..TransitionActions::default()
        },
    }
}
