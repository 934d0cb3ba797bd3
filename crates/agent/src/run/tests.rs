//! A whole agent, on this machine as it is, against a server that checks every frame.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use wire::{Encoding, Limits};

use super::*;
use crate::settings::{ServerSettings, Token};

/// Rows that came: for each table the times of its rows, once for each frame.
type Came = Arc<Mutex<BTreeMap<String, Vec<i64>>>>;
/// Rows that nodes' rows tell to be lost.
type Lost = Arc<Mutex<i64>>;

/// A server that decodes what it is sent, as the real one does.
struct Server {
    address: SocketAddr,
    came: Came,
    lost: Lost,
    reports: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            address: listener.local_addr().unwrap(),
            came: Arc::default(),
            lost: Arc::default(),
            reports: Arc::default(),
        };
        let (came, reports) = (Arc::clone(&server.came), Arc::clone(&server.reports));
        let lost = Arc::clone(&server.lost);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, came, reports) =
                    (stream.unwrap(), Arc::clone(&came), Arc::clone(&reports));
                let lost = Arc::clone(&lost);
                thread::spawn(move || {
                    let mut bytes = Vec::new();
                    while let Some((head, body)) = request(&mut stream, &mut bytes) {
                        let answer = answer(&head, &body, &came, &lost, &reports);
                        let _ = stream.write_all(answer.as_bytes());
                    }
                });
            }
        });
        server
    }
}

fn request(stream: &mut impl Read, bytes: &mut Vec<u8>) -> Option<(String, Vec<u8>)> {
    let mut more = |bytes: &mut Vec<u8>| {
        let mut chunk = [0; 65536];
        let read = stream.read(&mut chunk).ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        Some(())
    };
    let end = loop {
        match bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            Some(at) => break at + 4,
            None => more(bytes)?,
        }
    };
    let head: Vec<u8> = bytes.drain(..end).collect();
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    while bytes.len() < length {
        more(bytes)?;
    }
    Some((head, bytes.drain(..length).collect()))
}

