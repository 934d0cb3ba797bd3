//! Little data, constants, absurd values, and what is kept.
#![allow(clippy::unwrap_used)]

mod common;

use anomaly::{Model, NotTrained, Range, Settings, State, TimeZone, Width};
use common::{DAY, HOUR, MINUTE, MONDAY, Random, points};
use proptest::prelude::*;

fn train(points: &[(i64, f64)]) -> Result<Model, NotTrained> {
    Model::train(points, &[], Settings::default())
}

fn constant(value: f64, count: i64) -> Vec<(i64, f64)> {
    (0..count).map(|i| (MONDAY + i * MINUTE, value)).collect()
}

#[test]
fn three_hours_are_enough_and_less_is_not() {
    let mut random = Random(21);
    let day = points(&mut random, MONDAY, 1, MINUTE);
    let error = train(&day[..179]).unwrap_err();
    assert_eq!(
        error,
        NotTrained::TooLittle {
            minutes: 179,
            hours: 3
        }
    );
    assert_eq!(
        error.to_string(),
        "a band takes points of at least 3 hours, so far there are 179 minutes with points in 3 hours"
    );
    let model = train(&day[..180]).unwrap();
    assert_eq!((model.points(), model.hours()), (180, 3));
    assert_eq!(model.trained_until_us(), MONDAY + 179 * MINUTE);
    // With little data the band is wider than with much.
    let half = |model: &Model| {
        let band = model.band(MONDAY + 3 * HOUR, Width::default());
        (band.upper - band.lower) / 2.0
    };
    let two_weeks = train(&points(&mut random, MONDAY, 14, MINUTE)).unwrap();
    assert!(half(&model) > 1.5 * half(&two_weeks));
    // Points far apart are no hours of data.
    let far = [(MONDAY, 1.0), (MONDAY + 10 * HOUR, 2.0)];
    assert!(matches!(
        train(&far),
        Err(NotTrained::TooLittle { hours: 2, .. })
    ));
    // One point an hour.
    let hourly: Vec<_> = (0..3).map(|i| (MONDAY + i * HOUR, 1.0)).collect();
    assert!(train(&hourly).is_ok() && train(&hourly[..2]).is_err());
}

#[test]
fn a_detector_goes_through_its_states() {
    assert_eq!(State::of(None).as_str(), "PENDING_TRAINING");
    let little = train(&constant(1.0, 10));
    assert_eq!(
        State::of(Some(&little)).as_str(),
        "TRAINED_INSUFFICIENT_DATA"
    );
    let enough = train(&constant(1.0, 200));
    assert_eq!(State::of(Some(&enough)), State::Trained);
    let json = serde_json::to_string(&State::TrainedInsufficientData).unwrap();
    assert_eq!(json, "\"TRAINED_INSUFFICIENT_DATA\"");
}

#[test]
fn nothing_usable_is_said_with_its_counts() {
    let range = Range {
        start_us: MONDAY,
        end_us: MONDAY + 5 * MINUTE,
    };
    let mut points = constant(1.0, 5);
    points.push((MONDAY + HOUR, f64::NAN));
    let error = Model::train(&points, &[range], Settings::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there are no points to learn from: of 6, 5 are in excluded ranges and 1 are no finite numbers"
    );
    assert!(matches!(
        train(&[]),
        Err(NotTrained::NoPoints { given: 0, .. })
    ));
}

#[test]
fn a_constant_has_a_band_of_a_thousandth() {
    for (value, reach) in [(200.0, 0.4), (-200.0, 0.4), (0.0, 0.002), (1e-300, 2e-303)] {
        let model = train(&constant(value, 1000)).unwrap();
        let band = model.band(MONDAY + 20 * HOUR, Width::default());
        assert!(
            ((band.upper - value) / reach - 1.0).abs() < 1e-9,
            "{value} {band:?}"
        );
        assert!(
            ((value - band.lower) / reach - 1.0).abs() < 1e-9,
            "{value} {band:?}"
        );
        assert!(band.contains(value));
    }
}

#[test]
fn only_the_newest_two_weeks_count() {
    let mut random = Random(22);
    let two_weeks = points(&mut random, MONDAY, 14, HOUR);
    let mut more = points(&mut random, MONDAY - 30 * DAY, 30, HOUR);
    more.iter_mut().for_each(|point| point.1 *= 9.0);
    more.extend(&two_weeks);
    more.reverse();
    assert_eq!(train(&more), train(&two_weeks));
}

