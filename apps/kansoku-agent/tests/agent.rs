//! The binary, as it is started.
#![allow(clippy::unwrap_used, clippy::zombie_processes)]

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kansoku-agent"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("KANSOKU_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

#[test]
fn it_says_its_version() {
    let output = run(&["--version"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        format!("kansoku-agent {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn every_fault_of_its_configuration_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kansoku.toml");
    std::fs::write(&file, "clustre = \"c\"\n[agent]\ninterval = \"7s\"\n").unwrap();
    let output = run(&[
        "--config",
        file.to_str().unwrap(),
        "--set",
        "agent.cpu_limit=0%",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    for part in [
        "4 faults",
        "kansoku.toml:1: clustre",
        "did you mean cluster?",
        "kansoku.toml:3: agent.interval",
        "--set: agent.cpu_limit",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn it_shows_what_it_is_configured_to_do() {
    let output = run(&["config", "print", "--cluster", "c", "--interval", "5s"]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said
        .lines()
        .find(|line| line.starts_with("agent.interval "))
        .unwrap();
    assert_eq!(
        line.split_whitespace().collect::<Vec<_>>(),
        ["agent.interval", "5s", "option", "--interval"]
    );
}

#[test]
fn a_spool_that_is_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let first = Running::start(folder.path());
    let output = run(&[
        "--cluster",
        "c",
        "--data",
        folder.path().to_str().unwrap(),
        "--agent-listen",
        "off",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("is used by another agent"), "{said}");
    first.stop();
}

/// A running agent that has no server.
struct Running {
    child: Child,
    metrics: String,
}

impl Running {
    fn start(data: &Path) -> Running {
        let mut child = command(&[
            "--cluster",
            "c",
            "--interval",
            "1s",
            "--agent-listen",
            "127.0.0.1:0",
        ])
        .args([
            "--server",
            "http://127.0.0.1:9",
            "--data",
            data.to_str().unwrap(),
        ])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = lines
                .recv_timeout(left)
                .expect("the agent says where its metrics are");
            if let Some((_, address)) = line.split_once("address=") {
                let address = address.split_whitespace().next().unwrap();
                return Running {
                    child,
                    metrics: format!("http://{address}"),
                };
            }
        }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let mut response = agent.get(format!("{}{path}", self.metrics)).call().unwrap();
        let mut body = String::new();
        response
            .body_mut()
            .as_reader()
            .read_to_string(&mut body)
            .unwrap();
        (response.status().as_u16(), body)
    }

    /// Ends it in order.
    fn stop(mut self) -> Duration {
        let begun = Instant::now();
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let status = self.child.wait().unwrap();
        assert_eq!(status.code(), Some(0));
        begun.elapsed()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_tells_how_it_goes_and_ends_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let running = Running::start(folder.path());
    let deadline = Instant::now() + Duration::from_secs(30);
    let ticks = |text: &str| -> f64 {
        let line = text
            .lines()
            .find(|line| line.starts_with("kansoku_agent_ticks_total "))
            .unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    while ticks(&running.get("/metrics").1) < 2.0 {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(running.get("/healthz"), (200, "ok\n".to_owned()));
    assert_eq!(running.get("/nothing").0, 404);
    // The server is away, so the last round of sending is given up after its time.
    assert!(running.stop() < Duration::from_secs(10));
    // What was read waits for the next run.
    let segments = std::fs::read_dir(folder.path().join("spool")).unwrap();
    let bytes: u64 = segments
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert!(bytes > 1000, "{bytes}");
}
