//! `kansoku alarms test` as a pipeline runs it: what it prints, and how it ends.
#![allow(clippy::unwrap_used)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

use kansoku_tests::binary;

const PASSES: &str = r#"{"EvaluationPeriods":3,"DatapointsToAlarm":2,"TreatMissingData":"ignore","ComparisonOperator":"GreaterThanThreshold","Threshold":0.5,"Points":[0,null,1,null,1],"PreviousState":"OK","Expect":"ALARM"}"#;

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary("kansoku"));
    for (variable, _) in std::env::vars_os() {
        if variable.to_string_lossy().starts_with("KANSOKU_") {
            command.env_remove(variable);
        }
    }
    // Nobody listens there: no server is asked.
    command.env("KANSOKU_SERVER", "http://127.0.0.1:9");
    command.args(["alarms", "test"]).args(arguments);
    command
}

/// The test of a file with this text.
fn of_file(text: &[u8]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cases.jsonl");
    std::fs::write(&path, text).unwrap();
    command(&[path.to_str().unwrap()])
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn of_standard_input(text: &str) -> Output {
    let mut child = command(&["-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// The lines of standard output and the exit code. Nothing is on standard error.
fn said(output: &Output) -> (Vec<String>, i32) {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let lines = text.lines().map(str::to_owned).collect();
    (lines, output.status.code().unwrap())
}

#[test]
fn a_case_that_passes_is_counted() {
    for output in [of_file(PASSES.as_bytes()), of_standard_input(PASSES)] {
        assert_eq!(said(&output), (vec!["1 passed, 0 failed".to_owned()], 0));
    }
}

#[test]
fn a_case_that_differs_has_a_line_and_an_exit_code() {
    let fails = PASSES.replace("\"Expect\":\"ALARM\"", "\"Expect\":\"OK\"");
    // With an empty line, and as Windows ends lines.
    let (lines, code) = said(&of_file(format!("{PASSES}\r\n\r\n{fails}\r\n").as_bytes()));
    assert_eq!(code, 1, "{lines:#?}");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(
        lines[0].starts_with("line 3: expected OK, got ALARM"),
        "{lines:#?}"
    );
    assert_eq!(lines[1], "1 passed, 1 failed");
}

#[test]
fn a_line_that_is_no_case_fails_and_the_others_are_tested() {
    let typing_error = PASSES.replace("Threshold\":0.5", "Treshold\":0.5");
    let mut text = format!("{{\"EvaluationPeriods\":3\n{typing_error}\n").into_bytes();
    text.extend(b"\xff\xfe\n");
    text.extend(PASSES.as_bytes());
    let (lines, code) = said(&of_file(&text));
    assert_eq!(code, 1, "{lines:#?}");
    assert_eq!(lines.len(), 4, "{lines:#?}");
    assert!(
        lines[0].starts_with("line 1: not a JSON object"),
        "{lines:#?}"
    );
    assert!(
        lines[1].starts_with("line 2: there is no key Treshold, perhaps Threshold?"),
        "{lines:#?}"
    );
    assert!(lines[2].starts_with("line 3: "), "{lines:#?}");
    assert_eq!(lines[3], "1 passed, 3 failed");
}

#[test]
fn a_file_that_cannot_be_read_is_no_failed_case() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("not-there.jsonl");
    for path in [missing.as_path(), folder.path()] {
        let output = command(&[path.to_str().unwrap()]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            error.starts_with(&format!("kansoku: {}: ", path.display())),
            "{error}"
        );
    }
}

#[test]
fn a_file_without_cases_has_none_that_failed() {
    assert_eq!(
        said(&of_file(b"\n\n")),
        (vec!["0 passed, 0 failed".to_owned()], 0)
    );
}
