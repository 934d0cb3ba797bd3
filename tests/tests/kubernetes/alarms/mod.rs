//! The starter set on a real cluster: things are killed, filled and starved, and somebody is told, soon and in words that
//! name them.
//!
//! `KANSOKU_INCIDENTS=all` also makes those that take longer than `./test` should, some 40 minutes in all, and stops the
//! kubelet and the agent of the node: `KANSOKU_INCIDENTS=all cargo test -p kansoku-tests --test kubernetes alarms -- --nocapture`.

mod incident;
mod node;
mod stage;
mod watch;

use std::collections::BTreeMap;
use std::time::Duration;

use kansoku_tests::{Kubernetes, SmallDisk};

use incident::{INCIDENTS, Incident, WARRANTED};
use stage::{Stage, is_all};
use watch::{Found, Watch};

/// How long it may take until all is told. Three minutes are usual.
const SOON: Duration = Duration::from_secs(300);
/// The same of what is slow.
const LATER: Duration = Duration::from_secs(840);
/// How long it may take until it is told that a thing is over.
const OVER: Duration = Duration::from_secs(240);

/// What is told and mended early, so that it is over by the time that all is told.
const OVER_SOON: [&str; 3] = ["oomer", "childoom", "noimage"];

/// The words of a notification name the thing: by its labels and reason, and what it means by the description.
fn check_words(incident: &Incident, found: &Found) {
    for says in incident.says {
        assert!(
            found.verdict.reason.contains(says),
            "{}: '{}' does not say '{says}'",
            incident.about,
            found.verdict.reason
        );
    }
    let message = &found.message;
    let labels = &message["Kansoku"]["Labels"];
    assert_eq!(labels["cluster"], "real", "{message}");
    if incident.kind == "Container" {
        assert_eq!(labels["container"], "main", "{message}");
    }
    let tags = &message["Kansoku"]["Tags"];
    for words in [
        &message["AlarmDescription"],
        &tags["summary"],
        &tags["runbook"],
    ] {
        assert!(words.as_str().is_some_and(|words| !words.is_empty()));
    }
    let reason = message["NewStateReason"].as_str().unwrap();
    assert!(reason.contains("[1.0 ("), "{reason}");
    // Who is told has nothing else to read: what was found of what comes first.
    let found = format!(": {}. ", incident.word);
    assert!(
        reason.starts_with(&format!("{} ", incident.kind)) && reason.contains(&found),
        "{reason}"
    );
}

/// Nothing else is told of what is in the namespace.
fn check_nothing_else(watch: &Watch<'_>) {
    let expected = INCIDENTS.iter().map(|one| (one.alarm, one.kind, one.about));
    let expected: Vec<_> = expected.chain(WARRANTED).collect();
    for [alarm, kind, name, workload] in watch.alarmed() {
        assert!(
            expected
                .iter()
                .any(|one| alarm == one.0 && kind == one.1 && (name == one.2 || workload == one.2)),
            "{alarm} is told of {kind} {name}, which nothing explains"
        );
    }
}

/// Mends what was made to go wrong.
fn mend(kubernetes: &Kubernetes, namespace: &str, about: &str) {
    const RUNS: &str = r#"[{"op": "replace", "path": "/spec/template/spec/containers/0/command",
                            "value": ["sleep", "1000000"]}]"#;
    let how: &[&str] = match about {
        "stuck" => &["rollout", "undo", "deployment/stuck"],
        "crasher" => &["patch", "deployment", "crasher", "--type=json", "-p", RUNS],
        "nofit" => &["delete", "deployment", "nofit", "--wait=false"],
        "filling" => &["exec", "filler", "--", "rm", "/data/file"],
        pod => &["delete", "pod", pod, "--wait=false"],
    };
    kubernetes.kubectl(&[&["-n", namespace], how].concat(), "");
}

