//! An alarm's data points from the store.

mod fault;
mod math;
mod models;
mod source;

use std::collections::BTreeMap;
use std::sync::Arc;

use alarm::Period;
use alarm::definition::{Fault, Source};
use async_trait::async_trait;
use catalogue::Tier;
use catalogue::tables::NODE;
use evaluator::{Ask, Labels, Points, Window, Windows};
use metric_math::Grid;
use query::{Periods, Query, WindowsRequest};
use store::Store;

use math::{Math, Models, series};
use models::{Found, LEARNED_SECONDS, ModelKey, ModelShelf};

/// Reads data points for alarms.
#[derive(Debug)]
pub(super) struct StoredWindows {
    store: Arc<Store>,
    query: Arc<Query>,
    models: ModelShelf,
}

/// One alarm's question among all that are asked at once.
enum Reading {
    /// One question, whose place it is.
    Plain(usize),
    /// Several, the first of whose places it is, and what is computed of them.
    Math(Box<Math>, usize),
}

type Answers = Vec<query::Windows>;

impl StoredWindows {
    pub(super) fn new(store: Arc<Store>, query: Arc<Query>) -> StoredWindows {
        StoredWindows {
            store,
            query,
            models: ModelShelf::default(),
        }
    }

    /// What is wrong with an alarm's source before anything is read, at the key that says it.
    pub(super) fn check(&self, points: &Points, now: i64) -> Result<(), Fault> {
        let periods = Periods {
            start: now.div_euclid(60_000_000) * 60_000_000 - i64::from(points.period) * 1_000_000,
            seconds: points.period,
            count: 1,
        };
        let mut questions = Vec::new();
        Reading::of(points, periods, &mut questions)
            .map_err(|message| fault::of_source(&points.source, message))?;
        for question in &questions {
            self.query
                .check_window(question, now)
                .map_err(|error| fault::of_question(&points.source, &error))?;
        }
        Ok(())
    }

    /// The data points of an alarm over any periods.
    pub(super) async fn read_periods(
        &self,
        points: &Points,
        periods: Periods,
        now: i64,
    ) -> Result<Vec<Window>, String> {
        let mut questions = Vec::new();
        let reading = Reading::of(points, periods, &mut questions)?;
        let answers = self.query.windows(&questions, now).await;
        self.finish(points, reading, periods, &answers, now).await
    }

    async fn finish(
        &self,
        points: &Points,
        reading: Reading,
        periods: Periods,
        answers: &Answers,
        now: i64,
    ) -> Result<Vec<Window>, String> {
        match reading {
            Reading::Plain(place) => {
                let answer = answers.get(place).ok_or("nothing was asked")?;
                let windows = answer.as_ref().map_err(ToString::to_string)?;
                Ok(windows
                    .iter()
                    .map(|window| plain(window, &periods))
                    .collect())
            }
            Reading::Math(math, first) => {
                let metrics = metrics(&math, first, answers)?;
                let found = self.models(points, &math, now).await?;
                let models: Models<'_> = found
                    .iter()
                    .map(|(of, model)| (of.as_str(), &**model))
                    .collect();
                let periods = math.periods(&metrics, &models, &grid(&periods))?;
                Ok(vec![Window {
                    labels: Labels::new(),
                    periods,
                    words: BTreeMap::new(),
                }])
            }
        }
    }

    /// The models that a band needs, trained when it is time.
    async fn models(&self, points: &Points, math: &Math, now: i64) -> Result<Found, String> {
        let mut found = Found::new();
        for of in math.models() {
            let key: ModelKey = (format!("{:?}", points.source), of.clone());
            let model = match self.models.get(&key, now) {
                Some(model) => model,
                None => self.train(points, math, key, now).await?,
            };
            found.extend(model.map(|model| (of, model)));
        }
        Ok(found)
    }

