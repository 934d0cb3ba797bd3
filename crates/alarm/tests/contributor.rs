//! An alarm's state from those of its contributors.
#![allow(clippy::unwrap_used)]

use alarm::State;
use alarm::contributor::{Counts, reason};
use proptest::prelude::*;

const A: State = State::Alarm;
const O: State = State::Ok;
const I: State = State::InsufficientData;

fn combined(states: impl IntoIterator<Item = State>) -> State {
    Counts::of(states).state()
}

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
}
