//! A server that lives through a recording: rows arrive at their times, by a clock that is stepped from minute to minute. Verdicts
//! and states of alarms are its own.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use wire::{AgentId, Encoding};

use super::expected::seconds_of;
use super::recording::Recording;
use crate::frame::Frame;
use crate::http::Http;
use crate::process::{Daemon, wait_until};
use crate::stepped_clock::SteppedClock;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
/// Up to where in each minute rows have arrived when verdicts are made, which is in its fifth second.
const ROWS: i64 = 3 * SECOND;
/// How long before the minute the clock stands while they arrive: a busy machine may take seconds for them. From each of
/// these places to the next it is less than a question may take.
const ARRIVE: i64 = 15 * SECOND;
/// Where it stands while verdicts are made, which is before alarms over them are due: from its tenth second on.
const VERDICTS: i64 = 7 * SECOND;
/// Where it stands while alarms are evaluated, all of which are due by its twentieth second.
const ALARMS: i64 = 32 * SECOND;
/// How long a minute's work may take by the true clock.
const WORK: Duration = Duration::from_secs(60);
/// An alarm that goes to OK where all are evaluated, and to ALARM elsewhere. All that are due are asked for in one round, so
/// when this was, all were.
const PENDULUM: &str = "pendulum";
/// Minutes after a start in which nothing is evaluated.
const SETTLING: i64 = 1;

/// A series that changed its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    /// The alarm's name.
    pub alarm: String,
    /// The labels of the series.
    pub labels: BTreeMap<String, String>,
    /// When, in seconds of the epoch.
    pub at: i64,
    /// The new state.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// A server and what it is shown.
#[derive(Debug)]
pub struct Stage {
    // Before the folder: it is killed before that is removed.
    daemon: Daemon,
    http: Http,
    clock: SteppedClock,
    rows: Recording,
    agent: AgentId,
    sent: BTreeMap<&'static str, u64>,
    first: i64,
    last: i64,
    _folder: TempDir,
}

impl Stage {
    /// An empty server, a little before the first full minute of table `object`: what is older is history.
    pub fn new(rows: Recording) -> Stage {
        let folder = tempfile::tempdir().unwrap();
        let (first, last) = rows.range("object");
        let first = first.div_euclid(MINUTE) * MINUTE + MINUTE;
        let clock = SteppedClock::new(folder.path(), first - 2 * ARRIVE);
        let data = folder.path().join("data");
        let arguments = [
            "server",
            "--listen",
            "127.0.0.1:0",
            "--data",
            data.to_str().unwrap(),
        ];
        let variables = clock.variables();
        let variables: Vec<(&str, &str)> =
            variables.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let mut daemon = Daemon::start("kansoku", &arguments, &variables);
        let http = daemon.ready();
        let pendulum = http.send(
            "PUT",
            &format!("/api/alarms/{PENDULUM}"),
            &[("content-type", "application/json")],
            pendulum().to_string().as_bytes(),
        );
        assert_eq!(pendulum.status, 201, "{}", pendulum.text());
        Stage {
            daemon,
            http,
            clock,
            rows,
            agent: AgentId::random(),
            sent: BTreeMap::new(),
            first,
            last: last.div_euclid(MINUTE) * MINUTE,
            _folder: folder,
        }
    }

    /// The server.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// The first and the last full minute, in seconds of the epoch.
    pub fn range(&self) -> (i64, i64) {
        (self.first / SECOND, self.last / SECOND)
    }

    /// Shows the recording from its first to its last minute.
    ///
    /// # Panics
    /// When rows are refused, or a minute passes without verdicts or without an evaluation.
    pub fn play(&mut self) {
        let began = Instant::now();
        let mut minute = self.first;
        while minute <= self.last {
            self.step_to(minute - ARRIVE);
            for (table, rows) in self.rows.until(minute + ROWS) {
                let sequence = self.sent.entry(table.name).or_insert(0);
                *sequence += 1;
                let frame = Frame {
                    agent: self.agent,
                    table: table.name.to_owned(),
                    sequence: *sequence,
                    oldest: *sequence,
                    body: wire::encode(&[rows], Encoding::Zstd).unwrap(),
                };
                let answer = frame.send(&self.http);
                assert_eq!(answer.status, 200, "{}: {}", table.name, answer.text());
            }
            self.step_to(minute + VERDICTS);
            self.wait_for_verdicts(minute);
            self.step_to(minute + ALARMS);
            self.wait_for_alarms(minute);
            minute += MINUTE;
        }
        let minutes = (self.last - self.first) / MINUTE + 1;
        println!("{minutes} minutes in {:.1?}", began.elapsed());
    }

