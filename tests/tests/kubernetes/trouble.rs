//! Pods in trouble, each with its reason.

use std::time::Duration;

use kansoku_tests::{Http, Installed, Kubernetes, Rung};
use serde_json::Value;

use crate::inventory::series;

/// A crash loop and a second kill for memory take their time.
const LONG: Duration = Duration::from_secs(150);

/// The newest state of a container, or of a pod (`container` null).
fn newest(http: &Http, pod: &str, kind: &str) -> Option<Value> {
    let rows = http.sql(&format!(
        "SELECT * FROM object WHERE namespace = 'trouble' AND object_kind = '{kind}' AND object_name LIKE '{pod}' \
         AND time > now() - interval '1 minute' ORDER BY time DESC LIMIT 1"
    ));
    rows.into_iter().next()
}

#[test]
fn pods_in_trouble_say_why() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();

    let waits = |pod: &str, reasons: &[&str]| {
        installed.eventually(
            &format!("{pod} does not wait for {reasons:?}"),
            LONG,
            || {
                let row = newest(http, pod, "Container")?;
                let reason = row["waiting_reason"].as_str()?.to_owned();
                reasons.contains(&reason.as_str()).then_some(row)
            },
        )
    };
    let crasher = waits("crasher-%", &["CrashLoopBackOff"]);
    assert_eq!(crasher["container_state"], "waiting");
    assert_eq!(crasher["last_terminated_reason"], "Error");
    assert_eq!(crasher["last_exit_code"], 1);
    assert!(crasher["restarts"].as_i64().unwrap() > 0);
    assert_eq!(crasher["workload_kind"], "Deployment");
    assert_eq!(crasher["workload"], "crasher");
    waits("noimage", &["ErrImagePull", "ImagePullBackOff"]);
    waits("badconfig", &["CreateContainerConfigError"]);

    let unschedulable = newest(http, "unschedulable", "Pod").unwrap();
    assert_eq!(unschedulable["phase"], "Pending");
    assert_eq!(unschedulable["status_reason"], "Unschedulable");
    assert_eq!(unschedulable["conditions"]["PodScheduled"], "False");
    assert_eq!(unschedulable["node"], Value::Null);
    let notready = newest(http, "notready", "Pod").unwrap();
    assert_eq!(notready["phase"], "Running");
    assert_eq!(notready["conditions"]["Ready"], "False");

    // A first process killed for memory restarts the container: the API tells it, and the cgroup's own count.
    installed.eventually("oomer was not killed", LONG, || {
        let row = newest(http, "oomer", "Container")?;
        let reasons = [&row["last_terminated_reason"], &row["terminated_reason"]];
        reasons
            .iter()
            .any(|reason| **reason == "OOMKilled")
            .then_some(())
    });
    // A child killed for memory restarts nothing, and no object tells of it: the cgroup does.
    installed.eventually("the child's kill was not counted", LONG, || {
        let rows = http.sql(
            "SELECT sum(memory_oom_kills) AS kills FROM container WHERE namespace = 'trouble' AND pod = 'childoom' \
             AND container_kind = 'container'",
        );
        (rows[0]["kills"].as_i64()? > 0).then_some(())
    });
    assert_eq!(
        newest(http, "childoom", "Container").unwrap()["restarts"],
        0
    );
    let throttled = installed.eventually("no throttling", LONG, || {
        let rows = http.sql(
            "SELECT sum(cpu_throttled_usec) AS throttled, sum(cpu_throttled_periods) AS periods FROM container \
             WHERE namespace = 'trouble' AND pod = 'throttled' AND container = 'burn'",
        );
        (rows[0]["periods"].as_i64()? > 50).then_some(rows[0].clone())
    });
    assert!(
        throttled["throttled"].as_i64().unwrap() > 1_000_000,
        "{throttled}"
    );

    // The names of Container Insights say the same.
    let count = |metric: &str| {
        series(http, "object", metric, &["namespace", "workload", "pod"])
            .into_iter()
            .filter(|(names, value)| names[0] == "trouble" && *value > 0.0)
            .map(|(names, _)| names[2].split('-').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let prefix = "pod_container_status_waiting_reason_";
    assert_eq!(count(&format!("{prefix}image_pull_error")), ["noimage"]);
    assert_eq!(
        count(&format!("{prefix}create_container_config_error")),
        ["badconfig"]
    );
    installed.eventually("no crash loop by its name", LONG, || {
        let found = count(&format!("{prefix}crash_loop_back_off"));
        found.contains(&"crasher".to_owned()).then_some(())
    });
    let pending = count("pod_status_pending");
    for pod in ["noimage", "unschedulable", "badconfig"] {
        assert!(pending.contains(&pod.to_owned()), "{pending:?}");
    }

    // Events tell of it in words, once for each time.
    for (reason, pod) in [
        ("FailedScheduling", "unschedulable"),
        ("BackOff", "crasher%"),
        ("Failed", "noimage"),
        ("Unhealthy", "notready"),
    ] {
        installed.eventually(&format!("no event {reason} of {pod}"), LONG, || {
            let rows = http.sql(&format!(
                "SELECT count(*) AS rows, count(DISTINCT concat(event_uid, '/', coalesce(event_count, 0))) AS different \
                 FROM event WHERE reason = '{reason}' AND object_name LIKE '{pod}' AND event_type IS NOT NULL"
            ));
            assert_eq!(rows[0]["rows"], rows[0]["different"], "an event twice: {reason}");
            (rows[0]["rows"].as_i64()? > 0).then_some(())
        });
    }
}
