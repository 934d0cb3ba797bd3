//! `kansoku up` on the machine that the test runs on.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::time::{Duration, Instant};

use kansoku_tests::{Daemon, wait_until};
use rustix::process::Signal;
use serde_json::{Value, json};

/// From the start until this machine's rows answer questions.
const FIRST_ROWS: Duration = Duration::from_secs(15);

/// The year 2100 in microseconds: later than every row.
const END: i64 = 4_102_444_800_000_000;

fn machine() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .unwrap()
        .trim()
        .to_owned()
}

#[test]
fn this_machine_s_data_are_there_within_seconds() {
    let data = tempfile::tempdir().unwrap();
    let began = Instant::now();
    let mut up = Daemon::up(data.path(), &[]);
    let http = up.http();
    let nodes = wait_until(FIRST_ROWS.saturating_sub(began.elapsed()), || {
        let answer = http.try_send("GET", "/api/entities/node", &[], &[])?;
        let entities = (answer.status == 200).then(|| answer.json())?["entities"]
            .as_array()?
            .clone();
        (!entities.is_empty()).then_some(entities)
    });
    let nodes = nodes.unwrap_or_else(|| panic!("no node after {FIRST_ROWS:?}:\n{}", up.said()));
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0]["node"], machine());

    let total: u64 = meminfo("MemTotal");
    assert_eq!(nodes[0]["latest"]["node_memory_total_bytes"], total * 1024);
    let cores = std::fs::read_to_string("/proc/stat")
        .unwrap()
        .lines()
        .filter(|l| l.starts_with("cpu"))
        .count()
        - 1;
    let latest = &nodes[0]["latest"];
    let said = latest["node_cpu_cores"].as_f64().unwrap();
    assert_eq!(said, cores as f64);

    // Each table has a frame of its own: one is there a moment before the other.
    let interfaces = wait_until(FIRST_ROWS, || {
        let rows = http.sql("SELECT count(*) AS n FROM node_network");
        rows[0]["n"].as_u64().filter(|n| *n > 0)
    });
    assert!(interfaces.is_some(), "no interface: {}", up.said());
    let sources = http.get("/api/sources").json();
    let read: Vec<&Value> = sources["sources"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|s| s["path"] == "/proc/stat")
        .collect();
    assert_eq!(read.len(), 1, "{sources}");
    assert_eq!(sources["agents"][0]["node"], machine());
    up.stop();
}

fn meminfo(key: &str) -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_restart_keeps_every_row() {
    let data = tempfile::tempdir().unwrap();
    let mut up = Daemon::up(data.path(), &["--interval", "1s"]);
    let http = up.ready();
    let rows = |http: &kansoku_tests::Http, until: i64| {
        let sql = format!(
            "SELECT time FROM node WHERE time <= to_timestamp_micros({until}) ORDER BY time"
        );
        http.sql(&sql)
            .into_iter()
            .map(|row| row["time"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    wait_until(Duration::from_secs(20), || {
        (rows(&http, END).len() >= 5).then_some(())
    })
    .unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    // What is under way at this moment may land on either side of the stop.
    let until = i64::try_from(now.as_micros()).unwrap() - 2_000_000;
    let before = rows(&http, until);
    assert!(before.len() >= 2);
    up.stop();

    let mut up = Daemon::up(data.path(), &["--interval", "1s"]);
    let http = up.ready();
    let after = rows(&http, until);
    assert_eq!(before, after);
    let once: std::collections::BTreeSet<_> = after.iter().collect();
    assert_eq!(once.len(), after.len(), "a tick is stored twice");
    up.stop();
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = tempfile::tempdir().unwrap();
    let data_path = data.path().to_str().unwrap();
    let mut up = Daemon::start(
        "kansoku",
        &["up", "--listen", &address, "--data", data_path],
        &[],
    );
    let status = up.wait(Duration::from_secs(20));
    assert_eq!(status.code(), Some(1), "{}", up.said());
    assert!(
        up.said().contains(&address) && up.said().contains("already in use"),
        "{}",
        up.said()
    );
}

#[test]
fn a_data_folder_belongs_to_one_process() {
    let data = tempfile::tempdir().unwrap();
    let mut first = Daemon::up(data.path(), &[]);
    first.ready();
    let mut second = Daemon::up(data.path(), &[]);
    let status = second.wait(Duration::from_secs(20));
    assert_eq!(status.code(), Some(1), "{}", second.said());
    assert!(
        second.said().contains("in use by another"),
        "{}",
        second.said()
    );
    first.stop();
}

#[test]
fn an_interrupt_ends_it_in_order() {
    let data = tempfile::tempdir().unwrap();
    let mut up = Daemon::up(data.path(), &[]);
    up.ready();
    up.signal(Signal::INT);
    let began = Instant::now();
    let status = up.wait(Duration::from_secs(20));
    assert!(status.success(), "{status}: {}", up.said());
    assert!(began.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_configuration_with_faults_names_all_of_them() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("kansoku.toml");
    std::fs::write(
        &file,
        "listne = \"127.0.0.1:1\"\n[agent]\ninterval = \"7s\"\n",
    )
    .unwrap();
    let mut up = Daemon::up(data.path(), &["--config", file.to_str().unwrap()]);
    let status = up.wait(Duration::from_secs(20));
    assert_eq!(status.code(), Some(2), "{}", up.said());
    for expected in ["listne", "listen", "agent.interval"] {
        assert!(up.said().contains(expected), "{expected}: {}", up.said());
    }
}

#[test]
fn agent_and_server_also_run_apart() {
    let data = tempfile::tempdir().unwrap();
    let mut server = Daemon::server(&data.path().join("server"), &[]);
    let http = server.ready();
    let spool = data.path().join("agent");
    let agent = Daemon::start(
        "kansoku-agent",
        &[
            "--server",
            http.base(),
            "--data",
            spool.to_str().unwrap(),
            "--cluster",
            "c1",
            "--node",
            "n1",
            "--interval",
            "1s",
            "--agent-listen",
            "off",
        ],
        &[],
    );
    let found = wait_until(FIRST_ROWS, || {
        let rows = http.sql("SELECT DISTINCT cluster, node FROM node");
        (!rows.is_empty()).then_some(rows)
    });
    assert_eq!(
        found.unwrap_or_else(|| panic!("{}\n{}", agent.said(), server.said())),
        [json!({"cluster": "c1", "node": "n1"})]
    );
    agent.stop();
    server.stop();
}
