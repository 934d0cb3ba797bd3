//! The program from outside: what it says, where, and how it ends.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

fn kansoku(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kansoku"));
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("KANSOKU_") {
            command.env_remove(variable);
        }
    }
    // No file of this user's reaches into the test.
    command
        .args(arguments)
        .env("XDG_CONFIG_HOME", "/nonexistent");
    command
}

fn run(arguments: &[&str]) -> Output {
    kansoku(arguments).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn help_and_version_are_answers() {
    for arguments in [
        &["--help"][..],
        &["up", "--help"],
        &["top", "--help"],
        &["help", "query"],
        &["--version"],
    ] {
        let output = run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        assert!(
            !out(&output).is_empty() && err(&output).is_empty(),
            "{arguments:?}"
        );
    }
    assert!(out(&run(&["up", "--help"])).contains("KANSOKU_LISTEN"));
}

#[test]
fn what_was_asked_wrongly_ends_with_2() {
    for arguments in [
        &["upp"][..],
        &["up", "--lisen", "127.0.0.1:1"],
        &["up", "--set", "listen"],
        &["up", "--set", "no.such.key=1"],
        &["up", "--listen", "localhost"],
        &["up", "--config", "/nonexistent/kansoku.toml"],
        &["server", "--listen", "0.0.0.0:0"],
        &["query"],
        &["top", "ships"],
        &["top", "nodes", "--namespace", "x"],
        &["logs", "--level", "loud"],
        &["logs", "--follow", "--until", "1h"],
        &["status", "--token-file", "/nonexistent/token"],
    ] {
        let output = run(arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            err(&output)
        );
        assert!(
            out(&output).is_empty() && !err(&output).is_empty(),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_server_that_is_not_there_ends_with_3_and_says_what_to_do() {
    // Port 1 of this machine: nothing listens there without root's doing.
    for arguments in [
        &["status"][..],
        &["top", "nodes"],
        &["query", "SELECT 1"],
        &["logs"],
    ] {
        let output = run(&[arguments, &["--server", "http://127.0.0.1:1"]].concat());
        assert_eq!(
            output.status.code(),
            Some(3),
            "{arguments:?}: {}",
            err(&output)
        );
        assert!(
            err(&output).contains("kansoku up"),
            "{arguments:?}: {}",
            err(&output)
        );
    }
}

#[test]
fn a_configuration_is_printed_with_its_origins() {
    let output = kansoku(&[
        "config",
        "print",
        "up",
        "--interval",
        "5s",
        "--set",
        "server.flush_interval=1m",
    ])
    .env("KANSOKU_CLUSTER", "from-the-environment")
    .output()
    .unwrap();
    assert!(output.status.success(), "{}", err(&output));
    let text = out(&output);
    let line = |key: &str| {
        text.lines()
            .find(|line| line.split_whitespace().next() == Some(key))
            .unwrap()
            .to_owned()
    };
    assert!(
        line("cluster").contains("from-the-environment")
            && line("cluster").contains("KANSOKU_CLUSTER")
    );
    assert!(line("agent.interval").contains("5s") && line("agent.interval").contains("--interval"));
    assert!(
        line("server.flush_interval").contains("1m")
            && line("server.flush_interval").contains("--set")
    );
    assert!(line("listen").contains("default"));
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(&["completions", shell]);
        assert!(
            output.status.success() && out(&output).contains("kansoku"),
            "{shell}"
        );
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = kansoku(&["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", err(&output));
    assert!(output.stderr.is_empty(), "{}", err(&output));
}

#[test]
fn arrow_goes_to_files_and_sql_comes_from_them() {
    let mut child = kansoku(&["query", "-", "--server", "http://127.0.0.1:1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"SELECT 1").unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(3));
}
