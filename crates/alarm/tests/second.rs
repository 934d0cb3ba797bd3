//! A second implementation of what missing data mean, written from the rules in words and in another way, held against the
//! first over every range up to a length.
//!
//! A range is a text, the oldest period left: `X` breaches, `0` does not, `-` is missing.
#![allow(clippy::unwrap_used)]

mod common;

use alarm::{Period, State, TreatMissingData};
use common::rule;

const TREATMENTS: [TreatMissingData; 4] = TreatMissingData::ALL;

/// What would be if the missing points were these.
fn world(points: &str, n: usize, m: usize, missing: &str) -> State {
    let there: String = points.replace('-', "");
    let lacking = n.saturating_sub(there.len());
    let all = missing.repeat(lacking) + &there;
    let newest = &all[all.len() - n..];
    if newest.matches('X').count() >= m {
        State::Alarm
    } else {
        State::Ok
    }
}

fn second(points: &str, n: usize, m: usize, treatment: TreatMissingData, previous: State) -> State {
    let worst = world(points, n, m, "X");
    let best = world(points, n, m, "0");
    match treatment {
        TreatMissingData::Breaching => return worst,
        TreatMissingData::NotBreaching => return best,
        // What is missing makes no difference.
        _ if worst == best => return best,
        _ => {}
    }
    if points.contains('0') {
        return State::Ok;
    }
    let ignores = treatment == TreatMissingData::Ignore;
    match points.find('X') {
        None if ignores => previous,
        None => State::InsufficientData,
        // The oldest point that breaches is so many periods old, the newest period being one.
        Some(at) if !ignores && points.len() - at >= m => State::Alarm,
        Some(_) => previous,
    }
}

fn every_range(length: usize) -> Vec<String> {
    (0..length).fold(vec![String::new()], |ranges, _| {
        let longer = |range: &String| ["X", "0", "-"].map(|point| format!("{range}{point}"));
        ranges.iter().flat_map(longer).collect()
    })
}

fn periods(points: &str) -> Vec<Period> {
    let values = points.chars().map(|point| match point {
        'X' => Some(1.0),
        '0' => Some(0.0),
        _ => None,
    });
    values
        .enumerate()
        .map(|(i, value)| Period::new(i as i64 * 60_000_000, value))
        .collect()
}

#[test]
fn both_say_the_same_of_every_range_up_to_seven_periods() {
    let mut compared = 0;
    for length in 0..=7 {
        for points in every_range(length) {
            let range = periods(&points);
            for n in 1..=8 {
                for m in 1..=n {
                    for treatment in TREATMENTS {
                        let rule = rule(n, m, treatment);
                        for previous in State::ALL {
                            let first = rule.evaluate(&range, previous);
                            let second =
                                second(&points, n as usize, m as usize, treatment, previous);
                            assert_eq!(
                                first.state, second,
                                "{m} of {n}, {treatment:?}, '{points}', was {previous}: {first}"
                            );
                            compared += 1;
                        }
                    }
                }
            }
        }
    }
    // 3280 ranges, 36 pairs of M and N, 4 treatments, 3 states before.
    assert_eq!(compared, 3280 * 36 * 4 * 3);
}

/// AWS's tables again, so that both implementations are not wrong in the same way.
#[test]
fn the_second_one_holds_awss_tables_too() {
    for (m, points, expected) in [
        (3, "0-X-X", "OOOO"),
        (3, "0----", "OOOO"),
        (3, "-----", "I=AO"),
        (3, "0XX-X", "AAAA"),
        (3, "--X--", "A=AO"),
        (2, "0-X-X", "AAAA"),
        (2, "00X0X", "AAAA"),
        (2, "0-X--", "OOAO"),
        (2, "----0", "OOAO"),
        (2, "---X-", "A=AO"),
    ] {
        for (treatment, expected) in TREATMENTS.into_iter().zip(expected.chars()) {
            for previous in State::ALL {
                let expected = match expected {
                    'A' => State::Alarm,
                    'O' => State::Ok,
                    'I' => State::InsufficientData,
                    _ => previous,
                };
                let said = second(points, 3, m, treatment, previous);
                assert_eq!(said, expected, "{m} of 3, {treatment:?}, {points}");
            }
        }
    }
}

#[test]
fn the_treatments_are_in_the_order_of_the_tables() {
    assert_eq!(
        TREATMENTS.map(TreatMissingData::as_str),
        ["missing", "ignore", "breaching", "notBreaching"]
    );
}
