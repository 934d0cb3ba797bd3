//! Operators, bands, percentiles of few samples, and properties of any range.
#![allow(clippy::unwrap_used)]

mod common;

use alarm::evaluate::Why;
use alarm::percentile::LowSamples;
use alarm::{Band, ComparisonOperator, Condition, Period, Rule, State, TreatMissingData};
use common::{range, rule};
use proptest::prelude::*;

fn with(operator: ComparisonOperator, threshold: Option<f64>) -> Condition {
    Condition::new(operator, threshold).unwrap()
}

#[test]
fn each_operator_breaches_on_its_side_of_the_threshold() {
    use ComparisonOperator::{
        GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanOrEqualToThreshold,
        LessThanThreshold,
    };
    for (operator, below, at, above) in [
        (GreaterThanThreshold, false, false, true),
        (GreaterThanOrEqualToThreshold, false, true, true),
        (LessThanThreshold, true, false, false),
        (LessThanOrEqualToThreshold, true, true, false),
    ] {
        let condition = with(operator, Some(3.0));
        for (value, breaches) in [(2.0, below), (3.0, at), (4.0, above)] {
            assert_eq!(
                condition.breaches(value, None),
                Some(breaches),
                "{operator:?}"
            );
        }
    }
}

#[test]
fn each_band_operator_breaches_beyond_its_bounds() {
    use ComparisonOperator::{
        GreaterThanUpperThreshold, LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold,
    };
    let band = Band {
        lower: 1.0,
        upper: 2.0,
    };
    for (operator, below, above) in [
        (LessThanLowerOrGreaterThanUpperThreshold, true, true),
        (LessThanLowerThreshold, true, false),
        (GreaterThanUpperThreshold, false, true),
    ] {
        let condition = with(operator, None);
        for (value, breaches) in [(0.5, below), (1.0, false), (2.0, false), (2.5, above)] {
            assert_eq!(
                condition.breaches(value, Some(band)),
                Some(breaches),
                "{operator:?}"
            );
        }
        assert_eq!(condition.breaches(0.0, None), None, "{operator:?}");
    }
}

#[test]
fn a_threshold_goes_with_its_operators_alone() {
    for operator in ComparisonOperator::ALL {
        let band = operator.needs_band();
        assert_eq!(Condition::new(operator, Some(1.0)).is_err(), band);
        assert_eq!(Condition::new(operator, None).is_err(), !band);
        assert!(Condition::new(operator, Some(f64::NAN)).is_err());
        assert_eq!(operator.as_str().parse(), Ok(operator));
    }
}

#[test]
fn a_model_that_is_not_trained_is_insufficient_data_and_a_gap_in_its_band_a_missing_point() {
    let mut rule = rule(2, 1, TreatMissingData::Breaching);
    rule.condition = with(ComparisonOperator::GreaterThanUpperThreshold, None);
    let mut seen = range("X 0 X 0");
    let evaluation = rule.evaluate(&seen, State::Alarm);
    assert_eq!(
        (evaluation.state, evaluation.why),
        (State::InsufficientData, Why::NoBand)
    );
    seen[1].band = Some(Band {
        lower: 0.0,
        upper: 0.5,
    });
    let evaluation = rule.evaluate(&seen, State::Ok);
    assert_eq!((evaluation.state, evaluation.filled), (State::Alarm, 1));
    rule.treat_missing_data = TreatMissingData::Missing;
    assert_eq!(rule.evaluate(&seen, State::Alarm).state, State::Ok);
}

#[test]
fn what_is_not_a_number_is_missing() {
    let rule = rule(1, 1, TreatMissingData::Missing);
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let seen = [Period::new(0, Some(value))];
        assert_eq!(
            rule.evaluate(&seen, State::Ok).state,
            State::InsufficientData
        );
    }
}

