//! `StateReason` and `StateReasonData`, to the letter.
#![allow(clippy::unwrap_used)]

mod common;

use alarm::evaluate::Evaluation;
use alarm::percentile::LowSamples;
use alarm::reason::{self, LONGEST_DATA, LONGEST_REASON, Source};
use alarm::{Band, ComparisonOperator, Condition, Period, Rule, State, TreatMissingData};
use common::{range, rule};
use serde_json::{Value, json};

/// 2 October 2019, 16:59:00.
const SEEN: i64 = 1_570_035_540_000_000;
const MINUTE: i64 = 60_000_000;

/// Points a minute apart, the newest at [`SEEN`].
fn seen(values: &[Option<f64>]) -> Vec<Period> {
    let oldest = SEEN - (values.len() as i64 - 1) * MINUTE;
    let starts = (0..).map(|i| oldest + i * MINUTE);
    values
        .iter()
        .zip(starts)
        .map(|(value, start)| Period::new(start, *value))
        .collect()
}

fn above(n: u32, m: u32, operator: ComparisonOperator, threshold: f64) -> Rule {
    Rule {
        condition: Condition::new(operator, Some(threshold)).unwrap(),
        ..rule(n, m, TreatMissingData::Missing)
    }
}

#[test]
fn awss_own_example_is_written_so() {
    let rule = above(1, 1, ComparisonOperator::GreaterThanThreshold, 50.0);
    let evaluation = rule.evaluate(&seen(&[Some(99.50160229693434)]), State::Ok);
    assert_eq!(
        evaluation.reason(),
        "Threshold Crossed: 1 out of the last 1 datapoints [99.50160229693434 (02/10/19 16:59:00)] was greater than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition)."
    );
    let source = Source {
        statistic: Some("Average"),
        period: 300,
        unit: None,
    };
    assert_eq!(
        evaluation.reason_data(source, 1_570_035_880_985_000),
        json!({
            "version": "1.0", "queryDate": "2019-10-02T17:04:40.985+0000", "startDate": "2019-10-02T16:59:00.000+0000",
            "statistic": "Average", "period": 300, "recentDatapoints": [99.50160229693434], "threshold": 50.0,
            "evaluatedDatapoints": [{"timestamp": "2019-10-02T16:59:00.000+0000", "value": 99.50160229693434}]
        })
    );
}

#[test]
fn every_operator_has_its_words() {
    use ComparisonOperator::{
        GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanOrEqualToThreshold,
        LessThanThreshold,
    };
    for (operator, value, words) in [
        (
            GreaterThanThreshold,
            6.0,
            "greater than the threshold (5.0)",
        ),
        (
            GreaterThanOrEqualToThreshold,
            5.0,
            "greater than or equal to the threshold (5.0)",
        ),
        (LessThanThreshold, 4.0, "less than the threshold (5.0)"),
        (
            LessThanOrEqualToThreshold,
            5.0,
            "less than or equal to the threshold (5.0)",
        ),
    ] {
        let rule = above(2, 2, operator, 5.0);
        let at = "02/10/19 16:59:00";
        let breaching = rule.evaluate(&seen(&[Some(value), Some(value)]), State::InsufficientData);
        assert_eq!(
            breaching.reason(),
            format!(
                "Threshold Crossed: 2 out of the last 2 datapoints [{value:?} ({at}), {value:?} (02/10/19 16:58:00)] were {words} (minimum 2 datapoints for INSUFFICIENT_DATA -> ALARM transition)."
            )
        );
        let good = if value > 5.0 || operator == GreaterThanOrEqualToThreshold {
            1.0
        } else {
            9.0
        };
        let calm = rule.evaluate(&seen(&[Some(value), Some(good)]), State::Alarm);
        assert_eq!(
            calm.reason(),
            format!(
                "Threshold Crossed: 1 out of the last 2 datapoints [{good:?} ({at})] was not {words} (minimum 1 datapoint for ALARM -> OK transition)."
            )
        );
    }
}

#[test]
fn without_a_transition_no_minimum_is_told() {
    let rule = above(1, 1, ComparisonOperator::GreaterThanThreshold, 50.0);
    assert_eq!(
        rule.evaluate(&seen(&[Some(7.0)]), State::Ok).reason(),
        "Threshold Crossed: 1 out of the last 1 datapoints [7.0 (02/10/19 16:59:00)] was not greater than the threshold (50.0)."
    );
}

