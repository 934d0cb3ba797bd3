//! `GET /api/alarms/{name}`: all of one alarm, with the periods that an evaluation now would see.

use alarm::Definition;
use axum::Json;
use axum::extract::{Path, State};
use evaluator::{ContributorStatus, Status};
use serde::Serialize;
use serde_json::{Value, json};

use super::fault::unknown_alarm;
use super::series::{Series, series, single};
use super::summary::{Summary, summary};
use crate::api::time::{now_usec, rfc3339_micros};
use crate::problem::Problem;
use crate::state::Shared;

/// The answer.
#[derive(Debug, Serialize)]
pub(crate) struct Description {
    #[serde(flatten)]
    summary: Summary,
    definition: Value,
    configured: String,
    #[serde(flatten)]
    rule: Figures,
    series: Vec<Series>,
    /// How many series have a state; there may be more than are listed.
    series_total: usize,
    children: Vec<Child>,
    parents: Vec<String>,
}

/// What is compared with what; all are null for a composite alarm.
#[derive(Debug, Default, Serialize)]
struct Figures {
    threshold: Option<f64>,
    period_seconds: Option<u32>,
    evaluation_periods: Option<u32>,
    datapoints_to_alarm: Option<u32>,
    treat_missing_data: Option<&'static str>,
}

/// An alarm that a composite alarm asks about; without a state it is gone.
#[derive(Debug, Serialize)]
struct Child {
    name: String,
    state: Option<alarm::State>,
}

pub(crate) async fn get(
    State(state): State<Shared>,
    Path(name): Path<String>,
) -> Result<Json<Description>, Problem> {
    let alarms = state.alarms()?;
    let now = now_usec();
    let evaluator = alarms.evaluator();
    let unknown = || unknown_alarm(&name);
    // An alarm that is gone meanwhile is as if it had not been there.
    evaluator.describe(&name).ok_or_else(unknown)?;
    let explained = evaluator.explain(&name, &*alarms.windows(), now).await;
    let status = evaluator.describe(&name).ok_or_else(unknown)?;
    let kept = kept(&status, evaluator.series(&name).unwrap_or_default());
    let silenced_by = alarms.silenced_by(&status, now);
    let receivers = alarms.receivers_of(&status);
    let (mut explained, unread) = match explained {
        Some(Ok(explained)) => (explained, None),
        Some(Err(why)) => (Vec::new(), Some(why)),
        None => (Vec::new(), None),
    };
    if is_single(&status) {
        // Whatever its one series is called where it comes from.
        explained.iter_mut().for_each(|(labels, _)| labels.clear());
    }
    let (definition, rule) = definition(&status);
    let children = status.children.iter().map(|(name, state)| Child {
        name: name.clone(),
        state: *state,
    });
    Ok(Json(Description {
        definition,
        configured: rfc3339_micros(status.configured_at),
        rule,
        series_total: kept.len(),
        series: series(kept, explained),
        children: children.collect(),
        parents: status.parents.clone(),
        summary: {
            let mut summary = summary(status, silenced_by, receivers);
            summary.problem = summary.problem.or(unread);
            summary
        },
    }))
}

/// The series that have a state. An alarm over one series has its own, a composite alarm none.
fn kept(status: &Status, kept: Vec<ContributorStatus>) -> Vec<ContributorStatus> {
    match is_single(status) {
        true => vec![single(status)],
        false => kept,
    }
}

fn is_single(status: &Status) -> bool {
    status.contributors.is_none() && status.kind != "composite"
}

/// The definition with its defaults, and whether actions are done now: who changes it and puts it back changes nothing
/// else. One that cannot be read is shown as it is.
fn definition(status: &Status) -> (Value, Figures) {
    let text = status.definition.to_string();
    let Ok(read) = Definition::from_json(text.as_bytes()) else {
        return (status.definition.clone(), Figures::default());
    };
    let mut shown = read.to_json();
    if let Some(keys) = shown.as_object_mut() {
        keys.insert("ActionsEnabled".to_owned(), json!(status.actions_enabled));
    }
    let figures = read
        .metric()
        .map_or_else(Figures::default, |alarm| Figures {
            threshold: alarm.rule.condition.threshold(),
            period_seconds: Some(alarm.period),
            evaluation_periods: Some(alarm.rule.evaluation_periods),
            datapoints_to_alarm: Some(alarm.rule.datapoints_to_alarm),
            treat_missing_data: Some(alarm.rule.treat_missing_data.as_str()),
        });
    (shown, figures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::alarms::summary::tests::status;

    fn with(definition: Value) -> Status {
        let mut status = status();
        status.definition = definition;
        status
    }

    #[test]
    fn a_definition_has_its_defaults_and_what_was_switched_since() {
        let mut status = with(json!({
            "AlarmName": "web-memory", "Tags": {"severity": "critical"}, "Period": 60, "EvaluationPeriods": 3,
            "Namespace": "ContainerInsights", "MetricName": "pod_memory_utilization", "Statistic": "Maximum",
            "ComparisonOperator": "GreaterThanThreshold", "Threshold": 80, "ActionsEnabled": true,
        }));
        status.actions_enabled = false;
        let (shown, figures) = definition(&status);
        assert_eq!(shown["ActionsEnabled"], false);
        assert_eq!(shown["DatapointsToAlarm"], 3);
        assert_eq!(
            shown["Tags"],
            json!([{"Key": "severity", "Value": "critical"}])
        );
        assert_eq!(
            json!(figures),
            json!({
                "threshold": 80.0, "period_seconds": 60, "evaluation_periods": 3, "datapoints_to_alarm": 3,
                "treat_missing_data": "missing",
            })
        );
        let again = Definition::from_json(shown.to_string().as_bytes());
        assert!(again.is_ok(), "what is shown can be put back: {again:?}");
    }

    #[test]
    fn a_composite_alarm_has_a_rule_and_no_figures() {
        let (shown, figures) = definition(&with(json!({
            "AlarmName": "shop", "AlarmRule": "ALARM(\"web-memory\")",
        })));
        assert_eq!(shown["AlarmRule"], "ALARM(\"web-memory\")");
        assert!(
            json!(figures)
                .as_object()
                .unwrap()
                .values()
                .all(Value::is_null)
        );
    }

    #[test]
    fn what_cannot_be_read_is_shown_as_it_is() {
        let broken = json!({"AlarmName": "a", "From the future": 1});
        assert_eq!(definition(&with(broken.clone())).0, broken);
    }

    #[test]
    fn series_are_of_the_kind() {
        let series = vec![single(&status())];
        let mut one = status();
        assert_eq!(
            kept(&one, Vec::new()).len(),
            0,
            "many, none of them there yet"
        );
        assert_eq!(kept(&one, series).len(), 1);
        one.contributors = None;
        assert_eq!(kept(&one, Vec::new()).len(), 1, "over one series");
        one.kind = "composite".to_owned();
        assert_eq!(kept(&one, Vec::new()).len(), 0);
    }
}
