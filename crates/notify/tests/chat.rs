//! Slack and PagerDuty, by their documented bodies.

#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;

use alarm::State;
use common::http::{Server, answer};
use common::{MARK, fired, now, receiver, transition};
use notify::{Http, Notification, Proxies, Receiver};

fn http() -> Http {
    Http::new(Proxies::None)
}

fn slack(server: &Server) -> Receiver {
    let url = format!("{}/services/T0/B0/{MARK}", server.url());
    let text = "[[receiver]]\nname = \"chat\"\ntype = \"slack\"\nurl_env = \"SLACK\"\n";
    receiver(text, Path::new("/"), &[("SLACK", &url)])
}

fn pagerduty(server: &Server) -> Receiver {
    let text = format!(
        "[[receiver]]\nname = \"pager\"\ntype = \"pagerduty\"\nurl = \"{}/v2/enqueue\"\nrouting_key_env = \"PD\"\n",
        server.url()
    );
    receiver(&text, Path::new("/"), &[("PD", MARK)])
}

#[tokio::test]
async fn slack_gets_blocks_in_the_colour_of_the_state() {
    let server = Server::start(vec![answer(200, "ok")]).await;
    let chat = slack(&server);
    assert!(chat.takes_groups());
    let changes = vec![
        transition(1, "a", "gone", State::Alarm, State::Ok),
        transition(2, "a", "<!channel>", State::Ok, State::Alarm),
        transition(3, "a", "quiet", State::Ok, State::InsufficientData),
        transition(4, "a", "gone-2", State::Alarm, State::Ok),
    ];
    let told = Notification::new("d", changes, now()).showing(3);
    chat.deliver(&told, &http()).await.unwrap();
    let seen = &server.seen()[0];
    assert!(seen.line.starts_with("POST /services/T0/B0/"));
    let body = seen.json();
    assert_eq!(
        body["text"],
        "*ALARM: a (namespace shop, pod &lt;!channel&gt;) and 3 more*"
    );
    let attachments = body["attachments"].as_array().unwrap();
    let colors: Vec<_> = attachments.iter().map(|a| a["color"].as_str()).collect();
    assert_eq!(
        colors,
        [Some("#c62828"), Some("#757575"), Some("#2e7d32"), None]
    );
    let section = &attachments[0]["blocks"][0];
    assert_eq!(
        (&section["type"], &section["text"]["type"]),
        (&"section".into(), &"mrkdwn".into())
    );
    let text = section["text"]["text"].as_str().unwrap();
    assert!(
        text.contains("pod &lt;!channel&gt;") && text.contains("&lt;5 of 10 &amp; more&gt;"),
        "{text}"
    );
    let links = attachments[0]["blocks"][1]["elements"][0]["text"]
        .as_str()
        .unwrap();
    assert_eq!(
        links,
        "<https://kansoku.example.com/alarms/a|Open in Kansoku>  ·  <https://wiki.example.com/web?a=1&amp;b=2|Runbook>"
    );
    assert_eq!(
        attachments[3]["blocks"][0]["elements"][0]["text"],
        "And 1 more change."
    );
}

#[tokio::test]
async fn slack_takes_no_more_than_its_bounds() {
    let server = Server::start(vec![answer(200, "ok")]).await;
    let mut long = fired("a");
    long.reason = "<&>".repeat(10_000);
    let told = Notification::new("d", vec![long; 200], now()).showing(100);
    slack(&server).deliver(&told, &http()).await.unwrap();
    let body = server.seen()[0].json();
    let attachments = body["attachments"].as_array().unwrap();
    assert_eq!(attachments.len(), 101);
    for attachment in &attachments[..100] {
        let text = attachment["blocks"][0]["text"]["text"].as_str().unwrap();
        assert!(text.chars().count() <= 3000, "{}", text.len());
    }
}

