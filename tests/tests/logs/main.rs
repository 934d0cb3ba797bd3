//! Every line of a log storm is stored exactly once, whatever is killed, cut, filled or stepped in between, and the
//! loss ledger says the same. What is destroyed before it could be read is in the ledger.
//!
//! `KANSOKU_CRASH_SECONDS` makes the storm longer (12 by default), `KANSOKU_CRASH_SEED` repeats a run's choices, and
//! `KANSOKU_CRASH_FAULTS` names the only faults there are: agent, server, network, server-disk, spool-disk, clock.
#![allow(clippy::unwrap_used)]

mod counted;
mod field;
mod rage;

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kansoku_tests::logs::{Format, LogWriter, Place, Rotation, Storm, Written};
use kansoku_tests::{Dice, Http, wait_until};

use counted::{integer, ledger, ledger_faults, stored, wait_until_stored};
use field::{Clock, Field};
use rage::rage;

/// How long nothing new may arrive: longer than the longest pause of an agent whose server was away.
const ARRIVE: Duration = Duration::from_secs(75);
/// At which size files rotate: small, so that they do often.
const ROTATE_AT: u64 = 96 << 10;

fn writers(field: &Field, dice: &mut Dice) -> (Vec<LogWriter>, Vec<LogWriter>) {
    let var_log = &field.var_log;
    let mut seed = || dice.between(0, u64::MAX);
    let mut gentle = Vec::new();
    let mut destroying = Vec::new();
    for pod in 0..12 {
        let place = var_log.container("shop", &format!("web-{pod}"), "app");
        gentle.push(LogWriter::new(
            &format!("shop/web-{pod}"),
            place,
            Format::Cri,
            Rotation::Kubelet { keep: 5 },
            seed(),
        ));
    }
    let mut host = |all: &mut Vec<LogWriter>, file: &str, rotation| {
        let writer = LogWriter::new(file, var_log.host(file), Format::Plain, rotation, seed());
        all.push(writer);
    };
    host(&mut gentle, "messages", Rotation::Create { keep: 7 });
    host(&mut gentle, "syslog", Rotation::CopyTruncate { keep: 7 });
    host(&mut destroying, "kern.log", Rotation::Truncate);
    host(&mut destroying, "secure", Rotation::Recreate);
    let docker = field.folder.path().join("var/lib/docker");
    for number in 1..=2 {
        gentle.push(LogWriter::new(
            &format!("docker-{number}"),
            Place::docker(&docker, number),
            Format::Docker,
            Rotation::Docker { keep: 5 },
            seed(),
        ));
    }
    (gentle, destroying)
}

