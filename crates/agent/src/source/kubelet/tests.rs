use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;
use crate::sampler::Sampler;
use crate::source::{Options, Roots};

fn corpus(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus")).join(name)
}

fn recorded(name: &str) -> Vec<u8> {
    std::fs::read(corpus("kubelet").join(name)).unwrap()
}

/// A kubelet: TLS, one question a connection, answered by the function of the token shown.
fn kubelet(answer: impl Fn(&str) -> (u16, Vec<u8>) + Send + 'static) -> SocketAddr {
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                CertificateDer::pem_file_iter(corpus("tls/server.pem"))
                    .unwrap()
                    .map(Result::unwrap)
                    .collect(),
                PrivateKeyDer::from_pem_file(corpus("tls/server.key")).unwrap(),
            )
            .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            let (mut head, mut byte) = (Vec::new(), [0]);
            // A client that does not trust the certificate says nothing.
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|n| n == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            if !head.starts_with("GET /stats/summary HTTP/1.1\r\n") {
                continue;
            }
            let shown = head
                .lines()
                .find_map(|line| line.strip_prefix("authorization: Bearer "));
            let (status, body) = answer(shown.unwrap_or_default());
            let head = format!(
                "HTTP/1.1 {status} Word\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&body);
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    address
}

fn options(address: SocketAddr, folder: &Path) -> KubeletOptions {
    let token_file = folder.join("token");
    std::fs::write(&token_file, "let-me-in\n").unwrap();
    KubeletOptions {
        url: format!("https://localhost:{}", address.port()),
        interval: Duration::from_millis(20),
        timeout: Duration::from_secs(10),
        token_file,
        ca: corpus("tls/authority.pem"),
        insecure: false,
    }
}

/// Asks once.
fn ask(options: KubeletOptions) -> Result<Summary, KubeletError> {
    Client::new(options).ask().map(|(summary, _)| summary)
}

#[test]
fn what_real_kubelets_answered_is_understood() {
    let summary = Summary::parse(&recorded("summary-1.20.json")).unwrap();
    let pod = |name: &str| {
        summary
            .pods
            .iter()
            .find(|pod| pod.pod_ref.name == name)
            .unwrap()
    };
    let emitter = pod("emitter");
    assert_eq!(emitter.pod_ref.uid, "b6621f8f-124a-4b3f-a60d-bd44fcd7f675");
    assert_eq!(emitter.pod_ref.namespace, "load");
    let names: Vec<_> = emitter.containers.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["json", "stack", "long"]);
    let json = &emitter.containers[0];
    assert_eq!(json.rootfs.as_ref().unwrap().used_bytes, Some(32_768));
    assert_eq!(json.logs.as_ref().unwrap().used_bytes, Some(311_296));
    assert_eq!(
        json.cpu.as_ref().unwrap().usage_core_nano_seconds,
        Some(1_848_186_796)
    );
    let volume = &emitter.volumes[0];
    assert_eq!((volume.name.as_str(), &volume.pvc_ref), ("emit", &None));
    assert_eq!(volume.fs.used_bytes, Some(24_576));
    assert_eq!(
        emitter.ephemeral_storage.as_ref().unwrap().used_bytes,
        Some(1_101_824)
    );

    let newer = Summary::parse(&recorded("summary-1.36.json")).unwrap();
    let db = newer
        .pods
        .iter()
        .find(|p| p.pod_ref.name == "db-1")
        .unwrap();
    assert_eq!(db.volumes[0].name, "data");
    assert_eq!(
        db.containers[1].memory.as_ref().unwrap().working_set_bytes,
        Some(323_584)
    );
}

