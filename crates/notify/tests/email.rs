//! Mail, through a real SMTP server (Debian's python3-aiosmtpd) with STARTTLS, TLS and AUTH.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use alarm::State;
use common::program::{Program, nobody};
use common::{MARK, fired, now, receiver, transition, until};
use notify::{Delivery, Failure, Http, Notification, Proxies};
use serde_json::Value;

const PASSWORD: &str = "zq9secret-password";

struct Mail {
    port: u16,
    folder: tempfile::TempDir,
    _program: Program,
}

impl Mail {
    async fn start(mode: &str) -> Mail {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        let other = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("right.pem"), made.cert.pem()).unwrap();
        std::fs::write(path("wrong.pem"), other.cert.pem()).unwrap();
        std::fs::write(path("key.pem"), made.signing_key.serialize_pem()).unwrap();
        std::fs::write(path("password"), format!("{PASSWORD}\n")).unwrap();
        std::fs::create_dir(path("mail")).unwrap();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtp.py");
        assert!(
            Path::new("/usr/bin/aiosmtpd").exists(),
            "/usr/bin/aiosmtpd is missing; ./test installs it, or: apt-get install -y --no-install-recommends python3-aiosmtpd"
        );
        // The system's Python, which has Debian's packages.
        let program = Program::start("/usr/bin/python3", "python3", |command| {
            command
                .arg(script)
                .arg(mode)
                .args([path("right.pem"), path("key.pem"), path("mail")]);
        });
        let port = until("the mail server", async || {
            let said = std::fs::read_to_string(folder.path().join("mail/port")).ok()?;
            said.parse().ok()
        })
        .await;
        Mail {
            port,
            folder,
            _program: program,
        }
    }

    /// One attempt, with these keys besides the usual ones.
    async fn send(&self, keys: &str, told: &Notification) -> Result<Delivery, Failure> {
        let given = |key: &str| {
            keys.lines()
                .any(|line| line.starts_with(&format!("{key} =")))
        };
        let usual = [
            ("host", "\"localhost\""),
            ("from", "\"Kansoku <alarms@example.com>\""),
            ("to", "[\"ops@example.com\", \"Zoë <zoe@example.com>\"]"),
            ("username", "\"kansoku\""),
            ("password_file", "\"password\""),
            ("ca_file", "\"right.pem\""),
        ];
        let leave_out = keys.contains("security = \"none\"");
        let usual: String = usual
            .into_iter()
            .filter(|(key, _)| !given(key))
            .filter(|(key, _)| {
                !leave_out || !["username", "password_file", "ca_file"].contains(key)
            })
            .map(|(key, value)| format!("{key} = {value}\n"))
            .collect();
        let text = format!(
            "[[receiver]]\nname = \"mail\"\ntype = \"email\"\nport = {}\n{usual}{keys}\n",
            self.port
        );
        let text: String = text
            .lines()
            .filter(|line| !line.ends_with("= -"))
            .map(|line| format!("{line}\n"))
            .collect();
        let mail = receiver(&text, self.folder.path(), &[("WRONG", "zq9secret-wrong")]);
        assert!(!format!("{mail:?}").contains(MARK));
        mail.deliver(told, &Http::new(Proxies::None)).await
    }

    /// What arrived: about the envelope, and what a reader sees.
    fn arrived(&self) -> Vec<(Value, Value)> {
        let folder = self.folder.path().join("mail");
        let mut names: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|e| e == "json"))
            .collect();
        names.sort();
        names
            .into_iter()
            .map(|path| {
                let about = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
                (
                    about,
                    seen(&std::fs::read(path.with_extension("eml")).unwrap()),
                )
            })
            .collect()
    }
}

/// With another reader of mails than the writer.
fn seen(message: &[u8]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail.py");
    let mut python = Command::new("/usr/bin/python3")
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(message).unwrap();
    serde_json::from_slice(&python.wait_with_output().unwrap().stdout).unwrap()
}

fn told() -> Notification {
    Notification::new("0192-abcd", vec![fired("wéb-errors")], now())
}

#[tokio::test]
async fn a_mail_arrives_through_starttls_and_is_read_as_it_was_meant() {
    let server = Mail::start("starttls").await;
    let delivery = server
        .send("hello_name = \"kansoku.example.com\"", &told())
        .await
        .unwrap();
    assert_eq!(delivery.answer, "250 2.0.0 queued as 1");
    let arrived = server.arrived();
    assert_eq!(arrived.len(), 1);
    let (about, mail) = &arrived[0];
    assert_eq!(about["tls"], true);
    assert_eq!(about["user"], "kansoku");
    assert_eq!(about["hello"], "kansoku.example.com");
    assert_eq!(about["from"], "alarms@example.com");
    assert_eq!(
        about["to"],
        serde_json::json!(["ops@example.com", "zoe@example.com"])
    );

    assert_eq!(mail["type"], "multipart/alternative");
    assert_eq!(mail["defects"], serde_json::json!([]));
    let headers = &mail["headers"];
    assert_eq!(
        headers["subject"],
        "ALARM: wéb-errors (namespace shop, pod web-1)"
    );
    assert_eq!(headers["from"], "Kansoku <alarms@example.com>");
    assert_eq!(headers["to"], "ops@example.com, Zoë <zoe@example.com>");
    assert_eq!(headers["message-id"], "<delivery-0192-abcd@example.com>");
    assert_eq!(headers["auto-submitted"], "auto-generated");
    let plain = mail["plain"].as_str().unwrap();
    for line in [
        "Orders are refused: <5 of 10 & more>.",
        "Where: namespace shop, pod web-1",
        "Value: 93.5 (threshold 80)",
        "https://kansoku.example.com/alarms/w%C3%A9b-errors",
    ] {
        assert!(
            plain.lines().any(|known| known == line),
            "{line} is not in {plain}"
        );
    }
    let html = mail["html"].as_str().unwrap();
    assert!(
        html.contains("Orders are refused: &lt;5 of 10 &amp; more&gt;."),
        "{html}"
    );
    assert!(
        html.contains("<a href=\"https://wiki.example.com/web?a=1&amp;b=2\">"),
        "{html}"
    );
    assert!(html.contains("#c62828"), "{html}");
}