    async fn train(
        &self,
        points: &Points,
        math: &Math,
        key: ModelKey,
        now: i64,
    ) -> Result<Option<Arc<anomaly::Model>>, String> {
        let length = i64::from(points.period.max(1)) * 1_000_000;
        let count = LEARNED_SECONDS / points.period.max(1);
        let end = now.div_euclid(length) * length;
        let learned = Periods {
            start: end - length * i64::from(count),
            seconds: points.period,
            count,
        };
        let mut questions = Vec::new();
        for (_, source) in &math.metrics {
            questions.push(WindowsRequest {
                source: source.clone(),
                periods: learned,
            });
        }
        let answers = self.query.windows(&questions, now).await;
        let metrics = metrics(math, 0, &answers)?;
        let values = math.learned(&key.1, &metrics, &grid(&learned))?;
        let from = (learned.start, learned.seconds);
        let detector = points.source.detector().cloned().unwrap_or_default();
        Ok(self.models.train(key, &detector, from, &values, now))
    }
}

impl Reading {
    fn of(
        points: &Points,
        periods: Periods,
        questions: &mut Vec<WindowsRequest>,
    ) -> Result<Reading, String> {
        let first = questions.len();
        if let Source::Math { queries, band, .. } = &points.source {
            let math = Math::new(queries, band.as_deref())?;
            for (_, source) in &math.metrics {
                questions.push(WindowsRequest {
                    source: source.clone(),
                    periods,
                });
            }
            return Ok(Reading::Math(Box::new(math), first));
        }
        questions.push(WindowsRequest {
            source: source::question(&points.source, points.rule.low_samples.is_some())?,
            periods,
        });
        Ok(Reading::Plain(first))
    }
}

/// The series of each metric, from the answers from `first` on.
fn metrics(
    math: &Math,
    first: usize,
    answers: &Answers,
) -> Result<BTreeMap<String, metric_math::Series>, String> {
    let mut metrics = BTreeMap::new();
    for ((id, _), answer) in math.metrics.iter().zip(answers.iter().skip(first)) {
        let windows = answer.as_ref().map_err(ToString::to_string)?;
        if let Some(window) = windows.first() {
            metrics.insert(id.clone(), series(id, window.values.clone()));
        }
    }
    Ok(metrics)
}

fn grid(periods: &Periods) -> Grid {
    Grid {
        start_us: periods.start,
        period_seconds: periods.seconds,
        count: periods.count as usize,
    }
}

fn plain(window: &query::Window, periods: &Periods) -> Window {
    let samples = |at: usize| window.samples.as_ref()?.get(at).copied().flatten();
    let values = periods.starts().zip(&window.values).enumerate();
    Window {
        labels: window.labels.clone(),
        periods: values
            .map(|(at, (start, value))| Period {
                start,
                value: *value,
                band: None,
                samples: samples(at),
            })
            .collect(),
        words: window.words.clone(),
    }
}

#[async_trait]
impl Windows for StoredWindows {
    async fn read(&self, asks: &[Ask], now: i64) -> Vec<Result<Vec<Window>, String>> {
        let mut questions = Vec::new();
        let readings: Vec<Result<(Reading, Periods), String>> = asks
            .iter()
            .map(|ask| {
                let points = ask.plan.points().ok_or("it is over no data points")?;
                let periods = Periods {
                    start: ask.starts.first().copied().unwrap_or_default(),
                    seconds: ask.period_seconds,
                    count: u32::try_from(ask.starts.len()).unwrap_or(u32::MAX),
                };
                Ok((Reading::of(points, periods, &mut questions)?, periods))
            })
            .collect();
        let answers = self.query.windows(&questions, now).await;
        let mut windows = Vec::with_capacity(asks.len());
        for (ask, reading) in asks.iter().zip(readings) {
            let read = match (reading, ask.plan.points()) {
                (Ok((reading, periods)), Some(points)) => {
                    self.finish(points, reading, periods, &answers, now).await
                }
                (Err(problem), _) => Err(problem),
                (Ok(_), None) => Err("it is over no data points".to_owned()),
            };
            windows.push(read);
        }
        windows
    }

    async fn newest_row(&self) -> Option<i64> {
        self.store.range(&NODE, Tier::Raw).map(|(_, newest)| newest)
    }
}
