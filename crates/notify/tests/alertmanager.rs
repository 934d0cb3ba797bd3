//! Debian's Alertmanager: what it takes, what it keeps, and what it tells others.

#![allow(clippy::unwrap_used)]

mod common;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use alarm::{State, Transition};
use async_trait::async_trait;
use common::http::{Server, answer};
use common::program::{Program, nobody};
use common::{fired, now, receiver, transition, until};
use evaluator::{Deliver, Evaluator, NamedActions, Settings};
use notify::{Http, Notification, Proxies, Receiver};
use serde_json::{Value, json};

struct Alertmanager {
    address: SocketAddr,
    url: String,
    /// Whom it tells.
    sink: Server,
    folder: tempfile::TempDir,
    program: Option<Program>,
}

impl Alertmanager {
    async fn start() -> Alertmanager {
        let folder = tempfile::tempdir().unwrap();
        let sink = Server::start(vec![answer(200, "")]).await;
        let configuration = format!(
            "route: {{receiver: sink, group_by: ['...'], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}}\n\
             receivers: [{{name: sink, webhook_configs: [{{url: '{}', send_resolved: true}}]}}]\n",
            sink.url()
        );
        std::fs::write(folder.path().join("alertmanager.yml"), configuration).unwrap();
        let address = nobody();
        let mut manager = Alertmanager {
            url: format!("http://{address}"),
            address,
            sink,
            folder,
            program: None,
        };
        manager.begin().await;
        manager
    }

    async fn begin(&mut self) {
        let data = self.data();
        let program = Program::start(
            "/usr/bin/prometheus-alertmanager",
            "prometheus-alertmanager",
            |command| {
                command
                    .arg(format!(
                        "--config.file={}",
                        self.folder.path().join("alertmanager.yml").display()
                    ))
                    .arg(format!("--storage.path={}", data.display()))
                    .arg(format!("--web.listen-address={}", self.address))
                    .arg("--cluster.listen-address=")
                    .arg("--log.level=warn");
            },
        );
        self.program = Some(program);
        until("Alertmanager", async || {
            get(&format!("{}/api/v2/status", self.url)).await
        })
        .await;
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// `kill -9`, and its data are gone.
    fn kill(&mut self) {
        self.program = None;
        std::fs::remove_dir_all(self.data()).ok();
    }

    fn receiver(&self) -> Receiver {
        let text = format!(
            "[[receiver]]\nname = \"am\"\ntype = \"alertmanager\"\nurl = \"{}/\"\nlabels = {{ source = \"kansoku\" }}\n",
            self.url
        );
        receiver(&text, self.folder.path(), &[])
    }

    async fn tell(&self, notification: Notification) {
        let delivery = self
            .receiver()
            .deliver(&notification, &Http::new(Proxies::None))
            .await;
        assert_eq!(delivery.unwrap().answer, "200 OK");
    }

    /// Alerts that are active, by pod.
    async fn active(&self) -> Vec<(String, Value)> {
        let all = get(&format!("{}/api/v2/alerts?active=true", self.url))
            .await
            .unwrap();
        let mut found: Vec<_> = all
            .as_array()
            .unwrap()
            .iter()
            .map(|alert| {
                (
                    alert["labels"]["pod"]
                        .as_str()
                        .unwrap_or_default()
                        .to_owned(),
                    alert.clone(),
                )
            })
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        found
    }

    /// What it told its own receiver, as `firing web-1`.
    fn told(&self) -> Vec<String> {
        let alerts = self
            .sink
            .seen()
            .into_iter()
            .flat_map(|request| request.json()["alerts"].as_array().unwrap().clone());
        let mut told: Vec<String> = alerts
            .map(|alert| {
                format!(
                    "{} {}",
                    alert["status"].as_str().unwrap(),
                    alert["labels"]["pod"].as_str().unwrap_or("-")
                )
            })
            .collect();
        told.sort();
        told
    }
}

async fn get(url: &str) -> Option<Value> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(url).send().await.ok()?;
    serde_json::from_slice(&answer.bytes().await.ok()?).ok()
}

