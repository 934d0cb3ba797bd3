//! The question, as it is written.

use std::collections::BTreeMap;

use catalogue::{Column, Table};
use serde::Deserialize;

use crate::entities::State;
use crate::error::{Code, QueryError};
use crate::filter::{Filter, Pattern};
use crate::names::{Name, uid_column};
use crate::nearest::nearest;

/// Which entities, in which order, with what about each.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EntitiesRequest {
    /// Which, by identity and attribute columns, and by what pods are called.
    pub filters: BTreeMap<String, Filter>,
    /// Words that must each be a part of some identity or attribute text; case does not matter.
    pub search: Option<String>,
    /// Only those in one of these states.
    pub health: Vec<State>,
    /// Which attribute and measurement columns to give; all that have a value when left out.
    pub columns: Option<Vec<String>>,
    /// Metrics to evaluate on the newest row.
    pub metrics: Vec<String>,
    /// A text column, a metric, `time`, `health` or `id` (the default); with `-` before it in falling order. Entities
    /// without a value come last.
    pub sort: Option<String>,
    /// Entities on a page.
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

/// Parameters that are not columns.
const PARAMETERS: [&str; 7] = [
    "search", "health", "columns", "metrics", "sort", "limit", "after",
];

impl EntitiesRequest {
    /// Reads the parameters of a URL: `search`, `health`, `columns`, `metrics` (lists separated by commas), `sort`,
    /// `limit`, `after`; every other one is a filter on the column of that name, any of the values of a parameter
    /// that is there twice; a value that begins with `!` is left out (`namespace=!kube-*`).
    pub fn from_pairs<'a>(
        table: &'static Table,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<EntitiesRequest, QueryError> {
        let mut request = EntitiesRequest::default();
        let list = |value: &str| {
            value
                .split(',')
                .filter(|v| !v.is_empty())
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        for (name, value) in pairs {
            match name {
                "search" => request.search = Some(value.to_owned()),
                "columns" => request.columns = Some(list(value)),
                "metrics" => request.metrics = list(value),
                "sort" => request.sort = Some(value.to_owned()),
                "after" => request.after = Some(value.to_owned()),
                "limit" => {
                    let limit = value.parse();
                    let fault =
                        || QueryError::invalid("limit", format!("'{value}' is no whole number"));
                    request.limit = Some(limit.map_err(|_| fault())?);
                }
                "health" => {
                    for word in list(value) {
                        request.health.push(match word.as_str() {
                            "live" => State::Live,
                            "stale" => State::Stale,
                            "gone" => State::Gone,
                            _ => {
                                let message = format!(
                                    "there is no state '{word}'; there are live, stale and gone"
                                );
                                return Err(QueryError::invalid("health", message));
                            }
                        });
                    }
                }
                column => request.add_filter(table, column, value)?,
            }
        }
        Ok(request)
    }

    fn add_filter(
        &mut self,
        table: &'static Table,
        column: &str,
        value: &str,
    ) -> Result<(), QueryError> {
        let named = uid_column(table).and_then(|_| Name::parse(column));
        if table.column(column).is_none() && named.is_none() {
            let known = PARAMETERS
                .into_iter()
                .chain(table.columns.iter().map(|c| c.name));
            let message = format!(
                "'{column}' is neither a parameter nor a column of {}",
                table.name
            );
            return Err(QueryError::new(Code::UnknownColumn, message)
                .at_path(column)
                .with_nearest(nearest(column, known)));
        }
        let (value, not) = value
            .strip_prefix('!')
            .map_or((value, false), |v| (v, true));
        let given = if not {
            Filter::none([value])
        } else {
            Filter::any([value])
        };
        match self.filters.get_mut(column) {
            None => {
                self.filters.insert(column.to_owned(), given);
            }
            Some(filter) if filter.not == not => filter.values.extend::<Vec<Pattern>>(given.values),
            Some(_) => {
                let message =
                    "name either values to keep or (with !) values to leave out, not both";
                return Err(QueryError::invalid(column, message));
            }
        }
        Ok(())
    }
}

/// A column of any kind.
pub(super) fn any_column(
    table: &'static Table,
    name: &str,
    path: String,
) -> Result<&'static Column, QueryError> {
    table.column(name).ok_or_else(|| {
        QueryError::new(
            Code::UnknownColumn,
            format!("{} has no column '{name}'", table.name),
        )
        .at_path(path)
        .with_nearest(nearest(name, table.columns.iter().map(|c| c.name)))
    })
}