#[test]
fn every_line_of_a_storm_is_stored_exactly_once() {
    let seconds = std::env::var("KANSOKU_CRASH_SECONDS").map_or(12, |s| s.parse().unwrap());
    let seed = std::env::var("KANSOKU_CRASH_SEED").map_or_else(
        |_| {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap()
                .as_secs()
        },
        |s| s.parse().unwrap(),
    );
    println!("KANSOKU_CRASH_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut field = Field::new(true, "", "");
    field.clock = Clock::new(field.folder.path().join("clock"));
    let (gentle, destroying) = writers(&field, &mut dice);
    let http = field.address();
    let is_stored = move |writer: &LogWriter| {
        let sql = format!(
            "SELECT count(*) AS n FROM log WHERE message LIKE 'line % {} %'",
            writer.name()
        );
        let body = serde_json::json!({"sql": sql, "format": "json"}).to_string();
        http.try_send(
            "POST",
            "/api/sql",
            &[("content-type", "application/json")],
            body.as_bytes(),
        )
        .filter(|answer| answer.status == 200)
        .is_some_and(|answer| answer.json()["rows"][0]["n"] == writer.lines())
    };
    field.start_server();
    field.start_agent();
    let storms = [
        Storm::start(gentle, 4000, ROTATE_AT, seed ^ 1, |_| true),
        Storm::start(destroying, 200, ROTATE_AT / 4, seed ^ 2, is_stored),
    ];
    let faults = rage(&mut field, &mut dice, Duration::from_secs(seconds));
    let writers: Vec<LogWriter> = storms.into_iter().flat_map(Storm::stop).collect();
    let written: Vec<Written> = writers.iter().map(Written::from).collect();

    let http = field.http();
    wait_until_stored(&mut field, &http, &written);
    let strange = http.sql("SELECT message FROM log WHERE message NOT LIKE 'line %' LIMIT 5");
    assert!(strange.is_empty(), "{strange:?}");
    // The ledger of the last lines comes an interval later.
    let mut wrong = ledger_faults(&http, &written);
    let _ = wait_until(Duration::from_secs(20), || {
        wrong = ledger_faults(&http, &written);
        wrong.is_empty().then_some(())
    });
    assert!(
        wrong.is_empty(),
        "the ledger is wrong:\n{}\n{}",
        wrong.join("\n"),
        field.said()
    );
    // The order of a container's log is the writer's. Lines of the host have the time when they were read, which is the
    // order but for a clock that is stepped.
    // One writer at a time: a sort of all lines of a long storm is more than a question may have in memory.
    for writer in written.iter().filter(|w| !w.source.starts_with("host/")) {
        let swapped = http.sql(&format!(
            "SELECT file, count(*) AS n FROM (SELECT file, n, lag(n) OVER (PARTITION BY stream, file \
             ORDER BY time, time_nsec, sequence) AS before FROM (SELECT stream, file, time, time_nsec, sequence, \
             CAST(split_part(message, ' ', 2) AS BIGINT) AS n FROM log \
             WHERE stamped_time IS NULL AND message LIKE 'line % {} %')) WHERE before > n GROUP BY file",
            writer.name
        ));
        assert!(swapped.is_empty(), "not in order: {swapped:?}");
    }
    let lines: u64 = written.iter().map(|w| w.lines).sum();
    let rotations: u64 = written.iter().map(|w| w.rotations).sum();
    assert!(
        rotations > written.len() as u64,
        "too few rotations to say anything: {written:#?}"
    );
    println!(
        "{lines} lines, {rotations} rotations, {faults:?}, {} connections ended",
        field.relay.ended()
    );
}

/// The agent sees a log grow and has no room to keep it; before it has, the log is cut off.
#[test]
fn what_is_destroyed_unread_is_in_the_ledger() {
    let mut field = Field::new(true, "", "");
    if field.spool_disk.is_none() {
        return;
    }
    let place = field.var_log.host("messages");
    let mut writer = LogWriter::new("messages", place, Format::Plain, Rotation::Truncate, 7);
    field.start_server();
    field.start_agent();
    let http = field.http();
    writer.write(500);
    assert!(arrives(&http, &writer), "{}", field.said());
    field.spool_disk.as_ref().unwrap().fill();
    let agent = Http::new(format!("http://127.0.0.1:{}", field.agent_port));
    let unread = wait_until(ARRIVE, || {
        writer.write(1000);
        (metric(&agent.get("/metrics").text(), "logs_unread_bytes")? > 1e6).then_some(())
    });
    assert!(
        unread.is_some(),
        "the agent reads on and on:\n{}",
        field.said()
    );
    // What is written between its last look and the cut, nobody knows of.
    let seen = wait_until(ARRIVE, || {
        let seen = metric(&agent.get("/metrics").text(), "logs_written_bytes_total")?;
        (seen as u64 == writer.bytes()).then_some(())
    });
    assert!(
        seen.is_some(),
        "the agent does not see it grow:\n{}",
        field.said()
    );
    writer.rotate();
    let torn = writer.lines();
    writer.write(500);
    field.spool_disk.as_ref().unwrap().relieve();
    assert!(arrives(&http, &writer), "{}", field.said());

    let bytes = i64::try_from(writer.bytes()).unwrap();
    let mut sums = BTreeMap::new();
    // The agent looks for a copy of what was cut for a while before it calls it lost.
    let _ = wait_until(ARRIVE, || {
        sums = ledger(&http).remove("host/messages")?;
        let found = stored(&http).remove("messages")?;
        (sums["log_read_bytes"] + sums["log_lost_bytes"] == bytes
            && sums["log_acknowledged_entries"] == found.rows)
            .then_some(())
    });
    let found = stored(&http).remove("messages").unwrap();
    // What was there before and what came after is there; in between lines are missing, and their bytes are counted.
    assert_eq!(found.rows, found.different);
    let missing = writer.lines() - u64::try_from(found.rows).unwrap();
    assert!(missing > 100 && missing < torn, "{found:?}");
    assert_eq!(sums["log_written_bytes"], bytes, "{sums:?}");
    assert!(sums["log_lost_bytes"] > 100_000, "{sums:?}");
    assert_eq!(
        sums["log_read_bytes"] + sums["log_lost_bytes"],
        bytes,
        "{sums:?}"
    );
    assert_eq!(sums["log_acknowledged_entries"], found.rows, "{sums:?}");
    let answer = http.post("/api/logs/ledger", &serde_json::json!({"start": "-1h"}));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let answer = answer.json();
    let bands = answer["bands"].as_array().unwrap();
    let lost: i64 = bands
        .iter()
        .filter(|band| band["kind"] == "lost" && band["log_source"] == "host/messages")
        .map(|band| integer(band, "bytes"))
        .sum();
    assert_eq!(lost, sums["log_lost_bytes"], "{answer:#}");
}

/// Whether the writer's last line is stored in time.
fn arrives(http: &Http, writer: &LogWriter) -> bool {
    let last = i64::try_from(writer.lines()).unwrap();
    let arrived = wait_until(ARRIVE, || {
        (stored(http).get(writer.name())?.last == last).then_some(())
    });
    arrived.is_some()
}

/// The sum of a metric over its labels.
fn metric(text: &str, name: &str) -> Option<f64> {
    text.lines()
        .filter(|line| !line.starts_with('#') && line.contains(name))
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .reduce(|a, b| a + b)
}
