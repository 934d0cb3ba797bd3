//! Questions about rows: those that differ in the metric or in the entity alone are asked as one.
//!
//! Ten thousand alarms, each on one pod, are some ten plans: the exact values of filters become groups of a question that
//! keeps all of them, and each alarm finds its own among them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Periods, RowsWindow, Window, WindowLabels, Windows};
use crate::error::QueryError;
use crate::filter::{Filter, Pattern};
use crate::metrics::{MetricRequest, MetricsAnswer, MetricsRequest, Series, Statistic};
use crate::moment::Moment;

/// As many columns as a question groups by.
const MOST_GROUPS: usize = 8;
/// As many metrics as a question has, less one for the number of samples.
const MOST_METRICS: usize = 99;
/// Up to so many values of a column are named in the joint question; with more, all rows are read.
const MOST_NAMED: usize = 200;
/// Periods of one question.
const MOST_PERIODS: u32 = 10_000;

/// Questions that are asked as one, or one that is asked in parts.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// What is asked, part by part of the range.
    pub(crate) requests: Vec<MetricsRequest>,
    /// Who asks: the place of the question, and which part of the answer is his.
    shares: Vec<Share>,
    /// Periods of the whole range.
    periods: Option<Periods>,
}

#[derive(Debug)]
struct Share {
    question: usize,
    metric: String,
    statistic: String,
    samples: bool,
    group_by: Vec<String>,
    /// What its filters name, which the joint question groups by.
    exact: BTreeMap<String, String>,
}

/// What questions have in common when they are asked as one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Common {
    entity: String,
    periods: Periods,
    group_by: BTreeSet<String>,
    exact: BTreeSet<String>,
    /// Filters that are not exact, as text: equal ones are written alike.
    others: String,
}

/// A question's place, the question, and the exact values of its filters.
type Asked<'a> = (usize, &'a RowsWindow, BTreeMap<String, String>);
/// Metrics with their statistics.
type Statistics<'a> = BTreeSet<(&'a str, &'a str)>;

/// Puts questions together. The number is the question's place, by which [`Batch::answers`] tells whose an answer is.
pub(crate) fn batches<'a>(
    questions: impl Iterator<Item = (usize, &'a RowsWindow, Periods)>,
) -> Vec<Batch> {
    let mut together: BTreeMap<Common, Vec<Asked<'_>>> = BTreeMap::new();
    for (place, window, periods) in questions {
        let mut exact = exact(&window.filters);
        let groups: BTreeSet<String> = window.group_by.iter().cloned().collect();
        let all = groups.iter().chain(exact.keys()).collect::<BTreeSet<_>>();
        if all.len() > MOST_GROUPS {
            exact.clear();
        }
        let others = window
            .filters
            .iter()
            .filter(|(name, _)| !exact.contains_key(*name));
        let common = Common {
            // Names of Container Insights tell their entity one by one.
            entity: match window.entity.is_empty() {
                true => format!("\u{0}{}", window.metric),
                false => window.entity.clone(),
            },
            periods,
            group_by: groups,
            exact: exact.keys().cloned().collect(),
            others: format!("{:?}", others.collect::<Vec<_>>()),
        };
        together
            .entry(common)
            .or_default()
            .push((place, window, exact));
    }
    let mut made = Vec::new();
    for (common, questions) in together {
        for part in by_metrics(questions) {
            made.push(batch(&common, part));
        }
    }
    made
}

