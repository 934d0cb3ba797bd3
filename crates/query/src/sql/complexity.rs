//! How large a statement is, before it is planned.
//!
//! Planning is neither bounded in time nor in memory, and it recurses over expressions. A few kilobytes of text can
//! ask for a plan of a billion scans (each of thirty CTEs naming the one before twice) or for a recursion deeper than
//! any stack (ten thousand times `1 +`), so statements are measured first.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, Ident, ObjectName, ObjectNamePart, Query, Select, SetExpr, Spanned, TableFactor, Visit,
    Visitor,
};

use crate::error::{Code, QueryError};

/// Expressions within expressions.
const MOST_DEPTH: usize = 200;
/// Scans and selects after CTEs are put in where they are named.
const MOST_PARTS: u64 = 500;

/// A table that a statement names: its parts, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mention {
    pub(crate) parts: Vec<String>,
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl Mention {
    pub(crate) fn of(name: &ObjectName) -> Mention {
        let start = name.span().start;
        let idents = name.0.iter().filter_map(ObjectNamePart::as_ident);
        Mention {
            parts: idents.map(text).collect(),
            line: start.line,
            column: start.column,
        }
    }

    /// The table's own name.
    pub(crate) fn name(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }
}

/// Measures a statement and collects the tables that it names, those of its own CTEs left out.
pub(crate) fn measure(statement: &impl Visit) -> Result<Vec<Mention>, QueryError> {
    let mut survey = Survey::default();
    match statement.visit(&mut survey) {
        ControlFlow::Break(fault) => Err(fault),
        ControlFlow::Continue(()) => Ok(survey.mentions),
    }
}

#[derive(Default)]
struct Survey {
    mentions: Vec<Mention>,
    depth: usize,
    /// For each query that is open, how many scans and selects it has so far.
    open: Vec<u64>,
    /// The CTEs whose query is not visited yet, by the address of the query: name.
    awaited: HashMap<usize, String>,
    /// The CTEs that were visited, with their sizes. Scopes are not told apart: a name that is used twice counts as
    /// the later one.
    sizes: HashMap<String, u64>,
    /// How many names of functions to pass over: a table function is visited as a relation too.
    functions: Vec<String>,
}

impl Survey {
    fn count(&mut self, parts: u64) -> ControlFlow<QueryError> {
        match self.open.last_mut() {
            Some(open) => *open = open.saturating_add(parts),
            None => self.open.push(parts),
        }
        if self.open.iter().any(|open| *open > MOST_PARTS) {
            return ControlFlow::Break(QueryError::new(
                Code::SqlInvalid,
                format!(
                    "the statement has more than {MOST_PARTS} tables and selects, CTEs counted wherever they are named"
                ),
            ));
        }
        ControlFlow::Continue(())
    }
}

fn text(ident: &Ident) -> String {
    // As the planner does: what is not quoted is lower case.
    if ident.quote_style.is_some() {
        ident.value.clone()
    } else {
        ident.value.to_lowercase()
    }
}

impl Visitor for Survey {
    type Break = QueryError;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<QueryError> {
        for cte in query.with.iter().flat_map(|with| &with.cte_tables) {
            self.awaited.insert(
                std::ptr::from_ref(cte.query.as_ref()) as usize,
                text(&cte.alias.name),
            );
            // Its own name is known inside of it when it is recursive, and after it in any case.
            self.sizes.entry(text(&cte.alias.name)).or_insert(1);
        }
        if let Some(what) = writes(&query.body) {
            return ControlFlow::Break(refused(what));
        }
        self.open.push(0);
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &Query) -> ControlFlow<QueryError> {
        let size = self.open.pop().unwrap_or(0);
        match self.awaited.remove(&(std::ptr::from_ref(query) as usize)) {
            Some(cte) => {
                self.sizes.insert(cte, size.max(1));
                ControlFlow::Continue(())
            }
            None => self.count(size),
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<QueryError> {
        if select.into.is_some() {
            return ControlFlow::Break(refused("SELECT INTO"));
        }
        self.count(1)
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<QueryError> {
        if let TableFactor::Table {
            name,
            args: Some(_),
            ..
        } = factor
        {
            self.functions.push(name.to_string());
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<QueryError> {
        if self
            .functions
            .last()
            .is_some_and(|f| *f == relation.to_string())
        {
            self.functions.pop();
            return self.count(1);
        }
        let mention = Mention::of(relation);
        if let [name] = mention.parts.as_slice()
            && let Some(size) = self.sizes.get(name)
        {
            let size = *size;
            return self.count(size);
        }
        self.mentions.push(mention);
        self.count(1)
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<QueryError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            let start = expr.span().start;
            let fault = QueryError::new(
                Code::SqlInvalid,
                format!(
                    "expressions are nested more than {MOST_DEPTH} deep: use IN (…) or split the statement"
                ),
            );
            return ControlFlow::Break(if start.line > 0 {
                fault.at(start.line, start.column)
            } else {
                fault
            });
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<QueryError> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

fn refused(what: &str) -> QueryError {
    QueryError::new(
        Code::SqlRefused,
        format!("{what} changes data; {}", super::check::ONLY),
    )
}

/// What a query's body changes, if it does.
fn writes(body: &SetExpr) -> Option<&'static str> {
    match body {
        SetExpr::Insert(_) => Some("INSERT"),
        SetExpr::Update(_) => Some("UPDATE"),
        SetExpr::Delete(_) => Some("DELETE"),
        SetExpr::Merge(_) => Some("MERGE"),
        _ => None,
    }
}