#[tokio::test]
async fn mails_of_an_alarm_are_one_thread() {
    let server = Mail::start("starttls").await;
    let changes = [
        ("d-1", transition(1, "a", "web-1", State::Ok, State::Alarm)),
        ("d-2", transition(2, "a", "web-2", State::Alarm, State::Ok)),
        ("d-3", transition(3, "b", "web-1", State::Ok, State::Alarm)),
    ];
    for (id, change) in &changes {
        server
            .send("", &Notification::new(*id, vec![change.clone()], now()))
            .await
            .unwrap();
    }
    // The same once more: a reader sees that by the id.
    server
        .send(
            "",
            &Notification::new("d-1", vec![changes[0].1.clone()], now()),
        )
        .await
        .unwrap();
    let all = Notification::new(
        "a group\r\nBcc: x@example.com",
        changes.map(|(_, change)| change).into(),
        now(),
    );
    server.send("", &all.showing(2)).await.unwrap();

    let mails: Vec<Value> = server.arrived().into_iter().map(|(_, mail)| mail).collect();
    let header =
        |number: usize, name: &str| mails[number]["headers"][name].as_str().unwrap().to_owned();
    assert_eq!(header(0, "references"), header(1, "references"));
    assert_eq!(header(0, "references"), header(0, "in-reply-to"));
    assert_ne!(header(0, "references"), header(2, "references"));
    assert_ne!(header(0, "message-id"), header(1, "message-id"));
    assert_eq!(header(0, "message-id"), header(3, "message-id"));
    // The group is in both threads, and an id that is none does no harm.
    let references: Vec<String> = header(4, "references")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    assert!(
        references.contains(&header(0, "references"))
            && references.contains(&header(2, "references"))
    );
    assert!(mails[4]["headers"]["bcc"].is_null());
    assert_eq!(
        header(4, "subject"),
        "ALARM: a (namespace shop, pod web-1) and 2 more"
    );
    assert!(
        mails[4]["plain"]
            .as_str()
            .unwrap()
            .trim_end()
            .ends_with("And 1 more change.")
    );
}

#[tokio::test]
async fn tls_from_the_first_byte_and_none_at_all() {
    let server = Mail::start("tls").await;
    server.send("security = \"tls\"", &told()).await.unwrap();
    assert_eq!(server.arrived()[0].0["user"], "kansoku");
    let server = Mail::start("plain").await;
    server.send("security = \"none\"", &told()).await.unwrap();
    assert_eq!(server.arrived()[0].0["tls"], false);
    // A server without STARTTLS gets nothing from who asks for it: no mail, no password.
    let failure = server.send("", &told()).await.unwrap_err();
    assert!(!failure.transient, "{failure}");
    assert!(
        failure.message.to_lowercase().contains("starttls"),
        "{failure}"
    );
    assert_eq!(server.arrived().len(), 1);
}

#[tokio::test]
async fn a_wrong_password_is_there_to_stay() {
    let server = Mail::start("starttls").await;
    let failure = server
        .send("password_file = -\npassword_env = \"WRONG\"", &told())
        .await
        .unwrap_err();
    assert!(!failure.transient, "{failure}");
    assert!(failure.message.contains("535"), "{failure}");
    assert!(!format!("{failure:?}").contains(MARK), "{failure:?}");
    let failure = server
        .send("username = -\npassword_file = -", &told())
        .await
        .unwrap_err();
    assert!(
        !failure.transient && failure.message.contains("530"),
        "{failure}"
    );
    assert_eq!(server.arrived().len(), 0);
}

#[tokio::test]
async fn an_unknown_certificate_is_refused() {
    for (mode, security) in [("starttls", "starttls"), ("tls", "tls")] {
        let server = Mail::start(mode).await;
        // The last is trusted, and another's.
        for ca in [
            "ca_file = \"wrong.pem\"",
            "ca_file = -",
            "host = \"127.0.0.1\"",
        ] {
            let keys = format!("security = \"{security}\"\n{ca}");
            let failure = server.send(&keys, &told()).await.unwrap_err();
            assert!(failure.transient, "{mode} {ca}: {failure}");
            assert!(
                failure.message.contains("certificate"),
                "{mode} {ca}: {failure}"
            );
        }
        assert_eq!(server.arrived().len(), 0);
    }
}

#[tokio::test]
async fn refusals_and_delays_are_told_apart() {
    let server = Mail::start("starttls").await;
    let failure = server
        .send("to = \"nobody@example.com\"", &told())
        .await
        .unwrap_err();
    assert!(
        !failure.transient && failure.message.contains("no such mailbox"),
        "{failure}"
    );
    let failure = server
        .send("to = \"later@example.com\"", &told())
        .await
        .unwrap_err();
    assert!(
        failure.transient && failure.message.contains("try again later"),
        "{failure}"
    );

    let slow = Mail::start("slow").await;
    let began = Instant::now();
    let failure = slow.send("timeout = \"1s\"", &told()).await.unwrap_err();
    assert!(failure.transient, "{failure}");
    assert!(began.elapsed() < Duration::from_secs(30));

    let keys = format!(
        "host = \"{}\"
timeout = \"3s\"",
        nobody().ip()
    );
    let failure = slow.send(&keys, &told()).await.unwrap_err();
    assert!(failure.transient, "{failure}");
}
