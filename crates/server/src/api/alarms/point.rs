//! The periods that an evaluation saw.

use alarm::Evaluation;
use alarm::evaluate::{CountedAs, Evaluated};
use serde::Serialize;

use crate::api::time::rfc3339_seconds;

/// A period of a range, and what it was counted as.
#[derive(Debug, Serialize)]
pub(super) struct Point {
    /// When it begins.
    time: String,
    value: Option<f64>,
    counted: &'static str,
    /// Bounds of the band, where there is one.
    lower: Option<f64>,
    upper: Option<f64>,
}

/// Every period of the range, oldest first.
pub(super) fn points(evaluation: &Evaluation) -> Vec<Point> {
    evaluation.points.iter().map(point).collect()
}

fn point(evaluated: &Evaluated) -> Point {
    let period = &evaluated.period;
    Point {
        time: rfc3339_seconds(period.start),
        value: period.value.filter(|value| value.is_finite()),
        counted: counted(evaluated.counted),
        lower: period.band.map(|band| band.lower),
        upper: period.band.map(|band| band.upper),
    }
}

fn counted(counted: CountedAs) -> &'static str {
    match counted {
        CountedAs::Breaching => "Breaching",
        CountedAs::NotBreaching => "NotBreaching",
        CountedAs::LeftOut => "LeftOut",
        CountedAs::Missing => "Missing",
        CountedAs::FilledBreaching => "FilledBreaching",
        CountedAs::FilledNotBreaching => "FilledNotBreaching",
    }
}

#[cfg(test)]
mod tests {
    use alarm::evaluate::Band;
    use alarm::{ComparisonOperator, Condition, Period, Rule, State, TreatMissingData};
    use serde_json::{Value, json};

    use super::*;

    fn evaluate(
        operator: ComparisonOperator,
        treat_missing_data: TreatMissingData,
        range: &[Period],
    ) -> Vec<Value> {
        let threshold = (!operator.needs_band()).then_some(1.0);
        let rule = Rule {
            evaluation_periods: 2,
            datapoints_to_alarm: 2,
            treat_missing_data,
            condition: Condition::new(operator, threshold).unwrap(),
            low_samples: None,
        };
        let evaluation = rule.evaluate(range, State::Ok);
        points(&evaluation)
            .into_iter()
            .map(|point| json!(point))
            .collect()
    }

    #[test]
    fn each_period_has_its_value_and_what_it_was_counted_as() {
        let range = [Some(5.0), Some(2.0), None, Some(0.0)];
        let starts = (0i64..).map(|n| n * 60_000_000);
        let range: Vec<_> = starts
            .zip(range)
            .map(|(at, v)| Period::new(at, v))
            .collect();
        let above = ComparisonOperator::GreaterThanThreshold;
        let points = evaluate(above, TreatMissingData::Missing, &range);
        let counted: Vec<_> = points.iter().map(|point| &point["counted"]).collect();
        assert_eq!(counted, ["LeftOut", "Breaching", "Missing", "NotBreaching"]);
        assert_eq!(
            points[1],
            json!({
                "time": "1970-01-01T00:01:00Z", "value": 2.0, "counted": "Breaching", "lower": null, "upper": null,
            })
        );
        assert_eq!(points[2]["value"], Value::Null, "absent is not zero");
        assert_eq!(points[3]["value"], 0.0);
        for (treatment, filled) in [
            (TreatMissingData::Breaching, "FilledBreaching"),
            (TreatMissingData::NotBreaching, "FilledNotBreaching"),
        ] {
            let points = evaluate(above, treatment, &[Period::new(0, None)]);
            assert_eq!(points[0]["counted"], filled);
        }
    }

    #[test]
    fn a_band_has_both_bounds_and_a_nan_is_no_value() {
        let mut period = Period::new(0, Some(f64::NAN));
        period.band = Some(Band {
            lower: -1.5,
            upper: 3.0,
        });
        let above = ComparisonOperator::GreaterThanUpperThreshold;
        let points = evaluate(above, TreatMissingData::Missing, &[period]);
        assert_eq!(points[0]["lower"], -1.5);
        assert_eq!(points[0]["upper"], 3.0);
        assert_eq!(points[0]["value"], Value::Null);
        assert_eq!(points[0]["counted"], "Missing");
    }
}
