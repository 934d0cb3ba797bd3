//! Sending against a real server that fails in every way there is.

mod secure;
mod server;

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

use super::*;
use crate::settings::{ServerSettings, Token};
use crate::spool::{NewFrame, Spool, SpoolSettings, WhenFull};
use server::{Deed, Request, Server};
use wire::Encoding;

fn spool(dir: &Path) -> Spool {
    let settings = SpoolSettings {
        dir: dir.to_owned(),
        machine: "here".to_owned(),
        max_bytes: 64 << 20,
        memory_max_bytes: 1 << 20,
        when_full: WhenFull::DropOldest,
    };
    Spool::open(settings).unwrap().0
}

fn settings(url: String) -> ServerSettings {
    ServerSettings {
        url,
        timeout: Duration::from_millis(400),
        flush_interval: Duration::ZERO,
        proxy: None,
        token: Token::None,
        ca: None,
        identity: None,
    }
}

/// A shipper on its own thread.
struct Running {
    outbox: Arc<Outbox>,
    figures: Arc<SharedFigures>,
    thread: std::thread::JoinHandle<()>,
}

impl Running {
    fn start(dir: &Path, settings: ServerSettings) -> Running {
        let outbox = Arc::new(Outbox::new(spool(dir)));
        let figures = Arc::new(SharedFigures::default());
        let agent = outbox.spool().agent();
        let shipper = Shipper {
            outbox: Arc::clone(&outbox),
            client: Client::new(settings.clone()).unwrap(),
            refused: Refused::new(dir, 1 << 20),
            figures: Arc::clone(&figures),
            report: Box::new(move || Some((agent, b"{\"node\":\"n\"}".to_vec()))),
            answered: Box::new(|_, _| ()),
            timeout: settings.timeout,
            flush_interval: settings.flush_interval,
            first: 0,
        };
        let thread = std::thread::spawn(move || shipper.run());
        Running {
            outbox,
            figures,
            thread,
        }
    }

    fn append(&self, table: &str, body: &[u8]) {
        let table = catalogue::table(table).unwrap();
        let frame = NewFrame {
            table,
            encoding: Encoding::Zstd,
            rows: 1,
            time_usec: 0,
            body,
            note: None,
        };
        assert!(self.outbox.append(&[frame]).durable);
    }

    fn waiting(&self) -> u64 {
        self.outbox
            .spool()
            .figures()
            .lanes
            .iter()
            .map(|lane| lane.waiting.frames)
            .sum()
    }