#[test]
fn a_percentile_of_too_few_samples_changes_nothing() {
    let mut rule = rule(2, 2, TreatMissingData::Missing);
    rule.low_samples = LowSamples::of_percentile(90.0);
    let mut seen = range("0 0 X X");
    for period in &mut seen {
        period.samples = Some(49.0);
    }
    for previous in State::ALL {
        let evaluation = rule.evaluate(&seen, previous);
        assert_eq!(evaluation.state, previous);
        assert_eq!(evaluation.why, Why::FewSamples);
    }
    seen[3].samples = Some(51.0);
    assert_eq!(rule.evaluate(&seen, State::Ok).state, State::Alarm);
    // Without any point it is missing data that it is about.
    let none = rule.evaluate(&range("- - - -"), State::Ok);
    assert_eq!(none.state, State::InsufficientData);
}

fn any_state() -> impl Strategy<Value = State> {
    proptest::sample::select(State::ALL.to_vec())
}

/// Mostly ordinary values, and every other double.
fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        Just(None),
        Just(None),
        Just(Some(0.0)),
        Just(Some(1.0)),
        any::<f64>().prop_map(Some)
    ]
}

fn any_period() -> impl Strategy<Value = Period> {
    let band = proptest::option::of((any::<f64>(), any::<f64>()));
    (
        any::<i64>(),
        any_value(),
        band,
        proptest::option::of(any::<f64>()),
    )
        .prop_map(|(start, value, band, samples)| Period {
            start,
            value,
            band: band.map(|(lower, upper)| Band { lower, upper }),
            samples,
        })
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let small_or_any = || prop_oneof![0..8u32, any::<u32>()];
    (
        small_or_any(),
        small_or_any(),
        proptest::sample::select(TreatMissingData::ALL.to_vec()),
        proptest::sample::select(ComparisonOperator::ALL.to_vec()),
        -2.0..2.0f64,
        proptest::option::of(any::<f64>()),
    )
        .prop_map(
            |(n, m, treat_missing_data, operator, threshold, percentile)| Rule {
                evaluation_periods: n,
                datapoints_to_alarm: m,
                treat_missing_data,
                condition: with(operator, (!operator.needs_band()).then_some(threshold)),
                low_samples: percentile.and_then(LowSamples::of_percentile),
            },
        )
}

/// A rule that a definition would let through.
fn sane_rule() -> impl Strategy<Value = Rule> {
    (1..8u32, 1..8u32).prop_map(|(n, m)| rule(n, m.min(n), TreatMissingData::Missing))
}

fn points() -> impl Strategy<Value = Vec<Period>> {
    let value = proptest::sample::select(vec![None, Some(0.0), Some(1.0)]);
    proptest::collection::vec(value, 0..12)
        .prop_map(|values| values.into_iter().map(|v| Period::new(0, v)).collect())
}

fn treated(mut rule: Rule, treatment: TreatMissingData) -> Rule {
    rule.treat_missing_data = treatment;
    rule
}

/// How bad a state is, when it is OK or ALARM.
fn is_alarm(rule: Rule, seen: &[Period], treatment: TreatMissingData, previous: State) -> bool {
    treated(rule, treatment).evaluate(seen, previous).state == State::Alarm
}

