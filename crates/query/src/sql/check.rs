//! Which statements are run.

use datafusion::common::DataFusionError;
use datafusion::sql::parser::{DFParserBuilder, Statement as Parsed};
use datafusion::sql::sqlparser::ast::{
    Query, ShowStatementFilter, ShowStatementFilterPosition, Statement,
};
use datafusion::sql::sqlparser::parser::ParserError;
use datafusion::sql::sqlparser::tokenizer::Token;

use crate::error::{Code, QueryError};
use crate::nearest::nearest;
use crate::session::{CATALOG, SCHEMA};
use crate::sql::complexity::{Mention, measure};
use crate::sql::schema;
use crate::sql::words::words;

/// What a refusal ends with.
pub(crate) const ONLY: &str =
    "only SELECT, WITH, VALUES, EXPLAIN, SHOW TABLES and DESCRIBE are run here";

/// Words that a statement may begin with.
const BEGINNINGS: [&str; 8] = [
    "SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN", "SHOW", "DESCRIBE", "DESC",
];

/// A statement that only reads.
#[derive(Debug)]
pub(crate) enum Checked {
    /// For the planner; whether its rows may be limited from outside (those of EXPLAIN may not).
    Plan(Box<Parsed>, bool),
    /// The list of tables, with a LIKE pattern.
    ShowTables(Option<String>),
    /// The columns of a table.
    Describe(String),
}

/// Reads a text; refuses what is not one statement that only reads, or names what is not there.
pub(crate) fn check(text: &str) -> Result<Checked, QueryError> {
    let (line, column) = beginning(text)?;
    let words = words(text).map_err(|e| syntax(&e))?;
    let mut parser = DFParserBuilder::new(words)
        .build()
        .map_err(|e| syntax(&e))?;
    let statement = parser.parse_statement().map_err(|e| syntax(&e))?;
    while parser.parser.consume_token(&Token::SemiColon) {}
    let next = parser.parser.peek_token();
    if next.token != Token::EOF {
        let after = if next.token == Token::SemiColon {
            ""
        } else {
            " or an operator is missing before it"
        };
        return Err(QueryError::new(
            Code::SqlSyntax,
            format!(
                "one statement at a time: '{}' is after its end{after}",
                next.token
            ),
        )
        .at(next.span.start.line, next.span.start.column));
    }
    decide(statement).map_err(|fault| match (fault.code, &fault.position) {
        (Code::SqlRefused, None) => fault.at(line, column),
        _ => fault,
    })
}

fn decide(statement: Parsed) -> Result<Checked, QueryError> {
    match statement {
        Parsed::Statement(inner) => match inner.as_ref() {
            Statement::Query(query) => {
                check_query(query)?;
                Ok(Checked::Plan(Box::new(Parsed::Statement(inner)), true))
            }
            Statement::ShowTables { show_options, .. } => {
                let pattern = match &show_options.filter_position {
                    None => None,
                    Some(
                        ShowStatementFilterPosition::Infix(ShowStatementFilter::Like(p))
                        | ShowStatementFilterPosition::Suffix(ShowStatementFilter::Like(p)),
                    ) => Some(p.clone()),
                    Some(_) => {
                        return Err(QueryError::new(
                            Code::SqlInvalid,
                            "SHOW TABLES takes only LIKE",
                        ));
                    }
                };
                Ok(Checked::ShowTables(pattern))
            }
            Statement::ExplainTable { table_name, .. } => {
                let mention = Mention::of(table_name);
                known(&mention)?;
                Ok(Checked::Describe(mention.name().to_owned()))
            }
            // `DESCRIBE SELECT …`: the columns of its answer.
            Statement::Explain {
                statement: described,
                ..
            } if matches!(**described, Statement::Query(_)) => {
                if let Statement::Query(query) = described.as_ref() {
                    check_query(query)?;
                }
                Ok(Checked::Plan(Box::new(Parsed::Statement(inner)), false))
            }
            other => Err(refused(&other.to_string())),
        },
        Parsed::Explain(explain) => {
            if let Parsed::Statement(inner) = explain.statement.as_ref()
                && let Statement::Query(query) = inner.as_ref()
            {
                check_query(query)?;
                return Ok(Checked::Plan(Box::new(Parsed::Explain(explain)), false));
            }
            Err(refused(&format!("EXPLAIN {}", explain.statement)))
        }
        other => Err(refused(&other.to_string())),
    }
}

