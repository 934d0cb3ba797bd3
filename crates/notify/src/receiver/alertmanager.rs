//! Alertmanager: its API v2.
//!
//! OK ends an alert, the other two states begin one. Alertmanager forgets: it ends an alert when its end has come and nobody
//! has repeated it, and one that is restarted may know none. So what lasts is sent again every [`REPEATS_AFTER`], each time with an
//! end that is [`Alertmanager::expires_after`] later, until OK gives it the real one. The same labels and the same beginning
//! make it the same alert: who it tells hears nothing of that.

use std::collections::BTreeMap;
use std::time::Duration;

use alarm::{State, Transition};
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::http::{Http, Post};
use super::{CaFile, Receiver, bearer, json_headers};
use crate::label::labels;
use crate::notification::{Notification, runbook_url};
use crate::outcome::{Delivery, Failure};
use crate::secret::Secret;
use crate::time::rfc3339;

/// What lasts is told again after this.
pub(crate) const REPEATS_AFTER: Duration = Duration::from_secs(180);

/// Tags that are texts for people.
const ANNOTATIONS: [&str; 2] = ["runbook", "summary"];

#[derive(Debug, Clone)]
pub(crate) struct Alertmanager {
    /// Of the server; the path of the API comes behind it.
    pub(crate) url: Secret,
    pub(crate) token: Option<Secret>,
    pub(crate) ca: Option<CaFile>,
    /// Given to every alert.
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) expires_after: Duration,
}

impl Alertmanager {
    pub(super) async fn deliver(
        &self,
        receiver: &Receiver,
        notification: &Notification,
        http: &Http,
    ) -> Result<Delivery, Failure> {
        let alerts: Vec<Value> = notification
            .transitions
            .iter()
            .map(|transition| self.alert(receiver, notification, transition))
            .collect();
        let url = Secret::new(format!(
            "{}/api/v2/alerts",
            self.url.reveal().trim_end_matches('/')
        ));
        let mut headers = json_headers();
        if let Some(token) = &self.token {
            headers.insert(AUTHORIZATION, bearer(token)?);
        }
        let post = Post {
            url: &url,
            headers,
            body: Value::from(alerts).to_string().into_bytes(),
            timeout: receiver.timeout,
            ca: self.ca.as_ref(),
            secrets: self.token.iter().chain([&self.url]).collect(),
        };
        http.post(post).await
    }

    fn alert(
        &self,
        receiver: &Receiver,
        notification: &Notification,
        transition: &Transition,
    ) -> Value {
        let begins = match transition.to {
            State::Ok => transition.from_since.min(transition.at),
            State::Alarm | State::InsufficientData => transition.at,
        };
        let ends = match transition.to {
            State::Ok => transition.at,
            // A test ends by itself.
            _ if notification.is_test => transition.at.saturating_add(300_000_000),
            _ => {
                let told = transition.at.max(notification.at);
                told.saturating_add(micros(self.expires_after))
            }
        };
        let single = Notification {
            is_test: notification.is_test,
            ..Notification::new("", vec![transition.clone()], notification.at)
        };
        let mut annotations = BTreeMap::from([
            ("title", receiver.title(&single)),
            ("description", receiver.texts(&single).join("\n")),
            ("reason", transition.reason.clone()),
            ("state", transition.to.as_str().to_owned()),
        ]);
        if let Some(summary) = transition
            .tags
            .get("summary")
            .or(transition.description.as_ref())
        {
            annotations.insert("summary", summary.clone());
        }
        if let Some(runbook) = transition.tags.get("runbook") {
            let name = if runbook_url(transition).is_some() {
                "runbook_url"
            } else {
                "runbook"
            };
            annotations.insert(name, runbook.clone());
        }
        if let Some(value) = transition.value {
            annotations.insert("value", value.to_string());
        }
        let mut alert = json!({
            "startsAt": rfc3339(begins),
            "endsAt": rfc3339(ends),
            "labels": self.labels_of(transition),
            "annotations": annotations,
        });
        if let Some(link) = receiver.links.alarm(&transition.alarm) {
            alert["generatorURL"] = link.into();
        }
        alert
    }

    /// What the alert is known by: nothing that changes while it lasts.
    fn labels_of(&self, transition: &Transition) -> BTreeMap<String, String> {
        let mut all = BTreeMap::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                all.insert(label_name(name), value.to_owned());
            }
        };
        let tags = transition.tags.iter();
        for (name, value) in tags.filter(|(name, _)| !ANNOTATIONS.contains(&name.as_str())) {
            add(name, value);
        }
        for (name, value) in &labels(transition) {
            add(name, value);
        }
        for (name, value) in &self.labels {
            add(name, value);
        }
        add("alertname", &transition.alarm);
        all
    }
}

/// Prometheus' names have letters, digits and `_`, and do not begin with a digit.
fn label_name(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let name: String = name.chars().map(plain).collect();
    match name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
        true => format!("_{name}"),
        false => name,
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_prometheus_names() {
        for (name, wanted) in [
            ("namespace", "namespace"),
            ("app.kubernetes.io/name", "app_kubernetes_io_name"),
            ("9lives", "_9lives"),
            ("", "_"),
            ("é", "_"),
        ] {
            assert_eq!(label_name(name), wanted);
        }
    }
}