proptest! {
    #[test]
    fn no_input_makes_evaluation_or_its_reason_panic(
        rule in any_rule(),
        seen in proptest::collection::vec(any_period(), 0..40),
        previous in any_state(),
        at in any::<i64>(),
    ) {
        let evaluation = rule.evaluate(&seen, previous);
        prop_assert_eq!(evaluation.points.len(), seen.len());
        prop_assert!(!evaluation.is_retained() || evaluation.state == previous);
        let reason = evaluation.reason();
        prop_assert!(reason.chars().count() <= alarm::reason::LONGEST_REASON, "{}", reason);
        let _ = evaluation.reason_data(alarm::reason::Source::default(), at);
        let _ = evaluation.to_string();
    }

    #[test]
    fn where_ignore_alarms_breaching_does_and_where_not_breaching_alarms_all_do(
        rule in sane_rule(), seen in points(), previous in any_state(),
    ) {
        use TreatMissingData::{Breaching, Ignore, Missing, NotBreaching};
        // Also when ignore keeps an ALARM: it keeps it only where nothing speaks against it.
        if is_alarm(rule, &seen, Ignore, previous) {
            prop_assert!(is_alarm(rule, &seen, Breaching, previous));
        }
        if is_alarm(rule, &seen, Missing, previous) {
            prop_assert!(is_alarm(rule, &seen, Breaching, previous));
        }
        if is_alarm(rule, &seen, NotBreaching, previous) {
            for treatment in [Missing, Ignore, Breaching] {
                prop_assert!(is_alarm(rule, &seen, treatment, previous));
            }
        }
    }

    #[test]
    fn filled_treatments_always_tell_and_do_not_ask_for_the_state_before(
        rule in sane_rule(), seen in points(),
    ) {
        for treatment in [TreatMissingData::Breaching, TreatMissingData::NotBreaching] {
            let rule = treated(rule, treatment);
            let states = State::ALL.map(|previous| rule.evaluate(&seen, previous).state);
            prop_assert!(states.iter().all(|s| *s == states[0]));
            prop_assert!(states[0] != State::InsufficientData);
        }
    }

    #[test]
    fn with_points_enough_the_treatment_of_missing_ones_plays_no_part(
        rule in sane_rule(), seen in points(), previous in any_state(),
    ) {
        let real = seen.iter().filter(|p| p.value.is_some()).count();
        prop_assume!(real >= rule.evaluation_periods as usize);
        let states = TreatMissingData::ALL.map(|t| treated(rule, t).evaluate(&seen, previous).state);
        prop_assert!(states.iter().all(|s| *s == states[0]));
    }

    #[test]
    fn order_plays_no_part_when_exactly_the_points_looked_at_are_there(
        rule in sane_rule(), values in proptest::collection::vec(any::<bool>(), 1..8), turn in 0..8usize,
    ) {
        let rule = Rule {
            evaluation_periods: values.len() as u32,
            datapoints_to_alarm: rule.datapoints_to_alarm.min(values.len() as u32),
            ..rule
        };
        let mut seen: Vec<Period> = values
            .iter()
            .map(|breaches| Period::new(0, Some(f64::from(*breaches))))
            .collect();
        let before = rule.evaluate(&seen, State::Ok).state;
        let turn = turn % seen.len();
        seen.rotate_left(turn);
        prop_assert_eq!(rule.evaluate(&seen, State::Ok).state, before);
    }

    #[test]
    fn where_gaps_are_plays_no_part_when_they_are_filled_in(
        rule in sane_rule(), seen in points(), previous in any_state(),
    ) {
        // The real points in their order, all gaps before them.
        let mut moved = seen.clone();
        moved.sort_by_key(|p| p.value.is_some());
        for treatment in [
            TreatMissingData::Breaching,
            TreatMissingData::NotBreaching,
            TreatMissingData::Ignore,
        ] {
            let rule = treated(rule, treatment);
            prop_assert_eq!(
                rule.evaluate(&seen, previous).state,
                rule.evaluate(&moved, previous).state
            );
        }
    }

    #[test]
    fn one_more_breaching_point_in_place_of_a_good_one_never_ends_an_alarm(
        rule in sane_rule(), seen in points(), which in any::<proptest::sample::Index>(), previous in any_state(),
    ) {
        let good: Vec<usize> = (0..seen.len()).filter(|i| seen[*i].value == Some(0.0)).collect();
        prop_assume!(!good.is_empty());
        let mut worse = seen.clone();
        worse[good[which.index(good.len())]].value = Some(1.0);
        for treatment in TreatMissingData::ALL {
            if is_alarm(rule, &seen, treatment, previous) {
                prop_assert!(is_alarm(rule, &worse, treatment, previous));
            }
        }
    }

    #[test]
    fn what_was_before_the_points_looked_at_plays_no_part(
        rule in sane_rule(), older in points(), newer in proptest::collection::vec(any::<bool>(), 8), previous in any_state(),
    ) {
        let newer: Vec<Period> = newer
            .iter()
            .map(|breaches| Period::new(0, Some(f64::from(*breaches))))
            .collect();
        let together: Vec<Period> = older.iter().chain(&newer).copied().collect();
        prop_assert_eq!(
            rule.evaluate(&together, previous).state,
            rule.evaluate(&newer, previous).state
        );
    }
}
