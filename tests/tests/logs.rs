//! Every line of a log storm is stored exactly once, whatever is killed, cut, filled or stepped in between, and the
//! loss ledger says the same. What is destroyed before it could be read is in the ledger.
//!
//! `KANSOKU_CRASH_SECONDS` makes the storm longer (12 by default), `KANSOKU_CRASH_SEED` repeats a run's choices, and
//! `KANSOKU_CRASH_FAULTS` names the only faults there are: agent, server, network, server-disk, spool-disk, clock.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kansoku_tests::logs::{
    Format, LogWriter, MESSAGE_SQL, Place, Rotation, Storm, VarLog, Written,
};
use kansoku_tests::{Daemon, Dice, Http, Relay, SmallDisk, Weather, wait_until};
use serde_json::Value;

/// How long nothing new may arrive: longer than the longest pause of an agent whose server was away.
const ARRIVE: Duration = Duration::from_secs(75);
/// At which size files rotate: small, so that they do often.
const ROTATE_AT: u64 = 96 << 10;

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn integer(row: &Value, column: &str) -> i64 {
    row[column]
        .as_i64()
        .unwrap_or_else(|| panic!("{column} in {row}"))
}

/// A node whose /var/log is ours, a server, and a network and disks in between. Dropped in this order.
struct Field {
    agent: Option<Daemon>,
    server: Option<Daemon>,
    relay: Relay,
    clock: Option<Clock>,
    server_disk: Option<SmallDisk>,
    spool_disk: Option<SmallDisk>,
    var_log: VarLog,
    folder: tempfile::TempDir,
    server_port: u16,
    agent_port: u16,
    /// What agents said that were killed.
    past: Vec<String>,
}

impl Field {
    /// `agent` and `server` are further lines of their configurations; `small` whether their disks can be filled.
    fn new(small: bool, agent: &str, server: &str) -> Field {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (server_port, agent_port) = (free_port(), free_port());
        let relay = Relay::start(SocketAddr::from((Ipv4Addr::LOCALHOST, server_port)));
        let var_log = VarLog::at(path("var/log"));
        let disk = |name: &str, size| small.then(|| SmallDisk::mount(&path(name), size)).flatten();
        let (server_disk, spool_disk) = (disk("server", 192), disk("agent", 48));
        std::fs::write(
            path("server.toml"),
            format!(
                "data = '{}'\nlisten = '127.0.0.1:{server_port}'\n[server]\nflush_interval = '10s'\n\
                 disk.reserve = '0B'\nwal.segment_bytes = '4MiB'\n{server}\n",
                path("server").display(),
            ),
        )
        .unwrap();
        std::fs::write(
            path("agent.toml"),
            format!(
                "cluster = 'crash'\nnode = 'n1'\ndata = '{}'\nlog = 'info,agent::log::follow=debug'\n\
                 [agent]\nserver = 'http://{}'\ninterval = '1s'\nlisten = '127.0.0.1:{agent_port}'\ntimeout = '5s'\n\
                 host.var_log = '{}'\nhost.root = '{}'\nlogs.journal = 'off'\n{agent}\n",
                path("agent").display(),
                relay.address(),
                var_log.root().display(),
                folder.path().display(),
            ),
        )
        .unwrap();
        Field {
            agent: None,
            server: None,
            relay,
            clock: None,
            server_disk,
            spool_disk,
            var_log,
            server_port,
            agent_port,
            past: Vec::new(),
            folder,
        }
    }

    fn start_server(&mut self) {
        let config = self.folder.path().join("server.toml");
        self.server = Some(Daemon::start(
            "kansoku",
            &["server", "--config", config.to_str().unwrap()],
            &[],
        ));
    }

    fn start_agent(&mut self) {
        let config = self.folder.path().join("agent.toml");
        let variables = self
            .clock
            .as_ref()
            .map(Clock::variables)
            .unwrap_or_default();
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        self.agent = Some(Daemon::start(
            "kansoku-agent",
            &["--config", config.to_str().unwrap()],
            &variables,
        ));
    }

    fn kill_agent(&mut self) {
        if let Some(agent) = self.agent.take() {
            self.past.push(agent.said());
            agent.kill();
        }
    }

    fn kill_server(&mut self) {
        if let Some(server) = self.server.take() {
            server.kill();
        }
    }

