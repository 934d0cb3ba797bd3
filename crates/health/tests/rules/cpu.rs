//! Its own limit, its neighbours, or itself.

use health::Word;
use health::facts::{Latest, Neighbour, Window};

use super::{MINUTE, NOW, SECOND, container, value};

#[test]
fn its_own_limit_or_its_neighbours() {
    // periods, held back, time held back, pressure (each of 300 s) → words
    let s = SECOND;
    for (periods, throttled, held, pressure, words) in [
        (
            Some(3000),
            Some(2400),
            Some(120 * s),
            None,
            vec![Word::Throttled],
        ),
        (
            Some(3000),
            Some(750),
            Some(30 * s),
            None,
            vec![Word::Throttled],
        ),
        (
            Some(3000),
            Some(749),
            Some(30 * s),
            None,
            vec![Word::Healthy],
        ),
        (
            Some(3000),
            Some(750),
            Some(29 * s),
            None,
            vec![Word::Healthy],
        ),
        (None, None, None, Some(60 * s), vec![Word::CpuStarved]),
        (None, None, None, Some(59 * s), vec![Word::Healthy]),
        // What the pressure has of its own limit is not the neighbours'.
        (
            Some(3000),
            Some(2400),
            Some(120 * s),
            Some(150 * s),
            vec![Word::Throttled],
        ),
        // Both: a fifth of the periods, and long waits in the others.
        (
            Some(3000),
            Some(900),
            Some(40 * s),
            Some(200 * s),
            vec![Word::Throttled, Word::CpuStarved],
        ),
        (
            Some(3000),
            Some(3000),
            Some(120 * s),
            Some(299 * s),
            vec![Word::Throttled],
        ),
    ] {
        let window = Window {
            cpu_periods: periods,
            cpu_throttled_periods: throttled,
            cpu_throttled_usec: held,
            cpu_pressure_some_usec: pressure,
            cpu_usage_usec: Some(30 * s),
            ..Window::default()
        };
        let mut facts = container(
            Latest {
                node_cpu_cores: Some(4.0),
                ..Latest::default()
            },
            window,
        );
        facts.measured.as_mut().unwrap().neighbours = vec![
            Neighbour {
                name: "a/b".to_owned(),
                cpu_usage_cores: 0.5,
            },
            Neighbour {
                name: "c/d".to_owned(),
                cpu_usage_cores: 2.25,
            },
        ];
        let verdict = health::container(&facts, NOW);
        let mut found = vec![verdict.word];
        found.extend(verdict.also.iter().map(|f| f.word));
        assert_eq!(found, words, "{throttled:?} {held:?} {pressure:?}");
        if verdict.word == Word::CpuStarved {
            assert_eq!(
                value(&verdict, "busiest neighbours"),
                "c/d 2.25 cores, a/b 0.5 cores"
            );
            assert_eq!(value(&verdict, "a task waited"), "20 % of the time");
        }
    }
}

#[test]
fn who_waits_for_itself_is_told_so() {
    let window = Window {
        cpu_pressure_some_usec: Some(4 * MINUTE),
        cpu_usage_usec: Some(19 * MINUTE),
        ..Window::default()
    };
    let latest = Latest {
        node_cpu_cores: Some(4.0),
        ..Latest::default()
    };
    let verdict = health::container(&container(latest, window), NOW);
    assert!(verdict.reason.contains("itself"), "{}", verdict.reason);
}
