//! Metric statistics: a typed request, a plan over the tiers that are exact for it, series of values.
//!
//! What the statistics mean is written in docs/reference/statistics.md; in short:
//!
//! - A *sample* is one entity's row of one minute when the period is a multiple of 60 s, else one raw row.
//! - A formula is evaluated in each sample: on the minute's sums of deltas, on the mean of its gauges (their extremes
//!   for `Maximum` and `Minimum`). A five-minute or hourly row stands for as many samples as it has minutes.
//! - A sample with a null operand contributes nothing; a period without samples is null.

mod answer;
pub(crate) mod derived;
pub(crate) mod grid;
mod operand;
mod plan;
mod question;
mod request;
mod shape;
mod statistic;
pub(crate) mod tier;

use std::sync::Arc;
use std::time::Instant;

use catalogue::Tier;
use datafusion::prelude::SessionContext;
use futures::TryStreamExt;

pub use answer::{MetricsAnswer, MetricsStats, Series};
pub use request::{MetricRequest, MetricsRequest, Order};
pub use statistic::Statistic;

pub(crate) use question::{entity, metric};

use crate::error::{Code, QueryError};
use crate::execute;
use crate::fault;
use crate::limits::Limits;
use crate::names::{Index, Names};
use crate::tables::Tables;
use answer::Builder;
use plan::{Percentiles, Planner};
use question::Question;
use shape::Shape;
use tier::Cover;

/// What is wrong with a request, before anything is read.
pub(crate) fn check(
    request: MetricsRequest,
    now: i64,
    limits: &Limits,
    tables: &dyn Tables,
) -> Result<(), QueryError> {
    Question::new(request, now, limits, tables).map(|_| ())
}

/// Answers a request at `now` (microseconds of the epoch).
pub(crate) async fn answer(
    request: MetricsRequest,
    now: i64,
    limits: &Limits,
    tables: &Arc<dyn Tables>,
    names: &Names,
    context: &SessionContext,
) -> Result<MetricsAnswer, QueryError> {
    let started = Instant::now();
    let question = Question::new(request, now, limits, tables.as_ref())?;
    let names = match question.needs_names() {
        true => names.current(tables.as_ref(), context).await?,
        false => Arc::default(),
    };
    let cover = cover(&question, now, tables.as_ref());
    let mut stats = MetricsStats {
        tier: tier_names(&cover),
        notes: notes(&question, &cover),
        ..Default::default()
    };
    if names.let_go() > 0 {
        stats.notes.push(format!(
            "the names of {} pods that ended long ago are no longer in memory: their rows have none",
            names.let_go()
        ));
    }
    let mut builder = Builder::new(&question, limits.values);
    if !cover.segments.is_empty() {
        fill(
            &question,
            &cover,
            limits,
            (tables.as_ref(), &names),
            context,
            &mut builder,
            &mut stats,
        )
        .await?;
    }
    stats.rows = builder.rows;
    let series = builder.series(limits.values)?;
    stats.elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(MetricsAnswer {
        start: question.grid.start / 1000,
        end: question.grid.end() / 1000,
        period_seconds: question.grid.period / grid::SECOND,
        times: question.grid.times(),
        series,
        stats,
    })
}

/// The tiers for the question: exact for every one of its metrics, since they share a scan.
fn cover(question: &Question, now: i64, tables: &dyn Tables) -> Cover {
    let exact = question
        .metrics
        .iter()
        .map(|m| {
            let exact = Shape::of(&m.metric.formula, question.table).coarsest_exact(m.statistic);
            // An hour's rows do not say which of them there were at one time.
            if m.metric.gather.is_empty() {
                exact
            } else {
                exact.min(Tier::Minute)
            }
        })
        .min()
        .unwrap_or(Tier::Hour);
    tier::cover(&question.grid, exact, now, |tier| {
        tables.range(question.table, tier)
    })
}