#[test]
fn who_is_told_of_what_is_killed_filled_and_starved_hears_it_soon_and_once() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    let all = is_all();
    let stage = Stage::set(&kubernetes);
    let (http, hook) = (stage.installed.http(), &stage.hook);
    let namespace = stage.namespace.clone();
    let folder = tempfile::tempdir().unwrap();
    let disk = all
        .then(|| SmallDisk::mount(&folder.path().join("volume"), 64))
        .flatten();
    kubernetes.kubectl(&["apply", "-f", "-"], &incident::before(&namespace));
    let status = [
        "rollout",
        "status",
        "deployment/stuck",
        "--timeout=60s",
        "-n",
    ];
    kubernetes.kubectl(&[&status[..], &[&namespace]].concat(), "");
    if all {
        stage.wait();
    }

    let mut watch = Watch::new(hook, http, &namespace);
    let mut manifest = incident::manifest(&namespace);
    if disk.is_some() {
        let folder = folder.path().join("volume");
        manifest += "---";
        manifest += &incident::volume(&namespace, folder.to_str().unwrap());
    }
    kubernetes.kubectl(&["apply", "-f", "-"], &manifest);
    let wanted: Vec<&Incident> = INCIDENTS
        .iter()
        .filter(|one| all || !one.is_slow)
        .filter(|one| disk.is_some() || one.kind != "Volume")
        .collect();
    let within = if all { LATER } else { SOON };
    let mut found: Vec<Option<Found>> = wanted.iter().map(|_| None).collect();
    let mut mended: BTreeMap<&str, f64> = BTreeMap::new();
    while watch.elapsed() < within.as_secs_f64() && found.iter().any(Option::is_none) {
        watch.look(http);
        for (one, found) in wanted.iter().zip(&mut found) {
            if found.is_none() {
                *found = watch.found(one.alarm, one.kind, one.about, one.word);
            }
        }
        // At once, unless another alarm is still to tell of it.
        for one in &wanted {
            let mut of_it = wanted
                .iter()
                .zip(&found)
                .filter(|(w, _)| w.about == one.about);
            if !mended.contains_key(one.about) && of_it.all(|(_, found)| found.is_some()) {
                mend(&kubernetes, &namespace, one.about);
                mended.insert(one.about, watch.elapsed());
            }
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    println!("| incident | alarm | verdict after s | ALARM after s | told after s | words |");
    for (one, found) in wanted.iter().zip(&found) {
        watch::print(one.cause, &one.told_by(), found.as_ref());
    }
    for (one, found) in wanted.iter().zip(&found) {
        let Some(found) = found else {
            panic!(
                "{}: {} was not told; its verdict: {:?}\n{}",
                one.about,
                one.alarm,
                watch.verdict(one.kind, one.about, one.word),
                http.get(&format!("/api/alarms/{}", one.alarm)).text()
            );
        };
        assert!(found.told - found.alarm < 5.0, "{}: told late", one.about);
        check_words(one, found);
    }
    check_nothing_else(&watch);

    let soon = |one: &&&Incident| all || OVER_SOON.contains(&one.about);
    for one in wanted.iter().filter(soon) {
        let told = stage.installed.eventually(
            &format!("{}: nobody was told that it is over", one.about),
            OVER,
            || {
                let told = watch.states(one.alarm, one.kind, one.about);
                let over = |told: &Vec<(String, f64)>| told.last().is_some_and(|t| t.0 == "OK");
                told.values().all(over).then_some(told)
            },
        );
        for (name, told) in told {
            let states: Vec<&str> = told.iter().map(|(state, _)| state.as_str()).collect();
            assert_eq!(states, ["ALARM", "OK"], "{name}");
            println!(
                "{}: {name} is told to be over {:.0} s after it was mended",
                one.alarm,
                told[1].1 - mended[one.about]
            );
        }
    }
    let mut deliveries: Vec<String> = hook.all().into_iter().map(|one| one.delivery).collect();
    let count = deliveries.len();
    deliveries.sort_unstable();
    deliveries.dedup();
    assert_eq!(deliveries.len(), count, "something was told twice");
    // The folder is unmounted when nothing uses it any more.
    drop(stage);
    drop(disk);
}
