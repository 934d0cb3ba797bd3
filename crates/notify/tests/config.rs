//! `alarms.toml`: what it may say, and every fault with its line.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::time::Duration;

use common::{MARK, fired, now, read};
use notify::config::Fault;
use notify::{Notification, ReceiverType};

const WHOLE: &str = r#"
[[alarm]]
AlarmName = "somebody else's"

[[receiver]]
name = "hook"
type = "webhook"
arns = ["arn:aws:sns:eu-west-1:123456789012:ops"]
url = "https://hooks.example.com/in"
token_file = "token"
hmac_key_env = "HMAC"
timeout = "3s"
title = "{{ alarm }}"
text = """
{{ reason }}
{{ link }}"""

[[receiver]]
name = "chat"
type = "slack"
url_file = "slack"

[[receiver]]
name = "mail"
type = "email"
host = "smtp.example.com"
username = "kansoku"
password_file = "token"
from = "Kansoku <alarms@example.com>"
to = ["ops@example.com"]

[[receiver]]
name = "am"
type = "alertmanager"
url = "http://alertmanager.monitoring:9093"
labels = { source = "kansoku" }
expires_after = "30d"

[[receiver]]
name = "pager"
type = "pagerduty"
routing_key_env = "PD"

[[route]]
receivers = ["pager", "chat"]
severity = "critical"
labels = { namespace = ["shop", "kube-*"] }
tags = { team = { not = "sandbox" } }
alarm = "web-*"
states = ["ALARM", "OK"]
continue = true

[[route]]
receivers = ["mail"]
default = true

[[silence]]
id = "nightly"
alarm = "nightly-*"
weekly = { days = ["Mon", "Tue"], from = "22:00", to = "06:00", time_zone = "Europe/Berlin" }
comment = "The backup runs."

[[silence]]
labels = { namespace = "load-test" }
starts = 2026-11-26T22:00:00Z
ends = 2026-11-27T06:00:00+01:00

[group]
by = ["alarm", "namespace"]
wait = "30s"
shown = 5
"#;

const VARIABLES: [(&str, &str); 3] = [
    ("HMAC", "zq9secret-hmac"),
    ("PD", "zq9secret-pd"),
    ("EMPTY", " "),
];

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &[u8]| std::fs::write(folder.path().join(name), text).unwrap();
    write("token", b"zq9secret-token\n");
    write(
        "slack",
        b"https://hooks.slack.example.com/services/zq9secret-slack\n",
    );
    write("two-lines", b"zq9secret\nzq9secret");
    write("not-utf8", b"\xff\xfezq9secret");
    write("no-url", b"zq9secret");
    write("ca", b"zq9secret");
    folder
}

#[test]
fn everything_is_read() {
    let folder = folder();
    let config = read(WHOLE, folder.path(), &VARIABLES).unwrap();
    let types: Vec<_> = config
        .receivers
        .iter()
        .map(|r| (r.name(), r.receiver_type().word(), r.target()))
        .collect();
    assert_eq!(
        types,
        [
            ("hook", "webhook", "hooks.example.com".to_owned()),
            ("chat", "slack", "hooks.slack.example.com".into()),
            ("mail", "email", "smtp.example.com".into()),
            ("am", "alertmanager", "alertmanager.monitoring".into()),
            ("pager", "pagerduty", "events.pagerduty.com".into()),
        ]
    );
    assert_eq!(types.len(), ReceiverType::ALL.len());
    assert_eq!(config.group.by, ["alarm", "namespace"]);
    assert_eq!(
        (config.group.wait, config.group.shown),
        (Duration::from_secs(30), 5)
    );
    assert_eq!(
        config.files,
        [folder.path().join("token"), folder.path().join("slack")]
    );
    assert_eq!(config.silences[0].id, "nightly");
    assert_eq!(config.silences[1].id, "file-2");
    assert_eq!(config.silences[1].ends, Some(1_795_755_600_000_000));
    // Shown nowhere.
    assert!(!format!("{config:?}{config:#?}").contains(MARK));

    // The route, its default, and the action by its ARN.
    let told = |alarm: &str, team: &str| {
        let mut change = fired(alarm);
        change.tags.insert("team".into(), team.into());
        config.routes.told(&change).receivers
    };
    assert_eq!(told("web-errors", "shop"), ["hook", "pager", "chat"]);
    assert_eq!(told("web-errors", "sandbox"), ["hook", "mail"]);
    assert_eq!(told("disk-full", "shop"), ["hook", "mail"]);
    assert_eq!(config.receiver("hook").unwrap().arns().len(), 1);
    assert!(config.receiver("nobody").is_none());
}