/// Cuts questions so that each part has no more metrics than a request takes.
fn by_metrics(questions: Vec<Asked<'_>>) -> Vec<Vec<Asked<'_>>> {
    let mut parts: Vec<(Statistics<'_>, Vec<Asked<'_>>)> = Vec::new();
    for asked in questions {
        let metric = (asked.1.metric.as_str(), asked.1.statistic.as_str());
        let counted = (asked.1.metric.as_str(), COUNT);
        let fits = |metrics: &Statistics<'_>| {
            metrics.contains(&metric) || metrics.len() + 2 <= MOST_METRICS
        };
        match parts.iter_mut().find(|(metrics, _)| fits(metrics)) {
            Some((metrics, part)) => {
                metrics.extend([metric, counted]);
                part.push(asked);
            }
            None => parts.push((Statistics::from([metric, counted]), vec![asked])),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

const COUNT: &str = "SampleCount";

fn batch(common: &Common, asked: Vec<Asked<'_>>) -> Batch {
    let alone = asked.len() == 1;
    let mut metrics: Vec<MetricRequest> = Vec::new();
    let mut add = |metric: &str, statistic: &str| {
        let one = MetricRequest {
            id: None,
            metric: metric.to_owned(),
            statistic: Some(statistic.to_owned()),
        };
        if !metrics.contains(&one) {
            metrics.push(one);
        }
    };
    for (_, window, _) in &asked {
        add(&window.metric, &window.statistic);
        if window.samples {
            add(&window.metric, COUNT);
        }
    }
    // The filters that are not exact are the same for all.
    let mut filters: BTreeMap<String, Filter> = BTreeMap::new();
    if let Some((_, window, exact)) = asked.first() {
        let others = window
            .filters
            .iter()
            .filter(|(name, _)| !exact.contains_key(*name));
        filters.extend(others.map(|(name, filter)| (name.clone(), filter.clone())));
    }
    let mut group_by: Vec<String> = common.group_by.iter().cloned().collect();
    for name in &common.exact {
        let values: BTreeSet<&str> = asked
            .iter()
            .filter_map(|(_, _, exact)| exact.get(name).map(String::as_str))
            .collect();
        if values.len() <= MOST_NAMED {
            filters.insert(name.clone(), Filter::any(values.iter().copied()));
        }
        if !alone && !common.group_by.contains(name) {
            group_by.push(name.clone());
        }
    }
    let shares = asked.into_iter().map(|(question, window, exact)| Share {
        question,
        metric: window.metric.clone(),
        // As the answer spells it: p99.0 is p99 there.
        statistic: Statistic::parse(&window.statistic)
            .map_or_else(|_| window.statistic.clone(), |known| known.to_string()),
        samples: window.samples,
        group_by: window.group_by.clone(),
        exact: if alone { BTreeMap::new() } else { exact },
    });
    let shares = shares.collect();
    let requests = parts(common.periods).map(|periods| MetricsRequest {
        entity: match common.entity.starts_with('\u{0}') {
            true => String::new(),
            false => common.entity.clone(),
        },
        metrics: metrics.clone(),
        filters: filters.clone(),
        group_by: group_by.clone(),
        start: Some(Moment::At(periods.start)),
        end: Some(Moment::At(periods.end())),
        period_seconds: Some(u64::from(periods.seconds)),
        offset_seconds: Some(offset(&periods)),
        ..MetricsRequest::default()
    });
    Batch {
        requests: requests.collect(),
        shares,
        periods: Some(common.periods),
    }
}

/// A range in parts that one question each can have.
fn parts(periods: Periods) -> impl Iterator<Item = Periods> {
    let length = i64::from(periods.seconds) * 1_000_000;
    (0..periods.count.div_ceil(MOST_PERIODS)).map(move |part| {
        let before = part * MOST_PERIODS;
        Periods {
            start: periods.start + i64::from(before) * length,
            count: (periods.count - before).min(MOST_PERIODS),
            ..periods
        }
    })
}

/// How long after a multiple of the length the periods begin, in seconds.
fn offset(periods: &Periods) -> u64 {
    let length = i64::from(periods.seconds) * 1_000_000;
    let after = periods.start.rem_euclid(length.max(1)) / 1_000_000;
    u64::try_from(after).unwrap_or(0)
}

/// Filters that name one value.
fn exact(filters: &BTreeMap<String, Filter>) -> BTreeMap<String, String> {
    let exact = filters
        .iter()
        .filter_map(|(name, filter)| match filter.values.as_slice() {
            [Pattern::Exact(value)] if !filter.not => Some((name.clone(), value.clone())),
            _ => None,
        });
    exact.collect()
}

impl Batch {
    /// The places of the questions that it answers.
    pub(crate) fn questions(&self) -> Vec<usize> {
        self.shares.iter().map(|share| share.question).collect()
    }

    /// Each question's place and answer.
    pub(crate) fn answers(
        self,
        answered: Result<Vec<MetricsAnswer>, QueryError>,
    ) -> Vec<(usize, Windows)> {
        let answers = match answered {
            Ok(answers) => answers,
            Err(error) => {
                let each = self.shares.iter();
                return each
                    .map(|share| (share.question, Err(error.clone())))
                    .collect();
            }
        };
        let count = self.periods.map_or(0, |periods| periods.count as usize);
        let mut index: BTreeMap<Wanted, Vec<(usize, &Series)>> = BTreeMap::new();
        let mut before = 0;
        for answer in &answers {
            for series in &answer.series {
                let wanted = Wanted {
                    metric: &series.metric,
                    statistic: &series.statistic,
                    exact: self.exact_of(series),
                };
                index.entry(wanted).or_default().push((before, series));
            }
            before += answer.times.len();
        }
        let shares = self.shares.iter();
        shares
            .map(|share| (share.question, Ok(share.windows(&index, count))))
            .collect()
    }

    /// What a series of the joint answer has for the columns that some filters name.
    fn exact_of<'s>(&self, series: &'s Series) -> BTreeMap<&'s str, &'s str> {
        let Some(share) = self.shares.first() else {
            return BTreeMap::new();
        };
        let named = series
            .labels
            .iter()
            .filter(|(name, _)| share.exact.contains_key(*name));
        named
            .filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)))
            .collect()
    }
}

