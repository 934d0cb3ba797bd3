//! Nodes, volumes, services.

use health::facts::{FilesystemFacts, NodeFacts, Point, ServiceFacts, VolumeFacts};
use health::{Severity, Word};

use super::{HOUR, MIB, MINUTE, NOW, SECOND, condition, text};

#[test]
fn of_findings_that_are_alike_the_older_comes_first() {
    let facts = NodeFacts {
        conditions: [("MemoryPressure", "True"), ("DiskPressure", "True")]
            .map(|(n, s)| (n.to_owned(), s.to_owned()))
            .into(),
        condition_times: [
            ("MemoryPressure".to_owned(), NOW - MINUTE),
            ("DiskPressure".to_owned(), NOW - HOUR),
        ]
        .into(),
        ..NodeFacts::default()
    };
    let verdict = health::node(&facts, NOW);
    assert_eq!(verdict.since, Some(NOW - HOUR));
    assert_eq!(verdict.also.len(), 1);
}

#[test]
fn space_and_inodes() {
    let growing = |by: i64, used: i64| -> Vec<Point> {
        (0..30)
            .map(|i| (NOW - (29 - i) * MINUTE, (used - (29 - i) * by) * MIB))
            .collect()
    };
    for (free, points, inodes, word, severity) in [
        (0, vec![], 50, Word::Full, Severity::Critical),
        (29, vec![], 50, Word::Filling, Severity::Critical),
        (31, vec![], 50, Word::Filling, Severity::Warning),
        (51, vec![], 50, Word::Healthy, Severity::Ok),
        (140, growing(1, 860), 50, Word::Filling, Severity::Critical),
        (900, growing(1, 100), 50, Word::Healthy, Severity::Ok),
        (900, vec![], 4, Word::InodesLow, Severity::Warning),
        (900, vec![], 2, Word::InodesLow, Severity::Critical),
    ] {
        let facts = VolumeFacts {
            volume_capacity_bytes: Some(1000 * MIB),
            volume_available_bytes: Some(free * MIB),
            volume_inodes: Some(100),
            volume_inodes_free: Some(inodes),
            used_points: points,
            ..VolumeFacts::default()
        };
        let verdict = health::volume(&facts, NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{free} {}",
            verdict.reason
        );
    }
    let lost = VolumeFacts {
        phase: text("Lost"),
        ..VolumeFacts::default()
    };
    assert_eq!(health::volume(&lost, NOW).severity, Severity::Critical);
}

#[test]
fn nodes() {
    let ready = || NodeFacts {
        conditions: condition("Ready", "True"),
        time: Some(NOW),
        interval_usec: Some(10 * SECOND),
        window_interval_usec: Some(5 * MINUTE),
        ..NodeFacts::default()
    };
    let with = |name: &str, status: &str| {
        let mut facts = ready();
        facts.conditions.insert(name.to_owned(), status.to_owned());
        facts
    };
    let full = FilesystemFacts {
        mountpoint: "/var".to_owned(),
        filesystem_size_bytes: Some(1000),
        // 50 are reserved for root, 45 are left to others: 4.7 % of what they may have.
        filesystem_free_bytes: Some(95),
        filesystem_available_bytes: Some(45),
        ..FilesystemFacts::default()
    };
    for (facts, word, severity) in [
        (
            with("Ready", "False"),
            Word::NodeNotReady,
            Severity::Critical,
        ),
        (
            NodeFacts {
                created_time: Some(NOW - 20 * SECOND),
                ..with("Ready", "False")
            },
            Word::Starting,
            Severity::Ok,
        ),
        (
            with("DiskPressure", "True"),
            Word::Pressure,
            Severity::Warning,
        ),
        (with("DiskPressure", "Unknown"), Word::Healthy, Severity::Ok),
        (
            with("NetworkUnavailable", "True"),
            Word::NetworkUnavailable,
            Severity::Critical,
        ),
        (
            with("ReadonlyFilesystem", "True"),
            Word::Degraded,
            Severity::Warning,
        ),
        (with("EtcdIsVoter", "True"), Word::Healthy, Severity::Ok),
        (
            NodeFacts {
                time: Some(NOW - 121 * SECOND),
                ..ready()
            },
            Word::Silent,
            Severity::Warning,
        ),
        (
            NodeFacts {
                time: Some(NOW - HOUR),
                ..NodeFacts::default()
            },
            Word::Silent,
            Severity::Critical,
        ),
        (
            NodeFacts {
                boot_time: Some(NOW - MINUTE),
                ..ready()
            },
            Word::Restarted,
            Severity::Warning,
        ),
        (
            NodeFacts {
                boot_time: Some(NOW - MINUTE),
                created_time: Some(NOW),
                ..ready()
            },
            Word::Starting,
            Severity::Ok,
        ),
        (
            NodeFacts {
                clock_offset_usec: Some(-50_000),
                ..ready()
            },
            Word::ClockOff,
            Severity::Warning,
        ),
        (
            NodeFacts {
                conntrack_entries: Some(90),
                conntrack_limit: Some(100),
                ..ready()
            },
            Word::NearLimit,
            Severity::Warning,
        ),
        (
            NodeFacts {
                memory_available_bytes: Some(4),
                node_memory_total_bytes: Some(100),
                ..ready()
            },
            Word::NearLimit,
            Severity::Warning,
        ),
        (
            NodeFacts {
                memory_available_bytes: Some(1),
                node_memory_total_bytes: Some(100),
                ..ready()
            },
            Word::NearLimit,
            Severity::Critical,
        ),
        (
            NodeFacts {
                cpu_pressure_some_usec: Some(3 * MINUTE),
                ..ready()
            },
            Word::CpuStarved,
            Severity::Warning,
        ),
        (
            NodeFacts {
                memory_pressure_full_usec: Some(2 * MINUTE),
                memory_pressure_some_usec: Some(2 * MINUTE),
                ..ready()
            },
            Word::Thrashing,
            Severity::Critical,
        ),
        (
            NodeFacts {
                filesystems: vec![full],
                ..ready()
            },
            Word::Filling,
            Severity::Warning,
        ),
        (NodeFacts::default(), Word::Unknown, Severity::Unknown),
    ] {
        let verdict = health::node(&facts, NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{}",
            verdict.reason
        );
    }
}

#[test]
fn services() {
    let made = Some(NOW - HOUR);
    for (ready, not_ready, created, word, severity) in [
        (
            Some(0),
            Some(2),
            made,
            Word::NoEndpoints,
            Severity::Critical,
        ),
        (Some(0), Some(0), made, Word::NoEndpoints, Severity::Warning),
        (
            Some(0),
            Some(2),
            Some(NOW - MINUTE),
            Word::Starting,
            Severity::Ok,
        ),
        (Some(1), Some(2), made, Word::Degraded, Severity::Warning),
        (Some(1), Some(1), made, Word::Healthy, Severity::Ok),
        (None, None, made, Word::Unknown, Severity::Unknown),
    ] {
        let facts = ServiceFacts {
            endpoints_ready: ready,
            endpoints_not_ready: not_ready,
            created_time: created,
            ..ServiceFacts::default()
        };
        let verdict = health::service(&facts, NOW);
        assert_eq!(
            (verdict.word, verdict.severity),
            (word, severity),
            "{ready:?}"
        );
    }
}
