//! Recorded cases: objects, events and measurements of real clusters (1.20 and 1.36) as facts, and the verdict that they
//! must have. Evidence that a file leaves out may be anything. `UPDATE_CASES=1` writes the verdicts into the files.

#![allow(clippy::unwrap_used)] // Not every function here is a test itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use health::facts::{
    ClusterFacts, ContainerFacts, NamespaceFacts, NodeFacts, PodFacts, ServiceFacts, VolumeFacts,
    WorkloadFacts,
};
use health::{Named, Parts, Severity, Verdict, Word};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What it is, for who reads the file.
    #[allow(dead_code)]
    about: String,
    /// Where it was recorded.
    #[allow(dead_code)]
    source: String,
    now: i64,
    entity: Entity,
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entity {
    kind: String,
    #[serde(default)]
    name: String,
    facts: Value,
    #[serde(default)]
    parts: Vec<Entity>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    word: Word,
    severity: Severity,
    reason: String,
    since: Option<i64>,
    /// Label to value; a label that is there more than once has its values in order, joined by a line break.
    #[serde(default)]
    evidence: BTreeMap<String, String>,
    #[serde(default)]
    also: Vec<Word>,
}

fn facts<'de, T: Deserialize<'de>>(entity: &'de Entity) -> T {
    T::deserialize(&entity.facts).unwrap_or_else(|e| panic!("{} {}: {e}", entity.kind, entity.name))
}

fn judged(entity: &Entity, now: i64) -> Verdict {
    let parts: Vec<(&Entity, Verdict)> = entity.parts.iter().map(|p| (p, judged(p, now))).collect();
    let named = |kinds: &[&str]| -> Vec<Named<'_>> {
        parts
            .iter()
            .filter(|(part, _)| kinds.contains(&part.kind.as_str()))
            .map(|(part, verdict)| Named {
                name: &part.name,
                verdict,
            })
            .collect()
    };
    match entity.kind.as_str() {
        "Container" => health::container(&facts::<ContainerFacts>(entity), now),
        "Pod" => health::pod(&facts::<PodFacts>(entity), &named(&["Container"]), now),
        "Workload" => health::workload(
            &facts::<WorkloadFacts>(entity),
            &named(&["Pod", "Workload"]),
            now,
        ),
        "Service" => health::service(&facts::<ServiceFacts>(entity), now),
        "Volume" => health::volume(&facts::<VolumeFacts>(entity), now),
        "Node" => health::node(&facts::<NodeFacts>(entity), now),
        "Namespace" => {
            let parts = Parts {
                workloads: &named(&["Workload"]),
                bare_pods: &named(&["Pod"]),
                services: &named(&["Service"]),
                volumes: &named(&["Volume"]),
            };
            health::namespace(&facts::<NamespaceFacts>(entity), parts, now)
        }
        "Cluster" => health::cluster(
            &facts::<ClusterFacts>(entity),
            &named(&["Node"]),
            &named(&["Namespace"]),
            now,
        ),
        other => panic!("no such kind: {other}"),
    }
}

fn evidence(verdict: &Verdict) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for evidence in &verdict.evidence {
        all.entry(evidence.label.clone())
            .and_modify(|values| {
                values.push('\n');
                values.push_str(&evidence.value);
            })
            .or_insert_with(|| evidence.value.clone());
    }
    all
}

/// Writes what is found into the file, to be read before it is committed.
fn update(file: &Path, text: &str, verdict: &Verdict) {
    let mut case: Value = serde_json::from_str(text).unwrap();
    let also: Vec<Word> = verdict.also.iter().map(|f| f.word).collect();
    *case.get_mut("expect").unwrap() = serde_json::json!({
        "word": verdict.word,
        "severity": verdict.severity,
        "reason": verdict.reason,
        "since": verdict.since,
        "evidence": evidence(verdict),
        "also": also,
    });
    fs::write(file, serde_json::to_string_pretty(&case).unwrap() + "\n").unwrap();
}

#[test]
fn recorded_cases_have_their_verdicts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 25, "{} cases", files.len());
    let mut wrong = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).unwrap();
        let case: Case = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let verdict = judged(&case.entity, case.now);
        if std::env::var_os("UPDATE_CASES").is_some() {
            update(&file, &text, &verdict);
            continue;
        }
        let expect = &case.expect;
        let also: Vec<Word> = verdict.also.iter().map(|f| f.word).collect();
        let told = evidence(&verdict);
        let shown = expect
            .evidence
            .iter()
            .all(|(label, value)| told.get(label) == Some(value));
        let same = (
            verdict.word,
            verdict.severity,
            verdict.since,
            &verdict.reason,
        ) == (expect.word, expect.severity, expect.since, &expect.reason);
        if !same || also != expect.also || !shown {
            wrong.push(format!(
                "{name}\n{}",
                serde_json::to_string_pretty(&verdict).unwrap()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
