//! Alarms of a whole server: rows come in, somebody is told, and nothing is lost or told anew when it is killed.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use catalogue::tables::NODE;
use kansoku_tests::{Daemon, Dice, Frame, Http, Webhook, wait_until};
use serde_json::{Value, json};
use wire::AgentId;

const SOON: Duration = Duration::from_secs(30);

fn now_usec() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_micros()).unwrap()
}

/// `alarms.toml` with a receiver and these alarms.
fn file(folder: &Path, webhook: &Webhook, alarms: &str) -> String {
    let path = folder.join("alarms.toml");
    let text = format!(
        "{alarms}\n[[receiver]]\nname = \"ops\"\ntype = \"webhook\"\nurl = \"{}\"\n",
        webhook.url()
    );
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn server(data: &Path, file: &str) -> (Daemon, Http) {
    let setting = format!("server.alarms.file={file}");
    let more = ["--set", &setting, "--set", "server.alarms.starter=false"];
    let mut server = Daemon::server(data, &more);
    let http = server.ready();
    (server, http)
}

fn state(http: &Http, name: &str) -> Option<String> {
    let answer = http.get(&format!("/api/alarms/{name}"));
    answer.json()["state"].as_str().map(str::to_owned)
}

/// A node that says every ten seconds how many processes run.
struct Node {
    agent: AgentId,
    sent: u64,
}

impl Node {
    fn says(&mut self, http: &Http, running: i64) {
        self.sent += 1;
        let row = json!({"time": now_usec() / 1_000_000 * 1_000_000, "cluster": "c", "node": "n1",
                         "interval_usec": 10_000_000, "processes_running": running});
        let frame = Frame::new(self.agent, &NODE, self.sent, &[row]);
        assert_eq!(frame.send(http).status, 200);
    }
}

#[test]
fn a_row_over_the_threshold_is_told_once_and_stays_told_through_a_kill() {
    let data = tempfile::tempdir().unwrap();
    let webhook = Webhook::start(0);
    let alarms = r#"
[[alarm]]
AlarmName = "busy"
Source.Rows = { Entity = "node", Metric = "processes_running", Statistic = "Maximum" }
Period = 10
EvaluationPeriods = 1
Threshold = 100
ComparisonOperator = "GreaterThanThreshold"
TreatMissingData = "ignore"
OKActions = ["ops"]
AlarmActions = ["ops"]
"#;
    let file = file(data.path(), &webhook, alarms);
    let (daemon, http) = server(data.path(), &file);
    let mut node = Node {
        agent: AgentId::random(),
        sent: 0,
    };
    // Nothing is evaluated for a minute after a start, and not before rows are as new as the clock.
    let ok = wait_until(Duration::from_secs(150), || {
        node.says(&http, 5);
        std::thread::sleep(Duration::from_secs(2));
        (state(&http, "busy").as_deref() == Some("OK")).then_some(())
    });
    assert!(ok.is_some(), "it was not found OK: {}", daemon.said());
    let quiet = webhook.all().len();
    let sent = Instant::now();
    let told = wait_until(SOON, || {
        node.says(&http, 200);
        std::thread::sleep(Duration::from_millis(500));
        webhook
            .all()
            .into_iter()
            .find(|one| one.message["NewStateValue"] == "ALARM")
    });
    let told = told.unwrap_or_else(|| panic!("nobody was told: {}", daemon.said()));
    println!("from the row to its notification: {:?}", told.at - sent);
    assert_eq!(told.message["AlarmName"], "busy");
    let reason = told.message["NewStateReason"].as_str().unwrap();
    assert!(reason.contains("[200.0 ("), "{reason}");
    assert_eq!(state(&http, "busy").as_deref(), Some("ALARM"));
    let history =
        || http.sql("SELECT item_type, to_state, receiver FROM alarm_history WHERE alarm = 'busy'");
    let in_table = wait_until(SOON, || {
        history()
            .iter()
            .any(|item| item["receiver"] == "ops")
            .then_some(())
    });
    assert!(in_table.is_some(), "{:?}", history());

    daemon.kill();
    let (daemon, http) = server(data.path(), &file);
    assert_eq!(
        state(&http, "busy").as_deref(),
        Some("ALARM"),
        "the state is kept"
    );
    std::thread::sleep(Duration::from_secs(3));
    let alarms = webhook.all().split_off(quiet);
    assert_eq!(alarms.len(), 1, "{alarms:?}");
    let items = http
        .sql("SELECT number, count(*) AS n FROM alarm_history GROUP BY number HAVING count(*) > 1");
    assert_eq!(items, [] as [Value; 0], "history is in the table once");
    daemon.stop();
}

#[test]
fn no_notification_is_lost_and_none_is_told_under_two_ids_when_the_server_is_killed() {
    let mut dice = Dice::new(1_795_700_000);
    let data = tempfile::tempdir().unwrap();
    let webhook = Webhook::start(4);
    let alarms = r#"
[[alarm]]
AlarmName = "lines"
Source.Logs = { Filter = "level:error" }
Period = 60
EvaluationPeriods = 1
Threshold = 0
ComparisonOperator = "GreaterThanThreshold"
OKActions = ["ops"]
AlarmActions = ["ops"]
"#;
    let file = file(data.path(), &webhook, alarms);
    let mut wanted = 0_usize;
    for round in 0..12 {
        let (daemon, http) = server(data.path(), &file);
        let known = wait_until(SOON, || state(&http, "lines"));
        assert!(known.is_some(), "{}", daemon.said());
        for _ in 0..dice.between(1, 3) {
            let to = if wanted.is_multiple_of(2) {
                "ALARM"
            } else {
                "OK"
            };
            let body = json!({"StateValue": to, "StateReason": format!("round {round}")});
            let answer = http.post("/api/alarms/lines/state", &body);
            assert_eq!(answer.status, 204, "{}", answer.text());
            wanted += 1;
        }
        std::thread::sleep(Duration::from_millis(dice.between(0, 40)));
        daemon.kill();
    }
    let (daemon, http) = server(data.path(), &file);
    let waiting =
        || http.get("/api/deliveries?state=waiting&limit=1000").json()["deliveries"].clone();
    let done = wait_until(Duration::from_secs(90), || {
        waiting().as_array()?.is_empty().then_some(())
    });
    assert!(done.is_some(), "still waiting: {}", waiting());
    let all = webhook.all();
    let mut by_number: BTreeMap<u64, BTreeSet<String>> = BTreeMap::new();
    for one in &all {
        let number = one.message["Kansoku"]["Number"].as_u64().unwrap();
        by_number
            .entry(number)
            .or_default()
            .insert(one.delivery.clone());
    }
    let told: Vec<&u64> = by_number.keys().collect();
    assert_eq!(
        by_number.len(),
        wanted,
        "each change of state was told; told are {told:?} of {}; {}",
        http.get("/api/alarm-history?limit=1000").text(),
        http.get("/api/deliveries?limit=1000").text()
    );
    assert!(
        by_number.values().all(|ids| ids.len() == 1),
        "{by_number:?}"
    );
    let answered: BTreeSet<&String> = all
        .iter()
        .filter(|one| one.answered)
        .map(|one| &one.delivery)
        .collect();
    assert_eq!(answered.len(), wanted, "and taken");
    // First told in the order in which they happened.
    let mut seen = BTreeSet::new();
    let order: Vec<u64> = all
        .iter()
        .filter_map(|one| one.message["Kansoku"]["Number"].as_u64())
        .filter(|number| seen.insert(*number))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    let table = http.sql("SELECT count(*) AS n, count(DISTINCT number) AS d FROM alarm_history WHERE item_type = 'StateUpdate'");
    assert_eq!(
        (table[0]["n"].as_u64(), table[0]["d"].as_u64()),
        (Some(wanted as u64), Some(wanted as u64))
    );
    println!(
        "{wanted} changes of state, {} requests, 12 kills",
        all.len()
    );
    daemon.stop();
}

/// A composite alarm, and one that it asks about.
fn composites(pairs: &[(&str, &str)]) -> String {
    let composite = |(name, rule): &(&str, &str)| {
        format!("[[alarm]]\nAlarmName = \"{name}\"\nAlarmRule = \"{rule}\"\n\n")
    };
    pairs.iter().map(composite).collect()
}

#[test]
fn a_file_with_a_circle_is_refused_as_a_whole_and_what_was_good_stays() {
    let data = tempfile::tempdir().unwrap();
    let webhook = Webhook::start(0);
    let good = composites(&[("never", "FALSE"), ("over", "ALARM(never)")]);
    let path = file(data.path(), &webhook, &good);
    let (daemon, http) = server(data.path(), &path);
    let there = |name: &str| http.get(&format!("/api/alarms/{name}")).status == 200;
    let taken = wait_until(SOON, || there("over").then_some(()));
    assert!(taken.is_some(), "{}", daemon.said());

    let wrong = composites(&[
        ("new", "FALSE"),
        ("one", "ALARM(two)"),
        ("two", "ALARM(one)"),
        ("lost", "ALARM(nobody)"),
    ]);
    file(data.path(), &webhook, &wrong);
    let problems = wait_until(SOON, || {
        let problems = http.get("/api/alarms").json()["problems"].to_string();
        problems.contains("nobody").then_some(problems)
    });
    let problems = problems.unwrap_or_else(|| panic!("{}", daemon.said()));
    for says in [
        "alarms.toml:5: one: AlarmRule: these alarms ask about one another: one → two → one",
        "alarms.toml:9: two: ",
        "alarms.toml:13: lost: AlarmRule: it asks about 'nobody', which does not exist",
    ] {
        assert!(problems.contains(says), "{problems}");
    }
    assert!(there("never") && there("over"), "what was good is gone");
    assert!(!there("new"), "a part of what is wrong was taken");

    file(
        data.path(),
        &webhook,
        &composites(&[("new", "FALSE"), ("one", "ALARM(new)")]),
    );
    let taken = wait_until(SOON, || (there("one") && !there("over")).then_some(()));
    assert!(taken.is_some(), "{}", daemon.said());
}
