//! A webhook, its weather, and what is not told of its secrets.

#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use alarm::State;
use common::http::{Server, Weather, answer};
use common::program::nobody;
use common::{MARK, fired, now, receiver, transition};
use notify::{Failure, Http, Notification, Proxies, Receiver};

fn hook(url: &str, more: &str) -> Receiver {
    let text = format!(
        "[[receiver]]\nname = \"ops\"\ntype = \"webhook\"\narns = [\"arn:aws:sns:eu-west-1:123456789012:ops\"]\nurl = \"{url}\"\n{more}\n"
    );
    let secrets = [("TOKEN", "zq9secret-token"), ("KEY", "zq9secret-key")];
    receiver(&text, Path::new("/"), &secrets)
}

fn told() -> Notification {
    Notification::new("d-1", vec![fired("web-errors")], now())
}

async fn weather(weather: Weather) -> Result<notify::Delivery, Failure> {
    let server = Server::start(vec![weather]).await;
    let ops = hook(&server.url(), "timeout = \"1s\"\ntoken_env = \"TOKEN\"");
    ops.deliver(&told(), &Http::new(Proxies::None)).await
}

#[tokio::test]
async fn it_is_sent_as_sns_does() {
    let server = Server::start(vec![answer(200, "thanks")]).await;
    let ops = hook(
        &format!("{}/in?a=1", server.url()),
        "token_env = \"TOKEN\"\nhmac_key_env = \"KEY\"",
    );
    let notification = told();
    let delivery = ops
        .deliver(&notification, &Http::new(Proxies::None))
        .await
        .unwrap();
    assert_eq!(delivery.answer, "200 OK");

    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line, "POST /in?a=1 HTTP/1.1");
    let header = |name: &str| seen[0].headers[name].as_str();
    assert_eq!(header("authorization"), "Bearer zq9secret-token");
    assert_eq!(header("kansoku-delivery"), "d-1");
    assert_eq!(header("content-type"), "application/json");
    assert_eq!(header("x-amz-sns-message-type"), "Notification");
    assert!(header("user-agent").starts_with("Kansoku/"));

    let envelope = seen[0].json();
    let keys: Vec<_> = envelope
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        keys,
        [
            "Message",
            "MessageId",
            "Subject",
            "Timestamp",
            "TopicArn",
            "Type"
        ]
    );
    assert_eq!(envelope["Type"], "Notification");
    assert_eq!(envelope["MessageId"], "d-1");
    assert_eq!(
        envelope["TopicArn"],
        "arn:aws:sns:eu-west-1:123456789012:ops"
    );
    assert_eq!(envelope["Subject"], "ALARM: \"web-errors\" in eu-west-1");
    let message: serde_json::Value =
        serde_json::from_str(envelope["Message"].as_str().unwrap()).unwrap();
    for key in [
        "AlarmName",
        "AlarmDescription",
        "AWSAccountId",
        "AlarmConfigurationUpdatedTimestamp",
        "NewStateValue",
        "NewStateReason",
        "StateChangeTime",
        "Region",
        "AlarmArn",
        "OldStateValue",
        "OKActions",
        "AlarmActions",
        "InsufficientDataActions",
        "Trigger",
    ] {
        assert!(!message[key].is_null(), "{key}");
    }
    assert_eq!(message["NewStateValue"], "ALARM");
    assert_eq!(message["OldStateValue"], "OK");
    assert_eq!(message["AWSAccountId"], "123456789012");
    assert_eq!(
        message["AlarmConfigurationUpdatedTimestamp"],
        "2026-05-28T20:26:40.000+0000"
    );
    assert_eq!(message["Trigger"]["Threshold"], 80.0);
    assert_eq!(message["Kansoku"]["Labels"]["pod"], "web-1");
    assert_eq!(
        message["Kansoku"]["Link"],
        "https://kansoku.example.com/alarms/web-errors"
    );
}

