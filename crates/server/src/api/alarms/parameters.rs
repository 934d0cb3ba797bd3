//! Parameters of questions about alarms. One that is empty is as if it were not there.

use query::{Moment, Position};

use crate::problem::{Code, Problem};

/// A parameter or a member whose value is not taken.
pub(super) fn refused(name: &str, message: impl Into<String>) -> Problem {
    let path = name.to_owned();
    Problem::new(Code::InvalidRequest, message).at(Position::Path { path })
}

/// A parameter that there is not.
pub(super) fn unknown(name: &str, known: &[&str]) -> Problem {
    let problem = refused(name, format!("there is no parameter '{name}'"));
    match catalogue::nearest(name, known.iter().copied()) {
        Some(near) => problem.with("nearest", vec![near.to_owned()]),
        None => problem,
    }
}

/// How many are asked for.
pub(super) fn limit(name: &str, value: &str, most: usize) -> Result<usize, Problem> {
    match value.parse() {
        Ok(limit) if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(refused(
            name,
            format!("'{value}' is no number from 1 to {most}"),
        )),
    }
}

/// A point in time, in microseconds since 1970.
pub(super) fn moment(name: &str, value: &str, now: i64) -> Result<i64, Problem> {
    match Moment::parse(value) {
        Ok(moment) => Ok(moment.micros(now)),
        Err(why) => Err(refused(name, why)),
    }
}

/// One of `all`, by its word.
pub(super) fn word<T: Copy>(
    name: &str,
    value: &str,
    all: &[T],
    word_of: impl Fn(T) -> &'static str,
) -> Result<T, Problem> {
    let found = all.iter().copied().find(|one| word_of(*one) == value);
    found.ok_or_else(|| {
        let words: Vec<_> = all.iter().map(|one| word_of(*one)).collect();
        refused(name, format!("'{value}' is none of {}", words.join(", ")))
    })
}

/// The pairs that have a value.
pub(super) fn given(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    pairs.filter(|(_, value)| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_parameter_and_what_is_taken() {
        for (problem, name, hint) in [
            (limit("limit", "0", 9).unwrap_err(), "limit", "1 to 9"),
            (limit("limit", "10", 9).unwrap_err(), "limit", "'10'"),
            (limit("limit", "-1", 9).unwrap_err(), "limit", "1 to 9"),
            (moment("end", "tomorrow", 0).unwrap_err(), "end", "no time"),
            (
                word("type", "c", &["a", "b"], |word| word).unwrap_err(),
                "type",
                "none of a, b",
            ),
        ] {
            let json = problem.to_json();
            assert_eq!(json["status"], 400);
            assert_eq!(json["position"]["path"], name);
            assert!(json["detail"].as_str().unwrap().contains(hint), "{json}");
        }
        assert_eq!(limit("limit", "9", 9).unwrap(), 9);
        assert_eq!(moment("end", "-1s", 5_000_000).unwrap(), 4_000_000);
        assert_eq!(word("type", "b", &["a", "b"], |word| word).unwrap(), "b");
    }

    #[test]
    fn an_unknown_parameter_is_told_with_the_one_that_was_meant() {
        let json = unknown("stat", &["name", "state"]).to_json();
        assert_eq!(json["nearest"], serde_json::json!(["state"]));
        assert!(unknown("zzzzzz", &["name"]).to_json()["nearest"].is_null());
    }
}
