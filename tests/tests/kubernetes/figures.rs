//! What is measured agrees with what the kubelet measures.

use std::collections::BTreeMap;
use std::time::Duration;

use kansoku_tests::{Http, Installed, Kubernetes, Rung};
use serde_json::Value;

const MINUTE: Duration = Duration::from_secs(60);
/// How far the two may be apart.
const SHARE: f64 = 0.03;

/// What the kubelet says of a pod: nanoseconds of CPU and bytes of traffic so far, each with its time in seconds, and the
/// working set in bytes.
#[derive(Debug, Clone, Copy)]
struct Said {
    cpu: (f64, f64),
    received: (f64, f64),
    sent: f64,
    working_set: f64,
}

fn seconds(time: &Value) -> Option<f64> {
    let text = time.as_str()?;
    let output = std::process::Command::new("date")
        .args(["-d", text, "+%s.%N"])
        .output()
        .ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

fn kubelet(kubernetes: &Kubernetes) -> BTreeMap<String, Said> {
    let summary = kubernetes.summary();
    let pods = summary["pods"].as_array().unwrap();
    pods.iter()
        .filter_map(|pod| {
            let name = pod["podRef"]["name"].as_str()?.to_owned();
            let (cpu, network) = (&pod["cpu"], &pod["network"]);
            Some((
                name,
                Said {
                    cpu: (
                        seconds(&cpu["time"])?,
                        cpu["usageCoreNanoSeconds"].as_f64()?,
                    ),
                    received: (seconds(&network["time"])?, network["rxBytes"].as_f64()?),
                    sent: network["txBytes"].as_f64()?,
                    working_set: pod["memory"]["workingSetBytes"].as_f64()?,
                },
            ))
        })
        .collect()
}

/// Sums of our rows that begin and end within a span of seconds, each over the time that they measured.
fn measured(http: &Http, column: &str, pod: &str, from: f64, until: f64) -> f64 {
    let rows = http.sql(&format!(
        "SELECT sum({column}) * 1e6 / sum(interval_usec) AS rate FROM pod WHERE pod = '{pod}' \
         AND {column} IS NOT NULL AND time > to_timestamp({from}) AND time <= to_timestamp({until})"
    ));
    rows[0]["rate"]
        .as_f64()
        .unwrap_or_else(|| panic!("{column} of {pod}: {rows:?}"))
}

#[test]
fn figures_agree_with_the_kubelets() {
    let Some(kubernetes) = Kubernetes::up() else {
        return;
    };
    kubernetes.workloads();
    let installed = Installed::on(&kubernetes, Rung::Node);
    let http = installed.http();
    // Until both measure all of it.
    std::thread::sleep(Duration::from_secs(30));
    let before = kubelet(&kubernetes);
    std::thread::sleep(MINUTE + Duration::from_secs(15));
    let after = kubelet(&kubernetes);
    // The agent's last rows of the span are on their way.
    std::thread::sleep(Duration::from_secs(15));

    let near = |what: &str, ours: f64, theirs: f64, slack: f64| {
        assert!(
            (ours - theirs).abs() <= theirs.abs() * SHARE + slack,
            "{what}: {ours} here, {theirs} of the kubelet\n{}",
            installed.said()
        );
    };
    let mut compared = 0;
    for (pod, then) in &before {
        let Some(now) = after.get(pod) else { continue };
        let is_load =
            ["burner", "throttled", "holder", "sender", "receiver"].contains(&pod.as_str());
        if !is_load
            && !pod.starts_with("web-")
            && !pod.starts_with("db-")
            && !pod.starts_with("guaranteed")
        {
            continue;
        }
        compared += 1;
        // CPU in cores. What is near nothing may differ by two millicores: the spans are not quite the same.
        let theirs = (now.cpu.1 - then.cpu.1) / 1e9 / (now.cpu.0 - then.cpu.0);
        let ours = measured(http, "cpu_usage_usec", pod, then.cpu.0, now.cpu.0) / 1e6;
        near(&format!("CPU of {pod}"), ours, theirs, 0.002);
        // Memory now, to within a few pages.
        let rows = http.sql(&format!(
            "SELECT memory_working_set_bytes AS bytes FROM pod WHERE pod = '{pod}' ORDER BY time DESC LIMIT 1"
        ));
        near(
            &format!("memory of {pod}"),
            rows[0]["bytes"].as_f64().unwrap(),
            now.working_set,
            600e3,
        );
        // Traffic in bytes a second.
        let span = now.received.0 - then.received.0;
        let (from, until) = (then.received.0, now.received.0);
        let theirs = (now.received.1 - then.received.1) / span;
        let ours = measured(http, "network_rx_bytes", pod, from, until);
        near(&format!("received by {pod}"), ours, theirs, 200.0);
        let theirs = (now.sent - then.sent) / span;
        let ours = measured(http, "network_tx_bytes", pod, from, until);
        near(&format!("sent by {pod}"), ours, theirs, 200.0);
    }
    assert!(compared >= 9, "{compared}");
    // The load was what it was meant to be.
    let burner = measured(
        http,
        "cpu_usage_usec",
        "burner",
        before["burner"].cpu.0,
        after["burner"].cpu.0,
    ) / 1e6;
    near("CPU of burner", burner, 0.2, 0.0);
    let received = measured(
        http,
        "network_rx_bytes",
        "receiver",
        before["receiver"].received.0,
        after["receiver"].received.0,
    );
    assert!(received > 500e3, "{received}");
    let holder = after["holder"].working_set;
    assert!(holder > 40e6, "{holder}");
}