/// As the documentation of `signature` says it, in another language.
const VERIFY: &str = r#"
import hashlib, hmac, sys, time
header, key, body = sys.argv[1], sys.argv[2].encode(), sys.stdin.buffer.read()
parts = dict(part.split("=", 1) for part in header.split(","))
wanted = hmac.new(key, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
genuine = hmac.compare_digest(wanted, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300
print(genuine)
"#;

fn python_verifies(header: &str, key: &str, body: &[u8]) -> bool {
    let mut python = Command::new("python3")
        .args(["-c", VERIFY, header, key])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is missing; apt-get install -y python3");
    python.stdin.take().unwrap().write_all(body).unwrap();
    let said = String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap();
    match said.trim() {
        "True" => true,
        "False" => false,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_signature_is_verified_as_documented() {
    let server = Server::start(vec![answer(204, "")]).await;
    let ops = hook(&server.url(), "hmac_key_env = \"KEY\"");
    ops.deliver(&told(), &Http::new(Proxies::None))
        .await
        .unwrap();
    let seen = &server.seen()[0];
    let header = &seen.headers["kansoku-signature"];
    assert!(python_verifies(header, "zq9secret-key", &seen.body));
    assert!(!python_verifies(header, "another", &seen.body));
    let mut changed = seen.body.clone();
    changed[0] = b'[';
    assert!(!python_verifies(header, "zq9secret-key", &changed));
}

#[tokio::test]
async fn several_changes_are_several_notifications_whose_ids_stay() {
    let server = Server::start(vec![answer(200, ""), answer(500, ""), answer(200, "")]).await;
    let ops = hook(&server.url(), "");
    assert!(!ops.takes_groups());
    let changes = vec![
        transition(8, "a", "x", State::Ok, State::Alarm),
        transition(9, "a", "x", State::Alarm, State::Ok),
    ];
    let both = Notification::new("d-2", changes, now());
    let http = Http::new(Proxies::None);
    assert!(ops.deliver(&both, &http).await.unwrap_err().transient);
    ops.deliver(&both, &http).await.unwrap();
    let ids: Vec<_> = server
        .seen()
        .iter()
        .map(|r| r.headers["kansoku-delivery"].clone())
        .collect();
    assert_eq!(ids, ["d-2-8", "d-2-9", "d-2-8", "d-2-9"]);
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_what_stays_is_not() {
    for (status, transient) in [
        (400, false),
        (401, false),
        (404, false),
        (410, false),
        (408, true),
        (429, true),
        (500, true),
        (503, true),
    ] {
        let failure = weather(answer(status, "no\r\nsuch \u{7} thing"))
            .await
            .unwrap_err();
        assert_eq!(failure.transient, transient, "{status}");
        assert!(
            failure.message.starts_with(&status.to_string()),
            "{failure}"
        );
        assert!(failure.message.ends_with(": no such thing"), "{failure}");
        assert_eq!(failure.retry_after, None);
    }
}

#[tokio::test]
async fn a_receiver_says_when_it_wants_to_be_asked_again() {
    let busy = Weather::Answer(429, vec![("Retry-After", "17".into())], "slow down".into());
    let failure = weather(busy).await.unwrap_err();
    assert!(failure.transient);
    assert_eq!(failure.retry_after, Some(Duration::from_secs(17)));
}

#[tokio::test]
async fn connections_that_break_are_tried_again_unless_it_was_taken() {
    for broken in [Weather::Drop, Weather::BreakHead] {
        let failure = weather(broken.clone()).await.unwrap_err();
        assert!(failure.transient, "{broken:?}: {failure}");
        assert!(
            failure.message.starts_with("no answer: "),
            "{broken:?}: {failure}"
        );
    }
    // The receiver has said that it has it.
    assert_eq!(weather(Weather::BreakBody).await.unwrap().answer, "200 OK");
    // Nobody there.
    let failure = hook(&format!("http://{}", nobody()), "")
        .deliver(&told(), &Http::new(Proxies::None))
        .await
        .unwrap_err();
    assert!(
        failure.transient && failure.message.starts_with("could not connect: "),
        "{failure}"
    );
    let failure = hook("http://no-such-host.invalid/", "")
        .deliver(&told(), &Http::new(Proxies::None))
        .await
        .unwrap_err();
    assert!(failure.transient, "{failure}");
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_said() {
    let began = Instant::now();
    let failure = weather(Weather::Hang).await.unwrap_err();
    assert!(failure.transient);
    assert_eq!(failure.message, "no answer within 1 second");
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn an_answer_without_an_end_is_read_up_to_a_bound() {
    let failure = weather(Weather::Endless(500)).await.unwrap_err();
    assert!(failure.transient);
    assert!(
        failure.message.chars().count() < 400,
        "{}",
        failure.message.len()
    );
    assert_eq!(
        weather(Weather::Endless(200)).await.unwrap().answer,
        "200 OK"
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let other = Server::start(vec![answer(200, "")]).await;
    for status in [301, 302, 307, 308] {
        let to = format!("{}/?token={MARK}", other.url());
        let failure = weather(Weather::Answer(
            status,
            vec![("Location", to)],
            String::new(),
        ))
        .await
        .unwrap_err();
        assert!(!failure.transient);
        assert!(
            failure
                .message
                .contains("redirects to 127.0.0.1 are not followed"),
            "{failure}"
        );
        assert!(!failure.message.contains(MARK), "{failure}");
    }
    assert_eq!(other.seen().len(), 0);
}

#[tokio::test]
async fn no_secret_is_shown_whatever_a_receiver_answers() {
    let folder = tempfile::tempdir().unwrap();
    let echo = |server: &Server| {
        format!(
            "bad: Bearer zq9secret-token zq9secret-key {}/zq9secret-path",
            server.url()
        )
    };
    let probe = Server::start(vec![answer(200, "")]).await;
    let server = Server::start(vec![answer(403, &echo(&probe))]).await;
    // The answer repeats the address of the receiver itself.
    let url = format!("{}/zq9secret-path", server.url());
    std::fs::write(folder.path().join("url"), format!("{url}\n")).unwrap();
    let text = "[[receiver]]\nname = \"ops\"\ntype = \"webhook\"\nurl_file = \"url\"\ntoken_env = \"T\"\nhmac_key_env = \"K\"\n";
    let ops = receiver(
        text,
        folder.path(),
        &[("T", "zq9secret-token"), ("K", "zq9secret-key")],
    );
    let failure = ops
        .deliver(&told(), &Http::new(Proxies::None))
        .await
        .unwrap_err();
    for shown in [format!("{failure}"), format!("{failure:?}")] {
        assert!(
            !shown.contains("zq9secret-token") && !shown.contains("zq9secret-key"),
            "{shown}"
        );
    }
    assert!(!format!("{ops:?} {ops:#?} {}", ops.target()).contains(MARK));
    assert_eq!(ops.target(), "127.0.0.1");
    // Errors of the connection do not have the address either.
    std::fs::write(
        folder.path().join("url"),
        format!("http://{}/{MARK}", nobody()),
    )
    .unwrap();
    let ops = receiver(
        text,
        folder.path(),
        &[("T", "zq9secret-token"), ("K", "zq9secret-key")],
    );
    let failure = ops
        .deliver(&told(), &Http::new(Proxies::None))
        .await
        .unwrap_err();
    assert!(!format!("{failure:?}").contains(MARK), "{failure:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_test_notification_says_so() {
    let server = Server::start(vec![answer(200, "")]).await;
    let ops = hook(&server.url(), "");
    let test = Notification::test(ops.name(), "t-1", now());
    ops.deliver(&test, &Http::new(Proxies::None)).await.unwrap();
    let message = server.seen()[0].json()["Message"]
        .as_str()
        .unwrap()
        .to_owned();
    let message: serde_json::Value = serde_json::from_str(&message).unwrap();
    assert_eq!(message["AlarmName"], "kansoku-test");
    assert_eq!(message["Kansoku"]["Test"], true);
}
