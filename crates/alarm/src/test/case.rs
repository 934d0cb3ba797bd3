//! A case: a rule, a range, and what is to come of it.

use std::str::FromStr;

use serde_json::Value;

use super::line::{CaseError, Line, cut};
use crate::evaluate::{Band, Evaluation, Period, Rule};
use crate::operator::{ComparisonOperator, Condition};
use crate::state::{State, UnknownWord};
use crate::treatment::TreatMissingData;

const KEYS: [&str; 9] = [
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "TreatMissingData",
    "ComparisonOperator",
    "Threshold",
    "Points",
    "Bands",
    "PreviousState",
    "Expect",
];
/// The length of a period makes no difference here.
const MINUTE: i64 = 60_000_000;

/// What an alarm is to say of a range. Read from a line of JSON by [`str::parse`].
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// What is done with the points.
    pub rule: Rule,
    /// The points, a minute apart.
    pub range: Vec<Period>,
    /// The state before.
    pub previous: State,
    /// The state that is to come of it.
    pub expect: State,
}

impl Case {
    /// What comes of it.
    pub fn evaluate(&self) -> Evaluation {
        self.rule.evaluate(&self.range, self.previous)
    }
}

impl FromStr for Case {
    type Err = CaseError;

    fn from_str(line: &str) -> Result<Case, CaseError> {
        let mut line = Line::read(line, &KEYS)?;
        let evaluation_periods = required(&mut line, "EvaluationPeriods", whole)?;
        let datapoints_to_alarm =
            optional(&mut line, "DatapointsToAlarm", whole)?.unwrap_or(evaluation_periods);
        if datapoints_to_alarm > evaluation_periods {
            return Err(wrong(
                "DatapointsToAlarm",
                format!(
                    "{datapoints_to_alarm} is more than EvaluationPeriods, {evaluation_periods}"
                ),
            ));
        }
        let treatment: Option<TreatMissingData> = optional(&mut line, "TreatMissingData", word)?;
        let operator: ComparisonOperator = required(&mut line, "ComparisonOperator", word)?;
        let threshold = optional(&mut line, "Threshold", number)?;
        let condition = Condition::new(operator, threshold)
            .map_err(|fault| wrong("Threshold", fault.to_string()))?;
        let values = required(&mut line, "Points", |v| list(v, number))?;
        let bands = optional(&mut line, "Bands", |v| list(v, band))?;
        let previous: Option<State> = optional(&mut line, "PreviousState", word)?;
        Ok(Case {
            rule: Rule {
                evaluation_periods,
                datapoints_to_alarm,
                treat_missing_data: treatment.unwrap_or_default(),
                condition,
                low_samples: None,
            },
            range: range(&values, bands, operator)?,
            previous: previous.unwrap_or(State::InsufficientData),
            expect: required(&mut line, "Expect", word)?,
        })
    }
}

fn range(
    values: &[Option<f64>],
    bands: Option<Vec<Option<Band>>>,
    operator: ComparisonOperator,
) -> Result<Vec<Period>, CaseError> {
    let bands = match (bands, operator.needs_band()) {
        (Some(bands), true) if bands.len() == values.len() => bands,
        (Some(bands), true) => {
            let message = format!("{} bands for {} points", bands.len(), values.len());
            return Err(wrong("Bands", message));
        }
        (Some(_), false) => {
            let message = format!("{} compares with Threshold", operator.as_str());
            return Err(wrong("Bands", message));
        }
        (None, true) => return Err(CaseError::Missing("Bands")),
        (None, false) => vec![None; values.len()],
    };
    let period = |(i, (value, band)): (usize, (&Option<f64>, Option<Band>))| Period {
        start: i as i64 * MINUTE,
        value: *value,
        band,
        samples: None,
    };
    Ok(values.iter().zip(bands).enumerate().map(period).collect())
}

fn wrong(key: &'static str, message: String) -> CaseError {
    CaseError::Value { key, message }
}

type Read<T> = Result<T, String>;

fn optional<T>(
    line: &mut Line,
    key: &'static str,
    read: impl Fn(&Value) -> Read<T>,
) -> Result<Option<T>, CaseError> {
    let value = line.take(key);
    let read = value.map(|value| read(&value).map_err(|message| wrong(key, message)));
    read.transpose()
}

fn required<T>(
    line: &mut Line,
    key: &'static str,
    read: impl Fn(&Value) -> Read<T>,
) -> Result<T, CaseError> {
    optional(line, key, read)?.ok_or(CaseError::Missing(key))
}

fn whole(value: &Value) -> Read<u32> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| format!("{} is no whole number from 1 on", shown(value)))
}

fn number(value: &Value) -> Read<f64> {
    let number = value.as_f64().filter(|number| number.is_finite());
    number.ok_or_else(|| format!("{} is no number", shown(value)))
}

fn word<T: FromStr<Err = UnknownWord>>(value: &Value) -> Read<T> {
    match value.as_str() {
        Some(word) => word.parse().map_err(|mut e: UnknownWord| {
            e.word = cut(&e.word);
            e.to_string()
        }),
        None => Err(format!("{} is no word in quotes", shown(value))),
    }
}

fn band(value: &Value) -> Read<Band> {
    match value.as_array().map(Vec::as_slice) {
        Some([lower, upper]) => Ok(Band {
            lower: number(lower)?,
            upper: number(upper)?,
        }),
        _ => Err(format!("{} is no [lower, upper]", shown(value))),
    }
}

/// A list in which `null` stands for what is missing.
fn list<T>(value: &Value, read: impl Fn(&Value) -> Read<T>) -> Read<Vec<Option<T>>> {
    let Some(items) = value.as_array() else {
        return Err(format!("{} is no list", shown(value)));
    };
    let item = |(i, item): (usize, &Value)| match item {
        Value::Null => Ok(None),
        item => read(item)
            .map(Some)
            .map_err(|message| format!("item {}: {message}", i + 1)),
    };
    items.iter().enumerate().map(item).collect()
}

fn shown(value: &Value) -> String {
    cut(&value.to_string())
}