#[test]
fn nothing_is_a_file_too() {
    let config = read("", Path::new("/"), &[]).unwrap();
    assert!(config.receivers.is_empty() && config.silences.is_empty());
    assert_eq!(config.group, notify::Grouping::default());
    assert!(config.routes.told(&fired("a")).receivers.is_empty());
    assert_eq!(config.routes.told(&fired("a")).unknown.len(), 1);
    let _ = Notification::test("x", "1", now());
}

fn faults(text: &str) -> Vec<Fault> {
    read(text, folder().path(), &VARIABLES)
        .err()
        .unwrap_or_default()
}

/// The only fault of the text.
fn fault(text: &str, line: usize, key: &str, words: &str) {
    let found = faults(text);
    assert_eq!(found.len(), 1, "{text}\n{found:#?}");
    assert_eq!(
        (found[0].line, found[0].key.as_str()),
        (line, key),
        "{text}\n{found:#?}"
    );
    assert!(found[0].message.contains(words), "{text}\n{found:#?}");
    assert!(!found[0].to_string().contains(MARK), "{found:#?}");
}

#[test]
fn faults_of_receivers_have_their_line_and_key() {
    let hook = "[[receiver]]\nname = \"a\"\ntype = \"webhook\"\nurl = \"http://a/\"\n";
    for (line, key, words) in [
        ("urll = \"x\"", "receiver.urll", "did you mean url?"),
        (
            "insecure_skip_verify = true",
            "receiver.insecure_skip_verify",
            "no such key",
        ),
        ("host = \"x\"", "receiver.host", "no such key"),
        (
            "token = \"zq9secret\"",
            "receiver.token",
            "write token_file or token_env",
        ),
        (
            "token_file = \"absent\"",
            "receiver.token_file",
            "cannot be read",
        ),
        ("token_file = \".\"", "receiver.token_file", "not a file"),
        (
            "token_file = \"two-lines\"",
            "receiver.token_file",
            "one line",
        ),
        (
            "token_file = \"not-utf8\"",
            "receiver.token_file",
            "not UTF-8",
        ),
        (
            "token_env = \"ABSENT\"",
            "receiver.token_env",
            "no variable ABSENT",
        ),
        ("token_env = \"EMPTY\"", "receiver.token_env", "is empty"),
        ("url_env = \"HMAC\"", "receiver.url_env", "leave one out"),
        (
            "ca_file = \"ca\"",
            "receiver.ca_file",
            "no certificate in PEM",
        ),
        ("timeout = 5", "receiver.timeout", "an integer"),
        ("timeout = \"5\"", "receiver.timeout", "10s"),
        ("timeout = \"1h\"", "receiver.timeout", "at most 2m"),
        (
            "timeout = \"99999999999999999999d\"",
            "receiver.timeout",
            "10s",
        ),
        (
            "title = \"{{ alrm }}\"",
            "receiver.title",
            "did you mean alarm?",
        ),
        (
            "text = \"\"\"\na\n{{ alarm\"\"\"",
            "receiver.text",
            "line 2: syntax error",
        ),
        ("arns = [1]", "receiver.arns", "an integer"),
    ] {
        fault(&format!("{hook}{line}\n"), 5, key, words);
    }
}

