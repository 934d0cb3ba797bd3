//! CloudWatch's tables of missing data, row by row, and the vectors that follow from them.
#![allow(clippy::unwrap_used)]

mod common;

use alarm::evaluate::{CountedAs, Why};
use alarm::{State, TreatMissingData};
use common::{range, rule};

/// `N M | range | missing ignore breaching notBreaching`: A is ALARM, O is OK, I is INSUFFICIENT_DATA, = is the state before.
fn check(rows: &[(u32, u32, &str, &str)]) {
    for (n, m, points, expected) in rows {
        for (treatment, expected) in TREATMENTS.into_iter().zip(expected.split(' ')) {
            for previous in State::ALL {
                let expected = match expected {
                    "A" => State::Alarm,
                    "O" => State::Ok,
                    "I" => State::InsufficientData,
                    "=" => previous,
                    other => panic!("{other}"),
                };
                let evaluation = rule(*n, *m, treatment).evaluate(&range(points), previous);
                assert_eq!(
                    evaluation.state, expected,
                    "{m} of {n}, {treatment:?}, {points}, was {previous}: {evaluation}"
                );
            }
        }
    }
}

const TREATMENTS: [TreatMissingData; 4] = [
    TreatMissingData::Missing,
    TreatMissingData::Ignore,
    TreatMissingData::Breaching,
    TreatMissingData::NotBreaching,
];

#[test]
fn the_first_table_of_aws_holds() {
    check(&[
        (3, 3, "0 - X - X", "O O O O"),
        (3, 3, "0 - - - -", "O O O O"),
        (3, 3, "- - - - -", "I = A O"),
        (3, 3, "0 X X - X", "A A A A"),
        (3, 3, "- - X - -", "A = A O"),
    ]);
}

#[test]
fn breaching_goes_to_alarm_once_the_last_good_point_has_left_the_range() {
    check(&[
        (3, 3, "0 - - - -", "O O O O"),
        (3, 3, "- - - - -", "I = A O"),
    ]);
}

#[test]
fn the_second_table_of_aws_holds() {
    check(&[
        (3, 2, "0 - X - X", "A A A A"),
        (3, 2, "0 0 X 0 X", "A A A A"),
        (3, 2, "0 - X - -", "O O A O"),
        (3, 2, "- - - - 0", "O O A O"),
        (3, 2, "- - - X -", "A = A O"),
    ]);
}

#[test]
fn as_many_are_filled_in_as_the_tables_say() {
    for (m, points, filled) in [
        (3, "0 - X - X", 0),
        (3, "0 - - - -", 2),
        (3, "- - - - -", 3),
        (3, "0 X X - X", 0),
        (3, "- - X - -", 2),
        (2, "0 - X - X", 0),
        (2, "0 0 X 0 X", 0),
        (2, "0 - X - -", 1),
        (2, "- - - - 0", 2),
        (2, "- - - X -", 2),
    ] {
        for treatment in [TreatMissingData::Breaching, TreatMissingData::NotBreaching] {
            let evaluation = rule(3, m, treatment).evaluate(&range(points), State::Ok);
            assert_eq!(evaluation.filled, filled, "{m} of 3, {points}");
            let shown = evaluation.points.iter().filter(|p| {
                matches!(
                    p.counted,
                    CountedAs::FilledBreaching | CountedAs::FilledNotBreaching
                )
            });
            assert_eq!(shown.count(), filled, "{m} of 3, {points}");
        }
    }
}

#[test]
fn an_alarm_is_not_raised_before_its_oldest_point_is_as_old_as_it_needs() {
    for (points, alarm) in [
        ("- - - - X", false),
        ("- - - X -", false),
        ("- - X - -", true),
    ] {
        for previous in [State::Ok, State::InsufficientData] {
            let evaluation =
                rule(3, 3, TreatMissingData::Missing).evaluate(&range(points), previous);
            assert_eq!(evaluation.state == State::Alarm, alarm, "{points}");
            let why = if alarm { Why::OldEnough } else { Why::TooEarly };
            assert_eq!(evaluation.why, why, "{points}");
            assert_eq!(evaluation.is_retained(), !alarm, "{points}");
        }
    }
}