async fn fill(
    question: &Question,
    cover: &Cover,
    limits: &Limits,
    (tables, names): (&dyn Tables, &Arc<Index>),
    context: &SessionContext,
    builder: &mut Builder<'_>,
    stats: &mut MetricsStats,
) -> Result<(), QueryError> {
    let is_percentile =
        |i: &usize| matches!(question.metrics[*i].statistic, Statistic::Percentile(_));
    let is_total = |i: &usize| question.metrics[*i].statistic == Statistic::Total;
    let all: Vec<usize> = (0..question.metrics.len()).collect();
    // A percentile needs the samples, a total needs them added up by entity first: one plan cannot do both.
    // And what is a sample must be the same for all of a plan.
    let mut plans: Vec<Vec<usize>> = Vec::new();
    let gather = |i: &usize| {
        let metric = &question.metrics[*i].metric;
        // Of rows that are added up there must be no more than one for each entity: all are of the metric.
        let rows = (!metric.gather.is_empty()).then_some(metric.rows);
        (metric.gather, rows)
    };
    for like in all.iter().filter(|i| {
        let first = all.iter().position(|other| gather(other) == gather(i));
        first == Some(**i)
    }) {
        let same: Vec<usize> = all
            .iter()
            .copied()
            .filter(|i| gather(i) == gather(like))
            .collect();
        if same.iter().any(is_percentile) && same.iter().any(is_total) {
            let (percentiles, others) = same.into_iter().partition(is_percentile);
            plans.extend([others, percentiles]);
        } else {
            plans.push(same);
        }
    }
    for (i, metrics) in plans.iter().enumerate() {
        let planner = Planner::new(
            question,
            &cover.segments,
            tables,
            Arc::clone(names),
            metrics.clone(),
        );
        let mut percentiles = Percentiles::Exact;
        if metrics.iter().any(is_percentile) {
            let weighted = cover.segments.iter().any(|s| s.tier > Tier::Minute);
            let samples = count(&planner, context).await?;
            if weighted || samples > limits.exact_percentile_samples {
                percentiles = Percentiles::Estimated;
            }
            stats.percentiles = Some(if percentiles == Percentiles::Exact {
                "exact"
            } else {
                "t-digest"
            });
        }
        let plan = planner
            .build(percentiles)
            .map_err(|e| fault::internal(&e))?;
        let physical = context
            .state()
            .create_physical_plan(&plan)
            .await
            .map_err(|e| fault::running(&e))?;
        if i == 0 {
            stats.files = fault::files(physical.as_ref());
        }
        let mut stream = datafusion::physical_plan::execute_stream(physical, context.task_ctx())
            .map_err(|e| fault::running(&e))?;
        while let Some(batch) = stream.try_next().await.map_err(|e| fault::running(&e))? {
            builder.add(&batch, metrics, i == 0)?;
        }
    }
    Ok(())
}

async fn count(planner: &Planner<'_>, context: &SessionContext) -> Result<usize, QueryError> {
    let plan = planner.count().map_err(|e| fault::internal(&e))?;
    let batches = execute::collect(&plan, context).await?;
    let count = batches.iter().find(|b| b.num_rows() > 0).and_then(|b| {
        use arrow::array::AsArray;
        b.column(0)
            .as_primitive_opt::<arrow::datatypes::Int64Type>()
            .map(|c| c.value(0))
    });
    count
        .and_then(|n| usize::try_from(n).ok())
        .ok_or_else(|| QueryError::new(Code::Internal, "counting rows gave no number"))
}

/// `1h+5m+1m`.
fn tier_names(cover: &Cover) -> String {
    let mut tiers: Vec<Tier> = cover.segments.iter().map(|s| s.tier).collect();
    tiers.sort_unstable_by(|a, b| b.cmp(a));
    tiers.dedup();
    let names: Vec<&str> = tiers.into_iter().map(tier_name).collect();
    names.join("+")
}

fn tier_name(tier: Tier) -> &'static str {
    match tier {
        Tier::Raw => "raw",
        other => other.suffix().trim_start_matches('_'),
    }
}

fn notes(question: &Question, cover: &Cover) -> Vec<String> {
    let mut notes = Vec::new();
    if cover.coarser {
        let exact_since = cover
            .segments
            .iter()
            .filter(|s| s.tier <= Tier::Minute)
            .map(|s| s.from)
            .min();
        let since = exact_since.map_or_else(
            || "throughout".to_owned(),
            |t| format!("before {}", rfc3339(t)),
        );
        notes.push(format!(
            "{since} only five-minute or hourly rows are held: what does not add up (extremes and percentiles of rates, \
             ratios of gauges) is that of their means there"
        ));
    }
    if let Some(tier) = cover.too_fine {
        let seconds = tier.seconds().unwrap_or(60);
        let held = cover.segments.first().map(|s| s.from);
        let where_ = held.map_or_else(String::new, |t| format!(" before {}", rfc3339(t)));
        notes.push(format!(
            "a part of the range{where_} is held only in rows of {seconds} s: ask for a period that is a multiple of \
             {seconds} s to see it"
        ));
    }
    if question.grid.period > grid::MINUTE && !question.grid.by_minute() {
        notes.push(
            "the period is not a multiple of 60 s: samples are raw rows, not minutes".to_owned(),
        );
    }
    notes
}

fn rfc3339(micros: i64) -> String {
    match chrono::DateTime::from_timestamp_micros(micros) {
        Some(time) => time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        None => format!("{micros} µs"),
    }
}
