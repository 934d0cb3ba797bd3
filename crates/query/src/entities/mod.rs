//! The inventory: what is there now, with its newest row and its health.
//!
//! A pure function over the newest rows; the time is an argument.

mod columns;
mod cursor;
mod derived;
mod health;
mod request;

use std::cmp::Ordering;

use arrow::array::RecordBatch;
use catalogue::{Column, ColumnType, Resolved, Rows, Table, Temporality};
use serde::Serialize;
use serde_json::{Map, Value};

pub use health::{Health, State};
pub use request::EntitiesRequest;

use crate::error::QueryError;
use crate::filter::Filter;
use crate::label::{Label, label, told_by_identity};
use crate::metrics::metric;
use crate::moment;
use crate::names::{Facts, Index, Name, passes, uid_column};
pub(crate) use columns::Columns;
use cursor::{Cursor, Key};
pub(crate) use derived::number as derived_number;

/// Entities in an answer when the request names no limit.
const USUAL_LIMIT: usize = 1000;
/// Entities in an answer at most.
const MOST_LIMIT: usize = 10_000;

/// A page of the inventory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntitiesAnswer {
    /// The entities, in the order asked for.
    pub entities: Vec<Entity>,
    /// How many there are on all pages.
    pub total: usize,
    /// What to ask for with `after` for the next page; null on the last.
    pub next: Option<String>,
}

/// One entity with its newest row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entity {
    /// Names the entity among those of its type: the values of its key, joined by `/`.
    pub id: String,
    /// Identity columns; null where the row has no value.
    #[serde(flatten)]
    pub names: Map<String, Value>,
    /// The time of its newest row, RFC 3339.
    pub time: String,
    /// What its pod is called and belongs to, if that is known: `workload_kind`, `workload`, `services`, `labels`, …
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub known_as: Map<String, Value>,
    /// Attribute columns that have a value.
    pub attributes: Map<String, Value>,
    /// Measurements that have a value: deltas are the increase within `interval_usec`.
    pub latest: Map<String, Value>,
    /// The metrics that were asked for, evaluated on this row; null where an operand is.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metrics: Map<String, Value>,
    /// Whether it still reports.
    pub health: Health,
}

