//! A server's alarms without a server: data points out of a map, receivers that note what they are told.
#![allow(clippy::unwrap_used, dead_code)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use alarm::{Period, State, Transition};
use async_trait::async_trait;
use evaluator::{
    Ask, Deliver, Evaluator, Failure, HistoryItem, HistoryQuery, Hold, Labels, NamedActions, Now,
    Round, Settings, Status, Window, Windows,
};
use parking_lot::Mutex;
use serde_json::{Value, json};

pub(crate) const SECOND: i64 = 1_000_000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
/// A full hour, so that minutes are easily told.
pub(crate) const START: i64 = 1_800_000_000 * SECOND;

type Series = BTreeMap<Labels, BTreeMap<i64, f64>>;

/// Data points by alarm, series and start.
#[derive(Debug, Default)]
pub(crate) struct Points {
    pub(crate) series: Mutex<BTreeMap<String, Series>>,
    pub(crate) unreadable: Mutex<Option<String>>,
    pub(crate) newest: Mutex<Option<i64>>,
    pub(crate) asked: Mutex<Vec<usize>>,
}

impl Points {
    pub(crate) fn put(&self, alarm: &str, labels: &Labels, start: i64, value: f64) {
        let mut all = self.series.lock();
        let series = all.entry(alarm.to_owned()).or_default();
        series
            .entry(labels.clone())
            .or_default()
            .insert(start, value);
    }
}

#[async_trait]
impl Windows for Points {
    async fn read(&self, asks: &[Ask], _now: i64) -> Vec<Result<Vec<Window>, String>> {
        self.asked.lock().push(asks.len());
        if let Some(why) = &*self.unreadable.lock() {
            return asks.iter().map(|_| Err(why.clone())).collect();
        }
        let all = self.series.lock();
        let windows = |ask: &Ask| {
            let series = all.get(&ask.plan.name).into_iter().flatten();
            let each = series.filter_map(|(labels, values)| {
                let at = |start: &i64| Some(Period::new(*start, Some(*values.get(start)?)));
                let periods: Vec<Period> = ask.starts.iter().filter_map(at).collect();
                (!periods.is_empty()).then(|| Window {
                    labels: labels.clone(),
                    words: periods
                        .iter()
                        .map(|period| (period.start, format!("The words at {}.", period.start)))
                        .filter(|_| ask.plan.name.contains("in words"))
                        .collect(),
                    periods,
                })
            });
            Ok(each.collect())
        };
        asks.iter().map(windows).collect()
    }

    async fn newest_row(&self) -> Option<i64> {
        *self.newest.lock()
    }
}

/// What a receiver was told: receiver, delivery, attempt, transitions.
pub(crate) type Told = (String, String, u32, Vec<Transition>);

/// Notes what it is told; answers as it is set to.
#[derive(Debug, Default)]
pub(crate) struct Receivers {
    pub(crate) told: Mutex<Vec<Told>>,
    pub(crate) failure: Mutex<Option<Failure>>,
}

#[async_trait]
impl Deliver for Receivers {
    async fn deliver(
        &self,
        receiver: &str,
        transitions: &[Transition],
        delivery: &str,
        attempt: u32,
    ) -> Result<String, Failure> {
        let told = (
            receiver.to_owned(),
            delivery.to_owned(),
            attempt,
            transitions.to_vec(),
        );
        self.told.lock().push(told);
        match &*self.failure.lock() {
            Some(failure) => Err(failure.clone()),
            None => Ok("200 OK".to_owned()),
        }
    }
}

/// Settings without a settle time: tests begin when they begin.
pub(crate) fn settings() -> Settings {
    Settings {
        settle_seconds: 0,
        ..Settings::default()
    }
}

pub(crate) struct Lab {
    folder: tempfile::TempDir,
    settings: Settings,
    pub(crate) evaluator: Option<Evaluator>,
    pub(crate) points: Arc<Points>,
    pub(crate) receivers: Arc<Receivers>,
}

impl Lab {
    pub(crate) fn new() -> Lab {
        Lab::with(settings())
    }

    pub(crate) fn with(settings: Settings) -> Lab {
        let folder = tempfile::tempdir().unwrap();
        let mut lab = Lab {
            folder,
            settings,
            evaluator: None,
            points: Arc::default(),
            receivers: Arc::default(),
        };
        lab.start();
        lab
    }

