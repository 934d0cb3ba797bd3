//! Tiers side by side: where they meet, what is exact, and what the answer says about it.

use catalogue::Tier;
use query::MetricsRequest;
use serde_json::{Value, json};

use crate::held::{Held, TEN, table};
use crate::roll::roll;
use crate::statistics::{ask, only};

/// Six hours of two containers up to ten past ten: `a` uses as many tenths of a core as the hour has, `b` the double;
/// memory is the minute of the hour.
fn raw() -> Vec<(i64, Value)> {
    let mut rows = Vec::new();
    for at in (-6 * 3600..600).step_by(30) {
        for (id, factor) in [("a", 1), ("b", 2)] {
            let seconds = TEN + at;
            let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
            rows.push((
                at,
                json!({"cluster": "c", "node": "n", "container_id": id, "container_kind": "container",
                       "interval_usec": 30_000_000, "cpu_usage_usec": hour * factor * 3_000_000,
                       "memory_usage_bytes": minute}),
            ));
        }
    }
    rows
}

/// All tiers, each made up to where a store would have made it.
fn all() -> Held {
    let raw = raw();
    let container = table("container");
    let until = |rows: Vec<(i64, Value)>, end: i64| {
        rows.into_iter()
            .filter(|(at, _)| *at < end)
            .collect::<Vec<_>>()
    };
    Held::default()
        .with(
            "container",
            Tier::Minute,
            roll(container, Tier::Minute, &raw),
        )
        .with(
            "container",
            Tier::FiveMinutes,
            until(roll(container, Tier::FiveMinutes, &raw), 0),
        )
        .with(
            "container",
            Tier::Hour,
            until(roll(container, Tier::Hour, &raw), -3600),
        )
        .with("container", Tier::Raw, raw)
}

const CORES: &str = "cpu_usage_usec_per_second";

#[tokio::test]
async fn tiers_meet_without_a_seam() {
    let query = all().query();
    for (period, tiers, statistic, expected) in [
        (
            3600,
            "1h+5m+1m",
            "Average",
            vec![0.6, 0.75, 0.9, 1.05, 1.2, 1.35, 1.5],
        ),
        (
            3600,
            "1h+5m+1m",
            "Total",
            vec![1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0],
        ),
        // 120 samples an hour, 20 in the last.
        (
            3600,
            "1h+5m+1m",
            "Sum",
            vec![72.0, 90.0, 108.0, 126.0, 144.0, 162.0, 30.0],
        ),
        (
            3600,
            "1h+5m+1m",
            "SampleCount",
            vec![120.0, 120.0, 120.0, 120.0, 120.0, 120.0, 20.0],
        ),
        // Extremes of rates are in minute rows alone.
        (
            3600,
            "1m",
            "Maximum",
            vec![0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0],
        ),
        (3600, "1m", "p0", vec![0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": CORES, "statistic": statistic,
                   "start": "2026-11-23T04:00:00Z", "end": "now", "period_seconds": period}),
        )
        .await;
        let scale = if statistic == "SampleCount" { 1.0 } else { 1e6 };
        for (value, expected) in only(&answer).into_iter().zip(&expected) {
            let value = value.unwrap() / scale;
            assert!(
                (value - expected).abs() < 1e-9,
                "{statistic}: {value} is not {expected}"
            );
        }
        assert_eq!(answer.stats.tier, tiers, "{statistic}");
        assert!(answer.stats.notes.is_empty(), "{:?}", answer.stats.notes);
    }
}

#[tokio::test]
async fn extremes_of_a_gauge_are_in_every_tier() {
    let query = all().query();
    for (statistic, expected) in [
        ("Maximum", [59.0, 59.0, 59.0, 9.0]),
        ("Minimum", [0.0, 0.0, 0.0, 0.0]),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": "memory_usage_bytes", "statistic": statistic,
                   "start": "2026-11-23T07:00:00Z", "end": "now", "period_seconds": 3600}),
        )
        .await;
        assert_eq!(only(&answer), expected.map(Some), "{statistic}");
        assert_eq!(answer.stats.tier, "1h+5m+1m");
    }
}

