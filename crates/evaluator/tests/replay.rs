//! Replay: the same as rounds, and as every evaluation made in full; and quick.
#![allow(clippy::unwrap_used)]

mod harness;

use std::time::{Duration, Instant};

use alarm::{Period, State, schedule};
use evaluator::replay::{ReplayError, Replayed, Stored, replay};
use evaluator::{Labels, Plan, Points, Words};
use harness::{Lab, MINUTE, SECOND, START, metric_with, series};
use proptest::prelude::*;
use serde_json::{Value, json};

fn points(definition: &Value) -> Points {
    Plan::read(definition).unwrap().points().unwrap().clone()
}

static NO_WORDS: Words = Words::new();

fn stored(periods: &[Period], spacing_seconds: u32) -> Stored<'_> {
    Stored {
        periods,
        spacing_seconds,
        words: &NO_WORDS,
    }
}

fn every(spacing: i64, values: &[Option<f64>]) -> Vec<Period> {
    let each = values.iter().enumerate();
    let there = each.filter(|(_, value)| value.is_some());
    there
        .map(|(i, value)| Period::new(START + i as i64 * spacing, *value))
        .collect()
}

fn changes(replayed: &Replayed) -> Vec<(i64, State, State)> {
    replayed
        .transitions
        .iter()
        .map(|t| ((t.time - START) / SECOND, t.from, t.to))
        .collect()
}

#[test]
fn the_timeline_of_aws() {
    let values = [2.0, 2.0, 4.0, 4.0, 4.0, 2.0, 2.0, 2.0, 4.0, 2.0].map(Some);
    let periods = every(MINUTE, &values);
    let to = START + 10 * MINUTE;
    let cpu = points(&metric_with("cpu", json!({})));
    let replayed = replay(&cpu, stored(&periods, 60), START, to, State::Ok).unwrap();
    // Before its first point the range is empty.
    let expected = [
        (0, State::Ok, State::InsufficientData),
        (60, State::InsufficientData, State::Ok),
        (300, State::Ok, State::Alarm),
        (360, State::Alarm, State::Ok),
    ];
    assert_eq!(changes(&replayed), expected);
    assert_eq!((replayed.in_alarm_seconds, replayed.evaluations), (60, 11));
    let alarm = replayed.transitions[2].evaluation.as_ref().unwrap();
    assert_eq!((alarm.breaching, alarm.points.len()), (3, 5));
    assert!(
        replayed.transitions[2]
            .reason
            .contains("(minimum 3 datapoints for OK -> ALARM transition)")
    );
    let spans: i64 = replayed
        .spans
        .iter()
        .map(|span| span.end - span.start)
        .sum();
    assert_eq!(spans, to - START);
}

#[test]
fn long_periods_slide_by_the_minute_or_lie_side_by_side() {
    let cpu = points(&metric_with(
        "cpu",
        json!({"Period": 300, "EvaluationPeriods": 1}),
    ));
    // Five-minute windows that begin each minute; those that hold minute 12 breach.
    let slide: Vec<Option<f64>> = (0..30)
        .map(|n| Some(if (8..=12).contains(&n) { 9.0 } else { 1.0 }))
        .collect();
    let periods = every(MINUTE, &slide);
    let from = START + 5 * MINUTE;
    let replayed = replay(
        &cpu,
        stored(&periods, 60),
        from,
        START + 30 * MINUTE,
        State::Ok,
    )
    .unwrap();
    assert_eq!(
        changes(&replayed),
        [
            (13 * 60, State::Ok, State::Alarm),
            (18 * 60, State::Alarm, State::Ok)
        ]
    );
    let side = every(
        5 * MINUTE,
        &[Some(1.0), Some(1.0), Some(9.0), Some(1.0), Some(1.0)],
    );
    let replayed = replay(
        &cpu,
        stored(&side, 300),
        from,
        START + 25 * MINUTE,
        State::Ok,
    )
    .unwrap();
    assert_eq!(
        changes(&replayed),
        [
            (15 * 60, State::Ok, State::Alarm),
            (20 * 60, State::Alarm, State::Ok)
        ]
    );
}

