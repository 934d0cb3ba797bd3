//! An alarm's state from those of its contributors, their bound, and when one ends.
#![allow(clippy::unwrap_used)]

mod common;

use alarm::contributor::{
    Counts, Labels, MOST_CONTRIBUTORS, admitted, combined, has_ended, reason,
};
use alarm::{State, TreatMissingData};
use common::rule;
use proptest::prelude::*;

const A: State = State::Alarm;
const O: State = State::Ok;
const I: State = State::InsufficientData;

#[test]
fn any_alarm_is_alarm_and_else_any_ok_is_ok() {
    for (states, expected) in [
        (&[][..], I),
        (&[I], I),
        (&[I, I], I),
        (&[O, I], O),
        (&[I, O, O], O),
        (&[A], A),
        (&[I, O, A], A),
    ] {
        assert_eq!(combined(states.iter().copied()), expected, "{states:?}");
    }
}

#[test]
fn counts_are_written_with_cloudwatchs_words() {
    let counts = Counts::of([A, O, O, O]);
    assert_eq!(
        serde_json::to_string(&counts).unwrap(),
        r#"{"ALARM":1,"OK":3,"INSUFFICIENT_DATA":0}"#
    );
    assert_eq!(counts.total(), 4);
}

#[test]
fn the_reason_says_how_many() {
    for (states, words) in [
        (&[][..], "Insufficient Data: there is no series."),
        (&[A], "The only series is in ALARM."),
        (&[A, O, O], "1 of 3 series is in ALARM."),
        (&[A, A, I], "2 of 3 series are in ALARM."),
        (&[O, O], "2 of 2 series are in OK."),
        (&[O, I], "1 of 2 series is in OK."),
        (&[I, I], "2 of 2 series are in INSUFFICIENT_DATA."),
    ] {
        assert_eq!(reason(Counts::of(states.iter().copied())), words);
    }
}

#[test]
fn a_contributor_ends_after_two_ranges_without_a_point() {
    // Three of three a minute apart: a range is five minutes. The newest point is that of minute 0.
    let rule = rule(3, 3, TreatMissingData::Breaching);
    let minute = 60_000_000;
    for (now, ended) in [
        (-minute, false),
        (0, false),
        (6 * minute, false),
        (11 * minute, false),
        (11 * minute + 1, true),
        (i64::MAX, true),
        (i64::MIN, false),
    ] {
        assert_eq!(has_ended(&rule, 60, 0, now), ended, "{now}");
    }
    assert!(!has_ended(&rule, u32::MAX, i64::MAX, i64::MAX));
}

fn pod(i: usize) -> Labels {
    Labels::from([("pod".to_owned(), format!("p{i:06}"))])
}

#[test]
fn as_many_as_are_allowed_are_all_evaluated() {
    let admitted = admitted((0..MOST_CONTRIBUTORS).map(pod), |_| false);
    assert_eq!(admitted.labels.len(), MOST_CONTRIBUTORS);
    assert_eq!(admitted.left_out, None);
}

#[test]
fn of_more_the_known_ones_stay_and_the_rest_is_told() {
    // The last one by its labels is known.
    let last = pod(MOST_CONTRIBUTORS + 4);
    let admitted = admitted((0..MOST_CONTRIBUTORS + 5).map(pod), |labels| {
        *labels == last
    });
    assert_eq!(admitted.labels.len(), MOST_CONTRIBUTORS);
    assert!(admitted.labels.contains(&last));
    assert!(admitted.labels.contains(&pod(MOST_CONTRIBUTORS - 2)));
    assert!(!admitted.labels.contains(&pod(MOST_CONTRIBUTORS - 1)));
    assert_eq!(
        admitted.left_out.unwrap().to_string(),
        "there are 10005 series and an alarm has at most 10000: 10000 are evaluated, 5 are not. Filter, or group by fewer labels"
    );
}

proptest! {
    #[test]
    fn the_order_of_contributors_plays_no_part(
        mut states in proptest::collection::vec(proptest::sample::select(State::ALL.to_vec()), 0..20), turn in 0..20usize,
    ) {
        let before = combined(states.iter().copied());
        let turn = turn % states.len().max(1);
        states.rotate_left(turn);
        prop_assert_eq!(combined(states.iter().copied()), before);
        // Contributors of contributors come to the same.
        let parts = states.chunks(3).map(|part| combined(part.iter().copied()));
        prop_assert_eq!(combined(parts), before);
        prop_assert_eq!(Counts::of(states.iter().copied()).total(), states.len());
    }

    #[test]
    fn a_series_that_is_given_twice_counts_once(which in proptest::collection::vec(0..50usize, 0..200)) {
        let distinct: std::collections::BTreeSet<usize> = which.iter().copied().collect();
        let admitted = admitted(which.into_iter().map(pod), |_| true);
        prop_assert_eq!(admitted.labels, distinct.into_iter().map(pod).collect());
        prop_assert_eq!(admitted.left_out, None);
    }
}