    fn until(&self, what: &str, done: impl Fn(&Running) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !done(self) {
            assert!(
                Instant::now() < deadline,
                "{what}: {:?}",
                self.figures.lock()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn stop(self) -> ShipFigures {
        self.outbox.stop(Instant::now() + Duration::from_secs(2));
        self.thread.join().unwrap();
        self.figures.lock().clone()
    }
}

const PROBLEM: &str = "content-type: application/problem+json\r\n";

#[test]
fn whatever_happens_on_the_way_every_frame_is_stored_exactly_once() {
    let folder = tempfile::tempdir().unwrap();
    let (mut turn, mut fault) = (0usize, 0usize);
    let server = Server::start(move |_| {
        turn += 1;
        // One request in four, scattered, meets one of the faults in turn.
        if turn * 7919 % 101 % 4 != 0 {
            return Deed::Store;
        }
        fault += 1;
        match fault % 9 {
            0 => Deed::CutInBody,
            1 => Deed::StoreAndCut,
            2 => Deed::StoreAndSleep(Duration::from_millis(700)),
            3 => Deed::StoreAndCutInAnswer,
            4 => Deed::Say(503, "retry-after: 0\r\n", "{}".to_owned()),
            5 => Deed::Say(500, "", "oops".to_owned()),
            6 => Deed::Say(
                200,
                "content-type: text/html\r\n",
                "<html>It works!</html>".to_owned(),
            ),
            7 => Deed::Say(
                404,
                "content-type: text/plain\r\n",
                "no such page".to_owned(),
            ),
            _ => Deed::Say(302, "location: http://127.0.0.1:1/\r\n", String::new()),
        }
    });
    let running = Running::start(folder.path(), settings(server.url()));
    let names = ["node", "pod", "container"];
    for n in 1..=30u64 {
        for name in names {
            // Larger than a socket's buffer now and then, so that a cut falls into the body.
            let length = if n % 5 == 0 { 600_000 } else { 100 };
            running.append(
                name,
                &format!("{name} {n} ")
                    .into_bytes()
                    .into_iter()
                    .cycle()
                    .take(length)
                    .collect::<Vec<u8>>(),
            );
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    running.until("all frames are taken", |running| running.waiting() == 0);
    let figures = running.stop();
    let stored = server.stored.lock().unwrap();
    for name in names {
        let frames: Vec<(u64, &[u8])> = stored
            .frames
            .iter()
            .filter(|(t, ..)| t == name)
            .map(|(_, n, body)| (*n, body.as_slice()))
            .collect();
        let numbers: Vec<u64> = frames.iter().map(|(n, _)| *n).collect();
        assert_eq!(numbers, (1..=30).collect::<Vec<_>>(), "{name}");
        for (n, body) in frames {
            assert!(
                body.starts_with(format!("{name} {n} ").as_bytes()),
                "{name} {n}"
            );
        }
    }
    assert_eq!(figures.acknowledged.frames, 90);
    assert!(figures.duplicates >= 3, "{figures:?}");
    assert!(figures.duplicates as usize <= stored.duplicates);
    let again = |why: Later| figures.again[Later::ALL.iter().position(|l| *l == why).unwrap()];
    assert!(
        again(Later::Connection) >= 4 && again(Later::Busy) >= 1 && again(Later::Failed) >= 1,
        "{figures:?}"
    );
    assert!(again(Later::Strange) >= 3, "{figures:?}");
    assert_eq!(figures.refused, Counts::default());
    assert_eq!(figures.identities_renewed, 0);
    for request in stored
        .requests
        .iter()
        .filter(|request| request.method == "POST")
    {
        assert_eq!(
            request.header("kansoku-oldest"),
            request.header("kansoku-sequence")
        );
        assert_eq!(request.header("content-encoding"), Some("zstd"));
        assert_eq!(
            request.header("content-type"),
            Some("application/vnd.apache.arrow.stream")
        );
    }
}

#[test]
fn one_connection_serves_many_frames() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| Deed::Store);
    let running = Running::start(folder.path(), settings(server.url()));
    for n in 0..100u32 {
        running.append("node", &n.to_le_bytes());
    }
    running.until("all frames are taken", |running| running.waiting() == 0);
    let figures = running.stop();
    assert_eq!((figures.acknowledged.frames, figures.duplicates), (100, 0));
    assert!(figures.reports >= 1);
    assert!(
        server.connections.load(Ordering::SeqCst) <= 2,
        "{:?}",
        server.connections
    );
    let stored = server.stored.lock().unwrap();
    let report = stored
        .requests
        .iter()
        .find(|request| request.method == "PUT")
        .unwrap();
    assert!(report.path.starts_with("/api/agents/") && report.body == b"{\"node\":\"n\"}");
}

#[test]
fn what_the_server_will_never_take_is_set_aside_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.sequence() {
        2 if request.table() == Some("node") => Deed::Say(
            422,
            PROBLEM,
            "{\"detail\":\"row 3, column cpu\"}".to_owned(),
        ),
        _ => Deed::Store,
    });
    let running = Running::start(folder.path(), settings(server.url()));
    for body in [b"one".as_slice(), b"two", b"three"] {
        running.append("node", body);
        running.append("pod", body);
    }
    running.until("all frames are gone", |running| running.waiting() == 0);
    let figures = running.stop();
    assert_eq!(
        figures.refused,
        Counts {
            frames: 1,
            rows: 1,
            bytes: 3
        }
    );
    assert_eq!(
        (figures.acknowledged.frames, figures.refused_not_kept),
        (5, 0)
    );
    let mut kept: Vec<_> = std::fs::read_dir(folder.path().join("refused"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    kept.sort();
    assert_eq!(kept.len(), 2);
    assert_eq!(std::fs::read(&kept[0]).unwrap(), b"two");
    assert_eq!(
        std::fs::read_to_string(&kept[1]).unwrap(),
        "422 {\"detail\":\"row 3, column cpu\"}"
    );
}

#[test]
fn a_wrong_address_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| {
        Deed::Say(
            404,
            "content-type: text/html\r\n",
            "<html>404</html>".to_owned(),
        )
    });
    let running = Running::start(folder.path(), settings(server.url()));
    running.append("node", b"one");
    running.until("it was tried", |running| {
        running.figures.lock().again.iter().sum::<u64>() >= 2
    });
    assert_eq!(running.waiting(), 1);
    let figures = running.stop();
    assert_eq!(figures.refused.frames, 0);
    assert!(figures.last_failure.unwrap().contains("404"));
}

#[test]
fn the_server_s_wait_is_waited_out() {
    let folder = tempfile::tempdir().unwrap();
    let first = Arc::new(Mutex::new(None::<Instant>));
    let second = Arc::new(Mutex::new(None::<Instant>));
    let times = (Arc::clone(&first), Arc::clone(&second));
    let server = Server::start(move |_| {
        let mut at = times.0.lock().unwrap();
        match *at {
            None => {
                *at = Some(Instant::now());
                Deed::Say(503, "retry-after: 2\r\n", "{}".to_owned())
            }
            Some(_) => {
                times.1.lock().unwrap().get_or_insert(Instant::now());
                Deed::Store
            }
        }
    });
    let running = Running::start(folder.path(), settings(server.url()));
    running.append("node", b"one");
    // News do not shorten the wait.
    std::thread::sleep(Duration::from_millis(300));
    running.append("pod", b"two");
    running.until("all frames are taken", |running| running.waiting() == 0);
    running.stop();
    let waited = second.lock().unwrap().unwrap() - first.lock().unwrap().unwrap();
    assert!(
        waited >= Duration::from_secs(2) && waited < Duration::from_secs(4),
        "{waited:?}"
    );
}

#[test]
fn an_id_that_another_agent_has_too_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| Deed::Store);
    let agent = spool(folder.path()).agent().to_string();
    server
        .stored
        .lock()
        .unwrap()
        .last
        .insert((agent.clone(), "node".to_owned()), 5000);
    let running = Running::start(folder.path(), settings(server.url()));
    running.append("node", b"one");
    running.append("node", b"two");
    running.until("all frames are taken", |running| running.waiting() == 0);
    let figures = running.stop();
    assert_eq!(figures.identities_renewed, 1);
    let stored = server.stored.lock().unwrap();
    let bodies: Vec<&[u8]> = stored
        .frames
        .iter()
        .map(|(_, _, body)| body.as_slice())
        .collect();
    assert_eq!(bodies, [b"one".as_slice(), b"two"]);
    assert_eq!(stored.last.len(), 2);
    assert_eq!(stored.last[&(agent, "node".to_owned())], 5000);
}

