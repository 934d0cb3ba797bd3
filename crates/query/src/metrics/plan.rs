//! A question as a plan: scans of tiers, one row for each sample; samples to periods and groups.
//!
//! Columns of the scans' union: `b` (number of the period since the epoch), `g0…` (labels), `k0…` (the entity, if it
//! matters), `w` (how many samples the row stands for, if any row stands for more than one) and `v0…` (values).

use std::sync::Arc;

use catalogue::tables::OBJECT;
use catalogue::{
    ColumnType, Derived, Formula, ROLLUP_MINUTES, ROLLUP_SAMPLES, Rows, Temporality, Tier,
};
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::{Result, ScalarValue};
use datafusion::datasource::provider_as_source;
use datafusion::functions::core::expr_fn::nullif;
use datafusion::functions_aggregate::expr_fn::{
    approx_percentile_cont, approx_percentile_cont_with_weight, count, last_value, max, min,
    percentile_cont, sum,
};
use datafusion::logical_expr::{
    Case, Expr, ExprFunctionExt, LogicalPlan, LogicalPlanBuilder, cast, ident, lit, when,
};

use crate::label::{Label, told_by_identity};
use crate::metrics::derived;
use crate::metrics::grid::{MINUTE, SECOND};
use crate::metrics::operand::{self, Mode};
use crate::metrics::question::Question;
use crate::metrics::statistic::Statistic;
use crate::metrics::tier::Segment;
use crate::names::{self, Index, Lookup, Name, uid_column};
use crate::tables::Tables;

/// How percentiles are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Percentiles {
    /// From all samples.
    Exact,
    /// By a t-digest.
    Estimated,
}

/// A value that a sample contributes; several statistics of one metric share it.
#[derive(Debug, PartialEq)]
struct Operand<'a> {
    formula: &'a Formula,
    rows: Rows,
    mode: Mode,
}

/// What is asked for: some of a question's metrics over some segments.
#[derive(Debug)]
pub(crate) struct Planner<'a> {
    question: &'a Question,
    segments: &'a [Segment],
    tables: &'a dyn Tables,
    names: Arc<Index>,
    /// Indexes into the question's metrics.
    metrics: Vec<usize>,
    operands: Vec<Operand<'a>>,
    /// For each of `metrics` the index of its operand.
    operand_of: Vec<usize>,
    /// Whether samples are first added up for each entity.
    by_entity: bool,
    weighted: bool,
}