    /// What agents said of the files of a writer.
    fn said_of(&self, writer: &Written) -> String {
        let name = writer.name.replace('/', "_");
        let current = self.agent.as_ref().map(Daemon::said).unwrap_or_default();
        let all = self.past.iter().chain([&current]);
        let lines = all.flat_map(|said| said.lines().chain(["--"]));
        lines
            .filter(|line| *line == "--" || (line.contains("DEBUG") && line.contains(&name)))
            .map(|line| format!("  {line}\n"))
            .collect()
    }

    /// The server, straight, ready.
    fn http(&mut self) -> Http {
        self.server.as_mut().unwrap().ready()
    }

    /// The server, straight, whether it is there or not.
    fn address(&self) -> Http {
        Http::new(format!("http://127.0.0.1:{}", self.server_port))
    }

    fn said(&self) -> String {
        let said = |daemon: &Option<Daemon>| daemon.as_ref().map(Daemon::said).unwrap_or_default();
        let tail = |text: String| {
            let lines: Vec<&str> = text
                .lines()
                .filter(|line| !line.contains("DEBUG"))
                .collect();
            lines[lines.len().saturating_sub(30)..].join("\n")
        };
        let past: Vec<String> = self.past.iter().map(|said| tail(said.clone())).collect();
        format!(
            "agents before:\n{}\nagent:\n{}\nserver:\n{}",
            past.join("\n--\n"),
            tail(said(&self.agent)),
            tail(said(&self.server))
        )
    }
}

/// The agent's wall clock, by libfaketime.
struct Clock {
    library: PathBuf,
    file: PathBuf,
}

impl Clock {
    /// `None`, said, where there is no libfaketime.
    fn new(file: PathBuf) -> Option<Clock> {
        let library = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
            .map(|arch| PathBuf::from(format!("/usr/lib/{arch}/faketime/libfaketime.so.1")))
            .into_iter()
            .find(|path| path.exists());
        if library.is_none() {
            println!("skipped, a stepped clock: libfaketime is not installed");
        }
        let clock = Clock {
            library: library?,
            file,
        };
        clock.set("+0");
        Some(clock)
    }

    /// From the true time, such as `-2h`. Renamed into place: the library may look at any moment.
    fn set(&self, offset: &str) {
        let new = self.file.with_extension("new");
        std::fs::write(&new, format!("{offset}\n")).unwrap();
        std::fs::rename(new, &self.file).unwrap();
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_CACHE_DURATION", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }
}

/// What is stored of each writer's lines.
#[derive(Debug, PartialEq, Eq)]
struct Stored {
    rows: i64,
    different: i64,
    first: i64,
    last: i64,
    whole: i64,
}

fn stored(http: &Http) -> BTreeMap<String, Stored> {
    let sql = format!(
        "SELECT writer, count(*) AS rows, count(DISTINCT n) AS different, min(n) AS first, max(n) AS last, \
         sum(CASE WHEN whole THEN 1 ELSE 0 END) AS whole FROM ({MESSAGE_SQL}) GROUP BY writer"
    );
    let row = |row: &Value| {
        let stored = Stored {
            rows: integer(row, "rows"),
            different: integer(row, "different"),
            first: integer(row, "first"),
            last: integer(row, "last"),
            whole: integer(row, "whole"),
        };
        (row["writer"].as_str().unwrap().to_owned(), stored)
    };
    http.sql(&sql).iter().map(row).collect()
}

fn wanted(written: &[Written]) -> BTreeMap<String, Stored> {
    let of = |writer: &Written| {
        let lines = i64::try_from(writer.lines).unwrap();
        let stored = Stored {
            rows: lines,
            different: lines,
            first: 1,
            last: lines,
            whole: lines,
        };
        (writer.name.clone(), stored)
    };
    written.iter().map(of).collect()
}

/// Sums of the ledger by log.
fn ledger(http: &Http) -> BTreeMap<String, BTreeMap<&'static str, i64>> {
    const SUMS: &[&str] = &[
        "log_written_bytes",
        "log_read_bytes",
        "log_skipped_bytes",
        "log_lost_bytes",
        "log_entries",
        "log_excluded_entries",
        "log_limited_entries",
        "log_refused_entries",
        "log_spooled_entries",
        "log_acknowledged_entries",
        "log_malformed_entries",
    ];
    let sums: Vec<String> = SUMS
        .iter()
        .map(|name| format!("coalesce(sum({name}), 0) AS {name}"))
        .collect();
    let sql = format!(
        "SELECT log_source, {} FROM log_ledger GROUP BY log_source",
        sums.join(", ")
    );
    let row = |row: &Value| {
        let sums = SUMS
            .iter()
            .map(|name| (*name, integer(row, name)))
            .collect();
        (row["log_source"].as_str().unwrap().to_owned(), sums)
    };
    http.sql(&sql).iter().map(row).collect()
}

