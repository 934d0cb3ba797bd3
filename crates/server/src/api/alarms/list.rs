//! `GET /api/alarms`: alarms by name, and how many are in which state.

use alarm::contributor::Counts;
use axum::Json;
use axum::extract::{Query as Parameters, State};
use evaluator::{Evaluator, Filter};
use serde::Serialize;

use super::parameters::{given, limit, refused, unknown, word};
use super::summary::{Summary, summary};
use crate::alarms::Alarms;
use crate::api::time::{now_usec, rfc3339_micros};
use crate::problem::{Code, Problem};
use crate::state::Shared;

/// The most alarms of an answer, and how many there are when nobody says.
const MOST: usize = 10_000;
/// The most definitions that cannot be read of which an answer tells.
const MOST_BROKEN: usize = 100;
const PARAMETERS: &[&str] = &["state", "name", "prefix", "tag", "limit", "after"];

/// What is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Question {
    state: Option<alarm::State>,
    /// Everything else that must hold.
    filter: Filter,
    limit: Option<usize>,
    /// Those whose names follow.
    after: Option<String>,
}

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct List {
    time: String,
    /// Of all that fit but for the state that is asked for.
    counts: Counts,
    alarms: Vec<Summary>,
    /// What to ask for `after` to go on; null: there are no more.
    next: Option<String>,
    /// What is wrong with alarms as a whole, in sentences.
    problems: Vec<String>,
}

impl Question {
    fn from_pairs(pairs: &[(String, String)]) -> Result<Question, Problem> {
        let mut question = Question::default();
        for (name, value) in given(pairs) {
            match name {
                "state" => {
                    let states = &alarm::State::ALL;
                    question.state = Some(word(name, value, states, alarm::State::as_str)?);
                }
                "name" => question.filter.names.push(value.to_owned()),
                "prefix" => question.filter.prefix = Some(value.to_owned()),
                "tag" => {
                    let (key, value) = value.split_once(':').ok_or_else(|| {
                        refused(
                            name,
                            format!("'{value}' is no key:value, as severity:critical"),
                        )
                    })?;
                    question
                        .filter
                        .tags
                        .insert(key.to_owned(), value.to_owned());
                }
                "limit" => question.limit = Some(limit(name, value, MOST)?),
                "after" => question.after = Some(value.to_owned()),
                _ => return Err(unknown(name, PARAMETERS)),
            }
        }
        Ok(question)
    }
}

pub(crate) async fn get(
    State(state): State<Shared>,
    Parameters(pairs): Parameters<Vec<(String, String)>>,
) -> Result<Json<List>, Problem> {
    let question = Question::from_pairs(&pairs)?;
    let alarms = state.alarms()?;
    // Thousands of alarms take tens of milliseconds: too long for a thread that serves connections.
    let listing = tokio::task::spawn_blocking(move || list(&alarms, &question, now_usec()));
    let failed = |_| Problem::new(Code::Internal, "the listing failed; the log says why");
    listing.await.map(Json).map_err(failed)
}

fn list(alarms: &Alarms, question: &Question, now: i64) -> List {
    let evaluator = alarms.evaluator();
    let all = evaluator.list(&question.filter);
    let counts = Counts::of(all.iter().map(|status| status.state));
    let mut asked = all.into_iter().filter(|status| {
        question.state.is_none_or(|state| status.state == state)
            && question
                .after
                .as_ref()
                .is_none_or(|after| status.name > *after)
    });
    let page = asked.by_ref().take(question.limit.unwrap_or(MOST));
    let page: Vec<Summary> = page
        .map(|status| {
            let silenced_by = alarms.silenced_by(&status, now);
            let receivers = alarms.receivers_of(&status);
            summary(status, silenced_by, receivers)
        })
        .collect();
    let last = page.last().map(|alarm| alarm.name.clone());
    List {
        time: rfc3339_micros(now),
        counts,
        next: asked.next().and(last),
        alarms: page,
        problems: problems(alarms.file_problem(), evaluator),
    }
}

fn problems(file: Option<String>, evaluator: &Evaluator) -> Vec<String> {
    let mut problems = Vec::new();
    problems.extend(file);
    let health = evaluator.health();
    if let Some(why) = health.not_on_disk {
        problems.push(format!(
            "changes are not on disk, and nobody is told of them before they are: {why}"
        ));
    }
    if health.dropped > 0 {
        problems.push(format!(
            "{} notifications were dropped, because more than could be kept were waiting",
            health.dropped
        ));
    }
    let broken = evaluator.broken().into_iter().take(MOST_BROKEN);
    problems.extend(broken.map(|broken| {
        format!(
            "the alarm '{}' is not evaluated, because this version cannot read its definition: {}",
            broken.name, broken.why
        )
    }));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(pairs: &[(&str, &str)]) -> Result<Question, Problem> {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Question::from_pairs(&pairs.collect::<Vec<_>>())
    }

    #[test]
    fn all_that_can_be_asked_for() {
        let asked = question(&[
            ("state", "ALARM"),
            ("name", "a"),
            ("name", "b"),
            ("prefix", ""),
            ("tag", "severity:critical"),
            ("tag", "runbook:https://wiki/a"),
            ("limit", "5"),
            ("after", "a"),
        ])
        .unwrap();
        assert_eq!(asked.state, Some(alarm::State::Alarm));
        assert_eq!(asked.filter.names, ["a", "b"]);
        assert_eq!(
            asked.filter.prefix, None,
            "empty is as if it were not there"
        );
        assert_eq!(asked.filter.tags["severity"], "critical");
        assert_eq!(asked.filter.tags["runbook"], "https://wiki/a");
        assert_eq!(asked.filter.state, None, "the counts are of every state");
        assert_eq!((asked.limit, asked.after.as_deref()), (Some(5), Some("a")));
    }

    #[test]
    fn what_makes_no_sense_is_refused_at_its_parameter() {
        for (name, value) in [
            ("state", "alarm"),
            ("tag", "severity"),
            ("limit", "10001"),
            ("names", "a"),
        ] {
            let json = question(&[(name, value)]).unwrap_err().to_json();
            assert_eq!(json["code"], "invalid_request");
            assert_eq!(json["position"]["path"], name);
        }
    }
}