fn answer(
    head: &str,
    body: &[u8],
    came: &Came,
    lost: &Lost,
    reports: &Mutex<Vec<serde_json::Value>>,
) -> String {
    if head.starts_with("put /api/agents/") {
        reports
            .lock()
            .unwrap()
            .push(serde_json::from_slice(body).unwrap());
        return "HTTP/1.1 204 No Content\r\n\r\n".to_owned();
    }
    let path = head.split(' ').nth(1).unwrap();
    let table = catalogue::table(path.strip_prefix("/ingest/").unwrap()).unwrap();
    assert!(head.contains("content-encoding: zstd"));
    let rows = wire::decode(table, Encoding::Zstd, body, &Limits::default(), wall_usec()).unwrap();
    let mut came = came.lock().unwrap();
    for batch in &rows.batches {
        let times = batch
            .column_by_name("time")
            .unwrap()
            .as_primitive::<TimestampMicrosecondType>()
            .values();
        let times: std::collections::BTreeSet<i64> = times.iter().copied().collect();
        came.entry(table.name.to_owned()).or_default().extend(times);
        if let Some(told) = batch.column_by_name("agent_lost_rows") {
            let told = told.as_primitive::<Int64Type>();
            *lost.lock().unwrap() += told.iter().flatten().sum::<i64>();
        }
    }
    let body = format!("{{\"stored\":{}}}", rows.rows);
    format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

fn settings(dir: &Path, server: SocketAddr) -> Settings {
    Settings {
        cluster: "c".to_owned(),
        node: "n".to_owned(),
        region: Some("eu-west-1".to_owned()),
        enhanced: false,
        sources: crate::source::Options::default(),
        interval: Duration::from_secs(1),
        cpu_share: 1.0,
        memory_limit: None,
        spool_dir: dir.to_owned(),
        spool_max_bytes: 64 << 20,
        refused_max_bytes: 1 << 20,
        logs: None,
        compression: 1,
        server: ServerSettings {
            url: format!("http://{server}"),
            timeout: Duration::from_secs(5),
            flush_interval: Duration::ZERO,
            proxy: None,
            token: Token::None,
            ca: None,
            identity: None,
        },
    }
}

/// An agent, and why it ended.
fn start(settings: Settings) -> (Agent, std::sync::mpsc::Receiver<End>) {
    let (ended, end) = std::sync::mpsc::channel();
    let agent = Agent::start(settings, move |why| ended.send(why).unwrap()).unwrap();
    (agent, end)
}

#[test]
fn every_second_has_its_row_through_a_restart_and_none_has_two() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start();
    let first = wall_usec();
    let (agent, end) = start(settings(folder.path(), server.address));
    thread::sleep(Duration::from_millis(4300));
    let left = agent.stop(Duration::from_secs(5));
    assert_eq!(end.recv().unwrap(), End::Stopped);
    assert!(
        left.durable && left.spool.lanes.iter().all(|lane| lane.waiting.is_empty()),
        "{left:?}"
    );
    let ticks = agent.ticks();
    let id = agent.status().agent();
    drop(agent);
    let (agent, _end) = start(settings(folder.path(), server.address));
    assert_eq!(agent.status().agent(), id);
    thread::sleep(Duration::from_millis(2300));
    agent.stop(Duration::from_secs(5));

    let came = server.came.lock().unwrap();
    let node = &came["node"];
    assert_eq!(ticks.schedule.missed, 0);
    assert!(node.len() >= 5, "{node:?}");
    assert!(
        node.is_sorted_by(|a, b| a < b),
        "a time came twice: {node:?}"
    );
    assert!(
        node[0] > first && node.iter().all(|time| time % 1_000_000 == 0),
        "{node:?}"
    );
    for (table, times) in came.iter() {
        assert!(times.is_sorted_by(|a, b| a < b), "{table}: {times:?}");
    }
    // All ticks of the first run follow each other.
    let of_first = &node[..ticks.schedule.ticks as usize];
    assert!(
        of_first
            .windows(2)
            .all(|pair| pair[1] - pair[0] == 1_000_000),
        "{node:?}"
    );

    let reports = server.reports.lock().unwrap();
    let report = reports.last().unwrap();
    assert_eq!(report["node"], "n");
    assert_eq!(report["region"], "eu-west-1");
    assert_eq!(report["agent"], id.to_string());
    assert!(report["own"]["cpu_seconds"].as_f64().unwrap() > 0.0);
    assert!(
        report["uid"].is_u64() && report["spool"]["bytes"].is_u64(),
        "{report}"
    );
    let sources = report["sources"].as_array().unwrap();
    let stat = sources
        .iter()
        .find(|source| source["path"] == "/proc/stat")
        .unwrap();
    assert_eq!(stat["state"], "ok");
    assert!(stat["last_read"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn without_a_server_rows_wait_and_the_figures_tell() {
    let folder = tempfile::tempdir().unwrap();
    // A port that nobody listens on.
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let (agent, _end) = start(settings(folder.path(), address));
    let deadline = Instant::now() + Duration::from_secs(30);
    while agent.ticks().schedule.ticks < 2 || agent.shipped().failures_in_a_row < 2 {
        assert!(Instant::now() < deadline, "{:?}", agent.shipped());
        thread::sleep(Duration::from_millis(20));
    }
    let metrics = agent.metrics_text();
    let value = |name: &str| -> f64 {
        let line = metrics.lines().find(|line| {
            line.strip_prefix(name)
                .is_some_and(|rest| rest.starts_with(' '))
        });
        let line = line.unwrap_or_else(|| panic!("{name} in\n{metrics}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(value("kansoku_agent_ticks_total") >= 2.0);
    assert!(value("kansoku_agent_spool_frames{table=\"node\"}") >= 2.0);
    assert!(value("kansoku_agent_retries_total{reason=\"connection\"}") >= 2.0);
    assert!(value("kansoku_agent_resident_bytes") > 1e6);
    assert!(value("kansoku_agent_lag_seconds") > 0.0);
    assert!(value("kansoku_agent_sources{state=\"ok\"}") > 10.0);
    // Each family is told of once, before its samples, and no sample comes twice.
    let mut families = std::collections::HashSet::new();
    let mut samples = std::collections::HashSet::new();
    let mut present = "";
    for line in metrics.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            present = rest.split(' ').next().unwrap();
            assert!(families.insert(present), "{present} comes twice");
        } else if !line.starts_with('#') {
            let name = line.split(['{', ' ']).next().unwrap();
            assert_eq!(name, present);
            assert!(
                samples.insert(line.rsplit_once(' ').unwrap().0),
                "{line} comes twice"
            );
        }
    }
    let begun = Instant::now();
    let left = agent.stop(Duration::from_secs(5));
    assert!(begun.elapsed() < Duration::from_secs(30));
    assert!(left.durable && left.spool.lanes.iter().any(|lane| !lane.waiting.is_empty()));
}

#[test]
fn rows_that_had_to_be_dropped_are_told_by_the_nodes_next_row() {
    let folder = tempfile::tempdir().unwrap();
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let small = |address| Settings {
        spool_max_bytes: 64 << 10,
        ..settings(folder.path(), address)
    };
    let (agent, _end) = start(small(address));
    let deadline = Instant::now() + Duration::from_secs(120);
    let lost = || agent.spool().lost_rows();
    while lost() == 0 {
        assert!(Instant::now() < deadline, "nothing is dropped");
        thread::sleep(Duration::from_millis(50));
    }
    // The tick after it tells.
    let ticks = agent.ticks().schedule.ticks;
    while agent.ticks().schedule.ticks < ticks + 2 {
        thread::sleep(Duration::from_millis(50));
    }
    agent.stop(Duration::from_millis(100));
    let lost = i64::try_from(lost()).unwrap();
    drop(agent);

    let server = Server::start();
    let (agent, _end) = start(small(server.address));
    thread::sleep(Duration::from_millis(1500));
    agent.stop(Duration::from_secs(5));
    let told = *server.lost.lock().unwrap();
    assert!((1..=lost).contains(&told), "{told} of {lost}");
}

#[test]
fn an_agent_that_is_too_large_ends_with_everything_written() {
    let folder = tempfile::tempdir().unwrap();
    let address = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let small = Settings {
        memory_limit: Some(1 << 20),
        ..settings(folder.path(), address)
    };
    let (agent, end) = start(small);
    let End::Memory { resident, limit } = end.recv_timeout(Duration::from_secs(30)).unwrap() else {
        panic!()
    };
    assert!(resident > limit && limit == 1 << 20);
    let left = agent.stop(Duration::from_millis(100));
    assert!(left.durable);
    assert_eq!(
        left.spool
            .lanes
            .iter()
            .find(|lane| lane.table == "node")
            .unwrap()
            .waiting
            .frames,
        1
    );
}