/// Where the ledger says something else than what was written.
fn ledger_faults(http: &Http, written: &[Written]) -> Vec<String> {
    let ledger = ledger(http);
    let mut faults = Vec::new();
    for writer in written {
        let Some(sums) = ledger.get(&writer.source) else {
            faults.push(format!(
                "{} is not in the ledger: {:?}",
                writer.source,
                ledger.keys()
            ));
            continue;
        };
        let (bytes, lines) = (
            i64::try_from(writer.bytes).unwrap(),
            i64::try_from(writer.lines).unwrap(),
        );
        for (name, wanted) in [
            ("log_written_bytes", bytes),
            ("log_read_bytes", bytes),
            ("log_skipped_bytes", 0),
            ("log_lost_bytes", 0),
            ("log_entries", lines),
            ("log_excluded_entries", 0),
            ("log_limited_entries", 0),
            ("log_refused_entries", 0),
            ("log_spooled_entries", lines),
            ("log_acknowledged_entries", lines),
            ("log_malformed_entries", 0),
        ] {
            if sums[name] != wanted {
                faults.push(format!(
                    "{}: {name} is {}, not {wanted}",
                    writer.source, sums[name]
                ));
            }
        }
    }
    faults
}

/// Waits until everything is stored, as long as more and more is.
fn wait_until_stored(field: &mut Field, http: &Http, written: &[Written]) {
    let wanted = wanted(written);
    let mut found = stored(http);
    let mut deadline = Instant::now() + ARRIVE;
    while found != wanted && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(300));
        let now = stored(http);
        if now != found {
            deadline = Instant::now() + ARRIVE;
        }
        found = now;
    }
    if found == wanted {
        return;
    }
    let mut said = String::new();
    for writer in written {
        let (is, should) = (found.get(&writer.name), &wanted[&writer.name]);
        if is == Some(should) {
            continue;
        }
        said += &format!(
            "{} ({:?}, rotated {} times): stored {is:?}, written {}\n",
            writer.name, writer.rotation, writer.rotations, writer.lines
        );
        let rows = http.sql(&format!(
            "SELECT n, count(*) AS times FROM ({MESSAGE_SQL}) WHERE writer = '{}' GROUP BY n ORDER BY n LIMIT 10000",
            writer.name
        ));
        let times: BTreeMap<i64, i64> = rows
            .iter()
            .map(|r| (integer(r, "n"), integer(r, "times")))
            .collect();
        let spans = |wrong: &dyn Fn(i64) -> bool| {
            let mut spans: Vec<(i64, i64)> = Vec::new();
            for n in (1..=should.last.min(10_000)).filter(|n| wrong(*n)) {
                match spans.last_mut() {
                    Some((_, to)) if *to + 1 == n => *to = n,
                    _ => spans.push((n, n)),
                }
            }
            spans
        };
        said += &format!(
            "  missing {:?}\n  twice {:?}\n",
            spans(&|n| !times.contains_key(&n)),
            spans(&|n| times.get(&n).is_some_and(|times| *times > 1)),
        );
        // Which files they were read from, in the order of reading.
        let files = http.sql(&format!(
            "SELECT file, min(n) AS first, max(n) AS last, count(*) AS rows, min(time) AS since, max(time) AS until \
             FROM (SELECT file, time, TRY_CAST(split_part(message, ' ', 2) AS BIGINT) AS n FROM log \
             WHERE message LIKE 'line % {} %') GROUP BY file ORDER BY since",
            writer.name
        ));
        for file in files {
            said += &format!("  {file}\n");
        }
        said += &field.said_of(writer);
    }
    let strange = http.sql("SELECT message FROM log WHERE message NOT LIKE 'line %' LIMIT 5");
    panic!(
        "not every line is stored exactly once:\n{said}rows that are no line: {strange:?}\n{:#?}\n{}",
        ledger_faults(http, written)
            .into_iter()
            .take(20)
            .collect::<Vec<_>>(),
        field.said()
    );
}

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