#[test]
fn what_is_missing_is_said_at_the_table() {
    for (text, key, words) in [
        (
            "type = \"webhook\"\nurl = \"http://a\"",
            "receiver.name",
            "has a name",
        ),
        (
            "name = \"a\"",
            "receiver.type",
            "webhook, slack, email, alertmanager, pagerduty",
        ),
        (
            "name = \"a\"\ntype = \"webhook\"",
            "receiver.url",
            "is missing",
        ),
        (
            "name = \"a\"\ntype = \"slack\"",
            "receiver.url",
            "url_file or url_env",
        ),
        (
            "name = \"a\"\ntype = \"pagerduty\"",
            "receiver.routing_key",
            "routing_key_env",
        ),
        (
            "name = \"a\"\ntype = \"email\"\nfrom = \"a@b.c\"\nto = \"a@b.c\"",
            "receiver.host",
            "is missing",
        ),
        (
            "name = \"a\"\ntype = \"email\"\nhost = \"h\"\nfrom = \"a@b.c\"\nto = \"a@b.c\"\npassword_file = \"token\"",
            "receiver.username",
            "is missing",
        ),
    ] {
        fault(&format!("\n[[receiver]]\n{text}\n"), 2, key, words);
    }
    for (text, line, key, words) in [
        (
            "name = \"a\"\ntype = \"webhok\"",
            3,
            "receiver.type",
            "did you mean webhook?",
        ),
        (
            "name = \"a\"\ntype = \"webhook\"\nurl = \"ftp://a\"",
            4,
            "receiver.url",
            "https://hooks",
        ),
        (
            "name = \"a\"\ntype = \"webhook\"\nurl = \"https://u:zq9secret@a\"",
            4,
            "receiver.url",
            "url_file",
        ),
        (
            "name = \"a\"\ntype = \"webhook\"\nurl_file = \"no-url\"",
            4,
            "receiver.url_file",
            "https://hooks",
        ),
        (
            "name = \"a\"\ntype = \"slack\"\nurl = \"https://a/zq9secret\"",
            4,
            "receiver.url",
            "does not belong",
        ),
        (
            "name = \"a\"\ntype = \"pagerduty\"\nrouting_key = \"zq9secret\"",
            4,
            "receiver.routing_key",
            "does not belong",
        ),
        (
            "name = \"a\"\ntype = \"email\"\nhost = \"h\"\nfrom = \"nobody\"\nto = \"a@b.c\"",
            5,
            "receiver.from",
            "no mail address",
        ),
        (
            "name = \"a\"\ntype = \"email\"\nhost = \"h\"\nfrom = \"a@b.c\"\nto = [\"x\"]",
            6,
            "receiver.to",
            "no mail address",
        ),
        (
            "name = \"a\"\ntype = \"email\"\nhost = \"h\"\nfrom = \"a@b.c\"\nto = \"a@b.c\"\nsecurity = \"none\"\nusername = \"u\"\npassword_file = \"token\"",
            8,
            "receiver.username",
            "not sent in the open",
        ),
        (
            "name = \"a\"\ntype = \"email\"\nhost = \"h\"\nfrom = \"a@b.c\"\nto = \"a@b.c\"\nusername = \"u\"",
            7,
            "receiver.username",
            "no password",
        ),
        (
            "name = \"a\"\ntype = \"email\"\nhost = \"h\"\nfrom = \"a@b.c\"\nto = \"a@b.c\"\nport = 0",
            7,
            "receiver.port",
            "1 to 65535",
        ),
    ] {
        fault(&format!("[[receiver]]\n{text}\n"), line, key, words);
    }
}

#[test]
fn a_name_and_an_arn_mean_one_receiver() {
    let one = |name: &str, arn: &str| {
        format!(
            "[[receiver]]\nname = \"{name}\"\ntype = \"webhook\"\nurl = \"http://a\"\narns = [\"{arn}\"]\n"
        )
    };
    fault(
        &(one("a", "x") + &one("a", "y")),
        7,
        "receiver.name",
        "already",
    );
    fault(
        &(one("a", "x") + &one("b", "x")),
        10,
        "receiver.arns",
        "the receiver 'a'",
    );
    fault(
        &(one("a", "x") + &one("b", "a")),
        10,
        "receiver.arns",
        "the receiver 'a'",
    );
}