/// What a request means for a table.
struct Question {
    table: &'static Table,
    filters: Vec<(&'static Column, Filter)>,
    named: Vec<(Name, Filter)>,
    words: Vec<String>,
    health: Vec<State>,
    /// `None` for all that have a value.
    columns: Option<Vec<&'static Column>>,
    metrics: Vec<Resolved>,
    sort: Sort,
    descending: bool,
    limit: usize,
}

enum Sort {
    Id,
    Time,
    Health,
    Text(&'static Column),
    Metric(Box<Resolved>),
}

/// Makes a page of the inventory from the newest rows of a table. `now` and `tick` (the interval to expect of rows
/// that do not say) are microseconds.
pub(crate) fn inventory(
    table: &'static Table,
    rows: &RecordBatch,
    request: &EntitiesRequest,
    now: i64,
    tick: i64,
    names: &Index,
) -> Result<EntitiesAnswer, QueryError> {
    let question = Question::new(table, request)?;
    let columns = Columns::new(rows);
    let health = |row: usize| {
        let interval = columns
            .integer("interval_usec", row)
            .filter(|i| *i > 0)
            .unwrap_or(tick);
        Health::of(
            columns.time(row),
            now,
            interval,
            columns.boolean("exited", row).unwrap_or(false),
        )
    };

    let mut found: Vec<(Key<'_>, String, usize, Health)> = Vec::new();
    for row in 0..rows.num_rows() {
        if !question.matches(&columns, row, names) {
            continue;
        }
        let health = health(row);
        if !question.health.is_empty() && !question.health.contains(&health.state) {
            continue;
        }
        let key = question.key(&columns, row, &health, names);
        found.push((key, id(table, &columns, row), row, health));
    }
    let order = |a: (&Key<'_>, &str), b: (&Key<'_>, &str)| question.order(a, b);
    found.sort_by(|a, b| order((&a.0, &a.1), (&b.0, &b.1)));
    let total = found.len();

    let sort_name = request.sort.as_deref().unwrap_or_default();
    let skip = match &request.after {
        None => 0,
        Some(after) => {
            let cursor = Cursor::read(after, sort_name)?;
            found.partition_point(|f| {
                order((&f.0, &f.1), (&cursor.key(), &cursor.id)) != Ordering::Greater
            })
        }
    };
    let page = &found[skip..total.min(skip.saturating_add(question.limit))];
    let next = match page.last() {
        Some((key, id, ..)) if skip + page.len() < total => Some(Cursor::write(key, id, sort_name)),
        _ => None,
    };
    let entities = page
        .iter()
        .map(|(_, id, row, health)| question.entity(&columns, *row, id, health, names))
        .collect();
    Ok(EntitiesAnswer {
        entities,
        total,
        next,
    })
}

impl Question {
    fn new(table: &'static Table, request: &EntitiesRequest) -> Result<Question, QueryError> {
        let (mut filters, mut named) = (Vec::new(), Vec::new());
        for (name, filter) in &request.filters {
            match label(table, name, format!("filters.{name}"))? {
                Label::Column(column) => filters.push((column, filter.clone())),
                Label::Name(name) => named.push((name, filter.clone())),
            }
        }
        let found = |i: usize, name: &String| metric(table, name, &format!("metrics[{i}]"));
        let metrics = request
            .metrics
            .iter()
            .enumerate()
            .map(|(i, n)| found(i, n))
            .collect::<Result<_, _>>()?;
        let columns = match &request.columns {
            None => None,
            Some(names) => Some(
                names
                    .iter()
                    .enumerate()
                    .map(|(i, name)| request::any_column(table, name, format!("columns[{i}]")))
                    .collect::<Result<Vec<_>, _>>()?,
            ),
        };
        let limit = crate::request::limit(request.limit, USUAL_LIMIT, MOST_LIMIT)?;
        let written = request.sort.as_deref().unwrap_or("id");
        let (name, descending) = written
            .strip_prefix('-')
            .map_or((written, false), |name| (name, true));
        let sort = match name {
            "id" => Sort::Id,
            "time" => Sort::Time,
            "health" => Sort::Health,
            _ => match table.column(name) {
                Some(column) if matches!(column.kind, ColumnType::Text | ColumnType::LongText) => {
                    Sort::Text(column)
                }
                _ => Sort::Metric(Box::new(metric(table, name, "sort")?)),
            },
        };
        let search = request.search.as_deref().unwrap_or_default();
        Ok(Question {
            table,
            filters,
            named,
            words: search.split_whitespace().map(str::to_lowercase).collect(),
            health: request.health.clone(),
            columns,
            metrics,
            sort,
            descending,
            limit,
        })
    }

    fn matches(&self, columns: &Columns<'_>, row: usize, names: &Index) -> bool {
        let facts = || {
            let uid = columns.text(uid_column(self.table)?, row)?;
            names.at(uid, columns.time(row))
        };
        if !self.named.is_empty() && !passes(&self.named, facts()) {
            return false;
        }
        let passes = self
            .filters
            .iter()
            .all(|(column, filter)| match column.kind {
                ColumnType::Text | ColumnType::LongText => {
                    let told = columns.text(column.name, row);
                    let known = || told_by_identity(self.table, column)?.one(facts()?);
                    filter.matches(told.or_else(known))
                }
                _ => filter.matches(columns.written(column.name, row).as_deref()),
            });
        passes && (self.words.is_empty() || self.found(columns, row))
    }

    /// Whether each word is a part of some identity or attribute text.
    fn found(&self, columns: &Columns<'_>, row: usize) -> bool {
        let texts: Vec<String> = self
            .table
            .columns
            .iter()
            .filter(|c| c.kind == ColumnType::Text)
            .filter_map(|c| columns.text(c.name, row))
            .map(str::to_lowercase)
            .collect();
        self.words
            .iter()
            .all(|word| texts.iter().any(|text| text.contains(word.as_str())))
    }

    fn key<'a>(
        &self,
        columns: &Columns<'a>,
        row: usize,
        health: &Health,
        names: &Index,
    ) -> Key<'a> {
        match &self.sort {
            Sort::Id => Key::None,
            Sort::Time => Key::Number(columns.time(row) as f64),
            Sort::Health => Key::Number(f64::from(health.state as u8)),
            Sort::Text(column) => columns
                .text(column.name, row)
                .map_or(Key::None, |t| Key::Text(t.into())),
            Sort::Metric(metric) => {
                value(self.table, metric, columns, row, names).map_or(Key::None, Key::Number)
            }
        }
    }

    /// Without a value last from either end; the same value by id.
    fn order(&self, a: (&Key<'_>, &str), b: (&Key<'_>, &str)) -> Ordering {
        let directed = |ordering: Ordering| {
            if self.descending {
                ordering.reverse()
            } else {
                ordering
            }
        };
        let by_key = match (a.0, b.0) {
            (Key::Number(a), Key::Number(b)) => directed(a.total_cmp(b)),
            (Key::Text(a), Key::Text(b)) => directed(a.cmp(b)),
            (Key::None, Key::None) => Ordering::Equal,
            (Key::None, _) => Ordering::Greater,
            (_, Key::None) => Ordering::Less,
            (Key::Number(_), Key::Text(_)) => Ordering::Less,
            (Key::Text(_), Key::Number(_)) => Ordering::Greater,
        };
        let by_id = || a.1.cmp(b.1);
        by_key.then_with(|| {
            if matches!(self.sort, Sort::Id) {
                directed(by_id())
            } else {
                by_id()
            }
        })
    }