#[test]
fn a_reason_begins_with_what_was_found_in_the_newest_period_that_breaches() {
    let cpu = points(&metric_with(
        "cpu",
        json!({"EvaluationPeriods": 3, "DatapointsToAlarm": 2}),
    ));
    let periods = every(MINUTE, &[1.0, 9.0, 9.0, 1.0, 1.0].map(Some));
    let words = [0, 1, 2].map(|n| (START + n * MINUTE, format!("Words of {n}.")));
    let words = Words::from(words);
    let stored = Stored {
        words: &words,
        ..stored(&periods, 60)
    };
    let to = START + 5 * MINUTE;
    let replayed = replay(&cpu, stored, START, to, State::Ok).unwrap();
    let reasons: Vec<&str> = replayed
        .transitions
        .iter()
        .map(|t| t.reason.as_str())
        .collect();
    let reasons = &reasons[reasons.len() - 2..];
    assert!(reasons[0].starts_with("Words of 2. Threshold Crossed: 2 out of the last"));
    assert!(
        reasons[1].starts_with("Threshold Crossed: "),
        "what is over has no words"
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let cpu = points(&metric_with("cpu", json!({})));
    let fault = |periods: &[Period], spacing| {
        replay(&cpu, stored(periods, spacing), START, START, State::Ok).unwrap_err()
    };
    assert!(matches!(fault(&[], 0), ReplayError::Spacing { .. }));
    assert!(matches!(fault(&[], 50), ReplayError::Spacing { .. }));
    assert!(matches!(
        fault(&[Period::new(START + 1, None)], 60),
        ReplayError::Order(_)
    ));
    let twice = [Period::new(START, None), Period::new(START, None)];
    assert_eq!(fault(&twice, 60), ReplayError::Order(START));
}

#[test]
fn thirty_days_of_minutes_take_little_time_however_long_the_range_is() {
    let values: Vec<Option<f64>> = (0..43_200u32)
        .map(|i| (i % 11 != 0).then(|| f64::from(i.wrapping_mul(2_654_435_761) % 1000)))
        .collect();
    let periods = every(MINUTE, &values);
    for (n, m) in [(3, 2), (60, 30), (1440, 1330)] {
        let keys = json!({"EvaluationPeriods": n, "DatapointsToAlarm": m, "Threshold": 80.0});
        let cpu = points(&metric_with("cpu", keys));
        let begun = Instant::now();
        let to = START + 43_199 * MINUTE;
        let replayed = replay(&cpu, stored(&periods, 60), START, to, State::Ok).unwrap();
        let took = begun.elapsed();
        println!(
            "30 days, {m} of {n}: {took:?}, {} transitions",
            replayed.transitions.len()
        );
        assert_eq!(replayed.evaluations, 43_200);
        assert!(took < Duration::from_secs(1), "{took:?}");
    }
}

#[tokio::test]
async fn rounds_do_what_replay_says() {
    let values: Vec<Option<f64>> = (0..180u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 16) % 7)
        .map(|v| (v > 1).then_some(f64::from(v)))
        .collect();
    let periods = every(MINUTE, &values);
    for treatment in ["missing", "ignore", "breaching", "notBreaching"] {
        let keys = json!({"EvaluationPeriods": 4, "DatapointsToAlarm": 2, "TreatMissingData": treatment, "Threshold": 4.0});
        for definition in [metric_with("a", keys.clone()), series("a", keys)] {
            let lab = Lab::new();
            lab.put(definition.clone(), START).await;
            for period in &periods {
                lab.points
                    .put("a", &Labels::new(), period.start, period.value.unwrap());
            }
            for minute in 1..=200 {
                lab.round(START + minute * MINUTE + 11 * SECOND).await;
            }
            let done = lab.transitions().await;
            let done: Vec<_> = done
                .iter()
                .map(|(_, from, to, at)| (at - 11, *from, *to))
                .collect();
            let to = START + 200 * MINUTE;
            let from = START + MINUTE;
            let said = replay(
                &points(&definition),
                stored(&periods, 60),
                from,
                to,
                State::InsufficientData,
            );
            assert_eq!(
                changes(&said.unwrap()),
                done,
                "{treatment} {}",
                definition.get("Source").is_some()
            );
            assert!(done.len() > 2, "{treatment}");
        }
    }
}

fn value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![3 => Just(None), 3 => Just(Some(1.0)), 4 => Just(Some(9.0)), 1 => Just(Some(f64::NAN))]
}

proptest! {
    #[test]
    fn sliding_is_as_evaluating_each_range_in_full(
        values in proptest::collection::vec(value(), 0..80),
        n in 1..7u32, m in 1..7u32, stride in 1..4u32, every_minutes in 1..3u32,
        treatment in proptest::sample::select(vec!["missing", "ignore", "breaching", "notBreaching"]),
        previous in proptest::sample::select(State::ALL.to_vec()),
    ) {
        let keys = json!({
            "Period": 60 * stride, "EvaluationPeriods": n, "DatapointsToAlarm": m.min(n),
            "TreatMissingData": treatment, "EvaluationInterval": 60 * every_minutes,
        });
        let cpu = points(&metric_with("cpu", keys));
        let periods = every(MINUTE, &values);
        let to = START + 90 * MINUTE;
        let replayed = replay(&cpu, stored(&periods, 60), START, to, previous).unwrap();
        let mut state = previous;
        let mut expected = Vec::new();
        let mut at = START;
        while at <= to {
            let starts = schedule::periods(at, cpu.period, cpu.rule.range());
            let range: Vec<Period> = starts.iter().map(|start| {
                let found = periods.iter().find(|period| period.start == *start);
                found.copied().unwrap_or_else(|| Period::new(*start, None))
            }).collect();
            let evaluation = cpu.rule.evaluate(&range, state);
            if evaluation.is_transition() {
                expected.push(((at - START) / SECOND, state, evaluation.state));
                state = evaluation.state;
            }
            at += i64::from(cpu.every) * SECOND;
        }
        prop_assert_eq!(changes(&replayed), expected);
    }
}