#[test]
fn faults_of_routes_silences_and_groups() {
    let hook = "[[receiver]]\nname = \"ops\"\ntype = \"webhook\"\nurl = \"http://a\"\n";
    for (text, line, key, words) in [
        (
            "[[route]]\nreceivers = [\"opps\"]",
            6,
            "route.receivers",
            "did you mean ops?",
        ),
        (
            "[[route]]\nalarm = \"x\"",
            5,
            "route.receivers",
            "has receivers",
        ),
        (
            "[[route]]\nreceivers = []",
            6,
            "route.receivers",
            "is empty",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\nstates = [\"ALRM\"]",
            7,
            "route.states",
            "did you mean ALARM?",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\nseverity = \"bad\"",
            7,
            "route.severity",
            "critical",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\ntags = \"x\"",
            7,
            "route.tags",
            "name = ",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\ntags = { a = 1 }",
            7,
            "route.tags",
            "a is an integer",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\ntags = { a = { nott = \"x\" } }",
            7,
            "route.tags",
            "not = ",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\nlabel = { a = \"x\" }",
            7,
            "route.label",
            "did you mean labels?",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\ncontinue = \"yes\"",
            7,
            "route.continue",
            "true or false",
        ),
        (
            "[[route]]\nreceivers = \"ops\"\ndefault = true\ncontinue = true",
            8,
            "route.continue",
            "leave one",
        ),
        (
            "[route]\nreceivers = \"ops\"",
            5,
            "route",
            "write [[route]]",
        ),
        (
            "[[silence]]\nends = 2026-11-26T22:00:00Z",
            5,
            "silence.alarm",
            "say what",
        ),
        ("[[silence]]\nalarm = \"x\"", 5, "silence.ends", "say when"),
        (
            "[[silence]]\nalarm = \"x\"\nends = \"soon\"",
            7,
            "silence.ends",
            "2026-11-26T22:00:00Z",
        ),
        (
            "[[silence]]\nalarm = \"x\"\nends = 2026-11-26T22:00:00",
            7,
            "silence.ends",
            "2026-11-26T22:00:00Z",
        ),
        (
            "[[silence]]\nalarm = \"x\"\nstarts = 2026-11-26T22:00:00Z\nends = 2026-11-26T21:00:00Z",
            8,
            "silence.ends",
            "after it starts",
        ),
        (
            "[[silence]]\nalarm = \"x\"\n[silence.weekly]\ndays = [\"Mon\"]\nfrom = \"25:00\"\nto = \"06:00\"",
            9,
            "silence.weekly.from",
            "22:30",
        ),
        (
            "[[silence]]\nalarm = \"x\"\n[silence.weekly]\ndays = [\"Mon\"]\nfrom = \"22:00\"\nto = \"06:00\"\ntimezone = \"UTC\"",
            11,
            "silence.weekly.timezone",
            "time_zone",
        ),
        (
            "[[silence]]\nalarm = \"\"\nends = 2026-11-26T22:00:00Z",
            6,
            "silence.alarm",
            "is empty",
        ),
        (
            &format!(
                "[[silence]]\nalarm = \"x\"\ncomment = \"{}\"\nends = 2026-11-26T22:00:00Z",
                "x".repeat(1025)
            ),
            7,
            "silence.comment",
            "at most 1024",
        ),
        ("[group]\nwait = \"2h\"", 6, "group.wait", "at most 1h"),
        (
            "[group]\nwaitt = \"2s\"",
            6,
            "group.waitt",
            "did you mean wait?",
        ),
        ("group = 1", 5, "receiver.group", "no such key"),
        ("x = = 1", 5, "file", "not TOML"),
    ] {
        fault(&format!("{hook}{text}\n"), line, key, words);
    }
}

#[test]
fn every_fault_is_said_at_once_in_the_order_of_lines() {
    let found = faults(
        "[[silence]]\nalarm = \"x\"\n[[receiver]]\nname = 1\ntype = \"webhook\"\nurll = 1\n[[route]]\nreceivers = \"x\"\n[group]\nwait = 1\n",
    );
    let lines: Vec<_> = found.iter().map(|fault| fault.line).collect();
    assert!(lines.is_sorted(), "{found:#?}");
    assert!(lines.len() >= 6, "{found:#?}");
    for line in [1, 4, 6, 8, 10] {
        assert!(lines.contains(&line), "{line} {found:#?}");
    }
}

#[test]
fn hostile_files_are_refused_in_time() {
    let many = "[[silence]]\nalarm = \"x\"\nends = 2026-11-26T22:00:00Z\n".repeat(1001);
    let deep = format!("[[receiver]]\nlabels = {}", "[".repeat(100_000));
    let long = format!(
        "[[receiver]]\nname = \"{}\"\ntype = \"x\"",
        "n".repeat(1_000_000)
    );
    for text in [
        many,
        deep,
        long,
        "\u{0}".repeat(1000),
        "[[receiver]]\n".repeat(50_000),
    ] {
        let began = std::time::Instant::now();
        assert!(!faults(&text).is_empty());
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}
