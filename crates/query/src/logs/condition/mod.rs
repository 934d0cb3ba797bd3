//! Conditions as expressions over the columns of `log`.
//!
//! Conditions on messages have the shapes that the store's index of words understands (see
//! [`function`](super::function)); none of the expressions is null where a condition is negated, so that what a line
//! does not have counts as not being so.

mod field;
mod level;
mod text;

use std::collections::BTreeMap;

use catalogue::tables::LOG;
use datafusion::logical_expr::{Expr, ident, lit};

pub(crate) use field::json_path;

use super::language::{Condition, Fault, Node, parse};
use crate::error::QueryError;
use crate::filter::{Filter, label_column};
use crate::stop::Stop;

/// Which lines: filters on columns and a text in the language.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    filters: Vec<(&'static catalogue::Column, Filter)>,
    query: Option<(String, Node)>,
}

impl Wanted {
    /// Checks what was asked for.
    pub(crate) fn new(
        filters: &BTreeMap<String, Filter>,
        query: Option<&str>,
    ) -> Result<Wanted, QueryError> {
        let filters = filters
            .iter()
            .map(|(name, filter)| {
                let column = label_column(&LOG, name, format!("filters.{name}"))?;
                let filter = match name.as_str() {
                    "level" => level::lowered(filter),
                    _ => filter.clone(),
                };
                Ok((column, filter))
            })
            .collect::<Result<_, QueryError>>()?;
        let query = match query {
            None => None,
            Some(text) => {
                let node = parse(text).map_err(|fault| fault.into_error(text, QUERY))?;
                node.map(|node| (text.to_owned(), node))
            }
        };
        let wanted = Wanted { filters, query };
        // What the language allows may mean nothing; that is said before anything is read.
        wanted.expressions(&Stop::default())?;
        Ok(wanted)
    }

    /// The conditions, all of which must be true. `stop` ends those that may take long.
    pub(crate) fn expressions(&self, stop: &Stop) -> Result<Vec<Expr>, QueryError> {
        let mut all: Vec<Expr> = self
            .filters
            .iter()
            .map(|(column, filter)| filter.expr(ident(column.name), column.kind))
            .collect();
        if let Some((text, node)) = &self.query {
            let compiled = compile(node, stop).map_err(|fault| fault.into_error(text, QUERY))?;
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

fn compile(node: &Node, stop: &Stop) -> Result<Expr, Fault> {
    match &node.condition {
        Condition::All(nodes) => joined(nodes, stop, Expr::and),
        Condition::Any(nodes) => joined(nodes, stop, Expr::or),
        Condition::Not(node) => Ok(Expr::IsNotTrue(Box::new(compile(node, stop)?))),
        Condition::Text(text) => text::compile(text, node.span, stop),
        Condition::Field(field) => field::compile(field, stop),
    }
}

fn joined(nodes: &[Node], stop: &Stop, join: fn(Expr, Expr) -> Expr) -> Result<Expr, Fault> {
    let mut all = nodes
        .iter()
        .map(|node| compile(node, stop))
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
