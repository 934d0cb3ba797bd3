//! A statement of an alarm with the times of its periods.

use super::Periods;
use crate::error::QueryError;
use crate::moment::rfc3339_nanos;

/// Fills in `$start`, `$end` and `$period`, outside of quotes and comments.
///
/// # Errors
/// The statement names no `$start`: it would read everything that is kept.
pub(super) fn fill_in(statement: &str, periods: &Periods) -> Result<String, QueryError> {
    let time = |at: i64| format!("TIMESTAMP '{}'", rfc3339_nanos(at));
    let mut filled = String::with_capacity(statement.len() + 64);
    let mut rest = statement;
    let mut quote = None;
    let mut bounded = false;
    while let Some(next) = rest.chars().next() {
        if let Some(comment) = comment(rest).filter(|_| quote.is_none()) {
            filled.push_str(comment);
            rest = rest.get(comment.len()..).unwrap_or_default();
            continue;
        }
        match (quote, next) {
            (None, '\'' | '"') => quote = Some(next),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        let known = [
            ("$start", time(periods.start)),
            ("$end", time(periods.end())),
            ("$period", periods.seconds.to_string()),
        ];
        let named = known.into_iter().find(|(name, _)| {
            let after = |text: &str| {
                text.chars()
                    .next()
                    .is_none_or(|c| !c.is_alphanumeric() && c != '_')
            };
            rest.strip_prefix(name).is_some_and(after)
        });
        match named.filter(|_| quote.is_none()) {
            Some((name, value)) => {
                bounded |= name == "$start";
                filled.push_str(&value);
                rest = rest.get(name.len()..).unwrap_or_default();
            }
            None => {
                filled.push(next);
                rest = rest.get(next.len_utf8()..).unwrap_or_default();
            }
        }
    }
    if !bounded {
        let message =
            "a statement of an alarm has time >= $start, so that it does not read all that is kept";
        return Err(QueryError::invalid("query", message));
    }
    Ok(filled)
}

/// The comment that a text begins with.
fn comment(text: &str) -> Option<&str> {
    let end = if text.starts_with("--") {
        text.find('\n')
    } else if text.starts_with("/*") {
        text.find("*/").map(|at| at + 2)
    } else {
        return None;
    };
    Some(end.and_then(|end| text.get(..end)).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIODS: Periods = Periods {
        start: 0,
        seconds: 60,
        count: 5,
    };

    #[test]
    fn times_are_filled_in_outside_of_quotes() {
        let filled = fill_in(
            "SELECT '$start', \"$end\", 'it''s $period', $period, $periods FROM t WHERE time >= $start AND time < $end",
            &PERIODS,
        );
        assert_eq!(
            filled.unwrap(),
            "SELECT '$start', \"$end\", 'it''s $period', 60, $periods FROM t WHERE \
             time >= TIMESTAMP '1970-01-01T00:00:00.000000000Z' AND time < TIMESTAMP '1970-01-01T00:05:00.000000000Z'"
        );
    }

    #[test]
    fn comments_stay_as_they_are() {
        let statement = "SELECT 1 -- it's $end\nFROM t /* '$end */ WHERE time >= $start";
        assert_eq!(
            fill_in(statement, &PERIODS).unwrap(),
            "SELECT 1 -- it's $end\nFROM t /* '$end */ WHERE time >= TIMESTAMP '1970-01-01T00:00:00.000000000Z'"
        );
    }

    #[test]
    fn a_statement_without_a_start_is_refused() {
        for statement in [
            "SELECT 1",
            "SELECT '$start'",
            "",
            "SELECT $starts",
            "SELECT 1 -- time >= $start",
            "SELECT 1 /* $start */",
            "SELECT 1 /* $start",
        ] {
            let error = fill_in(statement, &PERIODS).unwrap_err();
            assert!(error.message.contains("time >= $start"), "{statement}");
        }
    }
}
