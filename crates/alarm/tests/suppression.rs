//! AWS's examples of a suppressor, and what holds for any order of events.
#![allow(clippy::unwrap_used)]

use alarm::State;
use alarm::composite::{Due, SuppressedBy, Suppression, Suppressor};
use proptest::prelude::*;

const UNIT: i64 = 1_000_000;
const PERIODS: Suppressor = Suppressor {
    wait: 2,
    extension: 3,
};

#[derive(Debug, Clone, Copy)]
enum Event {
    Composite(State),
    Suppressor(State),
    Tick,
    Replace(State),
}
use Event::{Composite, Replace, Suppressor as Other};

fn step(suppression: &mut Suppression, at: i64, event: Event) -> Vec<Due> {
    match event {
        Composite(state) => suppression.composite_is(state, at * UNIT),
        Other(state) => suppression.suppressor_is(state, at * UNIT),
        Event::Tick => suppression.tick(at * UNIT),
        Replace(state) => suppression.replace(PERIODS, state, at * UNIT),
    }
}

/// The actions that are done by the time 100, each as (time, state).
fn play(suppressor: State, events: &[(i64, Event)]) -> Vec<(i64, State)> {
    let mut suppression = Suppression::new(PERIODS, suppressor, State::Ok);
    let mut done = Vec::new();
    for (at, event) in events.iter().copied().chain([(100, Event::Tick)]) {
        done.extend(step(&mut suppression, at, event));
    }
    done.iter().map(|due| (due.at / UNIT, due.state)).collect()
}

#[test]
fn the_examples_of_aws_hold() {
    use State::{Alarm, Ok};
    let to_alarm = (2, Composite(Alarm));
    assert_eq!(play(Ok, &[to_alarm]), [(4, Alarm)], "1");
    assert_eq!(play(Ok, &[to_alarm, (3, Other(Alarm))]), [], "2");
    assert_eq!(play(Ok, &[to_alarm, (3, Composite(Ok))]), [(5, Ok)], "3");
    assert_eq!(play(Alarm, &[to_alarm]), [], "4");
    let fifth = [to_alarm, (3, Other(Alarm)), (6, Other(Ok))];
    assert_eq!(play(Ok, &fifth), [(9, Alarm)], "5");
    let sixth = [fifth.as_slice(), &[(7, Composite(Ok))]].concat();
    assert_eq!(play(Ok, &sixth), [(9, Ok)], "6");
}

#[test]
fn what_holds_actions_is_told() {
    let mut suppression = Suppression::new(PERIODS, State::Ok, State::Ok);
    assert_eq!(suppression.suppressed_by(), None);
    for (at, event, by, due_at) in [
        (
            2,
            Composite(State::Alarm),
            SuppressedBy::WaitPeriod,
            Some(4),
        ),
        (3, Other(State::Alarm), SuppressedBy::Alarm, None),
        (
            6,
            Other(State::InsufficientData),
            SuppressedBy::ExtensionPeriod,
            Some(9),
        ),
        (7, Other(State::Alarm), SuppressedBy::Alarm, None),
        (8, Other(State::Ok), SuppressedBy::ExtensionPeriod, Some(11)),
        (9, Composite(State::Ok), SuppressedBy::WaitPeriod, Some(11)),
    ] {
        assert_eq!(step(&mut suppression, at, event), []);
        assert_eq!(suppression.suppressed_by(), Some(by));
        assert_eq!(suppression.due_at(), due_at.map(|at| at * UNIT));
    }
    assert_eq!(
        SuppressedBy::WaitPeriod.reason(),
        "Actions suppressed by WaitPeriod"
    );
}

#[test]
fn a_suppressor_that_comes_and_goes_alone_causes_nothing() {
    let events = [(2, Other(State::Alarm)), (5, Other(State::Ok))];
    assert_eq!(play(State::Ok, &events), []);
}

#[test]
fn a_period_that_ends_in_the_moment_of_an_event_has_ended() {
    let events = [(2, Composite(State::Alarm)), (4, Other(State::Alarm))];
    assert_eq!(play(State::Ok, &events), [(4, State::Alarm)]);
}

#[test]
fn a_late_call_does_first_what_fell_due_before() {
    let events = [(2, Composite(State::Alarm)), (50, Composite(State::Ok))];
    assert_eq!(
        play(State::Ok, &events),
        [(4, State::Alarm), (52, State::Ok)]
    );
}