#[test]
fn a_frame_sent_by_an_earlier_process_may_be_a_duplicate() {
    let folder = tempfile::tempdir().unwrap();
    {
        let mut spool = spool(folder.path());
        let table = catalogue::table("node").unwrap();
        let frame = NewFrame {
            table,
            encoding: Encoding::Zstd,
            rows: 1,
            time_usec: 0,
            body: b"one",
            note: None,
        };
        assert!(spool.append(&[frame]).durable);
    }
    let server = Server::start(|_| Deed::Store);
    let agent = spool(folder.path()).agent().to_string();
    server
        .stored
        .lock()
        .unwrap()
        .last
        .insert((agent, "node".to_owned()), 1);
    let running = Running::start(folder.path(), settings(server.url()));
    running.until("the frame is gone", |running| running.waiting() == 0);
    let figures = running.stop();
    assert_eq!((figures.duplicates, figures.identities_renewed), (1, 0));
}

#[test]
fn the_end_comes_in_time_though_the_server_hangs() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| Deed::StoreAndSleep(Duration::from_secs(60)));
    let patient = ServerSettings {
        timeout: Duration::from_secs(50),
        ..settings(server.url())
    };
    let running = Running::start(folder.path(), patient);
    std::thread::sleep(Duration::from_millis(100));
    running
        .outbox
        .stop(Instant::now() + Duration::from_millis(500));
    running.append("node", b"one");
    let begun = Instant::now();
    running.thread.join().unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn rounds_pause_as_they_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| Deed::Store);
    let slow = ServerSettings {
        flush_interval: Duration::from_millis(500),
        ..settings(server.url())
    };
    let running = Running::start(folder.path(), slow);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(1800) {
        running.append("node", b"x");
        std::thread::sleep(Duration::from_millis(20));
    }
    let sent = server.stored.lock().unwrap().requests.len();
    running.until("all frames are taken", |running| running.waiting() == 0);
    running.stop();
    assert!(sent > 20, "{sent}");
}