#[tokio::test]
async fn slack_refuses_for_good_or_for_now() {
    let server = Server::start(vec![
        answer(403, "invalid_token"),
        answer(500, "rollup_error"),
    ])
    .await;
    let (chat, told) = (
        slack(&server),
        Notification::new("d", vec![fired("a")], now()),
    );
    let failure = chat.deliver(&told, &http()).await.unwrap_err();
    assert!(
        !failure.transient && failure.message.contains("invalid_token"),
        "{failure}"
    );
    assert!(chat.deliver(&told, &http()).await.unwrap_err().transient);
}

#[tokio::test]
async fn pagerduty_is_triggered_and_resolved_by_one_key() {
    let server = Server::start(vec![answer(202, "{\"status\":\"success\"}")]).await;
    let pager = pagerduty(&server);
    assert_eq!(pager.target(), "127.0.0.1");
    for (number, from, to) in [(1, State::Ok, State::Alarm), (2, State::Alarm, State::Ok)] {
        let told = Notification::new(
            "d",
            vec![transition(number, "web-errors", "web-1", from, to)],
            now(),
        );
        let delivery = pager.deliver(&told, &http()).await.unwrap();
        assert_eq!(delivery.answer, "202 Accepted");
    }
    let other = Notification::new(
        "d",
        vec![transition(
            3,
            "web-errors",
            "web-2",
            State::Ok,
            State::Alarm,
        )],
        now(),
    );
    pager.deliver(&other, &http()).await.unwrap();

    let seen = server.seen();
    assert_eq!(seen[0].line, "POST /v2/enqueue HTTP/1.1");
    let bodies: Vec<_> = seen.iter().map(|request| request.json()).collect();
    let trigger = &bodies[0];
    assert_eq!(trigger["routing_key"], MARK);
    assert_eq!(trigger["event_action"], "trigger");
    assert!(trigger["dedup_key"].as_str().unwrap().len() <= 255);
    let payload = &trigger["payload"];
    assert_eq!(
        payload["summary"],
        "ALARM: web-errors (namespace shop, pod web-1)"
    );
    assert_eq!(payload["source"], "namespace shop, pod web-1");
    assert_eq!(payload["severity"], "critical");
    assert_eq!(
        (&payload["component"], &payload["group"]),
        (&"web-1".into(), &"shop".into())
    );
    assert!(payload["timestamp"].as_str().unwrap().ends_with('Z'));
    assert_eq!(payload["custom_details"]["value"], 93.5);
    assert_eq!(trigger["client"], "Kansoku");
    assert_eq!(
        trigger["client_url"],
        "https://kansoku.example.com/alarms/web-errors"
    );
    assert_eq!(trigger["links"].as_array().unwrap().len(), 2);
    assert_eq!(bodies[1]["event_action"], "resolve");
    assert_eq!(bodies[1]["dedup_key"], trigger["dedup_key"]);
    assert_ne!(bodies[2]["dedup_key"], trigger["dedup_key"]);
}

#[tokio::test]
async fn pagerdutys_answers_are_judged_and_cleaned() {
    let said = format!("{{\"status\":\"invalid event\",\"errors\":[\"no such key {MARK}\"]}}");
    let server = Server::start(vec![answer(400, &said), answer(429, "")]).await;
    let (pager, told) = (
        pagerduty(&server),
        Notification::new("d", vec![fired("a")], now()),
    );
    let failure = pager.deliver(&told, &http()).await.unwrap_err();
    assert!(
        !failure.transient && failure.message.contains("invalid event"),
        "{failure}"
    );
    assert!(!failure.message.contains(MARK), "{failure}");
    assert!(pager.deliver(&told, &http()).await.unwrap_err().transient);
}

#[tokio::test]
async fn a_test_of_pagerduty_leaves_no_incident_open() {
    let server = Server::start(vec![answer(202, "")]).await;
    let test = Notification::test("pager", "t", now());
    pagerduty(&server).deliver(&test, &http()).await.unwrap();
    let actions: Vec<_> = server
        .seen()
        .iter()
        .map(|r| r.json()["event_action"].clone())
        .collect();
    assert_eq!(actions, ["trigger", "resolve"]);
    assert_eq!(server.seen()[0].json()["payload"]["severity"], "info");
}