#[test]
fn bands_are_listed_for_each_point() {
    let mut rule = rule(1, 1, TreatMissingData::Missing);
    let mut points = seen(&[Some(26.0)]);
    points[0].band = Some(Band {
        lower: 9.5,
        upper: 20.0,
    });
    for (operator, value, words) in [
        (
            ComparisonOperator::LessThanLowerOrGreaterThanUpperThreshold,
            26.0,
            "less than the lower thresholds [9.5] or greater than the upper thresholds [20.0]",
        ),
        (
            ComparisonOperator::LessThanLowerThreshold,
            3.0,
            "less than the lower thresholds [9.5]",
        ),
        (
            ComparisonOperator::GreaterThanUpperThreshold,
            26.0,
            "greater than the upper thresholds [20.0]",
        ),
    ] {
        rule.condition = Condition::new(operator, None).unwrap();
        points[0].value = Some(value);
        let evaluation = rule.evaluate(&points, State::Ok);
        assert_eq!(
            evaluation.reason(),
            format!(
                "Thresholds Crossed: 1 out of the last 1 datapoints [{value:?} (02/10/19 16:59:00)] was {words} (minimum 1 datapoint for OK -> ALARM transition)."
            )
        );
        let data = evaluation.reason_data(
            Source {
                period: 60,
                ..Source::default()
            },
            SEEN,
        );
        assert_eq!(data["recentLowerThresholds"], json!([9.5]));
        assert_eq!(data["recentUpperThresholds"], json!([20.0]));
        assert!(data.get("threshold").is_none() && data.get("statistic").is_none());
    }
}

fn of(rule: Rule, points: &str, previous: State) -> Evaluation {
    rule.evaluate(&range(points), previous)
}

#[test]
fn what_is_missing_is_told() {
    use TreatMissingData::{Breaching, Ignore, Missing, NotBreaching};
    for (treatment, points, previous, words) in [
        (
            Missing,
            "- - - - -",
            State::Ok,
            "Insufficient Data: 3 datapoints were unknown.",
        ),
        (
            Breaching,
            "- - - - -",
            State::Ok,
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].",
        ),
        (
            NotBreaching,
            "- - - - -",
            State::Alarm,
            "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].",
        ),
        (
            Ignore,
            "- - - - -",
            State::Ok,
            "Unchanged: no datapoints were received for 3 periods, and missing data is ignored.",
        ),
        (
            Ignore,
            "- - X - -",
            State::Ok,
            "Unchanged: 1 of 3 datapoints was breaching, and others may be late.",
        ),
        (
            Missing,
            "- - - X X",
            State::Ok,
            "Unchanged: 2 of 3 datapoints were breaching, and others may be late.",
        ),
        (
            Breaching,
            "- - X - -",
            State::Ok,
            "Threshold Crossed: 1 out of the last 3 datapoints [1.0 (01/01/70 00:02:00)] was greater than the threshold (0.5) (minimum 3 datapoints for OK -> ALARM transition). 2 missing datapoints were treated as [Breaching].",
        ),
        (
            NotBreaching,
            "- X X - -",
            State::Alarm,
            "Threshold Crossed: 2 out of the last 3 datapoints [1.0 (01/01/70 00:02:00), 1.0 (01/01/70 00:01:00)] were greater than the threshold (0.5) (minimum 1 datapoint for ALARM -> OK transition). 1 missing datapoint was treated as [NonBreaching].",
        ),
        (
            Missing,
            "- - X - -",
            State::Ok,
            "Threshold Crossed: 1 out of the last 3 datapoints [1.0 (01/01/70 00:02:00)] was greater than the threshold (0.5) (minimum 3 datapoints for OK -> ALARM transition). 2 missing datapoints were treated as [Missing].",
        ),
    ] {
        assert_eq!(of(rule(3, 3, treatment), points, previous).reason(), words);
    }
    let one = rule(1, 1, Missing);
    assert_eq!(
        of(one, "- - -", State::Ok).reason(),
        "Insufficient Data: 1 datapoint was unknown."
    );
    let one = rule(1, 1, Breaching);
    assert_eq!(
        of(one, "- - -", State::Ok).reason(),
        "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching]."
    );
}

