//! Agent and server are killed at random moments, then every tick is counted: none lost, none twice.
//!
//! `KANSOKU_CRASH_SECONDS` makes it longer (30 by default), `KANSOKU_CRASH_SEED` repeats a run.
#![allow(clippy::unwrap_used)]

use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use kansoku_tests::{Daemon, Dice, Http, wait_until};

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn now_seconds() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64
}

struct Pair {
    folder: tempfile::TempDir,
    config: String,
    server: Option<Daemon>,
    agent: Option<Daemon>,
    /// Spans, in seconds since the epoch, in which an agent ran undisturbed: every tick in them must be there.
    spans: Vec<(i64, i64)>,
    agent_since: i64,
}

impl Pair {
    fn new(flush: &str) -> Pair {
        let folder = tempfile::tempdir().unwrap();
        let (port, agent_port) = (free_port(), free_port());
        let path = |name: &str| folder.path().join(name).display().to_string();
        let config = path("kansoku.toml");
        std::fs::write(
            &config,
            format!(
                "cluster = 'crash'\nnode = 'n1'\ndata = '{}'\nlisten = '127.0.0.1:{port}'\n\
                 [agent]\nserver = 'http://127.0.0.1:{port}'\ninterval = '1s'\nlisten = '127.0.0.1:{agent_port}'\n\
                 [agent.spool]\ndir = '{}'\n[server]\nflush_interval = '{flush}'\n",
                path("data"),
                path("spool"),
            ),
        )
        .unwrap();
        Pair {
            folder,
            config,
            server: None,
            agent: None,
            spans: Vec::new(),
            agent_since: 0,
        }
    }

    fn start_server(&mut self) {
        let config = self.config.clone();
        self.server = Some(Daemon::start(
            "kansoku",
            &["server", "--config", &config],
            &[],
        ));
    }

    fn start_agent(&mut self) {
        let config = self.config.clone();
        self.agent_since = now_seconds();
        self.agent = Some(Daemon::start("kansoku-agent", &["--config", &config], &[]));
    }

    fn kill_agent(&mut self) {
        if let Some(agent) = self.agent.take() {
            // A tick that is being read when the agent dies, or that came while it started, is no loss.
            self.spans.push((self.agent_since + 4, now_seconds() - 2));
            agent.kill();
        }
    }

    fn http(&mut self) -> Http {
        self.server.as_mut().unwrap().ready()
    }

    fn spool_is_empty(folder: &Path) -> bool {
        fn bytes(folder: &Path) -> u64 {
            let Ok(entries) = std::fs::read_dir(folder) else {
                return 0;
            };
            entries
                .flatten()
                .map(|e| match e.path() {
                    path if path.is_dir() => bytes(&path),
                    path => path.metadata().map_or(0, |m| m.len()),
                })
                .sum()
        }
        bytes(&folder.join("spool")) < 64 << 10
    }
}

fn integer(row: &serde_json::Value, column: &str) -> i64 {
    row[column]
        .as_i64()
        .unwrap_or_else(|| panic!("{column} in {row}"))
}

