//! A server that tells a webhook of this test of everything, and what is taken back at the end.

use std::time::Duration;

use kansoku_tests::{AlarmsFile, Http, Installed, Kubernetes, Rung, Webhook};
use serde_json::{Value, json};

use super::incident::COPIES;

/// Whoever is told, it is the test.
const EVERYBODY: &str = "\n[[route]]\nreceivers = [\"hook\"]\n";
/// Nothing is evaluated for so long after a start of the server.
const HELD: Duration = Duration::from_secs(70);

/// Whether those that take long are wanted too.
pub(crate) fn is_all() -> bool {
    std::env::var("KANSOKU_INCIDENTS").is_ok_and(|value| value == "all")
}

/// Everything that the incidents need. Dropped from top to bottom: the file's end restarts the server.
pub(crate) struct Stage<'a> {
    _cleanup: Cleanup<'a>,
    _file: AlarmsFile<'a>,
    pub(crate) installed: Installed<'a>,
    pub(crate) hook: Webhook,
    /// Not there yet.
    pub(crate) namespace: String,
}

impl<'a> Stage<'a> {
    pub(crate) fn set(kubernetes: &'a Kubernetes) -> Stage<'a> {
        let installed = Installed::on(kubernetes, Rung::NodeAndVolumes);
        let hook = Webhook::start_at(kubernetes.address(), 0);
        let receiver = format!(
            "[[receiver]]\nname = \"hook\"\ntype = \"webhook\"\nurl = \"{}\"\n",
            hook.url()
        );
        let file = installed.alarms_file(&(receiver + EVERYBODY));
        let namespace = format!("kansoku-alarms-{}", std::process::id());
        let cleanup = Cleanup {
            kubernetes,
            http: installed.http().clone(),
            namespace: namespace.clone(),
        };
        switch_on(installed.http(), &namespace);
        Stage {
            _cleanup: cleanup,
            _file: file,
            installed,
            hook,
            namespace,
        }
    }

    /// Waits until alarms are evaluated, so that what is measured is not how long ago the server was started.
    pub(crate) fn wait(&self) {
        std::thread::sleep(HELD);
    }
}

/// What is taken back whatever happens.
struct Cleanup<'a> {
    kubernetes: &'a Kubernetes,
    http: Http,
    namespace: String,
}

impl Drop for Cleanup<'_> {
    fn drop(&mut self) {
        for name in starters(&self.http) {
            self.http
                .post(&format!("/api/alarms/{name}/disable"), &Value::Null);
        }
        for copy in COPIES {
            let path = format!("/api/alarms/{}", copy.name);
            self.http.send("DELETE", &path, &[], &[]);
        }
        for object in [
            ["delete", "namespace", &self.namespace],
            ["delete", "pv", &self.namespace],
        ] {
            let arguments = [&object[..], &["--ignore-not-found", "--wait=false"]].concat();
            if let Err(error) = self.kubernetes.try_kubectl(&arguments, "") {
                println!("not deleted again: {error}");
            }
        }
    }
}

fn starters(http: &Http) -> Vec<String> {
    let all = http.get("/api/alarms?limit=1000").json();
    let all = all["alarms"].as_array().cloned().unwrap_or_default();
    let starters = all.iter().filter(|alarm| alarm["origin"] == "starter");
    starters
        .filter_map(|alarm| alarm["name"].as_str().map(str::to_owned))
        .collect()
}

/// Switches the starter set on, and puts the copies.
fn switch_on(http: &Http, namespace: &str) {
    let starters = starters(http);
    assert!(starters.len() >= 12, "{starters:?}");
    for name in starters {
        let answer = http.post(&format!("/api/alarms/{name}/enable"), &Value::Null);
        assert_eq!(answer.status, 204, "{name}: {}", answer.text());
    }
    for copy in COPIES {
        let mut definition =
            http.get(&format!("/api/alarms/{}", copy.of)).json()["definition"].take();
        definition["AlarmName"] = json!(copy.name);
        definition["EvaluationPeriods"] = json!(copy.periods);
        definition["DatapointsToAlarm"] = json!(copy.to_alarm);
        definition["ActionsEnabled"] = json!(true);
        definition["Source"]["Health"]["Filters"] = json!({"namespace": namespace});
        let body = definition.to_string();
        let json = [("content-type", "application/json")];
        let path = format!("/api/alarms/{}", copy.name);
        let answer = http.send("PUT", &path, &json, body.as_bytes());
        assert!(answer.status < 300, "{}: {}", copy.name, answer.text());
    }
}