#[tokio::test]
async fn an_alert_arrives_is_told_on_and_ends() {
    let manager = Alertmanager::start().await;
    assert!(manager.receiver().takes_groups());
    let changes = vec![
        transition(1, "web-errors", "web-1", State::Ok, State::Alarm),
        transition(2, "web-errors", "web-2", State::Ok, State::Alarm),
    ];
    manager
        .tell(Notification::new("d-1", changes.clone(), now()))
        .await;
    let active = until("two alerts", async || {
        let active = manager.active().await;
        (active.len() == 2).then_some(active)
    })
    .await;
    let (pod, alert) = &active[0];
    assert_eq!(pod, "web-1");
    let labels = &alert["labels"];
    assert_eq!(labels["alertname"], "web-errors");
    assert_eq!(labels["namespace"], "shop");
    assert_eq!(labels["severity"], "critical");
    assert_eq!(labels["team"], "checkout");
    assert_eq!(labels["source"], "kansoku");
    assert!(labels["runbook"].is_null());
    let annotations = &alert["annotations"];
    assert_eq!(
        annotations["summary"],
        "Orders are refused: <5 of 10 & more>."
    );
    assert_eq!(
        annotations["runbook_url"],
        "https://wiki.example.com/web?a=1&b=2"
    );
    assert_eq!(annotations["value"], "93.5");
    assert!(
        annotations["description"]
            .as_str()
            .unwrap()
            .contains("went from OK to ALARM")
    );
    assert_eq!(
        alert["generatorURL"],
        "https://kansoku.example.com/alarms/web-errors"
    );
    assert_eq!(
        alert["startsAt"].as_str().unwrap().len(),
        "2026-11-26T10:00:00.000Z".len()
    );
    until("the firing ones", async || {
        (manager.told() == ["firing web-1", "firing web-2"]).then_some(())
    })
    .await;

    // The same again changes nothing.
    manager.tell(Notification::new("d-1", changes, now())).await;
    assert_eq!(manager.active().await.len(), 2);

    let over = transition(3, "web-errors", "web-1", State::Alarm, State::Ok);
    manager
        .tell(Notification::new("d-2", vec![over], now()))
        .await;
    let active = until("one alert", async || {
        let active = manager.active().await;
        (active.len() == 1).then_some(active)
    })
    .await;
    assert_eq!(active[0].0, "web-2");
    until("the resolved one", async || {
        manager
            .told()
            .contains(&"resolved web-1".to_owned())
            .then_some(())
    })
    .await;
    // What was sent twice was told once.
    assert_eq!(
        manager
            .told()
            .iter()
            .filter(|told| *told == "firing web-1")
            .count(),
        1
    );
}

