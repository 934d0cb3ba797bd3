//! Minutes in which nobody looked change no state of the starter set: a server that was down would have told that all is well,
//! and of every incident anew.
#![allow(clippy::unwrap_used)]

use alarm::definition::Source;
use alarm::{Definition, Period, State, starter};

/// The newest `gap` minutes of the range are missing, and `after` of them are there again.
fn after_a_gap(alarm: &Definition, value: f64, gap: usize, after: usize, previous: State) -> State {
    let rule = alarm.rule().unwrap();
    let length = rule.range() as usize;
    let range: Vec<Period> = (0..length)
        .map(|place| {
            let back = length - place;
            let is_missing = back > after && back <= after + gap;
            let start = i64::try_from(place).unwrap() * 60_000_000;
            Period::new(start, (!is_missing).then_some(value))
        })
        .collect();
    rule.evaluate(&range, previous).state
}

#[test]
fn a_gap_of_any_length_changes_nothing() {
    let mut looked_at = 0;
    for alarm in starter::definitions() {
        if !matches!(alarm.metric().unwrap().source, Source::Health(_)) {
            continue;
        }
        let longest = alarm.rule().unwrap().range() as usize;
        for gap in 1..=longest {
            for after in 0..=longest - gap {
                for (value, state) in [(1.0, State::Alarm), (0.0, State::Ok)] {
                    let found = after_a_gap(alarm, value, gap, after, state);
                    let name = alarm.name();
                    assert_eq!(found, state, "{name}: {gap} missing, then {after}");
                }
            }
        }
        looked_at += 1;
    }
    assert_eq!(looked_at, 11);
}
