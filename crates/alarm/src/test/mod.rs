//! Cases for `kansoku alarms test`: what an alarm is to say of a range, one JSON object a line.
//!
//! ```text
//! {"EvaluationPeriods":3,"DatapointsToAlarm":2,"ComparisonOperator":"GreaterThanThreshold","Threshold":0.5,"Points":[0,null,1,null,1],"Expect":"ALARM"}
//! ```
//!
//! | key | what it is |
//! | --- | --- |
//! | `EvaluationPeriods` | how many points are looked at |
//! | `DatapointsToAlarm` | how many of them breach for ALARM; `EvaluationPeriods` when it is not there |
//! | `TreatMissingData` | `missing` (when it is not there), `ignore`, `breaching`, `notBreaching` |
//! | `ComparisonOperator`, `Threshold` | when a point breaches |
//! | `Points` | the whole evaluation range, oldest first; `null` is missing |
//! | `Bands` | for operators that compare with a band, in place of `Threshold`: `[lower, upper]` or `null` for each point |
//! | `PreviousState` | `INSUFFICIENT_DATA` when it is not there |
//! | `Expect` | the state that is to come of it |
//!
//! Empty lines are passed over. A line that is no case has failed.

mod case;
mod line;

use std::fmt;

pub use case::Case;
pub use line::CaseError;

/// What came of a file of cases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// How many came out as expected.
    pub passed: usize,
    /// Those that did not, in order.
    pub failures: Vec<Failure>,
}

/// A line that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Its number, from 1.
    pub line: usize,
    /// What was expected and what came, or what is wrong with the line.
    pub said: String,
}

/// Runs every case of a text.
pub fn run(text: &str) -> Outcome {
    let mut outcome = Outcome::default();
    for (i, line) in text.lines().enumerate() {
        // An editor's byte order mark is no part of a case.
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        match said(line) {
            None => outcome.passed += 1,
            Some(said) => outcome.failures.push(Failure { line: i + 1, said }),
        }
    }
    outcome
}

/// What is wrong with a case, if anything is.
fn said(line: &str) -> Option<String> {
    let case = match line.parse::<Case>() {
        Ok(case) => case,
        Err(error) => return Some(error.to_string()),
    };
    let evaluation = case.evaluate();
    (evaluation.state != case.expect).then(|| {
        format!(
            "expected {}, got {} ({evaluation})",
            case.expect, evaluation.state
        )
    })
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.said)
    }
}

/// A line for each failure, then `3 passed, 1 failed`.
impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(f, "{failure}")?;
        }
        write!(f, "{} passed, {} failed", self.passed, self.failures.len())
    }
}