fn check_query(query: &Query) -> Result<(), QueryError> {
    measure(query)?.iter().try_for_each(known)
}

/// Whether a table that is named is there.
fn known(mention: &Mention) -> Result<(), QueryError> {
    let parts: Vec<&str> = mention.parts.iter().map(String::as_str).collect();
    let name = match parts.as_slice() {
        ["information_schema", _] | [CATALOG, "information_schema", _] => return Ok(()),
        [name] | [SCHEMA, name] | [CATALOG, SCHEMA, name] => name,
        _ => return Err(unknown_table(mention, &parts.join("."))),
    };
    match schema::named(name) {
        Some(_) => Ok(()),
        None => Err(unknown_table(mention, name)),
    }
}

fn unknown_table(mention: &Mention, name: &str) -> QueryError {
    let names: Vec<String> = schema::names().map(|(name, _)| name).collect();
    let near = nearest(name, names.iter().map(String::as_str));
    let hint = if near.is_empty() {
        "; SHOW TABLES lists them"
    } else {
        ""
    };
    let fault = QueryError::new(
        Code::UnknownTable,
        format!("there is no table '{name}'{hint}"),
    )
    .with_nearest(near);
    if mention.line > 0 {
        fault.at(mention.line, mention.column)
    } else {
        fault
    }
}

/// Refuses by the first word, so that a statement of another kind is not called a fault of syntax; gives its place.
fn beginning(text: &str) -> Result<(u64, u64), QueryError> {
    let mut at = (1, 1);
    let mut rest = text;
    // White space, comments and opening brackets may stand before it.
    let word = loop {
        let skip = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            match rest.chars().next() {
                Some(c) if c.is_whitespace() || c == '(' => c.len_utf8(),
                _ => {
                    break rest
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .next()
                        .unwrap_or("");
                }
            }
        };
        let (skipped, after) = rest.split_at(skip);
        for c in skipped.chars() {
            at = if c == '\n' {
                (at.0 + 1, 1)
            } else {
                (at.0, at.1 + 1)
            };
        }
        rest = after;
    };
    if rest.is_empty() {
        return Err(QueryError::new(Code::SqlSyntax, "there is no statement"));
    }
    let upper = word.to_uppercase();
    if word.is_empty() || BEGINNINGS.contains(&upper.as_str()) {
        return Ok(at);
    }
    // A far cry from any allowed word is another statement; a near one is a slip.
    let near = catalogue::nearest(&upper, BEGINNINGS).map(str::to_owned);
    Err(
        QueryError::new(Code::SqlRefused, format!("{upper} is refused: {ONLY}"))
            .with_nearest(near.into_iter().collect())
            .at(at.0, at.1),
    )
}

fn refused(statement: &str) -> QueryError {
    let words: Vec<&str> = statement.split_whitespace().take(2).collect();
    QueryError::new(
        Code::SqlRefused,
        format!("{} is refused: {ONLY}", words.join(" ")),
    )
}

/// The parser's fault, with its place taken out of the words.
fn syntax(error: &DataFusionError) -> QueryError {
    let message = match error.find_root() {
        DataFusionError::SQL(parser, _) => match parser.as_ref() {
            ParserError::ParserError(message) | ParserError::TokenizerError(message) => {
                message.clone()
            }
            ParserError::RecursionLimitExceeded => "the statement is nested too deep".to_owned(),
        },
        other => other.strip_backtrace(),
    };
    let place = message
        .rsplit_once(" at Line: ")
        .and_then(|(before, place)| {
            let (line, column) = place.split_once(", Column: ")?;
            Some((
                before.to_owned(),
                line.parse().ok()?,
                column.trim().parse().ok()?,
            ))
        });
    match place {
        Some((message, line, column)) => QueryError::new(Code::SqlSyntax, message).at(line, column),
        None => QueryError::new(Code::SqlSyntax, message),
    }
}
