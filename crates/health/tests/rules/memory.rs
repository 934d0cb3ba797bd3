//! Near a limit, filling, thrashing.

use health::facts::{Latest, MemorySplit, Point, Window};
use health::{Severity, Verdict, Word};

use super::{MIB, MINUTE, NOW, SECOND, container, value};

fn memory(anon: i64, points: Vec<Point>) -> Verdict {
    let latest = Latest {
        memory_limit_bytes: Some(256 * MIB),
        memory_usage_bytes: Some(250 * MIB),
        split: MemorySplit {
            anon: Some(anon * MIB),
            ..MemorySplit::default()
        },
        ..Latest::default()
    };
    let mut facts = container(latest, Window::default());
    facts.measured.as_mut().unwrap().unreclaimable_points = points;
    health::container(&facts, NOW)
}

#[test]
fn near_the_limit_with_the_time_to_full() {
    let none = Vec::new;
    let steady = |by: i64, now: i64| -> Vec<Point> {
        (0..30)
            .map(|i| (NOW - (29 - i) * MINUTE, (now - (29 - i) * by) * MIB))
            .collect()
    };
    for (anon, points, word, severity) in [
        (229, none(), Word::Healthy, Severity::Ok),
        (231, none(), Word::NearLimit, Severity::Warning),
        (251, none(), Word::NearLimit, Severity::Warning),
        (160, steady(3, 160), Word::NearLimit, Severity::Warning),
        (236, steady(4, 236), Word::NearLimit, Severity::Critical),
        // A leak that takes two hours more.
        (136, steady(1, 136), Word::Healthy, Severity::Ok),
        // Below half of the limit it warms up.
        (100, steady(3, 100), Word::Healthy, Severity::Ok),
    ] {
        let verdict = memory(anon, points);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{anon} {}",
            verdict.reason
        );
    }
    assert_eq!(
        memory(236, steady(1, 236)).reason,
        "It uses 92 % of its memory limit (236 MiB of 256 MiB) and grows: full in about 20 min."
    );
}

#[test]
fn a_working_set_alone_is_never_critical() {
    let latest = Latest {
        memory_limit_bytes: Some(256 * MIB),
        memory_working_set_bytes: Some(256 * MIB),
        ..Latest::default()
    };
    let verdict = health::container(&container(latest, Window::default()), NOW);
    assert_eq!(
        (verdict.word, verdict.severity),
        (Word::NearLimit, Severity::Warning)
    );
    assert_eq!(
        value(&verdict, "measured by"),
        "working set: of what kind the memory is, is not known"
    );
}

#[test]
fn thrashing_with_and_without_pressure_figures() {
    for (some, full, refaults, word, severity) in [
        (
            Some(30),
            Some(0),
            Some(10),
            Word::Thrashing,
            Severity::Warning,
        ),
        (
            Some(120),
            Some(90),
            Some(10),
            Word::Thrashing,
            Severity::Critical,
        ),
        (Some(29), Some(0), Some(10), Word::Healthy, Severity::Ok),
        // Pressure without a page read back is reclaim that works.
        (Some(60), Some(0), Some(0), Word::Healthy, Severity::Ok),
        (
            None,
            None,
            Some(1_500_000),
            Word::Thrashing,
            Severity::Warning,
        ),
        (None, None, Some(1_499_000), Word::Healthy, Severity::Ok),
    ] {
        let window = Window {
            memory_pressure_some_usec: some.map(|s: i64| s * SECOND),
            memory_pressure_full_usec: full.map(|s: i64| s * SECOND),
            memory_refaults_file: refaults,
            ..Window::default()
        };
        let verdict = health::container(&container(Latest::default(), window), NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{some:?} {refaults:?}"
        );
    }
}