    fn step_to(&mut self, micros: i64) {
        self.clock.set(micros);
        // By its clock the server has waited long for the next request of a connection, and ends it.
        self.http = Http::new(self.http.base());
    }

    fn wait_for_verdicts(&self, minute: i64) {
        let judged = format!(
            "SELECT count(*) AS n FROM verdict WHERE time = to_timestamp({})",
            minute / SECOND
        );
        let found = wait_until(WORK, || {
            (self.http.sql(&judged)[0]["n"].as_u64()? > 0).then_some(())
        });
        assert!(found.is_some(), "no verdicts: {}", self.daemon.said());
    }

    /// Until everything was evaluated that is due where the clock stands. What is still read when it is stepped would take
    /// too long by it.
    fn wait_for_alarms(&self, minute: i64) {
        if minute - self.first < SETTLING * MINUTE {
            return;
        }
        let found = wait_until(WORK, || {
            let pendulum = self.http.get(&format!("/api/alarms/{PENDULUM}")).json();
            (pendulum["state"] == "OK").then_some(())
        });
        assert!(found.is_some(), "not evaluated: {}", self.daemon.said());
    }

    /// Every change of state of the starter alarms that was written to the history, oldest first.
    pub fn history(&self) -> Vec<Transition> {
        let rows = || {
            self.http.sql(
                "SELECT time, alarm, labels, to_state, state_reason FROM alarm_history \
                 WHERE item_type = 'StateUpdate' AND alarm LIKE 'kansoku-%' ORDER BY time, number",
            )
        };
        // It is written a little after the states.
        let mut before = rows();
        let found = wait_until(WORK, || {
            std::thread::sleep(Duration::from_millis(500));
            let now = rows();
            let is_settled = now == before && !now.is_empty();
            before = now;
            is_settled.then_some(())
        });
        assert!(found.is_some(), "no history: {}", self.daemon.said());
        before.iter().map(transition).collect()
    }

    /// The newest reason of a verdict up to a time, in seconds of the epoch.
    pub fn verdict(&self, kind: &str, name: &str, word: &str, at: i64) -> Option<String> {
        let found = self.http.sql(&format!(
            "SELECT verdict_reason FROM verdict WHERE entity_kind = '{kind}' AND entity_name = '{name}' AND word = '{word}' \
             AND time <= to_timestamp({at}) ORDER BY time DESC LIMIT 1"
        ));
        found.first()?["verdict_reason"].as_str().map(str::to_owned)
    }

    /// Stops the server.
    pub fn stop(self) {
        self.daemon.stop();
    }
}

/// Its newest data point is of the last full ten seconds: 0 where they are the third of a minute, as at [`ALARMS`], else 1.
fn pendulum() -> Value {
    json!({
        "Source": {"Sql": {"Query":
            "SELECT time, CASE CAST(date_part('epoch', time) AS BIGINT) / 10 % 6 WHEN 2 THEN 0 ELSE 1 END AS value \
             FROM (SELECT $end - INTERVAL '10 seconds' AS time) WHERE time >= $start"}},
        "Period": 10, "EvaluationPeriods": 1, "Threshold": 0.5,
        "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "ignore",
    })
}

fn transition(row: &Value) -> Transition {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let labels = row["labels"].as_object().into_iter().flatten();
    Transition {
        alarm: text("alarm"),
        labels: labels
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
        at: seconds_of(&text("time")),
        to: text("to_state"),
        reason: text("state_reason"),
    }
}