    fn entity(
        &self,
        columns: &Columns<'_>,
        row: usize,
        id: &str,
        health: &Health,
        names: &Index,
    ) -> Entity {
        let uid = uid_column(self.table).and_then(|column| columns.text(column, row));
        let facts = uid.and_then(|uid| names.at(uid, columns.time(row)));
        let mut entity = Entity {
            id: id.to_owned(),
            names: Map::new(),
            known_as: facts.map(known_as).unwrap_or_default(),
            time: moment::rfc3339_nanos(columns.time(row)),
            attributes: Map::new(),
            latest: Map::new(),
            metrics: Map::new(),
            health: health.clone(),
        };
        for column in self.table.columns.iter().filter(|c| c.name != "time") {
            let value = columns.json(column.name, row);
            match column.temporality {
                Temporality::Identity => {
                    let told = told_by_identity(self.table, column).zip(facts);
                    let known = || told.and_then(|(name, facts)| name.one(facts).map(Value::from));
                    let value = value.or_else(known).unwrap_or(Value::Null);
                    entity.names.insert(column.name.to_owned(), value);
                }
                temporality => {
                    let wanted = self
                        .columns
                        .as_ref()
                        .is_none_or(|c| c.iter().any(|c| c.name == column.name));
                    if let Some(value) = value.filter(|_| wanted) {
                        let part = match temporality {
                            Temporality::Attribute => &mut entity.attributes,
                            _ => &mut entity.latest,
                        };
                        part.insert(column.name.to_owned(), value);
                    }
                }
            }
        }
        for metric in &self.metrics {
            let value = value(self.table, metric, columns, row, names)
                .and_then(serde_json::Number::from_f64);
            entity.metrics.insert(
                metric.name.clone().into_owned(),
                value.map_or(Value::Null, Value::Number),
            );
        }
        entity
    }
}

/// What a pod is called, as JSON.
fn known_as(facts: &Facts) -> Map<String, Value> {
    let texts = [
        Name::WorkloadKind,
        Name::Workload,
        Name::OwnerKind,
        Name::Owner,
        Name::ServiceAccount,
    ];
    let keys = [
        "workload_kind",
        "workload",
        "owner_kind",
        "owner_name",
        "service_account",
    ];
    let mut known: Map<String, Value> = keys
        .into_iter()
        .zip(&texts)
        .filter_map(|(key, name)| Some((key.to_owned(), Value::from(name.one(facts)?))))
        .collect();
    let services = facts.services.iter().map(|s| Value::from(s.as_ref()));
    known.insert("services".to_owned(), services.collect());
    let labels: Map<String, Value> = facts
        .labels
        .iter()
        .map(|(key, value)| (key.to_string(), Value::from(value.as_ref())))
        .collect();
    known.insert("labels".to_owned(), Value::Object(labels));
    known
}

/// A metric's value in a row.
fn value(
    table: &'static Table,
    metric: &Resolved,
    columns: &Columns<'_>,
    row: usize,
    names: &Index,
) -> Option<f64> {
    let read = |name: &str| match catalogue::derived(table.name, name) {
        Some(derived) => derived::number(derived, table, columns, row, names),
        None => columns.number(name, row),
    };
    about(metric.rows, columns, row)
        .then(|| metric.formula.evaluate(&read))
        .flatten()
        .filter(|v| v.is_finite())
}

/// Whether a metric that is about some rows is about this one.
pub(crate) fn about(rows: Rows, columns: &Columns<'_>, row: usize) -> bool {
    match rows {
        Rows::All => true,
        Rows::Equal(column, text) => columns.text(column, row) == Some(text),
        Rows::OneOf(column, texts) => columns
            .text(column, row)
            .is_some_and(|text| texts.contains(&text)),
        Rows::Not(column, text) => columns.text(column, row).is_some_and(|t| t != text),
        Rows::Present(column) => columns.text(column, row).is_some(),
        Rows::True(column) => columns.boolean(column, row) == Some(true),
    }
}

/// The values of the key, joined by `/`.
fn id(table: &Table, columns: &Columns<'_>, row: usize) -> String {
    let mut id = String::new();
    for (i, name) in table.key.iter().enumerate() {
        if i > 0 {
            id.push('/');
        }
        for c in columns.text(name, row).unwrap_or_default().chars() {
            match c {
                '/' => id.push_str("%2F"),
                '%' => id.push_str("%25"),
                c => id.push(c),
            }
        }
    }
    id
}
