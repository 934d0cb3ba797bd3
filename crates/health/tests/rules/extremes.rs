//! Words as they are written, and numbers that cannot be.

use health::facts::{
    ClusterFacts, ContainerFacts, FilesystemFacts, Latest, Measured, MemorySplit, NamespaceFacts,
    Neighbour, NodeFacts, OutOfMemory, PodFacts, ServiceFacts, VolumeFacts, Window, WorkloadFacts,
};
use health::{Named, Parts, Severity, Verdict, Word};

use super::{NOW, text};

#[test]
fn words_are_serialized_as_they_are_called() {
    for word in Word::ALL {
        assert_eq!(serde_json::to_value(word).unwrap(), word.as_str());
    }
    assert!(Word::ALL.is_sorted());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/health.md");
    let guide = std::fs::read_to_string(path).unwrap();
    for word in Word::ALL {
        assert!(
            guide.contains(&format!("| `{word}` |")),
            "{word} is not in {path}"
        );
    }
    assert!(Severity::Critical < Severity::Warning && Severity::Warning < Severity::Ok);
}

/// Facts in which every number is `n`, and so are all texts; by the fields that serde knows.
fn all<T: Default + serde::Serialize + serde::de::DeserializeOwned>(n: i64) -> Vec<T> {
    let names = serde_json::to_value(T::default()).unwrap();
    let names: Vec<String> = names.as_object().unwrap().keys().cloned().collect();
    let fill = |name: &String, word: &str| -> serde_json::Value {
        for try_this in [
            serde_json::json!(n),
            serde_json::json!(word),
            serde_json::json!(true),
            serde_json::json!({ word: "False" }),
            serde_json::json!({ word: n }),
            serde_json::json!([word]),
            serde_json::json!([[0, n], [n, 0], [n, n]]),
        ] {
            if serde_json::from_value::<T>(serde_json::json!({ name: try_this })).is_ok() {
                return try_this;
            }
        }
        serde_json::to_value(T::default())
            .unwrap()
            .get(name)
            .unwrap()
            .clone()
    };
    ["Ready", "Pending", "running", "OOMKilled", "Job"]
        .iter()
        .map(|word| {
            let fields = names.iter().map(|name| (name.clone(), fill(name, word)));
            serde_json::from_value(serde_json::Value::Object(fields.collect())).unwrap()
        })
        .collect()
}

fn sane(verdict: &Verdict) {
    let text = serde_json::to_string(verdict).unwrap();
    assert!(!text.contains("NaN") && !text.contains("inf "), "{text}");
    assert!(!verdict.reason.is_empty());
    assert!(
        verdict.also.is_sorted_by_key(|f| (f.severity, f.word)),
        "{text}"
    );
    assert!(
        verdict
            .also
            .iter()
            .all(|f| (verdict.severity, verdict.word) <= (f.severity, f.word))
    );
}

#[test]
fn extreme_numbers_are_no_panic_and_no_nonsense() {
    let extremes = [0, 1, -1, i64::MAX, i64::MIN, i64::MAX - 1, NOW];
    for n in extremes {
        for now in extremes {
            for mut facts in all::<ContainerFacts>(n) {
                for (latest, window) in all::<Latest>(n).into_iter().zip(all::<Window>(n)) {
                    for oom in all::<OutOfMemory>(n) {
                        let split = all::<MemorySplit>(n).pop().unwrap();
                        facts.measured = Some(Measured {
                            latest: Latest {
                                split: split.clone(),
                                exited: None,
                                ..latest.clone()
                            },
                            window: window.clone(),
                            out_of_memory: Some(OutOfMemory { split, ..oom }),
                            unreclaimable_points: vec![
                                (i64::MIN, n),
                                (0, i64::MIN),
                                (n, i64::MAX),
                                (i64::MAX, 0),
                                (5, 5),
                            ],
                            working_set_points: vec![],
                            node_cpu_utilization: Some(n as f64),
                            neighbours: vec![Neighbour {
                                name: String::new(),
                                cpu_usage_cores: f64::NAN,
                            }],
                        });
                        for state in [None, text("running"), text("waiting"), text("terminated")] {
                            for deleted in [None, Some(n)] {
                                facts.container_state = state.clone();
                                facts.deleted_time = deleted;
                                sane(&health::container(&facts, now));
                            }
                        }
                    }
                }
            }
            let part = health::container(&ContainerFacts::default(), now);
            let parts = [Named {
                name: "",
                verdict: &part,
            }];
            for facts in all::<PodFacts>(n) {
                for phase in ["Pending", "Running", "Failed", "Succeeded", "Unknown", ""] {
                    for deleted_time in [None, Some(n)] {
                        let facts = PodFacts {
                            phase: text(phase),
                            deleted_time,
                            ..facts.clone()
                        };
                        sane(&health::pod(&facts, &parts, now));
                    }
                }
            }
            for facts in all::<WorkloadFacts>(n) {
                for kind in ["Deployment", "DaemonSet", "StatefulSet", "Job", "CronJob"] {
                    let facts = WorkloadFacts {
                        object_kind: text(kind),
                        deleted_time: None,
                        paused: None,
                        ..facts.clone()
                    };
                    sane(&health::workload(&facts, &parts, now));
                }
            }
            for mut facts in all::<NodeFacts>(n) {
                facts.filesystems = all::<FilesystemFacts>(n);
                facts
                    .filesystems
                    .iter_mut()
                    .for_each(|f| f.filesystem_read_only = None);
                sane(&health::node(&facts, now));
            }
            for mut facts in all::<VolumeFacts>(n) {
                sane(&health::volume(&facts, now));
                facts.shares_node_filesystem = None;
                sane(&health::volume(&facts, now));
            }
            for facts in all::<ServiceFacts>(n) {
                sane(&health::service(
                    &ServiceFacts {
                        scaled_to_zero: None,
                        ..facts
                    },
                    now,
                ));
            }
            for facts in all::<NamespaceFacts>(n) {
                sane(&health::namespace(
                    &facts,
                    Parts {
                        bare_pods: &parts,
                        ..Parts::default()
                    },
                    now,
                ));
            }
            for facts in all::<ClusterFacts>(n) {
                sane(&health::cluster(&facts, &parts, &parts, now));
            }
        }
    }
}