    fn start(&mut self) {
        let routing = Arc::new(NamedActions);
        let opened = Evaluator::open(self.folder.path(), self.settings.clone(), routing);
        self.evaluator = Some(opened.unwrap());
    }

    pub(crate) fn restart(&mut self) {
        self.evaluator = None;
        self.start();
    }

    pub(crate) fn e(&self) -> &Evaluator {
        self.evaluator.as_ref().unwrap()
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) async fn put(&self, definition: Value, at: i64) {
        self.e().put(&definition, at).await.unwrap();
    }

    pub(crate) async fn round(&self, at: i64) -> Round {
        let monotonic = Duration::from_micros(u64::try_from(at - START + 3600 * SECOND).unwrap());
        self.e()
            .round(
                Now {
                    wall: at,
                    monotonic,
                },
                &*self.points,
            )
            .await
    }

    /// Rounds each second, as a server's; what they did while they were not held.
    pub(crate) async fn rounds(&self, from: i64, to: i64) {
        let mut at = from;
        while at <= to {
            let round = self.round(at).await;
            assert_eq!(round.held, None::<Hold>);
            assert!(round.not_on_disk.is_none());
            at += SECOND;
        }
    }

    /// Makes every delivery that is due.
    pub(crate) async fn deliver(&self, at: i64) {
        loop {
            let begun = self.e().begin(&*self.receivers, at, 100).await;
            if begun.is_empty() {
                return;
            }
            for attempt in begun {
                let result = self.e().attempt(&*self.receivers, &attempt).await;
                self.e().ended(&attempt, result, at, 0.5).await;
            }
        }
    }

    pub(crate) fn status(&self, name: &str) -> Status {
        self.e().describe(name).unwrap()
    }

    pub(crate) fn state(&self, name: &str) -> State {
        self.status(name).state
    }

    /// History of a type, oldest first.
    pub(crate) async fn history(&self, query: HistoryQuery) -> Vec<HistoryItem> {
        let query = HistoryQuery {
            limit: 10_000,
            ..query
        };
        let mut all = self.e().history(query).await.unwrap();
        all.reverse();
        all
    }

    /// Changes of state, oldest first: alarm, from, to, when in seconds after the start.
    pub(crate) async fn transitions(&self) -> Vec<(String, State, State, i64)> {
        let kind = Some(evaluator::HistoryItemType::StateUpdate);
        let all = self
            .history(HistoryQuery {
                kind,
                ..HistoryQuery::default()
            })
            .await;
        let each = all.into_iter().map(|item| {
            (
                item.alarm,
                item.from.unwrap(),
                item.to.unwrap(),
                (item.time - START) / SECOND,
            )
        });
        each.collect()
    }

    /// New states that a receiver was told, in order.
    pub(crate) fn told(&self, receiver: &str) -> Vec<State> {
        let told = self.receivers.told.lock();
        let for_it = told.iter().filter(|told| told.0 == receiver);
        for_it
            .flat_map(|told| told.3.iter().map(|transition| transition.to))
            .collect()
    }
}

/// N = M = 3, 60 seconds, > 3, with all actions.
pub(crate) fn metric(name: &str) -> Value {
    json!({
        "AlarmName": name, "Namespace": "ContainerInsights", "MetricName": "pod_cpu_utilization",
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 3, "Threshold": 3.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "OKActions": ["mail"], "AlarmActions": ["mail", "pager"], "InsufficientDataActions": ["mail"],
    })
}

/// The same with other keys.
pub(crate) fn metric_with(name: &str, keys: Value) -> Value {
    let mut definition = metric(name);
    for (key, value) in keys.as_object().unwrap() {
        definition[key] = value.clone();
    }
    definition
}

pub(crate) fn series(name: &str, keys: Value) -> Value {
    let mut definition = metric_with(name, keys);
    let keys = definition.as_object_mut().unwrap();
    for key in ["Namespace", "MetricName", "Statistic"] {
        keys.remove(key);
    }
    definition["Source"] = json!({"Rows": {
        "Entity": "pod", "Metric": "memory_working_set_bytes", "Statistic": "Maximum", "GroupBy": ["pod"],
    }});
    definition
}

pub(crate) fn composite(name: &str, rule: &str) -> Value {
    json!({"AlarmName": name, "AlarmRule": rule, "OKActions": ["mail"], "AlarmActions": ["mail"]})
}

pub(crate) fn labels(pod: &str) -> Labels {
    BTreeMap::from([("pod".to_owned(), pod.to_owned())])
}