#[tokio::test]
async fn no_data_keeps_an_alert_and_ok_after_it_ends_it() {
    let manager = Alertmanager::start().await;
    let steps = [
        (1, State::Ok, State::Alarm, 1),
        (2, State::Alarm, State::InsufficientData, 1),
        (3, State::InsufficientData, State::Ok, 0),
        (4, State::Ok, State::Alarm, 1),
    ];
    for (number, from, to, active) in steps {
        // An end must be before Alertmanager's own now, and a new beginning after it.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let change = transition(number, "web-errors", "web-1", from, to);
        manager
            .tell(Notification::new(number.to_string(), vec![change], now()))
            .await;
        let what = format!("{active} after {from} to {to}");
        until(&what, async || {
            (manager.active().await.len() == active).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn odd_names_and_a_test_are_taken() {
    let manager = Alertmanager::start().await;
    let mut odd = fired("name \"with\" {everything} é");
    odd.labels
        .insert("app.kubernetes.io/name".into(), "wéb \"1\"\n".into());
    odd.labels.insert("empty".into(), String::new());
    odd.tags.insert("9".into(), "nine".into());
    manager.tell(Notification::new("d", vec![odd], now())).await;
    manager.tell(Notification::test("am", "t", now())).await;
    let active = until("two alerts", async || {
        let active = manager.active().await;
        (active.len() == 2).then_some(active)
    })
    .await;
    assert_eq!(active[0].1["labels"]["alertname"], "kansoku-test");
    assert_eq!(
        active[1].1["labels"]["app_kubernetes_io_name"],
        "wéb \"1\"\n"
    );
    assert_eq!(active[1].1["labels"]["_9"], "nine");
}

#[tokio::test]
async fn what_it_refuses_is_said() {
    let manager = Alertmanager::start().await;
    let text = format!(
        "[[receiver]]\nname = \"am\"\ntype = \"alertmanager\"\nurl = \"{}/elsewhere\"\n",
        manager.url
    );
    let wrong = receiver(&text, manager.folder.path(), &[]);
    let told = Notification::new("d", vec![fired("a")], now());
    let failure = wrong
        .deliver(&told, &Http::new(Proxies::None))
        .await
        .unwrap_err();
    assert!(
        !failure.transient && failure.message.starts_with("404"),
        "{failure}"
    );
}

/// Delivers as a server does.
struct Told(Receiver, Http);

#[async_trait]
impl Deliver for Told {
    async fn deliver(
        &self,
        _receiver: &str,
        transitions: &[Transition],
        delivery: &str,
        _attempt: u32,
    ) -> Result<String, evaluator::Failure> {
        let notification = Notification::new(delivery, transitions.to_vec(), now());
        match self.0.deliver(&notification, &self.1).await {
            Ok(delivery) => Ok(delivery.answer),
            Err(failure) => Err(evaluator::Failure {
                transient: failure.transient,
                retry_after: failure.retry_after,
                message: failure.message,
            }),
        }
    }

    fn repeats_after(&self, _receiver: &str) -> Option<Duration> {
        self.0.repeats_after()
    }
}

impl Told {
    async fn owed(&self, evaluator: &Evaluator) {
        for attempt in evaluator.begin(self, now(), 10).await {
            let result = evaluator.attempt(self, &attempt).await;
            evaluator.ended(&attempt, result, now(), 0.0).await;
        }
    }

    /// What is to be told again at `at`, and what came of it.
    async fn again(&self, evaluator: &Evaluator, at: i64) -> Vec<Result<String, String>> {
        let mut results = Vec::new();
        for repetition in evaluator.begin_repeating(self, at).await {
            let result = evaluator.repeat(self, &repetition).await;
            let said = result.clone().map_err(|failure| failure.message);
            evaluator.ended_repeating(&repetition, result, at);
            results.push(said);
        }
        results
    }
}

fn open(folder: &Path) -> Evaluator {
    Evaluator::open(folder, Settings::default(), Arc::new(NamedActions)).unwrap()
}

#[tokio::test]
async fn one_that_has_forgotten_is_told_again_of_what_lasts_and_its_end() {
    let mut manager = Alertmanager::start().await;
    let to = Told(manager.receiver(), Http::new(Proxies::None));
    let every = i64::try_from(to.repeats_after("am").unwrap().as_micros()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let evaluator = open(folder.path());
    for name in ["lasts", "ends"] {
        let definition = json!({
            "AlarmName": name, "Namespace": "ContainerInsights", "MetricName": "pod_cpu_utilization", "Statistic": "Average",
            "Period": 60, "EvaluationPeriods": 3, "Threshold": 3.0, "ComparisonOperator": "GreaterThanThreshold",
            "OKActions": ["am"], "AlarmActions": ["am"]});
        evaluator.put(&definition, now()).await.unwrap();
        let set = evaluator.set_state(name, State::Alarm, "It is too much.", "", now());
        set.await.unwrap();
    }
    to.owed(&evaluator).await;
    let alert = |alerts: &[(String, Value)], name: &str| {
        let mut alerts = alerts.iter().map(|(_, alert)| alert.clone());
        alerts.find(|alert| alert["labels"]["alertname"] == name)
    };
    let first = manager.active().await;
    assert_eq!(first.len(), 2);
    assert_eq!(to.again(&evaluator, now()).await, [], "it is too soon");

    // While it is there, nothing changes but the end.
    assert_eq!(
        to.again(&evaluator, now() + every).await,
        [Ok("200 OK".to_owned())]
    );
    let again = manager.active().await;
    let (before, after) = (
        alert(&first, "lasts").unwrap(),
        alert(&again, "lasts").unwrap(),
    );
    for key in ["labels", "startsAt", "fingerprint"] {
        assert_eq!(before[key], after[key], "{key}");
    }
    assert!(before["endsAt"].as_str() < after["endsAt"].as_str());
    assert_eq!(
        manager.told(),
        ["firing -", "firing -"],
        "nobody hears of it"
    );

    // It is killed, and one of the two ends while it is away.
    manager.kill();
    let refused = to.again(&evaluator, now() + 2 * every).await;
    assert!(refused[0].is_err());
    let set = evaluator.set_state("ends", State::Ok, "It is over.", "", now());
    set.await.unwrap();
    manager.begin().await;
    assert_eq!(manager.active().await.len(), 0, "it has forgotten");
    // So was this server killed.
    drop(evaluator);
    let evaluator = open(folder.path());
    assert_eq!(to.again(&evaluator, now()).await, [Ok("200 OK".to_owned())]);
    to.owed(&evaluator).await;
    let back = manager.active().await;
    assert_eq!(back.len(), 1);
    let back = alert(&back, "lasts").unwrap();
    assert_eq!(
        (&back["startsAt"], &back["labels"]),
        (&before["startsAt"], &before["labels"])
    );

    let set = evaluator.set_state("lasts", State::Ok, "It is over.", "", now());
    set.await.unwrap();
    assert_eq!(to.again(&evaluator, now() + 9 * every).await, []);
    to.owed(&evaluator).await;
    until("the end", async || {
        manager.active().await.is_empty().then_some(())
    })
    .await;
    assert_eq!(to.again(&evaluator, now() + 99 * every).await, []);
}
