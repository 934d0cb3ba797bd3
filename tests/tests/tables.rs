//! Tables are open: other readers count the same rows, in a folder and in a bucket.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use kansoku_tests::{Daemon, Frame, Http, python, run_script, wait_until};
use serde_json::{Value, json};
use wire::AgentId;

/// Rows of one pod, a tick each ten seconds, over the last hour.
fn send_pods(http: &Http, frames: u64) -> (i64, i64) {
    let table = catalogue::table("pod").unwrap();
    let agent = AgentId::random();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64;
    let (mut rows, mut sum) = (0, 0);
    for sequence in 1..=frames {
        let time = (now - 3600) / 10 * 10 + sequence as i64 * 10;
        let pods: Vec<Value> = (0..20)
            .map(|p| {
                rows += 1;
                sum += 1000 * p + sequence as i64;
                json!({
                    "time": time * 1_000_000, "interval_usec": 10_000_000, "cluster": "c", "node": "n",
                    "namespace": "ns", "pod": format!("pod-{p}"), "pod_uid": format!("uid-{p}"),
                    "cpu_usage_usec": 1000 * p + sequence as i64,
                })
            })
            .collect();
        let answer = Frame::new(agent, table, sequence, &pods).send(http);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    (rows, sum)
}

/// Log lines of one pod, more than a block of the token index has.
fn send_lines(http: &Http, frames: u64) -> (i64, i64) {
    let table = catalogue::table("log").unwrap();
    let agent = AgentId::random();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64;
    let (mut rows, mut sum) = (0, 0);
    for sequence in 1..=frames {
        let lines: Vec<Value> = (0..3000)
            .map(|n| {
                rows += 1;
                sum += 7;
                json!({
                    "time": (now - 3600) * 1_000_000 + rows, "time_nsec": 7, "cluster": "c", "node": "n",
                    "namespace": "ns", "pod": format!("pod-{}", n % 20), "container": "main", "stream": "stdout",
                    "offset": n, "sequence": rows, "message": format!("GET /api/{rows} took {n} ms"),
                })
            })
            .collect();
        let answer = Frame::new(agent, table, sequence, &lines).send(http);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    (rows, sum)
}

#[test]
fn other_readers_of_delta_lake_count_the_same() {
    let Some(python) = python() else { return };
    let data = tempfile::tempdir().unwrap();
    let mut server = Daemon::server(data.path(), &[]);
    let http = server.ready();
    let (rows, sum) = send_pods(&http, 120);
    let lines = send_lines(&http, 4);
    // A stop in order writes everything to tables.
    server.stop();
    let tables = data.path().join("tables");
    let said = run_script(
        &python,
        "read_tables.py",
        &[tables.to_str().unwrap(), "pod", "cpu_usage_usec"],
    );
    assert_eq!(said.lines().count(), 3, "{said}");
    for line in said.lines() {
        let mut words = line.split(' ');
        let reader = words.next().unwrap();
        let counted: Vec<i64> = words.map(|w| w.parse().unwrap()).collect();
        assert_eq!(counted, [rows, sum], "{reader}");
    }
    // What our files of log lines hold beside their rows is not in the way.
    let said = run_script(
        &python,
        "read_tables.py",
        &[tables.to_str().unwrap(), "log", "time_nsec"],
    );
    assert_eq!(said.lines().count(), 3, "{said}");
    for line in said.lines() {
        let mut words = line.split(' ').skip(1);
        let mut next = || words.next().unwrap().parse::<i64>().unwrap();
        assert_eq!((next(), next()), lines, "{line}");
    }
    let said = run_script(
        &python,
        "read_tables.py",
        &[tables.to_str().unwrap(), "pod_1m", "samples"],
    );
    for line in said.lines() {
        assert_eq!(line.split(' ').nth(2).unwrap(), rows.to_string(), "{line}");
    }
}

/// An S3-compatible server from a package, with one bucket.
struct Bucket {
    server: Child,
    endpoint: String,
}

impl Bucket {
    fn start(python: &std::path::Path) -> Bucket {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = Command::new(python)
            .args([
                "-m",
                "moto.server",
                "-H",
                "127.0.0.1",
                "-p",
                &port.to_string(),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let endpoint = format!("http://127.0.0.1:{port}");
        let http = Http::new(endpoint.clone());
        let made = wait_until(Duration::from_secs(60), || {
            http.try_send("PUT", "/kansoku", &[], &[])
                .filter(|a| a.status == 200)
        });
        assert!(made.is_some(), "the S3 server did not start");
        Bucket { server, endpoint }
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A server whose secret comes from the environment, as it should.
fn in_bucket(data: &std::path::Path, config: &str) -> Daemon {
    let data = data.to_str().unwrap();
    Daemon::start(
        "kansoku",
        &[
            "server",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data,
            "--config",
            config,
        ],
        &[("KANSOKU_SERVER_S3_SECRET_ACCESS_KEY", "test")],
    )
}

#[test]
fn tables_in_a_bucket_survive_a_crash_and_a_restart() {
    let Some(python) = python() else { return };
    let bucket = Bucket::start(&python);
    let data = tempfile::tempdir().unwrap();
    let config = data.path().join("kansoku.toml");
    std::fs::write(
        &config,
        format!(
            "[server]\ntables = 's3://kansoku/tables'\nflush_interval = '10s'\n[server.s3]\nendpoint = '{}'\n\
             region = 'us-east-1'\naccess_key_id = 'test'\n",
            bucket.endpoint
        ),
    )
    .unwrap();
    let config = config.to_str().unwrap();
    let mut server = in_bucket(data.path(), config);
    let http = server.ready();
    let (rows, sum) = send_pods(&http, 30);
    let ask = "SELECT count(*) AS n, sum(cpu_usage_usec) AS cpu FROM pod";
    let expected = json!({"n": rows, "cpu": sum});
    assert_eq!(http.sql(ask)[0], expected);
    let flushed = wait_until(Duration::from_secs(60), || {
        let status = http.get("/api/status").json();
        let tables = status["tables"].as_array()?.clone();
        tables
            .iter()
            .any(|t| t["name"] == "pod" && t["rows"] == rows)
            .then_some(())
    });
    assert!(
        flushed.is_some(),
        "not in the bucket:\n{}\n{}",
        http.get("/api/status").text(),
        server.said()
    );
    assert_eq!(http.sql(ask)[0], expected, "read back from the bucket");
    server.kill();
    let mut server = in_bucket(data.path(), config);
    let http = server.ready();
    assert_eq!(http.sql(ask)[0], expected);
    assert!(
        !data.path().join("tables").exists(),
        "nothing of the tables is on this disk"
    );
    server.stop();
}