/// Faults that were made.
#[derive(Debug, Default)]
struct Faults {
    agent_kills: u32,
    server_kills: u32,
    weathers: u32,
    full_server_disks: u32,
    full_spool_disks: u32,
    clock_steps: u32,
}

/// Does everything that can go wrong, at random, and makes it good again at the end.
fn rage(field: &mut Field, dice: &mut Dice, time: Duration) -> Faults {
    let mut faults = Faults::default();
    let until = Instant::now() + time;
    let kinds = faults_wanted(field);
    // In turn in the beginning, so that a short run has each of them too.
    let mut turn = 0;
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(dice.between(50, 900)));
        let short = Duration::from_millis(dice.between(50, 1200));
        let at = if turn < kinds.len() {
            turn
        } else {
            usize::try_from(dice.between(0, kinds.len() as u64)).unwrap()
        };
        turn += 1;
        match kinds[at] {
            "agent" => {
                field.kill_agent();
                std::thread::sleep(short);
                field.start_agent();
                faults.agent_kills += 1;
            }
            "server" => {
                field.kill_server();
                std::thread::sleep(short);
                field.start_server();
                faults.server_kills += 1;
            }
            "network" => {
                let weather = match dice.between(0, 4) {
                    0 => Weather::Refused,
                    1 => Weather::AnswersLost,
                    2 => Weather::RequestsTorn(dice.between(0, 100_000)),
                    _ => Weather::HalfClosed(dice.between(0, 100_000)),
                };
                field.relay.change(weather);
                std::thread::sleep(short);
                field.relay.change(Weather::Fair);
                faults.weathers += 1;
            }
            "server-disk" => {
                if let Some(disk) = &field.server_disk {
                    disk.fill();
                    std::thread::sleep(short);
                    disk.relieve();
                    faults.full_server_disks += 1;
                }
            }
            "spool-disk" => {
                if let Some(disk) = &field.spool_disk {
                    disk.fill();
                }
                std::thread::sleep(short);
                // Killed with a full disk, now and then.
                if dice.one_in(2) {
                    field.kill_agent();
                    field.start_agent();
                    std::thread::sleep(short);
                }
                if let Some(disk) = &field.spool_disk {
                    disk.relieve();
                }
                faults.full_spool_disks += 1;
            }
            _ => {
                if let Some(clock) = &field.clock {
                    let offsets = ["+2h", "-2h", "-26h", "+2d", "+1s", "-1s"];
                    let at = usize::try_from(dice.between(0, offsets.len() as u64)).unwrap();
                    clock.set(offsets[at]);
                    faults.clock_steps += 1;
                }
            }
        }
        // A full disk may have ended them, which is theirs to do; whoever runs them starts them again.
        revive(field);
    }
    if let Some(clock) = &field.clock {
        clock.set("+0");
    }
    revive(field);
    faults
}

/// What can go wrong here.
fn faults_wanted(field: &Field) -> Vec<&'static str> {
    let asked = std::env::var("KANSOKU_CRASH_FAULTS").ok();
    let possible = [
        ("agent", true),
        ("server", true),
        ("network", true),
        ("server-disk", field.server_disk.is_some()),
        ("spool-disk", field.spool_disk.is_some()),
        ("clock", field.clock.is_some()),
    ];
    let wanted = |name: &str| {
        asked
            .as_ref()
            .is_none_or(|all| all.split(',').any(|a| a == name))
    };
    let kinds: Vec<&str> = possible
        .into_iter()
        .filter(|(name, possible)| *possible && wanted(name))
        .map(|(name, _)| name)
        .collect();
    assert!(
        !kinds.is_empty(),
        "KANSOKU_CRASH_FAULTS: {asked:?} names no fault that is possible here"
    );
    kinds
}

fn revive(field: &mut Field) {
    if field.agent.as_mut().is_some_and(Daemon::has_ended) {
        println!("the agent ended by itself:\n{}", field.said());
        field.start_agent();
    }
    if field.server.as_mut().is_some_and(Daemon::has_ended) {
        println!("the server ended by itself:\n{}", field.said());
        field.start_server();
    }
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