#[test]
fn what_cannot_be_judged_is_told() {
    let mut percentile = rule(1, 1, TreatMissingData::Missing);
    percentile.low_samples = LowSamples::of_percentile(99.0);
    let mut points = seen(&[Some(9.0)]);
    points[0].samples = Some(999.0);
    let few = percentile.evaluate(&points, State::Ok);
    assert_eq!(
        few.reason(),
        "Unchanged: there are too few samples for the percentile."
    );
    points[0].samples = Some(1000.0);
    let enough = percentile.evaluate(&points, State::Ok);
    assert_eq!(enough.state, State::Alarm);
    let data = enough.reason_data(
        Source {
            statistic: Some("p99"),
            period: 60,
            unit: Some("Seconds"),
        },
        SEEN,
    );
    assert_eq!(data["evaluatedDatapoints"][0]["sampleCount"], 1000.0);
    assert_eq!(
        (&data["statistic"], &data["unit"]),
        (&json!("p99"), &json!("Seconds"))
    );

    let mut band = rule(1, 1, TreatMissingData::Missing);
    band.condition = Condition::new(ComparisonOperator::GreaterThanUpperThreshold, None).unwrap();
    assert_eq!(
        band.evaluate(&points, State::Ok).reason(),
        "Insufficient Data: the band has no bounds yet."
    );
}

#[test]
fn points_are_oldest_first_in_recent_ones_and_newest_first_in_evaluated_ones() {
    let rule = above(3, 1, ComparisonOperator::GreaterThanThreshold, 2.5);
    let evaluation = rule.evaluate(
        &seen(&[Some(9.0), None, Some(1.0), Some(2.0), Some(3.0)]),
        State::Ok,
    );
    let data = evaluation.reason_data(
        Source {
            period: 60,
            ..Source::default()
        },
        SEEN,
    );
    assert_eq!(data["recentDatapoints"], json!([1.0, 2.0, 3.0]));
    let values: Vec<&Value> = data["evaluatedDatapoints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["value"])
        .collect();
    assert_eq!(values, [&json!(3.0), &json!(2.0), &json!(1.0)]);
    assert_eq!(data["startDate"], "2019-10-02T16:57:00.000+0000");
    let none = rule
        .evaluate(&[], State::Ok)
        .reason_data(Source::default(), SEEN);
    assert_eq!(none["recentDatapoints"], json!([]));
    assert!(none.get("startDate").is_none());
}

#[test]
fn reasons_and_data_of_a_day_of_minutes_stay_within_cloudwatchs_lengths() {
    let values: Vec<Option<f64>> = (0..1440).map(|i| Some(1e300 / f64::from(i + 3))).collect();
    let rule = above(1440, 1440, ComparisonOperator::GreaterThanThreshold, 0.0);
    let evaluation = rule.evaluate(&seen(&values), State::Ok);
    let reason = evaluation.reason();
    assert!(
        reason.contains("1440 out of the last 1440 datapoints [") && reason.contains(", …] were"),
        "{reason}"
    );
    assert!(reason.chars().count() <= LONGEST_REASON);
    let data = evaluation.reason_data(
        Source {
            period: 60,
            ..Source::default()
        },
        SEEN,
    );
    assert!(
        data.to_string().len() <= LONGEST_DATA,
        "{}",
        data.to_string().len()
    );
    // The newest points are kept.
    let recent = data["recentDatapoints"].as_array().unwrap();
    assert_eq!(recent.last(), Some(&json!(values[1439])));
    assert!(recent.len() > 50);
}

#[test]
fn composite_alarms_have_their_own_words() {
    let at = 1_658_505_465_123_456;
    let child = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:cpu";
    assert_eq!(
        reason::child_changed(child, State::Alarm, at),
        format!("{child} transitioned to ALARM at Friday 22 July, 2022 15:57:45 UTC")
    );
    assert_eq!(
        reason::composite_created("arn:x", State::Ok),
        "arn:x was created and its alarm rule evaluates to OK"
    );
    assert_eq!(
        reason::composite_data(&[(child, State::Alarm, at)]),
        json!({"triggeringAlarms": [{"arn": child, "state": {"value": "ALARM", "timestamp": "2022-07-22T15:57:45.123+0000"}}]})
    );
    assert_eq!(reason::CREATED, "Unchecked: Initial alarm creation");
}
