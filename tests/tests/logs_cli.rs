//! `kansoku logs` against a server: what it shows of which lines, and how it follows them.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use catalogue::tables::LOG;
use kansoku_tests::{Daemon, Frame, Http, Relay, Weather, binary, wait_until};
use serde_json::{Value, json};

/// A server with a node that sends it lines.
struct Node {
    server: Daemon,
    http: Http,
    agent: wire::AgentId,
    sequence: u64,
    line: i64,
    _data: tempfile::TempDir,
}

fn now_usec() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(since.as_micros()).unwrap()
}

impl Node {
    fn new() -> Node {
        let data = tempfile::tempdir().unwrap();
        let mut server = Daemon::server(data.path(), &[]);
        let http = server.ready();
        Node {
            server,
            http,
            agent: wire::AgentId::random(),
            sequence: 0,
            line: 0,
            _data: data,
        }
    }

    /// Sends lines of a pod of namespace shop, each a millisecond after the one before, the last one now.
    fn send(&mut self, pod: &str, lines: &[(&str, Option<&str>)]) {
        let begin = now_usec() - 1000 * i64::try_from(lines.len()).unwrap();
        let rows: Vec<Value> = lines
            .iter()
            .map(|(message, level)| {
                self.line += 1;
                json!({
                    "time": begin + 1000 * self.line, "time_nsec": 7, "cluster": "c", "node": "n1",
                    "namespace": "shop", "pod": pod, "pod_uid": format!("uid-{pod}"), "container": "app",
                    "container_id": format!("id-{pod}"), "stream": "stdout", "file": "/var/log/x", "offset": self.line,
                    "sequence": self.line, "level": level, "message": message,
                })
            })
            .collect();
        self.sequence += 1;
        let answer = Frame::new(self.agent, &LOG, self.sequence, &rows).send(&self.http);
        assert_eq!(answer.status, 200, "{}", answer.text());
    }

    fn logs(&self, arguments: &[&str]) -> Output {
        command(self.http.base(), arguments).output().unwrap()
    }