impl<'a> Planner<'a> {
    pub(crate) fn new(
        question: &'a Question,
        segments: &'a [Segment],
        tables: &'a dyn Tables,
        names: Arc<Index>,
        metrics: Vec<usize>,
    ) -> Planner<'a> {
        let mut operands: Vec<Operand<'a>> = Vec::new();
        let mut operand_of = Vec::with_capacity(metrics.len());
        for wanted in metrics.iter().map(|i| &question.metrics[*i]) {
            let formula = &wanted.metric.formula;
            let has_gauge = operand::columns(formula, question.table)
                .iter()
                .any(|c| c.temporality == Temporality::Gauge);
            let mode = match wanted.statistic {
                Statistic::Minimum if has_gauge => Mode::Least,
                Statistic::Maximum if has_gauge => Mode::Greatest,
                _ => Mode::Mean,
            };
            let operand = Operand {
                formula,
                rows: wanted.metric.rows,
                mode,
            };
            let at = operands
                .iter()
                .position(|o| *o == operand)
                .unwrap_or_else(|| {
                    operands.push(operand);
                    operands.len() - 1
                });
            operand_of.push(at);
        }
        Planner {
            by_entity: metrics
                .iter()
                .any(|i| question.metrics[*i].statistic == Statistic::Total),
            weighted: segments.iter().any(|s| s.tier > Tier::Minute),
            question,
            segments,
            tables,
            names,
            metrics,
            operands,
            operand_of,
        }
    }

    /// Counts the rows that are looked at.
    pub(crate) fn count(&self) -> Result<LogicalPlan> {
        self.samples()?
            .aggregate(Vec::<Expr>::new(), [count(lit(1))])?
            .build()
    }

    /// One row for each period and group with columns `b`, `g0…`, `rows` and a number for each metric, in order.
    pub(crate) fn build(&self, percentiles: Percentiles) -> Result<LogicalPlan> {
        let labels: Vec<Expr> = self.labels().map(|(name, _)| ident(name)).collect();
        let mut groups = vec![ident("b")];
        groups.extend(labels);
        let samples = self.samples()?;
        let (aggregated, values) = if self.by_entity {
            let mut keys = groups.clone();
            keys.extend(self.keys().map(|(name, _)| ident(name)));
            let (partial, total) = self.through_entities();
            (
                samples
                    .aggregate(keys, partial)?
                    .aggregate(groups.clone(), total)?,
                self.values(),
            )
        } else {
            (
                samples.aggregate(groups.clone(), self.directly(percentiles))?,
                self.values(),
            )
        };
        groups.push(ident("rows"));
        groups.extend(values);
        aggregated.project(groups)?.build()
    }

    /// Labels as `g0…`.
    fn labels(&self) -> impl Iterator<Item = (String, &'a Label)> {
        let groups = self.question.groups.iter().enumerate();
        groups.map(|(i, label)| (format!("g{i}"), label))
    }

    /// The column by which rows know their pod, if what pods are called plays a part.
    fn uid(&self) -> Option<&'static str> {
        uid_column(self.question.table).filter(|_| self.question.needs_names())
    }

    /// How rows of a tier find what their pod was called: samples of a minute by the minute's end.
    fn lookup(&self, tier: Tier) -> Lookup {
        let span = match tier.seconds() {
            Some(seconds) => seconds * SECOND,
            None if self.question.grid.by_minute() => MINUTE,
            None => 1,
        };
        Lookup {
            index: Arc::clone(&self.names),
            span,
        }
    }

    /// The condition that filters by name make together.
    fn named_filters(&self, tier: Tier, micros: &Expr) -> Option<Expr> {
        let filters = self.question.filters.iter();
        let filters: Vec<_> = filters
            .filter_map(|(label, filter)| match label {
                Label::Name(name) => Some((name.clone(), filter.clone())),
                Label::Column(_) => None,
            })
            .collect();
        let uid = self.uid().filter(|_| !filters.is_empty())?;
        let held = |filters| names::held(self.lookup(tier), filters, ident(uid), micros.clone());
        if self.question.table.name != OBJECT.name {
            return Some(held(filters));
        }
        // Objects tell some of their names themselves.
        filters
            .into_iter()
            .map(|(name, filter)| match own_name(&name) {
                Some(own) => filter.expr(own, ColumnType::LongText),
                None if name == Name::Service => {
                    let own = filter.expr(ident("object_name"), ColumnType::LongText);
                    let held = held(vec![(name, filter)]);
                    is_service()
                        .and(own)
                        .or(is_service().is_not_true().and(held))
                }
                None => held(vec![(name, filter)]),
            })
            .reduce(Expr::and)
    }

    /// A label of a row as text; of a name that may have several values a list of them.
    fn label(&self, label: &Label, tier: Tier, micros: &Expr) -> Expr {
        let (name, uid) = match (label, self.uid()) {
            (Label::Column(column), uid) => {
                let told = cast(ident(column.name), DataType::Utf8);
                let identity = told_by_identity(self.question.table, column).zip(uid);
                return match identity {
                    None => told,
                    Some((name, uid)) => {
                        let known =
                            names::named(self.lookup(tier), name, ident(uid), micros.clone());
                        // The second is looked up only where the first is null.
                        Expr::Case(Case::new(
                            None,
                            vec![(Box::new(told.clone().is_not_null()), Box::new(told))],
                            Some(Box::new(known)),
                        ))
                    }
                };
            }
            (Label::Name(name), Some(uid)) => (name, ident(uid)),
            // Names are only of tables whose rows know their pod.
            (Label::Name(_), None) => return lit(ScalarValue::Utf8(None)),
        };
        let own = match self.question.table.name == OBJECT.name {
            true => own_name(name),
            false => None,
        };
        if let Some(own) = own {
            return own;
        }
        if !name.is_many() {
            return names::named(self.lookup(tier), name.clone(), uid, micros.clone());
        }
        let filters = self.question.filters.iter();
        let mut only = filters.filter(|(by, _)| by == label);
        let only = only.next().map(|(_, filter)| filter.clone());
        let own = (self.question.table.name == OBJECT.name).then(own_service);
        names::named_each(self.lookup(tier), only, uid, micros.clone(), own)
    }

    /// The entity's key as `k0…`, if samples are added up for each entity.
    fn keys(&self) -> impl Iterator<Item = (String, &'static str)> {
        let key = match self.gather() {
            [] if self.by_entity => self.question.table.key,
            gathered => gathered,
        };
        key.iter()
            .enumerate()
            .map(|(i, name)| (format!("k{i}"), *name))
    }

    /// The columns by which rows of one time are one sample; empty when each row is.
    fn gather(&self) -> &'static [&'static str] {
        let first = self.metrics.first();
        first.map_or(&[], |i| self.question.metrics[*i].metric.gather)
    }

    /// The numbers that formulas read and no row holds.
    fn derived(&self) -> Vec<&'static Derived> {
        let mut found: Vec<&'static Derived> = Vec::new();
        for name in self.operands.iter().flat_map(|o| o.formula.columns()) {
            if let Some(one) = catalogue::derived(self.question.table.name, name)
                && !found.contains(&one)
            {
                found.push(one);
            }
        }
        found
    }

    /// The union of all scans, one row for each sample.
    fn samples(&self) -> Result<LogicalPlanBuilder> {
        let mut union: Option<LogicalPlanBuilder> = None;
        for segment in self.segments {
            let part = self.segment(segment)?;
            union = Some(match union {
                None => part,
                Some(before) => before.union(part.build()?)?,
            });
        }
        union.ok_or_else(|| {
            datafusion::common::plan_datafusion_err!("no tier holds a part of the range")
        })
    }

    fn segment(&self, segment: &Segment) -> Result<LogicalPlanBuilder> {
        let question = self.question;
        let provider = self.tables.provider(question.table, segment.tier);
        let at = |time: i64| {
            // Bounds past the representable range are the range's own.
            Expr::Literal(
                ScalarValue::TimestampMicrosecond(Some(time), Some(Arc::from("UTC"))),
                None,
            )
        };
        let time = ident("time");
        let mut condition = time
            .clone()
            .gt_eq(at(segment.from))
            .and(time.clone().lt(at(segment.until)));
        let micros = cast(
            cast(time, DataType::Timestamp(TimeUnit::Microsecond, None)),
            DataType::Int64,
        );
        for (label, filter) in &question.filters {
            if let Label::Column(column) = label {
                let told = filter.expr(ident(column.name), column.kind);
                let identity = told_by_identity(question.table, column).zip(self.uid());
                condition = condition.and(match identity {
                    None => told,
                    Some((name, uid)) => {
                        let lookup = self.lookup(segment.tier);
                        let filters = vec![(name, filter.clone())];
                        let held = names::held(lookup, filters, ident(uid), micros.clone());
                        let is_told = ident(column.name).is_not_null();
                        is_told.and(told).or(ident(column.name).is_null().and(held))
                    }
                });
            }
        }
        // Rows that no metric is about are not read.
        if let Some(rows) = self.shared_rows()
            && let Some(only) = operand::condition(rows)
        {
            condition = condition.and(only);
        }
        if let Some(named) = self.named_filters(segment.tier, &micros) {
            condition = condition.and(named);
        }
        let scan = LogicalPlanBuilder::scan(
            question.table.name_in(segment.tier),
            provider_as_source(provider),
            None,
        )?
        .filter(condition)?;
        let scan = self.with_derived(scan, segment.tier, &micros)?;
        if segment.tier == Tier::Raw && question.grid.by_minute() {
            return self.project(
                self.minutes_of_raw(scan, micros)?,
                Tier::Minute,
                ident("minute"),
            );
        }
        self.project(scan, segment.tier, micros)
    }

    /// Rows with the numbers that are found from what they hold.
    fn with_derived(
        &self,
        rows: LogicalPlanBuilder,
        tier: Tier,
        micros: &Expr,
    ) -> Result<LogicalPlanBuilder> {
        let derived = self.derived();
        if derived.is_empty() {
            return Ok(rows);
        }
        let held = rows.schema().columns().into_iter().map(Expr::Column);
        let mut columns: Vec<Expr> = held.collect();
        for one in derived {
            let table = self.question.table;
            let value = derived::expression(one, table, self.lookup(tier), micros.clone())?;
            columns.push(value.alias(one.name));
        }
        rows.project(columns)
    }

    /// The condition on rows, if all metrics have the same.
    fn shared_rows(&self) -> Option<Rows> {
        let first = self.operands.first()?.rows;
        self.operands
            .iter()
            .all(|o| o.rows == first)
            .then_some(first)
    }

    fn project(
        &self,
        rows: LogicalPlanBuilder,
        tier: Tier,
        micros: Expr,
    ) -> Result<LogicalPlanBuilder> {
        let text = |name: &str| cast(ident(name), DataType::Utf8);
        let grid = &self.question.grid;
        let mut columns = vec![((micros.clone() - lit(grid.offset)) / lit(grid.period)).alias("b")];
        let labels = self.labels();
        columns.extend(labels.map(|(alias, label)| self.label(label, tier, &micros).alias(alias)));
        columns.extend(self.keys().map(|(alias, name)| text(name).alias(alias)));
        if !self.gather().is_empty() {
            columns.push(micros.alias("t"));
        }
        if self.weighted {
            let weight = if tier > Tier::Minute {
                operand::minutes()
            } else {
                lit(1.0)
            };
            columns.push(weight.alias("w"));
        }
        // What the filter has already seen to need not be looked at again.
        let filtered = self.shared_rows().is_some();
        for (i, operand) in self.operands.iter().enumerate() {
            let rows = if filtered { Rows::All } else { operand.rows };
            let value = operand::value(
                operand.formula,
                rows,
                self.question.table,
                tier,
                operand.mode,
            );
            columns.push(cast(value, DataType::Float64).alias(format!("v{i}")));
        }
        let mut rows = rows.project(columns)?;
        // A row for each service of a pod; without one a row with none.
        for (alias, label) in self.labels() {
            if matches!(label, Label::Name(name) if name.is_many()) {
                rows = rows.unnest_column(alias)?;
            }
        }
        self.gathered(rows)
    }

    /// Rows of one time as one sample: their sum.
    fn gathered(&self, rows: LogicalPlanBuilder) -> Result<LogicalPlanBuilder> {
        if self.gather().is_empty() {
            return Ok(rows);
        }
        let mut by = vec![ident("b"), ident("t")];
        by.extend(self.labels().map(|(alias, _)| ident(alias)));
        by.extend(self.keys().map(|(alias, _)| ident(alias)));
        // Expressions over aggregates are made by a projection, so they are named first.
        let (aggregates, after): (Vec<Expr>, Vec<Expr>) = match self.weighted {
            false => {
                let sums = (0..self.operands.len())
                    .map(|i| sum(ident(format!("v{i}"))).alias(format!("v{i}")));
                (sums.collect(), Vec::new())
            }
            true => {
                let mut aggregates = vec![max(ident("w")).alias("w")];
                let mut after = by.clone();
                after.push(ident("w"));
                for i in 0..self.operands.len() {
                    let sum = sum(ident(format!("v{i}")) * ident("w"));
                    aggregates.push(sum.alias(format!("x{i}")));
                    after.push((ident(format!("x{i}")) / ident("w")).alias(format!("v{i}")));
                }
                (aggregates, after)
            }
        };
        let rows = rows.aggregate(by, aggregates)?;
        match after.is_empty() {
            true => Ok(rows),
            false => rows.project(after),
        }
    }

    /// Raw rows to one-minute rows, as the store makes them, of the columns that are needed.
    fn minutes_of_raw(&self, rows: LogicalPlanBuilder, micros: Expr) -> Result<LogicalPlanBuilder> {
        let table = self.question.table;
        let mut keys: Vec<&str> = table.key.to_vec();
        let more = self.labels().filter_map(|(_, label)| match label {
            Label::Column(column) => Some(column.name),
            Label::Name(_) => None,
        });
        let own: &[&str] = match table.name == OBJECT.name {
            true => &OWN_NAMES,
            false => &[],
        };
        let gathered = self.gather().iter().copied();
        let more = more
            .chain(self.uid())
            .chain(gathered)
            .chain(own.iter().copied().filter(|_| self.uid().is_some()));
        // A column that has passed the filter already decides nothing more, and may change within a minute.
        let deciding = self
            .operands
            .iter()
            .filter(|_| self.shared_rows().is_none());
        for name in more.chain(deciding.filter_map(|o| o.rows.column())) {
            if !keys.contains(&name) {
                keys.push(name);
            }
        }
        let mut group = vec![(micros / lit(MINUTE) * lit(MINUTE)).alias("minute")];
        group.extend(keys.iter().map(|name| ident(*name)));
        let mut columns = Vec::new();
        for column in self
            .operands
            .iter()
            .flat_map(|o| operand::columns(o.formula, table))
        {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        let mut made = vec![
            count(lit(1)).alias(ROLLUP_SAMPLES),
            max(lit(1_i64)).alias(ROLLUP_MINUTES),
        ];
        for column in columns {
            let (name, read) = (column.name, ident(column.name));
            match column.temporality {
                Temporality::Delta => made.push(sum(read).alias(name)),
                Temporality::Gauge => made.extend([
                    min(read.clone()).alias(format!("{name}_min")),
                    max(read.clone()).alias(format!("{name}_max")),
                    sum(read.clone()).alias(format!("{name}_sum")),
                    count(read).alias(format!("{name}_count")),
                ]),
                _ => made.push(last_value(read, vec![ident("time").sort(true, true)]).alias(name)),
            }
        }
        for one in self.derived() {
            let value = ident(one.name);
            made.push(last_value(value, vec![ident("time").sort(true, true)]).alias(one.name));
        }
        rows.aggregate(group, made)
    }

    /// Samples to values, as `r{metric}`, with what [`Planner::values`] needs.
    fn directly(&self, percentiles: Percentiles) -> Vec<Expr> {
        let mut made = vec![count(lit(1)).alias("rows")];
        for (at, name) in self.partial_names() {
            made.push(self.partial(at, &name));
        }
        for (i, (wanted, at)) in self.wanted().enumerate() {
            if let Statistic::Percentile(percent) = wanted {
                made.push(
                    self.percentile(at, percent / 100.0, percentiles)
                        .alias(format!("r{i}")),
                );
            }
        }
        made
    }

    /// Samples to entities, and entities to values.
    fn through_entities(&self) -> (Vec<Expr>, Vec<Expr>) {
        let mut partial = vec![count(lit(1)).alias("rows")];
        let mut total = vec![sum(ident("rows")).alias("rows")];
        for (at, name) in self.partial_names() {
            partial.push(self.partial(at, &name));
            let column = ident(&name);
            total.push(match name.as_bytes().first() {
                Some(b'l') => min(column).alias(&name),
                Some(b'h') => max(column).alias(&name),
                _ => sum(column).alias(&name),
            });
        }
        for (i, (wanted, at)) in self.wanted().enumerate() {
            if wanted == Statistic::Total {
                let mean =
                    ident(format!("s{at}")) / cast(ident(format!("n{at}")), DataType::Float64);
                total.push(sum(mean).alias(format!("r{i}")));
            }
        }
        (partial, total)
    }

    /// Each statistic's value from the aggregates, in the order of the metrics.
    fn values(&self) -> Vec<Expr> {
        let value = |i: usize, statistic: Statistic, at: usize| match statistic {
            Statistic::Average => {
                ident(format!("s{at}")) / cast(ident(format!("n{at}")), DataType::Float64)
            }
            Statistic::Sum => ident(format!("s{at}")),
            // No sample is a gap, not a zero.
            Statistic::SampleCount => {
                nullif(cast(ident(format!("n{at}")), DataType::Float64), lit(0.0))
            }
            Statistic::Minimum => ident(format!("l{at}")),
            Statistic::Maximum => ident(format!("h{at}")),
            Statistic::Percentile(_) | Statistic::Total => ident(format!("r{i}")),
        };
        self.wanted()
            .enumerate()
            .map(|(i, (s, at))| value(i, s, at).alias(format!("m{i}")))
            .collect()
    }

    fn wanted(&self) -> impl Iterator<Item = (Statistic, usize)> {
        self.metrics
            .iter()
            .zip(&self.operand_of)
            .map(|(i, at)| (self.question.metrics[*i].statistic, *at))
    }

    /// The aggregates over operands that the statistics need, each once: `s0` sum, `n0` number, `l0` least,
    /// `h0` greatest.
    fn partial_names(&self) -> Vec<(usize, String)> {
        let mut names: Vec<(usize, String)> = Vec::new();
        for (statistic, at) in self.wanted() {
            let letters: &[char] = match statistic {
                Statistic::Average | Statistic::Total => &['s', 'n'],
                Statistic::Sum => &['s'],
                Statistic::SampleCount => &['n'],
                Statistic::Minimum => &['l'],
                Statistic::Maximum => &['h'],
                Statistic::Percentile(_) => &[],
            };
            for letter in letters {
                let name = format!("{letter}{at}");
                if !names.iter().any(|(_, n)| *n == name) {
                    names.push((at, name));
                }
            }
        }
        names
    }

    fn partial(&self, at: usize, name: &str) -> Expr {
        let value = ident(format!("v{at}"));
        let made = match (name.as_bytes().first(), self.weighted) {
            (Some(b's'), false) => sum(value),
            (Some(b's'), true) => sum(value * ident("w")),
            (Some(b'n'), false) => count(value),
            (Some(b'n'), true) => {
                let weight = sum(ident("w"));
                weight
                    .clone()
                    .filter(value.is_not_null())
                    .build()
                    .unwrap_or(weight)
            }
            (Some(b'l'), _) => min(value),
            _ => max(value),
        };
        made.alias(name)
    }

    fn percentile(&self, at: usize, share: f64, percentiles: Percentiles) -> Expr {
        let by = ident(format!("v{at}")).sort(true, false);
        match (self.weighted, percentiles) {
            (true, _) => approx_percentile_cont_with_weight(by, ident("w"), lit(share), None),
            (false, Percentiles::Exact) => percentile_cont(by, lit(share)),
            (false, Percentiles::Estimated) => approx_percentile_cont(by, lit(share), None),
        }
    }
}