#[tokio::test]
async fn a_base_delta_in_coarse_rows_is_still_by_the_minute() {
    let query = all().query();
    for (statistic, expected) in [
        // a uses 4 tenths of a core at four o'clock, b 8: 24 s and 48 s a minute.
        ("Average", 36e6),
        ("Sum", 36e6 * 120.0),
        ("Total", 72e6),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": "cpu_usage_usec", "statistic": statistic,
                   "start": "2026-11-23T04:00:00Z", "end": "2026-11-23T05:00:00Z", "period_seconds": 3600}),
        )
        .await;
        assert_eq!(only(&answer), [Some(expected)], "{statistic}");
        assert_eq!(answer.stats.tier, "1h");
    }
}

#[tokio::test]
async fn a_coarser_tier_stands_in_and_says_so() {
    let container = table("container");
    let raw = raw();
    let recent: Vec<_> = raw.iter().filter(|(at, _)| *at >= -3600).cloned().collect();
    let query = Held::default()
        .with(
            "container",
            Tier::Minute,
            roll(container, Tier::Minute, &recent),
        )
        .with(
            "container",
            Tier::FiveMinutes,
            roll(container, Tier::FiveMinutes, &raw),
        )
        .query();
    let mut request = json!({"entity": "container", "metric": CORES, "statistic": "p100",
                             "start": "2026-11-23T08:00:00Z", "end": "now", "period_seconds": 3600});
    let answer = ask(&query, request.clone()).await;
    assert_eq!(answer.stats.tier, "5m+1m");
    assert_eq!(answer.stats.percentiles, Some("t-digest"));
    assert_eq!(
        answer.stats.notes,
        [
            "before 2026-11-23T09:00:00Z only five-minute or hourly rows are held: what does not add up (extremes and \
             percentiles of rates, ratios of gauges) is that of their means there"
        ]
    );
    let values: Vec<f64> = only(&answer)
        .into_iter()
        .map(|v| v.unwrap() / 1e6)
        .collect();
    assert_eq!(values, [1.6, 1.8, 2.0]);

    // A period of a minute cannot be answered from five-minute rows.
    request["period_seconds"] = json!(60);
    let answer = ask(&query, request).await;
    assert_eq!(only(&answer)[..60], vec![None; 60]);
    assert!(only(&answer)[60..130].iter().all(Option::is_some));
    assert_eq!(
        answer.stats.notes,
        [
            "a part of the range before 2026-11-23T09:00:00Z is held only in rows of 300 s: ask for a period that is a \
          multiple of 300 s to see it"
        ]
    );
}

#[tokio::test]
async fn a_period_of_its_own_choice_has_rows() {
    let query = all().query();
    for (start, period, tier) in [
        ("-15m", 10, "raw"),
        ("-3h", 60, "1m"),
        ("-24h", 300, "5m+1m"),
    ] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": CORES, "start": start}),
        )
        .await;
        assert_eq!(
            (answer.period_seconds, answer.stats.tier.as_str()),
            (period, tier),
            "{start}"
        );
    }
    // Ten-second rows are gone: minutes then.
    let minutes = roll(table("container"), Tier::Minute, &raw());
    let query = Held::default()
        .with("container", Tier::Minute, minutes)
        .query();
    let answer = ask(
        &query,
        json!({"entity": "container", "metric": CORES, "start": "-15m"}),
    )
    .await;
    assert_eq!(
        (answer.period_seconds, answer.stats.tier.as_str()),
        (60, "1m")
    );
}

