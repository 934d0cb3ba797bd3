//! Figures that the API gives, against the kernel's own while a known load runs.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kansoku_tests::{Cgroup, Daemon, Http, Spin, wait_until};
use serde_json::json;

const LOAD: Duration = Duration::from_secs(20);
/// The two sides do not read at the same moments, and other programs come and go at both ends.
const TOLERANCE_CORES: f64 = 0.1;

/// Busy time of all processors in seconds: user, nice, system, irq, softirq, as the catalogue defines it.
fn busy_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/stat").unwrap();
    let cpu: Vec<f64> = stat
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .skip(1)
        .map(|field| field.parse().unwrap())
        .collect();
    [0, 1, 2, 5, 6].iter().map(|at| cpu[*at]).sum::<f64>()
        / rustix::param::clock_ticks_per_second() as f64
}

fn now_millis() -> i64 {
    i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_millis(),
    )
    .unwrap()
}

/// The sum of a metric over the ticks in a span, as `/api/metrics` gives it.
fn sum(
    http: &Http,
    entity: &str,
    metric: &str,
    filters: serde_json::Value,
    span: (i64, i64),
) -> f64 {
    let answer = http.post(
        "/api/metrics",
        &json!({
            "entity": entity, "metric": metric, "statistic": "Sum", "filters": filters,
            "start": span.0, "end": span.1, "period_seconds": 1,
        }),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let times = answer["times"].as_array().unwrap();
    let values = answer["series"][0]["values"].as_array().unwrap();
    let within = times
        .iter()
        .zip(values)
        .filter(|(time, _)| (span.0..=span.1).contains(&time.as_i64().unwrap()));
    within.filter_map(|(_, value)| value.as_f64()).sum()
}

#[test]
fn cpu_time_of_node_and_container_agrees_with_the_kernel() {
    let data = tempfile::tempdir().unwrap();
    let mut up = Daemon::up(
        data.path(),
        &["--interval", "1s", "--set", "agent.cpu_limit=100%"],
    );
    let http = up.ready();
    let load = Spin::start();
    let unit = format!("kansoku-figures-{}.service", std::process::id());
    let cgroup = Cgroup::with(&unit, load.pid());
    // Bound again so that it ends before its cgroup is removed, also when this test fails.
    let load = load;
    let filters = json!({"container_id": format!("/{unit}")});

    // Until the agent has seen the load's cgroup twice, there is no increase to compare.
    let rows = || {
        let sql = format!(
            "SELECT container_id FROM container WHERE cgroup_path LIKE '%{unit}' AND cpu_usage_usec > 0"
        );
        http.sql(&sql)
    };
    let found = cgroup.as_ref().map(|_| {
        let found = wait_until(Duration::from_secs(15), || rows().first().cloned());
        found.unwrap_or_else(|| panic!("the cgroup {unit} has no rows:\n{}", up.said()))["container_id"].clone()
    });
    let filters = found.map_or(filters, |id| json!({"container_id": id}));

    let began = (
        Instant::now(),
        now_millis(),
        busy_seconds(),
        cgroup.as_ref().and_then(Cgroup::cpu_usec),
    );
    std::thread::sleep(LOAD);
    let ended = (
        Instant::now(),
        now_millis(),
        busy_seconds(),
        cgroup.as_ref().and_then(Cgroup::cpu_usec),
    );
    // The last tick of the span needs a moment to arrive.
    std::thread::sleep(Duration::from_secs(3));

    let seconds = ended.0.duration_since(began.0).as_secs_f64();
    // The first tick after the beginning holds time from before it.
    let span = (began.1 + 1000, ended.1);
    let rate = |entity: &str, filters: &serde_json::Value| {
        let used = sum(&http, entity, "cpu_usage_usec", filters.clone(), span);
        used / sum(&http, entity, "interval_usec", filters.clone(), span)
    };
    let kernel = (ended.2 - began.2) / seconds;
    let said = rate("node", &json!({}));
    eprintln!("node: {said:.3} cores, the kernel says {kernel:.3}");
    assert!(kernel > 0.5, "the load did not run: {kernel}");
    assert!(
        (said - kernel).abs() < TOLERANCE_CORES,
        "node: {said} cores, the kernel says {kernel}"
    );

    if let (Some(before), Some(after)) = (began.3, ended.3) {
        let kernel = (after - before) as f64 / 1e6 / seconds;
        let said = rate("container", &filters);
        eprintln!("{unit}: {said:.3} cores, the kernel says {kernel:.3}");
        assert!(kernel > 0.2, "the load did not run: {kernel}");
        assert!(
            (said - kernel).abs() < TOLERANCE_CORES,
            "{unit}: {said} cores, the kernel says {kernel}"
        );
    } else {
        println!("the container's part was skipped: no cgroup could be made");
    }
    drop(load);
    drop(cgroup);
    up.stop();
}
