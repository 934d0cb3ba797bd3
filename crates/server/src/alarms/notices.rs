//! Who is told of alarms: receivers, routes and silences, as the file says now and as people have added.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use alarm::Transition;
use async_trait::async_trait;
use evaluator::{Deliver, Failure, Gathered, Routing};
use notify::{Config, Http, Notification, Pending, Proxies, Silence};
use parking_lot::RwLock;

use crate::api::time::now_usec;

/// What is configured, exchanged whole when the file changes.
#[derive(Debug)]
pub(super) struct Notices {
    config: RwLock<Arc<Config>>,
    /// There is a file, and it was not read yet, or never without a fault since the start.
    awaits_file: AtomicBool,
    /// Silences that people have made, by id.
    made: RwLock<BTreeMap<String, Silence>>,
    http: Http,
}

/// A silence, and where it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct SilenceStatus {
    /// The silence, with its id.
    pub silence: Silence,
    /// Whether it holds notifications now.
    pub active: bool,
    /// `file` or `api`.
    pub origin: &'static str,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// Whether the receiver has taken it.
    pub delivered: bool,
    /// What it answered, or what went wrong.
    pub answer: String,
    /// How long it took.
    pub milliseconds: u64,
}

impl Notices {
    /// With nobody to tell; `awaits_file`: until [`Notices::set_config`], which may be a while when the file has faults.
    pub(super) fn new(awaits_file: bool) -> Notices {
        Notices {
            config: RwLock::default(),
            awaits_file: AtomicBool::new(awaits_file),
            made: RwLock::default(),
            http: Http::new(Proxies::Environment),
        }
    }

    pub(super) fn config(&self) -> Arc<Config> {
        Arc::clone(&self.config.read())
    }

    pub(super) fn set_config(&self, config: Config) {
        *self.config.write() = Arc::new(config);
        self.awaits_file.store(false, Ordering::Release);
    }

    pub(super) fn set_made(&self, made: BTreeMap<String, Silence>) {
        *self.made.write() = made;
    }

    pub(super) fn add(&self, silence: Silence) {
        self.made.write().insert(silence.id.clone(), silence);
    }

    pub(super) fn remove(&self, id: &str) -> bool {
        self.made.write().remove(id).is_some()
    }

    /// All silences, those of the file first.
    pub(super) fn silences(&self, now: i64) -> Vec<SilenceStatus> {
        let status = |origin: &'static str| {
            move |silence: &Silence| SilenceStatus {
                active: silence.active(now),
                silence: silence.clone(),
                origin,
            }
        };
        let config = self.config();
        let mut all: Vec<SilenceStatus> = config.silences.iter().map(status("file")).collect();
        all.extend(self.made.read().values().map(status("api")));
        all
    }

    /// Ids of the silences that hold a transition back.
    pub(super) fn silenced_by(&self, transition: &Transition, now: i64) -> Vec<String> {
        let all = self.silences(now).into_iter();
        let silencing = all.filter(|one| one.silence.silences(transition, now));
        silencing.map(|one| one.silence.id).collect()
    }

    /// Names of those who are told of a transition, silences aside.
    pub(super) fn told(&self, transition: &Transition) -> Vec<String> {
        let told = self.config().routes.told(transition);
        for action in told.unknown {
            tracing::warn!(
                alarm = transition.alarm,
                action,
                "an alarm names a receiver that alarms.toml does not have: nobody is told"
            );
        }
        told.receivers
    }

    /// Sends a test to a receiver; `None` when there is none of that name.
    pub(super) async fn test(&self, name: &str, id: String) -> Option<Tested> {
        let config = self.config();
        let receiver = config.receiver(name)?;
        let begun = Instant::now();
        let notification = Notification::test(name, id, now_usec());
        let sent = receiver.deliver(&notification, &self.http).await;
        Some(Tested {
            milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            delivered: sent.is_ok(),
            answer: sent.map_or_else(|failure| failure.message, |delivery| delivery.answer),
        })
    }
}

/// Told to the evaluator as one who knows.
#[derive(Debug, Clone)]
pub(super) struct Told(pub(super) Arc<Notices>);

impl Routing for Told {
    fn receivers(&self, transition: &Transition) -> Vec<String> {
        match self.0.silenced_by(transition, transition.at).is_empty() {
            true => self.0.told(transition),
            false => Vec::new(),
        }
    }
}

#[async_trait]
impl Deliver for Told {
    async fn deliver(
        &self,
        receiver: &str,
        transitions: &[Transition],
        delivery: &str,
        _attempt: u32,
    ) -> Result<String, Failure> {
        // What is owed since before a restart is not given up because its receiver was not read yet. Asked before the
        // configuration is: it may be read in between.
        let transient = self.0.awaits_file.load(Ordering::Acquire);
        let config = self.0.config();
        let Some(to) = config.receiver(receiver) else {
            return Err(Failure {
                transient,
                retry_after: None,
                message: match transient {
                    true => "alarms.toml could not be read yet".to_owned(),
                    false => format!("alarms.toml has no receiver '{receiver}' any more"),
                },
            });
        };
        let notification = Notification::new(delivery, transitions.to_vec(), now_usec())
            .showing(config.group.shown);
        match to.deliver(&notification, &self.0.http).await {
            Ok(delivery) => Ok(delivery.answer),
            Err(failure) => Err(Failure {
                transient: failure.transient,
                retry_after: failure.retry_after,
                message: failure.message,
            }),
        }
    }

    fn gather(&self, receiver: &str, waiting: &[Transition], now: i64) -> Gathered {
        let config = self.0.config();
        let grouped = config
            .receiver(receiver)
            .is_some_and(|to| to.takes_groups());
        let pending: Vec<Pending<'_>> = waiting
            .iter()
            .map(|transition| Pending {
                receiver,
                transition,
                since: transition.at,
                grouped,
            })
            .collect();
        let groups = config.group.group(&pending, now);
        Gathered {
            now: groups
                .ready
                .into_iter()
                .map(|batch| batch.members)
                .collect(),
            look_again: groups.next,
        }
    }

    fn repeats_after(&self, receiver: &str) -> Option<Duration> {
        self.0.config().receiver(receiver)?.repeats_after()
    }
}
