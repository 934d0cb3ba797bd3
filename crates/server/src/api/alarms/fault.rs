//! What is wrong with a definition or a silence, and what cannot be done with an alarm, as problems.

use alarm::definition::{Fault, FaultKind, MOST_FAULTS};
use evaluator::ManageError;
use serde::Serialize;
use serde_json::json;

use crate::problem::{Code, Problem};

/// So many faults are told in the sentence for people; all of them are in the list.
const IN_DETAIL: usize = 3;

/// A fault as answers have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct KeyFault {
    key: String,
    message: String,
}

/// Faults as answers have them.
pub(super) fn key_faults(faults: Vec<Fault>) -> Vec<KeyFault> {
    let faults = faults.into_iter().take(MOST_FAULTS);
    faults
        .map(|Fault { key, message, .. }| KeyFault { key, message })
        .collect()
}

/// A definition or a silence that is not taken: the list of faults is the member `faults`.
pub(super) fn of_faults(faults: Vec<Fault>) -> Problem {
    let mut detail: Vec<String> = faults
        .iter()
        .take(IN_DETAIL)
        .map(Fault::to_string)
        .collect();
    if let Some(more @ 1..) = faults.len().checked_sub(IN_DETAIL) {
        detail.push(format!("{more} more in faults"));
    }
    Problem::new(Code::InvalidDefinition, detail.join("; "))
        .with("faults", json!(key_faults(faults)))
}

/// A definition that is not taken, for one reason. The key is empty for the definition as a whole.
pub(super) fn of_key(key: &str, message: impl Into<String>) -> Problem {
    of_faults(vec![Fault {
        key: key.to_owned(),
        message: message.into(),
        kind: FaultKind::Value,
    }])
}

/// There is no alarm of this name.
pub(super) fn unknown_alarm(name: &str) -> Problem {
    ManageError::NotFound(name.to_owned()).into()
}

impl From<ManageError> for Problem {
    fn from(error: ManageError) -> Problem {
        let said = error.to_string();
        match error {
            ManageError::Invalid(plan) => of_faults(plan.faults()),
            ManageError::NotFound(_) => Problem::new(Code::UnknownAlarm, said),
            ManageError::Refused(_) => Problem::new(Code::Conflict, said),
            ManageError::NotOnDisk(_) | ManageError::Unread(_) => {
                tracing::error!(error = said, "a request about alarms failed");
                Problem::new(Code::Storage, said)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alarm::definition::Definition;
    use evaluator::PlanError;
    use serde_json::Value;

    use super::*;

    fn faults_of(definition: &Value) -> Vec<Fault> {
        let read = Definition::from_json(definition.to_string().as_bytes());
        read.unwrap_err().faults()
    }

    #[test]
    fn every_fault_is_in_the_list_and_the_first_ones_in_the_sentence() {
        let faults = faults_of(&json!({
            "AlarmName": "a", "Namespace": "ContainerInsights", "MetricName": "m", "Statistic": "Mean",
            "Period": 7, "EvaluationPeriods": 0, "ComparisonOperator": "Above", "Threshold": 1,
        }));
        assert!(faults.len() > IN_DETAIL, "{faults:?}");
        let problem = of_faults(faults.clone());
        let json = problem.to_json();
        assert_eq!(json["status"], 400);
        assert_eq!(json["code"], "invalid_definition");
        let listed = json["faults"].as_array().unwrap();
        assert_eq!(listed.len(), faults.len());
        for (listed, fault) in listed.iter().zip(&faults) {
            assert_eq!(listed["key"], fault.key.as_str());
            assert_eq!(listed["message"], fault.message.as_str());
        }
        let keys: Vec<_> = listed.iter().map(|f| f["key"].as_str().unwrap()).collect();
        assert!(keys.contains(&"Period"), "{keys:?}");
        assert!(problem.detail().starts_with(&faults[0].to_string()));
        let more = format!("{} more in faults", faults.len() - IN_DETAIL);
        assert!(problem.detail().ends_with(&more), "{}", problem.detail());
    }

    #[test]
    fn a_single_fault_is_told_once() {
        let json = of_key("AlarmName", "is 'a' here").to_json();
        assert_eq!(json["detail"], "AlarmName: is 'a' here");
        assert_eq!(
            json["faults"],
            json!([{"key": "AlarmName", "message": "is 'a' here"}])
        );
        assert_eq!(of_key("", "no alarm").detail(), "no alarm");
        let faults = faults_of(&json!({"AlarmRule": "ALARM(a)"}));
        assert_eq!(faults.len(), 1);
        let problem = of_faults(faults);
        assert!(!problem.detail().contains("more"), "{}", problem.detail());
    }

    #[test]
    fn what_cannot_be_done_has_a_status_of_its_own() {
        for (error, code, status) in [
            (
                ManageError::NotFound("a".to_owned()),
                Code::UnknownAlarm,
                404,
            ),
            (
                ManageError::Refused("disable it instead".to_owned()),
                Code::Conflict,
                409,
            ),
            (
                ManageError::Invalid(PlanError::of("AlarmRule", "goes round")),
                Code::InvalidDefinition,
                400,
            ),
        ] {
            let said = error.to_string();
            let problem = Problem::from(error);
            assert_eq!(problem.code(), code);
            assert_eq!(problem.to_json()["status"], status);
            assert_eq!(problem.detail(), said);
        }
    }
}