    /// What is shown, after it was a success.
    fn shown(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.logs(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

fn command(server: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary("kansoku"));
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("KANSOKU_") {
            command.env_remove(variable);
        }
    }
    command
        .arg("logs")
        .args(arguments)
        .args(["--server", server])
        .stdin(Stdio::null());
    command
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn lines_are_chosen_and_shown() {
    let mut node = Node::new();
    node.send(
        "web-1",
        &[
            ("GET /cart 200", None),
            ("ERROR connection reset\n  at Cart.java:7", Some("error")),
            ("GET /healthz 200", None),
            ("\x1b[2Jgone \x1b[31mred\x1b[0m", Some("info")),
        ],
    );
    node.send("web-10", &[("GET /cart 500", Some("error"))]);
    node.send(
        "api-1",
        &[(r#"{"msg":"slow","http":{"status":503}}"#, Some("warn"))],
    );

    // One pod, as kubectl shows it: its own name is no other's beginning.
    assert_eq!(
        node.shown(&["-n", "shop", "web-1"]),
        [
            "GET /cart 200",
            "ERROR connection reset",
            "  at Cart.java:7",
            "GET /healthz 200",
            "gone red"
        ]
    );
    // Several, told apart.
    assert_eq!(
        node.shown(&["-n", "shop", "web", "-g", "get /(cart|x)", "-i"]),
        ["web-1 app GET /cart 200", "web-10 app GET /cart 500"]
    );
    assert_eq!(
        node.shown(&["--query", "http.status:>=500"]),
        [r#"{"msg":"slow","http":{"status":503}}"#]
    );
    assert_eq!(
        node.shown(&["--level", "error+", "--prefix", "never", "web-10"]),
        ["GET /cart 500"]
    );
    assert_eq!(
        node.shown(&["web-1", "--tail", "2", "-e", "gone", "--exclude", "^ERROR"])
            .len(),
        2
    );
    assert_eq!(node.shown(&["web-1", "--tail", "all"]).len(), 5);
    assert_eq!(node.shown(&["deploy/web", "--tail", "all"]).len(), 6);
    // The newest are chosen, the oldest of them comes first.
    assert_eq!(
        node.shown(&["web-1", "--tail", "2", "--query", "GET"]),
        ["GET /cart 200", "GET /healthz 200"]
    );
    assert_eq!(
        node.shown(&["web-1", "--tail", "1", "--query", "GET"]),
        ["GET /healthz 200"]
    );

    // Around a hit, in its own log.
    assert_eq!(
        node.shown(&["-g", "ERROR", "-B", "1", "-A", "1"]),
        [
            "GET /cart 200",
            "ERROR connection reset",
            "  at Cart.java:7",
            "GET /healthz 200"
        ]
    );

    // For programs.
    let lines = node.shown(&["web-10", "-o", "json"]);
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(
        (&line["pod"], &line["level"], &line["message"]),
        (&json!("web-10"), &json!("error"), &json!("GET /cart 500"))
    );
    assert!(line["time"].as_str().unwrap().ends_with("007Z"), "{line}");
    let raw = node.logs(&["web-1", "-o", "raw", "--tail", "1"]);
    assert_eq!(raw.stdout, b"\x1b[2Jgone \x1b[31mred\x1b[0m\n");
    let wide = node.shown(&["web-10", "-o", "wide"]);
    assert!(
        wide[0].contains(" error n1 shop/web-10 app stdout GET"),
        "{wide:?}"
    );
    let coloured = node.shown(&["web-10", "--color", "always", "--prefix", "always"]);
    assert!(coloured[0].contains("\x1b["), "{coloured:?}");
    assert!(!coloured[0].contains("\x1b[31mGET"), "{coloured:?}");

    // Instead of lines.
    let histogram = node.shown(&["--histogram", "--since", "10m"]);
    assert!(
        histogram[0].starts_with("TIME") && histogram[0].contains("ERROR"),
        "{histogram:#?}"
    );
    assert!(
        histogram.iter().any(|line| line.contains('█')),
        "{histogram:#?}"
    );
    let patterns = node.shown(&["--patterns", "-g", "GET"]);
    assert!(
        patterns.len() >= 2 && patterns.iter().any(|p| p.contains("GET")),
        "{patterns:#?}"
    );
    assert_eq!(
        node.shown(&["--ledger"]),
        ["No log has reported in this time."]
    );

    // Nothing is no failure, and is said.
    let nothing = node.logs(&["nobody"]);
    assert!(nothing.status.success() && nothing.stdout.is_empty());
    assert!(err(&nothing).contains("--since"), "{}", err(&nothing));
    // What the server refuses is said with its place.
    let refused = node.logs(&["--query", "a ("]);
    assert_eq!(refused.status.code(), Some(1), "{}", err(&refused));
    assert!(err(&refused).contains("column"), "{}", err(&refused));
    node.server.stop();
}

#[test]
fn a_reader_that_has_enough_is_no_failure() {
    let mut node = Node::new();
    let many: Vec<(String, Option<&str>)> = (0..5000)
        .map(|n| (format!("line {n} {}", "x".repeat(100)), None))
        .collect();
    let many: Vec<(&str, Option<&str>)> = many.iter().map(|(m, l)| (m.as_str(), *l)).collect();
    node.send("web-1", &many);
    let mut child = command(node.http.base(), &["--tail", "all"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(first.starts_with("line 0 "), "{first}");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        err(&output)
    );
    // Pages join without a gap.
    let all = node.shown(&["--tail", "all"]);
    assert_eq!(all.len(), 5000);
    assert!(
        all.iter()
            .enumerate()
            .all(|(n, line)| line.starts_with(&format!("line {n} ")))
    );
    let newest = node.shown(&["--tail", "2500"]);
    assert_eq!(newest[0].split(' ').nth(1), Some("2500"));
}

/// A program that follows, and what it shows.
struct Following {
    child: Child,
    lines: Receiver<String>,
}

impl Following {
    fn start(server: &str, arguments: &[&str]) -> Following {
        let mut child = command(server, &[&["-f"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Following { child, lines }
    }

    fn next(&self) -> String {
        self.lines.recv_timeout(Duration::from_secs(60)).unwrap()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn following_goes_on_without_a_gap_when_the_connection_breaks() {
    let mut node = Node::new();
    let relay = Relay::start(
        node.http
            .base()
            .trim_start_matches("http://")
            .parse()
            .unwrap(),
    );
    node.send("web-1", &[("one", None), ("two", None)]);
    let following = Following::start(
        &format!("http://{}", relay.address()),
        &["web-1", "--rate", "2000"],
    );
    assert_eq!([following.next(), following.next()], ["one", "two"]);
    node.send("web-1", &[("three", None)]);
    assert_eq!(following.next(), "three");
    // Lines that come while nobody listens, and while there is no way.
    relay.change(Weather::Refused);
    node.send("web-1", &[("four", None)]);
    node.send("other", &[("not wanted", None)]);
    node.send("web-1", &[("five", None)]);
    assert!(
        wait_until(Duration::from_secs(20), || (relay.ended() > 1)
            .then_some(()))
        .is_some()
    );
    relay.change(Weather::Fair);
    assert_eq!([following.next(), following.next()], ["four", "five"]);
    for n in 6..40 {
        node.send("web-1", &[(format!("line {n}").as_str(), None)]);
        if n % 10 == 0 {
            relay.cut();
        }
    }
    for n in 6..40 {
        assert_eq!(following.next(), format!("line {n}"));
    }
}

#[test]
fn a_server_that_is_not_there_or_a_wrong_word() {
    let gone = command("http://127.0.0.1:1", &["web"]).output().unwrap();
    assert_eq!(gone.status.code(), Some(3), "{}", err(&gone));
    let gone = command("http://127.0.0.1:1", &["-f"]).output().unwrap();
    assert_eq!(gone.status.code(), Some(3), "{}", err(&gone));
    for wrong in [
        &["--level", "loud"][..],
        &["--tail", "few"],
        &["-f", "--histogram"],
        &["service/web"],
    ] {
        let output = command("http://127.0.0.1:1", wrong).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", err(&output));
    }
}