#[test]
fn a_model_is_kept_and_a_broken_one_is_refused() {
    let mut random = Random(23);
    for scale in [1.0, 1e-300, 1e300] {
        let mut two_weeks = points(&mut random, MONDAY, 14, HOUR);
        two_weeks.iter_mut().for_each(|point| point.1 *= scale);
        let model = train(&two_weeks).unwrap();
        let json = serde_json::to_string(&model).unwrap();
        assert!(json.len() < 10_000, "{}", json.len());
        let again: Model = serde_json::from_str(&json).unwrap();
        for hour in 0..400 {
            let time = MONDAY + 14 * DAY + hour * HOUR;
            let (a, b) = (model.expected(time), again.expected(time));
            assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
        }
        let mut broken: serde_json::Value = serde_json::from_str(&json).unwrap();
        broken["season"].as_array_mut().unwrap().pop();
        let error = serde_json::from_value::<Model>(broken).unwrap_err();
        assert_eq!(
            error.to_string(),
            "this is no model: it has not 168 hours; train it again"
        );
    }
    let json = serde_json::to_string(&train(&constant(1.0, 200)).unwrap()).unwrap();
    for (from, to) in [
        ("\"time_zone\":\"UTC\"", "\"time_zone\":\"+99:00\""),
        ("\"slope_per_hour\":0.0", "\"slope_per_hour\":1e300"),
        ("\"size\":1.0", "\"size\":-1.0"),
    ] {
        assert!(json.contains(from), "{from} in {json}");
        assert!(
            serde_json::from_str::<Model>(&json.replace(from, to)).is_err(),
            "{to}"
        );
    }
}

#[test]
fn widths_are_above_zero() {
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(Width::new(bad).is_err());
    }
    assert_eq!(Width::default().deviations(), 2.0);
    assert_eq!(
        Width::new(-1.0).unwrap_err().to_string(),
        "a band's width is a number above 0, not -1"
    );
}

#[test]
fn absurd_values_of_every_size_have_a_band() {
    for size in [1e-323, 1e-300, 1.0, 1e300, 1.7e308] {
        let values: Vec<_> = (0..2000)
            .map(|i| {
                (
                    MONDAY + i * 10 * MINUTE,
                    size * f64::from(i as i32 % 7 - 3) / 3.0,
                )
            })
            .collect();
        let model = train(&values).unwrap();
        for hour in 0..168 {
            let band = model.band(MONDAY + 15 * DAY + hour * HOUR, Width::default());
            assert!(band.lower.is_finite() && band.upper.is_finite() && band.lower < band.upper);
            assert!(band.contains(0.0), "{size} {band:?}");
        }
    }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        prop::sample::select(vec![
            0.0,
            1.0,
            -1.0,
            1e-300,
            1e300,
            -1e300,
            f64::MAX,
            f64::MIN,
            5e-324,
            f64::NAN,
            f64::INFINITY,
        ]),
        0.0..100.0f64,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bound_is_ever_no_number(
        values in prop::collection::vec((0i64..20 * 24 * 60, value()), 0..300),
        asked in prop::collection::vec(any::<i64>(), 10),
        k in prop_oneof![Just(2.0), 1e-300..1e300f64],
        zone in prop::sample::select(TimeZone::names().chain(["+18:00", "-18:00", "+05:45"]).collect::<Vec<_>>()),
    ) {
        let points: Vec<_> = values.iter().map(|(m, v)| (MONDAY + m * MINUTE, *v)).collect();
        let settings = Settings { time_zone: zone.parse().unwrap() };
        if let Ok(model) = Model::train(&points, &[], settings) {
            let near = (0..400).map(|h| MONDAY + h * HOUR);
            for time in asked.into_iter().chain(near).chain([i64::MIN, i64::MAX]) {
                let band = model.band(time, Width::new(k).unwrap());
                prop_assert!(band.lower.is_finite() && band.upper.is_finite(), "{:?}", band);
                prop_assert!(band.lower < band.upper, "{:?}", band);
            }
            let json = serde_json::to_string(&model).unwrap();
            prop_assert!(serde_json::from_str::<Model>(&json).is_ok(), "{}", json);
        }
    }

    #[test]
    fn times_at_the_ends_train_or_do_not(
        points in prop::collection::vec((any::<i64>(), value()), 0..50),
    ) {
        let _ = train(&points);
        let ends = [(i64::MIN, 1.0), (i64::MAX, 1.0), (i64::MAX - 1, 2.0)];
        let _ = train(&ends);
    }
}
