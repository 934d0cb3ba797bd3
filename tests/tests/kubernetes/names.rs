//! A pod that is deleted keeps its names and its data.

use std::time::Duration;

use kansoku_tests::{Http, Installed, Kubernetes, Rung};
use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(90);

fn first_pod(kubernetes: &Kubernetes, namespace: &str, labels: &str) -> (String, String) {
    let format = "jsonpath={.items[0].metadata.name} {.items[0].metadata.uid}";
    let text = kubernetes.kubectl(
        &["-n", namespace, "get", "pods", "-l", labels, "-o", format],
        "",
    );
    let (name, uid) = text.split_once(' ').unwrap();
    (name.to_owned(), uid.to_owned())
}

/// Rows of a pod since a moment (milliseconds of the epoch), found by the names that only `identity` knows.
fn points(http: &Http, pod: &str, since: u64) -> usize {
    let question = json!({
        "entity": "pod",
        "metrics": [{"metric": "pod_memory_working_set", "statistic": "Average"}],
        "filters": {"pod": pod, "workload": "web", "workload_kind": "Deployment", "service": "web-nodeport", "label.tier": "frontend"},
        "start": since, "period_seconds": 10,
    });
    let answer = http.post("/api/metrics", &question).json();
    let values = answer["series"][0]["values"]
        .as_array()
        .unwrap_or_else(|| panic!("{answer}"));
    values.iter().filter(|value| value.is_number()).count()
}

#[test]
fn a_deleted_pod_keeps_its_names_and_data() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let since = u64::try_from(now).unwrap() - 60_000;
    let (pod, uid) = first_pod(&kubernetes, "shop", "app=web");
    installed.eventually("the pod is not known by its names", SOON, || {
        (points(http, &pod, since) > 2).then_some(())
    });

    kubernetes.kubectl(&["-n", "shop", "delete", "pod", &pod], "");
    kubernetes.kubectl(
        &[
            "-n",
            "shop",
            "rollout",
            "status",
            "deployment/web",
            "--timeout=60s",
        ],
        "",
    );
    let deleted = installed.eventually("no row says that it is deleted", SOON, || {
        http.sql(&format!(
            "SELECT * FROM identity WHERE pod_uid = '{uid}' AND container IS NULL AND deleted LIMIT 1"
        ))
        .into_iter()
        .next()
    });
    assert_eq!(deleted["workload"], "web");
    // Time enough for another row, were there one.
    std::thread::sleep(Duration::from_secs(15));
    let before = points(http, &pod, since);
    assert!(before > 2, "{before}");

    // The server is told of it by its own rows, not by what it remembers: a new one knows the same.
    kubernetes.kubectl(&["-n", "kansoku", "delete", "pod", "kansoku-server-0"], "");
    installed.wait();
    assert_eq!(points(http, &pod, since), before);
    let found = http.get(&format!("/api/entities/pod?pod={pod}")).json();
    assert_eq!(
        found["entities"][0]["known_as"]["workload"], "web",
        "{found}"
    );
    assert_ne!(found["entities"][0]["health"]["state"], Value::from("live"));
}