#[test]
fn an_answer_without_this_and_that_is_one_all_the_same() {
    let summary = Summary::parse(
        br#"{"pods": [{"podRef": {"name": "p", "namespace": "n", "uid": "u"}, "new": {"x": [1]},
            "volume": [{"name": "v", "usedBytes": 3, "pvcRef": {"name": "claim", "namespace": "n"}}, {"name": "w"}]}]}"#,
    )
    .unwrap();
    let volumes = &summary.pods[0].volumes;
    assert_eq!(volumes[0].pvc_ref.as_ref().unwrap().name, "claim");
    assert_eq!(
        (volumes[0].fs.used_bytes, volumes[1].fs.used_bytes),
        (Some(3), None)
    );
    assert!(Summary::parse(b"no").is_err());
    assert!(Summary::parse(br#"{"pods": 3}"#).is_err());
}

#[test]
fn moments_are_those_of_utc() {
    assert_eq!(moment("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(moment("2026-11-23T03:14:20Z"), Some(1_795_403_660_000_000));
    assert_eq!(
        moment("2026-11-23T03:14:20.0123456789Z"),
        Some(1_795_403_660_012_345)
    );
    for wrong in [
        "",
        "2026-11-23",
        "2026-13-23T03:14:20Z",
        "2026-11-23T03:14:20+01:00",
    ] {
        assert_eq!(moment(wrong), None, "{wrong}");
    }
}

#[test]
fn the_token_is_shown_and_the_certificate_checked() {
    let folder = tempfile::tempdir().unwrap();
    let address = kubelet(|token| match token {
        "let-me-in" => (200, recorded("summary-1.20.json")),
        "without-right" => (403, b"Forbidden".to_vec()),
        "odd" => (500, Vec::new()),
        "no-json" => (200, b"<html>".to_vec()),
        _ => (401, b"Unauthorized".to_vec()),
    });
    let options = options(address, folder.path());
    assert_eq!(ask(options.clone()).unwrap().pods.len(), 3);

    let with_token = |token: &str| {
        std::fs::write(&options.token_file, token).unwrap();
        ask(options.clone()).unwrap_err()
    };
    let forbidden = with_token("without-right");
    assert_eq!(forbidden, KubeletError::Forbidden);
    let right = forbidden.missing_right().unwrap();
    assert!(right.contains("get on nodes/stats"), "{right}");
    assert_eq!(with_token("stranger"), KubeletError::Unknown);
    assert_eq!(with_token("odd"), KubeletError::Status(500));
    assert!(matches!(with_token("no-json"), KubeletError::Body(_)));
    assert!(matches!(with_token(""), KubeletError::Token { .. }));
    // A line break in a header would be another header.
    assert!(matches!(
        with_token("two\r\nlines"),
        KubeletError::Token { .. }
    ));
}

#[test]
fn a_certificate_of_nobody_known_is_refused_unless_any_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let address = kubelet(|_| (200, b"{}".to_vec()));
    let stranger = KubeletOptions {
        // A certificate, but of no authority of this kubelet.
        ca: corpus("tls/client.pem"),
        ..options(address, folder.path())
    };
    let error = ask(stranger.clone()).unwrap_err();
    assert!(matches!(error, KubeletError::Certificate { .. }), "{error}");
    let right = error.missing_right().unwrap();
    assert!(
        right.contains("agent.kubelet.ca") && right.contains("agent.kubelet.insecure"),
        "{right}"
    );
    // Signed well, but for another name.
    let elsewhere = KubeletOptions {
        url: format!("https://127.0.0.2:{}", address.port()),
        ..options(address, folder.path())
    };
    let error = ask(elsewhere).unwrap_err();
    assert!(
        matches!(
            error,
            KubeletError::Certificate { .. } | KubeletError::Unreachable(_)
        ),
        "{error}"
    );
    let anybody = KubeletOptions {
        insecure: true,
        ..stranger
    };
    assert_eq!(ask(anybody), Ok(Summary::default()));
    let no_file = KubeletOptions {
        ca: folder.path().join("nowhere"),
        ..options(address, folder.path())
    };
    assert!(matches!(
        ask(no_file).unwrap_err(),
        KubeletError::Authorities { .. }
    ));
}

/// Ticks until a batch of the table comes; all batches of that tick.
fn tick_until(sampler: &mut Sampler, table: &str) -> Vec<crate::sampler::TableBatch> {
    for tick in 1..2000 {
        let batches = sampler.tick(1_795_403_660_000_000 + tick * 10_000_000);
        if batches.iter().any(|batch| batch.table.name == table) {
            return batches;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("no row of {table}: {:?}", sampler.report().files.last());
}

/// An agent that sees no folder of the host, and this kubelet.
fn without_host(kubelet: KubeletOptions) -> Options {
    Options {
        cluster: Some("demo".to_owned()),
        node: Some("node-1".to_owned()),
        roots: Roots::default(),
        mounted: false,
        kubelet: Some(kubelet),
        announcements: false,
        ..Options::default()
    }
}

fn numbers(batch: &crate::sampler::TableBatch, column: &str) -> Vec<Option<i64>> {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int64Type;
    let column = batch.batch.column_by_name(column).unwrap();
    column.as_primitive::<Int64Type>().iter().collect()
}

fn texts(batch: &crate::sampler::TableBatch, column: &str) -> Vec<String> {
    use arrow_array::cast::AsArray;
    use arrow_array::types::Int32Type;
    let column = batch.batch.column_by_name(column).unwrap();
    let column = column.as_dictionary::<Int32Type>();
    let values = column.values().as_string::<i32>();
    (0..column.len())
        .map(|row| {
            column
                .key(row)
                .map_or(String::new(), |key| values.value(key).to_owned())
        })
        .collect()
}

#[test]
fn without_the_host_the_answers_become_rows_and_increases() {
    let folder = tempfile::tempdir().unwrap();
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let address = kubelet(move |_| {
        let second = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0;
        let name = if second {
            "summary-1.20.2.json"
        } else {
            "summary-1.20.json"
        };
        (200, recorded(name))
    });
    let mut sampler = Sampler::new(without_host(options(address, folder.path()))).unwrap();
    let first = tick_until(&mut sampler, "pod");
    let of = |batches: &[crate::sampler::TableBatch], table: &str| {
        batches
            .iter()
            .find(|b| b.table.name == table)
            .unwrap()
            .clone()
    };
    let names: Vec<_> = first.iter().map(|batch| batch.table.name).collect();
    for table in [
        "node",
        "volume",
        "pod",
        "pod_network",
        "container",
        "node_network",
        "node_filesystem",
    ] {
        assert!(names.contains(&table), "{table} is not in {names:?}");
    }
    let volumes = of(&first, "volume");
    let at = texts(&volumes, "volume")
        .iter()
        .position(|name| name == "emit")
        .unwrap();
    assert_eq!(numbers(&volumes, "volume_used_bytes")[at], Some(24_576));
    assert!(
        numbers(&of(&first, "pod"), "cpu_usage_usec")
            .iter()
            .all(Option::is_none)
    );

    // The second answer was recorded later: what both have is subtracted, over the time between the two measurements.
    let second = tick_until(&mut sampler, "container");
    let containers = of(&second, "container");
    let at = texts(&containers, "container")
        .iter()
        .position(|name| name == "json")
        .unwrap();
    let (before, after) = (
        Summary::parse(&recorded("summary-1.20.json")).unwrap(),
        Summary::parse(&recorded("summary-1.20.2.json")).unwrap(),
    );
    let cpu = |summary: &Summary| {
        let pod = summary
            .pods
            .iter()
            .find(|p| p.pod_ref.name == "emitter")
            .unwrap();
        let container = pod.containers.iter().find(|c| c.name == "json").unwrap();
        let cpu = container.cpu.clone().unwrap();
        (
            cpu.usage_core_nano_seconds.unwrap() / 1000,
            moment(cpu.time.as_deref().unwrap()).unwrap(),
        )
    };
    let (used, took) = (
        cpu(&after).0 - cpu(&before).0,
        cpu(&after).1 - cpu(&before).1,
    );
    assert_eq!(
        numbers(&containers, "cpu_usage_usec")[at],
        i64::try_from(used).ok()
    );
    assert_eq!(numbers(&containers, "interval_usec")[at], Some(took));
    assert!(numbers(&containers, "logs_used_bytes")[at].is_some());

    // From then on the same answer comes again: no measurement has a second row.
    for _ in 0..5 {
        thread::sleep(Duration::from_millis(30));
        let again = sampler.tick(1_795_500_000_000_000);
        assert!(again.iter().all(|batch| batch.table.name != "container"));
    }
    let report = sampler.report();
    assert_eq!(report.files.last().unwrap().state, "ok");
    assert!(
        report
            .features
            .iter()
            .any(|f| f.name == "kubelet" && f.present)
    );
}

#[test]
fn a_refused_question_is_in_the_report_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let address = kubelet(|_| (403, Vec::new()));
    let mut sampler = Sampler::new(without_host(options(address, folder.path()))).unwrap();
    for tick in 0..2000 {
        let batches = sampler.tick(1_795_403_660_000_000 + tick * 10_000_000);
        assert!(batches.iter().any(|batch| batch.table.name == "node"));
        let report = sampler.report();
        let file = report.files.last().unwrap();
        if file.state == "unreadable" {
            assert!(file.path.ends_with("/stats/summary"));
            assert_eq!(
                file.reason.as_deref(),
                Some("403: the kubelet does not allow it")
            );
            assert!(file.missing_right.as_ref().unwrap().contains("nodes/stats"));
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("the refusal was never reported");
}
