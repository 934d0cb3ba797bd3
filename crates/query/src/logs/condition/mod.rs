//! Conditions as expressions over the columns of `log`.
//!
//! Conditions on messages have the shapes that the store's index of words understands (see
//! [`function`](super::function)); none of the expressions is null where a condition is negated, so that what a line
//! does not have counts as not being so.

mod field;
mod level;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use catalogue::tables::LOG;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::logical_expr::{Expr, cast, ident, lit};

pub(crate) use field::{json_path, pod_name};

use super::language::{Condition, Fault, Node, parse};
use crate::error::QueryError;
use crate::filter::Filter;
use crate::label::{Label, label};
use crate::names::{self, Index, Lookup, Name};
use crate::stop::Stop;

/// Which lines: filters on columns and a text in the language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    filters: Vec<(&'static catalogue::Column, Filter)>,
    /// Filters by what the line's pod was called when it was written.
    named: Vec<(Name, Filter)>,
    query: Option<(String, Node)>,
}

impl Wanted {
    /// Checks what was asked for.
    pub(crate) fn new(
        filters: &BTreeMap<String, Filter>,
        query: Option<&str>,
    ) -> Result<Wanted, QueryError> {
        let (mut of_columns, mut named) = (Vec::new(), Vec::new());
        for (name, filter) in filters {
            match label(&LOG, name, format!("filters.{name}"))? {
                Label::Column(column) if name == "level" => {
                    of_columns.push((column, level::lowered(filter)));
                }
                Label::Column(column) => of_columns.push((column, filter.clone())),
                Label::Name(name) => named.push((name, filter.clone())),
            }
        }
        let query = match query {
            None => None,
            Some(text) => {
                let node = parse(text).map_err(|fault| fault.into_error(text, QUERY))?;
                node.map(|node| (text.to_owned(), node))
            }
        };
        let wanted = Wanted {
            filters: of_columns,
            named,
            query,
        };
        // What the language allows may mean nothing; that is said before anything is read.
        wanted.expressions(&Stop::default(), &Arc::default())?;
        Ok(wanted)
    }

    /// Whether what pods are called has to be known.
    pub(crate) fn needs_names(&self) -> bool {
        !self.named.is_empty()
            || self
                .query
                .as_ref()
                .is_some_and(|(_, node)| asks_names(node))
    }

    /// The conditions, all of which must be true. `stop` ends those that may take long.
    pub(crate) fn expressions(
        &self,
        stop: &Stop,
        names: &Arc<Index>,
    ) -> Result<Vec<Expr>, QueryError> {
        let mut all: Vec<Expr> = self
            .filters
            .iter()
            .map(|(column, filter)| filter.expr(ident(column.name), column.kind))
            .collect();
        let pods = Pods(names);
        if !self.named.is_empty() {
            all.push(pods.held(self.named.clone()));
        }
        if let Some((text, node)) = &self.query {
            let means = Means { stop, pods };
            let compiled = compile(node, means).map_err(|fault| fault.into_error(text, QUERY))?;
            all.push(compiled);
        }
        Ok(all)
    }

    /// Whether messages have to be read to know whether a line is wanted.
    pub(crate) fn reads_messages(&self) -> bool {
        self.filters
            .iter()
            .any(|(column, _)| column.name == MESSAGE)
            || self.query.as_ref().is_some_and(|(_, node)| reads(node))
    }
}

/// What pods are called, for expressions.
#[derive(Debug, Clone, Copy)]
struct Pods<'a>(&'a Arc<Index>);

impl Pods<'_> {
    fn lookup(self) -> Lookup {
        Lookup {
            index: Arc::clone(self.0),
            span: 1,
        }
    }

    fn time() -> Expr {
        let micros = DataType::Timestamp(TimeUnit::Microsecond, None);
        cast(cast(ident("time"), micros), DataType::Int64)
    }

    /// Whether the line's pod is called so.
    fn held(self, filters: Vec<(Name, Filter)>) -> Expr {
        names::held(self.lookup(), filters, ident("pod_uid"), Self::time())
    }

    /// A name of the line's pod.
    fn named(self, name: Name) -> Expr {
        names::named(self.lookup(), name, ident("pod_uid"), Self::time())
    }
}

/// What conditions are made with.
#[derive(Debug, Clone, Copy)]
struct Means<'a> {
    /// Ends those that may take long.
    stop: &'a Stop,
    pods: Pods<'a>,
}

/// The request's member that has the text.
const QUERY: &str = "query";
const MESSAGE: &str = "message";

fn message() -> Expr {
    ident(MESSAGE)
}

/// Whether a condition looks at the message.
fn reads(node: &Node) -> bool {
    match &node.condition {
        Condition::All(nodes) | Condition::Any(nodes) => nodes.iter().any(reads),
        Condition::Not(node) => reads(node),
        Condition::Text(_) => true,
        Condition::Field(field) => field::reads_message(field),
    }
}

/// Whether a condition is about what pods are called.
fn asks_names(node: &Node) -> bool {
    match &node.condition {
        Condition::All(nodes) | Condition::Any(nodes) => nodes.iter().any(asks_names),
        Condition::Not(node) => asks_names(node),
        Condition::Text(_) => false,
        Condition::Field(field) => pod_name(&field.name).is_some(),
    }
}

fn compile(node: &Node, means: Means<'_>) -> Result<Expr, Fault> {
    match &node.condition {
        Condition::All(nodes) => joined(nodes, means, Expr::and),
        Condition::Any(nodes) => joined(nodes, means, Expr::or),
        Condition::Not(node) => Ok(Expr::IsNotTrue(Box::new(compile(node, means)?))),
        Condition::Text(text) => text::compile(text, node.span, means.stop),
        Condition::Field(field) => field::compile(field, means),
    }
}

fn joined(nodes: &[Node], means: Means<'_>, join: fn(Expr, Expr) -> Expr) -> Result<Expr, Fault> {
    let mut all = nodes
        .iter()
        .map(|node| compile(node, means))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(balanced(&mut all, join).unwrap_or_else(|| lit(true)))
}

/// Joined in pairs of pairs: planning recurses over what is deep.
fn balanced(all: &mut Vec<Expr>, join: fn(Expr, Expr) -> Expr) -> Option<Expr> {
    if all.len() <= 1 {
        return all.pop();
    }
    let mut right = all.split_off(all.len() / 2);
    match (balanced(all, join), balanced(&mut right, join)) {
        (Some(left), Some(right)) => Some(join(left, right)),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests;