#[tokio::test]
async fn two_parts_of_one_minute_are_two_samples_and_one_entity() {
    // A late row closed its minute a second time; compaction will join them.
    let part = |cpu: i64| {
        json!({"cluster": "c", "node": "n", "container_id": "a", "interval_usec": 30_000_000, "cpu_usage_usec": cpu,
               "samples": 3, "minutes": 1})
    };
    let query = Held::default()
        .with(
            "container",
            Tier::Minute,
            vec![(0, part(30_000_000)), (0, part(15_000_000))],
        )
        .query();
    for (statistic, expected) in [("SampleCount", 2.0), ("Average", 0.75e6), ("Total", 0.75e6)] {
        let answer = ask(
            &query,
            json!({"entity": "container", "metric": CORES, "statistic": statistic, "start": "-10m", "end": "-9m",
                   "period_seconds": 60}),
        )
        .await;
        assert_eq!(only(&answer), [Some(expected)], "{statistic}");
    }
}

#[tokio::test]
async fn above_its_bound_a_percentile_is_estimated() {
    let rows: Vec<_> = (0..1000)
        .map(|i| {
            (0, json!({"cluster": "c", "node": "n", "container_id": format!("{i}"), "memory_usage_bytes": i}))
        })
        .collect();
    let minutes = roll(table("container"), Tier::Minute, &rows);
    let request = json!({"entity": "container", "metric": "memory_usage_bytes", "statistic": "p95", "start": "-10m",
                         "end": "-9m", "period_seconds": 60});
    for (most, how, tolerance) in [(1000, "exact", 1e-6), (999, "t-digest", 2.0)] {
        let limits = query::Limits {
            exact_percentile_samples: most,
            threads: 2,
            ..query::Limits::default()
        };
        let query = Held::default()
            .with("container", Tier::Minute, minutes.clone())
            .query_within(limits);
        let answer = ask(&query, request.clone()).await;
        assert_eq!(answer.stats.percentiles, Some(how));
        let value = only(&answer)[0].unwrap();
        assert!((value - 949.05).abs() <= tolerance, "{how}: {value}");
    }
}

#[test]
fn a_request_has_defaults() {
    let request =
        MetricsRequest::from_json(br#"{"entity": "node", "metric": "node_cpu_utilization"}"#)
            .unwrap();
    assert_eq!(
        (request.start, request.end, request.period_seconds),
        (None, None, None)
    );
}

#[tokio::test]
async fn periods_between_multiples_are_answered_from_rows_that_lie_within_them() {
    let query = all().query();
    let values = |period: u64, offset: Option<u64>, statistic: &'static str| {
        let mut question = json!({"entity": "container", "metric": "memory_usage_bytes", "statistic": statistic,
            "start": "2026-11-23T08:56:00Z", "end": "2026-11-23T09:06:00Z", "period_seconds": period});
        if let Some(offset) = offset {
            question["offset_seconds"] = json!(offset);
        }
        let query = &query;
        async move {
            let answer = ask(query, question).await;
            let tier = answer.stats.tier.clone();
            (tier, only(&answer))
        }
    };
    let by_minute = |from: usize, minutes: &[Option<f64>]| -> Vec<f64> {
        minutes[from..from + 5].iter().flatten().copied().collect()
    };
    // Two periods of five minutes from 08:56 on, each of the minutes in it.
    let (tier, shifted) = values(300, Some(60), "Sum").await;
    let (_, minutes) = values(60, None, "Sum").await;
    assert_eq!(tier, "1m");
    let expected: Vec<Option<f64>> = [0, 5]
        .map(|from| Some(by_minute(from, &minutes).iter().sum()))
        .to_vec();
    assert_eq!(shifted, expected);
    let (_, greatest) = values(300, Some(60), "Maximum").await;
    let (_, minutes) = values(60, None, "Maximum").await;
    let expected: Vec<Option<f64>> = [0, 5]
        .map(|from| by_minute(from, &minutes).into_iter().reduce(f64::max))
        .to_vec();
    assert_eq!(greatest, expected);
    // An offset that is no whole minute makes raw rows the samples; without one the coarse rows answer.
    assert_eq!(values(300, Some(90), "Sum").await.0, "raw");
    assert_eq!(values(300, Some(0), "Sum").await.0, "5m");
}