#[test]
fn what_follows_from_the_tables_holds() {
    check(&[
        (1, 1, "- - X", "A A A A"),
        (1, 1, "X - -", "A A A A"),
        (1, 1, "- X -", "A A A A"),
        (1, 1, "0 - -", "O O O O"),
        (1, 1, "- - -", "I = A O"),
        (1, 1, "- - 0", "O O O O"),
        (1, 1, "X 0 X", "A A A A"),
        (2, 2, "- - X X", "A A A A"),
        (2, 2, "- X - X", "A A A A"),
        (2, 2, "X - - -", "A = A O"),
        (2, 2, "- - X -", "A = A O"),
        (2, 2, "- - - X", "= = A O"),
        (2, 2, "- 0 - X", "O O O O"),
        (2, 2, "X 0 - X", "O O O O"),
        (2, 2, "- - - -", "I = A O"),
        (3, 2, "- - - - X", "= = A O"),
        (3, 2, "- - X - -", "A = A O"),
        (3, 2, "- X - - 0", "O O A O"),
        (3, 2, "X - X - -", "A A A A"),
        (3, 2, "0 X - X -", "A A A A"),
        (5, 3, "X 0 X 0 X 0 X", "A A A A"),
        (5, 3, "- - X - X - -", "A = A O"),
        (5, 3, "0 - X - - X -", "O O A O"),
        (5, 3, "X - - - - - -", "A = A O"),
        (5, 3, "- - - - - - X", "= = A O"),
        (5, 3, "X - X - X - -", "A A A A"),
        (5, 3, "0 0 0 0 - - -", "O O O O"),
    ]);
}

#[test]
fn a_series_goes_to_alarm_once_and_back_once() {
    let values = [2.0, 2.0, 4.0, 4.0, 4.0, 2.0, 2.0, 2.0, 4.0, 2.0];
    let mut rule = rule(3, 3, TreatMissingData::Missing);
    rule.condition =
        alarm::Condition::new(alarm::ComparisonOperator::GreaterThanThreshold, Some(3.0)).unwrap();
    let mut state = State::InsufficientData;
    let mut states = String::new();
    for minute in 1..=values.len() {
        let from = minute.saturating_sub(rule.range() as usize);
        let seen: Vec<alarm::Period> = values[from..minute]
            .iter()
            .map(|value| alarm::Period::new(0, Some(*value)))
            .collect();
        state = rule.evaluate(&seen, state).state;
        states += if state == State::Alarm { "A" } else { "O" };
    }
    assert_eq!(states, "OOOOAOOOOO");
}

#[test]
fn points_beyond_those_looked_at_are_left_out() {
    let evaluation =
        rule(3, 3, TreatMissingData::Breaching).evaluate(&range("X - 0 X X X"), State::Ok);
    let counted: Vec<CountedAs> = evaluation.points.iter().map(|p| p.counted).collect();
    assert_eq!(
        counted,
        [
            CountedAs::LeftOut,
            CountedAs::Missing,
            CountedAs::LeftOut,
            CountedAs::Breaching,
            CountedAs::Breaching,
            CountedAs::Breaching
        ]
    );
    assert_eq!(
        (evaluation.real, evaluation.breaching, evaluation.filled),
        (3, 3, 0)
    );
}

#[test]
fn a_range_has_two_periods_more_than_are_looked_at() {
    assert_eq!(rule(3, 3, TreatMissingData::Missing).range(), 5);
    assert_eq!(rule(1, 1, TreatMissingData::Missing).range(), 3);
    assert_eq!(
        rule(u32::MAX, 1, TreatMissingData::Missing).range(),
        u32::MAX
    );
}