/// Which series of a joint answer.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted<'a> {
    metric: &'a str,
    statistic: &'a str,
    exact: BTreeMap<&'a str, &'a str>,
}

impl Share {
    fn windows<'a>(
        &'a self,
        index: &BTreeMap<Wanted<'a>, Vec<(usize, &'a Series)>>,
        count: usize,
    ) -> Vec<Window> {
        let exact: BTreeMap<&str, &str> = self
            .exact
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let of = |statistic: &'a str| {
            index.get(&Wanted {
                metric: &self.metric,
                statistic,
                exact: exact.clone(),
            })
        };
        let mut found: BTreeMap<WindowLabels, Window> = BTreeMap::new();
        let mut take = |statistic: &'a str, is_count: bool| {
            for (before, series) in of(statistic).into_iter().flatten() {
                let labels = self.labels(series);
                let window = found.entry(labels.clone()).or_insert_with(|| Window {
                    labels,
                    values: vec![None; count],
                    samples: self.samples.then(|| vec![None; count]),
                    ..Window::default()
                });
                let values = match (is_count, &mut window.samples) {
                    (true, Some(samples)) => samples,
                    (true, None) => continue,
                    (false, _) => &mut window.values,
                };
                for (place, value) in values.iter_mut().skip(*before).zip(&series.values) {
                    *place = *value;
                }
            }
        };
        take(&self.statistic, false);
        if self.samples {
            take(COUNT, true);
        }
        // A question that groups by nothing has one series, also where no row is.
        if found.is_empty() && self.group_by.is_empty() {
            found.insert(
                WindowLabels::new(),
                Window {
                    values: vec![None; count],
                    samples: self.samples.then(|| vec![None; count]),
                    ..Window::default()
                },
            );
        }
        found.into_values().collect()
    }

    fn labels(&self, series: &Series) -> WindowLabels {
        let wanted = series
            .labels
            .iter()
            .filter(|(name, _)| self.group_by.contains(name));
        wanted
            .filter_map(|(name, value)| Some((name.clone(), value.clone()?)))
            .collect()
    }
}
