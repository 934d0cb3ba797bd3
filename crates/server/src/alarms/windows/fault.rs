//! What is wrong with what an alarm asks for, at the key of the definition that says it.

use alarm::definition::{Fault, FaultKind, Source};
use query::{Position, QueryError};

/// A fault of the source as a whole.
pub(super) fn of_source(source: &Source, message: String) -> Fault {
    at(root(source).to_owned(), message)
}

/// A fault of a question, whose place is a member of the question and not of the definition.
pub(super) fn of_question(source: &Source, error: &QueryError) -> Fault {
    let place = match &error.position {
        Some(Position::Text { line, column } | Position::Member { line, column, .. }) => {
            format!("line {line}, column {column}: ")
        }
        _ => String::new(),
    };
    let member = match (&error.position, source) {
        (Some(Position::Path { path }), _) => member(source, path),
        (_, Source::Logs(_)) => Some("Filter".to_owned()),
        (_, Source::Sql(_)) => Some("Query".to_owned()),
        _ => None,
    };
    let key = match member {
        Some(member) => format!("{}.{member}", root(source)),
        None => root(source).to_owned(),
    };
    at(key, format!("{place}{}", error.message))
}

fn at(key: String, message: String) -> Fault {
    Fault {
        key,
        message,
        kind: FaultKind::Value,
    }
}

/// The key that a source is written under.
fn root(source: &Source) -> &'static str {
    match source {
        Source::Metric { .. } => "MetricName",
        Source::Math { .. } => "Metrics",
        Source::Rows(_) => "Source.Rows",
        Source::Logs(_) => "Source.Logs",
        Source::Sql(_) => "Source.Sql",
        Source::Health(_) => "Source.Health",
        Source::Loss(_) => "Source.Loss",
    }
}

/// The key within the source of a member of the question: of `metrics[0].metric` it is `Metric`, of `filters.pod`
/// `Filters.pod`. `None` where people did not write it as a key of its own.
fn member(source: &Source, path: &str) -> Option<String> {
    if matches!(source, Source::Metric { .. } | Source::Math { .. }) {
        return None;
    }
    let path = path.strip_prefix("metrics[0].").unwrap_or(path);
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (name, rest) = path.split_at(end);
    let key = match name {
        "entity" => "Entity",
        "metric" => "Metric",
        "statistic" => "Statistic",
        "filters" => "Filters",
        "group_by" => "GroupBy",
        "severity" => "Severity",
        "query" => match source {
            Source::Logs(_) => "Filter",
            _ => "Query",
        },
        _ => return None,
    };
    Some(format!("{key}{rest}"))
}

#[cfg(test)]
mod tests {
    use alarm::definition::Definition;
    use evaluator::Plan;
    use query::Code;
    use serde_json::{Value, json};

    use super::*;

    fn source(written: Value) -> Source {
        let definition = json!({"AlarmName": "a", "Source": written, "Period": 60, "EvaluationPeriods": 1,
            "Threshold": 1, "ComparisonOperator": "GreaterThanThreshold"});
        Definition::from_json(definition.to_string().as_bytes()).unwrap();
        let plan = Plan::read(&definition).unwrap();
        plan.points().unwrap().source.clone()
    }

    fn told(source: &Source, position: Option<Position>) -> String {
        let error = QueryError {
            code: Code::InvalidRequest,
            message: "no".to_owned(),
            position,
            nearest: Vec::new(),
        };
        let fault = of_question(source, &error);
        format!("{}: {}", fault.key, fault.message)
    }

    #[test]
    fn a_fault_of_a_question_is_told_at_the_key_of_the_definition() {
        let path = |path: &str| {
            Some(Position::Path {
                path: path.to_owned(),
            })
        };
        let rows = source(
            json!({"Rows": {"Entity": "pod", "Metric": "restarts", "Statistic": "Maximum"}}),
        );
        for (place, key) in [
            (path("metrics[0].metric"), "Source.Rows.Metric"),
            (path("metrics[0].statistic"), "Source.Rows.Statistic"),
            (path("entity"), "Source.Rows.Entity"),
            (path("filters.nmespace"), "Source.Rows.Filters.nmespace"),
            (path("group_by[1]"), "Source.Rows.GroupBy[1]"),
            (path("periods"), "Source.Rows"),
            (None, "Source.Rows"),
        ] {
            assert_eq!(told(&rows, place), format!("{key}: no"));
        }
        let (line, column) = (2, 7);
        let logs = source(json!({"Logs": {"Filter": "x"}}));
        let member = Position::Member {
            path: "query".to_owned(),
            line,
            column,
        };
        assert_eq!(
            told(&logs, Some(member)),
            "Source.Logs.Filter: line 2, column 7: no"
        );
        let sql = source(json!({"Sql": {"Query": "SELECT 1"}}));
        assert_eq!(
            told(&sql, Some(Position::Text { line, column })),
            "Source.Sql.Query: line 2, column 7: no"
        );
        assert_eq!(told(&sql, None), "Source.Sql.Query: no");
        let health = source(json!({"Health": {"Kinds": ["Pod"]}}));
        assert_eq!(
            told(&health, path("filters.x")),
            "Source.Health.Filters.x: no"
        );
    }
}