#[test]
fn periods_of_nothing_hold_nothing() {
    let none = Suppressor {
        wait: 0,
        extension: 0,
    };
    let mut suppression = Suppression::new(none, State::Ok, State::Ok);
    let due = suppression.composite_is(State::Alarm, 7);
    assert_eq!(
        due,
        [Due {
            state: State::Alarm,
            at: 7
        }]
    );
}

#[test]
fn another_suppressor_gets_its_own_wait() {
    let events = [(2, Composite(State::Alarm)), (3, Replace(State::Ok))];
    assert_eq!(play(State::Ok, &events), [(5, State::Alarm)]);
    let events = [(2, Composite(State::Alarm)), (3, Replace(State::Alarm))];
    assert_eq!(play(State::Ok, &events), []);
    assert_eq!(play(State::Ok, &[(3, Replace(State::Ok))]), []);
}

#[test]
fn a_clock_that_is_set_back_holds_nothing_for_longer_than_a_period() {
    let mut suppression = Suppression::new(PERIODS, State::Ok, State::Ok);
    assert_eq!(step(&mut suppression, 1000, Composite(State::Alarm)), []);
    assert_eq!(step(&mut suppression, 10, Event::Tick), []);
    assert_eq!(suppression.due_at(), Some(12 * UNIT));
}

#[test]
fn it_is_written_down_and_read_back() {
    let mut suppression = Suppression::new(PERIODS, State::Ok, State::Ok);
    assert_eq!(step(&mut suppression, 2, Composite(State::Alarm)), []);
    let written = serde_json::to_string(&suppression).unwrap();
    assert_eq!(
        serde_json::from_str::<Suppression>(&written).unwrap(),
        suppression
    );
}

fn any_event() -> impl Strategy<Value = Event> {
    let state = || proptest::sample::select(State::ALL.to_vec());
    prop_oneof![
        state().prop_map(Composite),
        state().prop_map(Other),
        state().prop_map(Replace),
        Just(Event::Tick),
    ]
}

proptest! {
    #[test]
    fn actions_are_those_of_the_last_state_and_nothing_is_lost_or_doubled(
        events in proptest::collection::vec((0..4i64, any_event()), 0..30),
    ) {
        let mut suppression = Suppression::new(PERIODS, State::Ok, State::Ok);
        let (mut now, mut composite, mut suppressor) = (0, State::Ok, State::Ok);
        let (mut changes, mut done) = (0, 0);
        let mut owed = false;
        for (later, event) in events {
            now += later;
            let before = composite;
            let was_alarm = suppressor == State::Alarm;
            let due = step(&mut suppression, now, event);
            if let Other(state) | Replace(state) = event {
                suppressor = state;
            }
            if let Composite(state) = event {
                composite = state;
            }
            for due in &due {
                prop_assert!(due.at <= now * UNIT);
                prop_assert_eq!(due.state, before);
                prop_assert!(owed && !was_alarm);
                owed = false;
                done += 1;
            }
            if composite != before {
                changes += 1;
                owed = true;
            }
            prop_assert_eq!(suppression.suppressed_by().is_some(), owed);
            if suppressor == State::Alarm && owed {
                prop_assert_eq!(suppression.suppressed_by(), Some(SuppressedBy::Alarm));
            }
        }
        // Once the suppressor is quiet, what is owed is done.
        done += step(&mut suppression, now, Other(State::Ok)).len();
        done += step(&mut suppression, now + 10, Event::Tick).len();
        prop_assert!(done <= changes);
        prop_assert_eq!(suppression.suppressed_by(), None);
        if changes > 0 {
            prop_assert!(done > 0);
        }
    }

    #[test]
    fn no_times_make_it_panic(
        wait in any::<u32>(), extension in any::<u32>(),
        events in proptest::collection::vec((any::<i64>(), any_event()), 0..20),
    ) {
        let mut suppression = Suppression::new(Suppressor { wait, extension }, State::Ok, State::Ok);
        for (at, event) in events {
            let _ = match event {
                Composite(state) => suppression.composite_is(state, at),
                Other(state) => suppression.suppressor_is(state, at),
                Event::Tick => suppression.tick(at),
                Replace(state) => suppression.replace(PERIODS, state, at),
            };
        }
    }
}