#[test]
fn every_tick_is_stored_exactly_once() {
    let seconds = std::env::var("KANSOKU_CRASH_SECONDS").map_or(30, |s| s.parse().unwrap());
    let seed = std::env::var("KANSOKU_CRASH_SEED")
        .map_or_else(|_| now_seconds() as u64, |s| s.parse().unwrap());
    println!("KANSOKU_CRASH_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut pair = Pair::new("10s");
    pair.start_server();
    pair.start_agent();
    let until = Instant::now() + Duration::from_secs(seconds);
    let (mut server_kills, mut agent_kills) = (0, 0);
    while Instant::now() < until {
        std::thread::sleep(Duration::from_millis(dice.between(200, 5000)));
        if dice.between(0, 3) == 0 && now_seconds() - pair.agent_since > 8 {
            pair.kill_agent();
            agent_kills += 1;
            std::thread::sleep(Duration::from_millis(dice.between(0, 1500)));
            pair.start_agent();
        } else {
            pair.server.take().unwrap().kill();
            server_kills += 1;
            std::thread::sleep(Duration::from_millis(dice.between(0, 2000)));
            pair.start_server();
        }
    }
    let http = pair.http();
    // The last ticks that must be there are those up to now; they are, when a later one is.
    let end = now_seconds();
    let last = format!("SELECT count(*) AS n FROM node WHERE time > to_timestamp({end})");
    let arrived = wait_until(Duration::from_secs(60), || {
        (integer(&http.sql(&last)[0], "n") > 0).then_some(())
    });
    assert!(
        arrived.is_some(),
        "the agent's rows no longer arrive:\n{}",
        pair.agent.as_ref().unwrap().said()
    );
    pair.kill_agent();

    // Once: no entity has two rows of one tick, in any table.
    for (table, key) in [
        ("node", "node"),
        ("container", "container_id"),
        ("node_network", "interface"),
        ("node_disk", "device"),
    ] {
        let twice = http.sql(&format!(
            "SELECT {key}, time, count(*) AS n FROM {table} GROUP BY {key}, time HAVING count(*) > 1 LIMIT 5"
        ));
        assert!(twice.is_empty(), "{table}: {twice:?}");
    }
    // Exactly: every second in which an agent ran has its row.
    let rows = http.sql("SELECT CAST(date_part('epoch', time) AS BIGINT) AS second FROM node");
    let ticks: std::collections::BTreeSet<i64> =
        rows.iter().map(|r| integer(r, "second")).collect();
    let wanted: Vec<i64> = pair.spans.iter().flat_map(|(a, b)| *a..=*b).collect();
    let missing: Vec<i64> = wanted
        .iter()
        .copied()
        .filter(|s| !ticks.contains(s))
        .collect();
    assert!(
        missing.is_empty(),
        "{} of {} ticks are missing: {missing:?} (agents ran in {:?})",
        missing.len(),
        wanted.len(),
        pair.spans
    );
    assert!(
        wanted.len() as u64 > seconds / 3,
        "the run was too short to say anything"
    );
    // The minute rows hold the same: as many samples, the same sums.
    let of = |sql: &str| http.sql(sql)[0].clone();
    let raw = of("SELECT count(*) AS n, sum(cpu_usage_usec) AS cpu FROM node");
    let minute = of("SELECT sum(samples) AS n, sum(cpu_usage_usec) AS cpu FROM node_1m");
    assert_eq!(raw, minute);
    assert!(
        Pair::spool_is_empty(pair.folder.path()),
        "what is acknowledged leaves the spool"
    );
    println!(
        "{} ticks, {server_kills} server and {agent_kills} agent kills",
        wanted.len()
    );
}

/// What agents read is kept in the server's memory: one that was started anew asks for it.
#[test]
fn a_server_that_was_started_anew_knows_its_agents_again() {
    let mut pair = Pair::new("10m");
    for _ in 0..2 {
        pair.start_server();
        if pair.agent.is_none() {
            pair.start_agent();
        }
        let http = pair.http();
        let known = wait_until(Duration::from_secs(30), || {
            let sources = http.get("/api/sources").json();
            (sources["agents"][0]["node"] == "n1").then_some(())
        });
        assert!(known.is_some(), "{}", pair.agent.as_ref().unwrap().said());
        pair.server.take().unwrap().kill();
    }
}

#[test]
fn an_outage_of_the_server_loses_no_tick() {
    let mut pair = Pair::new("10m");
    pair.start_agent();
    let began = now_seconds() + 4;
    std::thread::sleep(Duration::from_secs(12));
    let ended = now_seconds() - 2;
    pair.start_server();
    let http = pair.http();
    let sql = format!(
        "SELECT count(*) AS n FROM node WHERE time BETWEEN to_timestamp({began}) AND to_timestamp({ended})"
    );
    let all = wait_until(Duration::from_secs(90), || {
        (integer(&http.sql(&sql)[0], "n") == ended - began + 1).then_some(())
    });
    assert!(
        all.is_some(),
        "{} of {} ticks came\n{}",
        integer(&http.sql(&sql)[0], "n"),
        ended - began + 1,
        pair.agent.as_ref().unwrap().said()
    );
}