#[test]
fn a_token_is_read_again_when_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    std::fs::write(&path, "# renewed daily\n\n  first \n").unwrap();
    let server = Server::start(|request| match request.header("authorization") {
        Some("Bearer second") => Deed::Store,
        _ => Deed::Say(401, PROBLEM, "{}".to_owned()),
    });
    let with_token = ServerSettings {
        token: Token::File(path.clone()),
        ..settings(server.url())
    };
    let running = Running::start(&folder.path().join("spool"), with_token);
    running.append("node", b"one");
    let unauthorized = Later::ALL
        .iter()
        .position(|why| *why == Later::Unauthorized)
        .unwrap();
    running.until("it is not let in", |running| {
        running.figures.lock().again[unauthorized] >= 1
    });
    std::fs::write(&path, "second").unwrap();
    running.until("it is let in", |running| running.waiting() == 0);
    let figures = running.stop();
    assert_eq!(
        (figures.acknowledged.frames, figures.refused.frames),
        (1, 0)
    );
}

#[test]
fn a_file_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("token");
    let error = |settings: ServerSettings| Client::new(settings).unwrap_err().to_string();
    let token = ServerSettings {
        token: Token::File(path.clone()),
        ..settings("http://h".to_owned())
    };
    assert!(error(token.clone()).ends_with("token: No such file or directory (os error 2)"));
    std::fs::write(&path, "# nothing\n").unwrap();
    assert!(error(token.clone()).ends_with("token: there is no token in it"));
    std::fs::write(&path, "two words").unwrap();
    assert!(error(token).ends_with("characters that a header cannot carry"));
    let ca = ServerSettings {
        ca: Some(path),
        ..settings("https://h".to_owned())
    };
    assert!(error(ca).ends_with("there is no PEM certificate in it"));
    let url = error(settings("not a url".to_owned()));
    assert!(
        url.starts_with("the server's address \"not a url\""),
        "{url}"
    );
}

fn sequence_of(request: &Request) -> u64 {
    request.sequence()
}

#[test]
fn a_server_that_wants_another_number_holds_up_only_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.table() {
        Some("node") if sequence_of(request) == 1 => Deed::Say(
            409,
            PROBLEM,
            "{\"code\":\"out_of_order\",\"expected\":7}".to_owned(),
        ),
        _ => Deed::Store,
    });
    let running = Running::start(folder.path(), settings(server.url()));
    running.append("node", b"one");
    for n in 0..5u8 {
        running.append("pod", &[n]);
    }
    let order = Later::ALL
        .iter()
        .position(|why| *why == Later::Order)
        .unwrap();
    running.until("pods go on", |running| {
        running.waiting() == 1 && running.figures.lock().again[order] >= 2
    });
    let figures = running.stop();
    assert_eq!(figures.acknowledged.frames, 5);
    assert!(
        figures
            .last_failure
            .unwrap()
            .contains("asks for frame 7, and 1 is the oldest")
    );
}

#[test]
fn a_frame_on_which_every_attempt_breaks_holds_up_only_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|request| match request.table() {
        Some("pod") => Deed::CutInBody,
        _ => Deed::Store,
    });
    let running = Running::start(folder.path(), settings(server.url()));
    for n in 0..5u8 {
        for table in ["node", "pod", "container"] {
            running.append(table, &[n]);
        }
    }
    running.until("the others go on", |running| running.waiting() == 5);
    assert_eq!(running.stop().acknowledged.frames, 10);
}