/// The columns of objects that tell names.
const OWN_NAMES: [&str; 5] = [
    "object_kind",
    "object_name",
    "node",
    "workload_kind",
    "workload",
];

fn kind_in(kinds: &[&str]) -> Expr {
    ident("object_kind").in_list(kinds.iter().map(|kind| lit(*kind)).collect(), false)
}

fn is_service() -> Expr {
    ident("object_kind").eq(lit("Service"))
}

/// A service's name, of a service.
fn own_service() -> Expr {
    let text = |name: &str| cast(ident(name), DataType::Utf8);
    let name = text("object_name");
    when(is_service(), name.clone()).end().unwrap_or(name)
}

/// A name that an object tells itself.
fn own_name(name: &Name) -> Option<Expr> {
    let text = |name: &str| cast(ident(name), DataType::Utf8);
    let of_pod = kind_in(&["Pod", "Container"]);
    let made = match name {
        Name::Pod => when(of_pod, text("object_name")).end(),
        Name::NodeOrOwn => {
            let is_node = ident("object_kind").eq(lit("Node"));
            when(is_node, text("object_name")).otherwise(text("node"))
        }
        Name::PodOrWorkload => {
            let named_so =
                ident("workload_kind").in_list(vec![lit("StatefulSet"), lit("Pod")], false);
            let of_workload = of_pod
                .and(ident("workload").is_not_null())
                .and(named_so.is_not_true());
            when(of_workload, text("workload")).otherwise(text("object_name"))
        }
        _ => return None,
    };
    made.ok()
}
